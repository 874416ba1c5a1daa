/** A sender over time, told from a trace: against lossless arithmetic, against the measured lists, and by invariants. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MS } from '../../src/base/time';
import { loadScenario } from '../../src/scenario/load';
import { prepare, runPlan, runScenario } from '../../src/scenario/run';
import { indexTrace, sendingOf, sendings, valueAt, type Sending } from '../../src/trace';
import { adapt } from '../fidelity/adapt';
import type { MeasuredCase } from '../fidelity/case';

async function lanesOf(id: string): Promise<Map<string, Sending>> {
  const loaded = await loadScenario(id);
  if (!loaded.ok) throw new Error(id);
  await prepare(loaded.value);
  const runs = runScenario(loaded.value);
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return new Map(runs.value.map(({ name, trace }) => {
    const index = indexTrace(trace), first = sendings(index)[0]!;
    return [name, sendingOf(index, first.flow, first.direction)!];
  }));
}
const slowStart = await lanesOf('slow-start'), early = await lanesOf('early-loss'), tail = await lanesOf('tail-loss');

describe('slow start', () => {
  it('doubles what is sent in each round trip, from the initial window on', () => {
    expect(slowStart.get('iw10')!.perRoundTrip.slice(0, 6)).toEqual([10, 20, 40, 80, 160, 320]);
    expect(slowStart.get('iw3')!.perRoundTrip.slice(0, 6)).toEqual([3, 6, 12, 24, 48, 96]);
  });
  it('is one phase until the last byte is acknowledged; nothing is sent twice', () => {
    const s = slowStart.get('iw10')!;
    expect(s.phases.map((p) => p.name)).toEqual(['slow start']);
    expect(s.marks.filter((m) => m.name !== 'window opened')).toEqual([]);
    expect(s.minRtt / MS).toBeGreaterThan(80);
    expect(s.minRtt / MS).toBeLessThan(80.2);
  });
});
describe('an early loss', () => {
  it('ends slow start; CUBIC takes seven tenths of the window and goes on by about a segment in a round trip', () => {
    const s = early.get('fifth')!;
    expect(s.phases.map((p) => p.name)).toEqual(['slow start', 'recovery', 'congestion avoidance']);
    expect(s.marks.map((m) => m.name).filter((m) => m !== 'window opened')).toEqual(['lost', 'retransmitted']);
    const recovery = s.phases[1]!, after = valueAt(s.cwnd, recovery.end)!, before = valueAt(s.cwnd, recovery.start - 1)!;
    expect(after).toBe(valueAt(s.ssthresh, recovery.end));
    expect(after / before).toBeGreaterThan(0.6);
    expect(after / before).toBeLessThan(1);
    expect(s.perRoundTrip.length).toBeGreaterThan(4 * early.get('none')!.perRoundTrip.length);
  });
  it('leaves a hole at the receiver until the segment is there', () => {
    const s = early.get('fifth')!;
    expect(Math.max(...s.outOfOrder.map((p) => p.value))).toBeGreaterThanOrEqual(5 * 1448);
    expect(s.outOfOrder[s.outOfOrder.length - 1]!.value).toBe(0);
    expect(early.get('none')!.outOfOrder.every((p) => p.value === 0)).toBe(true);
  });
});
describe('the last packets lost', () => {
  it('a probe finds them before the timer would, and spares the timeout', () => {
    const [probe, timeout] = [tail.get('probe')!, tail.get('timeout')!];
expect(probe.marks.map((m) => m.name).filter((m) => m === 'probe' || m === 'lost' || m === 'timeout').slice(0, 2)).toEqual(['probe', 'lost']);
    expect(timeout.marks.some((m) => m.name === 'timeout')).toBe(true);
    expect(probe.end).toBeLessThan(timeout.end);
    expect([probe, timeout].map((s) => s.phases.map((p) => p.name).filter((n) => n === 'recovery' || n === 'loss'))).toEqual([['recovery'], ['loss']]);
  });
});
describe('always', () => {
  it.each([...slowStart, ...early, ...tail])('%s: sums and bounds hold', (_, s) => {
    expect(s.inFlight[s.inFlight.length - 1]!.value).toBe(0);
    expect(s.inFlight.every((p) => p.value >= 0 && p.value <= s.bytes)).toBe(true);
    expect(s.perRoundTrip.reduce((a, b) => a + b, 0)).toBe(Math.ceil(s.bytes / s.segmentBytes) + s.marks.filter((m) => m.name === 'retransmitted').length);
    for (const steps of [s.cwnd, s.ssthresh, s.inFlight, s.window, s.outOfOrder]) for (let i = 1; i < steps.length; i++) expect(steps[i]!.at).toBeGreaterThan(steps[i - 1]!.at);
    expect(s.rtt.every((r) => r.value >= s.minRtt - 1000)).toBe(true);
    expect(s.phases[0]!.start).toBe(s.start);
    for (let i = 1; i < s.phases.length; i++) expect(s.phases[i]!.start).toBe(s.phases[i - 1]!.end);
  });
});
describe('beside the measured lists (truth/flights)', () => {
  const cases = (JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'truth', 'flights.json'), 'utf8')) as { cases: MeasuredCase[] }).cases;
  it.each(cases.map((c) => [c.id, c] as const))('%s', (_, c) => {
    const adapted = adapt(c);
    if ('unsupported' in adapted) throw new Error(adapted.unsupported);
    const index = indexTrace(runPlan(adapted.plan)), first = sendings(index)[0]!;
    const ours = sendingOf(index, first.flow, first.direction)!.perRoundTrip;
    const lists = c.observed!.segments_per_rtt as number[][];
    // as many round trips, give or take one, as one of the runs; and the segments up to each of them within a tenth of the nearest run (whose own runs part by more)
    expect(lists.some((l) => Math.abs(l.length - ours.length) <= Math.max(1, l.length * 0.08))).toBe(true);
    const upTo = (l: readonly number[], n: number): number => l.slice(0, n).reduce((a, b) => a + b, 0);
    for (let n = 1; n <= 3; n++) expect(Math.min(...lists.map((l) => Math.abs(upTo(l, n) - upTo(ours, n)) / upTo(l, n)))).toBeLessThanOrEqual(0.1);
  });
});
