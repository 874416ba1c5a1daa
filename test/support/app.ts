/** Users before an app server with no proxy between: for runs of execution models. Times in ms. */
import { MS } from '../../src/base/time';
import { runPlan } from '../../src/scenario/run';
import type { ExecutionModelName } from '../../src/compute/execution';
import type { ParamValue, Plan, PlanHost } from '../../src/model/plan';
import type { Trace } from '../../src/model/trace';
import { resource } from './web';
import type { SiteResource } from '../../src/hosts/workload';

export interface AppOptions {
  readonly model: ExecutionModelName;
  readonly cores?: number;
  readonly sliceMs?: number;
  readonly params?: Readonly<Record<string, ParamValue>>;
  /** What each request costs. */
  readonly work: Partial<SiteResource>;
  /** When each user comes. */
  readonly arrivals: readonly number[];
  readonly endMs?: number;
}
/** Round trip of the one link. */
export const RTT = 10;

export function runApp(o: AppOptions): Trace {
  const host = (name: string, kind: string, address: string, cores: number, params: PlanHost['params']): PlanHost =>
    ({ name, kind, title: name, address, cores, schedulerSliceNs: (o.sliceMs ?? 4) * MS, column: 0, params });
  const plan: Plan = {
    version: 1, id: 'app', title: 'app', seed: 1,
    hosts: [
      host('users', 'browser', '10.0.0.1', 1, { hostsFile: { 'app.test': '10.0.0.2' } }),
      host('app', 'app-server', '10.0.0.2', o.cores ?? 1, { model: o.model, site: { '/:id': resource({ file: false, bytes: 100, ...o.work }) } as unknown as ParamValue, forkCost: 0, ...o.params }),
    ],
    links: [{ name: 'line', a: 'users', b: ['app'], latencyNs: [(RTT / 2) * MS, (RTT / 2) * MS], jitterNs: 0, rate: [0, 0], queuePackets: 1000, loss: [0, 0], mtu: 1500, perPacketNs: 0 }],
    stack: { tcp: { timerTick: 0 } },
    workload: {
      client: 'users', profile: 'plain', sequential: false, connectTimeout: 0, visits: o.arrivals.map((at, i) => ({ url: `http://app.test:9000/${i + 1}`, at: at * MS, user: i + 1 })),
    },
    faults: [], limits: { events: 500_000, endNs: (o.endMs ?? 600_000) * MS },
  };
  return runPlan(plan);
}
/** ms that each request took beyond its two round trips (SYN, then request); the status when it is not 200. */
export const serviceOf = (trace: Trace): (number | string)[] => trace.requests.map((r) => (r.status === 200 ? (r.endNs - r.startNs) / MS - 2 * RTT : String(r.status ?? r.error?.code)));
