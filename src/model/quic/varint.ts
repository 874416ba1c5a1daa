/** Integers of QUIC: with their length in the first two bits (RFC 9000 §16), and packet numbers cut short (§17.1, §A.2, §A.3). */
import type { Writer } from '../tls/bytes';

/** A number here holds 53 bits exactly; no length, offset or limit comes near. */
export const MAX_VARINT = Number.MAX_SAFE_INTEGER;

/** Bytes of the shortest encoding. */
export const varintBytes = (value: number): 1 | 2 | 4 | 8 => (value < 0x40 ? 1 : value < 0x4000 ? 2 : value < 0x4000_0000 ? 4 : 8);
/** Writes `value` in `bytes` bytes, as few as can be unless more are asked for. */
export function writeVarint(w: Writer, value: number, bytes: 1 | 2 | 4 | 8 = varintBytes(value)): Writer {
  if (bytes === 1) return w.u8(value);
  if (bytes === 2) return w.u16(0x4000 | value);
  if (bytes === 4) return w.u32(0x8000_0000 + value);
  return w.u32(0xc000_0000 + Math.floor(value / 0x1_0000_0000)).u32(value % 0x1_0000_0000);
}
/** Reads one at `at`; null when the bytes end too early or the value has more than 53 bits. */
export function readVarint(bytes: ArrayLike<number>, at: number): { readonly value: number; readonly next: number } | null {
  if (at >= bytes.length) return null;
  const next = at + (1 << (bytes[at]! >> 6));
  if (next > bytes.length) return null;
  let value = bytes[at]! & 0x3f;
  for (let i = at + 1; i < next; i++) value = value * 256 + bytes[i]!;
  return value > MAX_VARINT ? null : { value, next };
}

/** Bytes that a packet number needs, so that the peer, which has acknowledged up to `largestAcked` (-1: nothing), finds the whole again (§A.2). */
export function packetNumberBytes(number: number, largestAcked: number): 1 | 2 | 3 | 4 {
  const unacked = number - largestAcked;
  return unacked < 0x80 ? 1 : unacked < 0x8000 ? 2 : unacked < 0x80_0000 ? 3 : 4;
}
/** How many numbers that many bytes tell apart. */
const WINDOWS = [1, 0x100, 0x1_0000, 0x100_0000, 0x1_0000_0000] as const;
/** The number whose low `bytes` bytes are `truncated`, nearest to what comes after `largest` (§A.3). */
export function wholePacketNumber(truncated: number, bytes: 1 | 2 | 3 | 4, largest: number): number {
  const expected = largest + 1, window = WINDOWS[bytes];
  const candidate = expected - (expected % window) + truncated;
  if (candidate <= expected - window / 2) return candidate + window;
  if (candidate > expected + window / 2 && candidate >= window) return candidate - window;
  return candidate;
}
