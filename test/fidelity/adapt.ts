/**
 * From the conditions of a measured case to a plan. Law: support is decided here, case by case, by naming the key
 * that the model does not cover; conditions are translated, never special-cased.
 */
import { MS } from '../../src/base/time';
import type { Workload } from '../../src/hosts/workload';
import type { Fault, PduFault } from '../../src/model/fault';
import type { Plan, PlanHost, PlanLink } from '../../src/model/plan';
import { MEASURED_CLIENTS, MEASURED_CURL8, MEASURED_HTTP3_REQUEST, MEASURED_LINK, MEASURED_NGINX, MEASURED_NGINX126, MEASURED_TCP, MEASURED_UNBOUND } from '../../src/scenario/presets/measured-host';
import { failureSetting } from './adapt-errors';
import { adaptBrowser } from './adapt-browser';
import { adaptPage } from './adapt-page';
import { adaptProxy } from './adapt-proxy';
import type { Given, MeasuredCase, Rule } from './case';

export type Adapted =
  | {
    readonly plan: Plan;
    readonly judged: 'first' | 'second' | 'look-up' | 'page';
    /** Requests that are judged when it is not the first or second: their median. */
    readonly requests?: readonly number[];
    /** The link whose packets were listed, when it is not the client's, and the request from whose start on. */
    readonly listed?: { readonly link: string; readonly from: string; readonly request: number };
  }
  | { readonly unsupported: string };
const KNOWN = new Set([
  'rttMs', 'rateMbit', 'queuePackets', 'loss', 'rules', 'http', 'tls', 'objectBytes', 'connection', 'dns', 'handshake', 'certificate', 'firstObjectBytes', 'tlsRecordBytes', 'resolver', 'questions',
  'upstreamRttMs', 'cached', 'qnameMinimisation', 'tcpSynLinearTimeouts', 'connectTimeoutMs', 'situation', 'curlOptions', 'fallbackToTcp',
]);
const NAME = 'www.lab.test';
export const A = (name: string, data: string, ttl = 3600): Record<string, unknown> => ({ name, type: 'A', ttl, data });
const NS = (name: string, data: string): Record<string, unknown> => ({ name, type: 'NS', ttl: 86400, data });

export function adapt(c: MeasuredCase): Adapted {
  const g = c.given;
  const num = (key: string, otherwise = 0): number => (typeof g[key] === 'number' ? (g[key] as number) : otherwise);
  if (g.serviceMs !== undefined) return adaptProxy(c);
  if (g.documentAndImages !== undefined) return adaptPage(c);
  if (g.page !== undefined) return adaptBrowser(c);
  for (const key of Object.keys(g)) if (!KNOWN.has(key)) return { unsupported: key };
  if (g.http !== undefined && g.http !== '1.1' && g.http !== '2' && g.http !== '3') return { unsupported: `http ${String(g.http)}` };
  if (g.resolver === 'recursive') return { plan: lookUpPlan(g, num), judged: 'look-up' };
  if (g.situation !== undefined) return failurePlan(c, num);
  const rules = g.rules ?? [];
  for (const r of rules) if (!['drop', 'delay', 'dup'].includes(r.action)) return { unsupported: `rule ${r.action}` };

  const openssl = c.client.startsWith('tlsclient');
  const curl8 = c.client.startsWith('curl 8'), nginx126 = c.server.startsWith('nginx 1.26');
  if (c.server.startsWith('caddy')) return { unsupported: 'server caddy' };
  const client = openssl ? MEASURED_CLIENTS.tlsclient : curl8 ? MEASURED_CURL8 : MEASURED_CLIENTS.curl;
  const nginx = nginx126 ? MEASURED_NGINX126 : MEASURED_NGINX;
  const tls = typeof g.tls === 'string' ? g.tls : null;
  const port = rules.flatMap((r) => [r.toPort, r.fromPort]).find((p) => p !== undefined && p !== 53) ?? (tls ? (curl8 ? 443 : 8446) : 80);
  const path = (bytes: number): string => `/obj_${bytes >= 1048576 ? `${bytes / 1048576}m` : `${Math.round(bytes / 1024)}k`}`;
  const site: Record<string, unknown> = {};
  for (const bytes of [num('objectBytes'), num('firstObjectBytes')]) if (bytes > 0) site[path(bytes)] = { bytes, type: 'application/octet-stream', think: 0, links: [], maxAge: -1, file: true };
  const cold = g.dns === 'cold';
  const missing = c.id.includes('nxdomain');
  const url = (bytes: number): string => `${tls ? 'https' : 'http'}://${NAME}${port === (tls ? 443 : 80) ? '' : `:${port}`}${path(bytes)}`;
  const keptAlive = g.connection === 'kept-alive';
  // a session is taken up by the second connection of one process; the first response closes its own (`Connection: close`)
  const again = tls !== null && (g.handshake === 'resumed' || g.handshake === 'early');
  const early = g.handshake === 'early' ? { earlyData: true } : {};
  const workload: Workload = {
    client: 'client', profile: 'curl', sequential: true, connectTimeout: num('connectTimeoutMs') * MS,
    visits: [...(keptAlive ? [{ url: url(num('firstObjectBytes')), at: 0 }] : again ? [{ url: url(num('objectBytes')), at: 0 }] : []), { url: url(num('objectBytes')), at: 0 }],
  };
  const hosts: PlanHost[] = [
    host('client', 'browser', '10.0.0.1', {
      resolver: 'names', ...(cold ? {} : { hostsFile: { [NAME]: '10.0.0.2' } }), startCost: client.startCost, lookUpCost: client.lookUpCost, requestCost: g.http === '3' ? MEASURED_HTTP3_REQUEST : client.requestCost, closeCost: client.closeCost,
      tls: { ...client.tls, ...early, ...(curl8 ? { postQuantum: true } : {}) }, useHttp3: g.http !== '3' ? 'off' : g.fallbackToTcp === true ? 'race' : 'only', dns: { ipv6: g.questions !== 'A' },
    }),
    host('server', 'web-server', '10.0.0.2', {
      site, names: [NAME, '*.lab.test'], ...(g.http === '2' || g.http === '3' ? { http2: true } : {}), ...(nginx126 ? { http3: true } : {}), plainPorts: tls ? [] : [String(port)], tlsPorts: tls ? [String(port)] : [], fileCost: nginx.fileCost, ...(nginx126 ? { http2FlushesHead: true, quic: MEASURED_NGINX126.quic } : {}), ...(again ? { keepAliveTimeout: 0 } : {}),
      tls: { ...nginx.tls, ...early, ...(again && tls === '1.2' ? { sessionCache: true } : {}), ...(tls ? { version: tls } : {}), ...(typeof g.tlsRecordBytes === 'number' ? { recordBytes: g.tlsRecordBytes } : {}) },
    }),
    host('names', 'recursive-resolver', '10.0.0.3', { localData: { 'lab.test': missing ? [] : [A(NAME, '10.0.0.2')] }, queryCost: MEASURED_UNBOUND.queryCost }),
  ];
  const rate = num('rateMbit') * 1e6;
  const links: PlanLink[] = [link('client', 'client', ['server', 'names'], num('rttMs'), rate, num('queuePackets', 1000), num('loss'))];
  const stack = {
    tcp: { ...MEASURED_TCP, synLinearTimeouts: num('tcpSynLinearTimeouts', 4) }, tls: { certificate: g.certificate === 'rsa' ? 'rsa' : 'ecdsa' }, dns: {},
  };
  return { plan: plan(c.id, hosts, links, stack, workload, rules.map(fault)), judged: keptAlive || again ? 'second' : 'first' };
}

/** A transfer that fails: port, options and what is wrong come with the situation. */
function failurePlan(c: MeasuredCase, num: (key: string, otherwise?: number) => number): Adapted {
  const setting = failureSetting(c);
  if ('unsupported' in setting) return setting;
  const { curl } = MEASURED_CLIENTS;
  const site = { '/obj_1k': { bytes: 1024 }, '/obj_100k': { bytes: 102_400 }, '/hang': { bytes: 0, file: false, think: 3600e9 } };
  const resources = Object.fromEntries(Object.entries(site).map(([path, r]) => [path, { type: 'application/octet-stream', think: 0, links: [], maxAge: -1, file: true, ...r }]));
  const { server } = setting;
  const hosts = [
    host('client', 'browser', '10.0.0.1', {
      resolver: 'names', startCost: curl.startCost, lookUpCost: curl.lookUpCost, requestCost: curl.requestCost, closeCost: curl.closeCost, tls: { ...curl.tls, ...setting.clientTls },
    }),
    host('server', 'web-server', '10.0.0.2', {
      site: resources, names: [NAME], plainPorts: server.plainPorts, tlsPorts: server.tlsPorts, fileCost: MEASURED_NGINX.fileCost, tls: { ...MEASURED_NGINX.tls, version: server.version },
    }),
    host('ghost', 'web-server', '10.0.0.4', { site: {}, names: [], plainPorts: [], tlsPorts: [] }),
    host('names', 'recursive-resolver', '10.0.0.3', { localData: { 'lab.test': [A(NAME, '10.0.0.2'), A('ghost.lab.test', '10.0.0.4')] }, queryCost: MEASURED_UNBOUND.queryCost }),
  ];
  const links = [link('client', 'client', ['server', 'names', 'ghost'], num('rttMs'), num('rateMbit') * 1e6, num('queuePackets', 1000), num('loss'))];
  const workload: Workload = { client: 'client', profile: 'curl', sequential: true, connectTimeout: setting.connectTimeout, maxTime: setting.maxTime, visits: [{ url: setting.url, at: 0 }] };
  return { plan: plan(c.id, hosts, links, { tcp: MEASURED_TCP, tls: {}, dns: {} }, workload, [...(c.given.rules ?? []).map(fault), ...setting.faults]), judged: 'first' };
}

/** A raw look-up through a recursive resolver that walks root, TLD and zone. */
function lookUpPlan(g: Given, num: (key: string, otherwise?: number) => number): Plan {
  const alias = 'alias.lab.test';
  const asked = g.cached === 'CNAME target' ? alias : NAME;
  const root = [NS('.', 'a.root'), A('a.root', '10.1.0.1'), NS('test', 'a.test'), A('a.test', '10.1.0.2'), { name: '.', type: 'SOA', ttl: 86400, data: '86400' }];
  const tld = [NS('test', 'a.test'), A('a.test', '10.1.0.2'), NS('lab.test', 'ns.lab.test'), A('ns.lab.test', '10.1.0.3'), { name: 'test', type: 'SOA', ttl: 900, data: '900' }];
  const zone = [NS('lab.test', 'ns.lab.test'), A('ns.lab.test', '10.1.0.3'), A(NAME, '10.0.0.2'), { name: alias, type: 'CNAME', ttl: 3600, data: NAME }, { name: 'lab.test', type: 'SOA', ttl: 300, data: '300' }];
  const delegation = [NS('lab.test', 'ns.lab.test'), A('ns.lab.test', '10.1.0.3')];
  const cache = g.cached === 'answer' ? [A(NAME, '10.0.0.2')] : g.cached === 'delegation of the zone' ? delegation : g.cached === 'CNAME target' ? [...delegation, A(NAME, '10.0.0.2')] : [];
  const hosts = [
    host('client', 'browser', '10.0.0.1', { resolver: 'names', dns: { ipv6: false } }),
    host('server', 'web-server', '10.0.0.2', { site: {}, names: [NAME] }),
    host('names', 'recursive-resolver', '10.0.0.3', { rootHints: ['10.1.0.1'], cache, queryCost: MEASURED_UNBOUND.queryCost, dns: { qnameMinimisation: g.qnameMinimisation !== 'no' } }),
    host('root', 'name-server', '10.1.0.1', { zones: { '.': root } }), host('tld', 'name-server', '10.1.0.2', { zones: { test: tld } }), host('auth', 'name-server', '10.1.0.3', { zones: { 'lab.test': zone } }),
  ];
  const links = [link('client', 'client', ['names', 'server'], num('rttMs'), 0, 1000, 0), link('upstream', 'names', ['root', 'tld', 'auth'], num('upstreamRttMs'), 0, 1000, 0)];
  const workload: Workload = { client: 'client', profile: 'curl', sequential: true, connectTimeout: 0, visits: [{ url: `http://${asked}/`, at: 0 }] };
  return plan('look-up', hosts, links, { tcp: {}, tls: {}, dns: {} }, workload, []);
}

/** The name server stands beside the web server behind the same link: port 53 tells which `server` is meant. */
export function fault(r: Rule): Fault {
  const verdict: PduFault['verdict'] = r.action === 'delay' ? { do: 'delay', by: (r.extraDelayUs ?? 0) * 1000 } : r.action === 'dup' ? { do: 'duplicate' } : { do: 'drop' };
  return {
    type: 'pdu', nth: r.nth ?? 1, count: r.count ?? 1, verdict,
    where: {
      link: r.link, ...(r.from && r.from !== 'either' ? { from: r.from === 'server' && r.fromPort === 53 ? 'names' : r.from } : {}), ...(r.protocol ? { protocol: r.protocol } : {}), ...(r.fromPort ? { fromPort: r.fromPort } : {}), ...(r.toPort ? { toPort: r.toPort } : {}),
      ...(r.tcpFlags ? { tcpFlags: r.tcpFlags } : {}), ...(r.tcpFlagsUnset ? { tcpFlagsUnset: r.tcpFlagsUnset } : {}),
      ...(r.payloadAtLeast !== undefined ? { payloadAtLeast: r.payloadAtLeast } : {}), ...(r.payloadAtMost !== undefined ? { payloadAtMost: r.payloadAtMost } : {}),
      ...(r.rel !== undefined ? { range: [r.rel, r.rel + 1] as const } : {}),
    },
  };
}
export const host = (name: string, kind: string, address: string, params: Record<string, unknown>): PlanHost => ({ name, kind, title: name, address, cores: 2, column: 0, params: params as PlanHost['params'] });
export function link(name: string, a: string, b: string[], rttMs: number, rate: number, queuePackets: number, loss: number): PlanLink {
  const way = (rttMs * MS) / 2;
  return { name, a, b, latencyNs: [way, way], jitterNs: 0, rate: [rate, rate], queuePackets, loss: [loss, loss], mtu: 1500, perPacketNs: MEASURED_LINK.perPacketNs };
}
export const plan = (id: string, hosts: PlanHost[], links: PlanLink[], stack: Plan['stack'], workload: Workload, faults: Fault[]): Plan => ({
  version: 1, id, title: id, seed: 1, hosts, links, stack, workload: workload as unknown as Plan['workload'], faults, limits: { events: 1_000_000, endNs: 400e9 },
});
