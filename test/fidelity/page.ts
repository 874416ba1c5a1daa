/** Makes of a fidelity run what the page "How true is this?" shows. */
import { readFileSync } from 'node:fs';
import type { CaseRow, Evidence, MetricRow } from '../../src/app/how-true/page-data';
import type { MeasuredCase, Rule, Verdict } from './case';
import { familiesOf } from './run';

/** Conditions that are as usual and not worth a word. */
const USUAL: Readonly<Record<string, unknown>> = { rateMbit: null, queuePackets: 1000, loss: 0, connection: 'new' };
const round = (x: number): number => Math.round(x * 1000) / 1000;

function ruleText(r: Rule): string {
  const { action, nth, count, extraDelayUs, ...where } = r;
  const which = Object.entries(where).map(([key, value]) => `${key} ${value}`).join(', ');
  const how = action === 'delay' ? `delay by ${(extraDelayUs ?? 0) / 1000} ms` : action;
  return `${how}: ${which}; match ${nth ?? 1}${count === -1 ? ' and all after it' : (count ?? 1) > 1 ? ` and ${count! - 1} after it` : ''}`;
}
function givenTexts(c: MeasuredCase): string[] {
  const plain = Object.entries(c.given).filter(([key, value]) => key !== 'rules' && USUAL[key] !== value && !(Array.isArray(value) && value.length === 0));
  return [...plain.map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`), ...(c.given.rules ?? []).map(ruleText)];
}

function caseRow(c: MeasuredCase & { readonly n?: number; readonly notes?: string }, v: Verdict): CaseRow {
  const metrics = Object.entries(v.metrics).map(([name, m]): MetricRow => {
    const spread = c.measured[name];
    const several = spread && spread.min !== undefined && (spread.min !== spread.median || spread.max !== spread.median);
    return {
      name, measured: m.measured, ...(several ? { min: round(spread.min), max: round(spread.max) } : {}), predicted: Number.isFinite(m.predicted) ? m.predicted : -1, tolerance: m.tolerance, ok: m.ok,
    };
  });
  return {
    id: v.id, family: v.family, status: v.status, ...(v.why ? { why: v.why } : typeof c.informational === 'string' ? { why: c.informational } : {}), client: c.client, server: c.server, n: c.n ?? 0, given: givenTexts(c),
    ...(c.notes ? { notes: c.notes } : {}), metrics, ...(v.packets ? { packets: v.packets } : {}),
  };
}

/** The page's data of these cases and the verdicts on them, in the same order. */
export function evidenceOf(cases: readonly MeasuredCase[], verdicts: readonly Verdict[], versions: Readonly<Record<string, string>>): Evidence {
  return { version: 1, versions, families: familiesOf(verdicts), cases: cases.map((c, i) => caseRow(c, verdicts[i]!)) };
}
/** What the files say was measured. */
export const versionsOf = (files: readonly string[]): Record<string, string> =>
  Object.assign({}, ...files.map((file) => (JSON.parse(readFileSync(file, 'utf8')) as { versions?: Record<string, string> }).versions ?? {})) as Record<string, string>;
/** As the file is written. */
export const evidenceText = (evidence: Evidence): string => `${JSON.stringify({ ...evidence, cases: [] }).replace(/"cases":\[\]}$/, '"cases":[')}\n${evidence.cases.map((c) => JSON.stringify(c)).join(',\n')}\n]}\n`;
