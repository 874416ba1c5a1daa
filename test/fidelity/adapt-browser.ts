/** One small document that Chromium loads, over whatever version of HTTP it finds: HTTP/3 forced, known from an earlier visit, or not at all. */
import { SECOND } from '../../src/base/time';
import type { Workload } from '../../src/hosts/workload';
import type { PlanHost } from '../../src/model/plan';
import { MEASURED_CADDY, MEASURED_CHROMIUM, MEASURED_NGINX, MEASURED_NGINX126, MEASURED_TCP, MEASURED_UNBOUND } from '../../src/scenario/presets/measured-host';
import { A, fault, host, link, plan, type Adapted } from './adapt';
import type { MeasuredCase } from './case';

const NAME = 'www.lab.test';
const KNOWN = new Set(['rttMs', 'rateMbit', 'queuePackets', 'loss', 'rules', 'page', 'quicForced', 'altSvcKnown']);
/** The document's own length: from the packet list of HTTP/3 to nginx 1.26, 276 bytes of the answer, less its head. */
const DOCUMENT_BYTES = 130;
/** So long after the first visit every connection is gone. */
const LATER = 400 * SECOND;

export function adaptBrowser(c: MeasuredCase): Adapted {
  const g = c.given;
  const num = (key: string, otherwise = 0): number => (typeof g[key] === 'number' ? (g[key] as number) : otherwise);
  for (const key of Object.keys(g)) if (!KNOWN.has(key)) return { unsupported: key };
  const caddy = c.server.startsWith('caddy'), nginx126 = c.server.startsWith('nginx 1.26');
  const [, version] = /^[^/]*\/(h[123])_/.exec(c.id) ?? [];
  if (c.id.includes('second_nav')) return { unsupported: 'a second navigation in the same window' };
  if (caddy && num('rttMs') === 80 && version !== undefined) return { unsupported: 'server caddy: drops the second packet of a ClientHello' };
  // the losses were measured with QUIC forced on this origin, whatever the file says of it
  const forced = g.quicForced === true || version === 'h3' || c.id.includes('/quic_') || c.id.includes('forced');
  const known = g.altSvcKnown === true;
  const plain = c.id.includes('h1_plain');
  const url = `${plain ? 'http' : 'https'}://${NAME}/`;
  const workload: Workload = { client: 'client', profile: 'browser', sequential: true, connectTimeout: 0, visits: [...(known ? [{ url, at: 0 }] : []), { url, at: known ? LATER : 0 }] };
  const server = caddy ? MEASURED_CADDY : nginx126 ? MEASURED_NGINX126 : MEASURED_NGINX;
  const hosts: PlanHost[] = [
    host('client', 'browser', '10.0.0.1', { resolver: 'names', ...MEASURED_CHROMIUM, useHttp3: forced ? 'only' : 'auto' }),
    host('server', 'web-server', '10.0.0.2', {
      site: { '/': { bytes: DOCUMENT_BYTES, type: 'text/html', think: 0, links: [], maxAge: 0, file: true } }, names: [NAME], plainPorts: plain ? ['80'] : [], tlsPorts: plain ? [] : ['443'], http2: version !== 'h1', http3: caddy || nginx126,
      ...('quic' in server ? { quic: server.quic } : {}), fileCost: server.fileCost, tls: server.tls,
    }),
    host('names', 'recursive-resolver', '10.0.0.3', { localData: { 'lab.test': [A(NAME, '10.0.0.2')] }, queryCost: MEASURED_UNBOUND.queryCost }),
  ];
  const links = [link('client', 'client', ['server', 'names'], num('rttMs'), num('rateMbit') * 1e6, num('queuePackets', 1000), num('loss'))];
  return { plan: { ...plan(c.id, hosts, links, { tcp: MEASURED_TCP, tls: { certificate: 'ecdsa' }, dns: {} }, workload, (g.rules ?? []).map(fault)), limits: { events: 1_000_000, endNs: 1000e9 } }, judged: known ? 'second' : 'first' };
}
