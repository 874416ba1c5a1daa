/** Runs aligned by step: the same packet stands at the same place, whatever the round trip. */
import { describe, expect, it } from 'vitest';
import { alignBySteps, alignedTime } from '../../src/trace/align';
import { runWeb } from '../support/web';

const visits = ['http://www.lab.test/1k'];
describe('alignment by step', () => {
  const fast = runWeb({ rttMs: 20, visits }), slow = runWeb({ rttMs: 80, visits });
  const map = alignBySteps(fast, slow);
  it('takes each common packet to itself', () => {
    for (const p of fast.pdus.filter((q) => q.transmission === 1 && q.sentAt <= fast.requests[0]!.endNs)) {
      const like = slow.pdus.find((q) => q.name === p.name && q.flow === p.flow && q.direction === p.direction && q.streamStart === p.streamStart && q.payload === p.payload)!;
      expect(Math.abs(alignedTime(map, p.sentAt) - like.sentAt)).toBeLessThanOrEqual(80e6);
    }
    const syn = (t: typeof fast): number => t.pdus.find((p) => p.name === 'SYN')!.sentAt;
    expect(alignedTime(map, syn(fast))).toBe(syn(slow));
    expect(alignedTime(map, fast.requests[0]!.endNs)).toBe(slow.requests[0]!.endNs);
  });
  it('never goes back', () => {
    let last = -1;
    for (let t = 0; t <= fast.endNs; t += fast.endNs / 997) {
      const there = alignedTime(map, Math.floor(t));
      expect(there).toBeGreaterThanOrEqual(last);
      last = there;
    }
  });
  it('of a run with itself is itself', () => {
    const same = alignBySteps(fast, fast);
    for (const t of [0, 1, 5_000_001, 33_333_333, fast.endNs]) expect(alignedTime(same, t)).toBe(t);
  });
  it('holds where one run lost a packet and sent it again', () => {
    const lossy = runWeb({ rttMs: 20, visits, faults: [{ type: 'pdu', where: { select: 'GET' }, nth: 1, count: 1, verdict: { do: 'drop' } }] });
    const there = alignBySteps(fast, lossy);
    expect(alignedTime(there, fast.requests[0]!.endNs)).toBe(lossy.requests[0]!.endNs);
    expect(lossy.requests[0]!.endNs).toBeGreaterThan(fast.requests[0]!.endNs + 100e6);
  });
});
