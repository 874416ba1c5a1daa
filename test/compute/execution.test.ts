/** Who waits for what under each execution model, by arithmetic: k requests at once on few places and few cores. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../src/base/time';
import { attribution } from '../../src/trace/causes';
import { indexTrace } from '../../src/trace/trace-index';
import { runApp, serviceOf } from '../support/app';

const at = (n: number): number[] => Array.from({ length: n }, () => 0);
const near = (values: (number | string)[]): (number | string)[] => values.map((v) => (typeof v === 'number' ? Math.round(v * 100) / 100 : v));

describe('thread pool', () => {
  it('holds a worker through computing and waiting: the kth pair waits for k − 1 pairs', () => {
    expect(near(serviceOf(runApp({ model: 'thread-pool', cores: 2, params: { workers: 2 }, work: { cpu: 10 * MS, think: 30 * MS }, arrivals: at(6) })))).toEqual([40, 40, 80, 80, 120, 120]);
  });
  it('threads that only wait do not need cores: 8 threads on one core wait together', () => {
    expect(near(serviceOf(runApp({ model: 'thread-pool', params: { workers: 8 }, work: { think: 50 * MS }, arrivals: at(8) })))).toEqual(at(8).map(() => 50));
  });
  it('more threads than cores share them in slices: both are late, neither goes first to the end', () => {
    expect(near(serviceOf(runApp({ model: 'thread-pool', params: { workers: 2 }, work: { cpu: 20 * MS }, arrivals: at(2) })))).toEqual([36, 40]);
    expect(near(serviceOf(runApp({ model: 'thread-pool', sliceMs: 0, params: { workers: 2 }, work: { cpu: 20 * MS }, arrivals: at(2) })))).toEqual([20, 40]);
  });
  it('a short one that comes later overtakes a long one within a slice of it', () => {
    const trace = runApp({ model: 'thread-pool', params: { workers: 2 }, work: { cpu: 100 * MS }, arrivals: [0, 10] });
    const [long, late] = indexTrace(trace).jobs.filter((j) => j.what.startsWith('handle'));
    expect(late!.runs[0]!.start - late!.requestedAt).toBeLessThanOrEqual(4 * MS);
    expect(long!.runs.length).toBeGreaterThan(20);
    // what a job ran is what it asked for, however often it was interrupted
    for (const job of [long!, late!]) expect(job.runs.reduce((sum, r) => sum + r.end - r.start, 0)).toBe(100 * MS);
  });
  it('closes the connection unread when the queue is full, as Tomcat does, or answers 503 at once', () => {
    const full = (params: Record<string, string | number>): (number | string)[] => near(serviceOf(runApp({ model: 'thread-pool', params: { workers: 1, queueMax: 2, ...params }, work: { cpu: 10 * MS }, arrivals: at(5) })));
    expect(full({})).toEqual([10, 20, 30, 'ECONNRESET', 'ECONNRESET']);
    expect(full({ whenFull: '503' })).toEqual([10, 20, 30, '503', '503']);
  });
});

describe('event loop', () => {
  it('one CPU hog holds everybody; waiting holds nobody', () => {
    expect(near(serviceOf(runApp({ model: 'event-loop', cores: 4, work: { cpu: 10 * MS }, arrivals: at(4) })))).toEqual([10, 20, 30, 40]);
    expect(near(serviceOf(runApp({ model: 'event-loop', work: { think: 50 * MS }, arrivals: at(50) })))).toEqual(at(50).map(() => 50));
  });
  it('what becomes ready queues behind what is ready: the render of the first waits for the handling of the last', () => {
    expect(near(serviceOf(runApp({ model: 'event-loop', work: { cpu: 10 * MS, render: 1 * MS, think: 5 * MS }, arrivals: at(3) })))).toEqual([31, 32, 36]);
  });
});

describe('process per request', () => {
  it('forks first, on the same cores', () => {
    expect(near(serviceOf(runApp({ model: 'process-per-request', cores: 2, params: { forkCost: 3 * MS }, work: { cpu: 10 * MS }, arrivals: at(2) })))).toEqual([13, 13]);
  });
  it('beyond the limit connections wait in the accept queue: they are established, their requests unread', () => {
    const trace = runApp({ model: 'process-per-request', cores: 8, params: { maxProcesses: 2 }, work: { think: 40 * MS }, arrivals: at(4) });
    // the process is free when its connection closes, half a round trip after its answer left at the earliest
    expect(near(serviceOf(trace)).slice(0, 2)).toEqual([40, 40]);
    for (const late of serviceOf(trace).slice(2)) expect(late).toBeGreaterThanOrEqual(80);
    const parts = attribution(indexTrace(trace), 3);
    expect(parts.filter((p) => p.where === 'app processes' && p.part === 'queue').length).toBe(1);
  });
});

describe('every model', () => {
  it.each(['thread-pool', 'event-loop', 'process-per-request'] as const)('%s: attribution sums exactly, places are given back, work is conserved', (model) => {
    const trace = runApp({ model, cores: 2, params: { workers: 3, maxProcesses: 3 }, work: { cpu: 7 * MS, think: 11 * MS, render: 3 * MS }, arrivals: [0, 1, 2, 3, 5, 8, 13, 21, 34, 55] });
    const index = indexTrace(trace);
    for (const r of trace.requests) expect(attribution(index, r.id).reduce((sum, p) => sum + p.ns, 0)).toBe(r.endNs - r.startNs);
    expect(index.claims.filter((c) => c.outcome === 'held' || c.outcome === 'waiting')).toEqual([]);
    for (const job of index.jobs.filter((j) => j.resource >= 0)) expect(job.runs.reduce((sum, r) => sum + r.end - r.start, 0)).toBe(job.amountNs);
    // never more at once than there are places and cores
    for (const resource of trace.resources) {
      const edges = [...index.claims.filter((c) => c.resource === resource.id).map((c) => [c.grantedAt, c.endAt] as const), ...index.jobs.filter((j) => j.resource === resource.id).flatMap((j) => j.runs.map((r) => [r.start, r.end] as const))];
      for (const [start] of edges) expect(edges.filter(([s, e]) => s <= start && e > start).length).toBeLessThanOrEqual(resource.servers);
    }
  });
});
