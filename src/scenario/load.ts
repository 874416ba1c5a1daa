/** Loads a scenario of the catalogue. Its files are ours and are checked by a test, so that a page needs no checker to show one. */
import { fail, ok, type Result } from '../base/result';
import { CATALOGUE } from './catalogue';
import type { Scenario } from './schema';

/** The scenario with this id. */
export async function loadScenario(id: string): Promise<Result<Scenario>> {
  const entry = CATALOGUE.find((e) => e.id === id);
  if (!entry) return fail('scenario', `there is no scenario "${id.slice(0, 60)}"`, `use one of ${CATALOGUE.map((e) => e.id).join(', ')}`);
  return ok((await entry.load()).default as Scenario);
}
