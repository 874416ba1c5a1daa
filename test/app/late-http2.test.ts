/** A lever may ask for what the page has not loaded: it comes, and the run with it. */
import { expect, it, vi } from 'vitest';

it('HTTP/2 is loaded when a lever turns it on', async () => {
  vi.resetModules(); // the set-up has loaded every host
  const { loadScenario } = await import('../../src/scenario/load');
  const { change, loadSimulator, openScenario, store } = await import('../../src/app/store');
  const simulator = await loadSimulator();
  const scenario = await loadScenario('first-visit');
  if (!scenario.ok) throw new Error('first-visit');
  await simulator.prepare(scenario.value);
  expect(openScenario(scenario.value)).toBe(true);
  const lever = { 'workload.profile': 'curl', 'network.hosts.edge.params.http2': true };
  const document = () => store.getState().runs[0]!.index.trace.requests[0]!;
  expect(document().protocol).toBe('h1');
  expect(simulator.prepared(scenario.value, lever)).toBe(false);
  expect(change({ set: lever })).toBe(true);
  await vi.waitFor(() => expect(document().protocol).toBe('h2'));
  expect(store.getState().levers.set).toEqual(lever);
  expect(store.getState().complaints).toEqual([]);
});
