/** HTTP/2 frames (RFC 9113 §4, §6): what they are as data, and their bytes. A DATA frame's content is nobody's business here. */
import { Writer } from '../tls/bytes';

/** RFC 9113 §6; PRIORITY_UPDATE: RFC 9218 §7.1. */
export const FRAME = { DATA: 0, HEADERS: 1, PRIORITY: 2, RST_STREAM: 3, SETTINGS: 4, PUSH_PROMISE: 5, PING: 6, GOAWAY: 7, WINDOW_UPDATE: 8, CONTINUATION: 9, PRIORITY_UPDATE: 16 } as const;
export type FrameName = keyof typeof FRAME;
export const FLAG = { ACK: 1, END_STREAM: 1, END_HEADERS: 4, PADDED: 8, PRIORITY: 0x20 } as const;
/** RFC 9113 §6.5.2; NO_RFC7540_PRIORITIES: RFC 9218 §2.1. */
export const SETTING = { HEADER_TABLE_SIZE: 1, ENABLE_PUSH: 2, MAX_CONCURRENT_STREAMS: 3, INITIAL_WINDOW_SIZE: 4, MAX_FRAME_SIZE: 5, MAX_HEADER_LIST_SIZE: 6, NO_RFC7540_PRIORITIES: 9 } as const;
export type SettingName = keyof typeof SETTING;
/** RFC 9113 §7. */
export const H2_ERRORS = [
  'NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT', 'STREAM_CLOSED', 'FRAME_SIZE_ERROR', 'REFUSED_STREAM',
  'CANCEL', 'COMPRESSION_ERROR', 'CONNECT_ERROR', 'ENHANCE_YOUR_CALM', 'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED',
] as const;
export type H2Error = (typeof H2_ERRORS)[number];

/** What the client says before its first frame (§3.4). */
export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
export const FRAME_HEADER_BYTES = 9;
/** Both windows, and the greatest frame, before anybody says otherwise (§6.9.2, §4.2); the greatest window there is (§6.9.1). */
export const DEFAULT_WINDOW = 65_535, DEFAULT_FRAME_SIZE = 16_384, MAX_WINDOW = 0x7fff_ffff;

/** Settings in the order in which they are said. */
export type Settings = readonly (readonly [SettingName, number])[];

/** RFC 7540 §5.3, deprecated by RFC 9113 §5.3.2 and still sent by Chromium. */
export interface StreamPriority {
  readonly exclusive: boolean;
  readonly dependsOn: number;
  /** 1 … 256. */
  readonly weight: number;
}

/** One frame. `content` bytes of DATA stand for bytes that are made when somebody wants to see them. */
export type Frame =
  | { readonly type: 'DATA'; readonly stream: number; readonly endStream: boolean; readonly content: number }
  | { readonly type: 'HEADERS'; readonly stream: number; readonly endStream: boolean; readonly block: Uint8Array; readonly priority?: StreamPriority }
  | { readonly type: 'PRIORITY'; readonly stream: number; readonly priority: StreamPriority }
  | { readonly type: 'RST_STREAM'; readonly stream: number; readonly error: H2Error }
  | { readonly type: 'SETTINGS'; readonly ack: boolean; readonly settings: Settings }
  | { readonly type: 'PING'; readonly ack: boolean; readonly opaque: Uint8Array }
  | { readonly type: 'GOAWAY'; readonly lastStream: number; readonly error: H2Error }
  | { readonly type: 'WINDOW_UPDATE'; readonly stream: number; readonly increment: number }
  | { readonly type: 'PRIORITY_UPDATE'; readonly prioritized: number; readonly value: string };

/** Bytes behind the frame's header. */
export function payloadBytes(f: Frame): number {
  switch (f.type) {
    case 'DATA': return f.content;
    case 'HEADERS': return f.block.length + (f.priority ? 5 : 0);
    case 'PRIORITY': return 5;
    case 'RST_STREAM': case 'WINDOW_UPDATE': return 4;
    case 'SETTINGS': return 6 * f.settings.length;
    case 'PING': case 'GOAWAY': return 8;
    case 'PRIORITY_UPDATE': return 4 + f.value.length;
  }
}
/** The stream that a frame belongs to; 0 for the connection (§5.1.1). */
export const streamOf = (f: Frame): number => ('stream' in f ? f.stream : 0);

function flagsOf(f: Frame): number {
  switch (f.type) {
    case 'DATA': return f.endStream ? FLAG.END_STREAM : 0;
    case 'HEADERS': return FLAG.END_HEADERS | (f.endStream ? FLAG.END_STREAM : 0) | (f.priority ? FLAG.PRIORITY : 0);
    case 'SETTINGS': case 'PING': return f.ack ? FLAG.ACK : 0;
    default: return 0;
  }
}
/** A frame's bytes; of DATA the header only, its content follows. */
export function frameBytes(f: Frame): Uint8Array {
  const w = new Writer().u24(payloadBytes(f)).u8(FRAME[f.type]).u8(flagsOf(f)).u32(streamOf(f));
  const dependency = (p: StreamPriority): Writer => w.u32(p.dependsOn + (p.exclusive ? 0x8000_0000 : 0)).u8(p.weight - 1);
  switch (f.type) {
    case 'DATA': break;
    case 'HEADERS':
      if (f.priority) dependency(f.priority);
      w.raw(f.block);
      break;
    case 'PRIORITY': dependency(f.priority); break;
    case 'RST_STREAM': w.u32(H2_ERRORS.indexOf(f.error)); break;
    case 'SETTINGS': for (const [name, value] of f.settings) w.u16(SETTING[name]).u32(value); break;
    case 'PING': w.raw(f.opaque); break;
    case 'GOAWAY': w.u32(f.lastStream).u32(H2_ERRORS.indexOf(f.error)); break;
    case 'WINDOW_UPDATE': w.u32(f.increment); break;
    case 'PRIORITY_UPDATE': w.u32(f.prioritized); for (let i = 0; i < f.value.length; i++) w.u8(f.value.charCodeAt(i)); break;
  }
  return w.done();
}
