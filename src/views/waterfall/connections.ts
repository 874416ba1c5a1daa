/**
 * The connections of the clients: how each was opened, what it carried and who waited for it.
 * Law: one for each transport flow that a client opened; a request stands on the flow that it was sent on.
 */
import type { Ns } from '../../base/time';
import type { FlowId } from '../../model/ids';
import type { RequestRow } from '../../model/request';
import { beginning, bottomFlow, type TraceIndex } from '../../trace';

export interface Connection {
  readonly flow: FlowId;
  /** Ordinal from 1 among the clients' connections. */
  readonly ordinal: number;
  readonly host: string;
  readonly port: number;
  /** First SYN, or first datagram of QUIC; when both ends knew each other; when it was secure. -1: never. */
  readonly start: Ns;
  readonly connected: Ns;
  readonly tlsStart: Ns;
  readonly secured: Ns;
  /** When the client had closed it, else the end of the run. */
  readonly end: Ns;
  /** In the order sent. */
  readonly requests: readonly RequestRow[];
  /** Those that waited for it: behind another request, or at its door while another's connection was being opened for them. */
  readonly waiters: readonly { readonly request: RequestRow; readonly start: Ns; readonly end: Ns }[];
}

const OVER = new Set(['TIME-WAIT', 'LAST-ACK', 'CLOSED', 'CLOSING', 'DRAINING']);

/** Connections in the order of their opening. */
export function connectionsOf(index: TraceIndex): readonly Connection[] {
  const { trace, states } = index;
  const clients = new Set(trace.requests.map((r) => r.host));
  const requests = new Map<FlowId, RequestRow[]>();
  for (const r of trace.requests) {
    if (r.flow < 0 || r.fromCache) continue;
    const flow = beginning(trace, bottomFlow(trace, r.flow)), list = requests.get(flow);
    if (list) list.push(r);
    else requests.set(flow, [r]);
  }
  const above = new Map(trace.flows.filter((f) => f.below >= 0 && f.protocol === 'tls').map((f) => [f.below, f.id]));
  const statesOf = new Map<FlowId, (typeof states)[number]>();
  for (const e of trace.endpoints) if (e.flow >= 0 && clients.has(e.host) && (states[e.id]?.length ?? 0) > 0 && (e.protocol === 'tcp' || e.protocol === 'tls' || e.protocol === 'quic')) statesOf.set(e.flow, states[e.id]!);
  const quics = new Map(trace.flows.filter((f) => f.protocol === 'quic').map((f) => [f.below, f.id]));
  const list: Connection[] = [];
  for (const flow of trace.flows) {
    const quic = quics.get(flow.id) ?? -1;
    if (flow.below >= 0 || (flow.protocol !== 'tcp' && quic < 0) || !clients.has(flow.initiator)) continue;
    const own = statesOf.get(quic < 0 ? flow.id : quic) ?? [], tls = statesOf.get(quic < 0 ? above.get(flow.id) ?? -1 : -1) ?? [];
    const start = own.find((s) => s.name === 'SYN-SENT')?.start ?? index.pdusOfFlow[flow.id]?.[0]?.sentAt;
    if (start === undefined) continue;
    // QUIC's handshake is TLS's: one thing
    const complete = own.find((s) => s.name === 'COMPLETE')?.start ?? -1;
    const connected = quic < 0 ? own.find((s) => s.name === 'ESTABLISHED')?.start ?? -1 : complete < 0 ? -1 : start;
    const over = own.find((s) => s.start > start && OVER.has(s.name));
    const carried = [...(requests.get(flow.id) ?? [])].sort((p, q) => sentAt(p) - sentAt(q) || p.id - q.id);
    const secured = quic < 0 ? tls.find((s) => s.name === 'CONNECTED')?.start ?? -1 : complete, ready = tls.length > 0 || quic >= 0 ? secured : connected;
    list.push({
      flow: flow.id, ordinal: list.length + 1, host: trace.hosts[flow.responder]!.title, port: flow.responderPort, start, connected,
      tlsStart: quic >= 0 ? connected : tls.length > 0 ? Math.max(connected, tls[0]!.start) : -1, secured,
      end: over?.start ?? trace.endNs, requests: carried,
      waiters: carried.flatMap((request) => {
        const end = sentAt(request), start = request.phases.find((p) => p.phase === 'dns')?.endNs ?? request.startNs;
        const queued = request.phases.some((p) => p.phase === 'blocked' && p.endNs > p.startNs), wasReady = ready >= 0 && ready <= request.startNs;
        return end > start && (queued || wasReady) ? [{ request, start, end }] : [];
      }),
    });
  }
  return list.sort((p, q) => p.start - q.start || p.flow - q.flow).map((c, i) => ({ ...c, ordinal: i + 1 }));
}

/** When a request had its connection. */
function sentAt(r: RequestRow): Ns {
  return (r.phases.find((p) => p.phase === 'send') ?? r.phases.find((p) => p.phase === 'wait'))?.startNs ?? r.startNs;
}
