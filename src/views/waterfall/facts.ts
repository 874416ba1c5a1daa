/** What the waterfall says in numbers: names, totals, percentiles, order. */
import type { Ns } from '../../base/time';
import type { RequestRow } from '../../model/request';
import { CROWD, percentile, spans, type TraceIndex } from '../../trace';

export type Sort = 'start' | 'duration' | 'failures';
export type View = 'requests' | 'connections';

/** A request failed when it ended with an error or a status of 400 and above. */
export const failed = (r: RequestRow): boolean => r.error !== null || (r.status !== null && r.status >= 400);
/** How long it took; up to the run's end when it has none. */
export const totalOf = (index: TraceIndex, r: RequestRow): Ns => (r.endEvent < 0 ? index.trace.endNs : r.endNs) - r.startNs;
/** The path of a URL: what is asked for. A bare name stays as it is. */
export function pathOf(url: string): string {
  const match = /^[a-z]+:\/\/[^/]*(\/[^?#]*)?/i.exec(url);
  return match ? (match[1] ?? '/') : url;
}
/** Its last part: `/assets/app.js` → `app.js`. */
export function shortOf(url: string): string {
  const path = pathOf(url);
  return path.slice(path.lastIndexOf('/') + 1) || path;
}

/** Requests in the order asked for; what is alike keeps the order of the start. */
export function sorted(index: TraceIndex, sort: Sort): readonly RequestRow[] {
  const rows = [...index.trace.requests].sort((p, q) => p.startNs - q.startNs || p.id - q.id);
  if (sort === 'duration') rows.sort((p, q) => totalOf(index, q) - totalOf(index, p));
  if (sort === 'failures') rows.sort((p, q) => Number(failed(q) || q.endEvent < 0) - Number(failed(p) || p.endEvent < 0));
  return rows;
}

export interface Sums {
  readonly requests: number;
  /** First start to last end. */
  readonly ns: Ns;
  readonly crowd: boolean;
  readonly p50: Ns;
  readonly p95: Ns;
  readonly slowest: Ns;
  readonly failures: number;
  readonly open: number;
}
/** Sums over all requests; percentiles of those that ended. */
export function sumsOf(index: TraceIndex): Sums {
  const { requests, endNs } = index.trace;
  const ended = requests.filter((r) => r.endEvent >= 0);
  const times = ended.map((r) => r.endNs - r.startNs).sort((p, q) => p - q);
  let start = Infinity, end = 0;
  for (const r of requests) {
    start = Math.min(start, r.startNs);
    end = Math.max(end, r.endEvent < 0 ? endNs : r.endNs);
  }
  return {
    requests: requests.length, ns: requests.length > 0 ? end - start : 0, crowd: requests.filter((r) => r.initiator < 0).length >= CROWD,
    p50: percentile(times, 0.5), p95: percentile(times, 0.95), slowest: times[times.length - 1] ?? 0, failures: ended.filter(failed).length, open: requests.length - ended.length,
  };
}

/** A request's phases that take time, summed by phase in their order. */
export function phaseSums(index: TraceIndex, r: RequestRow): readonly { readonly phase: ReturnType<typeof spans>[number]['phase']; readonly ns: Ns }[] {
  const sums = new Map<ReturnType<typeof spans>[number]['phase'], Ns>();
  for (const s of spans(index, r.id)) if (s.end > s.start) sums.set(s.phase, (sums.get(s.phase) ?? 0) + s.end - s.start);
  return [...sums].map(([phase, ns]) => ({ phase, ns }));
}
