/** ICMP destination unreachable, fragmentation needed and DF set (RFC 792, RFC 1191 §4): what a router says of a packet that is too big. */
import { IPV4_HEADER_BYTES } from './ip';
import type { PduRow } from './pdu';

export const ICMP_HEADER_BYTES = 8;
/** A router returns as much of the packet as leaves the message at 576 bytes (RFC 1812 §4.3.2.3). */
const MOST_BYTES = 576;

export interface IcmpTooBig {
  /** MTU of the next hop. */
  readonly mtu: number;
  /** The packet that did not pass. */
  readonly about: PduRow;
}
/** Length of the IP packet that tells of one with `bytes`. */
export const icmpTooBigBytes = (bytes: number): number => Math.min(MOST_BYTES, IPV4_HEADER_BYTES + ICMP_HEADER_BYTES + bytes);

/** Header and the beginning of the packet that did not pass; checksum 0. */
export function encodeIcmpTooBig(mtu: number, about: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(icmpTooBigBytes(about.length) - IPV4_HEADER_BYTES);
  bytes[0] = 3; // destination unreachable
  bytes[1] = 4; // fragmentation needed and DF set
  bytes[6] = mtu >> 8;
  bytes[7] = mtu & 255;
  bytes.set(about.subarray(0, bytes.length - ICMP_HEADER_BYTES), ICMP_HEADER_BYTES);
  return bytes;
}
