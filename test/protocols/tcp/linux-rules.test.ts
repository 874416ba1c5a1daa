/** Rules of Linux that show only in a whole run: what a sender may send after each ACK, when it takes a reduction back, when it gives up, what it says. */
import { describe, expect, it } from 'vitest';
import type { PduFault } from '../../../src/model/fault';
import type { Trace } from '../../../src/model/trace';
import type { Segment } from '../../../src/protocols/tcp/segment';
import { tcpPair } from '../../support/tcp-pair';
import { eventsOf } from '../../support/web';

const MS = 1e6;
const fault = (from: 'client' | 'server', nth: number, where: PduFault['where'], verdict: PduFault['verdict']): PduFault => ({ type: 'pdu', where: { from, ...where }, nth, count: 1, verdict });
const data = { payloadAtLeast: 1 };
const dropped = (nth: number): PduFault => fault('server', nth, data, { do: 'drop' });
const delayed = (nth: number, ms: number): PduFault => fault('server', nth, data, { do: 'delay', by: ms * MS });
const flights = (trace: Trace, rttMs: number): number[] => {
  const counts = new Map<number, number>();
  for (const p of trace.pdus) {
    if (p.direction !== 1 || p.payload === 0) continue;
    const round = Math.floor(p.sentAt / (rttMs * MS));
    counts.set(round, (counts.get(round) ?? 0) + 1);
  }
  return [...counts.values()];
};
const segments = (trace: Trace): number[] => trace.pdus.filter((p) => p.direction === 1 && p.payload > 0).map((p) => Math.floor(p.streamStart / 1448));
/** Events of TCP, by their names without prefix. */
const said = (trace: Trace, ...names: string[]) => eventsOf(trace, ...names.map((n) => `tcp.${n}`));

describe('every ACK sends at once', () => {
  it('so that the good ACKs before a hole keep the pipe full through recovery (1 MB, segment 200 lost; Linux: 147 to 176 in round 6, 8 rounds)', () => {
    const rounds = flights(tcpPair({ rttMs: 30, bytes: 1_048_834, faults: [dropped(200)] }), 30);
    expect(rounds.slice(0, 3)).toEqual([10, 20, 40]);
    expect(rounds[5]).toBeGreaterThanOrEqual(147);
    expect(rounds.length).toBe(8);
  });
  it('ten new segments leave before the fifth goes out again, as recorded', () => {
    const trace = tcpPair({ rttMs: 30, bytes: 102_658, faults: [dropped(5)] });
    expect(segments(trace).slice(10, 22)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 4, 20]);
  });
  it('but only what is in the send buffer: of a response that does not fit, two new segments precede the retransmission of the twentieth, as recorded', () => {
    const trace = tcpPair({ rttMs: 30, bytes: 102_658, faults: [dropped(20)] });
    expect(segments(trace).slice(30, 34)).toEqual([30, 31, 19, 32]);
  });
  it('a smaller send buffer makes the application the brake', () => {
    const took = (sendBufferMax: number): number => {
      const all = said(tcpPair({ rttMs: 30, bytes: 400_000, tcp: { sendBufferMax } }), 'data_delivered');
      return all[all.length - 1]!.ms;
    };
    expect(took(23_040)).toBeGreaterThan(1.4 * took(4_194_304));
  });
});

describe('a SYN that was needlessly sent again', () => {
  const windows = (trace: Trace): number[] => said(trace, 'cwnd_changed').filter((e) => e.ms < 6100).map((e) => e.a);
  it('costs no window and gives a round-trip time: no false probe or time-out at RTT 2.5 s', () => {
    const trace = tcpPair({ rttMs: 2500, bytes: 1278 });
    expect(trace.pdus.filter((p) => p.name === 'SYN').length).toBeGreaterThan(2);
    expect(windows(trace).every((w) => w >= 10)).toBe(true);
    expect(said(trace, 'probe_sent', 'timeout_loss')).toEqual([]);
  });
  it('one that was lost twice does', () => {
    const trace = tcpPair({ rttMs: 30, bytes: 1278, faults: [1, 2].map((n) => fault('client', n, { tcpFlags: 'S' }, { do: 'drop' })) });
    expect(windows(trace)[0]).toBe(1);
  });
});

describe('a reduction is taken back', () => {
  const late = tcpPair({ rttMs: 80, bytes: 1_000_000, rate: 20e6, queue: 1000, faults: [delayed(30, 1500)] });
  it('after the recovery, when a D-SACK says that the retransmission was needless', () => {
    const events = said(late, 'recovery_entered', 'recovery_left', 'undone').map((e) => `${e.name} ${e.b}`);
    expect(events[0]).toContain('recovery_entered');
    expect(events[1]).toContain('recovery_left');
    expect(events[2]).toBe('tcp.undone 2');
    const [before] = said(late, 'recovery_entered'), [undone] = said(late, 'undone');
    expect(undone!.a).toBeGreaterThanOrEqual(before!.a);
  });
  it('a D-SACK is no sign of a gap', () => {
    const undone = said(late, 'undone')[0]!.ms;
    expect(said(late, 'duplicate_ack').filter((e) => e.ms > undone - 1)).toEqual([]);
    expect(said(late, 'duplicate_ack').length).toBeGreaterThan(3);
  });
});

describe('time-outs', () => {
  it('say how long the sender really waited and how many segments it takes for lost', () => {
    const trace = tcpPair({ rttMs: 30, bytes: 102_658, faults: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(dropped), tcp: { timerTick: 4 * MS } });
    const [timeout] = said(trace, 'timeout_loss');
    const armed = eventsOf(trace, 'timer.armed').filter((e) => trace.timers[e.subject]!.name === 'rto' && e.ms < timeout!.ms);
    expect(timeout!.a / MS).toBeCloseTo(timeout!.ms - armed[armed.length - 1]!.ms, 6);
    expect(timeout!.b).toBeGreaterThanOrEqual(9);
  });
  it('end when as long as fifteen would take from 200 ms on has passed, not when there were fifteen', () => {
    const silent = (rttMs: number): { ms: number; n: number } => {
      const trace = tcpPair({ rttMs, bytes: 50_000, faults: [{ type: 'host', host: 'client', verdict: 'silent', from: 2.2 * rttMs * MS, until: null } as never], endMs: 2_000_000 });
      return { ms: said(trace, 'gave_up')[0]!.ms, n: said(trace, 'timeout_loss').length };
    };
    const near = silent(30), far = silent(500);
    expect(near.n).toBeGreaterThan(far.n);
    for (const { ms } of [near, far]) expect(ms / 1000).toBeGreaterThan(924.6);
    for (const { ms } of [near, far]) expect(ms / 1000).toBeLessThan(924.6 + 130);
  });
});

describe('what is offered and said', () => {
  it('SYN 64240, SYN-ACK 65160, as in every recorded list; without timestamps both 64240', () => {
    const offers = (timestamps: boolean): number[] => tcpPair({ rttMs: 30, bytes: 1278, tcp: { timestamps } }).pdus.slice(0, 2).map((p) => (p.body as Segment).window);
    expect(offers(true)).toEqual([64_240, 65_160]);
    expect(offers(false)).toEqual([64_240, 64_240]);
  });
  it('slow start ends by a train of acknowledgements on a slow link, and says so', () => {
    const [left] = said(tcpPair({ rttMs: 80, bytes: 1_048_834, rate: 20e6, queue: 1000 }), 'slow_start_left');
    expect(left!.b).toBe(1);
  });
});
