/** Packet protection against RFC 9001 Appendix A, byte for byte. */
import { describe, expect, it } from 'vitest';
import vectors from '../fixtures/vectors/rfc9001-quic.json';
import { headerMask, INITIAL_SUITE, initialSecrets, nextSecret, packetKeys, retryTag, sealPacket } from '../../src/export/wire/quic/protection';

const hex = (bytes: ArrayLike<number>): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (b) => parseInt(b, 16));

const secrets = initialSecrets(bytesOf(vectors.client_dcid));
describe.each([['client', secrets[0], vectors['A.1'].client], ['server', secrets[1], vectors['A.1'].server]] as const)('A.1: %s', (_end, secret, expected) => {
  it('has its secret and keys', () => {
    const { key, iv, hp } = packetKeys(INITIAL_SUITE, secret);
    expect({ secret: hex(secret), key: hex(key), iv: hex(iv), hp: hex(hp) }).toEqual(expected);
  });
});
it.each([['A.2', 0], ['A.3', 1]] as const)('%s: the Initial packet', (section, end) => {
  const v = vectors[section];
  const payload = new Uint8Array('payload_length' in v ? v.payload_length : v.payload.length / 2);
  payload.set(bytesOf('crypto_frame' in v ? v.crypto_frame : v.payload));
  const keys = packetKeys(INITIAL_SUITE, secrets[end]);
  expect(hex(headerMask(keys, bytesOf(v.sample)))).toBe(v.mask);
  expect(hex(sealPacket(keys, bytesOf(v.unprotected_header), v.packet_number, v.pn_length, payload))).toBe(v.packet);
});
it('A.4: the tag of a Retry', () => {
  const { packet, original_dcid } = vectors['A.4'];
  expect(hex(retryTag(bytesOf(original_dcid), bytesOf(packet.slice(0, -32))))).toBe(packet.slice(-32));
});
it('A.5: a short header under ChaCha20-Poly1305, and the next secret', () => {
  const v = vectors['A.5'];
  const keys = packetKeys(0x1303, bytesOf(v.secret));
  expect([keys.key, keys.iv, keys.hp, nextSecret(0x1303, bytesOf(v.secret))].map(hex)).toEqual([v.key, v.iv, v.hp, v.ku]);
  expect(hex(headerMask(keys, bytesOf(v.sample)))).toBe(v.mask);
  expect(hex(sealPacket(keys, bytesOf(v.unprotected_header), v.packet_number, v.pn_length, bytesOf(v.payload)))).toBe(v.packet);
});
