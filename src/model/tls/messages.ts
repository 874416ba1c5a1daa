/**
 * TLS handshake messages, encoded (RFC 8446 §4, RFC 5246 §7.4). Each function gives the whole message with its
 * four-byte header, as OpenSSL 3.0 and nginx send it. Random content depends only on the label.
 */
import { chainFor, signatureBytes, type KeyType } from './certificate';
import { ascii, opaque, Writer } from './writer';

const TYPES = {
  ClientHello: 1, ServerHello: 2, NewSessionTicket: 4, EncryptedExtensions: 8, Certificate: 11, ServerKeyExchange: 12, ServerHelloDone: 14,
  CertificateVerify: 15, ClientKeyExchange: 16, Finished: 20,
} as const;
export type HandshakeName = keyof typeof TYPES;

const handshake = (name: HandshakeName, fill: (w: Writer) => void): Uint8Array => new Writer().u8(TYPES[name]).vector(3, fill).done();
const extension = (w: Writer, id: number, fill: (w: Writer) => void): Writer => w.u16(id).vector(2, fill);
const CLIENT_SUITES_13 = [0x1302, 0x1303, 0x1301];
const CLIENT_SUITES_12 = [0xc02c, 0xc030, 0x009f, 0xcca9, 0xcca8, 0xccaa, 0xc02b, 0xc02f, 0x009e, 0xc024, 0xc028, 0x006b, 0xc023, 0xc027, 0x0067, 0xc00a, 0xc014, 0x0039, 0xc009, 0xc013, 0x0033, 0x009d, 0x009c, 0x003d, 0x003c, 0x0035, 0x002f, 0x00ff];
const GROUPS = [0x001d, 0x0017, 0x001e, 0x0019, 0x0018, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104];
const SIGNATURES = [0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602];

export interface HelloSpec {
  readonly version: '1.2' | '1.3';
  readonly serverName: string;
  readonly alpn: readonly string[];
  readonly label: string;
  /** RFC 7685: a hello of 256 to 511 bytes is padded to 512 when ALPN offers more than one protocol (curl with OpenSSL). */
  readonly padded: boolean;
}

export function clientHello(h: HelloSpec): Uint8Array {
  const body = (padding: number): Uint8Array =>
    handshake('ClientHello', (w) => {
      w.u16(0x0303).raw(opaque(`${h.label} random`, 32)).vector(1, (v) => v.raw(opaque(`${h.label} session`, 32)));
      w.vector(2, (v) => (h.version === '1.3' ? [...CLIENT_SUITES_13, ...CLIENT_SUITES_12] : CLIENT_SUITES_12).forEach((s) => v.u16(s)));
      w.vector(1, (v) => v.u8(0));
      w.vector(2, (v) => {
        extension(v, 0, (e) => e.vector(2, (l) => l.u8(0).vector(2, (n) => n.raw(ascii(h.serverName)))));
        extension(v, 11, (e) => e.vector(1, (l) => l.u8(0).u8(1).u8(2)));
        extension(v, 10, (e) => e.vector(2, (l) => GROUPS.forEach((g) => l.u16(g))));
        extension(v, 13172, () => undefined);
        if (h.alpn.length > 0) extension(v, 16, (e) => e.vector(2, (l) => h.alpn.forEach((p) => l.vector(1, (n) => n.raw(ascii(p))))));
        extension(v, 22, () => undefined);
        extension(v, 23, () => undefined);
        if (h.version === '1.3') extension(v, 49, () => undefined);
        extension(v, 13, (e) => e.vector(2, (l) => SIGNATURES.forEach((s) => l.u16(s))));
        if (h.version === '1.3') {
          extension(v, 43, (e) => e.vector(1, (l) => l.u16(0x0304).u16(0x0303)));
          extension(v, 45, (e) => e.vector(1, (l) => l.u8(1)));
          extension(v, 51, (e) => e.vector(2, (l) => l.u16(29).vector(2, (k) => k.raw(opaque(`${h.label} share`, 32)))));
        }
        if (padding >= 0) extension(v, 21, (e) => e.raw(new Uint8Array(padding)));
      });
    });
  const plain = body(-1);
  if (!h.padded || plain.length <= 255 || plain.length >= 512) return plain;
  return body(Math.max(0, 512 - plain.length - 4));
}

export const serverHello13 = (label: string): Uint8Array =>
  handshake('ServerHello', (w) => {
    w.u16(0x0303).raw(opaque(`${label} random`, 32)).vector(1, (v) => v.raw(opaque(`${label} session`, 32))).u16(0x1302).u8(0);
    w.vector(2, (v) => {
      extension(v, 43, (e) => e.u16(0x0304));
      extension(v, 51, (e) => e.u16(29).vector(2, (k) => k.raw(opaque(`${label} share`, 32))));
    });
  });
const alpnExtension = (v: Writer, alpn: string): Writer => extension(v, 16, (e) => e.vector(2, (l) => l.vector(1, (n) => n.raw(ascii(alpn)))));
export const serverHello12 = (label: string, alpn: string): Uint8Array =>
  handshake('ServerHello', (w) => {
    w.u16(0x0303).raw(opaque(`${label} random`, 32)).vector(1, (v) => v.raw(opaque(`${label} session`, 32))).u16(0xc02c).u8(0);
    w.vector(2, (v) => {
      extension(v, 0, () => undefined);
      extension(v, 0xff01, (e) => e.u8(0));
      extension(v, 11, (e) => e.vector(1, (l) => l.u8(0).u8(1).u8(2)));
      if (alpn) alpnExtension(v, alpn);
      extension(v, 23, () => undefined);
    });
  });
export const encryptedExtensions = (alpn: string): Uint8Array =>
  handshake('EncryptedExtensions', (w) =>
    w.vector(2, (v) => {
      extension(v, 0, () => undefined);
      if (alpn) alpnExtension(v, alpn);
    }),
  );
export function certificate(version: '1.2' | '1.3', names: readonly string[], key: KeyType): Uint8Array {
  return handshake('Certificate', (w) => {
    if (version === '1.3') w.u8(0);
    w.vector(3, (list) => {
      for (const der of chainFor(names, key)) {
        list.vector(3, (c) => c.raw(der));
        if (version === '1.3') list.u16(0);
      }
    });
  });
}
const signed = (w: Writer, key: KeyType, label: string): Writer => w.u16(key === 'ecdsa' ? 0x0403 : 0x0804).vector(2, (v) => v.raw(signatureBytes(key, label)));
export const certificateVerify = (key: KeyType, label: string): Uint8Array => handshake('CertificateVerify', (w) => signed(w, key, label));
export const finished = (version: '1.2' | '1.3', label: string): Uint8Array => handshake('Finished', (w) => w.raw(opaque(`${label} finished`, version === '1.3' ? 48 : 12)));
export const newSessionTicket = (label: string): Uint8Array =>
  handshake('NewSessionTicket', (w) =>
    w.u32(7200).raw(opaque(`${label} age`, 4)).vector(1, (v) => v.raw(opaque(`${label} nonce`, 8))).vector(2, (v) => v.raw(opaque(`${label} ticket`, 256))).u16(0),
  );
export const serverKeyExchange = (key: KeyType, label: string): Uint8Array =>
  handshake('ServerKeyExchange', (w) => signed(w.u8(3).u16(29).vector(1, (v) => v.raw(opaque(`${label} share`, 32))), key, label));
export const serverHelloDone = (): Uint8Array => handshake('ServerHelloDone', () => undefined);
export const clientKeyExchange = (label: string): Uint8Array => handshake('ClientKeyExchange', (w) => w.vector(1, (v) => v.raw(opaque(`${label} share`, 32))));

const lengths = new Map<string, number>();
/** Length of an encoding, remembered by what it depends on: a page's six connections encode once. */
export function lengthOf(key: string, encode: () => Uint8Array): number {
  let n = lengths.get(key);
  if (n === undefined) {
    n = encode().length;
    if (lengths.size > 500) lengths.clear();
    lengths.set(key, n);
  }
  return n;
}
