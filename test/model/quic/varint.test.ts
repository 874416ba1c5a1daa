/** Integers and packet numbers against the vectors of RFC 9000 (Appendix A). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../fixtures/vectors/rfc9000-integers.json';
import { packetNumberBytes, readVarint, varintBytes, wholePacketNumber, writeVarint } from '../../../src/model/quic/varint';
import { Writer } from '../../../src/model/tls/bytes';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (b) => parseInt(b, 16));

describe('variable-length integers (§A.1)', () => {
  it.each(vectors.varint.filter((v) => BigInt(v.value) <= BigInt(Number.MAX_SAFE_INTEGER)))('reads and writes $hex', ({ hex, value }) => {
    const bytes = bytesOf(hex);
    expect(readVarint(bytes, 0)).toEqual({ value: Number(value), next: bytes.length });
    expect(writeVarint(new Writer(), Number(value), bytes.length as 1).done()).toEqual(bytes);
  });
  it('says so when a value has more bits than a number holds', () => {
    const large = vectors.varint.filter((v) => BigInt(v.value) > BigInt(Number.MAX_SAFE_INTEGER));
    expect(large.length).toBeGreaterThan(0);
    for (const { hex } of large) expect(readVarint(bytesOf(hex), 0)).toBeNull();
  });
  it('reads what it wrote, and nothing of less', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const bytes = writeVarint(new Writer(), value).done();
        expect(bytes.length).toBe(varintBytes(value));
        expect(readVarint(bytes, 0)).toEqual({ value, next: bytes.length });
        expect(readVarint(bytes.subarray(0, -1), 0)).toBeNull();
      }),
      { seed: 9204 },
    );
  });
});
describe('packet numbers', () => {
  it.each(vectors.packet_number_encode)('$full is cut to $truncated (§A.2)', ({ full, largest_acked, bits, truncated }) => {
    const number = parseInt(full, 16);
    expect(8 * packetNumberBytes(number, parseInt(largest_acked, 16))).toBe(bits);
    expect((number % 2 ** bits).toString(16)).toBe(truncated);
  });
  it.each(vectors.packet_number_decode)('$truncated is $full again (§A.3)', ({ largest, truncated, bits, full }) => {
    expect(wholePacketNumber(parseInt(truncated, 16), (bits / 8) as 2, parseInt(largest, 16)).toString(16)).toBe(full);
  });
  it('the peer finds the whole number again', () => {
    fc.assert(
      fc.property(fc.nat(0x7fff_ffff), fc.nat(0x7f_ffff), fc.double({ min: 0, max: 1, noNaN: true }), (acked, ahead, part) => {
        const number = acked + 1 + ahead, bytes = packetNumberBytes(number, acked);
        const received = acked + Math.floor(part * ahead);
        expect(wholePacketNumber(number % 2 ** (8 * bytes), bytes, received)).toBe(number);
      }),
      { seed: 9204 },
    );
  });
});
