/** One user's time, and a crowd's 95th percentile beside what failed. */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load';
import { runScenario } from '../../src/scenario/run';
import { CROWD, firstScreenAt, indexTrace, outcomeOf, outcomesOf } from '../../src/trace';

async function outcomes(id: string, set: Record<string, string | number> = {}): Promise<{ index: ReturnType<typeof indexTrace> }[]> {
  const loaded = await loadScenario(id);
  if (!loaded.ok) throw new Error(id);
  const runs = runScenario(loaded.value, { set });
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return runs.value.map((r) => ({ index: indexTrace(r.trace) }));
}

describe('what a run comes to', () => {
  it('for one user is the time of the main request', async () => {
    const [{ index }] = (await outcomes('first-visit')) as [{ index: ReturnType<typeof indexTrace> }];
    const main = index.trace.requests[index.trace.mainRequest]!;
    expect(outcomeOf(index)).toEqual({ ns: main.endNs - main.startNs, page: false, screen: false, crowd: false, failed: 0 });
  });
  it('of pages that say what is seen at first is the time of the first screen', async () => {
    const lanes = (await outcomes('priorities')).map((o) => o.index);
    const told = outcomesOf(lanes);
    for (const [i, index] of lanes.entries()) {
      const hero = index.trace.requests.find((r) => r.url.endsWith('/hero.jpg'))!;
      // the picture that is seen comes last of what the first screen needs
      expect(told[i]).toEqual({ ns: firstScreenAt(index), page: false, screen: true, crowd: false, failed: 0 });
      expect(told[i]!.ns).toBeGreaterThanOrEqual(hero.endNs);
      expect(told[i]!.ns).toBeLessThan(outcomeOf(index, true).ns);
    }
    // said anew it is there sooner than without
    expect(told[2]!.ns).toBeLessThan(told[1]!.ns);
  });
  it('of lanes whose documents took equally long is the time of the page', async () => {
    const lanes = (await outcomes('multiplexing')).map((o) => o.index);
    const told = outcomesOf(lanes);
    for (const [i, index] of lanes.entries()) {
      expect(outcomeOf(index).page).toBe(false);
      expect(told[i]!.page).toBe(true);
      const [document] = index.trace.requests;
      expect(told[i]!.ns).toBe(Math.max(...index.trace.requests.map((r) => r.endNs)) - document!.startNs);
    }
    const versions = (await outcomes('tls-1.2-or-1.3')).map((o) => o.index);
    expect(outcomesOf(versions)).toEqual(versions.map((index) => outcomeOf(index)));
  });
  it('for a crowd is a time that 95 % of the documents that came did not exceed', async () => {
    for (const { index } of await outcomes('thread-pool-or-event-loop')) {
      const documents = index.trace.requests.filter((r) => r.initiator < 0);
      expect(documents.length).toBeGreaterThanOrEqual(CROWD);
      const { ns, crowd, failed } = outcomeOf(index);
      const came = documents.filter((r) => r.endNs >= 0 && r.error === null && (r.status ?? 0) < 400).map((r) => r.endNs - r.startNs);
      expect(crowd).toBe(true);
      expect(failed).toBe(documents.filter((r) => r.endNs >= 0).length - came.length);
      expect(came).toContain(ns);
      expect(came.filter((x) => x <= ns).length / came.length).toBeGreaterThanOrEqual(0.95);
      expect(came.filter((x) => x < ns).length / came.length).toBeLessThan(0.95);
    }
  });
});
