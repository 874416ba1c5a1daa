/** A datagram as the inspector shows it, and the names of what is in it. */
import type { ChildRange } from '../../model/carried';
import { frameLength, type QuicFrame } from '../../model/quic/frame';
import { headerLength, packetLength, type QuicPacket } from '../../model/quic/packet';
import type { Layer } from '../../model/ids';
import type { Flow, MessageField } from '../../model/stream';

const QUIET: ReadonlySet<QuicFrame['type']> = new Set(['ACK', 'PADDING']);
/** What frames carry, each where it stands in the datagram: handshake messages and messages of streams by their names, other frames by theirs. */
export function childrenOf(packets: readonly QuicPacket[], direction: 0 | 1, connection: Flow, streamFlow: (id: number) => Flow | undefined): ChildRange[] {
  const children: ChildRange[] = [];
  // what is always there has a name only where nothing else is
  const says = packets.some((p) => p.frames.some((f) => !QUIET.has(f.type)));
  const silent = (f: QuicFrame): boolean => f.type === 'PADDING' || (says && QUIET.has(f.type));
  let at = 0;
  for (const packet of packets) {
    let from = at + headerLength(packet);
    for (const frame of packet.frames) {
      const end = from + frameLength(frame);
      if (frame.type === 'CRYPTO') named(children, connection, direction, frame.at, frame.length, from, end, 'security');
      else if (frame.type === 'STREAM' && frame.length > 0) {
        const flow = streamFlow(frame.stream);
        if (flow) named(children, flow, direction, frame.offset, frame.length, from, end, 'http');
      } else if (!silent(frame)) children.push({ name: frame.type, start: from, end });
      from = end;
    }
    at += packetLength(packet);
  }
  return children;
}
function named(children: ChildRange[], flow: Flow, direction: 0 | 1, offset: number, length: number, start: number, end: number, layer: Layer): void {
  const { messages } = flow.content[direction];
  const first = flow.content[direction].indexAt(offset);
  for (let i = first; i >= 0 && i < messages.length && messages[i]!.start < offset + length; i++) children.push({ name: messages[i]!.name, start, end, layer });
}
/** `Initial`, `Initial + Handshake` … */
export const datagramName = (packets: readonly QuicPacket[]): string => [...new Set(packets.map((p) => p.level))].join(' + ');

const described = (f: QuicFrame): string => {
  switch (f.type) {
    case 'PADDING': return `PADDING (${f.length})`;
    case 'ACK': return `ACK ${f.ranges.map(([low, high]) => (low === high ? `${low}` : `${low}–${high}`)).join(', ')}`;
    case 'CRYPTO': return `CRYPTO ${f.offset}–${f.offset + f.length}`;
    case 'STREAM': return `STREAM ${f.stream}: ${f.offset}–${f.offset + f.length}${f.fin ? ' FIN' : ''}`;
    case 'MAX_STREAM_DATA': return `MAX_STREAM_DATA ${f.stream}: ${f.limit}`;
    case 'MAX_DATA': return `MAX_DATA ${f.limit}`;
    default: return f.type;
  }
};
export const datagramFields = (packets: readonly QuicPacket[]): MessageField[] =>
  packets.flatMap((p) => [
    { name: 'Packet type', value: p.level, spec: p.level === '1-RTT' ? 'RFC 9000 §17.3.1' : 'RFC 9000 §17.2' },
    { name: 'Packet number', value: p.number, spec: 'RFC 9000 §12.3' },
    { name: 'Frames', value: p.frames.map(described).join('; '), spec: 'RFC 9000 §12.4' },
  ]);
