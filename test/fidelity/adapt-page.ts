/** A page that Chromium loads: a document that refers to so many images, over one version of HTTP or another. */
import type { Workload } from '../../src/hosts/workload';
import type { PlanHost } from '../../src/model/plan';
import { MEASURED_CHROMIUM, MEASURED_NGINX, MEASURED_NGINX126, MEASURED_TCP, MEASURED_UNBOUND } from '../../src/scenario/presets/measured-host';
import { A, fault, host, link, plan, type Adapted } from './adapt';
import type { MeasuredCase } from './case';

const NAME = 'www.lab.test';
/** The document's path has 20 characters, the images' 9; 942 bytes follow from the packet list: 1180 of the answer, less nginx's head. */
const DOCUMENT = '/0123456789012345678', DOCUMENT_BYTES = 942;
const image = (i: number): string => `/i${String(i).padStart(7, '0')}`;
const KNOWN = new Set(['rttMs', 'rateMbit', 'queuePackets', 'loss', 'rules', 'http', 'tls', 'objects', 'objectBytes', 'documentAndImages']);

export function adaptPage(c: MeasuredCase): Adapted {
  const g = c.given;
  const num = (key: string, otherwise = 0): number => (typeof g[key] === 'number' ? (g[key] as number) : otherwise);
  for (const key of Object.keys(g)) if (!KNOWN.has(key)) return { unsupported: key };
  if (g.http !== '1.1' && g.http !== '2' && g.http !== '3') return { unsupported: `http ${String(g.http)}` };
  const tls = typeof g.tls === 'string' ? g.tls : null;
  if (c.server.startsWith('caddy')) return { unsupported: 'server caddy' };
  const nginx126 = c.server.startsWith('nginx 1.26'), nginx = nginx126 ? MEASURED_NGINX126 : MEASURED_NGINX;
  const images = Array.from({ length: num('objects') }, (_, i) => image(i));
  const resource = { think: 0, maxAge: -1, file: true };
  const site: Record<string, unknown> = { [DOCUMENT]: { ...resource, bytes: DOCUMENT_BYTES, type: 'text/html', links: images } };
  for (const path of images) site[path] = { ...resource, bytes: num('objectBytes'), type: 'image/png', links: [] };
  const workload: Workload = { client: 'client', profile: 'browser', sequential: true, connectTimeout: 0, visits: [{ url: `${tls ? 'https' : 'http'}://${NAME}${DOCUMENT}`, at: 0 }] };
  const hosts: PlanHost[] = [
    host('client', 'browser', '10.0.0.1', { resolver: 'names', ...MEASURED_CHROMIUM, useHttp3: g.http === '3' ? 'only' : 'off' }),
    host('server', 'web-server', '10.0.0.2', {
      site, names: [NAME], plainPorts: tls ? [] : ['80'], tlsPorts: tls ? ['443'] : [], http2: g.http !== '1.1', ...(nginx126 ? { http2FlushesHead: true, http3: true, quic: MEASURED_NGINX126.quic } : {}), fileCost: nginx.fileCost, tls: { ...nginx.tls, ...(tls ? { version: tls } : {}) },
    }),
    host('names', 'recursive-resolver', '10.0.0.3', { localData: { 'lab.test': [A(NAME, '10.0.0.2')] }, queryCost: MEASURED_UNBOUND.queryCost }),
  ];
  const links = [link('client', 'client', ['server', 'names'], num('rttMs'), num('rateMbit') * 1e6, num('queuePackets', 1000), num('loss'))];
  return { plan: plan(c.id, hosts, links, { tcp: MEASURED_TCP, tls: { certificate: 'ecdsa' }, dns: {} }, workload, (g.rules ?? []).map(fault)), judged: 'page' };
}
