/** Packet protection of QUIC (RFC 9001 §5): keys from secrets, sealing, header protection, the tag of a Retry. Checked against Appendix A. */
import { ecb } from '@noble/ciphers/aes.js';
import { chacha20 } from '@noble/ciphers/chacha.js';
import { extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Writer } from '../../../model/tls/bytes';
import { expandLabel } from '../tls/key-schedule';
import { SUITE_CRYPTO, type SuiteCrypto } from '../tls/suites';

export const INITIAL_SUITE = 0x1301;
const CHACHA = 0x1303;
const NOTHING = new Uint8Array(0);
const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g)!, (b) => parseInt(b, 16));
const INITIAL_SALT = hex('38762cf7f55934b34d179ae6a4c80cadccbb7f0a');
const RETRY_KEY = hex('be0c690b9f66575a1d766b54e368c84e'), RETRY_NONCE = hex('461599d35d632bf2239825bb');

/** Keys of one direction at one level. */
export interface PacketKeys {
  readonly suite: number;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly hp: Uint8Array;
}
const cryptoOf = (suite: number): SuiteCrypto => SUITE_CRYPTO[suite]!;

/** The secrets that protect Initial packets: both ends know them, and so does everyone on the way (§5.2). */
export function initialSecrets(destination: Uint8Array): readonly [client: Uint8Array, server: Uint8Array] {
  const secret = extract(sha256, destination, INITIAL_SALT);
  return [expandLabel(sha256, secret, 'client in', NOTHING, 32), expandLabel(sha256, secret, 'server in', NOTHING, 32)];
}
/** §5.1. */
export function packetKeys(suite: number, secret: Uint8Array): PacketKeys {
  const { hash, keyBytes } = cryptoOf(suite);
  const of = (label: string, bytes: number): Uint8Array => expandLabel(hash, secret, `quic ${label}`, NOTHING, bytes);
  return { suite, key: of('key', keyBytes), iv: of('iv', 12), hp: of('hp', keyBytes) };
}
/** The secret of the next key phase (§6.1); the header's key stays. */
export const nextSecret = (suite: number, secret: Uint8Array): Uint8Array => expandLabel(cryptoOf(suite).hash, secret, 'quic ku', NOTHING, cryptoOf(suite).hash.outputLen);

function nonceOf(iv: Uint8Array, number: number): Uint8Array {
  const nonce = Uint8Array.from(iv);
  for (let i = 11, rest = number; rest > 0; i--, rest = Math.floor(rest / 256)) nonce[i]! ^= rest % 256;
  return nonce;
}
/** Five bytes that hide the header (§5.4.3, §5.4.4). */
export function headerMask({ suite, hp }: PacketKeys, sample: Uint8Array): Uint8Array {
  if (suite !== CHACHA) return ecb(hp, { disablePadding: true }).encrypt(sample).subarray(0, 5);
  const counter = new DataView(sample.buffer, sample.byteOffset).getUint32(0, true);
  return chacha20(hp, sample.subarray(4), new Uint8Array(5), undefined, counter);
}
/** The whole packet: `header` in clear, its packet number's bytes last; the payload; protected (§5.3, §5.4.1). */
export function sealPacket(keys: PacketKeys, header: Uint8Array, number: number, numberBytes: number, payload: Uint8Array): Uint8Array {
  const sealed = cryptoOf(keys.suite).aead(keys.key, nonceOf(keys.iv, number), header).encrypt(payload);
  const mask = headerMask(keys, sealed.slice(4 - numberBytes, 20 - numberBytes));
  const out = new Writer().raw(header).raw(sealed).done();
  out[0]! ^= mask[0]! & (header[0]! & 0x80 ? 0x0f : 0x1f);
  for (let i = 0; i < numberBytes; i++) out[header.length - numberBytes + i]! ^= mask[1 + i]!;
  return out;
}
/** The 16 bytes behind a Retry, which say that its sender has seen the Initial (§5.8). */
export const retryTag = (originalDestination: Uint8Array, retry: Uint8Array): Uint8Array =>
  cryptoOf(INITIAL_SUITE).aead(RETRY_KEY, RETRY_NONCE, new Writer().opaque(1, originalDestination).raw(retry).done()).encrypt(NOTHING);
