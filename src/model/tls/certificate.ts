/**
 * X.509 certificates in DER (RFC 5280), small but whole: names, validity, key, the usual extensions, signature.
 * Law: sizes follow from names and key types. Keys and signatures are opaque bytes of the right form and length.
 */
import { ascii, randomBytes } from './bytes';
import { bitString, integer, octets, oid, sequence, tagged, tlv, type Der } from './der';

export type KeyType = 'ecdsa' | 'rsa';
/** What a certificate says and whether a client should believe it. */
export interface CertificateFacts {
  /** Subject alternative names; the first is the common name. */
  readonly names: readonly string[];
  readonly key: KeyType;
  readonly expired: boolean;
  /** The chain ends at an authority that the client knows. */
  readonly issuerKnown: boolean;
}
export interface CertificateSpec {
  readonly subject: string;
  readonly issuer: string;
  /** Subject alternative names; empty for a CA. */
  readonly names: readonly string[];
  readonly key: KeyType;
  readonly signedWith: KeyType;
  readonly authority: boolean;
  readonly expired: boolean;
}

const OIDS = {
  commonName: oid(0x55, 4, 3), organisation: oid(0x55, 4, 10), country: oid(0x55, 4, 6),
  ecPublicKey: oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1), p256: oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7),
  ecdsaSha256: oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2), rsa: oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1),
  rsaSha256: oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11),
  san: oid(0x55, 0x1d, 0x11), keyUsage: oid(0x55, 0x1d, 0x0f), basic: oid(0x55, 0x1d, 0x13), extKeyUsage: oid(0x55, 0x1d, 0x25),
  subjectKey: oid(0x55, 0x1d, 0x0e), authorityKey: oid(0x55, 0x1d, 0x23), serverAuth: oid(0x2b, 6, 1, 5, 5, 7, 3, 1), clientAuth: oid(0x2b, 6, 1, 5, 5, 7, 3, 2),
};
const TRUE: Der = [1, 1, 255], NULL: Der = [5, 0];

export const distinguished = (common: string): Der =>
  sequence(
    tlv(0x31, sequence(OIDS.country, tlv(0x13, ascii('EX')))),
    tlv(0x31, sequence(OIDS.organisation, tlv(0x0c, ascii('Example Trust Services Ltd')))),
    tlv(0x31, sequence(OIDS.commonName, tlv(0x0c, ascii(common)))),
  );
/** The top bit of a modulus is set: it has all of its bits. */
function modulus(label: string): Uint8Array {
  const n = randomBytes(label, 256);
  n[0]! |= 0x80;
  return n;
}
const publicKey = (key: KeyType, label: string): Der =>
  key === 'ecdsa'
    ? sequence(sequence(OIDS.ecPublicKey, OIDS.p256), bitString([4, ...randomBytes(label, 64)]))
    : sequence(sequence(OIDS.rsa, NULL), bitString(sequence(integer(modulus(label)), integer([1, 0, 1]))));
const algorithm = (key: KeyType): Der => (key === 'ecdsa' ? sequence(OIDS.ecdsaSha256) : sequence(OIDS.rsaSha256, NULL));

/**
 * A signature: RSA-2048 gives 256 bytes; ECDSA P-256 a DER pair of 32-byte integers. Each of these needs a 33rd
 * byte when its top bit is set, so real ones have 70 to 72 bytes. Simplification: always 71, the commonest.
 */
export function signatureBytes(key: KeyType, label: string): Uint8Array {
  if (key === 'rsa') return randomBytes(label, 256);
  const r = randomBytes(`${label} r`, 32), s = randomBytes(`${label} s`, 32);
  r[0]! |= 0x80;
  s[0] = (s[0]! & 0x7f) | 0x40;
  return Uint8Array.from(sequence(integer(r), integer(s)));
}

const extension = (id: Der, value: Der, critical = false): Der => sequence(id, ...(critical ? [TRUE] : []), octets(value));
const utc = (text: string): Der => tlv(0x17, ascii(text));

export function encodeCertificate(c: CertificateSpec): Uint8Array {
  const label = `${c.subject}/${c.issuer}`;
  const serial = randomBytes(`${label} serial`, 20);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const usage = c.authority ? bitString([0x06], 1) : bitString([c.key === 'rsa' ? 0xa0 : 0x80], c.key === 'rsa' ? 5 : 7);
  const extensions = sequence(
    ...(c.names.length > 0 ? [extension(OIDS.san, sequence(...c.names.map((n) => tlv(0x82, ascii(n)))))] : []),
    extension(OIDS.keyUsage, usage, true),
    ...(c.authority ? [] : [extension(OIDS.extKeyUsage, sequence(OIDS.serverAuth, OIDS.clientAuth))]),
    extension(OIDS.basic, c.authority ? sequence(TRUE, integer([0])) : sequence(), true),
    extension(OIDS.subjectKey, octets(randomBytes(`${c.subject} key id`, 20))),
    extension(OIDS.authorityKey, sequence(tlv(0x80, randomBytes(`${c.issuer} key id`, 20)))),
  );
  const body = sequence(
    tagged(0, integer([2])),
    integer(serial),
    algorithm(c.signedWith),
    distinguished(c.issuer),
    sequence(utc('250101000000Z'), utc(c.expired ? '250401000000Z' : '351231235959Z')),
    distinguished(c.subject),
    publicKey(c.key, label),
    tagged(3, extensions),
  );
  return Uint8Array.from(sequence(body, algorithm(c.signedWith), bitString(signatureBytes(c.signedWith, label))));
}

/** Leaf and intermediate of a site; the root is not sent (RFC 8446 §4.4.2). */
export function chainFor({ names, key, expired, issuerKnown }: CertificateFacts): Uint8Array[] {
  const intermediate = 'Example Trust TLS Intermediate CA';
  const root = issuerKnown ? 'Example Trust Global Root CA' : 'Example Unknown Root CA';
  return [
    encodeCertificate({ subject: names[0] ?? '', issuer: intermediate, names, key, signedWith: key, authority: false, expired }),
    encodeCertificate({ subject: intermediate, issuer: root, names: [], key, signedWith: key, authority: true, expired: false }),
  ];
}

/** RFC 6125 §6.4.3: a wildcard stands for one whole left-most label. */
export function nameMatches(pattern: string, name: string): boolean {
  if (!pattern.startsWith('*.')) return pattern.toLowerCase() === name.toLowerCase();
  const dot = name.indexOf('.');
  return dot > 0 && name.slice(dot + 1).toLowerCase() === pattern.slice(2).toLowerCase();
}
