/**
 * How what a server says is cut: packets, records or QUIC's frames, HTTP's messages, whose they are, laid over each other byte by byte. Law:
 * pure; the packets stand in the order sent, end to end, each with all that it carries.
 */
import type { PduId, RequestId } from '../model/ids';
import type { PduRow } from '../model/pdu';
import { frameLength } from '../model/quic/frame';
import { headerLength, TAG_BYTES, type DatagramBody } from '../model/quic/packet';
import type { Flow, Message } from '../model/stream';
import { partsOfAnswers, transportOwners } from './answer-pieces';
import type { SharedConnection } from './streams';
import { once, type TraceIndex } from './trace-index';

export interface CutBox {
  /** Bytes of the picture, from its first packet's first. */
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly request: RequestId;
  readonly stream: number;
  /** It begins before, or ends behind, what is shown of it here. */
  readonly open: readonly [before: boolean, after: boolean];
  /** A packet. */
  readonly pdu: PduId;
}
export interface Packetization {
  readonly layers: readonly { readonly name: 'packets' | 'records' | 'frames' | 'messages'; readonly boxes: readonly CutBox[] }[];
  readonly bytes: number;
  /** The packet in the middle. */
  readonly pdu: PduId;
}
interface Piece {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly request: RequestId;
  readonly stream: number;
  readonly begins: boolean;
  readonly ends: boolean;
}
type Layer = Packetization['layers'][number]['name'];
type Pieces = Partial<Record<Layer, Piece[]>>;

/** The packets around `wanted`, where it is one of this connection's, else around the last that had arrived at `t`: so many before it and behind it; null where there is none. */
export function packetsAround(index: TraceIndex, connection: SharedConnection, t: number, reach: number, wanted: PduId = -1): Packetization | null {
  const packets = partsOfAnswers(index).find((c) => c.flow === connection.flow)?.packets ?? [];
  if (packets.length === 0) return null;
  let middle = packets.findIndex(({ pdu }) => pdu.id === wanted);
  if (middle < 0) middle = Math.max(0, packets.reduce((last, { pdu }, i) => (pdu.fateAt <= t ? i : last), -1));
  const shown = packets.slice(Math.max(0, middle - reach), middle + reach + 1);
  const cutter = connection.protocol === 'h3' ? quicCutter(index, connection) : tcpCutter(index, connection);
  const boxes = new Map<Layer, { key: string; begins: boolean; ends: boolean; box: CutBox }[]>();
  let at = 0;
  for (const { pdu } of shown) {
    const pieces = cutter(pdu);
    const whole: Piece = { key: `pdu ${pdu.id}`, from: 0, to: pdu.payload, name: String(pdu.id), request: -1, stream: -1, begins: true, ends: true };
    for (const [layer, list] of Object.entries({ packets: [whole], ...pieces }) as [Layer, Piece[]][]) {
      const row = boxes.get(layer) ?? [];
      boxes.set(layer, row);
      for (const p of list) {
        const last = row[row.length - 1];
        const box: CutBox = { from: at + p.from, to: at + p.to, name: p.name, request: p.request, stream: p.stream, open: [!p.begins, !p.ends], pdu: pdu.id };
        // what goes on at the beginning of the next packet is one
        if (last?.key === p.key && !last.ends && !p.begins) row[row.length - 1] = { ...last, ends: p.ends, box: { ...last.box, to: box.to, open: [last.box.open[0], !p.ends] } };
        else row.push({ key: p.key, begins: p.begins, ends: p.ends, box });
      }
    }
    at += pdu.payload;
  }
  const order: readonly Layer[] = ['packets', 'records', 'frames', 'messages'];
  return { bytes: at, pdu: packets[middle]!.pdu.id, layers: order.flatMap((name) => (boxes.has(name) ? [{ name, boxes: boxes.get(name)!.map((b) => b.box) }] : [])) };
}

function tcpCutter(index: TraceIndex, { flow }: SharedConnection): (pdu: PduRow) => Pieces {
  const { trace } = index;
  const transport = trace.flows[flow]!, inside = trace.flows.find((f) => f.protocol === 'tls' && f.below === flow);
  const owners = once(index, `owners ${flow}`, () => transportOwners(transport, inside));
  return (pdu) => {
    const start = pdu.streamStart, end = start + pdu.payload;
    const of = (items: readonly { readonly start: number; readonly end: number; readonly key: string; readonly name: string; readonly request: RequestId; readonly stream: number; readonly first: boolean; readonly last: boolean }[]): Piece[] =>
      items.filter((i) => i.start < end && i.end > start).map((i) => ({
        key: i.key, name: i.name, request: i.request, stream: i.stream, from: Math.max(i.start, start) - start, to: Math.min(i.end, end) - start, begins: i.first && i.start >= start, ends: i.last && i.end <= end,
      }));
    const records = transport.content[1].messages.filter((m) => m.start < end && m.end > start).map((m) => ({ start: m.start, end: m.end, key: `m${m.id}`, name: m.name, request: -1, stream: -1, first: true, last: true }));
    const near = owners.filter((o) => o.start < end && o.end > start && o.message);
    const messages = near.map((o) => ({ start: o.start, end: o.end, key: `m${o.message!.id}`, name: o.message!.name, request: o.request, stream: o.stream, first: isEdge(owners, o, true), last: isEdge(owners, o, false) }));
    return { ...(inside ? { records: of(records) } : {}), messages: of(messages) };
  };
}
/** Whether a part of a message that is cut by records is its first, or its last. */
function isEdge(owners: readonly { readonly start: number; readonly message: Message | null }[], o: { readonly start: number; readonly message: Message | null }, first: boolean): boolean {
  return !owners.some((other) => other.message === o.message && (first ? other.start < o.start : other.start > o.start));
}
function quicCutter(index: TraceIndex, { flow, answers }: SharedConnection): (pdu: PduRow) => Pieces {
  const { trace } = index;
  const streams = new Map<number, Flow>();
  for (const f of trace.flows) if (f.below === flow && f.protocol.startsWith('quic-stream-')) streams.set(Number(f.protocol.slice('quic-stream-'.length)), f);
  const requests = new Map(answers.map((a) => [a.stream, a.request.id]));
  return (pdu) => {
    const { packets } = ((pdu.body as { readonly message: Message }).message.body as DatagramBody);
    const frames: Piece[] = [], messages: Piece[] = [];
    let at = 0;
    for (const packet of packets) {
      at += headerLength(packet);
      for (const frame of packet.frames) {
        const length = frameLength(frame), stream = frame.type === 'STREAM' ? frame.stream : -1, request = requests.get(stream) ?? -1;
        frames.push({ key: `f${pdu.id} ${at}`, from: at, to: at + length, name: frame.type, request, stream, begins: true, ends: true });
        const content = streams.get(stream)?.content[1];
        if (frame.type === 'STREAM' && content) {
          const inside = at + length - frame.length;
          for (let i = content.indexAt(frame.offset); i >= 0 && i < content.messages.length && content.messages[i]!.start < frame.offset + frame.length; i++) {
            const m = content.messages[i]!, from = Math.max(m.start, frame.offset), to = Math.min(m.end, frame.offset + frame.length);
            messages.push({ key: `m${m.id}`, from: inside + from - frame.offset, to: inside + to - frame.offset, name: m.name, request, stream, begins: from === m.start, ends: to === m.end });
          }
        }
        at += length;
      }
      at += TAG_BYTES;
    }
    return { frames, messages };
  };
}
