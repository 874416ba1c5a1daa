/**
 * Random whole chains (proxies, balancers, app servers of each model, databases) under random load and faults: nothing crashes or
 * runs for ever, packets and places are conserved, attribution sums exactly. 200 runs normally, 10,000 with ROUNDTRIP_LONG=1.
 */
import { describe, expect, it } from 'vitest';
import { sequence } from '../../src/base/random';
import type { Trace } from '../../src/model/trace';
import { compilePlan } from '../../src/scenario/compile';
import { checkScenario } from '../../src/scenario/parse';
import { runPlan } from '../../src/scenario/run';
import type { ScenarioFault } from '../../src/scenario/schema';
import { traceHash } from '../../src/trace';
import { broken } from '../support/invariants';

const RUNS = process.env.ROUNDTRIP_LONG ? 10_000 : 200;

function run(seed: number): Trace {
  const next = sequence(seed);
  const pick = <T,>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const apps = Array.from({ length: pick([1, 1, 2, 3]) }, (_, i) => `app-${i + 1}`);
  const twoProxies = next() < 0.4;
  const front = twoProxies ? 'web' : 'proxy';
  const rows = pick([10, 1000, 100_000, 10_000_000]);
  const hosts: Record<string, unknown> = {
    users: { kind: 'browser', title: 'users', address: '192.0.2.10', params: { hostsFile: { 'shop.example': '203.0.113.7' } } },
    proxy: {
      kind: 'reverse-proxy', title: 'proxy', address: '203.0.113.7', params: {
        names: ['shop.example'], proxyVersion: pick(['1.22.1', '1.29.7']), proxyBuffering: next() < 0.7, proxyConnectTimeout: pick(['200 ms', '60 s']), proxyReadTimeout: pick(['300 ms', '60 s']), upstreamMaxFails: pick([0, 1, 3]),
        upstreams: { next: { servers: twoProxies ? [{ host: 'web', port: 8080 }] : apps.map((host) => ({ host, port: 9000, weight: pick([1, 1, 3]) })), balance: pick(['round-robin', 'least-conn', 'random', 'random-two']) } },
        routes: [{ prefix: '/', upstream: 'next' }],
      },
    },
    ...(twoProxies ? {
      web: {
        kind: 'web-server', title: 'web', address: '10.0.1.10', params: {
          plainPorts: ['8080'], tlsPorts: [], pageCache: pick(['warm', 'cold']), site: { '/style.css': { bytes: '9 KB', file: true, maxAge: pick([-1, 60]) < 0 ? 0 : 60 } },
          upstreams: { app: { servers: apps.map((host) => ({ host, port: 9000 })), keepalive: pick([0, 8]) } }, routes: [{ prefix: '/orders', upstream: 'app' }],
        },
      },
    } : {}),
    db: {
      kind: 'database', title: 'db', address: '10.0.3.10', cores: pick([1, 4]), params: {
        bufferPool: pick(['cold', 'warm']), postgres: { authentication: pick(['trust', 'scram-sha-256']), maxConnections: pick([4, 20, 100]), queryMode: pick(['simple', 'extended', 'prepared']), ssl: next() < 0.3 },
        database: {
          disks: pick([1, 8]), pageRead: pick(['100 us', '8 ms']),
          tables: { orders: { rows, order: pick(['ascending', 'random']), columns: [{ name: 'id', type: 'bigint' }, { name: 'k', type: 'bigint', distinct: Math.max(1, Math.floor(rows / 10)) }, { name: 'note', type: 'text', bytes: pick([10, 700]) }], primaryKey: ['id'], indexes: { orders_k: { columns: ['k'], present: next() < 0.6 } } } },
        },
      },
    },
  };
  apps.forEach((name, i) => {
    hosts[name] = {
      kind: 'app-server', title: name, address: `10.0.2.1${i}`, cores: pick([1, 2, 8]), params: {
        model: pick(['thread-pool', 'event-loop', 'process-per-request']), workers: pick([1, 4, 50]), queueMax: pick([-1, 0, 3]), whenFull: pick(['close', '503']), maxProcesses: pick([1, 5, 256]), databaseHost: 'db', poolSize: pick([1, 3, 10]), poolTimeout: pick(['50 ms', '30 s']), schedulerSlice: pick(['0 ms', '4 ms']),
        site: {
          '/orders/:id': { bytes: pick(['300 B', '20 KB']), cpu: pick(['0 ms', '3 ms']), render: pick(['0 ms', '5 ms']), think: pick(['0 ms', '25 ms']), links: ['/style.css'], queries: pick([['select * from orders where id = :id'], ['select count(*) from orders where k between 1 and :id', 'select * from orders where k = :id limit 3'], ['select * from nowhere'], []]) },
          '/style.css': { bytes: '2 KB', file: true },
        },
      },
    };
  });
  const links: Record<string, unknown> = {};
  const join = (a: string, b: string, rtt: readonly number[]): void => {
    links[`${a}.${b}`] = { a, b, rtt: `${pick(rtt)} ms`, ...(next() < 0.2 ? { loss: `${pick([1, 8])} %` } : {}), ...(next() < 0.5 ? { bandwidth: pick(['10 Mbit/s', '1 Gbit/s']) } : {}) };
  };
  join('users', 'proxy', [1, 40, 200]);
  if (twoProxies) join('proxy', 'web', [0, 1, 20]);
  for (const app of apps) {
    join(front, app, [0, 1, 20]);
    join(app, 'db', [0, 1, 10]);
  }
  const all = Object.keys(hosts), wires = Object.keys(links);
  const faults: ScenarioFault[] = [];
  for (let i = Math.floor(next() * 3); i > 0; i--) {
    const where = { link: pick(wires), ...(next() < 0.5 ? { select: pick(['SYN', 'data', 'GET', '200', 'Query', 'DataRow', 'FIN', 'ACK']) } : {}) };
    faults.push(pick<() => ScenarioFault>([
      () => ({ do: 'drop', where, nth: 1 + Math.floor(next() * 9), count: pick([1, 3, -1]), at: next() }), () => ({ do: 'delay', where, nth: 1 + Math.floor(next() * 9), by: pick(['3 ms', '700 ms']) }),
      () => ({ do: pick(['stop', 'silent'] as const), host: pick(all), from: `${Math.floor(next() * 400)} ms`, ...(next() < 0.6 ? { until: '2 s' } : {}) }),
      () => ({ do: 'down', link: pick(wires), from: `${Math.floor(next() * 400)} ms`, until: '1500 ms' }), () => ({ do: 'refuse-connections', host: pick([...apps, 'proxy', 'db']) }),
    ])());
  }
  const checked = checkScenario({
    version: 1, id: 'random-chain', title: 'random', summary: 'random', seed, network: { hosts, links }, faults, limits: { end: '150 s' },
    workload: {
      client: 'users', profile: pick(['plain', 'curl', 'browser']), ...(next() < 0.4 ? { maxTime: pick(['300 ms', '3 s']) } : {}), visits: [{ url: 'https://shop.example/orders/7' }],
      arrivals: { users: pick([1, 5, 15]), url: 'https://shop.example/orders/{n}', every: pick(['1 ms', '20 ms']), spacing: pick(['regular', 'poisson']) },
    },
  });
  if (!checked.ok) throw new Error(`seed ${seed}: ${JSON.stringify(checked.errors)}`);
  const plan = compilePlan(checked.value);
  if (!plan.ok) throw new Error(`seed ${seed}: ${JSON.stringify(plan.errors)}`);
  return runPlan(plan.value);
}

describe('random whole chains', () => {
  it(`${RUNS} under load and faults: nothing crashes, hangs or lies`, { timeout: 3_600_000 }, () => {
    const wrong: string[] = [];
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= RUNS && wrong.length < 5; seed++) {
      try {
        const trace = run(seed);
        for (const r of trace.requests) outcomes.add(String(r.status ?? r.error?.code));
        const found = broken(trace);
        if (found) wrong.push(`seed ${seed}: ${found}`);
      } catch (error) {
        wrong.push(`seed ${seed}: ${(error as Error).stack?.split('\n').slice(0, 6).join(' | ')}`);
      }
    }
    expect(wrong).toEqual([]);
    // the draw reaches the outcomes that a chain can have
    for (const outcome of ['200', '500', '502', '503', '504', 'MAX_TIME']) expect(outcomes).toContain(outcome);
  });
  it('the same twice, byte for byte', () => {
    for (let seed = 1; seed <= 8; seed++) expect(traceHash(run(seed))).toBe(traceHash(run(seed)));
  });
});
