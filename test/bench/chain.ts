/** The whole chain: a page of 30 requests through proxy, web server, app server and database; a look-up in 10⁸ rows; jumps in a run of 200,000 events. */
import scenario from '../../scenarios/whole-chain.json';
import crowd from '../../scenarios/missing-index.json';
import { captionAt } from '../../src/explain';
import type { Plan } from '../../src/model/plan';
import type { Trace } from '../../src/model/trace';
import { compilePlan } from '../../src/scenario/compile';
import { checkScenario } from '../../src/scenario/parse';
import { runPlan } from '../../src/scenario/run';
import { openDatabase, type DatabaseSpec, type Query } from '../../src/storage/index';
import { inFlightAt, indexTrace, requestsAt, resourceBusyAt, stateAt, timersAt } from '../../src/trace';
import type { BenchLine } from './machines';

function timed(name: string, unit: 'ms' | 'us', count: number, body: (turn: number) => void): BenchLine {
  for (let i = 0; i < count; i++) body(i);
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const begin = performance.now();
    body(i);
    times.push((performance.now() - begin) * (unit === 'us' ? 1000 : 1));
  }
  times.sort((a, b) => a - b);
  const median = times[count >> 1]!;
  return { name, value: median, unit, runs: count, median, p95: times[Math.floor(count * 0.95)]! };
}
function planOf(raw: unknown): Plan {
  const checked = checkScenario(raw);
  const plan = checked.ok ? compilePlan(checked.value) : checked;
  if (!plan.ok) throw new Error(JSON.stringify(plan.errors));
  return plan.value;
}

/** The document made by app and database, 29 images of 20 KB from the web server, six connections. */
export function chainPlan(): Plan {
  const s = structuredClone(scenario) as unknown as { network: { hosts: Record<string, { params: { site: Record<string, unknown> } }> }; workload: { profile: string } };
  const images = Array.from({ length: 29 }, (_, i) => `/${i}.png`);
  Object.assign(s.network.hosts.app!.params.site['/orders/:id'] as object, { links: images });
  for (const image of images) s.network.hosts.web!.params.site[image] = { bytes: '20 KB', type: 'image/png', file: true };
  s.workload.profile = 'browser';
  return planOf(s);
}
/** Goal: at most 5 ms in the median. */
export function benchChain(): BenchLine {
  const plan = chainPlan();
  return timed('chain-30', 'ms', 60, () => void runPlan(plan));
}

const LARGE: DatabaseSpec = {
  sharedBuffersBytes: 128 << 20,
  tables: { big: { rows: 1e8, columns: [{ name: 'id', type: 'bigint' }, { name: 'k', type: 'bigint', order: 'random' }], primaryKey: ['id'], order: 'ascending', allVisible: 1, indexes: { big_k: { columns: ['k'], unique: true, build: 'bulk' } } } },
};
/** Planning and walking one look-up by an index on random keys. Goal: at most 50 µs in the median. */
export function benchLookUp(): BenchLine {
  const database = openDatabase(LARGE, 1);
  return timed('look-up-1e8', 'us', 2000, (turn) => {
    const query: Query = { table: 'big', columns: '*', where: { column: 'k', op: '=', values: [((turn * 7919) % 99_999_989) + 1] }, limit: null };
    for (const access of database.run(query, database.plan(query).chosen).accesses) void access;
  });
}

/** A crowd before a missing index, as large as a run may be: about 200,000 events. */
export function crowdTrace(): Trace {
  const s = structuredClone(crowd) as unknown as { lanes?: unknown; workload: { arrivals: { users: number } }; limits?: unknown };
  delete s.lanes;
  s.workload.arrivals.users = 385;
  s.limits = { events: 1_000_000 };
  return runPlan(planOf(s));
}
/** A jump of the playhead in it: every state, timer, packet, request, place and the caption. Goal: at most 16 ms. */
export function benchCrowdSeek(): BenchLine {
  const trace = crowdTrace();
  const index = indexTrace(trace);
  return timed(`seek-${Math.round(trace.kind.length / 1000)}k-events`, 'ms', 300, (turn) => {
    const t = Math.floor((index.workEndNs * ((turn * 619) % 1000)) / 1000);
    for (const e of trace.endpoints) stateAt(index, e.id, t);
    inFlightAt(index, t);
    timersAt(index, t);
    requestsAt(index, t);
    for (const host of trace.hosts) resourceBusyAt(index, host.id, t);
    captionAt(index, t);
  });
}
export const benchCrowdIndex = (): BenchLine => {
  const trace = crowdTrace();
  return timed('index-crowd', 'ms', 10, () => void indexTrace(trace));
};
