/** Scenarios that travel in an address: there and back, and what damaged or hostile ones come to. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packScenario, SHARED_MAX, unpackScenario } from '../../src/app/share';
import { CATALOGUE } from '../../src/scenario/catalogue';
import { loadScenario } from '../../src/scenario/load';

const packed = (text: string | Uint8Array): string => `~${deflateRawSync(text).toString('base64url')}`;
const complaint = async (path: string): Promise<string> => {
  const result = await unpackScenario(path);
  return result.ok ? 'opened' : `${result.errors[0]!.where}: ${result.errors[0]!.what}`;
};

describe('a scenario in an address', () => {
  it.each(CATALOGUE.map((e) => e.id))('%s comes back as it was, in one address', async (id) => {
    const loaded = await loadScenario(id);
    if (!loaded.ok) throw new Error(id);
    const path = await packScenario(loaded.value);
    expect(path).toMatch(/^~[\w-]+$/);
    expect(path.length).toBeLessThan(SHARED_MAX);
    expect(await unpackScenario(path)).toEqual(loaded);
  });
  it.each([
    ['nothing', '~', 'address: holds no scenario'],
    ['other characters', '~abc$', 'address: holds no scenario'],
    ['noise', '~AAAA', 'address: is cut off or damaged'],
    ['not text', packed(new Uint8Array([0xff, 0xfe, 0xfd])), 'address: is cut off or damaged'],
    ['a bomb', packed(' '.repeat(50_000_000)), 'address: holds more than 262144 characters'],
    ['another file', packed('{"version": 2}'), 'version: is 2'],
    ['a key that is not one', packed('{"__proto__": {"polluted": 1}}'), '__proto__: is a forbidden key'],
  ])('%s is refused', async (_name, path, text) => {
    expect(await complaint(path)).toContain(text.slice(0, 30));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
  it('cut off is refused', async () => {
    const loaded = await loadScenario('first-visit');
    if (!loaded.ok) throw new Error('first-visit');
    const path = await packScenario(loaded.value);
    expect(await complaint(path.slice(0, -40))).toMatch(/cut off or damaged|is not JSON/);
  });
});
