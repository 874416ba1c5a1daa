/** Reno beside CUBIC, and ECN in place of losses: what the window does, and what is on the wire. */
import { beforeAll, describe, expect, it } from 'vitest';
import { MS } from '../../../src/base/time';
import { Fate } from '../../../src/model/pdu';
import type { Trace } from '../../../src/model/trace';
import { Reno } from '../../../src/protocols/tcp/window-growth';
import { CWR, ECE, SYN } from '../../../src/protocols/tcp/segment';
import { tcpPair } from '../../support/tcp-pair';

const events = (trace: Trace, name: string): { t: number; a: number; b: number }[] => {
  const kind = trace.kinds.find((k) => k.name === name)?.id ?? -1;
  return Array.from({ length: trace.time.length }, (_, i) => i).filter((i) => trace.kind.at(i) === kind).map((i) => ({ t: trace.time.at(i) / MS, a: trace.a.at(i), b: trace.b.at(i) }));
};
const LOSS = { type: 'pdu' as const, where: { from: 'server', range: [200_000, 200_001] as [number, number], transmission: 1 }, nth: 1, count: 1, verdict: { do: 'drop' as const } };

describe('Reno', () => {
  const sender = (cwnd: number, ssthresh: number) => ({ cwnd, ssthresh, sndUna: 1, sndNxt: 1, mss: 1448, srttNs: 100 * MS });
  it.each([[10, 5], [11, 5], [3, 2], [2, 2]])('a loss at %d segments leaves %d', (cwnd, ssthresh) => expect(new Reno().recalcSsthresh(cwnd)).toBe(ssthresh));
  it('slow start up to the threshold, then a segment for each window', () => {
    const reno = new Reno(), s = sender(8, 10);
    reno.congAvoid(s, 5);
    expect(s.cwnd).toBe(10); // two of the five, three count on
    for (let acked = 3; acked < 10; acked++) reno.congAvoid(s, 1);
    expect(s.cwnd).toBe(11);
    for (let acked = 0; acked < 11; acked++) reno.congAvoid(s, 1);
    expect(s.cwnd).toBe(12);
  });
  const growth = (congestionControl: string): { left: number; after: number[]; ms: number } => {
    const trace = tcpPair({ rttMs: 40, bytes: 2_000_000, faults: [LOSS], tcp: { congestionControl, hystart: false } });
    const [entered] = events(trace, 'tcp.recovery_entered'), [left] = events(trace, 'tcp.recovery_left');
    const after = events(trace, 'tcp.cwnd_changed').filter((e) => e.t > left!.t + 1);
    return { left: left!.a / (entered!.b || 1), after: after.map((e) => e.a), ms: trace.endNs / MS };
  };
  it('keeps half where CUBIC keeps seven tenths, and grows by one for each round trip', () => {
    const ratio = (congestionControl: string): number => {
      const trace = tcpPair({ rttMs: 40, bytes: 2_000_000, faults: [LOSS], tcp: { congestionControl } });
      const before = events(trace, 'tcp.cwnd_changed').filter((e) => e.t <= events(trace, 'tcp.recovery_entered')[0]!.t);
      return events(trace, 'tcp.recovery_entered')[0]!.b / Math.max(...before.map((e) => e.a));
    };
    expect(ratio('reno')).toBeCloseTo(0.5, 1);
    expect(ratio('cubic')).toBeCloseTo(0.7, 1);
    const { after } = growth('reno');
    expect(after.slice(0, 5)).toEqual([after[0]!, after[0]! + 1, after[0]! + 2, after[0]! + 3, after[0]! + 4]);
  });
  it('without SACK it repairs one segment for each round trip (RFC 6582)', () => {
    const faults = [1, 2, 3].map((n) => ({ ...LOSS, where: { ...LOSS.where, range: [200_000 + n * 4344, 200_001 + n * 4344] as [number, number] } }));
    const trace = tcpPair({ rttMs: 40, bytes: 600_000, faults, tcp: { congestionControl: 'reno', sack: false } });
    const again = trace.pdus.filter((p) => p.transmission > 1 && p.payload > 0).map((p) => p.sentAt / MS);
    expect(again.length).toBeGreaterThanOrEqual(3);
    expect(again[1]! - again[0]!).toBeCloseTo(40, 0);
    expect(again[2]! - again[1]!).toBeCloseTo(40, 0);
    expect(trace.outcome).toBe('ok');
  });
});

describe('ECN', () => {
  const run = (o: { ecn: boolean; markAbove?: number }): Trace => tcpPair({ rttMs: 40, bytes: 1_000_000, rate: 10e6, queue: 100, ...(o.markAbove ? { markAbove: o.markAbove } : {}), tcp: { ecn: o.ecn, hystart: false } });
  let marked: Trace, dropped: Trace;
  beforeAll(() => {
    marked = run({ ecn: true, markAbove: 20 });
    dropped = run({ ecn: false, markAbove: 20 });
  });
  it('is asked for and agreed to in the SYNs (RFC 3168 §6.1.1)', () => {
    const bits = (t: Trace) => t.pdus.filter((p) => p.flags & SYN).map((p) => p.flags & (ECE | CWR));
    expect(bits(marked)).toEqual([ECE | CWR, ECE]);
    expect(bits(dropped)).toEqual([0, 0]);
  });
  it('only new data may be marked; nothing is lost where the queue marks, and something where it cannot', () => {
    expect(marked.pdus.filter((p) => p.ecn !== undefined).every((p) => p.payload > 0 && p.transmission === 1)).toBe(true);
    expect(marked.pdus.some((p) => p.marked)).toBe(true);
    expect(marked.pdus.filter((p) => p.fate === Fate.queueFull)).toEqual([]);
    expect(dropped.pdus.some((p) => p.marked)).toBe(false);
    expect(dropped.pdus.filter((p) => p.fate === Fate.queueFull).length).toBeGreaterThan(0);
  });
  it('the receiver says it until it hears CWR; the sender reduces once for each round trip', () => {
    const reductions = events(marked, 'tcp.ecn_reduced');
    expect(reductions.length).toBeGreaterThan(0);
    for (let i = 1; i < reductions.length; i++) expect(reductions[i]!.t - reductions[i - 1]!.t).toBeGreaterThan(40);
    const said = marked.pdus.filter((p) => p.flags & CWR && !(p.flags & SYN));
    expect(said.length).toBe(reductions.length);
    const echoes = marked.pdus.filter((p) => p.from === 0 && p.flags & ECE && !(p.flags & SYN));
    expect(echoes.length).toBeGreaterThan(0);
    for (const p of echoes) expect(said.every((c) => c.fateAt > p.sentAt || c.sentAt < p.sentAt - 40 * MS || c.fateAt < p.sentAt)).toBe(true);
    expect(marked.pdus.filter((p) => p.transmission > 1)).toEqual([]);
  });
  it('a SYN that is sent again does not ask any more', () => {
    const trace = tcpPair({ rttMs: 40, bytes: 1000, tcp: { ecn: true }, faults: [{ type: 'pdu', where: { from: 'client', select: 'SYN' }, nth: 1, count: 1, verdict: { do: 'drop' } }] });
    expect(trace.pdus.filter((p) => p.flags & SYN).map((p) => p.flags & (ECE | CWR))).toEqual([ECE | CWR, 0, 0]);
  });
});
