/** A client, a proxy and servers behind it: runs of whole requests through a reverse proxy. Times in ms; all costs are 0 unless given. */
import { MS } from '../../src/base/time';
import { simulate } from '../../src/engine/simulate';
import { hostKind } from '../../src/hosts/registry';
import type { Route } from '../../src/hosts/reverse-proxy';
import type { UpstreamPlan } from '../../src/hosts/upstream';
import type { ClientProfile, SiteResource, Workload } from '../../src/hosts/workload';
import type { Fault } from '../../src/model/fault';
import type { ParamValue, PlanHost, PlanLink } from '../../src/model/plan';
import type { Trace } from '../../src/model/trace';
import { resource } from './web';

export interface ProxyOptions {
  readonly visits: readonly (string | readonly [path: string, atMs: number])[];
  readonly profile?: ClientProfile;
  readonly secure?: boolean;
  /** Names of the servers; `a` alone unless given. */
  readonly servers?: readonly string[];
  readonly group?: Partial<UpstreamPlan>;
  readonly routes?: readonly Route[];
  readonly site?: Readonly<Record<string, Partial<SiteResource>>>;
  readonly proxy?: Readonly<Record<string, ParamValue>>;
  /** Parameters of all servers, and of one. */
  readonly server?: Readonly<Record<string, ParamValue>>;
  readonly each?: Readonly<Record<string, Readonly<Record<string, ParamValue>>>>;
  readonly client?: Readonly<Record<string, ParamValue>>;
  readonly faults?: readonly Fault[];
  /** Bits per second of the upstream link. */
  readonly rate?: number;
  readonly maxTimeMs?: number;
  readonly sequential?: boolean;
  readonly seed?: number;
  readonly tcp?: Readonly<Record<string, ParamValue>>;
}
export const CLIENT_RTT = 40, UPSTREAM_RTT = 10;

export function runProxy(o: ProxyOptions): Trace {
  const host = (name: string, kind: string, address: string, params: Readonly<Record<string, ParamValue>>): PlanHost => ({ name, kind, title: name, address, cores: 2, column: 0, params });
  const link = (name: string, a: string, b: readonly string[], rttMs: number, rate = 0): PlanLink => ({
    name, a, b, latencyNs: [(rttMs * MS) / 2, (rttMs * MS) / 2], jitterNs: 0, rate: [rate, rate], queuePackets: 1000, loss: [0, 0], mtu: 1500, perPacketNs: 0,
  });
  const servers = o.servers ?? ['a'];
  const site = Object.fromEntries(Object.entries(o.site ?? { '/app': { file: false, think: 20 * MS } }).map(([path, r]) => [path, resource(r)]));
  const workload: Workload = {
    client: 'client', profile: o.profile ?? 'plain', sequential: o.sequential ?? false, connectTimeout: 0, maxTime: (o.maxTimeMs ?? 0) * MS,
    visits: o.visits.map((v) => (typeof v === 'string' ? { url: v, at: 0 } : { url: v[0], at: v[1] * MS })).map((v) => ({ ...v, url: `${o.secure ? 'https' : 'http'}://www.lab.test${v.url}` })),
  };
  const upstreams = { apps: { servers: servers.map((name) => ({ host: name, port: 80 })), ...o.group } };
  return simulate(
    {
      version: 1, id: 'proxy', title: 'proxy', seed: o.seed ?? 1,
      hosts: [
        host('client', 'browser', '10.0.0.1', { hostsFile: { 'www.lab.test': '10.0.0.2' }, parseDelay: 0, ...o.client }),
        host('proxy', 'reverse-proxy', '10.0.0.2', {
          names: ['www.lab.test'], upstreams: upstreams as unknown as ParamValue, routes: (o.routes ?? [{ prefix: '/', upstream: 'apps' }]) as unknown as ParamValue, proxyCost: 0, fileCost: 0,
          tls: { keyShareCost: 0, keyDeriveCost: 0, ecdsaSignCost: 0 }, ...o.proxy,
        }),
        ...servers.map((name, i) => host(name, 'web-server', `10.0.1.${i + 1}`, { site: site as unknown as ParamValue, fileCost: 0, tlsPorts: [], ...o.server, ...o.each?.[name] })),
      ],
      links: [link('client', 'client', ['proxy'], CLIENT_RTT), link('upstream', 'proxy', servers, UPSTREAM_RTT, o.rate)],
      stack: { tcp: o.tcp ?? {}, tls: {}, dns: {} }, workload: workload as unknown as Record<string, unknown>, faults: o.faults ?? [], limits: { events: 500_000, endNs: 2e12 },
    },
    (id) => hostKind(id)!,
  );
}
/** What the proxy tells, one line for each event: time, kind, its texts or numbers. */
export function story(trace: Trace, ...kinds: readonly string[]): string[] {
  const lines: string[] = [];
  for (let e = 0; e < trace.kind.length; e++) {
    const spec = trace.kinds[trace.kind.at(e)]!;
    const [prefix, name] = spec.name.split('.') as [string, string];
    if (prefix !== 'proxy' || (kinds.length > 0 && !kinds.includes(name))) continue;
    const text = (column: string | undefined, value: number): string => (column === undefined ? '' : /server|path|reason|balance/.test(column) ? trace.texts[value]! : String(value));
    lines.push(`${Math.round(trace.time.at(e) / 1e4) / 100} ${[name, text(spec.a, trace.a.at(e)), text(spec.b, trace.b.at(e))].join(' ').trim()}`);
  }
  return lines;
}
/** How each request ended and when, in ms from its start. */
export const ends = (trace: Trace): string[] => trace.requests.map((r) => `${r.error?.code ?? r.status} after ${r.endEvent < 0 ? '…' : Math.round((r.endNs - r.startNs) / 1e4) / 100}`);
