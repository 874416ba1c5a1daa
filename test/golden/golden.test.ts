/**
 * The scenarios that ship, held to what they were: hash, requests, phases. A change of the model shows here as a change of numbers that somebody
 * has to look at. `ROUNDTRIP_GOLDEN=1 npx vitest run --project unit test/golden` writes the files anew; read the difference before committing it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { summaryWords } from '../../src/explain';
import { CATALOGUE } from '../../src/scenario/catalogue';
import { loadScenario } from '../../src/scenario/load';
import { runScenario, type Run } from '../../src/scenario/run';
import { indexTrace, summarise, traceHash } from '../../src/trace';

async function runsOf(id: string): Promise<readonly Run[]> {
  const scenario = await loadScenario(id);
  const runs = scenario.ok ? runScenario(scenario.value) : scenario;
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return runs.value;
}

/** The summary without its attribution, whose words may change; its sums are a property test. */
function summary(id: string, runs: readonly Run[]): unknown {
  const whole = summarise(runs.map((r) => ({ name: r.name, index: indexTrace(r.trace) })), { scenario: id, seed: runs[0]!.trace.seed, ...summaryWords });
  return { ...whole, runs: whole.runs.map((run) => ({ ...run, requests: run.requests.map(({ attribution: _, ...rest }) => rest) })) };
}

describe('golden summaries', () => {
  it.each(CATALOGUE.map((e) => e.id))('%s', async (id) => {
    const file = join(import.meta.dirname, `${id}.json`);
    const ours = JSON.parse(JSON.stringify(summary(id, await runsOf(id))));
    if (process.env.ROUNDTRIP_GOLDEN) writeFileSync(file, `${JSON.stringify(ours, null, 1)}\n`);
    expect(existsSync(file), `${file} is missing: see the head of this test`).toBe(true);
    expect(ours).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
  it.each(CATALOGUE.map((e) => e.id))('%s has the same hash when it runs again', async (id) => {
    const first = (await runsOf(id)).map((r) => traceHash(r.trace));
    expect((await runsOf(id)).map((r) => traceHash(r.trace))).toEqual(first);
    expect(first.every((hash) => /^[0-9a-f]{16}$/.test(hash))).toBe(true);
  });
});
