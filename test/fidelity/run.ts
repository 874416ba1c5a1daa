/** `npm run --silent fidelity -- [--json] [--family NAME]… [FILE…]`: judges measured cases; exit 1 only if a claimed family is below its share. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadHosts } from '../../src/hosts/registry';
import type { FamilyRow } from '../../src/app/how-true/page-data';
import type { MeasuredCase, Verdict } from './case';
import { CLAIMED, MIN_SHARE } from './claimed';
import { judgeCase, TRUTH } from './judge';

/** All cases of these files. */
export const casesOf = (files: readonly string[]): MeasuredCase[] => files.flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as { cases: MeasuredCase[] }).cases);
export const defaultFiles = (): string[] => readdirSync(TRUTH).filter((f) => f.endsWith('.json')).sort().map((f) => join(TRUTH, f));

export function familiesOf(verdicts: readonly Verdict[]): FamilyRow[] {
  return [...new Set(verdicts.map((v) => v.family))].map((family) => {
    const of = (status: Verdict['status']): number => verdicts.filter((v) => v.family === family && v.status === status).length;
    return { family, claimed: CLAIMED.includes(family), minShare: MIN_SHARE, judged: of('pass') + of('fail'), passed: of('pass'), unsupported: of('unsupported'), informational: of('informational') };
  });
}
/** A claimed family below its share. */
export const below = (f: FamilyRow): boolean => f.claimed && f.judged > 0 && f.passed / f.judged < f.minShare;

function main(argv: readonly string[]): number {
  const wanted: string[] = [], files: string[] = [];
  let json = false;
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '--json') json = true;
    else if (argv[i] === '--family') wanted.push(argv[++i] ?? '');
    else files.push(argv[i]!);
  }
  const verdicts = casesOf(files.length > 0 ? files : defaultFiles()).filter((c) => wanted.length === 0 || wanted.includes(c.family)).map(judgeCase);
  const families = familiesOf(verdicts);
  if (json) console.log(JSON.stringify({ version: 1, families, cases: verdicts }, null, 1));
  else {
    for (const f of families) console.log(`${f.family.padEnd(14)} ${String(f.passed).padStart(4)} of ${f.judged} pass${f.claimed ? '' : ' (not claimed)'}; ${f.unsupported} unsupported, ${f.informational} informational`);
    for (const v of verdicts.filter((x) => x.status === 'fail')) {
      console.log(`\n${v.id}${v.why ? `: ${v.why}` : ''}`);
      for (const [name, m] of Object.entries(v.metrics)) console.log(`  ${m.ok ? ' ' : '✕'} ${name.padEnd(14)} measured ${m.measured}, ours ${m.predicted}, within ${m.tolerance}`);
      if (v.packets?.firstDifference) console.log(`    ${v.packets.firstDifference}`);
    }
    const listed = verdicts.filter((v) => v.packets);
    console.log(`\npacket lists: ${listed.filter((v) => v.packets!.firstDifference === null).length} of ${listed.length} equal`);
  }
  return families.some(below) ? 1 : 0;
}
if (process.argv[1]?.endsWith('run.ts') && process.argv[1].includes('fidelity')) {
  await loadHosts();
  process.exitCode = main(process.argv.slice(2)); // not exit(): the output may still be on its way into a pipe
}
