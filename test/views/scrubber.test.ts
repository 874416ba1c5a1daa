/** The scrubber as numbers: one row for the request in view, a strip for the others, marks that fit. */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load';
import { prepare, runScenario } from '../../src/scenario/run';
import { indexTrace, moments, type TraceIndex } from '../../src/trace';
import { CROSS_ROOM, MARK_ROOM, rowsOf, stripOf, thinned } from '../../src/views/waterfall/scrubber-layout';

async function run(id: string): Promise<TraceIndex> {
  const scenario = await loadScenario(id);
  if (scenario.ok) await prepare(scenario.value);
  const runs = scenario.ok ? runScenario(scenario.value) : scenario;
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return indexTrace(runs.value[0]!.trace);
}

describe('rows', () => {
  it('of one visit: its document, then what that asked for', async () => {
    const index = await run('first-visit');
    const { first, rest, others } = rowsOf(index, -1, 4);
    expect([first.length, rest.length, others.length]).toEqual([1, 3, 0]);
  });
  it('of a crowd: the one in view, everybody else as others', async () => {
    const index = await run('pool-exhausted');
    for (const request of [-1, 0, 17]) {
      const { first, others } = rowsOf(index, request, 4);
      expect(first.map((r) => r.id)).toEqual([request < 0 ? index.trace.mainRequest : request]);
      expect(others.length + 1).toBe(index.trace.requests.length);
    }
  });
});
describe('the strip', () => {
  it('counts who is under way, and crosses where somebody failed, apart from each other', async () => {
    const index = await run('pool-exhausted');
    const { others } = rowsOf(index, -1, 4), end = index.workEndNs;
    const strip = stripOf(others, (t) => (t / end) * 500, end);
    for (let k = 0; k < 40; k++) {
      const t = (end * (k + 0.5)) / 40, px = (t / end) * 500;
      const step = [...strip.steps].reverse().find((s) => s.x <= px);
      const truth = others.filter((r) => r.startNs <= t && r.endNs > t).length;
      expect(Math.abs((step?.n ?? 0) - truth)).toBeLessThanOrEqual(3);
    }
    expect(strip.steps[strip.steps.length - 1]!.n).toBe(0);
    expect(strip.most).toBe(Math.max(...others.map((r) => others.filter((o) => o.startNs <= r.startNs && o.endNs > r.startNs).length)));
    expect(strip.failures.reduce((sum, f) => sum + f.n, 0)).toBe(others.filter((r) => r.error !== null || (r.status ?? 0) >= 500).length);
    expect(strip.failures.length).toBeGreaterThan(0);
    for (let i = 1; i < strip.failures.length; i++) expect(strip.failures[i]!.x - strip.failures[i - 1]!.x).toBeGreaterThanOrEqual(CROSS_ROOM);
  });
});
describe('marks of moments', () => {
  it('keep their room; what gives way gives way to something as heavy', async () => {
    for (const id of ['pool-exhausted', 'missing-index', 'lost-packet']) {
      const index = await run(id);
      const all = moments(index, { weightAtLeast: 2 }), x = (t: number): number => (t / index.trace.endNs) * 400;
      const kept = thinned(all, x);
      for (let i = 1; i < kept.length; i++) expect(kept[i]!.x - kept[i - 1]!.x).toBeGreaterThanOrEqual(MARK_ROOM - 1e-6);
      for (const m of all) if (!kept.some((k) => k.event === m.event)) expect(kept.some((k) => Math.abs(k.x - x(m.time)) < CROSS_ROOM && k.weight >= m.weight)).toBe(true);
      if (id === 'lost-packet') expect(kept.some((k) => k.type === 'loss')).toBe(true);
    }
  });
});
