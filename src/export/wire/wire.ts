/**
 * The bytes behind a trace, made when somebody looks and then kept: messages, streams, packets, TLS connections. Law: a pure
 * function of the trace; a packet is as long as the run counted (model decision 12).
 */
import { assert } from '../../base/assert';
import { hashText } from '../../base/hash';
import type { FlowId, PduId } from '../../model/ids';
import { encodeIpv4, IPV4_HEADER_BYTES } from '../../model/ip';
import type { IcmpTooBig } from '../../model/icmp';
import { IP_ICMP, IP_TCP, type PduRow } from '../../model/pdu';
import type { DatagramBody } from '../../model/quic/packet';
import { beginning, type Flow, type Message } from '../../model/stream';
import type { Trace } from '../../model/trace';
import { arrived, SYN, type Segment } from '../../protocols/tcp/segment';
import type { RecordBody } from '../../protocols/tls/record';
import { codecOf } from './codecs';
import { icmpMessage } from './icmp';
import { udpDatagram } from './ip';
import { namesOf } from './names';
import { originsOf, tcpSegment, type Origin } from './tcp';
import { QuicConversation } from './quic/conversation';
import { TlsConversation, type WireRecord } from './tls/conversation';

/** Congestion experienced (RFC 3168 §5). */
const CE = 3;
/** ICMP errors as Linux sends them: internetwork control (RFC 1812 §4.3.2.5), and DF is not set. */
const CONTROL = 0xc0;

export class Wire {
  private readonly origins = new Map<FlowId, readonly [Origin, Origin]>();
  private readonly conversations = new Map<FlowId, TlsConversation>();
  private readonly quics = new Map<FlowId, QuicConversation>();
  private readonly made = new Map<Message, Uint8Array>();
  /** How many packets the sender put into this flow before. */
  private readonly ordinals: Int32Array;
  private readonly scales = new Map<FlowId, readonly [number, number]>();
  private readonly labels = new Map<string, FlowId>();
  /** The TLS flow on top of a flow. */
  private readonly above = new Map<FlowId, Flow>();

  constructor(readonly trace: Trace) {
    for (const flow of trace.flows) if (flow.protocol === 'tls' && flow.below >= 0) this.above.set(flow.below, flow);
    this.ordinals = new Int32Array(trace.pdus.length);
    const counts = new Map<number, number>();
    const offered = new Map<FlowId, [number, number]>();
    for (const pdu of trace.pdus) {
      const key = 2 * pdu.flow + pdu.direction;
      const n = counts.get(key) ?? 0;
      this.ordinals[pdu.id] = pdu.copyOf >= 0 ? this.ordinals[pdu.copyOf]! : n;
      if (pdu.copyOf < 0) counts.set(key, n + 1);
      if (pdu.protocol !== IP_TCP || !(pdu.flags & SYN)) continue;
      const pair = offered.get(pdu.flow) ?? [-1, -1];
      pair[pdu.direction] = (pdu.body as Segment).wscale;
      offered.set(pdu.flow, pair);
    }
    for (const [flow, [a, b]] of offered) this.scales.set(flow, a >= 0 && b >= 0 ? [a, b] : [0, 0]);
  }
  pdu(id: PduId): PduRow {
    const pdu = this.trace.pdus[id];
    assert(pdu !== undefined, `packet ${id} of this trace`);
    return pdu;
  }
  flow(id: FlowId): Flow {
    return this.trace.flows[id]!;
  }
  /** The stream inside TLS on this transport flow. */
  flowAbove(id: FlowId): Flow | undefined {
    return this.above.get(id);
  }
  /** Shift of the window field (RFC 7323 §2.3), agreed on by both ends. */
  windowScale(pdu: PduRow): number {
    return this.scales.get(pdu.flow)?.[pdu.direction] ?? 0;
  }
  conversation(id: FlowId): TlsConversation {
    let conversation = this.conversations.get(id);
    if (!conversation) {
      const inside = this.above.get(id);
      conversation = new TlsConversation(this.flow(id), (sender, from, to) => (inside ? this.stream(inside, sender, from, to) : new Uint8Array(to - from)), (label) => this.labelled(label));
      this.conversations.set(id, conversation);
    }
    return conversation;
  }
  /** The connection whose handshake has this label: a session that is taken up comes from there. */
  private labelled(label: string): TlsConversation | null {
    if (this.labels.size === 0) {
      for (const flow of this.above.keys()) {
        for (const m of this.flow(flow).content[0]!.messages) {
          const hello = m.protocol === 'tls' ? (m.body as RecordBody).hello : null;
          if (hello && !this.labels.has(hello.label)) this.labels.set(hello.label, flow);
        }
      }
    }
    const flow = this.labels.get(label);
    return flow === undefined ? null : this.conversation(flow);
  }
  /** The QUIC flow on top of a flow of datagrams. */
  quicFlow(udp: FlowId): Flow | undefined {
    const first = beginning(this.trace, udp);
    return this.trace.flows.find((f) => f.protocol === 'quic' && f.below === first);
  }
  /** A stream of a QUIC connection. */
  quicStream(quic: FlowId, id: number): Flow | undefined {
    return this.trace.flows.find((f) => f.below === quic && f.protocol === `quic-stream-${id}`);
  }
  quic(path: FlowId): QuicConversation {
    const udp = beginning(this.trace, path);
    let conversation = this.quics.get(udp);
    if (!conversation) {
      const flow = this.quicFlow(udp)!;
      const first = this.trace.messages.find((m) => m.protocol === 'quic' && m.flow === udp && m.direction === 0)!;
      const retry = this.trace.messages.find((m) => m.protocol === 'quic' && m.flow === udp && (m.body as DatagramBody).bare?.bare === 'Retry');
      const streams = new Map(this.trace.flows.filter((f) => f.below === flow.id && f.protocol.startsWith('quic-stream-')).map((f) => [Number(f.protocol.slice('quic-stream-'.length)), f]));
      conversation = new QuicConversation(flow, (first.body as DatagramBody).packets[0]!.destination, (retry?.body as DatagramBody | undefined)?.bare?.source ?? null, this.conversation(flow.id), (id) => streams.get(id), (f, direction, from, to) => this.stream(f, direction, from, to));
      this.quics.set(udp, conversation);
    }
    return conversation;
  }
  record(message: Message): WireRecord {
    return this.conversation(message.flow).record(message);
  }
  message(message: Message): Uint8Array {
    let bytes = this.made.get(message);
    if (!bytes) {
      bytes = message.protocol === 'tls' ? this.record(message).bytes : message.protocol === 'quic' ? this.quic(message.flow).datagram(message) : codecOf(message).encode(message, this.flow(message.flow));
      assert(bytes.length === message.bytes, `${message.protocol} ${message.name} has the length that the run counted with`);
      this.made.set(message, bytes);
    }
    return bytes;
  }
  /** Bytes [from, to) of one direction of a stream. */
  stream(flow: Flow, direction: 0 | 1, from: number, to: number): Uint8Array {
    const content = flow.content[direction];
    const bytes = new Uint8Array(to - from);
    if (to <= from) return bytes;
    for (let i = content.indexAt(from); i >= 0 && i < content.messages.length && content.messages[i]!.start < to; i++) {
      const m = content.messages[i]!;
      bytes.set(this.message(m).subarray(Math.max(0, from - m.start), Math.min(m.bytes, to - m.start)), Math.max(0, m.start - from));
    }
    return bytes;
  }
  payload(pdu: PduRow): Uint8Array {
    if (pdu.protocol === IP_TCP) return this.stream(this.flow(pdu.flow), pdu.direction, pdu.streamStart, pdu.streamStart + pdu.payload);
    const { message } = (pdu.body ?? {}) as { message?: Message };
    return message ? this.message(message) : new Uint8Array(pdu.payload);
  }
  /** The IP packet as its sender wrote it, or as it came: with the mark of a full queue. */
  packet(id: PduId, arrives = false): Uint8Array {
    const pdu = this.pdu(id);
    const { seed } = this.trace;
    const { source, destination, srcPort, dstPort } = namesOf(this.trace, pdu, arrives);
    const segment = pdu.protocol === IP_ICMP ? icmpMessage(pdu.body as IcmpTooBig, this.packet((pdu.body as IcmpTooBig).about.id)) : pdu.protocol === IP_TCP
      ? tcpSegment(arrives ? arrived(pdu) : (pdu.body as Segment), srcPort, dstPort, this.ends(pdu), this.payload(pdu), source, destination)
      : udpDatagram(source, destination, srcPort, dstPort, this.payload(pdu));
    // Linux counts packets per connection from a random start (RFC 6864 §4 asks nothing of packets with DF)
    const identification = (hashText(`${seed} ${this.flow(pdu.flow).name} ${pdu.direction}`) + this.ordinals[id]!) & 0xffff;
    const header = encodeIpv4({ source, destination, protocol: pdu.protocol, payloadBytes: segment.length, identification, ...(pdu.protocol === IP_ICMP ? { tos: CONTROL, mayFragment: true } : { tos: arrives && pdu.marked ? CE : (pdu.ecn ?? 0) }) });
    const packet = new Uint8Array(IPV4_HEADER_BYTES + segment.length);
    packet.set(header);
    packet.set(segment, IPV4_HEADER_BYTES);
    assert(packet.length === pdu.bytes, `packet ${id} has the length that the run counted with`);
    return packet;
  }
  /** The sender's end of the connection, then the receiver's. */
  private ends(pdu: PduRow): readonly [Origin, Origin] {
    let origins = this.origins.get(pdu.flow);
    if (!origins) this.origins.set(pdu.flow, (origins = originsOf(this.trace.seed, this.flow(pdu.flow))));
    return pdu.direction === 0 ? origins : [origins[1], origins[0]];
  }
  /** An NSS key log of all TLS connections, in the order of their flows. */
  keyLog(): string {
    return [...this.above.keys()].sort((a, b) => a - b).flatMap((flow) => this.conversation(flow).keyLog).map((line) => `${line}\n`).join('');
  }
}

const wires = new WeakMap<Trace, Wire>();
/** The wire of a trace, made once. */
export function wireOf(trace: Trace): Wire {
  let wire = wires.get(trace);
  if (!wire) wires.set(trace, (wire = new Wire(trace)));
  return wire;
}
