/** Runs that the exporters' tests share: every scenario of the catalogue with all lanes, and others that go through the rarer paths. */
import type { Trace } from '../../src/model/trace';
import type { ExportInput, ExportRun } from '../../src/export/exporter';
import { DEFAULT_EPOCH_MS } from '../../src/export/exporter';
import { CATALOGUE } from '../../src/scenario/catalogue';
import { loadScenario } from '../../src/scenario/load';
import { parseScenario } from '../../src/scenario/parse';
import { prepare, runScenario } from '../../src/scenario/run';
import type { Scenario } from '../../src/scenario/schema';
import { indexTrace } from '../../src/trace';

export interface NamedRun {
  readonly name: string;
  readonly run: ExportRun;
}
async function scenarioNamed(id: string): Promise<Scenario> {
  const loaded = await loadScenario(id);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  return loaded.value;
}
async function runsOf(scenario: Scenario, set: Record<string, string> = {}): Promise<ExportRun[]> {
  await prepare(scenario);
  const runs = runScenario(scenario, { set });
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return runs.value.map(({ name, title, trace }) => ({ name, title, index: indexTrace(trace) }));
}
/** All lanes of a scenario of the catalogue, with settings. */
export const catalogueRuns = async (id: string, set: Record<string, string> = {}): Promise<ExportRun[]> => runsOf(await scenarioNamed(id), set);
/** The first visit with other faults, links, address … */
export async function firstVisit(patch: (scenario: { faults?: unknown; workload: { visits: { url: string }[] } }) => void, set: Record<string, string> = {}): Promise<ExportRun> {
  const plain = structuredClone(await scenarioNamed('first-visit')) as unknown as Parameters<typeof patch>[0];
  patch(plain);
  const parsed = parseScenario(JSON.stringify(plain));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return (await runsOf(parsed.value, set))[0]!;
}
export const input = (runs: readonly ExportRun[], at?: string): ExportInput => ({
  scenario: { id: 'test', title: 'Test' }, runs, options: { epochMs: DEFAULT_EPOCH_MS, ...(at === undefined ? {} : { at }) },
});

const SETTINGS: Readonly<Record<string, Record<string, string>>> = {
  'Chromium’s hello': { 'workload.profile': 'browser' },
  'curl and RSA': { 'workload.profile': 'curl', 'stack.tls.certificate': 'rsa' },
  'a second hello for P-256': { 'stack.tls.curves': 'P-256' },
  'TLS 1.2, RSA, loss': { 'stack.tls.version': '1.2', 'stack.tls.certificate': 'rsa', 'network.links.client.loss': '3 %' },
  'TLS 1.2 with P-256': { 'stack.tls.version': '1.2', 'stack.tls.curves': 'P-256' },
  'no timestamps, no SACK': { 'stack.tcp.timestamps': 'false', 'stack.tcp.sack': 'false' },
};
/** Two connections one after the other: the second takes the session of the first up. */
const TAKEN_UP: Readonly<Record<string, Record<string, string>>> = {
  'TLS 1.3 taken up': {}, 'TLS 1.2 taken up by a ticket': { 'stack.tls.version': '1.2' }, 'TLS 1.2 taken up by its id': { 'stack.tls.version': '1.2', 'workload.profile': 'curl', 'stack.tls.sessionCache': 'true' },
  'early data': { 'stack.tls.earlyData': 'true' }, 'early data refused by a HelloRetryRequest': { 'stack.tls.earlyData': 'true', 'stack.tls.curves': 'P-256' }, 'early data with tickets that are references': { 'stack.tls.earlyData': 'true', 'stack.tls.antiReplay': 'true' },
  'Chromium takes a session up': { 'workload.profile': 'browser' },
};
/** HTTP/3 alone, on a page with many references. */
const HTTP3 = { 'network.hosts.server.params.http3': 'true', 'network.hosts.browser.params.useHttp3': 'only' };
const OVER_QUIC: Readonly<Record<string, Record<string, string>>> = {
  'HTTP/3': {}, 'HTTP/3 with loss': { 'network.links.client.loss': '5 %' }, 'HTTP/3 of curl': { 'workload.profile': 'curl', 'stack.tls.postQuantum': 'true', 'stack.tls.curves': 'post-quantum' },
  'QUIC with new keys': { 'network.hosts.server.params.quic.keyUpdateAfter': '10' }, 'QUIC and pacing': { 'network.hosts.server.params.quic.pacing': 'true' },
  'QUIC and nobody answers': { 'network.links.client.loss': '100 %' },
};
const url = (to: string) => (s: { workload: { visits: { url: string }[] } }): void => void (s.workload.visits[0]!.url = to);

/** All of them; without `load`, only those in which somebody visits pages one by one. */
export async function everyRun({ load = false } = {}): Promise<readonly NamedRun[]> {
  const runs: NamedRun[] = [];
  for (const { id } of CATALOGUE) {
    const scenario = await scenarioNamed(id);
    if (load || !('arrivals' in scenario.workload)) for (const run of await runsOf(scenario)) runs.push({ name: `${id} ${run.name}`, run });
  }
  for (const [name, set] of Object.entries(SETTINGS)) runs.push({ name, run: (await catalogueRuns('first-visit', set))[0]! });
  for (const [name, set] of Object.entries(OVER_QUIC)) runs.push({ name, run: (await catalogueRuns('multiplexing', { ...HTTP3, ...set }))[0]! });
  runs.push({ name: 'plain HTTP', run: await firstVisit(url('http://shop.example/orders/42')) });
  runs.push({ name: 'plain HTTP to the TLS port', run: await firstVisit(url('http://shop.example:443/orders/42')) });
  runs.push({ name: 'not found', run: await firstVisit(url('https://shop.example/nowhere')) });
  const twice = (s: object): void => {
    const scenario = s as { workload: { visits: { url: string }[]; sequential?: boolean }; network: { hosts: Record<string, { kind: string; params?: Record<string, unknown> }> } };
    const { url: document } = scenario.workload.visits[0]!;
    scenario.workload.sequential = true;
    scenario.workload.visits = [{ url: document }, { url: new URL('/style.css', document).href }];
    scenario.network.hosts.edge!.params = { ...scenario.network.hosts.edge!.params, keepAliveTimeout: '0 s' };
  };
  for (const [name, set] of Object.entries(TAKEN_UP)) runs.push({ name, run: await firstVisit(twice, set) });
  for (const fault of ['certificate-expired', 'certificate-wrong-name', 'refuse-connections']) runs.push({ name: fault, run: await firstVisit((s) => void (s.faults = [{ do: fault, host: 'edge' }])) });
  return runs;
}
export const traceOf = (run: ExportRun): Trace => run.index.trace;
