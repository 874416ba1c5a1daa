/** HTTP/3 frames and one-way streams (RFC 9114 §6.2, §7): what they are as data, and their bytes. A DATA frame's content is nobody's business here. */
import { varintBytes, writeVarint } from '../quic/varint';
import { ascii, Writer } from '../tls/bytes';

/** RFC 9114 §11.2.1; PRIORITY_UPDATE for a request stream: RFC 9218 §7.2. */
export const H3_FRAME = { DATA: 0x00, HEADERS: 0x01, CANCEL_PUSH: 0x03, SETTINGS: 0x04, PUSH_PROMISE: 0x05, GOAWAY: 0x07, MAX_PUSH_ID: 0x0d, PRIORITY_UPDATE: 0xf0700 } as const;
/** RFC 9114 §6.2, RFC 9204 §4.2. */
export const H3_STREAM = { control: 0x00, push: 0x01, 'QPACK encoder': 0x02, 'QPACK decoder': 0x03 } as const;
export type H3StreamType = keyof typeof H3_STREAM;
/** RFC 9114 §7.2.4.1, RFC 9204 §5, RFC 9297 §2.1.1. */
export const H3_SETTING = { QPACK_MAX_TABLE_CAPACITY: 0x01, MAX_FIELD_SECTION_SIZE: 0x06, QPACK_BLOCKED_STREAMS: 0x07, ENABLE_CONNECT_PROTOCOL: 0x08, H3_DATAGRAM: 0x33 } as const;
export type H3SettingName = keyof typeof H3_SETTING;
/** RFC 9114 §8.1, RFC 9204 §6. */
export const H3_ERROR = {
  NO_ERROR: 0x100, GENERAL_PROTOCOL_ERROR: 0x101, INTERNAL_ERROR: 0x102, STREAM_CREATION_ERROR: 0x103, CLOSED_CRITICAL_STREAM: 0x104, FRAME_UNEXPECTED: 0x105, FRAME_ERROR: 0x106, EXCESSIVE_LOAD: 0x107,
  ID_ERROR: 0x108, SETTINGS_ERROR: 0x109, MISSING_SETTINGS: 0x10a, REQUEST_REJECTED: 0x10b, REQUEST_CANCELLED: 0x10c, REQUEST_INCOMPLETE: 0x10d, MESSAGE_ERROR: 0x10e, CONNECT_ERROR: 0x10f, VERSION_FALLBACK: 0x110,
  QPACK_DECOMPRESSION_FAILED: 0x200, QPACK_ENCODER_STREAM_ERROR: 0x201, QPACK_DECODER_STREAM_ERROR: 0x202,
} as const;

export type H3Settings = readonly (readonly [H3SettingName, number])[];
export type H3Frame =
  | { readonly type: 'DATA'; readonly content: number }
  | { readonly type: 'HEADERS'; readonly section: Uint8Array }
  | { readonly type: 'SETTINGS'; readonly settings: H3Settings }
  | { readonly type: 'GOAWAY'; readonly id: number }
  | { readonly type: 'PRIORITY_UPDATE'; readonly prioritized: number; readonly value: string };

/** Bytes behind type and length. */
export function h3PayloadBytes(f: H3Frame): number {
  switch (f.type) {
    case 'DATA': return f.content;
    case 'HEADERS': return f.section.length;
    case 'SETTINGS': return f.settings.reduce((sum, [name, value]) => sum + varintBytes(H3_SETTING[name]) + varintBytes(value), 0);
    case 'GOAWAY': return varintBytes(f.id);
    case 'PRIORITY_UPDATE': return varintBytes(f.prioritized) + f.value.length;
  }
}
/** Bytes of type and length. */
export const h3HeaderBytes = (f: H3Frame): number => varintBytes(H3_FRAME[f.type]) + varintBytes(h3PayloadBytes(f));
/** A frame's bytes; of DATA the header only, its content follows. */
export function h3FrameBytes(f: H3Frame): Uint8Array {
  const w = writeVarint(writeVarint(new Writer(), H3_FRAME[f.type]), h3PayloadBytes(f));
  switch (f.type) {
    case 'DATA': break;
    case 'HEADERS': w.raw(f.section); break;
    case 'SETTINGS': for (const [name, value] of f.settings) writeVarint(writeVarint(w, H3_SETTING[name]), value); break;
    case 'GOAWAY': writeVarint(w, f.id); break;
    case 'PRIORITY_UPDATE': writeVarint(w, f.prioritized).raw(ascii(f.value)); break;
  }
  return w.done();
}
