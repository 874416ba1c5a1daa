/** Loads a scenario of the catalogue and checks it like any other file. */
import { fail, type Result } from '../base/result';
import { CATALOGUE } from './catalogue';
import { checkScenario } from './parse';
import type { Scenario } from './schema';

/** The scenario with this id. */
export async function loadScenario(id: string): Promise<Result<Scenario>> {
  const entry = CATALOGUE.find((e) => e.id === id);
  if (!entry) return fail('scenario', `there is no scenario "${id.slice(0, 60)}"`, `use one of ${CATALOGUE.map((e) => e.id).join(', ')}`);
  return checkScenario((await entry.load()).default);
}
