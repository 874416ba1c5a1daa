/** The lanes of a scenario of the catalogue, run with levers. */
import type { Trace } from '../../src/model/trace';
import { loadScenario } from '../../src/scenario/load';
import { prepare, runScenario } from '../../src/scenario/run';

/** By name of the lane; throws what is wrong with the scenario or a lever. */
export async function lanesOf(id: string, set: Record<string, string> = {}): Promise<Record<string, Trace>> {
  const loaded = await loadScenario(id);
  if (!loaded.ok) throw new Error(id);
  await prepare(loaded.value, set);
  const runs = runScenario(loaded.value, { set });
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return Object.fromEntries(runs.value.map((r) => [r.name, r.trace]));
}
