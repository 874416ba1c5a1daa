/** Users, an app server and its database, written as a scenario: for runs of what a back end does. */
import { runPlan } from '../../src/scenario/run';
import { checkScenario } from '../../src/scenario/parse';
import { compilePlan } from '../../src/scenario/compile';
import type { ScenarioFault } from '../../src/scenario/schema';
import type { Trace } from '../../src/model/trace';

export interface BackEnd {
  /** Paths and when (ms); each visit is a user of his own. */
  readonly visits: readonly (readonly [path: string, atMs: number])[];
  readonly app?: Readonly<Record<string, unknown>>;
  readonly db?: Readonly<Record<string, unknown>>;
  /** Of the database host: costs. */
  readonly costs?: Readonly<Record<string, unknown>>;
  readonly columns?: readonly Readonly<Record<string, unknown>>[];
  readonly rows?: number;
  readonly sql?: string;
  readonly faults?: readonly ScenarioFault[];
  readonly maxTime?: string;
  readonly links?: Readonly<Record<string, unknown>>;
}
/** The scenario as somebody would write it. Round trips: 2 ms to the app server, 500 µs to the database. */
export function backEnd(o: BackEnd): unknown {
  return {
    version: 1, id: 'back-end', title: 'back end', summary: 'back end', seed: 1, faults: o.faults ?? [],
    network: {
      hosts: {
        users: { kind: 'browser', title: 'users', address: '192.0.2.10', params: { hostsFile: { 'shop.example': '203.0.113.7' } } },
        app: {
          kind: 'app-server', title: 'app server', address: '203.0.113.7', cores: 4,
          params: { model: 'thread-pool', workers: 8, poolSize: 5, databaseHost: 'db', site: { '/o/:id': { bytes: '1 KB', queries: [o.sql ?? 'select * from orders where id = :id'] }, '/w': { bytes: '1 KB', think: '50 ms' } }, ...o.app },
        },
        db: {
          kind: 'database', title: 'database', address: '10.0.3.10', cores: 4,
          params: {
            postgres: { sharedBuffers: '64 MiB' }, ...o.db,
            database: { ...o.costs, tables: { orders: { rows: o.rows ?? 1_000_000, columns: o.columns ?? [{ name: 'id', type: 'bigint' }, { name: 'note', type: 'text', bytes: 80 }], primaryKey: ['id'] } } },
          },
        },
      },
      links: { client: { a: 'users', b: 'app', rtt: '2 ms', bandwidth: '1 Gbit/s' }, back: { a: 'app', b: 'db', rtt: '500 us', bandwidth: '1 Gbit/s' }, ...o.links },
    },
    workload: { client: 'users', profile: 'plain', ...(o.maxTime ? { maxTime: o.maxTime } : {}), visits: o.visits.map(([path, at], i) => ({ url: `http://shop.example:9000${path}`, at: `${at} ms`, user: i + 1 })) },
  };
}
export function runBackEnd(o: BackEnd): Trace {
  const checked = checkScenario(backEnd(o));
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  const plan = compilePlan(checked.value);
  if (!plan.ok) throw new Error(JSON.stringify(plan.errors));
  return runPlan(plan.value);
}
export interface Told {
  readonly ms: number;
  readonly a: number;
  readonly b: number;
  readonly textA: string;
  readonly textB: string;
  readonly cause: number;
}
/** Events of a kind, in order. */
export function eventsOf(trace: Trace, kind: string): Told[] {
  const id = trace.kinds.find((k) => k.name === kind)?.id;
  const found: Told[] = [];
  for (let e = 0; e < trace.kind.length; e++) {
    if (trace.kind.at(e) !== id) continue;
    const a = trace.a.at(e), b = trace.b.at(e);
    found.push({ ms: trace.time.at(e) / 1e6, a, b, textA: trace.texts[a] ?? '', textB: trace.texts[b] ?? '', cause: trace.cause.at(e) });
  }
  return found;
}
/** What each visit ended with. */
export const outcomes = (trace: Trace): (number | string)[] => trace.requests.map((r) => r.status ?? r.error?.code ?? 'open');
