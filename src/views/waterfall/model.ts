/** Rows of the waterfall in either view, with their words: what the list, the picture and the table have in common. */
import type { Ns } from '../../base/time';
import { waterfallView as words } from '../../explain/words/waterfall-view';
import type { FlowId, RequestId } from '../../model/ids';
import type { RequestRow } from '../../model/request';
import { bottomFlow, type TraceIndex } from '../../trace';
import { connectionsOf, type Connection } from './connections';
import { failed, pathOf, phaseSums, shortOf, sorted, sumsOf, totalOf, type Sort, type View } from './facts';
import { rootOf, type PagePath, type Stretch } from './page-path';
import { connectionRow, requestRow, WAITS_SHOWN, type Frame, type Row } from './waterfall-layout';

export interface Entry {
  readonly key: string;
  /** The request, or -1 for a connection. */
  readonly request: RequestId;
  readonly flow: FlowId;
  /** Requests on it, in order. */
  readonly requests: readonly RequestRow[];
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly failed: boolean;
  readonly start: Ns;
  readonly end: Ns;
  readonly total: Ns;
  /** Lines below the bar. */
  readonly waits: number;
  readonly connection: Connection | null;
}

const noteOf = (r: RequestRow): string => (r.fromCache ? words.cached : words.status(r.status, r.error?.code ?? null, r.endEvent >= 0));
const inUse = (c: Connection): Ns => c.requests.reduce((sum, r) => sum + Math.max(0, r.endNs - (r.phases.find((p) => p.phase === 'send')?.startNs ?? r.startNs)), 0);

function requestEntry(index: TraceIndex, r: RequestRow): Entry {
  const { trace } = index;
  return {
    key: `r${r.id}`, request: r.id, flow: r.flow < 0 ? -1 : bottomFlow(trace, r.flow), requests: [r], name: pathOf(r.url), title: r.url, note: noteOf(r), failed: failed(r),
    start: r.startNs, end: r.endEvent < 0 ? trace.endNs : r.endNs, total: totalOf(index, r), waits: 0, connection: null,
  };
}
function connectionEntry(c: Connection): Entry {
  return {
    key: `c${c.flow}`, request: -1, flow: c.flow, requests: c.requests, name: words.connectionName(c.ordinal, c.host, c.port), title: words.connectionName(c.ordinal, c.host, c.port), note: words.carried(c.requests.length), failed: c.requests.some(failed),
    start: c.start, end: c.end, total: inUse(c), waits: Math.min(WAITS_SHOWN, c.waiters.length), connection: c,
  };
}
/** All rows in order. */
export function entriesOf(index: TraceIndex, view: View, sort: Sort): readonly Entry[] {
  if (view === 'requests') return sorted(index, sort).map((r) => requestEntry(index, r));
  const list = connectionsOf(index).map(connectionEntry);
  if (sort === 'duration') list.sort((p, q) => q.total - p.total);
  if (sort === 'failures') list.sort((p, q) => Number(q.failed) - Number(p.failed));
  return list;
}
/** What a row shows. */
export const rowOf = (index: TraceIndex, frame: Frame, barHeight: number, entry: Entry): Row =>
  entry.connection ? connectionRow(index, frame, barHeight, entry.connection) : requestRow(index, frame, barHeight, entry.requests[0]!);
/** Which row a stretch of the path, or a request, stands in: -1 for none. */
export function rowFinder(entries: readonly Entry[], view: View): (request: RequestId, stretch: Stretch | null) => number {
  const byRequest = new Map<RequestId, number>(), byFlow = new Map<FlowId, number>();
  entries.forEach((e, i) => {
    for (const r of e.requests) byRequest.set(r.id, i);
    if (view === 'connections') byFlow.set(e.flow, i);
  });
  return (request, stretch) => (request >= 0 ? (byRequest.get(request) ?? -1) : stretch?.ahead ? ((view === 'connections' ? byFlow.get(stretch.flow) : byRequest.get(stretch.towards)) ?? -1) : -1);
}

/** How much of a row's requests the path takes. */
export const onPath = (path: PagePath, entry: Entry): Ns => path.stretches.reduce((sum, s) => sum + (s.request >= 0 && entry.requests.some((r) => r.id === s.request) ? s.end - s.start : 0), 0);

/** A row read aloud. */
export function spoken(index: TraceIndex, entry: Entry, path: PagePath): string {
  const c = entry.connection;
  if (c) return words.connectionRow(entry.name, c.requests.map((r) => shortOf(r.url)), c.waiters.map((w) => shortOf(w.request.url)));
  return words.row(entry.name, entry.note, entry.start, entry.total, phaseSums(index, entry.requests[0]!).map((p) => ({ name: words.phases[p.phase], ns: p.ns })), onPath(path, entry));
}

/** The two lines at the top. */
export function summaryOf(index: TraceIndex, view: View, path: PagePath | null): { readonly claim: string; readonly line: string } {
  const { trace } = index, sums = sumsOf(index);
  const connections = view === 'connections' ? connectionsOf(index) : [];
  const claim = view === 'connections'
    ? words.connectionSummary(connections.length, connections.reduce((n, c) => n + c.requests.length, 0), connections.reduce((n, c) => n + c.waiters.length, 0))
    : sums.crowd ? words.crowd(sums.requests, sums.p50, sums.p95, sums.slowest, sums.failures, sums.open) : words.summary(sums.requests, sums.ns);
  return { claim, line: path ? lineOf(index, path, trace.requests.filter((r) => r.initiator < 0).length > 1) : words.choose };
}
function lineOf(index: TraceIndex, path: PagePath, many: boolean): string {
  const first = path.requests[0];
  if (!first) return '';
  if (path.requests.length === 1) return words.single(pathOf(first.url), phaseSums(index, first).map((p) => ({ name: words.phases[p.phase], ns: p.ns })));
  if (path.stretches.length === 0) return words.noPath;
  const root = index.trace.requests[rootOf(index.trace, first.id)]!;
  const steps = new Map<RequestId, { name: string; ns: Ns }>();
  let between = 0;
  for (const s of path.stretches) {
    const ns = s.end - s.start, step = steps.get(s.request);
    if (s.request < 0 && !s.ahead) between += ns;
    else if (step) step.ns += ns;
    else steps.set(s.request, { name: s.request < 0 ? words.ahead : s.request === root.id ? words.document : shortOf(index.trace.requests[s.request]!.url), ns });
  }
  return words.path(many ? pathOf(root.url) : '', [...steps.values()], between);
}
