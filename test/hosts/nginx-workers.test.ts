/** nginx's worker processes: on how many cores they compute, and what a read from disk holds up. */
import { describe, expect, it } from 'vitest';
import { coresOf } from '../../src/hosts/nginx-workers';
import { compilePlan } from '../../src/scenario/compile';
import { checkScenario } from '../../src/scenario/parse';
import { runPlan } from '../../src/scenario/run';
import { attribution, indexTrace } from '../../src/trace';
import type { Trace } from '../../src/model/trace';
import { eventsOf } from '../support/back-end';

/** Two users at once at a proxy on two cores: for the same path, or each for his own. */
function run(params: Record<string, unknown>, paths: readonly string[]): Trace {
  const checked = checkScenario({
    version: 1, id: 'workers', title: 'workers', summary: 'workers', seed: 1,
    network: {
      hosts: {
        users: { kind: 'browser', title: 'users', address: '192.0.2.10', params: { hostsFile: { 'shop.example': '203.0.113.7' } } },
        proxy: {
          kind: 'reverse-proxy', title: 'proxy', address: '203.0.113.7', cores: 2,
          params: {
            names: ['shop.example'], upstreams: { apps: { servers: [{ host: 'app', port: 9000 }] } }, routes: [{ prefix: '/app', upstream: 'apps' }], proxyCost: '0 ms', fileCost: '0 ms', fileRead: '8 ms',
            site: { '/a.png': { bytes: '1 KB', type: 'image/png', file: true }, '/b.png': { bytes: '1 KB', type: 'image/png', file: true } }, ...params,
          },
        },
        app: { kind: 'app-server', title: 'app', address: '10.0.0.2', params: { site: { '/app': { bytes: '1 KB' } } } },
      },
      links: { client: { a: 'users', b: 'proxy', rtt: '2 ms' }, back: { a: 'proxy', b: 'app', rtt: '0 ms' } },
    },
    workload: { client: 'users', profile: 'plain', visits: paths.map((path, i) => ({ url: `http://shop.example${path}`, user: i + 1 })) },
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  const plan = compilePlan(checked.value);
  if (!plan.ok) throw new Error(JSON.stringify(plan.errors));
  return runPlan(plan.value);
}
/** Whole ms that each user took. */
const took = (trace: Trace): number[] => trace.requests.map((r) => Math.round((r.endNs - r.startNs) / 1e6));

it.each([[4, 1, 1, 0], [4, 0, 4, 0], [4, 4, 4, 0], [2, 4, 2, 3], [1, 1, 1, 0]])('%i cores, %i workers: %i at once, slices of %i', (cores, workers, at, slice) => expect(coresOf(cores, workers, 3)).toEqual({ cores: at, schedulerSliceNs: slice }));

describe('two pieces of work of 50 ms each at once', () => {
  const work = { proxyCost: '25 ms' };
  it('one worker does them one after the other, each to its end', () => expect(took(run(work, ['/app', '/app']))).toEqual([79, 104]));
  it('two workers do them side by side', () => expect(took(run({ ...work, workerProcesses: 2 }, ['/app', '/app']))).toEqual([54, 54]));
});
describe('a file that is read from disk', () => {
  const cold = { pageCache: 'cold' };
  it('blocks the one worker: another request waits for it', () => {
    const trace = run(cold, ['/a.png', '/app']);
    expect(took(trace)).toEqual([12, 12]);
    expect(attribution(indexTrace(trace), 1).filter((p) => p.part === 'queue').map((p) => [p.where, Math.round(p.ns / 1e6)])).toEqual([['proxy loop', 8]]);
  });
  it('does not block a second worker', () => expect(took(run({ ...cold, workerProcesses: 2 }, ['/a.png', '/app']))).toEqual([12, 4]));
  it('is read once: who wants it meanwhile waits for that read', () => {
    const trace = run({ ...cold, workerProcesses: 2 }, ['/a.png', '/a.png']);
    expect(took(trace)).toEqual([12, 12]);
    expect(eventsOf(trace, 'resource.io_done')).toHaveLength(1);
    expect(attribution(indexTrace(trace), 1).filter((p) => p.part === 'disk').map((p) => Math.round(p.ns / 1e6))).toEqual([8]);
  });
});
