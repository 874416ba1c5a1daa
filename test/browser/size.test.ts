/** What a page loads before anything else: HTML's own files and their static imports, gzipped. The simulator comes beside them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openBrowser, openPage, serve } from '../support/browser.mjs';

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

/** Every script that a page has asked for when it plays (an embed: when it is drawn), gzipped. */
async function untilReady(page: string, ready: string): Promise<number> {
  const site = await serve(DIST);
  const browser = await openBrowser('chromium');
  try {
    const opened = await openPage(browser, `${site.url}${page}`);
    await opened.waitFor(ready);
    return [...new Set(site.requests.filter((path) => path.endsWith('.js')))].reduce((sum, path) => sum + gzipSync(readFileSync(join(DIST, path))).length, 0);
  } finally {
    await browser.close();
    await site.close();
  }
}

describe('until it plays, the simulator and every host of the scenario among it', () => {
  const PLAYS = `document.querySelector('button.primary')?.getAttribute('aria-label') !== 'Play' && document.querySelectorAll('svg.diagram .stroke').length > 5`;
  it('the home page, a whole chain, needs at most 235 KB of scripts', async () => expect(await untilReady('index.html', PLAYS)).toBeLessThan(235_000));
  it('a path that ends at the web server at most 195 KB', async () => expect(await untilReady('index.html#/first-visit', `document.querySelectorAll('svg.diagram .stroke').length > 5`)).toBeLessThan(195_000));
});
describe('first load', () => {
  it('index at most 130 KB', () => expect(firstLoad('index.html').bytes).toBeLessThan(130_000));
  it('embed at most 90 KB', () => expect(firstLoad('embed.html').bytes).toBeLessThan(90_000));
  it('ships no XState', () => {
    for (const page of ['index.html', 'embed.html']) expect(firstLoad(page).text).not.toMatch(/xstate\.(init|stop|assign)/);
  });
});
