/** HTTP/3's frames in qlog: who made one says so when it was written, who reads one when all of it is there. */
import { H3_FRAME, h3PayloadBytes, type H3Frame } from '../model/http3/frame';
import type { EventId } from '../model/ids';
import { varintBytes } from '../model/quic/varint';
import type { Flow, Message } from '../model/stream';
import type { Trace } from '../model/trace';

export interface FrameEvent {
  readonly at: number;
  readonly what: 'frame_created' | 'frame_parsed';
  readonly data: Readonly<Record<string, unknown>>;
}
/** Bytes of a frame behind its type and its length (RFC 9114 §7.1), from the bytes of the whole; `type`: bytes of its type. */
function payloadOf(whole: number, type: number): number {
  for (const length of [1, 2, 4, 8]) if (varintBytes(Math.max(0, whole - type - length)) === length) return whole - type - length;
  return whole;
}
/** Frames of one end of a connection; `old`: as version 0.3 has them, with the length under qvis’ name as well. */
export function http3Frames(trace: Trace, quic: Flow, side: 0 | 1, old: boolean): FrameEvent[] {
  const read = readTimes(trace, quic, side);
  const events: FrameEvent[] = [];
  for (const flow of trace.flows) {
    const [, id] = /^quic-stream-(\d+)$/.exec(flow.protocol) ?? [];
    if (flow.below !== quic.id || id === undefined) continue;
    for (const direction of [0, 1] as const) {
      for (const m of flow.content[direction].messages) {
        const frame = frameOf(m, old);
        const at = direction === side ? trace.time.at(m.writtenEvent) : read(Number(id), m.end);
        if (!frame || at < 0) continue;
        const length = payloadOf(m.bytes, varintBytes(H3_FRAME[(m.body as { frame: H3Frame }).frame.type]));
        events.push({ at, what: direction === side ? 'frame_created' : 'frame_parsed', data: { stream_id: Number(id), ...(old ? { length, byte_length: String(length) } : {}), frame } });
      }
    }
  }
  return events;
}
function frameOf(m: Message, old: boolean): unknown {
  const { frame } = (m.body ?? {}) as { frame?: H3Frame };
  if (frame?.type === 'HEADERS') return { frame_type: 'headers', headers: m.fields.map((f) => ({ name: f.name, value: String(f.value) })) };
  if (frame?.type === 'DATA') return { frame_type: 'data', ...(old ? {} : { raw: { payload_length: frame.content } }) };
  if (frame?.type === 'PRIORITY_UPDATE') return { frame_type: 'priority_update', stream_id: frame.prioritized, priority_field_value: frame.value, ...(old ? {} : { raw: { payload_length: h3PayloadBytes(frame) } }) };
  return null;
}
/** When this end had read a stream up to a byte; -1: never. */
function readTimes(trace: Trace, quic: Flow, side: 0 | 1): (stream: number, upTo: number) => number {
  const kind = trace.kinds.find((k) => k.name === 'quic.stream_read')?.id ?? -1;
  const host = side === 0 ? quic.initiator : quic.responder;
  const reads = new Map<number, EventId[]>();
  for (let e = 0; e < trace.kind.length; e++) {
    if (trace.kind.at(e) !== kind || trace.subject.at(e) !== quic.id || trace.endpoints[trace.where.at(e)]?.host !== host) continue;
    const stream = trace.a.at(e), list = reads.get(stream);
    if (list) list.push(e);
    else reads.set(stream, [e]);
  }
  return (stream, upTo) => {
    const event = reads.get(stream)?.find((e) => trace.b.at(e) >= upTo);
    return event === undefined ? -1 : trace.time.at(event);
  };
}
