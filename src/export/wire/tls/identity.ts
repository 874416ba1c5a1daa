/**
 * Keys that a run's hosts hold, made from the seed and from names: X25519 shares, P-256 keys of certificates, signatures.
 * Law: the same seed and names give the same keys, and no message changes its length by them. Simplification: RSA keys
 * and signatures are bytes of the right length and form that no key verifies (a key made in the page takes seconds).
 */
import { x25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { chainFor, signatureBytes, type CertificateFacts } from '../../../model/tls/certificate';
import { ascii, asciiText, randomBytes } from '../../../model/tls/bytes';
import { GROUP } from '../../../model/tls/extensions';

const digest = (text: string): Uint8Array => sha256(Uint8Array.from(ascii(text)));
export interface KeyPair {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}
/** A key pair of a handshake: X25519 (RFC 7748 §6.1), P-256 as an uncompressed point (RFC 8446 §4.2.8.2), X25519 behind ML-KEM-768. */
export function sharePair(group: number, label: string): KeyPair {
  const seed = `${label} share of group ${group}`;
  if (group === GROUP.secp256r1) {
    const secret = p256.utils.randomSecretKey(sha384(Uint8Array.from(ascii(seed))));
    return { secret, public: p256.getPublicKey(secret, false) };
  }
  const secret = digest(seed);
  // of the post-quantum part only the length is true: its secret is made from the seed on both sides
  if (group === GROUP.x25519MlKem768) return { secret, public: Uint8Array.from([...randomBytes(`${seed} ML-KEM`, label.includes(' server') ? 1088 : 1184), ...x25519.getPublicKey(secret)]) };
  return { secret, public: x25519.getPublicKey(secret) };
}
/** What both sides arrive at: of P-256 the x coordinate (RFC 8446 §7.4.2). */
export const sharedSecret = (group: number, secret: Uint8Array, theirs: Uint8Array): Uint8Array => {
  if (group === GROUP.secp256r1) return p256.getSharedSecret(secret, theirs).slice(1);
  // ML-KEM's 32 bytes, then X25519's (draft-ietf-tls-ecdhe-mlkem §4.3)
  if (group === GROUP.x25519MlKem768) return Uint8Array.from([...sha256(theirs.subarray(0, -32)), ...x25519.getSharedSecret(secret, theirs.slice(-32))]);
  return x25519.getSharedSecret(secret, theirs);
};

/** Secret P-256 key of whoever bears this name in a certificate. */
const signingKey = (subject: string): Uint8Array => p256.utils.randomSecretKey(sha384(Uint8Array.from(ascii(`${subject} P-256 key`))));
/**
 * ECDSA with P-256 and SHA-256 as DER (RFC 3279 §2.2.3). Of the lengths 70 to 72 the one that the model counts with is
 * taken (`signatureBytes`): as many nonces are tried as that needs.
 */
function ecdsa(subject: string, message: Uint8Array): Uint8Array {
  const wanted = signatureBytes('ecdsa', subject).length;
  for (let attempt = 0; ; attempt++) {
    const signature = p256.sign(message, signingKey(subject), { lowS: false, format: 'der', extraEntropy: digest(`nonce ${attempt}`) });
    if (signature.length === wanted) return signature;
  }
}
/** The leaf key's signature on a message of the handshake. */
export const handshakeSignature = (facts: CertificateFacts, message: Uint8Array): Uint8Array =>
  facts.key === 'ecdsa' ? ecdsa(facts.names[0] ?? '', message) : signatureBytes('rsa', asciiText(sha256(message)));

/** Where an uncompressed P-256 point begins: behind BIT STRING of 66 bytes, no unused bits (RFC 5480 §2.2). */
function pointAt(der: Uint8Array): number {
  for (let i = 0; i + 68 <= der.length; i++) if (der[i] === 3 && der[i + 1] === 66 && der[i + 2] === 0 && der[i + 3] === 4) return i + 3;
  return -1;
}
const AUTHORITIES = ['Example Trust TLS Intermediate CA', 'Example Trust Global Root CA', 'Example Unknown Root CA'] as const;
const chains = new Map<string, readonly Uint8Array[]>();

/** The chain that the site sends: the model's certificates, with real P-256 keys and signatures that verify up to the root. */
export function signedChain(facts: CertificateFacts): readonly Uint8Array[] {
  if (facts.key === 'rsa') return chainFor(facts);
  const id = `${facts.names.join()} ${facts.expired} ${facts.issuerKnown}`;
  let chain = chains.get(id);
  if (!chain) {
    if (chains.size > 100) chains.clear();
    const subjects = [facts.names[0] ?? '', AUTHORITIES[0]];
    const issuers = [AUTHORITIES[0], facts.issuerKnown ? AUTHORITIES[1] : AUTHORITIES[2]];
    chain = chainFor(facts).map((der, i) => certified(der, subjects[i]!, issuers[i]!));
    chains.set(id, chain);
  }
  return chain;
}
function certified(der: Uint8Array, subject: string, issuer: string): Uint8Array {
  const signed = der.slice();
  signed.set(p256.getPublicKey(signingKey(subject), false), pointAt(der));
  // Certificate ::= SEQUENCE { tbsCertificate SEQUENCE …: both lengths take two bytes (RFC 5280 §4.1)
  const tbs = signed.subarray(4, 8 + signed[6]! * 256 + signed[7]!);
  const signature = ecdsa(issuer, tbs);
  signed.set(signature, signed.length - signature.length);
  return signed;
}
