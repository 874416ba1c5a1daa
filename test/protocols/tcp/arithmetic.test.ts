/** The numbers of RFC 6298 and of Linux's CUBIC, as tables. */
import { describe, expect, it } from 'vitest';
import { Cubic, cubicRoot } from '../../../src/protocols/tcp/cubic';
import type { ControlledSender } from '../../../src/protocols/tcp/window-growth';
import { RttEstimator } from '../../../src/protocols/tcp/rtt';
import { encodeSegment, headerBytes, SYN, ACK, type Segment } from '../../../src/protocols/tcp/segment';

const MS = 1e6, SECOND = 1e9;

describe('the retransmission timeout', () => {
  it.each([[10, 210], [50, 250], [100, 300], [200, 600], [500, 1500]])('after one sample of %d ms it is %d ms (tcp_info of Linux 6.18 shows it in ticks)', (rtt, rto) => {
    const e = new RttEstimator(SECOND, 200 * MS, 120 * SECOND);
    e.sample(rtt * MS, 0, 1);
    expect(e.rto / MS).toBe(rto);
  });
  it('falls towards SRTT + 200 ms when samples agree', () => {
    const e = new RttEstimator(SECOND, 200 * MS, 120 * SECOND);
    for (let i = 0; i < 60; i++) e.sample(500 * MS, i, i + 1);
    expect(e.srtt / MS).toBeCloseTo(500, 3);
    expect(e.rto / MS).toBeGreaterThanOrEqual(700);
    expect(e.rto / MS).toBeLessThan(702);
  });
  it('rises at once with a late sample: four times the deviation', () => {
    const e = new RttEstimator(SECOND, 200 * MS, 120 * SECOND);
    for (let i = 0; i < 40; i++) e.sample(100 * MS, i, i + 1);
    const before = e.rto;
    e.sample(600 * MS, 41, 42);
    expect(e.srtt / MS).toBeCloseTo(162.5, 1);
    expect(e.rto).toBeGreaterThan(before + 300 * MS);
  });
  it('doubles up to the greatest value and returns', () => {
    const e = new RttEstimator(SECOND, 200 * MS, 120 * SECOND);
    for (let i = 0; i < 10; i++) e.backOff();
    expect(e.rto).toBe(120 * SECOND);
    e.sample(10 * MS, 0, 1);
    expect(e.rto / MS).toBe(210);
  });
});

const sender = (cwnd: number, ssthresh = 0x7fffffff): ControlledSender => ({ cwnd, ssthresh, sndUna: 1, sndNxt: 1, mss: 1448, srttNs: 100 * MS });

describe('CUBIC', () => {
  it.each([[0, 0], [1, 1], [7, 1], [8, 2], [26, 2], [27, 3], [1e6, 100], [999_999, 99], [1e15, 100_000]])('the cube root of %d is %d', (a, root) => expect(cubicRoot(a)).toBe(root));
  it.each([[10, 7], [100, 70], [2, 2], [3, 2], [724, 506]])('a loss at %d segments leaves %d (717/1024, at least 2)', (cwnd, ssthresh) => expect(new Cubic(true).recalcSsthresh(cwnd)).toBe(ssthresh));
  it('slow start: one segment for one acknowledged, and stops at the threshold', () => {
    const s = sender(10, 16);
    new Cubic(true).congAvoid(s, 4, 0);
    expect(s.cwnd).toBe(14);
  });
  it('climbs back to where the loss was in K seconds, slowly near it, and faster beyond', () => {
    const c = new Cubic(true), s = sender(100);
    c.recalcSsthresh(100);
    s.cwnd = s.ssthresh = 70;
    const at: number[] = [];
    for (let t = 0; t <= 60; t++) {
      for (let k = 0; k < s.cwnd; k++) c.congAvoid(s, 1, t * 100 * MS + Math.floor((k * 100 * MS) / s.cwnd));
      at.push(s.cwnd);
    }
    // W(t) = 0.4 (t - K)^3 + 100, K = cbrt(30 / 0.4) = 4.2 s
    for (const [round, window] of [[10, 87], [20, 96], [30, 99], [42, 100], [55, 101]] as const) expect(Math.abs(at[round]! - window)).toBeLessThanOrEqual(2);
  });
  it('fast convergence: a second loss below the first aims at 0.85 of where it was', () => {
    const after = (losses: readonly number[]): number => {
      const c = new Cubic(true);
      for (const cwnd of losses) c.recalcSsthresh(cwnd);
      const s = sender(56, 56);
      for (let round = 0; round < 9; round++) for (let k = 0; k < s.cwnd; k++) c.congAvoid(s, 1, round * 400 * MS);
      return s.cwnd;
    };
    expect(Math.abs(after([100, 80]) - 68)).toBeLessThanOrEqual(1);
    expect(Math.abs(after([80]) - 80)).toBeLessThanOrEqual(1);
  });
  it('HyStart leaves slow start when the delay of a round has grown, not below 16 segments', () => {
    const leave = (cwnd: number, growthMs: number): boolean => {
      const c = new Cubic(true);
      const s = { ...sender(cwnd), sndUna: 1, sndNxt: 1000 } as { -readonly [K in keyof ControlledSender]: ControlledSender[K] };
      c.start(s, 0);
      c.acked(s, 100 * MS, 0);
      s.sndUna = 2000;
      s.sndNxt = 3000;
      for (let i = 0; i < 12; i++) c.acked(s, (100 + growthMs) * MS, SECOND + i * 5 * MS);
      return c.found;
    };
    expect(leave(20, 20)).toBe(true);
    expect(leave(20, 3)).toBe(false);
    expect(leave(15, 20)).toBe(false);
  });
});

describe('segments on the wire', () => {
  const bare: Segment = { flags: ACK, seq: 1, ack: 1, window: 63, len: 0, tsval: -1, tsecr: -1, sack: null, mss: -1, wscale: -1, sackPermitted: false, fastOpen: null };
  const cases: readonly [string, Partial<Segment>, number][] = [
    ['plain', {}, 20],
    ['timestamps', { tsval: 5 * MS, tsecr: 4 * MS }, 32],
    ['a SYN as Linux sends it', { flags: SYN, mss: 1460, sackPermitted: true, tsval: 0, tsecr: 0, wscale: 10 }, 40],
    ['a SYN without timestamps', { flags: SYN, mss: 1460, sackPermitted: true, wscale: 10 }, 32],
    ['one SACK block', { sack: [11, 21] }, 32],
    ['three SACK blocks and timestamps', { tsval: 0, tsecr: 0, sack: [1, 2, 3, 4, 5, 6] }, 60],
  ];
  it.each(cases)('%s', (_name, part, bytes) => {
    const s = { ...bare, ...part };
    const encoded = encodeSegment(s, 40000, 443, 1000, 2000);
    expect(headerBytes(s)).toBe(bytes);
    expect(encoded.length).toBe(bytes);
    expect((encoded[12]! >> 4) * 4).toBe(bytes); // data offset
    expect(encoded[13]).toBe(s.flags);
  });
});
