/** ICMP destination unreachable, fragmentation needed and DF set (RFC 792, RFC 1191 §4): what a router says of a packet that is too big. */
import { IPV4_HEADER_BYTES } from './ip';
import type { PduRow } from './pdu';

export const ICMP_HEADER_BYTES = 8;
/** Of the packet that did not pass: its IP header and 64 bits (RFC 792), as routers in hardware return it; Linux returns up to 548 bytes (RFC 1812 §4.3.2.3). */
const RETURNED_BYTES = IPV4_HEADER_BYTES + 8;

export interface IcmpTooBig {
  /** MTU of the next hop. */
  readonly mtu: number;
  /** The packet that did not pass. */
  readonly about: PduRow;
}
/** Length of the IP packet that tells of one that did not pass. */
export const ICMP_TOO_BIG_BYTES = IPV4_HEADER_BYTES + ICMP_HEADER_BYTES + RETURNED_BYTES;

/** Header and the beginning of the packet that did not pass; checksum 0. */
export function encodeIcmpTooBig(mtu: number, about: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(ICMP_HEADER_BYTES + RETURNED_BYTES);
  bytes[0] = 3; // destination unreachable
  bytes[1] = 4; // fragmentation needed and DF set
  bytes[6] = mtu >> 8;
  bytes[7] = mtu & 255;
  bytes.set(about.subarray(0, RETURNED_BYTES), ICMP_HEADER_BYTES);
  return bytes;
}
