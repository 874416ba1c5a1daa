/** One HTTP/2 connection for several names (RFC 9113 §9.1.1): when a browser may, and what becomes of requests when that connection ends. */
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/engine/simulate';
import { hostKind } from '../../src/hosts/registry';
import type { ParamValue, Plan } from '../../src/model/plan';
import type { Trace } from '../../src/model/trace';
import { connectionsOf, eventsOf, webPlan, type WebOptions } from '../support/web';

const PICTURES = ['https://img.lab.test/a.jpg', 'https://img.lab.test/b.jpg'];
/** A page of www.lab.test with two pictures of img.lab.test. */
function visit(o: Partial<WebOptions> & { imgAt?: string } = {}): Trace {
  const plan = webPlan({
    rttMs: 40, profile: 'browser', visits: ['https://www.lab.test/'], site: { '/': { links: PICTURES }, '/a.jpg': { bytes: 5000 }, '/b.jpg': { bytes: 5000 } }, ...o,
    server: { http2: true, names: ['www.lab.test', 'img.lab.test'], ...o.server },
  });
  const records = [{ name: 'www.lab.test', type: 'A', ttl: 300, data: '10.77.1.2' }, { name: 'img.lab.test', type: 'A', ttl: 300, data: o.imgAt ?? '10.77.1.2' }];
  const hosts = plan.hosts.map((h) => (h.name === 'names' ? { ...h, params: { ...h.params, localData: { 'lab.test': records as unknown as ParamValue } } } : h));
  const second = o.imgAt ? [{ ...plan.hosts[2]!, name: 'second', address: o.imgAt }] : [];
  const links = o.imgAt ? [...plan.links, { ...plan.links[1]!, name: 'second', b: ['second'] }] : plan.links;
  return simulate({ ...plan, hosts: [...hosts, ...second], links } as Plan, (id) => hostKind(id)!);
}
const statuses = (t: Trace): (number | null)[] => t.requests.map((r) => r.status);
const flows = (t: Trace): number => new Set(t.requests.map((r) => r.flow)).size;

describe('a second name at the same address', () => {
  it('is served by the open connection, after its look-up and without a handshake', () => {
    const trace = visit(), apart = visit({ client: { coalesces: false } });
    expect([statuses(trace), statuses(apart)]).toEqual([[200, 200, 200], [200, 200, 200]]);
    expect([flows(trace), flows(apart)]).toEqual([1, 2]);
    expect(eventsOf(trace, 'page.connection_coalesced')).toHaveLength(1);
    const picture = (t: Trace): number => (t.requests[1]!.endNs - t.requests[1]!.startNs) / 1e6;
    expect(picture(apart) - picture(trace)).toBeGreaterThan(75);
  });
  it('says its own name on it', () => {
    const authorities = visit().messages.filter((m) => m.name === 'HEADERS' && m.direction === 0).map((m) => m.fields.find((f) => f.name === ':authority')?.value);
    expect(authorities).toEqual(['www.lab.test', 'img.lab.test', 'img.lab.test']);
  });
  it('a wildcard covers it', () => expect(flows(visit({ server: { names: ['*.lab.test'] } }))).toBe(1));
  it.each([
    ['the certificate is not for it', { server: { names: ['www.lab.test'] } }], ['it is at another address', { imgAt: '10.77.1.3' }], ['the server speaks HTTP/1.1', { server: { http2: false } }], ['the client is curl', { profile: 'curl', visits: ['https://www.lab.test/', PICTURES[0]!] }],
  ] as const)('not where %s', (_, o) => {
    const trace = visit(o as Parameters<typeof visit>[0]);
    expect(eventsOf(trace, 'page.connection_coalesced')).toEqual([]);
    expect(connectionsOf(trace)).toBeGreaterThan(1);
  });
  it('has a connection of its own again when the server has left the common one', () => {
    const trace = visit({ visits: ['https://www.lab.test/', ['https://img.lab.test/a.jpg?again', 5000]], server: { keepAliveTimeout: 1e9 } });
    expect(statuses(trace)).toEqual([200, 200, 200, 200]);
    expect(trace.requests[3]!.flow).not.toBe(trace.requests[0]!.flow);
    expect(eventsOf(trace, 'page.connection_coalesced')).toHaveLength(1);
  });
  it('asks again what a server that starts anew has not seen', () => {
    for (let ms = 170; ms < 300; ms += 10) {
      const trace = visit({ faults: [{ type: 'host', host: 'server', verdict: 'stop', from: ms * 1e6, until: (ms + 20) * 1e6 }] });
      for (const r of trace.requests) expect(r.status === 200 || r.error !== null, `stopped at ${ms} ms: ${r.url}`).toBe(true);
    }
  });
});
