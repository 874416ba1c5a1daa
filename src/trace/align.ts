/**
 * Two runs aligned by step: which moment of one is the same step as a moment of the other. Law: the same packet (same connection,
 * same bytes, same transmission) is the same step; between steps time runs evenly; the mapping never goes back.
 */
import type { Ns } from '../base/time';
import type { Trace } from '../model/trace';

export interface Alignment {
  /** Times in the first run, rising; the same steps in the second. Both begin at 0 and end at the runs' ends. */
  readonly a: readonly Ns[];
  readonly b: readonly Ns[];
}

/** What makes a packet the same in two runs; copies and equal packets are told apart by their number among their like. */
function stepsOf(trace: Trace): Map<string, Ns> {
  const seen = new Map<string, number>();
  const steps = new Map<string, Ns>();
  for (const p of trace.pdus) {
    const like = `${trace.flows[p.flow]!.name} ${p.direction} ${p.name} ${p.streamStart} ${p.payload} ${p.transmission}`;
    const n = (seen.get(like) ?? 0) + 1;
    seen.set(like, n);
    steps.set(`${like} #${n} sent`, p.sentAt);
    if (p.fateAt >= 0) steps.set(`${like} #${n} ${p.fate === 1 ? 'arrived' : 'lost'}`, p.fateAt);
  }
  return steps;
}

/** Aligns two runs by their common steps. */
export function alignBySteps(a: Trace, b: Trace): Alignment {
  const inB = stepsOf(b);
  const pairs: [Ns, Ns][] = [];
  for (const [key, time] of stepsOf(a)) {
    const other = inB.get(key);
    if (other !== undefined) pairs.push([time, other]);
  }
  pairs.sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  // the longest chain of pairs that rises in both: patience sorting on the second time
  const tails: number[] = [];
  const before = new Int32Array(pairs.length).fill(-1);
  pairs.forEach(([, time], i) => {
    let low = 0, high = tails.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (pairs[tails[mid]!]![1] <= time) low = mid + 1;
      else high = mid;
    }
    before[i] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = i;
  });
  const chain: [Ns, Ns][] = [];
  for (let i = tails[tails.length - 1] ?? -1; i >= 0; i = before[i]!) chain.push(pairs[i]!);
  chain.push([0, 0]);
  chain.reverse();
  chain.push([a.endNs, b.endNs]);
  const result: { a: Ns[]; b: Ns[] } = { a: [], b: [] };
  for (const [x, y] of chain) {
    const last = result.a.length - 1;
    if (last >= 0 && x <= result.a[last]!) continue; // one step for each moment: the first
    result.a.push(x);
    result.b.push(last >= 0 ? Math.max(y, result.b[last]!) : y);
  }
  return result;
}

/** The moment of the second run that is the same step as `t` of the first. */
export function alignedTime(alignment: Alignment, t: Ns): Ns {
  const { a, b } = alignment;
  let low = 0, high = a.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (a[mid]! <= t) low = mid;
    else high = mid - 1;
  }
  if (low === a.length - 1) return b[low]!;
  const span = a[low + 1]! - a[low]!;
  return Math.floor(b[low]! + ((b[low + 1]! - b[low]!) * (t - a[low]!)) / span + 0.5);
}
