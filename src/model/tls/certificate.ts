/**
 * X.509 certificates in DER (RFC 5280), small but whole: names, validity, key, the usual extensions, signature.
 * Sizes follow from names and key types. Keys and signatures are opaque bytes of the right length.
 */
import { ascii, opaque } from './writer';

export type KeyType = 'ecdsa' | 'rsa';
export interface CertificateSpec {
  readonly subject: string;
  readonly issuer: string;
  /** Subject alternative names; empty for a CA. */
  readonly names: readonly string[];
  readonly key: KeyType;
  readonly signedWith: KeyType;
  readonly authority: boolean;
}

const tlv = (tag: number, ...parts: ArrayLike<number>[]): number[] => {
  const body = parts.flatMap((p) => Array.from(p));
  const n = body.length;
  const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255];
  return [tag, ...length, ...body];
};
const sequence = (...parts: ArrayLike<number>[]): number[] => tlv(0x30, ...parts);
const oid = (...arcs: number[]): number[] => tlv(6, arcs);
const OIDS = {
  commonName: oid(0x55, 4, 3), organisation: oid(0x55, 4, 10), country: oid(0x55, 4, 6),
  ecPublicKey: oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1), p256: oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7),
  ecdsaSha256: oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2), rsa: oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1), rsaSha256: oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11),
  san: oid(0x55, 0x1d, 0x11), keyUsage: oid(0x55, 0x1d, 0x0f), basic: oid(0x55, 0x1d, 0x13), extKeyUsage: oid(0x55, 0x1d, 0x25), ski: oid(0x55, 0x1d, 0x0e), aki: oid(0x55, 0x1d, 0x23),
  serverAuth: oid(0x2b, 6, 1, 5, 5, 7, 3, 1), clientAuth: oid(0x2b, 6, 1, 5, 5, 7, 3, 2),
};

const distinguished = (common: string): number[] =>
  sequence(
    ...[
      [OIDS.country, tlv(0x13, ascii('EX'))] as const,
      [OIDS.organisation, tlv(0x0c, ascii('Example Trust Services Ltd'))] as const,
      [OIDS.commonName, tlv(0x0c, ascii(common))] as const,
    ].map(([type, value]) => tlv(0x31, sequence(type, value))),
  );
const publicKey = (key: KeyType, label: string): number[] =>
  key === 'ecdsa'
    ? sequence(sequence(OIDS.ecPublicKey, OIDS.p256), tlv(3, [0, 4], opaque(label, 64)))
    : sequence(sequence(OIDS.rsa, [5, 0]), tlv(3, [0], sequence(tlv(2, [0], opaque(label, 256)), tlv(2, [1, 0, 1]))));
const algorithm = (key: KeyType): number[] => (key === 'ecdsa' ? sequence(OIDS.ecdsaSha256) : sequence(OIDS.rsaSha256, [5, 0]));
/** An ECDSA signature is a DER pair of integers: 70 to 72 bytes, here 71; RSA-2048 gives 256. */
export const signatureBytes = (key: KeyType, label: string): Uint8Array =>
  key === 'ecdsa' ? Uint8Array.from(sequence(tlv(2, [0], opaque(`${label} r`, 32)), tlv(2, opaque(`${label} s`, 32)))) : opaque(label, 256);
const extension = (id: number[], value: number[], critical = false): number[] => sequence(id, ...(critical ? [[1, 1, 255]] : []), tlv(4, value));

export function encodeCertificate(c: CertificateSpec): Uint8Array {
  const label = `${c.subject}/${c.issuer}`;
  const extensions = sequence(
    ...(c.names.length > 0 ? [extension(OIDS.san, sequence(...c.names.map((n) => tlv(0x82, ascii(n)))))] : []),
    extension(OIDS.keyUsage, tlv(3, c.authority ? [1, 6] : [5, 0xa0]), true),
    ...(c.authority ? [] : [extension(OIDS.extKeyUsage, sequence(OIDS.serverAuth, OIDS.clientAuth))]),
    extension(OIDS.basic, c.authority ? sequence([1, 1, 255], tlv(2, [0])) : sequence(), true),
    extension(OIDS.ski, tlv(4, opaque(`${label} ski`, 20))),
    extension(OIDS.aki, sequence(tlv(0x80, opaque(`${c.issuer} ski`, 20)))),
  );
  const body = sequence(
    tlv(0xa0, tlv(2, [2])),
    tlv(2, opaque(`${label} serial`, 20)),
    algorithm(c.signedWith),
    distinguished(c.issuer),
    sequence(tlv(0x17, ascii('250101000000Z')), tlv(0x17, ascii('351231235959Z'))),
    distinguished(c.subject),
    publicKey(c.key, label),
    tlv(0xa3, extensions),
  );
  return Uint8Array.from(sequence(body, algorithm(c.signedWith), tlv(3, [0], signatureBytes(c.signedWith, label))));
}

/** Leaf and intermediate for a site. */
export function chainFor(names: readonly string[], key: KeyType): Uint8Array[] {
  const intermediate = 'Example Trust TLS Intermediate CA';
  return [
    encodeCertificate({ subject: names[0] ?? '', issuer: intermediate, names, key, signedWith: key, authority: false }),
    encodeCertificate({ subject: intermediate, issuer: 'Example Trust Global Root CA', names: [], key, signedWith: key, authority: true }),
  ];
}
