/**
 * TLS handshake messages as structures, and their bytes (RFC 8446 §4, RFC 5246 §7.4). Law: `decode(encode(m))` is
 * `m`, and the length of a message is the length of its encoding. Used by TLS records and by QUIC's CRYPTO frames.
 */
import { fail, ok, type Result } from '../../base/result';
import { Reader, Writer } from './bytes';

export type TlsVersion = '1.2' | '1.3';
export interface Extension {
  readonly id: number;
  readonly data: Uint8Array;
}
export interface CertificateEntry {
  readonly der: Uint8Array;
  /** Only in 1.3. */
  readonly extensions: readonly Extension[];
}
interface Hello {
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
}
export type Handshake =
  | (Hello & { readonly name: 'ClientHello'; readonly suites: readonly number[]; readonly compression: Uint8Array; readonly extensions: readonly Extension[] })
  | (Hello & { readonly name: 'ServerHello'; readonly suite: number; readonly compression: number; readonly extensions: readonly Extension[] })
  /** A ServerHello in form, told apart by its random (RFC 8446 §4.1.4). */
  | (Hello & { readonly name: 'HelloRetryRequest'; readonly suite: number; readonly compression: number; readonly extensions: readonly Extension[] })
  | { readonly name: 'EndOfEarlyData' }
  | { readonly name: 'EncryptedExtensions'; readonly extensions: readonly Extension[] }
  | { readonly name: 'Certificate'; readonly context: Uint8Array; readonly entries: readonly CertificateEntry[] }
  | { readonly name: 'CertificateRequest'; readonly schemes: readonly number[]; /** Names of authorities, DER. */ readonly authorities: readonly Uint8Array[] }
  /** TLS 1.2 only: in 1.3 it is an extension of the certificate (RFC 8446 §4.4.2.1). */
  | { readonly name: 'CertificateStatus'; readonly response: Uint8Array }
  | { readonly name: 'CertificateVerify'; readonly scheme: number; readonly signature: Uint8Array }
  | { readonly name: 'Finished'; readonly verifyData: Uint8Array }
  | {
      readonly name: 'NewSessionTicket'; readonly lifetime: number; readonly ageAdd: number; readonly nonce: Uint8Array; readonly ticket: Uint8Array;
      readonly extensions: readonly Extension[];
    }
  | { readonly name: 'ServerKeyExchange'; readonly group: number; readonly publicKey: Uint8Array; readonly scheme: number; readonly signature: Uint8Array }
  | { readonly name: 'ServerHelloDone' }
  | { readonly name: 'ClientKeyExchange'; readonly publicKey: Uint8Array };
export type HandshakeName = Handshake['name'];

/** Type octets: RFC 8446 §4, RFC 5246 §7.4. */
export const HANDSHAKE_TYPES: Readonly<Record<HandshakeName, number>> = {
  ClientHello: 1, HelloRetryRequest: 2, ServerHello: 2, NewSessionTicket: 4, EndOfEarlyData: 5, EncryptedExtensions: 8, Certificate: 11, ServerKeyExchange: 12, CertificateRequest: 13, ServerHelloDone: 14,
  CertificateVerify: 15, ClientKeyExchange: 16, Finished: 20, CertificateStatus: 22,
};
/** The random of a HelloRetryRequest: SHA-256 of its name (RFC 8446 §4.1.3). */
export const RETRY_RANDOM = Uint8Array.of(
  0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2,
  0xc8, 0xa8, 0x33, 0x9c,
);
/** Names by type octet; octet 2 is ServerHello until its random says otherwise. */
const NAMES = new Map(Object.entries(HANDSHAKE_TYPES).filter(([name]) => name !== 'HelloRetryRequest').map(([name, type]) => [type, name as HandshakeName]));
const NAMED_CURVE = 3;
/** ecdsa_sign, rsa_sign, dss_sign as OpenSSL lists them (RFC 5246 §7.4.4); CertificateStatusType ocsp (RFC 6066 §8). */
const CERTIFICATE_TYPES = [1, 2, 64], OCSP = 1;
const SIGNATURE_ALGORITHMS = 13, CERTIFICATE_AUTHORITIES = 47;
/** RFC 8446 §4.3.2, §4.2.4. */
const requestExtensions = (schemes: readonly number[], authorities: readonly Uint8Array[]): Extension[] => [
  { id: SIGNATURE_ALGORITHMS, data: new Writer().vector(2, (v) => schemes.forEach((s) => v.u16(s))).done() },
  { id: CERTIFICATE_AUTHORITIES, data: new Writer().vector(2, (v) => authorities.forEach((a) => v.opaque(2, a))).done() },
];

const writeExtensions = (w: Writer, list: readonly Extension[]): Writer => w.vector(2, (v) => list.forEach((e) => v.u16(e.id).opaque(2, e.data)));
const readExtensions = (r: Reader): Extension[] => r.list(2, (e) => ({ id: e.u16(), data: e.opaque(2) }));

/** The whole message with its four-byte header. The form of Certificate and NewSessionTicket depends on the version. */
export function encodeHandshake(m: Handshake, version: TlsVersion): Uint8Array {
  return new Writer().u8(HANDSHAKE_TYPES[m.name]).vector(3, (w) => writeBody(w, m, version === '1.3')).done();
}
function writeBody(w: Writer, m: Handshake, tls13: boolean): void {
  switch (m.name) {
    case 'ClientHello':
      w.u16(m.legacyVersion).raw(m.random).opaque(1, m.sessionId).vector(2, (v) => m.suites.forEach((s) => v.u16(s))).opaque(1, m.compression);
      writeExtensions(w, m.extensions);
      return;
    case 'ServerHello':
    case 'HelloRetryRequest':
      w.u16(m.legacyVersion).raw(m.random).opaque(1, m.sessionId).u16(m.suite).u8(m.compression);
      writeExtensions(w, m.extensions);
      return;
    case 'EncryptedExtensions':
      writeExtensions(w, m.extensions);
      return;
    case 'Certificate':
      if (tls13) w.opaque(1, m.context);
      w.vector(3, (list) =>
        m.entries.forEach((entry) => {
          list.opaque(3, entry.der);
          if (tls13) writeExtensions(list, entry.extensions);
        }),
      );
      return;
    case 'CertificateRequest':
      if (tls13) {
        w.opaque(1, []);
        writeExtensions(w, requestExtensions(m.schemes, m.authorities));
      } else {
        w.opaque(1, CERTIFICATE_TYPES).vector(2, (v) => m.schemes.forEach((s) => v.u16(s))).vector(2, (v) => m.authorities.forEach((a) => v.opaque(2, a)));
      }
      return;
    case 'CertificateStatus':
      w.u8(OCSP).opaque(3, m.response);
      return;
    case 'CertificateVerify':
      w.u16(m.scheme).opaque(2, m.signature);
      return;
    case 'Finished':
      w.raw(m.verifyData);
      return;
    case 'NewSessionTicket':
      w.u32(m.lifetime);
      if (tls13) w.u32(m.ageAdd).opaque(1, m.nonce);
      w.opaque(2, m.ticket);
      if (tls13) writeExtensions(w, m.extensions);
      return;
    case 'ServerKeyExchange':
      w.u8(NAMED_CURVE).u16(m.group).opaque(1, m.publicKey).u16(m.scheme).opaque(2, m.signature);
      return;
    case 'ClientKeyExchange':
      w.opaque(1, m.publicKey);
      return;
    case 'ServerHelloDone':
    case 'EndOfEarlyData':
  }
}

/** Reads one whole message; extra or missing bytes are an error. */
export function decodeHandshake(bytes: Uint8Array, version: TlsVersion): Result<Handshake> {
  const r = new Reader(bytes);
  const type = r.u8();
  const name = NAMES.get(type);
  if (!name) return fail('handshake', `has the unknown type ${type}`, 'give one of the types of RFC 8446 §4');
  const body = new Reader(r.opaque(3));
  const message = readBody(body, name, version === '1.3');
  if (r.bad || body.bad) return fail(name, 'ends too early', 'give the whole message');
  if (r.left > 0 || body.left > 0) return fail(name, `has ${r.left + body.left} bytes too many`, 'give exactly one message');
  return ok(message);
}
function readBody(r: Reader, name: HandshakeName, tls13: boolean): Handshake {
  const hello = (): Hello => ({ legacyVersion: r.u16(), random: r.raw(32), sessionId: r.opaque(1) });
  switch (name) {
    case 'ClientHello':
      return { name, ...hello(), suites: r.list(2, (s) => s.u16()), compression: r.opaque(1), extensions: r.left > 0 ? readExtensions(r) : [] };
    case 'ServerHello':
    case 'HelloRetryRequest': {
      const head = hello();
      const retry = head.random.every((byte, i) => byte === RETRY_RANDOM[i]) && head.random.length === RETRY_RANDOM.length;
      return { name: retry ? 'HelloRetryRequest' : 'ServerHello', ...head, suite: r.u16(), compression: r.u8(), extensions: r.left > 0 ? readExtensions(r) : [] };
    }
    case 'EncryptedExtensions':
      return { name, extensions: readExtensions(r) };
    case 'Certificate':
      return {
        name, context: tls13 ? r.opaque(1) : new Uint8Array(0),
        entries: r.list(3, (e) => ({ der: e.opaque(3), extensions: tls13 ? readExtensions(e) : [] })),
      };
    case 'CertificateRequest': {
      if (!tls13) {
        r.opaque(1);
        return { name, schemes: r.list(2, (s) => s.u16()), authorities: r.list(2, (a) => a.opaque(2)) };
      }
      r.opaque(1);
      const extensions = readExtensions(r), of = (id: number): Reader => new Reader(extensions.find((e) => e.id === id)?.data ?? new Uint8Array(2));
      return { name, schemes: of(SIGNATURE_ALGORITHMS).list(2, (s) => s.u16()), authorities: of(CERTIFICATE_AUTHORITIES).list(2, (a) => a.opaque(2)) };
    }
    case 'CertificateStatus':
      if (r.u8() !== OCSP) r.bad = true;
      return { name, response: r.opaque(3) };
    case 'CertificateVerify':
      return { name, scheme: r.u16(), signature: r.opaque(2) };
    case 'Finished':
      return { name, verifyData: r.raw(r.left) };
    case 'NewSessionTicket':
      return {
        name, lifetime: r.u32(), ageAdd: tls13 ? r.u32() : 0, nonce: tls13 ? r.opaque(1) : new Uint8Array(0), ticket: r.opaque(2),
        extensions: tls13 ? readExtensions(r) : [],
      };
    case 'ServerKeyExchange':
      if (r.u8() !== NAMED_CURVE) r.bad = true;
      return { name, group: r.u16(), publicKey: r.opaque(1), scheme: r.u16(), signature: r.opaque(2) };
    case 'ServerHelloDone':
    case 'EndOfEarlyData':
      return { name };
    case 'ClientKeyExchange':
      return { name, publicKey: r.opaque(1) };
  }
}
