/** Real runs: a page over one connection, the same by a browser with six, and a crowd of which some fail. */
import { loadScenario } from '../../../src/scenario/load';
import { prepare, runScenario } from '../../../src/scenario/run';
import type { Scenario } from '../../../src/scenario/schema';
import { indexTrace, type TraceIndex } from '../../../src/trace';

async function run(id: string, lane = '', change: (s: Scenario) => Scenario = (s) => s): Promise<TraceIndex> {
  const loaded = await loadScenario(id);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  const scenario = change(structuredClone(loaded.value));
  await prepare(scenario);
  const runs = runScenario(scenario);
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return indexTrace((runs.value.find((r) => r.name === lane) ?? runs.value[0]!).trace);
}
/** One connection: each request of the page waits for the one before it. */
export const pageRun = (): Promise<TraceIndex> => run('whole-chain');
/** A browser's page with so many more images: six connections. `late`: so long the first SYN of the second one is held back. */
export const browserRun = (images = 0, late = ''): Promise<TraceIndex> =>
  run('first-visit', '', (s) => {
    const site = s.network.hosts.edge!.params!.site as Record<string, Record<string, unknown>>;
    const added = Array.from({ length: images }, (_, i) => `/img/photo-${i + 1}.png`);
    for (const path of added) site[path] = { bytes: '20 KB', type: 'image/png' };
    const page = site['/orders/42']!;
    page.links = [...(page.links as string[]), ...added];
    return {
      ...s, workload: { ...s.workload, profile: 'browser' },
      faults: late === '' ? [] : [{ do: 'delay', where: { link: 'client', select: 'SYN', flow: 'browser>edge:443#2' }, by: late }],
    };
  });
/** Sixty users, most of whom give up. */
export const crowdRun = (): Promise<TraceIndex> => run('missing-index', 'no-index');
