/**
 * What each scenario of the back end claims, held against the causes of its run: the client's outcome changes, and by the mechanism
 * that attribution and events name.
 */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load';
import { runScenario, type Run } from '../../src/scenario/run';
import type { CompileOptions } from '../../src/scenario/compile';
import { attribution, indexTrace, type TraceIndex } from '../../src/trace';

interface Lane {
  readonly run: Run;
  readonly index: TraceIndex;
}
async function lanesOf(id: string, options: Omit<CompileOptions, 'lane'> = {}): Promise<Record<string, Lane>> {
  const scenario = await loadScenario(id);
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.errors));
  const runs = runScenario(scenario.value, options);
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return Object.fromEntries(runs.value.map((run) => [run.name, { run, index: indexTrace(run.trace) }]));
}
const ms = ({ run }: Lane, request = 0): number => (run.trace.requests[request]!.endNs - run.trace.requests[request]!.startNs) / 1e6;
/** ms of a request's critical path by part and place. */
function spent(lane: Lane, request: number, part: string, where: string): number {
  return attribution(lane.index, request).filter((p) => p.part === part && p.where === where).reduce((sum, p) => sum + p.ns, 0) / 1e6;
}
const statuses = ({ run }: Lane): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const r of run.trace.requests) {
    const key = String(r.status ?? r.error?.code);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};
const happened = ({ index }: Lane, kind: string): number => {
  const id = index.kindByName.get(kind);
  let n = 0;
  if (id !== undefined) for (let e = 0; e < index.trace.kind.length; e++) if (index.trace.kind.at(e) === id) n++;
  return n;
};
/** Texts of column a or b of the events of a kind. */
const said = ({ index }: Lane, kind: string, column: 'a' | 'b'): string[] => {
  const id = index.kindByName.get(kind);
  const found: string[] = [];
  if (id !== undefined) for (let e = 0; e < index.trace.kind.length; e++) if (index.trace.kind.at(e) === id) found.push(index.trace.texts[index.trace[column].at(e)] ?? '');
  return found;
};

describe('the whole chain', () => {
  it('the path of the first visit goes through every host, and an index page read from disk is felt by the client', async () => {
    const { main } = await lanesOf('whole-chain');
    const hosts = new Set(attribution(main!.index, 0).map((p) => p.where));
    for (const place of ['client', 'proxy', 'web', 'app', 'db', 'resolver', 'root', 'tld', 'auth']) expect(hosts).toContain(place);
    const reads = main!.run.trace.queries.flatMap((q) => q.runs).reduce((sum, r) => sum + r.reads, 0);
    expect(reads).toBeGreaterThan(5);
    expect(spent(main!, 0, 'disk', 'db')).toBeCloseTo(reads * 0.1, 6);
    const warm = (await lanesOf('whole-chain', { set: { 'network.hosts.db.params.bufferPool': 'warm' } })).main!;
    expect(spent(warm, 0, 'disk', 'db')).toBe(0);
    expect(ms(main!) - ms(warm)).toBeCloseTo(spent(main!, 0, 'disk', 'db'), 1);
  });
});

describe('a missing index', () => {
  it('the scan holds the core, the core the pool, the pool the workers, and clients give up', async () => {
    const { index, 'no-index': none } = await lanesOf('missing-index');
    expect(statuses(index!)).toEqual({ 200: 60 });
    expect(statuses(none!).MAX_TIME).toBeGreaterThan(20);
    expect(none!.run.trace.queries[1]!.chosen).toMatchObject({ node: 'Seq Scan', relation: 'items' });
    expect(index!.run.trace.queries[1]!.chosen).toMatchObject({ node: 'Index Scan', index: 'items_order_id' });
    // somebody who was served waited at each of the places, one after the other
    const served = none!.run.trace.requests.filter((r) => r.status === 200).map((r) => r.id);
    for (const [part, where] of [['cpu', 'db'], ['queue', 'db'], ['queue', 'app connections']] as const) expect(Math.max(...served.map((r) => spent(none!, r, part, where)))).toBeGreaterThan(50);
    expect(none!.index.claims.filter((c) => none!.run.trace.resources[c.resource]!.name === 'workers' && c.grantedAt > c.requestedAt).length).toBeGreaterThan(10);
    expect(happened(none!, 'proxy.client_gone')).toBeGreaterThan(10);
    expect(happened(index!, 'proxy.client_gone')).toBe(0);
  });
  it('with a core more for the database fewer give up', async () => {
    const two = (await lanesOf('missing-index'))['no-index']!, eight = (await lanesOf('missing-index', { set: { 'network.hosts.db.cores': 8 } }))['no-index']!;
    expect(statuses(eight).MAX_TIME ?? 0).toBeLessThan(statuses(two).MAX_TIME!);
  });
});

describe('a cold buffer pool', () => {
  it('costs the pages that were read, and nothing else', async () => {
    const { cold, warm } = await lanesOf('cold-buffer-pool');
    const reads = (lane: Lane): number => lane.run.trace.queries.flatMap((q) => q.runs).reduce((sum, r) => sum + r.reads, 0);
    expect(reads(warm!)).toBe(0);
    expect(reads(cold!)).toBe(20);
    expect(ms(cold!) - ms(warm!)).toBeCloseTo(spent(cold!, 0, 'disk', 'db'), 1);
    // the neighbour lies on the same pages
    expect(spent(cold!, 1, 'disk', 'db')).toBe(0);
    expect(spent(cold!, 2, 'disk', 'db')).toBeGreaterThan(8);
  });
});

describe('index or scan', () => {
  it('the scan grows with the table, the index by a page', async () => {
    const lanes = await lanesOf('index-or-scan');
    const pages = (name: string): number => lanes[name]!.run.trace.queries[0]!.runs.reduce((sum, r) => sum + (r.kind === 'meta' ? 0 : r.count), 0);
    expect(pages('scan-10000000') / pages('scan-100000')).toBeGreaterThan(90);
    expect(pages('index-10000000') - pages('index-100000')).toBeLessThanOrEqual(2);
    expect(ms(lanes['scan-10000000']!) - ms(lanes['index-10000000']!)).toBeGreaterThan(500);
    expect(Math.abs(ms(lanes['scan-1000']!) - ms(lanes['index-1000']!))).toBeLessThan(1);
  });
});

describe('an exhausted pool', () => {
  it('answers 500 for want of a connection while the database has cores to spare', async () => {
    const { main } = await lanesOf('pool-exhausted');
    expect(statuses(main!)[500]).toBeGreaterThan(5);
    expect(new Set(said(main!, 'app.error_answered', 'b'))).toEqual(new Set(['POOL_TIMEOUT']));
    const failed = main!.run.trace.requests.find((r) => r.status === 500)!;
    expect(spent(main!, failed.id, 'timer', 'app')).toBeCloseTo(250, 0);
    const bigger = (await lanesOf('pool-exhausted', { set: { 'network.hosts.app.params.poolSize': 20 } })).main!;
    expect(statuses(bigger)[500] ?? 0).toBeLessThan(statuses(main!)[500]!);
  });
});

describe('thread pool, event loop, processes', () => {
  it('waiting costs the pool its threads, computing costs the loop, being born costs a process', async () => {
    const { threads, loop, processes } = await lanesOf('thread-pool-or-event-loop');
    const waits = (lane: Lane): number => lane.run.trace.requests.filter((r) => r.url.endsWith('wait')).reduce((sum, r) => sum + attribution(lane.index, r.id).filter((p) => p.part === 'queue').reduce((s, p) => s + p.ns, 0), 0) / 1e6;
    const at = (lane: Lane, where: string): number => lane.run.trace.requests.reduce((sum, r) => sum + spent(lane, r.id, 'queue', where), 0);
    expect(at(threads!, 'app workers')).toBeGreaterThan(500);
    expect(at(loop!, 'app loop')).toBeGreaterThan(500);
    expect(at(processes!, 'app processes')).toBe(0);
    expect(waits(processes!)).toBeLessThan(Math.min(waits(threads!), waits(loop!)));
    // with more threads than requests only the cores are shared
    const many = (await lanesOf('thread-pool-or-event-loop', { set: { 'network.hosts.app.params.workers': 50 } })).threads!;
    expect(at(many, 'app workers')).toBe(0);
  });
});

describe('a slow back end', () => {
  it('workers are taken while no core is busy, and requests wait for workers', async () => {
    const { healthy, slow } = await lanesOf('slow-backend');
    const cpu = slow!.run.trace.resources.find((r) => r.name === 'cpu' && slow!.run.trace.hosts[r.host]!.name === 'app')!;
    const busy = slow!.index.jobs.filter((j) => j.resource === cpu.id).flatMap((j) => j.runs).reduce((sum, r) => sum + r.end - r.start, 0);
    expect(busy / (slow!.run.trace.endNs * cpu.servers)).toBeLessThan(0.2);
    const waited = (lane: Lane): number => Math.max(...lane.run.trace.requests.filter((r) => r.status === 200).map((r) => spent(lane, r.id, 'queue', 'app workers')));
    expect(waited(slow!)).toBeGreaterThan(1000);
    expect(waited(healthy!)).toBeLessThan(50);
  });
});

describe('proxy time-outs', () => {
  it('each status by its own timer or packet', async () => {
    const { well, refused, silent, 'black-hole': hole, gone } = await lanesOf('proxy-timeouts');
    const timer = (lane: Lane): string[] => attribution(lane.index, 0).filter((p) => p.part === 'timer').map((p) => `${p.what} ${p.where} ${Math.round(p.ns / 1e6)}`);
    expect([statuses(well!), statuses(refused!), statuses(silent!), statuses(hole!), statuses(gone!)]).toEqual([{ 200: 1 }, { 502: 1 }, { 504: 1 }, { 504: 1 }, { MAX_TIME: 1 }]);
    expect(timer(well!)).toEqual([]);
    expect(timer(refused!)).toEqual([]);
    expect(refused!.run.trace.pdus.some((p) => p.name === 'RST')).toBe(true);
    expect(timer(silent!)).toEqual(['proxyReadTimeout proxy 3000']);
    expect(timer(hole!)).toEqual(['proxyConnectTimeout proxy 2000']);
    expect(happened(gone!, 'proxy.client_gone')).toBe(1);
  });
});

describe('keep-alive behind the proxy', () => {
  it('saves one round trip to the app server for each request but the first', async () => {
    const { close, 'keep-alive': kept } = await lanesOf('reverse-proxy-keep-alive');
    expect(ms(close!, 0) - ms(kept!, 0)).toBeCloseTo(0, 0);
    for (const request of [1, 2]) expect(ms(close!, request) - ms(kept!, request)).toBeCloseTo(20, 0);
    expect(happened(kept!, 'proxy.upstream_reused')).toBe(2);
    expect(happened(close!, 'proxy.upstream_reused')).toBe(0);
  });
});

describe('a load balancer', () => {
  it('that counts connections spares the slow server; one that stops is passed over after one failure', async () => {
    const lanes = await lanesOf('load-balancer');
    const toSlow = (name: string): number => said(lanes[name]!, 'proxy.upstream_chosen', 'a').filter((s) => s.startsWith('app-3')).length;
    expect(toSlow('round-robin')).toBe(20);
    expect(toSlow('least-connections')).toBeLessThan(16);
    const slowest = (name: string): number => Math.max(...lanes[name]!.run.trace.requests.map((r) => (r.endNs - r.startNs) / 1e6));
    expect(slowest('least-connections')).toBeLessThan(slowest('round-robin') / 1.5);
    expect(happened(lanes['one-stops']!, 'proxy.upstream_marked_down')).toBeGreaterThan(0);
    expect(statuses(lanes['one-stops']!)[200]).toBeGreaterThan(50);
  });
});

describe('static or dynamic', () => {
  it('a file from disk waits for the disk, a page for the app and its database', async () => {
    const { 'page-cache': cache, disk, dynamic } = await lanesOf('static-or-dynamic');
    expect(spent(cache!, 0, 'disk', 'proxy')).toBe(0);
    expect(spent(disk!, 0, 'disk', 'proxy')).toBeCloseTo(8, 0);
    expect(ms(disk!) - ms(cache!)).toBeGreaterThan(5);
    expect(spent(dynamic!, 0, 'cpu', 'db')).toBeGreaterThan(0);
    expect(spent(dynamic!, 0, 'cpu', 'app')).toBeGreaterThan(5);
  });
});
