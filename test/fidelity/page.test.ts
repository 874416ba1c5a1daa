/** The page "How true is this?" shows the present model: `npm run evidence` writes it, and this compares. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/app/how-true/page-data';
import { differences, misses } from '../../src/explain/words/misses';
import { judgeCase } from './judge';
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
  it('is that of the present model (npm run evidence)', () => {
    const files = defaultFiles(), cases = casesOf(files);
    const shown = readFileSync(FILE, 'utf8').split('\n');
    const now = evidenceText(evidenceOf(cases, cases.map(judgeCase), versionsOf(files))).split('\n');
    expect(now.filter((line, i) => line !== shown[i]).slice(0, 3)).toEqual([]);
    expect(shown).toHaveLength(now.length);
  });
});
