/**
 * From a measured case with nginx in front of an application to a plan. The application serves in a fixed time: all at once (asyncio),
 * or one after another (single-threaded, asked directly by curl on the proxy's side).
 */
import { MS, SECOND } from '../../src/base/time';
import type { Visit, Workload } from '../../src/hosts/workload';
import type { Fault } from '../../src/model/fault';
import type { PlanHost } from '../../src/model/plan';
import { MEASURED_APP, MEASURED_CLIENTS, MEASURED_NGINX, MEASURED_PROXY, MEASURED_TCP, MEASURED_UNBOUND } from '../../src/scenario/presets/measured-host';
import { A, fault, host, link, plan, type Adapted } from './adapt';
import type { MeasuredCase, Rule } from './case';

const KNOWN = new Set(['rttMs', 'upstreamRttMs', 'rateMbit', 'queuePackets', 'loss', 'rules', 'serviceMs', 'upstream', 'upstreamConnection', 'tls', 'connection', 'dns', 'http', 'concurrency', 'objectBytes']);
const NAME = 'www.lab.test', PATH = '/app', APP = 9000;
/** What stands behind the proxy. */
interface Behind {
  readonly port: number;
  readonly kept?: boolean;
  readonly silent?: boolean;
  /** What is asked for, when it is not the application's page. */
  readonly path?: string;
  readonly params?: Readonly<Record<string, number>>;
}
/** By the words of `given.upstream`; the ports are those of the lab. */
function behind(upstream: string): Behind | null {
  if (upstream.startsWith('new connection per request')) return { port: APP };
  if (upstream === 'kept alive') return { port: APP, kept: true };
  if (upstream === 'port closed') return { port: 9009 };
  const silent = /^accepts, never answers; read timeout (\d+) s$/.exec(upstream);
  if (silent) return { port: 9001, silent: true, path: '/', params: { proxyReadTimeout: Number(silent[1]) * SECOND } };
  const dropped = /^SYNs dropped; connect timeout (\d+) s$/.exec(upstream);
  return dropped ? { port: 9002, params: { proxyConnectTimeout: Number(dropped[1]) * SECOND } } : null;
}

export function adaptProxy(c: MeasuredCase): Adapted {
  const g = c.given;
  const num = (key: string, otherwise = 0): number => (typeof g[key] === 'number' ? (g[key] as number) : otherwise);
  for (const key of Object.keys(g)) if (!KNOWN.has(key)) return { unsupported: key };
  if (g.http !== undefined && g.http !== '1.1') return { unsupported: `http ${String(g.http)}` };
  for (const r of g.rules ?? []) if (!['drop', 'delay', 'dup'].includes(r.action)) return { unsupported: `rule ${r.action}` };
  const single = c.server.startsWith('single-threaded');
  if (single !== (g.rttMs === undefined)) return { unsupported: `server ${c.server}` };
  const users = num('concurrency', 1);
  const app = behind(String(g.upstream ?? 'new connection per request'));
  if (!app) return { unsupported: `upstream ${String(g.upstream)}` };
  const { curl } = MEASURED_CLIENTS;
  const tls = typeof g.tls === 'string' ? g.tls : null;
  const path = app.path ?? PATH;
  const url = single ? `http://${NAME}:${APP}${path}` : `${tls ? 'https' : 'http'}://${NAME}${path}`;
  // who warms the connection to the application is another user, and long done
  const warm = g.upstreamConnection === 'warm' ? 1 : 0;
  const again = g.connection === 'kept-alive';
  const visits: Visit[] = warm ? [{ url, at: 0, user: 1 }] : [];
  for (let user = 1; user <= users; user++) for (let n = 0; n < (again ? 2 : 1); n++) visits.push({ url, at: warm * SECOND, user: warm + user });
  const workload: Workload = { client: 'client', profile: 'curl', sequential: users === 1, connectTimeout: 0, visits };

  const service = app.silent ? 3600 * SECOND : num('serviceMs') * MS + MEASURED_APP.serviceCost;
  const bytes = num('objectBytes', MEASURED_APP.bytes);
  const group = app.kept ? 'apps' : `10.77.2.2:${app.port}`; // as the lab's configuration names it: a group, or an address
  const hosts: PlanHost[] = [
    host('client', 'browser', '10.77.0.1', {
      resolver: 'names', ...(g.dns === 'cold' ? {} : { hostsFile: { [NAME]: single ? '10.77.2.2' : '10.77.1.2' } }),
      startCost: curl.startCost, lookUpCost: curl.lookUpCost, requestCost: curl.requestCost, closeCost: curl.closeCost, tls: curl.tls, dns: { ipv6: true },
    }),
    host('proxy', 'reverse-proxy', '10.77.1.2', {
      names: [NAME], plainPorts: tls ? [] : ['80'], tlsPorts: tls ? ['443'] : [], ...MEASURED_PROXY, tls: { ...MEASURED_NGINX.tls, ...(tls ? { version: tls } : {}) },
      upstreams: { [group]: { servers: [{ host: 'app', port: app.port }], keepalive: app.kept ? 32 : 0 } }, routes: [{ prefix: '/', upstream: group }], ...app.params,
    }),
    host('app', 'app-server', '10.77.2.2', {
      port: app.port === 9009 ? APP : app.port, ...(single ? { model: 'thread-pool', workers: 1 } : { model: 'event-loop' }), appKeepAliveTimeout: 75 * SECOND,
      site: { [path]: { bytes, type: 'application/octet-stream', think: service, links: [], maxAge: -1, file: false } },
    }),
    host('names', 'recursive-resolver', '10.77.1.1', { localData: { 'lab.test': [A(NAME, '10.77.1.2')] }, queryCost: MEASURED_UNBOUND.queryCost }),
  ];
  const rate = num('rateMbit') * 1e6, queue = num('queuePackets', 1000), loss = num('loss');
  const links = [
    link('client', 'client', ['proxy', 'names', ...(single ? ['app'] : [])], single ? num('upstreamRttMs') : num('rttMs'), rate, queue, loss),
    ...(single ? [] : [link('upstream', 'proxy', ['app'], num('upstreamRttMs'), rate, queue, loss)]),
  ];
  const requests = visits.flatMap((v, i) => (v.user! > warm && (!again || visits[i - 1]?.user === v.user) ? [i] : []));
  return {
    plan: plan(c.id, hosts, links, { tcp: MEASURED_TCP, tls: {}, dns: {} }, workload, (g.rules ?? []).map(sided)), judged: 'first', requests,
    ...(single ? {} : { listed: { link: 'upstream', from: 'proxy', request: warm } }),
  };
}
/** On the upstream link the proxy is the client and the application the server; on the client's the proxy is the server. */
function sided(r: Rule): Fault {
  const made = fault(r);
  if (made.type !== 'pdu') return made;
  const names: Readonly<Record<string, string>> = r.link === 'upstream' ? { client: 'proxy', server: 'app' } : { server: 'proxy' };
  const { from } = made.where;
  return from && names[from] ? { ...made, where: { ...made.where, from: names[from]! } } : made;
}
