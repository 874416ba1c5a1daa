/**
 * What decides the end of a page: the chain of causes back from the end of its load, told as stretches of its requests.
 * Law: the stretches are contiguous, none overlaps another, and they cover the page from its start to its end.
 */
import type { Ns } from '../../base/time';
import type { EventId, FlowId, RequestId } from '../../model/ids';
import type { RequestRow } from '../../model/request';
import type { Trace } from '../../model/trace';
import { causes, type TraceIndex } from '../../trace';

/** A stretch of the path. `request` -1: in none (the page is parsed, a connection is opened ahead); `ahead` then tells which. */
export interface Stretch {
  readonly request: RequestId;
  /** The request that it is on, or leads to, and its connection. */
  readonly towards: RequestId;
  readonly flow: FlowId;
  readonly ahead: boolean;
  readonly start: Ns;
  readonly end: Ns;
}
/** Where one request's progress lets another begin: the path leaves `from` at `at` and is on `to` from `until` on. */
export interface Thread {
  readonly from: RequestId;
  readonly at: Ns;
  readonly to: RequestId;
  readonly until: Ns;
}
export interface PagePath {
  readonly requests: readonly RequestRow[];
  /** Empty while a request of the page has not ended. */
  readonly stretches: readonly Stretch[];
  readonly threads: readonly Thread[];
}

/** The document that a request belongs to: the first in its line of initiators. */
export function rootOf(trace: Trace, request: RequestId): RequestId {
  let at = request;
  for (let row = trace.requests[at]; row && row.initiator >= 0; row = trace.requests[at]) at = row.initiator;
  return at;
}

/** Until when a request waits at the door: it is sent then; its start when it never was. */
const doorOf = (row: RequestRow): Ns => (row.phases.find((p) => p.phase === 'send') ?? row.phases.find((p) => p.phase === 'wait'))?.startNs ?? row.startNs;

/** The end of the load of the page with this document, else the end of its last request; -1 while one is open. */
function endOf(index: TraceIndex, root: RequestId, last: RequestRow): EventId {
  const { trace, kindByName } = index;
  const kind = kindByName.get('page.load_ended') ?? -1;
  for (let e = last.endEvent; kind >= 0 && e < trace.kind.length && trace.time.at(e) === last.endNs; e++) if (trace.kind.at(e) === kind && trace.subject.at(e) === root) return e;
  return last.endEvent;
}

/** The path of the page that a request belongs to. Linear in its chain of causes; call it once for a page. */
export function pagePath(index: TraceIndex, request: RequestId): PagePath {
  const { trace } = index;
  const root = rootOf(trace, request);
  const requests = trace.requests.filter((r) => rootOf(trace, r.id) === root);
  const last = requests.reduce<RequestRow | null>((p, r) => (!p || r.endNs > p.endNs || (r.endNs === p.endNs && r.endEvent > p.endEvent) ? r : p), null);
  if (!last || requests.some((r) => r.endEvent < 0)) return { requests, stretches: [], threads: [] };
  const chains = new Map<RequestId, ReadonlySet<EventId>>();
  const chainOf = (r: RequestRow): ReadonlySet<EventId> => {
    let chain = chains.get(r.id);
    if (!chain) chains.set(r.id, (chain = new Set(causes(trace, r.endEvent))));
    return chain;
  };
  const begin = trace.requests[root]!.startNs;
  const stretches: Stretch[] = [];
  const threads: Thread[] = [];
  let owner = last, entered = last.endNs, ahead = false;
  const add = (on: boolean, start: Ns, end: Ns): void => {
    if (end <= start) return;
    const known = stretches[stretches.length - 1];
    const next: Stretch = { request: on ? owner.id : -1, towards: owner.id, flow: owner.flow, ahead: !on && ahead, start, end };
    if (known && known.request === next.request && known.towards === next.towards && known.ahead === next.ahead) stretches[stretches.length - 1] = { ...known, start };
    else stretches.push(next);
    if (on) entered = start;
  };
  for (let e = endOf(index, root, last); e >= 0 && trace.time.at(e) > begin; e = trace.cause.at(e)) {
    const end = trace.time.at(e), cause = trace.cause.at(e);
    const start = Math.max(begin, cause < 0 ? 0 : trace.time.at(cause));
    if (end <= doorOf(owner)) {
      const heir = requests.find((r) => r !== owner && doorOf(r) < end && r.endNs >= end && chainOf(r).has(e));
      if (heir) {
        threads.push({ from: heir.id, at: end, to: owner.id, until: entered });
        owner = heir;
        ahead = false;
      }
    }
    // before the request began, a packet of its connection: that was opened ahead of it
    ahead ||= start < owner.startNs && trace.kinds[trace.kind.at(e)]!.subject === 'pdu' && trace.pdus[trace.subject.at(e)]?.flow === owner.flow;
    const split = Math.max(start, Math.min(end, owner.startNs));
    add(true, split, end);
    add(false, start, split);
  }
  return { requests, stretches: stretches.reverse(), threads: threads.reverse() };
}
