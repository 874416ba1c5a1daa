/** IPv4 and UDP headers (RFC 791, RFC 768): their encoding, from which their lengths follow, and the Internet checksum (RFC 1071). */

/** Header fields that the model varies. */
export interface Ipv4Header {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly payloadBytes: number;
  readonly identification: number;
  /** DSCP and ECN (RFC 2474, RFC 3168 §5); 0 when absent. */
  readonly tos?: number;
  /** Routers may take it apart; else DF is set. */
  readonly mayFragment?: boolean;
}

/** A header without options, DF set unless it is said otherwise, TTL 64, checksum filled in. */
export function encodeIpv4(h: Ipv4Header): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x45);
  view.setUint8(1, h.tos ?? 0);
  view.setUint16(2, bytes.length + h.payloadBytes);
  view.setUint16(4, h.identification & 0xffff);
  view.setUint16(6, h.mayFragment ? 0 : 0x4000);
  view.setUint8(8, 64);
  view.setUint8(9, h.protocol);
  bytes.set(addressBytes(h.source), 12);
  bytes.set(addressBytes(h.destination), 16);
  view.setUint16(10, checksum(bytes));
  return bytes;
}
export function encodeUdp(srcPort: number, dstPort: number, payloadBytes: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, srcPort);
  view.setUint16(2, dstPort);
  view.setUint16(4, bytes.length + payloadBytes);
  return bytes;
}
/** Dotted decimal to four bytes; anything else is 0.0.0.0. */
export function addressBytes(address: string): Uint8Array {
  const parts = address.split('.').map(Number);
  return Uint8Array.from(parts.length === 4 && parts.every((p) => p >= 0 && p < 256) ? parts : [0, 0, 0, 0]);
}
/** One's complement sum of 16-bit words. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 65536);
  return ~sum & 0xffff;
}

export const IPV4_HEADER_BYTES = encodeIpv4({ source: '', destination: '', protocol: 6, payloadBytes: 0, identification: 0 }).length;
export const UDP_HEADER_BYTES = encodeUdp(0, 0, 0).length;
