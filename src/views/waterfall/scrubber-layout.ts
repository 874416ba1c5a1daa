/**
 * The scrubber as numbers: rows of the request in view, how many others are under way, marks that fit. Law: pure
 * functions of (index, width); nothing of them depends on the playhead.
 */
import type { Ns } from '../../base/time';
import type { RequestRow } from '../../model/request';
import type { Moment, TraceIndex } from '../../trace';

/** More documents than this are a crowd: one is shown with its phases, the others as their number. */
export const MANY = 3;
/** Room for each mark of a moment, and for each cross, px. */
export const MARK_ROOM = 4;
export const CROSS_ROOM = 9;

export interface Rows {
  /** Of the first row: every document of a quiet run, one of a crowd. */
  readonly first: readonly RequestRow[];
  /** What a document made the client ask for, a row each. */
  readonly rest: readonly RequestRow[];
  /** Everybody else; empty in a quiet run. */
  readonly others: readonly RequestRow[];
}
/** Who has a row. `request`: the one in view in a crowd; `most` rows in all. */
export function rowsOf(index: TraceIndex, request: number, most: number): Rows {
  const { requests, mainRequest } = index.trace;
  const documents = requests.filter((r) => r.initiator < 0);
  const children = (of: (id: number) => boolean): readonly RequestRow[] => requests.filter((r) => r.initiator >= 0 && !r.fromCache && of(r.initiator)).slice(0, most - 1);
  if (documents.length <= MANY) return { first: documents, rest: children(() => true), others: [] };
  const one = requests[request] ?? requests[mainRequest] ?? documents[0]!;
  return { first: [one], rest: children((id) => id === one.id).slice(0, Math.max(0, most - 2)), others: documents.filter((r) => r !== one) };
}

export interface Strip {
  /** How many are under way at once, at most. */
  readonly most: number;
  /** Steps: from `x` on, `n` are under way. */
  readonly steps: readonly { readonly x: number; readonly n: number }[];
  /** Where requests failed (an error, or a status of 500 and more), at most one cross for each `CROSS_ROOM`. */
  readonly failures: readonly { readonly x: number; readonly at: Ns; readonly n: number }[];
}
/** How many of `requests` are under way over time, and where they fail. `x`: place of a time, px. */
export function stripOf(requests: readonly RequestRow[], x: (t: Ns) => number, end: Ns): Strip {
  const changes = requests.flatMap((r) => [[r.startNs, 1], [r.endEvent < 0 ? end : r.endNs, -1]] as [Ns, number][]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const steps: { x: number; n: number }[] = [];
  let n = 0, most = 0;
  for (const [t, by] of changes) {
    n += by;
    most = Math.max(most, n);
    const px = Math.round(x(t) * 2) / 2, last = steps[steps.length - 1];
    if (last && last.x === px) last.n = n;
    else steps.push({ x: px, n });
  }
  const failures: { x: number; at: Ns; n: number }[] = [];
  for (const r of requests.filter((q) => q.endEvent >= 0 && (q.error !== null || (q.status ?? 0) >= 500)).sort((a, b) => a.endNs - b.endNs)) {
    const px = x(r.endNs), last = failures[failures.length - 1];
    if (last && px - last.x < CROSS_ROOM) last.n++;
    else failures.push({ x: px, at: r.endNs, n: 1 });
  }
  return { most, steps, failures };
}

/** Marks of moments that fit: the heaviest first, losses before their like, then the earliest; none nearer to another than its room. */
export function thinned(moments: readonly Moment[], x: (t: Ns) => number): readonly (Moment & { readonly x: number })[] {
  const room = (m: Moment): number => (m.type === 'loss' ? CROSS_ROOM : MARK_ROOM);
  const kept: (Moment & { x: number })[] = [];
  const taken = new Map<number, (Moment & { x: number })[]>();
  const cell = (px: number): number => Math.floor(px / CROSS_ROOM);
  for (const m of [...moments].sort((a, b) => b.weight - a.weight || Number(b.type === 'loss') - Number(a.type === 'loss') || a.time - b.time)) {
    const px = x(m.time), c = cell(px);
    const near = [c - 1, c, c + 1].flatMap((k) => taken.get(k) ?? []);
    if (near.some((o) => Math.abs(o.x - px) < Math.max(room(o), room(m)) - 1e-9)) continue;
    const mark = { ...m, x: px };
    kept.push(mark);
    const there = taken.get(c);
    if (there) there.push(mark);
    else taken.set(c, [mark]);
  }
  return kept.sort((a, b) => a.x - b.x);
}
