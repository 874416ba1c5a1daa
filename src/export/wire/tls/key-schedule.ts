/**
 * The key schedules: TLS 1.3 (RFC 8446 §7.1–§7.3, §4.4.4) and TLS 1.2 (RFC 5246 §5, §6.3, §7.4.9 with the extended
 * master secret of RFC 7627). Law: pure functions of secrets and transcripts; checked against RFC 8448.
 */
import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { ascii, Writer } from '../../../model/tls/bytes';
import type { Hash } from './suites';

const NOTHING = new Uint8Array(0);

/** HKDF-Expand-Label: RFC 8446 §7.1. */
export function expandLabel(hash: Hash, secret: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
  return expand(hash, secret, new Writer().u16(length).opaque(1, ascii(`tls13 ${label}`)).opaque(1, context).done(), length);
}
/** Derive-Secret with the transcript's hash given. */
const derive = (hash: Hash, secret: Uint8Array, label: string, transcriptHash: Uint8Array): Uint8Array => expandLabel(hash, secret, label, transcriptHash, hash.outputLen);

/** Secrets of a full 1.3 handshake that the exporters and the records need. */
export interface Secrets13 {
  readonly handshake: readonly [client: Uint8Array, server: Uint8Array];
  readonly master: Uint8Array;
}
/** The early secret: from the ticket's secret, or from nothing. */
export const earlySecret13 = (hash: Hash, psk: Uint8Array | null): Uint8Array => extract(hash, psk ?? new Uint8Array(hash.outputLen), new Uint8Array(hash.outputLen));
/** Binder of a ticket over the hash of the hello up to its binders (RFC 8446 §4.2.11.2). */
export const binder13 = (hash: Hash, early: Uint8Array, helloHash: Uint8Array): Uint8Array => finished13(hash, derive(hash, early, 'res binder', hash(NOTHING)), helloHash);
export const earlyTraffic13 = (hash: Hash, early: Uint8Array, helloHash: Uint8Array): Uint8Array => derive(hash, early, 'c e traffic', helloHash);
/** What a ticket stands for: the master secret, the whole handshake's hash, the ticket's nonce (RFC 8446 §4.6.1). */
export const ticketSecret13 = (hash: Hash, master: Uint8Array, handshakeHash: Uint8Array, nonce: Uint8Array): Uint8Array =>
  expandLabel(hash, derive(hash, master, 'res master', handshakeHash), 'resumption', nonce, hash.outputLen);

/** From the shared secret and the hash of ClientHello … ServerHello; with a ticket its early secret goes in. */
export function handshakeSecrets13(hash: Hash, shared: Uint8Array, helloHash: Uint8Array, early = earlySecret13(hash, null)): Secrets13 {
  const zero = new Uint8Array(hash.outputLen);
  const none = hash(NOTHING);
  const handshake = extract(hash, shared, derive(hash, early, 'derived', none));
  return {
    handshake: [derive(hash, handshake, 'c hs traffic', helloHash), derive(hash, handshake, 's hs traffic', helloHash)],
    master: extract(hash, zero, derive(hash, handshake, 'derived', none)),
  };
}
/** From the master secret and the hash of ClientHello … server Finished. */
export function applicationSecrets13(hash: Hash, master: Uint8Array, serverFinishedHash: Uint8Array): { readonly traffic: readonly [client: Uint8Array, server: Uint8Array]; readonly exporter: Uint8Array } {
  return {
    traffic: [derive(hash, master, 'c ap traffic', serverFinishedHash), derive(hash, master, 's ap traffic', serverFinishedHash)],
    exporter: derive(hash, master, 'exp master', serverFinishedHash),
  };
}
/** Key and IV of one direction: RFC 8446 §7.3. */
export const trafficKeys13 = (hash: Hash, secret: Uint8Array, keyBytes: number): { readonly key: Uint8Array; readonly iv: Uint8Array } => ({
  key: expandLabel(hash, secret, 'key', NOTHING, keyBytes), iv: expandLabel(hash, secret, 'iv', NOTHING, 12),
});
/** verify_data of Finished: RFC 8446 §4.4.4. */
export const finished13 = (hash: Hash, trafficSecret: Uint8Array, transcriptHash: Uint8Array): Uint8Array =>
  hmac(hash, expandLabel(hash, trafficSecret, 'finished', NOTHING, hash.outputLen), transcriptHash);

/** The pseudorandom function P_hash: RFC 5246 §5. */
export function prf12(hash: Hash, secret: Uint8Array, label: string, seed: Uint8Array, length: number): Uint8Array {
  const labelled = new Writer().raw(ascii(label)).raw(seed).done();
  const out = new Uint8Array(length);
  let a = labelled;
  for (let at = 0; at < length; at += hash.outputLen) {
    a = hmac(hash, secret, a);
    out.set(hmac(hash, secret, new Writer().raw(a).raw(labelled).done()).subarray(0, length - at), at);
  }
  return out;
}
/** RFC 7627 §4: bound to the whole handshake up to ClientKeyExchange. */
export const extendedMaster12 = (hash: Hash, premaster: Uint8Array, sessionHash: Uint8Array): Uint8Array => prf12(hash, premaster, 'extended master secret', sessionHash, 48);
/** RFC 5246 §6.3 for AEAD suites: no MAC keys; the IVs are the implicit halves of the nonces (RFC 5288 §3). */
export function keyBlock12(hash: Hash, master: Uint8Array, clientRandom: Uint8Array, serverRandom: Uint8Array, keyBytes: number): { readonly key: Uint8Array; readonly iv: Uint8Array }[] {
  const block = prf12(hash, master, 'key expansion', new Writer().raw(serverRandom).raw(clientRandom).done(), 2 * keyBytes + 8);
  const ivs = 2 * keyBytes;
  return [0, 1].map((side) => ({ key: block.subarray(side * keyBytes, (side + 1) * keyBytes), iv: block.subarray(ivs + side * 4, ivs + side * 4 + 4) }));
}
/** RFC 5246 §7.4.9. */
export const finished12 = (hash: Hash, master: Uint8Array, side: 0 | 1, transcriptHash: Uint8Array): Uint8Array =>
  prf12(hash, master, side === 0 ? 'client finished' : 'server finished', transcriptHash, 12);
