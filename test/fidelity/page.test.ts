/** The page "How true is this?" shows the present model: `npm run evidence` writes it, and this compares. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/app/how-true/page-data';
import { differences, misses } from '../../src/explain/words/misses';
import type { MeasuredCase, Verdict } from './case';
import { judgeCase, samplesOf } from './judge';
import { evidenceOf, evidenceText, versionsOf } from './page';
import { casesOf, defaultFiles } from './run';

const FILE = join(import.meta.dirname, '..', '..', 'src', 'app', 'how-true', 'fidelity.gen.json');

describe('the page’s data', () => {
  it('explains every miss, and nothing that is none', () => {
    const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as Evidence;
    expect(Object.keys(misses).sort()).toEqual(cases.filter((c) => c.status === 'fail').map((c) => c.id).sort());
  });
  it('and every list of packets that parts from the recorded one', () => {
    const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as Evidence;
    expect(Object.keys(differences).sort()).toEqual(cases.filter((c) => c.packets && c.packets.firstDifference !== null).map((c) => c.id).sort());
  });
  // file by file, and each distribution alone: all together take longer than one test may on a busy machine
  const files = defaultFiles(), all = casesOf(files);
  const judged = new Map<string, Verdict>();
  const parts = files.flatMap((file): [string, MeasuredCase[]][] => {
    const cases = casesOf([file]);
    return [[basename(file), cases.filter((c) => !samplesOf(c))], ...cases.filter((c) => samplesOf(c)).map((c): [string, MeasuredCase[]] => [c.id, [c]])];
  });
  it.each(parts)('of %s is that of the present model (npm run evidence)', (_, cases) => {
    const shown = (JSON.parse(readFileSync(FILE, 'utf8')) as Evidence).cases;
    for (const c of cases) {
      judged.set(c.id, judgeCase(c));
      expect(shown.find((x) => x.id === c.id)?.status, c.id).toBe(judged.get(c.id)!.status);
    }
  });
  it('is as a whole that of the present model', () => {
    const shown = readFileSync(FILE, 'utf8').split('\n');
    const now = evidenceText(evidenceOf(all, all.map((c) => judged.get(c.id) ?? judgeCase(c)), versionsOf(files))).split('\n');
    expect(now.filter((line, i) => line !== shown[i]).slice(0, 3)).toEqual([]);
    expect(shown).toHaveLength(now.length);
  });
});
