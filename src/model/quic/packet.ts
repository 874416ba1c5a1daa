/** QUIC packets and the datagrams that carry them (RFC 9000 §12, §17): headers, coalescing, and their lengths. */
import type { ChildRange } from '../carried';
import { Writer } from '../tls/bytes';
import { frameLength, hexBytes, isAckEliciting, type Hex, type QuicFrame } from './frame';
import { writeVarint } from './varint';

/** Encryption levels in the order of the handshake (RFC 9001 §2.1). */
export const LEVELS = ['Initial', '0-RTT', 'Handshake', '1-RTT'] as const;
export type Level = (typeof LEVELS)[number];
/** Packet number spaces (RFC 9000 §12.3). */
export type Space = 'Initial' | 'Handshake' | 'Application';
export const SPACES: readonly Space[] = ['Initial', 'Handshake', 'Application'];
export const spaceOf = (level: Level): Space => (level === 'Initial' || level === 'Handshake' ? level : 'Application');

export const QUIC_V1 = 0x0000_0001;
/** draft-ietf-quic-transport-29, which browsers spoke in 2020. */
export const OLD_VERSION = 0xff00_001d;
/** RFC 9000 §14.1: the smallest datagram that may carry an Initial of a client. */
export const MIN_INITIAL_DATAGRAM = 1200;
/** RFC 9001 §5.3: the AEAD's tag. */
export const TAG_BYTES = 16;

export interface QuicPacket {
  readonly level: Level;
  readonly number: number;
  /** Bytes of the packet number as sent (§17.1). */
  readonly numberBytes: 1 | 2 | 3 | 4;
  readonly destination: Hex;
  /** Of long headers. */
  readonly source: Hex;
  /** Of Initial packets: from a Retry or NEW_TOKEN; empty for none. */
  readonly token: Hex;
  readonly version: number;
  /** Of 1-RTT packets: how many key updates came before; the last bit of it is in the header (RFC 9001 §6). */
  readonly keyPhase: number;
  readonly frames: readonly QuicFrame[];
}
/** A packet without number and protection: what a server says instead of opening a connection (§17.2.1, §17.2.5). */
export type BarePacket =
  | { readonly bare: 'Version Negotiation'; readonly destination: Hex; readonly source: Hex; readonly versions: readonly number[] }
  | { readonly bare: 'Retry'; readonly destination: Hex; readonly source: Hex; readonly token: Hex; readonly original: Hex };

/** Body of a datagram's `Message`. `children`: what is inside and where, for selectors and captions. */
export interface DatagramBody {
  readonly packets: readonly QuicPacket[];
  readonly bare?: BarePacket;
  readonly children: readonly ChildRange[];
}

const LONG = 0xc0, SHORT = 0x40;
const TYPE_BITS: Readonly<Record<Level, number>> = { Initial: 0x00, '0-RTT': 0x10, Handshake: 0x20, '1-RTT': 0 };
/** The length of a long header's packet stands in two bytes, whatever it is: it is written before the payload is known. */
const LENGTH_BYTES = 2;

/** Bytes of the header, packet number included. */
export function headerLength(p: Pick<QuicPacket, 'level' | 'numberBytes' | 'destination' | 'source' | 'token'>): number {
  if (p.level === '1-RTT') return 1 + p.destination.length / 2 + p.numberBytes;
  const token = p.level === 'Initial' ? tokenBytes(p.token) : 0;
  return 1 + 4 + 1 + p.destination.length / 2 + 1 + p.source.length / 2 + token + LENGTH_BYTES + p.numberBytes;
}
const tokenBytes = (token: Hex): number => (token.length / 2 < 0x40 ? 1 : 2) + token.length / 2;
/** Bytes of all frames. */
export function payloadLength(frames: readonly QuicFrame[]): number {
  let length = 0;
  for (const f of frames) length += frameLength(f);
  return length;
}
export const packetLength = (p: QuicPacket): number => headerLength(p) + payloadLength(p.frames) + TAG_BYTES;
/** Bytes of coalesced packets together (RFC 9000 §12.2). */
export const datagramLength = (packets: readonly QuicPacket[]): number => packets.reduce((sum, p) => sum + packetLength(p), 0);
/** RFC 9001 §5.4.2: number and payload together have at least four bytes, so that there is something to sample. */
export const leastPayload = (numberBytes: number): number => 4 - numberBytes;
export function elicitsAck({ frames }: Pick<QuicPacket, 'frames'>): boolean {
  for (const f of frames) if (isAckEliciting(f)) return true;
  return false;
}

/** The header in clear, the packet number last (§17.2, §17.3). */
export function headerBytes(p: QuicPacket): Uint8Array {
  const w = new Writer();
  const number = (): Writer => {
    for (let i = p.numberBytes - 1; i >= 0; i--) w.u8(Math.floor(p.number / BYTE[i]!) % 256);
    return w;
  };
  if (p.level === '1-RTT') {
    w.u8(SHORT | ((p.keyPhase & 1) << 2) | (p.numberBytes - 1)).raw(hexBytes(p.destination));
    return number().done();
  }
  w.u8(LONG | TYPE_BITS[p.level] | (p.numberBytes - 1)).u32(p.version).opaque(1, hexBytes(p.destination)).opaque(1, hexBytes(p.source));
  if (p.level === 'Initial') writeVarint(w, p.token.length / 2).raw(hexBytes(p.token));
  writeVarint(w, p.numberBytes + payloadLength(p.frames) + TAG_BYTES, LENGTH_BYTES);
  return number().done();
}
const BYTE = [1, 0x100, 0x1_0000, 0x100_0000] as const;

/** A bare packet; a Retry's integrity tag is put behind it. */
export function bareBytes(p: BarePacket): Uint8Array {
  const w = new Writer().u8(p.bare === 'Retry' ? LONG | 0x30 : 0x80).u32(p.bare === 'Retry' ? QUIC_V1 : 0).opaque(1, hexBytes(p.destination)).opaque(1, hexBytes(p.source));
  if (p.bare === 'Retry') return w.raw(hexBytes(p.token)).done();
  for (const version of p.versions) w.u32(version);
  return w.done();
}
export const bareLength = (p: BarePacket): number => 7 + (p.destination.length + p.source.length) / 2 + (p.bare === 'Retry' ? p.token.length / 2 + TAG_BYTES : 4 * p.versions.length);
