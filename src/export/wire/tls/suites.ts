/** What the cipher suites of the model need to be computed for real: hash, key length, AEAD (RFC 8446 §B.4, RFC 5288, RFC 5289, RFC 8439). */
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import type { CHash } from '@noble/hashes/utils.js';

/** A hash as HMAC and HKDF take it. */
export type Hash = CHash;
export interface SuiteCrypto {
  readonly hash: Hash;
  readonly keyBytes: 16 | 32;
  /** Seals and opens with a nonce of 12 bytes; the tag (16 bytes) stands behind the ciphertext. */
  readonly aead: (key: Uint8Array, nonce: Uint8Array, additionalData: Uint8Array) => { encrypt(plain: Uint8Array): Uint8Array; decrypt(sealed: Uint8Array): Uint8Array };
}
const AES_128_SHA256: SuiteCrypto = { hash: sha256, keyBytes: 16, aead: gcm };
const AES_256_SHA384: SuiteCrypto = { hash: sha384, keyBytes: 32, aead: gcm };

/** By IANA number. */
export const SUITE_CRYPTO: Readonly<Record<number, SuiteCrypto>> = {
  0x1301: AES_128_SHA256, 0x1302: AES_256_SHA384, 0x1303: { hash: sha256, keyBytes: 32, aead: chacha20poly1305 },
  0xc02b: AES_128_SHA256, 0xc02c: AES_256_SHA384, 0xc02f: AES_128_SHA256, 0xc030: AES_256_SHA384,
};
