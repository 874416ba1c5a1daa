/**
 * A packet of a trace taken apart, layer by layer: the bytes as they travelled, what encrypted records hold, every field with
 * its place. Law: a pure function of (trace, packet). Loaded when somebody looks.
 */
import { en } from '../../explain';
import { carriedMessages } from '../../model/carried';
import type { Dissection, DissectionNode } from '../../model/dissection';
import type { PduId } from '../../model/ids';
import { IPV4_HEADER_BYTES, UDP_HEADER_BYTES } from '../../model/ip';
import { IP_ICMP, IP_TCP, type PduRow } from '../../model/pdu';
import type { QuicFrame } from '../../model/quic/frame';
import type { DatagramBody } from '../../model/quic/packet';
import type { Message } from '../../model/stream';
import type { Trace } from '../../model/trace';
import { headerBytes, type Segment } from '../../protocols/tcp/segment';
import { codecOf } from './codecs';
import { dissectIcmp } from './icmp';
import { dissectIp, dissectUdp } from './ip';
import { dissectHttp3 } from './http3';
import { placed, Scan } from './scan';
import { dissectTcp } from './tcp';
import { dissectBare, dissectPacket } from './quic/dissect';
import { dissectHandshake } from './tls/dissect-handshake';
import { dissectRecord } from './tls/dissect-record';
import { wireOf, type Wire } from './wire';

/** The IP packet as its sender wrote it (what damages it on the way is not in it). */
export const packetBytes = (trace: Trace, pdu: PduId): Uint8Array => wireOf(trace).packet(pdu);

/** The packet's bytes and all their fields. */
export function dissect(trace: Trace, id: PduId): Dissection {
  const wire = wireOf(trace);
  const pdu = wire.pdu(id);
  const bytes = wire.packet(id);
  if (pdu.protocol === IP_ICMP) return { bytes, plain: [], nodes: [dissectIp(bytes), dissectIcmp(bytes, IPV4_HEADER_BYTES)] };
  const plain: Uint8Array[] = [];
  const tcp = pdu.protocol === IP_TCP;
  const contentAt = IPV4_HEADER_BYTES + (tcp ? headerBytes(pdu.body as Segment) : UDP_HEADER_BYTES);
  const transport = tcp ? dissectTcp(bytes, IPV4_HEADER_BYTES, pdu.body as Segment, wire.windowScale(pdu)) : dissectUdp(bytes, IPV4_HEADER_BYTES);
  const carried = carriedMessages(pdu, wire.flow(pdu.flow)).flatMap((message) => messageNodes(wire, pdu, message, contentAt, bytes.length, plain));
  return { bytes, plain, nodes: [dissectIp(bytes), transport, ...carried] };
}
function messageNodes(wire: Wire, pdu: PduRow, message: Message, contentAt: number, end: number, plain: Uint8Array[]): DissectionNode[] {
  if (message.protocol === 'quic') return placed(datagramNodes(wire, message, plain), contentAt, contentAt, end);
  const offset = contentAt + (pdu.streamStart < 0 ? 0 : message.start - pdu.streamStart);
  const node = message.protocol === 'tls' ? recordNode(wire, message, plain) : codecOf(message).dissect(message, wire.message(message), wire.flow(message.flow));
  return placed([node], offset, contentAt, end).map((n) => partly(n, n.start - offset, n.end - offset, message.bytes));
}
/** The packets of a QUIC datagram one behind the other, with what their frames carry. */
function datagramNodes(wire: Wire, message: Message, plain: Uint8Array[]): DissectionNode[] {
  const { bare } = message.body as DatagramBody;
  if (bare) return [dissectBare(bare, wire.message(message))];
  let at = 0;
  return wire.quic(message.flow).packets(message).flatMap((packet) => {
    const node = dissectPacket(packet, plain.push(packet.payload) - 1, (frame) => insideFrame(wire, message, frame));
    const nodes = placed([node], at, at, at + packet.bytes.length);
    at += packet.bytes.length;
    return nodes;
  });
}
/** Messages of which a frame carries some bytes. */
function insideFrame(wire: Wire, message: Message, frame: Extract<QuicFrame, { type: 'CRYPTO' | 'STREAM' }>): DissectionNode[] {
  const quic = wire.quicFlow(message.flow)!, { direction } = message;
  const flow = frame.type === 'CRYPTO' ? quic : wire.quicStream(quic.id, frame.stream);
  const from = frame.type === 'CRYPTO' ? frame.at : frame.offset;
  const nodes: DissectionNode[] = [];
  if (!flow) return nodes;
  const held = flow.content[direction];
  for (let i = held.indexAt(from); i >= 0 && i < held.messages.length && held.messages[i]!.start < from + frame.length; i++) {
    const m = held.messages[i]!, offset = m.start - from;
    const found = placed([frame.type === 'CRYPTO' ? handshakeNode(wire, m) : dissectHttp3(m, wire.message(m), encoderStream(wire, quic.id, direction))], offset, 0, frame.length);
    nodes.push(...found.map((n) => partly(n, n.start - offset, n.end - offset, m.bytes)));
  }
  return nodes;
}
function handshakeNode(wire: Wire, message: Message): DissectionNode {
  const bytes = wire.message(message), scan = new Scan(bytes, 'security');
  dissectHandshake(scan, { version: '1.3', rsa: false });
  return scan.nodes[0]!;
}
/** All that an end says on its QPACK encoder stream. */
const encoderStream = (wire: Wire, quic: number, direction: 0 | 1): Uint8Array[] =>
  wire.trace.flows.filter((f) => f.below === quic).flatMap((f) => f.content[direction].messages).flatMap((m) => (m.name === 'QPACK encoder' ? ((m.body as { instructions?: Uint8Array }).instructions ?? []) : []));
/** Says so when only a part of a message is here. */
const partly = (node: DissectionNode, from: number, to: number, of: number): DissectionNode =>
  to - from === of ? node : { ...node, meaning: [node.meaning, en.wire.part(from, to, of)].filter(Boolean).join('; ') };

function recordNode(wire: Wire, message: Message, plain: Uint8Array[]): DissectionNode {
  const record = wire.record(message);
  const buffer = record.inner ? plain.push(record.inner) - 1 : -1;
  return dissectRecord(record, message.name, buffer, () => {
    const inside = wire.flowAbove(message.flow)!;
    const { plainStart, content } = record;
    const held = inside.content[message.direction];
    const nodes: DissectionNode[] = [];
    for (let i = held.indexAt(plainStart); i >= 0 && i < held.messages.length && held.messages[i]!.start < plainStart + content.length; i++) {
      const m = held.messages[i]!;
      const offset = m.start - plainStart;
      const found = placed([codecOf(m).dissect(m, wire.message(m), inside)], offset, 0, content.length, buffer);
      nodes.push(...found.map((n) => partly(n, n.start - offset, n.end - offset, m.bytes)));
    }
    return nodes;
  });
}
