/** Record protection: RFC 8446 §5.2 and §5.3 (1.3), RFC 5246 §6.2.3.3 with RFC 5288 §3 (1.2, explicit nonce = sequence number). */
import { Writer } from '../../../model/tls/bytes';
import type { TlsVersion } from '../../../model/tls/handshake';
import type { SuiteCrypto } from './suites';

/** Keys of one direction in one epoch. */
export interface RecordKeys {
  readonly version: TlsVersion;
  readonly suite: SuiteCrypto;
  readonly key: Uint8Array;
  /** 12 bytes in 1.3, the implicit 4 in 1.2. */
  readonly iv: Uint8Array;
}
export const CONTENT_TYPE = { change_cipher_spec: 20, alert: 21, handshake: 22, application_data: 23 } as const;
export type ContentType = keyof typeof CONTENT_TYPE;
export const RECORD_VERSION = 0x0303;
const TAG_BYTES = 16;

const sequenceBytes = (sequence: number): Uint8Array => new Writer().u32(Math.floor(sequence / 4294967296)).u32(sequence >>> 0).done();
/** RFC 8446 §5.3. */
function nonce13(iv: Uint8Array, sequence: number): Uint8Array {
  const nonce = Uint8Array.from(iv);
  sequenceBytes(sequence).forEach((byte, i) => (nonce[4 + i]! ^= byte));
  return nonce;
}
export const recordHeader = (type: number, length: number, version = RECORD_VERSION): Uint8Array => new Writer().u8(type).u16(version).u16(length).done();

/** What is encrypted: 1.3 hides the true type behind the content (TLSInnerPlaintext, no padding); 1.2 the content alone. */
export const innerPlaintext = (version: TlsVersion, type: ContentType, content: Uint8Array): Uint8Array =>
  version === '1.3' ? new Writer().raw(content).u8(CONTENT_TYPE[type]).done() : content;

/** The whole record, header included. */
export function sealRecord(keys: RecordKeys, type: ContentType, inner: Uint8Array, sequence: number): Uint8Array {
  const { version, suite, key, iv } = keys;
  if (version === '1.3') {
    const header = recordHeader(CONTENT_TYPE.application_data, inner.length + TAG_BYTES);
    return new Writer().raw(header).raw(suite.aead(key, nonce13(iv, sequence), header).encrypt(inner)).done();
  }
  const explicit = sequenceBytes(sequence);
  const additional = new Writer().raw(explicit).raw(recordHeader(CONTENT_TYPE[type], inner.length)).done();
  const sealed = suite.aead(key, new Writer().raw(iv).raw(explicit).done(), additional).encrypt(inner);
  return new Writer().raw(recordHeader(CONTENT_TYPE[type], explicit.length + sealed.length)).raw(explicit).raw(sealed).done();
}
