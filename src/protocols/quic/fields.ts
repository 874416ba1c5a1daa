/** The names of what is in a datagram; its fields are told by those who take it apart. */
import type { ChildRange } from '../../model/carried';
import { frameLength } from '../../model/quic/frame';
import { headerLength, packetLength, type DatagramBody, type QuicPacket } from '../../model/quic/packet';
import type { Layer } from '../../model/ids';
import type { Flow } from '../../model/stream';

/** What a datagram carries. Names are looked up when somebody asks for them: most packets of a run are never looked at. */
export class Datagram implements DatagramBody {
  private named: readonly ChildRange[] | null = null;
  constructor(readonly packets: readonly QuicPacket[], private readonly direction: 0 | 1, private readonly connection: Flow, private readonly streams: ReadonlyMap<number, Flow>) {}
  get children(): readonly ChildRange[] {
    return (this.named ??= childrenOf(this.packets, this.direction, this.connection, (id) => this.streams.get(id)));
  }
}
function saysMore(packets: readonly QuicPacket[]): boolean {
  for (const p of packets) for (const f of p.frames) if (f.type !== 'ACK' && f.type !== 'PADDING') return true;
  return false;
}
/** What frames carry, each where it stands in the datagram: handshake messages and messages of streams by their names, other frames by theirs. */
function childrenOf(packets: readonly QuicPacket[], direction: 0 | 1, connection: Flow, streamFlow: (id: number) => Flow | undefined): ChildRange[] {
  const children: ChildRange[] = [];
  // what is always there has a name only where nothing else is
  const says = saysMore(packets);
  let at = 0;
  for (const packet of packets) {
    let from = at + headerLength(packet);
    for (const frame of packet.frames) {
      const end = from + frameLength(frame);
      if (frame.type === 'CRYPTO') named(children, connection, direction, frame.at, frame.length, from, end, 'security');
      else if (frame.type === 'STREAM' && frame.length > 0) {
        const flow = streamFlow(frame.stream);
        if (flow) named(children, flow, direction, frame.offset, frame.length, from, end, 'http');
      } else if (frame.type !== 'PADDING' && (frame.type !== 'ACK' || !says)) children.push({ name: frame.type, start: from, end });
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
export const datagramName = (packets: readonly QuicPacket[]): string => (packets.length === 1 ? packets[0]!.level : [...new Set(packets.map((p) => p.level))].join(' + '));
