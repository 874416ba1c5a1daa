/**
 * QUIC frames (RFC 9000 §12.4, §19): what they are as data, and their bytes. The content of CRYPTO and STREAM frames is a range of a
 * stream; its bytes are made when somebody wants to see them. Law: a frame's length is the length of its encoding.
 */
import { Writer } from '../tls/bytes';
import { varintBytes, writeVarint } from './varint';

/** RFC 9000 table 3. STREAM's low bits: OFF 4, LEN 2, FIN 1. */
export const QUIC_FRAME = {
  PADDING: 0x00, PING: 0x01, ACK: 0x02, RESET_STREAM: 0x04, STOP_SENDING: 0x05, CRYPTO: 0x06, NEW_TOKEN: 0x07, STREAM: 0x08, MAX_DATA: 0x10, MAX_STREAM_DATA: 0x11, MAX_STREAMS_BIDI: 0x12,
  MAX_STREAMS_UNI: 0x13, DATA_BLOCKED: 0x14, STREAM_DATA_BLOCKED: 0x15, STREAMS_BLOCKED_BIDI: 0x16, STREAMS_BLOCKED_UNI: 0x17, NEW_CONNECTION_ID: 0x18, RETIRE_CONNECTION_ID: 0x19,
  PATH_CHALLENGE: 0x1a, PATH_RESPONSE: 0x1b, CONNECTION_CLOSE: 0x1c, CONNECTION_CLOSE_APP: 0x1d, HANDSHAKE_DONE: 0x1e,
} as const;
export type QuicFrameName = keyof typeof QUIC_FRAME;

/** Packet numbers from `low` to `high`, both of them in. */
export type NumberRange = readonly [low: number, high: number];

/** Hexadecimal, two digits for each byte. */
export type Hex = string;

/** One frame. Numbers of bytes, streams and errors as they stand in it; `delay` in µs before it is scaled (§19.3). */
export type QuicFrame =
  | { readonly type: 'PADDING'; readonly length: number }
  | { readonly type: 'PING' | 'HANDSHAKE_DONE' }
  /** Ranges from the greatest down. */
  | { readonly type: 'ACK'; readonly ranges: readonly NumberRange[]; readonly delay: number; readonly exponent: number }
  | { readonly type: 'RESET_STREAM'; readonly stream: number; readonly error: number; readonly finalSize: number }
  | { readonly type: 'STOP_SENDING'; readonly stream: number; readonly error: number }
  /** `at`: where its bytes stand among all that this end says in CRYPTO frames, of all levels; `offset` counts within its level (§19.6). */
  | { readonly type: 'CRYPTO'; readonly offset: number; readonly length: number; readonly at: number }
  | { readonly type: 'NEW_TOKEN'; readonly token: Hex }
  /** `open`: without a length, to the end of the packet. */
  | { readonly type: 'STREAM'; readonly stream: number; readonly offset: number; readonly length: number; readonly fin: boolean; readonly open: boolean }
  | { readonly type: 'MAX_DATA' | 'DATA_BLOCKED'; readonly limit: number }
  | { readonly type: 'MAX_STREAM_DATA' | 'STREAM_DATA_BLOCKED'; readonly stream: number; readonly limit: number }
  | { readonly type: 'MAX_STREAMS_BIDI' | 'MAX_STREAMS_UNI' | 'STREAMS_BLOCKED_BIDI' | 'STREAMS_BLOCKED_UNI'; readonly limit: number }
  | { readonly type: 'NEW_CONNECTION_ID'; readonly sequence: number; readonly retirePriorTo: number; readonly id: Hex; readonly token: Hex }
  | { readonly type: 'RETIRE_CONNECTION_ID'; readonly sequence: number }
  | { readonly type: 'PATH_CHALLENGE' | 'PATH_RESPONSE'; readonly data: Hex }
  | { readonly type: 'CONNECTION_CLOSE'; readonly error: number; readonly frameType: number; readonly reason: string }
  | { readonly type: 'CONNECTION_CLOSE_APP'; readonly error: number; readonly reason: string };

const TOKEN_BYTES = 16;
export const hexBytes = (text: Hex): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (b) => parseInt(b, 16));
export const hexOf = (bytes: ArrayLike<number>): Hex => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** §13.2: frames that must be acknowledged; the others go into packets that need not be. */
export const isAckEliciting = ({ type }: QuicFrame): boolean => type !== 'PADDING' && type !== 'ACK' && type !== 'CONNECTION_CLOSE' && type !== 'CONNECTION_CLOSE_APP';

/** Bytes that an ACK's delay and ranges take, and their encoding, are one thing: the numbers after the type (§19.3, §19.3.1). */
function ackNumbers({ ranges, delay, exponent }: Extract<QuicFrame, { type: 'ACK' }>): number[] {
  const [low, high] = ranges[0]!;
  const numbers = [high, Math.floor(delay / (1 << exponent)), ranges.length - 1, high - low];
  for (let i = 1; i < ranges.length; i++) numbers.push(ranges[i - 1]![0] - ranges[i]![1] - 2, ranges[i]![1] - ranges[i]![0]);
  return numbers;
}
/** As many bytes as those take, and the type; ACKs are many, so this is counted without a list. */
function ackBytes({ ranges, delay, exponent }: Extract<QuicFrame, { type: 'ACK' }>): number {
  const [low, high] = ranges[0]!;
  let length = 1 + varintBytes(high) + varintBytes(Math.floor(delay / (1 << exponent))) + varintBytes(ranges.length - 1) + varintBytes(high - low);
  for (let i = 1; i < ranges.length; i++) length += varintBytes(ranges[i - 1]![0] - ranges[i]![1] - 2) + varintBytes(ranges[i]![1] - ranges[i]![0]);
  return length;
}
/** The integers of a frame in their order, where it is made of integers only. */
function numbersOf(f: QuicFrame): readonly number[] {
  switch (f.type) {
    case 'ACK': return ackNumbers(f);
    case 'RESET_STREAM': return [f.stream, f.error, f.finalSize];
    case 'STOP_SENDING': return [f.stream, f.error];
    case 'CRYPTO': return [f.offset, f.length];
    case 'STREAM': return [f.stream, ...(f.offset > 0 ? [f.offset] : []), ...(f.open ? [] : [f.length])];
    case 'MAX_DATA': case 'DATA_BLOCKED': case 'MAX_STREAMS_BIDI': case 'MAX_STREAMS_UNI': case 'STREAMS_BLOCKED_BIDI': case 'STREAMS_BLOCKED_UNI': return [f.limit];
    case 'MAX_STREAM_DATA': case 'STREAM_DATA_BLOCKED': return [f.stream, f.limit];
    case 'NEW_CONNECTION_ID': return [f.sequence, f.retirePriorTo];
    case 'RETIRE_CONNECTION_ID': return [f.sequence];
    case 'NEW_TOKEN': return [f.token.length / 2];
    case 'CONNECTION_CLOSE': return [f.error, f.frameType, f.reason.length];
    case 'CONNECTION_CLOSE_APP': return [f.error, f.reason.length];
    default: return [];
  }
}
/** Bytes behind the integers: given ones, or content. */
function tailBytes(f: QuicFrame): number {
  switch (f.type) {
    case 'CRYPTO': case 'STREAM': return f.length;
    case 'NEW_TOKEN': return f.token.length / 2;
    case 'NEW_CONNECTION_ID': return 1 + f.id.length / 2 + TOKEN_BYTES;
    case 'PATH_CHALLENGE': case 'PATH_RESPONSE': return 8;
    case 'CONNECTION_CLOSE': case 'CONNECTION_CLOSE_APP': return f.reason.length;
    default: return 0;
  }
}
/** Length of a frame's encoding. */
export function frameLength(f: QuicFrame): number {
  if (f.type === 'PADDING') return f.length;
  if (f.type === 'STREAM') return streamOverhead(f.stream, f.offset, f.length, f.open) + f.length;
  if (f.type === 'CRYPTO') return cryptoOverhead(f.offset, f.length) + f.length;
  if (f.type === 'ACK') return ackBytes(f);
  let length = 1 + tailBytes(f);
  for (const n of numbersOf(f)) length += varintBytes(n);
  return length;
}
/** Bytes of a STREAM frame in front of its content. */
export const streamOverhead = (stream: number, offset: number, length: number, open: boolean): number => 1 + varintBytes(stream) + (offset > 0 ? varintBytes(offset) : 0) + (open ? 0 : varintBytes(length));
export const cryptoOverhead = (offset: number, length: number): number => 1 + varintBytes(offset) + varintBytes(length);

const typeOf = (f: QuicFrame): number => QUIC_FRAME[f.type] | (f.type === 'STREAM' ? (f.offset > 0 ? 4 : 0) | (f.open ? 0 : 2) | (f.fin ? 1 : 0) : 0);

/** Writes a frame; `content` gives the bytes of a CRYPTO or STREAM frame. */
export function writeFrame(w: Writer, f: QuicFrame, content: (f: Extract<QuicFrame, { type: 'CRYPTO' | 'STREAM' }>) => Uint8Array): void {
  if (f.type === 'PADDING') return void w.raw(new Uint8Array(f.length));
  w.u8(typeOf(f));
  for (const n of numbersOf(f)) writeVarint(w, n);
  switch (f.type) {
    case 'CRYPTO': case 'STREAM': return void w.raw(content(f));
    case 'NEW_TOKEN': return void w.raw(hexBytes(f.token));
    case 'NEW_CONNECTION_ID': return void w.opaque(1, hexBytes(f.id)).raw(hexBytes(f.token));
    case 'PATH_CHALLENGE': case 'PATH_RESPONSE': return void w.raw(hexBytes(f.data));
    case 'CONNECTION_CLOSE': case 'CONNECTION_CLOSE_APP': for (let i = 0; i < f.reason.length; i++) w.u8(f.reason.charCodeAt(i));
  }
}
