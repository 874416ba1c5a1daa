/** A client, a resolver that knows the name, and a web server: for runs of whole requests. Times in ms, sizes in bytes. */
import { MS } from '../../src/base/time';
import { simulate } from '../../src/engine/simulate';
import { hostKind } from '../../src/hosts/registry';
import type { ClientProfile, Site, SiteResource, Workload } from '../../src/hosts/workload';
import type { Fault } from '../../src/model/fault';
import type { ParamValue, Plan, PlanHost, PlanLink } from '../../src/model/plan';
import type { Trace } from '../../src/model/trace';

export interface WebOptions {
  readonly rttMs: number;
  readonly profile?: ClientProfile;
  /** Addresses with the time of the visit. */
  readonly visits: readonly (string | readonly [url: string, atMs: number])[];
  readonly site?: Readonly<Record<string, Partial<SiteResource>>>;
  readonly faults?: readonly Fault[];
  readonly rate?: number;
  readonly queue?: number;
  readonly loss?: number;
  readonly seed?: number;
  readonly connectTimeoutMs?: number;
  readonly maxTimeMs?: number;
  readonly sequential?: boolean;
  readonly client?: Readonly<Record<string, ParamValue>>;
  readonly server?: Readonly<Record<string, ParamValue>>;
  readonly stack?: Plan['stack'];
  readonly endMs?: number;
}
const RECORDS = [
  { name: 'www.lab.test', type: 'A', ttl: 300, data: '10.77.1.2' },
  { name: 'ghost.lab.test', type: 'A', ttl: 300, data: '10.77.1.9' },
];
/** A resource with what a test does not say filled in: a file without a lifetime. */
export const resource = (r: Partial<SiteResource>): SiteResource => ({ bytes: 1024, type: 'text/html', think: 0, links: [], maxAge: -1, file: true, ...r });

export function webPlan(o: WebOptions): Plan {
  const host = (name: string, kind: string, address: string, params: PlanHost['params']): PlanHost => ({ name, kind, title: name, address, cores: 2, column: 0, params });
  const half = (o.rttMs * MS) / 2;
  const link = (name: string, b: string): PlanLink => ({
    name, a: 'client', b: [b], latencyNs: [half, half], jitterNs: 0, rate: [o.rate ?? 0, o.rate ?? 0], queuePackets: o.queue ?? 1000,
    loss: [o.loss ?? 0, o.loss ?? 0], mtu: 1500, perPacketNs: 0,
  });
  const site: Site = Object.fromEntries(Object.entries(o.site ?? { '/1k': {} }).map(([path, r]) => [path, resource(r)]));
  const workload: Workload = {
    client: 'client', profile: o.profile ?? 'plain', sequential: o.sequential ?? false, connectTimeout: (o.connectTimeoutMs ?? 0) * MS, maxTime: (o.maxTimeMs ?? 0) * MS,
    visits: o.visits.map((v) => (typeof v === 'string' ? { url: v, at: 0 } : { url: v[0], at: v[1] * MS })),
  };
  return {
    version: 1, id: 'web', title: 'web', seed: o.seed ?? 1,
    hosts: [
      host('client', 'browser', '10.77.0.1', { resolver: 'names', parseDelay: 0, ...o.client }),
      host('names', 'recursive-resolver', '10.77.1.1', { localData: { 'lab.test': RECORDS }, queryCost: 0 }),
      host('server', 'web-server', '10.77.1.2', { names: ['www.lab.test'], site: site as unknown as ParamValue, fileCost: 0, ...o.server }),
    ],
    links: [link('names', 'names'), link('client', 'server')],
    stack: o.stack ?? {}, workload: workload as unknown as Record<string, unknown>, faults: o.faults ?? [], limits: { events: 500_000, endNs: (o.endMs ?? 600_000) * MS },
  };
}
export const runWeb = (o: WebOptions): Trace => simulate(webPlan(o), (id) => hostKind(id)!);

/** Events of a kind: `name` with time in ms. */
export function eventsOf(trace: Trace, ...names: readonly string[]): { readonly name: string; readonly ms: number; readonly a: number; readonly b: number; readonly subject: number }[] {
  const found = [];
  for (let i = 0; i < trace.kind.length; i++) {
    const { name } = trace.kinds[trace.kind.at(i)]!;
    if (names.includes(name)) found.push({ name, ms: trace.time.at(i) / MS, a: trace.a.at(i), b: trace.b.at(i), subject: trace.subject.at(i) });
  }
  return found;
}
/** One line for each request: path, status or error, protocol words of its phases in ms. */
export function requestLines(trace: Trace): string[] {
  return trace.requests.map((r) => {
    const phases = r.phases.map((p) => `${p.phase} ${p.endEvent < 0 ? '…' : ms(p.endNs - p.startNs)}`).join(', ');
    const end = r.endEvent < 0 ? 'unfinished' : r.error ? `${r.error.code} curl ${r.error.curl} ${r.error.browser}` : `${r.status}${r.fromCache ? ' cache' : ''}`;
    return `${r.url.replace(/^https?:\/\/[^/]+/, '')} at ${ms(r.startNs)}: ${end} after ${r.endEvent < 0 ? '…' : ms(r.endNs - r.startNs)} (${phases})`;
  });
}
const ms = (ns: number): string => String(Math.round(ns / 10_000) / 100);
/** TCP connections that the client opened, by number of SYN first transmissions. */
export const connectionsOf = (trace: Trace): number => trace.pdus.filter((p) => p.name === 'SYN' && p.transmission === 1).length;
