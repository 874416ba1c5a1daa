/** A scenario with a reverse proxy: what it may say, what it compiles to, and what is said about mistakes. */
import { describe, expect, it } from 'vitest';
import { compilePlan } from '../../src/scenario/compile';
import { parseScenario } from '../../src/scenario/parse';
import { runScenario } from '../../src/scenario/run';
import { routeOf } from '../../src/hosts/reverse-proxy';
import type { Scenario } from '../../src/scenario/schema';

const scenario = {
  version: 1, id: 'two-apps', title: 'Two apps behind a proxy', summary: 'A proxy shares requests between two servers.',
  network: {
    hosts: {
      browser: { kind: 'browser', title: 'browser', address: '10.0.0.1', params: { hostsFile: { 'shop.example': '10.0.0.2' } } },
      edge: {
        kind: 'reverse-proxy', title: 'proxy', address: '10.0.0.2',
        params: {
          names: ['shop.example'], proxyReadTimeout: '5 s', proxyBufferSize: '8 KiB', proxyBuffering: true, proxyNextUpstream: ['error'], proxyVersion: '1.29.7',
          upstreams: { apps: { servers: [{ host: 'one', port: 80, weight: 3, failTimeout: '30 s' }, { host: 'two', port: 80 }], balance: 'least-conn', keepalive: 4 } },
          routes: [{ prefix: '/', upstream: 'apps' }],
        },
      },
      one: { kind: 'web-server', title: 'first app', address: '10.0.0.3', params: { site: { '/': { bytes: '2 KB', think: '10 ms' } } } },
      two: { kind: 'web-server', title: 'second app', address: '10.0.0.4', params: { site: { '/': { bytes: '2 KB', think: '10 ms' } } } },
    },
    links: { client: { a: 'browser', b: 'edge', rtt: '40 ms' }, upstream: { a: 'edge', b: ['one', 'two'], rtt: '2 ms' } },
  },
  workload: { client: 'browser', profile: 'plain', visits: [{ url: 'http://shop.example/' }] },
};
const edited = (edit: (params: Record<string, unknown>) => void): Scenario => {
  const copy = structuredClone(scenario);
  edit(copy.network.hosts.edge.params);
  const parsed = parseScenario(JSON.stringify(copy));
  if (!parsed.ok) throw new Error(parsed.errors.map((e) => `${e.where}: ${e.what}`).join('\n'));
  return parsed.value;
};
const complaints = (s: Scenario): string[] => {
  const plan = compilePlan(s);
  return plan.ok ? [] : plan.errors.map((e) => `${e.where}: ${e.what}; ${e.cure}`);
};

describe('a scenario with a reverse proxy', () => {
  it('compiles to internal units', () => {
    const plan = compilePlan(edited(() => {}));
    expect(plan.ok && plan.value.hosts[1]!.params).toMatchObject({
      proxyReadTimeout: 5e9, proxyBufferSize: 8192, proxyBuffering: true, proxyNextUpstream: ['error'], proxyVersion: '1.29.7',
      upstreams: { apps: { servers: [{ host: 'one', port: 80, weight: 3, failTimeout: 30e9 }, { host: 'two', port: 80 }], balance: 'least-conn', keepalive: 4 } },
    });
  });
  it('runs', () => {
    const runs = runScenario(edited(() => {}));
    expect(runs.ok && runs.value[0]!.trace.requests.map((r) => r.status)).toEqual([200]);
  });
  it('its numbers can be set by path', () => {
    const plan = compilePlan(edited(() => {}), { set: { 'network.hosts.edge.params.proxyConnectTimeout': '2 s', 'network.hosts.edge.params.proxyBuffering': 'false', 'network.hosts.edge.params.upstreamMaxFails': '3' } });
    expect(plan.ok && plan.value.hosts[1]!.params).toMatchObject({ proxyConnectTimeout: 2e9, proxyBuffering: false, upstreamMaxFails: 3 });
  });
  it.each<[string, (params: Record<string, unknown>) => void, string]>([
    ['a server that is no host', (p) => (p.upstreams = { apps: { servers: [{ host: 'one', port: 80 }, { host: 'three', port: 80 }] } }),
      'network.hosts.edge.params.upstreams.apps.servers[1].host: names the host "three", which does not exist; use one of browser, edge, one, two'],
    ['a route to no upstream', (p) => (p.routes = [{ prefix: '/', upstream: 'app' }]), 'network.hosts.edge.params.routes[0].upstream: names the upstream "app", which does not exist; use one of apps'],
    ['a route without any', (p) => delete p.upstreams, 'network.hosts.edge.params.routes[0].upstream: names the upstream "apps", which does not exist; describe it under upstreams'],
  ])('%s', (_name, edit, complaint) => expect(complaints(edited(edit))).toEqual([complaint]));
  it.each([
    ['no server', { servers: [] }], ['a balance that is none', { servers: [{ host: 'one', port: 80 }], balance: 'fair' }], ['a port that is none', { servers: [{ host: 'one', port: 0 }] }],
  ])('%s: refused', (_name, apps) => expect(() => edited((p) => (p.upstreams = { apps }))).toThrow(/upstreams/));
  it('a server behind two links: the run says so', () => {
    const s = edited(() => {}) as unknown as { network: { links: Record<string, { b: unknown }> } };
    s.network.links.upstream!.b = ['two'];
    (s.network.links as Record<string, unknown>).far = { a: 'two', b: 'one', rtt: '2 ms' };
    const runs = runScenario(s as unknown as Scenario);
    expect(runs.ok && [runs.value[0]!.trace.outcome, runs.value[0]!.trace.stopReason]).toEqual(['unmodelled', expect.stringMatching(/edge and its upstream server one/)]);
  });
});

describe('routes', () => {
  const routes = [{ prefix: '/', upstream: 'all' }, { prefix: '/api/', upstream: 'api' }, { prefix: '/api/v2/', upstream: 'new' }];
  it.each([['/', 'all'], ['/api', 'all'], ['/api/x', 'api'], ['/api/v2/x', 'new']])('%s → %s', (path, upstream) => expect(routeOf(routes, path)?.upstream).toBe(upstream));
  it('none fits', () => expect(routeOf(routes.slice(1), '/x')).toBeNull());
});
