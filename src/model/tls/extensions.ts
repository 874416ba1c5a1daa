/** TLS extensions: their numbers (RFC 8446 §4.2, IANA) and the content that hellos give them. */
import { ascii, asciiText, Reader, Writer } from './bytes';
import type { Extension } from './handshake';

export const EXTENSION = {
  serverName: 0, statusRequest: 5, supportedGroups: 10, ecPointFormats: 11, signatureAlgorithms: 13, alpn: 16, signedCertificateTimestamp: 18, padding: 21,
  encryptThenMac: 22, extendedMasterSecret: 23, compressCertificate: 27, sessionTicket: 35, preSharedKey: 41, earlyData: 42, supportedVersions: 43, pskKeyExchangeModes: 45,
  postHandshakeAuth: 49, keyShare: 51, quicTransportParameters: 0x39, applicationSettings: 17613, trustAnchors: 0xca34, encryptedClientHello: 0xfe0d, renegotiationInfo: 0xff01,
} as const;
export const GROUP = { secp256r1: 23, secp384r1: 24, secp521r1: 25, x25519: 29, x448: 30, x25519MlKem768: 4588 } as const;
/** Bytes of a key share: RFC 8446 §4.2.8.2; P-256 as an uncompressed point. */
/** Of a server's share where the two differ: ML-KEM-768 answers with a ciphertext (draft-ietf-tls-ecdhe-mlkem §4.2). */
export const SHARE_BYTES: Readonly<Record<number, number>> = { 23: 65, 29: 32, 4588: 1088 + 32 };
export const VERSION_CODE = { '1.2': 0x0303, '1.3': 0x0304 } as const;

/** An extension whose content is written by `fill`; without it, an empty one. */
export const extension = (id: number, fill?: (w: Writer) => void): Extension => {
  const w = new Writer();
  fill?.(w);
  return { id, data: w.done() };
};
/** RFC 6066 §3. */
export const serverName = (name: string): Extension => extension(EXTENSION.serverName, (w) => w.vector(2, (list) => list.u8(0).opaque(2, ascii(name))));
/** RFC 7301 §3.1: a list in the client's hello, one name in the server's answer. */
export const alpn = (protocols: readonly string[]): Extension =>
  extension(EXTENSION.alpn, (w) => w.vector(2, (list) => protocols.forEach((p) => list.opaque(1, ascii(p)))));
export const u16List = (id: number, items: readonly number[]): Extension => extension(id, (w) => w.vector(2, (list) => items.forEach((g) => list.u16(g))));
/** RFC 8422 §5.1.2. */
export const ecPointFormats = (formats: readonly number[]): Extension => extension(EXTENSION.ecPointFormats, (w) => w.opaque(1, formats));
/** RFC 8446 §4.2.1. */
export const offeredVersions = (codes: readonly number[]): Extension =>
  extension(EXTENSION.supportedVersions, (w) => w.vector(1, (list) => codes.forEach((c) => list.u16(c))));
/** RFC 8446 §4.2.8. */
export const offeredShares = (shares: readonly { readonly group: number; readonly key: Uint8Array }[]): Extension =>
  extension(EXTENSION.keyShare, (w) => w.vector(2, (list) => shares.forEach((s) => list.u16(s.group).opaque(2, s.key))));
export const chosenShare = (group: number, key: Uint8Array): Extension => extension(EXTENSION.keyShare, (w) => w.u16(group).opaque(2, key));
/** The group that a HelloRetryRequest asks for (RFC 8446 §4.2.8). */
export const selectedGroup = (group: number): Extension => extension(EXTENSION.keyShare, (w) => w.u16(group));
/** psk_dhe_ke: RFC 8446 §4.2.9. */
export const pskModes = (): Extension => extension(EXTENSION.pskKeyExchangeModes, (w) => w.opaque(1, [1]));

/** RFC 8446 §4.2.11: one ticket with its obfuscated age, and the proof that its secret is known. The last extension of a hello. */
export const offeredPsk = (ticket: Uint8Array, obfuscatedAge: number, binder: Uint8Array): Extension =>
  extension(EXTENSION.preSharedKey, (w) => w.vector(2, (ids) => ids.opaque(2, ticket).u32(obfuscatedAge >>> 0)).vector(2, (list) => list.opaque(1, binder)));
/** The server takes the first ticket. */
export const chosenPsk = (): Extension => extension(EXTENSION.preSharedKey, (w) => w.u16(0));
/** Of a ticket: how many bytes of early data it allows (RFC 8446 §4.6.1). */
export const maxEarlyData = (bytes: number): Extension => extension(EXTENSION.earlyData, (w) => w.u32(bytes));

/** The name of a server_name extension; empty when it has none. */
export function readServerName(data: Uint8Array): string {
  const names = new Reader(data).list(2, (r) => ({ type: r.u8(), name: r.opaque(2) }));
  return asciiText(names.find((n) => n.type === 0)?.name ?? []);
}
export const readAlpn = (data: Uint8Array): string[] => new Reader(data).list(2, (r) => asciiText(r.opaque(1)));
export const readU16List = (data: Uint8Array): number[] => new Reader(data).list(2, (r) => r.u16());
export const readOfferedVersions = (data: Uint8Array): number[] => new Reader(data).list(1, (r) => r.u16());
export const readOfferedShares = (data: Uint8Array): { group: number; key: Uint8Array }[] => new Reader(data).list(2, (r) => ({ group: r.u16(), key: r.opaque(2) }));
export function readOfferedPsk(data: Uint8Array): { tickets: { ticket: Uint8Array; age: number }[]; binders: Uint8Array[] } {
  const r = new Reader(data);
  return { tickets: r.list(2, (e) => ({ ticket: e.opaque(2), age: e.u32() })), binders: r.list(2, (e) => e.opaque(1)) };
}
/** The content of one extension of a list; undefined when it is not there. */
export const contentOf = (list: readonly Extension[], id: number): Uint8Array | undefined => list.find((e) => e.id === id)?.data;
