/** What a page loads before anything else: HTML's own files and their static imports, gzipped. The simulator comes beside them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const DIST = join(import.meta.dirname, '..', '..', 'dist');
function firstLoad(page: string): { bytes: number; text: string } {
  const seen = new Set<string>();
  const queue = [...readFileSync(join(DIST, page), 'utf8').matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((m) => m[1]!);
  let bytes = 0, text = '';
  while (queue.length > 0) {
    const file = queue.pop()!;
    if (seen.has(file) || !existsSync(join(DIST, file))) continue;
    seen.add(file);
    const content = readFileSync(join(DIST, file));
    bytes += gzipSync(content).length;
    text += content.toString();
    if (file.endsWith('.js')) for (const m of content.toString().matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) queue.push(`assets/${m[1]}`);
  }
  return { bytes, text };
}

describe('first load', () => {
  it('index at most 130 KB', () => expect(firstLoad('index.html').bytes).toBeLessThan(130_000));
  it('embed at most 90 KB', () => expect(firstLoad('embed.html').bytes).toBeLessThan(90_000));
  it('ships no XState', () => {
    for (const page of ['index.html', 'embed.html']) expect(firstLoad(page).text).not.toMatch(/xstate\.(init|stop|assign)/);
  });
});
