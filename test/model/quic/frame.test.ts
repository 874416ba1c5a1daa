/** Frames and packets: lengths are those of the encodings; one packet written by hand from RFC 9001 A.3. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../fixtures/vectors/rfc9001-quic.json';
import { frameLength, hexBytes, hexOf, QUIC_FRAME, writeFrame, type QuicFrame } from '../../../src/model/quic/frame';
import { headerBytes, headerLength, type QuicPacket } from '../../../src/model/quic/packet';
import { RangeSet } from '../../../src/model/quic/ranges';
import { transportParameterBytes } from '../../../src/model/quic/transport-parameters';
import { Writer } from '../../../src/model/tls/bytes';

const encoded = (f: QuicFrame): Uint8Array => {
  const w = new Writer();
  writeFrame(w, f, (c) => new Uint8Array(c.length).fill(0x61));
  return w.done();
};
const n = fc.nat(0x3fff_ffff);
const bytes = (length: number): fc.Arbitrary<string> => fc.uint8Array({ minLength: length, maxLength: length }).map(hexOf);
const ack: fc.Arbitrary<QuicFrame> = fc.tuple(fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 5 }), fc.nat(30_000)).map(([gaps, delay]) => {
  let top = 1000;
  const ranges = gaps.map(([gap, size]): [number, number] => {
    const high = top - gap, low = high - size;
    top = low - 2;
    return [low, high];
  });
  return { type: 'ACK', ranges, delay, exponent: 3 };
});
const frame: fc.Arbitrary<QuicFrame> = fc.oneof(
  ack,
  fc.nat(900).map((length): QuicFrame => ({ type: 'PADDING', length })),
  fc.constantFrom<QuicFrame>({ type: 'PING' }, { type: 'HANDSHAKE_DONE' }),
  fc.record({ type: fc.constant('RESET_STREAM' as const), stream: n, error: n, finalSize: n }),
  fc.record({ type: fc.constant('STOP_SENDING' as const), stream: n, error: n }),
  fc.record({ type: fc.constant('CRYPTO' as const), offset: n, length: fc.nat(1200), at: n }),
  fc.record({ type: fc.constant('STREAM' as const), stream: n, offset: n, length: fc.nat(1200), fin: fc.boolean(), open: fc.boolean() }),
  fc.record({ type: fc.constantFrom('MAX_DATA' as const, 'DATA_BLOCKED' as const), limit: n }),
  fc.record({ type: fc.constantFrom('MAX_STREAM_DATA' as const, 'STREAM_DATA_BLOCKED' as const), stream: n, limit: n }),
  fc.record({ type: fc.constant('NEW_CONNECTION_ID' as const), sequence: n, retirePriorTo: n, id: bytes(8), token: bytes(16) }),
  fc.record({ type: fc.constantFrom('PATH_CHALLENGE' as const, 'PATH_RESPONSE' as const), data: bytes(8) }),
  fc.record({ type: fc.constant('CONNECTION_CLOSE' as const), error: n, frameType: n, reason: fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 20 }) }),
);

describe('frames', () => {
  it('are as long as their encoding and begin with their type', () => {
    fc.assert(
      fc.property(frame, (f) => {
        const out = encoded(f);
        expect(out.length).toBe(frameLength(f));
        if (f.type !== 'PADDING') expect(out[0]! & (f.type === 'STREAM' ? 0xf8 : 0xff)).toBe(QUIC_FRAME[f.type]);
      }),
      { seed: 9000 },
    );
  });
  it('an ACK says its ranges as gaps and lengths (§19.3.1)', () =>
    // largest 20, delay 80 µs >> 3, one more range, 5 more below 20; gap: 20-5=15, next high 10 → 15-10-2 = 3; length 10-8 = 2
    expect(hexOf(encoded({ type: 'ACK', ranges: [[15, 20], [8, 10]], delay: 80, exponent: 3 }))).toBe('02140a01050302'));
  it('a STREAM frame has offset, length and end in its type (§19.8)', () => {
    expect(hexOf(encoded({ type: 'STREAM', stream: 4, offset: 0, length: 2, fin: true, open: false }))).toBe('0b04026161');
    expect(hexOf(encoded({ type: 'STREAM', stream: 4, offset: 70, length: 1, fin: false, open: true }))).toBe('0c04404661');
  });
});

describe('headers', () => {
  const packet: QuicPacket = { level: 'Initial', number: 1, numberBytes: 2, destination: '', source: 'f067a5502a4262b5', token: '', version: 1, keyPhase: 0, frames: [{ type: 'PADDING', length: vectors['A.3'].payload.length / 2 }] };
  it('an Initial is that of RFC 9001 A.3', () => {
    expect(hexOf(headerBytes(packet))).toBe(vectors['A.3'].unprotected_header);
    expect(headerLength(packet)).toBe(vectors['A.3'].unprotected_header.length / 2);
  });
  it('a short header is that of RFC 9001 A.5', () => {
    const { unprotected_header, packet_number } = vectors['A.5'];
    const short: QuicPacket = { ...packet, level: '1-RTT', number: packet_number, numberBytes: 3, source: '' };
    expect(hexOf(headerBytes(short))).toBe(unprotected_header);
    expect(headerLength(short)).toBe(unprotected_header.length / 2);
  });
});

it('transport parameters are those of the ClientHello of RFC 9001 A.2', () => {
  const crypto = vectors['A.2'].crypto_frame;
  // max_data with eight bytes and so on are longer than they need be there: the same values, shortest form, by rising id
  expect(crypto).toContain('0408ffffffffffffffff');
  const said = transportParameterBytes({
    maxIdleTimeout: 30_000, maxUdpPayloadSize: 65_527, initialMaxData: 1, initialMaxStreamDataBidiLocal: 65_535, initialMaxStreamDataBidiRemote: 65_535, initialMaxStreamDataUni: 65_535, initialMaxStreamsBidi: 16,
    initialMaxStreamsUni: 16, ackDelayExponent: 3, maxAckDelay: 25, activeConnectionIdLimit: 2, disableActiveMigration: false, initialSourceConnectionId: '8394c8f03e515708',
  });
  expect(hexOf(said)).toBe('0104800075300401010504' + '8000ffff' + '06048000ffff' + '07048000ffff' + '080110' + '090110' + '0f088394c8f03e515708');
  for (const part of ['010480007530', '05048000ffff', '06048000ffff', '07048000ffff', '080110', '090110', '0f088394c8f03e515708']) expect(crypto).toContain(part);
  expect(hexBytes('00ff')).toEqual(Uint8Array.of(0, 255));
});

it('ranges behave like a set', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(60), fc.nat(12)), { maxLength: 40 }), (steps) => {
      const ranges = new RangeSet(), set = new Set<number>();
      for (const [adds, start, length] of steps) {
        const fresh = Array.from({ length }, (_, i) => start + i).filter((x) => !set.has(x)).length;
        if (adds) expect(ranges.add(start, start + length)).toBe(fresh);
        else ranges.remove(start, start + length);
        for (let x = start; x < start + length; x++) if (adds) set.add(x);
          else set.delete(x);
        expect(ranges.list.flatMap(([a, b]) => Array.from({ length: b - a }, (_, i) => a + i))).toEqual([...set].sort((a, b) => a - b));
        for (let i = 1; i < ranges.list.length; i++) expect(ranges.list[i]![0]).toBeGreaterThan(ranges.list[i - 1]![1]);
        expect([ranges.count, ranges.has(start)]).toEqual([set.size, set.has(start)]);
        let end = start;
        while (set.has(end)) end++;
        expect(ranges.contiguous(start)).toBe(end);
      }
    }),
    { seed: 9000 },
  );
});
