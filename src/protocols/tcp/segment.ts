/** A TCP segment as the model passes it on, and the length of its encoding (RFC 9293 §3.1, RFC 7323, RFC 2018). */

import type { PduRow } from '../../model/pdu';

/** Without options (RFC 9293 §3.1). */
export const TCP_HEADER_BYTES = 20;
export const FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, ECE = 64, CWR = 128;
/** ECN field of the IP header (RFC 3168 §5): this segment may be marked. */
export const ECT = 2;

/** Sequence numbers are relative to the initial one (SYN = 0), never wrapped. */
export interface Segment {
  readonly flags: number;
  readonly seq: number;
  /** 0 when ACK is not set. */
  readonly ack: number;
  /** The 16-bit field as sent. */
  readonly window: number;
  /** Payload bytes. */
  readonly len: number;
  /** RFC 7323 timestamp values in ns of the sender's clock (shown in ms), or -1 without the option. */
  readonly tsval: number;
  readonly tsecr: number;
  /** [left, right) pairs, most recent first; null without the option. */
  readonly sack: readonly number[] | null;
  /** Options of a SYN; -1 / false when absent. */
  readonly mss: number;
  readonly wscale: number;
  readonly sackPermitted: boolean;
  /** Fast Open cookie of a SYN (RFC 7413 §4.1.1): 0 asks for one; null without the option. */
  readonly fastOpen: number | null;
}
/** Bytes of a Fast Open cookie, as Linux makes them. */
export const FAST_OPEN_COOKIE_BYTES = 8;

/** A segment as it arrived: a router may have put a smaller MSS into a SYN. */
export function arrived(pdu: PduRow): Segment {
  const segment = pdu.body as Segment;
  return pdu.clampedMss > 0 ? { ...segment, mss: pdu.clampedMss } : segment;
}

/** Length of the header: 20 bytes and the options as Linux pads them. */
export function headerBytes(s: Pick<Segment, 'flags' | 'tsval' | 'sack' | 'mss' | 'wscale' | 'sackPermitted' | 'fastOpen'>): number {
  let options = 0;
  if (s.flags & SYN) {
    if (s.mss >= 0) options += 4;
    if (s.tsval >= 0) options += s.sackPermitted ? 12 : 12; // SACK-permitted takes the place of the two NOPs
    else if (s.sackPermitted) options += 4;
    if (s.wscale >= 0) options += 4;
    if (s.fastOpen !== null) options += s.fastOpen === 0 ? 4 : 4 + FAST_OPEN_COOKIE_BYTES; // kind, length, cookie, two NOPs
    return 20 + options;
  }
  if (s.tsval >= 0) options += 12;
  if (s.sack && s.sack.length > 0) options += 4 + s.sack.length * 4;
  return 20 + options;
}

/** Encodes header and options (checksum 0; the capture exporter fills it in). `isn` values shift the relative numbers. */
export function encodeSegment(s: Segment, srcPort: number, dstPort: number, isn: number, peerIsn: number): Uint8Array {
  const bytes = new Uint8Array(headerBytes(s));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, srcPort);
  view.setUint16(2, dstPort);
  view.setUint32(4, (s.seq + isn) >>> 0);
  view.setUint32(8, s.flags & ACK ? (s.ack + peerIsn) >>> 0 : 0);
  view.setUint8(12, (bytes.length / 4) << 4);
  view.setUint8(13, s.flags);
  view.setUint16(14, s.window);
  let at = 20;
  const put = (...values: number[]): void => {
    for (const value of values) bytes[at++] = value;
  };
  const put32 = (value: number): void => {
    view.setUint32(at, value >>> 0);
    at += 4;
  };
  const timestamps = (): void => {
    put(8, 10);
    put32(Math.floor(s.tsval / 1e6));
    put32(Math.floor(Math.max(0, s.tsecr) / 1e6));
  };
  if (s.flags & SYN) {
    if (s.mss >= 0) put(2, 4, s.mss >> 8, s.mss & 255);
    if (s.tsval >= 0) {
      if (s.sackPermitted) put(4, 2);
      else put(1, 1);
      timestamps();
    } else if (s.sackPermitted) put(1, 1, 4, 2);
    if (s.wscale >= 0) put(1, 3, 3, s.wscale);
    if (s.fastOpen !== null) {
      put(34, s.fastOpen === 0 ? 2 : 2 + FAST_OPEN_COOKIE_BYTES);
      if (s.fastOpen !== 0) for (let i = 0; i < FAST_OPEN_COOKIE_BYTES; i += 4) put32(s.fastOpen * (i + 1));
      put(1, 1);
    }
  } else {
    if (s.tsval >= 0) {
      put(1, 1);
      timestamps();
    }
    if (s.sack && s.sack.length > 0) {
      put(1, 1, 5, 2 + s.sack.length * 4);
      for (const edge of s.sack) put32(edge + peerIsn);
    }
  }
  return bytes;
}
