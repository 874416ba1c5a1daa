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
import type { Message } from '../../model/stream';
import type { Trace } from '../../model/trace';
import { headerBytes, type Segment } from '../../protocols/tcp/segment';
import { codecOf } from './codecs';
import { dissectIcmp } from './icmp';
import { dissectIp, dissectUdp } from './ip';
import { placed } from './scan';
import { dissectTcp } from './tcp';
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
  const offset = contentAt + (pdu.streamStart < 0 ? 0 : message.start - pdu.streamStart);
  const node = message.protocol === 'tls' ? recordNode(wire, message, plain) : codecOf(message).dissect(message, wire.message(message), wire.flow(message.flow));
  return placed([node], offset, contentAt, end).map((n) => partly(n, n.start - offset, n.end - offset, message.bytes));
}
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
