/** Which bytes of which answer are in which packet: through records and frames down to segments (HTTP/1.1, HTTP/2), or frames of QUIC's streams (HTTP/3). */
import type { FlowId, RequestId } from '../model/ids';
import { IP_TCP, type PduRow } from '../model/pdu';
import type { DatagramBody } from '../model/quic/packet';
import { beginning, type Flow, type Message, type StreamContent } from '../model/stream';
import { once, type TraceIndex } from './trace-index';

/** A range of what a server says, in a packet. */
export interface AnswerPiece {
  /** Whose answer it is; -1: the connection's own (settings, handshake). */
  readonly request: RequestId;
  readonly stream: number;
  /** Which order of bytes it stands in, and where: that of the transport. */
  readonly order: number;
  readonly start: number;
  readonly end: number;
  /** Where it stands in the answer itself (a number for each byte, the same each time it is sent). */
  readonly from: number;
  readonly to: number;
}
export interface CarriedAnswers {
  readonly flow: FlowId;
  readonly protocol: 'h1' | 'h2' | 'h3';
  /** All answers stand in one order (TCP). */
  readonly shared: boolean;
  /** Packets from the server that carry something, in the order sent. */
  readonly packets: readonly { readonly pdu: PduRow; readonly pieces: readonly AnswerPiece[] }[];
}
/** Every connection between a client and a server that has carried answers. */
export const partsOfAnswers = (index: TraceIndex): readonly CarriedAnswers[] => once(index, 'partsOfAnswers', () => [...overTcp(index), ...overQuic(index)]);

interface Said {
  readonly request?: RequestId;
  readonly response?: unknown;
  readonly interim?: boolean;
  readonly frame?: { readonly type: string; readonly stream?: number };
}
const said = (m: Message): Said => (m.body ?? {}) as Said;
/** A message of HTTP's, or a part of it, where it stands in the transport's stream. */
export interface Owned {
  readonly start: number;
  readonly end: number;
  readonly request: RequestId;
  readonly stream: number;
  /** Null: a record that is none of HTTP's. */
  readonly message: Message | null;
}
/** Whose each message of a server's is, on a connection of HTTP/1.1 or HTTP/2. */
function ownersOf([up, down]: readonly [StreamContent, StreamContent]): Owned[] {
  const byStream = new Map<number, RequestId>(), inOrder: RequestId[] = [];
  for (const m of up.messages) {
    const { request, frame } = said(m);
    if (request === undefined || request < 0) continue;
    if (frame?.stream !== undefined) byStream.set(frame.stream, request);
    else inOrder.push(request);
  }
  let answered = -1;
  return down.messages.map((m): Owned => {
    const { response, interim, frame } = said(m);
    if (frame) return { start: m.start, end: m.end, request: frame.type === 'HEADERS' || frame.type === 'DATA' ? (byStream.get(frame.stream ?? -1) ?? -1) : -1, stream: frame.stream ?? -1, message: m };
    if (response !== undefined && !interim) answered++;
    return { start: m.start, end: m.end, request: inOrder[interim ? answered + 1 : answered] ?? -1, stream: -1, message: m };
  });
}
/** Ranges of the transport's stream and whose they are: through TLS's records, where there are any. */
export function transportOwners(transport: Flow, inside: Flow | undefined): Owned[] {
  if (!inside) return ownersOf(transport.content);
  const owners = ownersOf(inside.content), list: Owned[] = [];
  let plainAt = 0, next = 0;
  for (const record of transport.content[1].messages) {
    const body = record.body as { readonly type?: string; readonly plain?: number; readonly children?: readonly { readonly start: number; readonly end: number; readonly layer?: string }[] };
    if (body.type !== 'application_data' || !body.plain) {
      list.push({ start: record.start, end: record.end, request: -1, stream: -1, message: null });
      continue;
    }
    const plainEnd = plainAt + body.plain, head = body.children?.[0]?.start ?? 0;
    while (next > 0 && owners[next - 1] && owners[next - 1]!.end > plainAt) next--;
    for (; next < owners.length && owners[next]!.start < plainEnd; next++) {
      const o = owners[next]!, from = Math.max(o.start, plainAt), to = Math.min(o.end, plainEnd);
      if (from < to) list.push({ start: record.start + head + from - plainAt, end: record.start + head + to - plainAt, request: o.request, stream: o.stream, message: o.message });
    }
    plainAt = plainEnd;
  }
  return list;
}
function overTcp(index: TraceIndex): CarriedAnswers[] {
  const { trace } = index;
  const clients = new Set(trace.requests.map((r) => r.host));
  const above = new Map(trace.flows.filter((f) => f.protocol === 'tls' && f.below >= 0).map((f) => [f.below, f]));
  return trace.flows.filter((f) => f.protocol === 'tcp' && clients.has(f.initiator)).flatMap((flow): CarriedAnswers[] => {
    const inside = above.get(flow.id), owners = transportOwners(flow, inside);
    if (!owners.some((o) => o.request >= 0)) return [];
    const packets = (index.pdusOfFlow[flow.id] ?? []).filter((p) => p.protocol === IP_TCP && p.direction === 1 && p.payload > 0 && p.streamStart >= 0);
    return [{
      flow: flow.id, protocol: owners.some((o) => o.stream >= 0) ? 'h2' : 'h1', shared: true,
      packets: packets.map((pdu) => ({ pdu, pieces: cut(owners, pdu.streamStart, pdu.streamStart + pdu.payload) })),
    }];
  });
}
/** The ranges between two places; what is nobody's (records' heads and tags) stands between them. */
function cut(owners: readonly Owned[], start: number, end: number): AnswerPiece[] {
  const list: AnswerPiece[] = [];
  let at = start;
  const nobody = (to: number): void => {
    if (to > at) list.push({ request: -1, stream: -1, order: 0, start: at, end: to, from: at, to });
  };
  let low = 0, high = owners.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (owners[mid]!.end <= start) low = mid + 1;
    else high = mid;
  }
  for (let i = low; i < owners.length && owners[i]!.start < end; i++) {
    const o = owners[i]!, from = Math.max(start, o.start), to = Math.min(end, o.end);
    nobody(from);
    list.push({ request: o.request, stream: o.stream, order: 0, start: from, end: to, from, to });
    at = to;
  }
  nobody(end);
  return list;
}
function overQuic(index: TraceIndex): CarriedAnswers[] {
  const { trace } = index;
  const dropped = new Set<string>();
  const kind = index.kindByName.get('quic.undecryptable') ?? -1;
  for (let e = 0; kind >= 0 && e < trace.kind.length; e++) if (trace.kind.at(e) === kind && trace.b.at(e) === 0) dropped.add(`${trace.subject.at(e)} ${trace.texts[trace.a.at(e)]}`);
  return trace.flows.filter((f) => f.protocol === 'quic').flatMap((quic): CarriedAnswers[] => {
    const requests = new Map<number, RequestId>();
    for (const flow of trace.flows) {
      const [, id] = /^quic-stream-(\d+)$/.exec(flow.protocol) ?? [];
      if (flow.below !== quic.id || id === undefined) continue;
      for (const m of flow.content[0].messages) if ((said(m).request ?? -1) >= 0) requests.set(Number(id), said(m).request!);
    }
    if (requests.size === 0) return [];
    const packets = trace.pdus.filter((p) => p.direction === 1 && p.copyOf < 0 && beginning(trace, p.flow) === quic.below).map((pdu) => ({
      pdu,
      pieces: bodyOf(pdu).packets.filter((p) => !dropped.has(`${pdu.id} ${p.level}`)).flatMap((p) => p.frames.flatMap((f): AnswerPiece[] => {
        if (f.type !== 'STREAM' || f.length === 0) return [];
        const request = requests.get(f.stream) ?? -1, end = f.offset + f.length;
        return [{ request, stream: f.stream, order: f.stream, start: f.offset, end, from: f.offset, to: end }];
      })),
    }));
    return [{ flow: quic.id, protocol: 'h3', shared: false, packets: packets.filter((p) => p.pieces.length > 0) }];
  });
}
const bodyOf = (pdu: PduRow): DatagramBody => (pdu.body as { readonly message: Message }).message.body as DatagramBody;
