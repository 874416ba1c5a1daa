/** The catalogue's files pass the check that every other file must pass, and it changes nothing in them. */
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/scenario/catalogue';
import { loadScenario } from '../../src/scenario/load';
import { checkScenario } from '../../src/scenario/parse';

describe('the catalogue', () => {
  it.each(CATALOGUE.map((entry) => entry.id))('%s is what its check returns', async (id) => {
    const loaded = await loadScenario(id);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
    const checked = checkScenario(loaded.value);
    expect(checked.ok ? checked.value : checked.errors).toEqual(loaded.value);
    expect(loaded.value.id).toBe(id);
  });
});
