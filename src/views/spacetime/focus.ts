/**
 * Whom the picture of a crowd is about: one request, in ink among the others. Law: a pure function of (index, window,
 * selection), so it changes with the chapter and never while it plays.
 */
import type { FlowId, PduId, RequestId } from '../../model/ids';
import { bottomFlow, criticalPath, owners, type TimeWindow, type TraceIndex } from '../../trace';
import { once } from '../../trace/trace-index';

export interface Focus {
  readonly request: RequestId;
  /** Transport connection whose states are drawn. */
  readonly connection: FlowId;
  /** Its packets: on its own connection while it was under way, and behind the proxy what it led to and what it waited for. */
  readonly pdus: ReadonlySet<PduId>;
}

/** The request that a packet belongs to: the one that it descends from, else the one on its connection at that time; -1 for none. */
export function requestOfPdu(index: TraceIndex, pdu: PduId): RequestId {
  const row = index.trace.pdus[pdu];
  if (!row) return -1;
  const owner = owners(index)[row.sentEvent]!;
  if (owner >= 0) return owner;
  const flow = bottomFlow(index.trace, row.flow);
  return index.trace.requests.find((r) => r.flow >= 0 && bottomFlow(index.trace, r.flow) === flow && r.startNs <= row.sentAt && (r.endEvent < 0 || r.endNs >= row.sentAt))?.id ?? -1;
}

/** The document that a window is about: the main one where it is under way, else the first that begins in it, else the one that is longest under way. */
export function requestOfWindow(index: TraceIndex, window: TimeWindow): RequestId {
  return once(index, `about ${window.start} ${window.end}`, () => {
    const { requests, mainRequest } = index.trace;
    const share = (id: RequestId): number => {
      const r = requests[id]!;
      return Math.min(window.end, r.endEvent < 0 ? window.end : r.endNs) - Math.max(window.start, r.startNs);
    };
    if (requests[mainRequest] && share(mainRequest) > 0) return mainRequest;
    const documents = requests.filter((r) => r.initiator < 0 && share(r.id) > 0);
    const first = documents.find((r) => r.startNs >= window.start);
    if (first) return first.id;
    return documents.reduce((best, r) => (best < 0 || share(r.id) > share(best) ? r.id : best), -1);
  });
}

/** The focus: the selected packet's request, else the given request, else the window's. */
export function focusOf(index: TraceIndex, window: TimeWindow, selected: PduId, request: RequestId = -1): Focus {
  const found = selected >= 0 ? requestOfPdu(index, selected) : -1;
  const id = found >= 0 ? found : index.trace.requests[request] ? request : requestOfWindow(index, window);
  const own = once(index, `focus ${id}`, () => packetsOf(index, id));
  return selected >= 0 && !own.pdus.has(selected) ? { ...own, pdus: new Set([...own.pdus, selected]) } : own;
}

function packetsOf(index: TraceIndex, request: RequestId): Focus {
  const { trace } = index;
  const row = trace.requests[request];
  const pdus = new Set<PduId>();
  if (!row) return { request, connection: -1, pdus };
  const connection = row.flow < 0 ? -1 : bottomFlow(trace, row.flow);
  const owner = owners(index);
  const end = row.endEvent < 0 ? trace.endNs : row.endNs;
  for (const p of trace.pdus) {
    if (p.sentAt < row.startNs) continue;
    if (owner[p.sentEvent] === request || (p.sentAt <= end && bottomFlow(trace, p.flow) === connection)) pdus.add(p.id);
  }
  for (const edge of criticalPath(index, request)) if (edge.pdu) pdus.add(edge.pdu.id);
  return { request, connection, pdus };
}
