/** Numbers of the page's pictures: how far a prediction is off, where its mark stands. Pure; lengths in px. */
import type { CaseRow, Evidence, MetricRow } from './page-data';

/** Metrics that are not times. */
const COUNTS = /exitCode|per_row|pages|level|items|buffers|rows|bytes|drops|hits|reads|count/;
export const isTime = (family: string, name: string): boolean => family !== 'postgres' && !COUNTS.test(name);

/** The error as a share of the tolerance: −1 to 1 is within it. Exact values are 0 when equal, else ±2. */
export function errorShare(m: MetricRow): number {
  const off = m.predicted - m.measured;
  if (m.tolerance <= 0) return off === 0 ? 0 : off < 0 ? -2 : 2;
  return off / m.tolerance;
}
/** The metric of a case that is farthest off; null when none was judged. */
export function worst(c: CaseRow): MetricRow | null {
  let found: MetricRow | null = null;
  for (const m of c.metrics) if (!found || (found.ok && !m.ok) || (found.ok === m.ok && Math.abs(errorShare(m)) > Math.abs(errorShare(found)))) found = m;
  return found;
}
/** The time that stands for a case: its total, or else the last time that was judged. */
export function mainTime(c: CaseRow): MetricRow | null {
  const times = c.metrics.filter((m) => isTime(c.family, m.name) && m.measured > 0 && m.predicted > 0);
  return times.find((m) => m.name === 'total') ?? times[times.length - 1] ?? null;
}
export const judged = (c: CaseRow): boolean => c.status === 'pass' || c.status === 'fail';

export interface Headline {
  readonly judged: number;
  readonly passed: number;
  /** Median of the totals' relative errors. */
  readonly medianError: number;
  readonly lists: number;
  readonly listsEqual: number;
}
export function headline(e: Evidence): Headline {
  const cases = e.cases.filter(judged);
  const errors = cases.map(mainTime).flatMap((m) => (m ? [Math.abs(m.predicted - m.measured) / m.measured] : [])).sort((a, b) => a - b);
  const listed = e.cases.filter((c) => c.packets);
  return {
    judged: cases.length, passed: cases.filter((c) => c.status === 'pass').length, medianError: errors[errors.length >> 1] ?? 0,
    lists: listed.length, listsEqual: listed.filter((c) => c.packets!.firstDifference === null).length,
  };
}

export interface Dot {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly ok: boolean;
}
const CLAMP = 1.5;
/** Where an error share stands on a strip of this width. */
export const stripX = (share: number, width: number): number => ((Math.max(-CLAMP, Math.min(CLAMP, share)) + CLAMP) / (2 * CLAMP)) * width;
/** Marks of a family on one strip, set beside each other where they would touch; y counts from the middle. */
export function strip(cases: readonly CaseRow[], width: number, r = 3.5): Dot[] {
  const placed: Dot[] = [];
  const rows = cases.filter(judged).flatMap((c) => {
    const m = worst(c);
    return m ? [{ id: c.id, ok: c.status === 'pass', x: r + stripX(errorShare(m), width - 2 * r) }] : [];
  }).sort((a, b) => a.x - b.x || (a.id < b.id ? -1 : 1));
  for (const row of rows) {
    let level = 0;
    const at = (l: number): number => (l % 2 === 0 ? l / 2 : -(l + 1) / 2) * 2 * r;
    while (placed.some((p) => Math.abs(p.x - row.x) < 2 * r && Math.abs(p.y - at(level)) < 2 * r - 0.01)) level++;
    placed.push({ id: row.id, x: row.x, y: at(level), ok: row.ok });
  }
  return placed;
}
/** Half the height that a strip needs. */
export const stripHalf = (dots: readonly Dot[], r = 3.5): number => dots.reduce((most, d) => Math.max(most, Math.abs(d.y) + r), 2 * r);

export interface Scatter {
  readonly dots: readonly Dot[];
  /** Powers of ten, ms, and where they stand on either axis. */
  readonly ticks: readonly { readonly ms: number; readonly x: number; readonly y: number }[];
}
/** Measured against predicted, both logarithmic on the same scale: a right prediction lies on the diagonal. */
export function scatter(cases: readonly CaseRow[], size: number): Scatter {
  const rows = cases.filter(judged).flatMap((c) => {
    const m = mainTime(c);
    return m ? [{ id: c.id, ok: c.status === 'pass', m }] : [];
  });
  const values = rows.flatMap(({ m }) => [m.measured, m.predicted]);
  const low = Math.floor(Math.log10(Math.min(1, ...values))), high = Math.ceil(Math.log10(Math.max(10, ...values)));
  const at = (ms: number): number => ((Math.log10(ms) - low) / (high - low)) * size;
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)).map((ms) => ({ ms, x: at(ms), y: size - at(ms) }));
  return { dots: rows.map(({ id, ok, m }) => ({ id, ok, x: at(m.measured), y: size - at(m.predicted) })), ticks };
}

/** Cases in the order in which one looks at them: failures first, then the farthest off; what is not judged last. */
export function worstFirst(cases: readonly CaseRow[]): CaseRow[] {
  const rank = (c: CaseRow): number => (c.status === 'fail' ? 0 : c.status === 'pass' ? 1 : c.status === 'informational' ? 2 : 3);
  const off = (c: CaseRow): number => Math.abs(errorShare(worst(c) ?? { name: '', measured: 0, predicted: 0, tolerance: 1, ok: true }));
  return [...cases].sort((a, b) => rank(a) - rank(b) || off(b) - off(a) || (a.id < b.id ? -1 : 1));
}
