/** Trace events: names for every track, slices that nest, pairs that close, times of the run. */
import { describe, expect, it } from 'vitest';
import { chromeTrace } from '../../src/export/chrome-trace';
import { catalogueRuns, everyRun, input, traceOf } from './runs';

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly id?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args?: Record<string, unknown>;
}
const eventsOf = (runs: Parameters<typeof input>[0]): TraceEvent[] => (JSON.parse(chromeTrace(input(runs)) as string) as { traceEvents: TraceEvent[] }).traceEvents;

describe.each(await everyRun())('$name', ({ run }) => {
  const events = eventsOf([run]);
  const { requests, pdus, links, hosts } = traceOf(run);
  it('slices of a track nest or stand apart', () => {
    const slicesOf = events.filter((e) => e.ph === 'X');
    for (const track of new Set(slicesOf.map((e) => `${e.pid}/${e.tid}`))) {
      const slices = slicesOf.filter((e) => `${e.pid}/${e.tid}` === track);
      const open: number[] = [];
      for (const s of slices.sort((a, b) => a.ts - b.ts || b.dur - a.dur)) {
        while (open.length > 0 && open.at(-1)! <= s.ts + 1e-6) open.pop();
        if (open.length > 0) expect(s.ts + s.dur, s.name).toBeLessThanOrEqual(open.at(-1)! + 1e-6);
        open.push(s.ts + s.dur);
      }
    }
  });
  it('every begin has its end, every process a name', () => {
    const keys = (ph: string): string[] => events.filter((e) => e.ph === ph).map((e) => `${e.cat} ${e.id} ${e.name}`).sort();
    expect(keys('b')).toEqual(keys('e'));
    expect(new Set(keys('b')).size).toBe(keys('b').length);
    const named = new Set(events.filter((e) => e.ph === 'M' && e.name === 'process_name').map((e) => e.pid));
    expect(events.every((e) => named.has(e.pid))).toBe(true);
    expect(named.size).toBe(1 + hosts.length + links.length);
  });
  it('requests last as long as they did, packets are all there', () => {
    const slices = events.filter((e) => e.cat === 'request');
    expect(slices.map((e) => Math.round(e.dur * 1000))).toEqual(requests.map((r) => r.endNs - r.startNs));
    expect(events.filter((e) => e.ph === 'b' && e.cat === 'packet')).toHaveLength(pdus.length);
    expect(events.filter((e) => e.cat === 'work').length).toBeGreaterThan(0);
    expect(events.some((e) => e.cat === 'timer')).toBe(true);
  });
});
it('lanes have processes of their own', async () => {
  const runs = await catalogueRuns('tls-1.2-or-1.3');
  const names = eventsOf(runs).filter((e) => e.name === 'process_name').map((e) => String(e.args!.name));
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((n) => n.startsWith('tls-1.2: ')).length).toBe(names.length / 2);
});
