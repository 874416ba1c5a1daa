/** Two hosts, one request, one response: what slow start, losses and queues do, held against Linux 6.18 hosts that did the same. */
import { describe, expect, it } from 'vitest';
import type { PduFault } from '../../../src/model/fault';
import { Fate } from '../../../src/model/pdu';
import type { Trace } from '../../../src/model/trace';
import { tcpPair, type PairOptions } from '../../support/tcp-pair';

const drop = (from: 'client' | 'server', nth: number, count = 1, where: PduFault['where'] = { payloadAtLeast: 1 }): PduFault => ({
  type: 'pdu', where: { from, ...where }, nth, count, verdict: { do: 'drop' },
});
/** When the last byte of the response was delivered, ms after connect(). */
const total = (trace: Trace): number => {
  const kind = trace.kinds.find((k) => k.name === 'tcp.data_delivered')!.id;
  let at = -1;
  for (let i = 0; i < trace.time.length; i++) if (trace.kind.at(i) === kind && trace.endpoints[trace.where.at(i)]!.host === 0) at = trace.time.at(i);
  return at / 1e6;
};
const flights = (trace: Trace, rttMs: number): number[] => {
  const counts = new Map<number, number>();
  for (const pdu of trace.pdus) {
    if (pdu.direction !== 1 || pdu.payload === 0) continue;
    const round = Math.floor(pdu.sentAt / (rttMs * 1e6));
    counts.set(round, (counts.get(round) ?? 0) + 1);
  }
  return [...counts.values()];
};
const RESPONSE = { rttMs: 30, bytes: 102_400 + 258 };

describe('flights', () => {
  it('doubles from an initial window of ten: 71 segments of a 100 KB response take one round trip more than 70', () => {
    expect(flights(tcpPair(RESPONSE), 30)).toEqual([10, 20, 40, 1]);
  });
  it.each([30, 80, 200])('10, 20, 40, 80 at RTT %d ms', (rttMs) => {
    expect(flights(tcpPair({ rttMs, bytes: 300_000 }), rttMs).slice(0, 4)).toEqual([10, 20, 40, 80]);
  });
  it('starts with what the initial window says', () => {
    expect(flights(tcpPair({ rttMs: 50, bytes: 30_000, tcp: { initialWindow: 4 } }), 50).slice(0, 2)).toEqual([4, 8]);
  });
});

describe('losses take as long as measured (RTT 30 ms; curl and nginx less their own 3 ms and a look-up of 30 ms)', () => {
  const measured: readonly [string, Omit<PairOptions, 'rttMs'>, number][] = [
    ['nothing lost', { bytes: 1278 }, 60.7],
    ['first SYN lost', { bytes: 1278, faults: [drop('client', 1, 1, { tcpFlags: 'S' })] }, 1071.2],
    ['two SYNs lost', { bytes: 1278, faults: [drop('client', 1, 2, { tcpFlags: 'S' })] }, 2096.2],
    ['request lost', { bytes: 1278, faults: [drop('client', 1)] }, 294.6],
    ['request lost twice', { bytes: 1278, faults: [drop('client', 1, 2)] }, 532.8],
    ['response lost', { bytes: 1278, faults: [drop('server', 1)] }, 295],
    ['response lost twice', { bytes: 1278, faults: [drop('server', 1, 2)] }, 531.1],
    ['segment 1', { bytes: RESPONSE.bytes, faults: [drop('server', 1)] }, 303.1],
    ['segment 5', { bytes: RESPONSE.bytes, faults: [drop('server', 5)] }, 272.8],
    ['segment 20', { bytes: RESPONSE.bytes, faults: [drop('server', 20)] }, 182.4],
    ['segment 60', { bytes: RESPONSE.bytes, faults: [drop('server', 60)] }, 151.5],
    ['last segment: probe after RTT + 200 ms', { bytes: RESPONSE.bytes, faults: [drop('server', 71)] }, 386.8],
    ['last but two', { bytes: RESPONSE.bytes, faults: [drop('server', 69)] }, 166.2],
    ['whole first window', { bytes: RESPONSE.bytes, faults: [drop('server', 1, 10)] }, 459.8],
  ];
  it.each(measured)('%s', (_name, options, expected) => {
    expect(Math.abs(total(tcpPair({ rttMs: 30, ...options })) - expected)).toBeLessThanOrEqual(Math.max(5, 0.05 * expected));
  });
});

describe('a drop-tail queue of 64 packets overflows as often as measured (1 MB)', () => {
  it.each([
    [80, 50, 81], [80, 10, 7], [10, 1, 20], [80, 1, 23], [10, 50, 0], [10, 10, 0],
  ])('RTT %d ms, %d Mbit/s: %d packets', (rttMs, mbit, expected) => {
    const lost = tcpPair({ rttMs, bytes: 1_048_834, rate: mbit * 1e6, queue: 64 }).pdus.filter((p) => p.fate === Fate.queueFull).length;
    expect(lost).toBeGreaterThanOrEqual(expected / 2);
    expect(lost).toBeLessThanOrEqual(expected * 2);
  });
});

describe('every run', () => {
  it('delivers all, whatever is lost', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const trace = tcpPair({ rttMs: 20, bytes: 60_000, loss: 0.08, seed });
      const kind = trace.kinds.find((k) => k.name === 'tcp.data_delivered')!.id;
      let upTo = 0;
      for (let i = 0; i < trace.time.length; i++) if (trace.kind.at(i) === kind && trace.endpoints[trace.where.at(i)]!.host === 0) upTo = Math.max(upTo, trace.a.at(i));
      expect([seed, upTo]).toEqual([seed, 60_000]);
    }
  });
  it('is the same twice', () => {
    const one = tcpPair({ rttMs: 20, bytes: 60_000, loss: 0.05, seed: 7 }), two = tcpPair({ rttMs: 20, bytes: 60_000, loss: 0.05, seed: 7 });
    expect([...two.time.data.subarray(0, two.time.length)]).toEqual([...one.time.data.subarray(0, one.time.length)]);
  });
});
