/** Edits of a path: what is left is whole, runs, and does what the edit was for. */
import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/base/result';
import { compilePlan } from '../../src/scenario/compile';
import { addServer, editable, removeHost, setCache } from '../../src/scenario/edit';
import { loadScenario } from '../../src/scenario/load';
import { runPlan } from '../../src/scenario/run';
import type { Scenario } from '../../src/scenario/schema';
import type { Trace } from '../../src/model/trace';

async function scenario(id: string): Promise<Scenario> {
  const loaded = await loadScenario(id);
  if (!loaded.ok) throw new Error(id);
  return loaded.value;
}
const value = <T,>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
};
const run = (s: Scenario): Trace => runPlan(value(compilePlan(s)));
const textsOf = (trace: Trace, kind: string): string[] => {
  const found: string[] = [];
  for (let e = 0; e < trace.kind.length; e++) if (trace.kinds[trace.kind.at(e)]!.name === kind) found.push(trace.texts[trace.a.at(e)] ?? '');
  return found;
};

describe('taking a host out', () => {
  it('the proxy: its name, address and certificate go to the web server behind it, and the page still comes, sooner', async () => {
    const whole = await scenario('whole-chain');
    const without = value(removeHost(whole, 'proxy'));
    expect(Object.keys(without.network.hosts)).not.toContain('proxy');
    expect(without.network.hosts.web).toMatchObject({ address: '203.0.113.7', params: { names: ['shop.example', 'www.shop.example'], tlsPorts: ['443'] } });
    const before = run(whole), after = run(without);
    expect(after.requests.map((r) => r.status)).toEqual([200, 200, 200, 200]);
    expect(after.requests[0]!.endNs).toBeLessThan(before.requests[0]!.endNs);
    expect(whole.network.hosts.proxy).toBeDefined();
  });
  it('proxy and web server: the app server ends TLS itself, and has the files', async () => {
    const alone = value(removeHost(value(removeHost(await scenario('whole-chain'), 'proxy')), 'web'));
    const trace = run(alone);
    expect(trace.requests.map((r) => r.status)).toEqual([200, 200, 200, 200]);
    expect(trace.hosts.map((h) => h.name)).toEqual(['auth', 'tld', 'root', 'resolver', 'browser', 'app', 'db']);
  });
  it('one of three servers: the others take its share', async () => {
    const two = value(removeHost(await scenario('load-balancer'), 'app-3'));
    const chosen = new Set(textsOf(run(two), 'proxy.upstream_chosen'));
    expect(chosen).toEqual(new Set(['app-1:9000', 'app-2:9000']));
    expect(two.controls).not.toContain('network.hosts.app-3.params.thinkTime');
  });
  it.each(['browser', 'db', 'nobody'])('not %s', async (name) => expect(removeHost(await scenario('whole-chain'), name)).toMatchObject({ ok: false }));
});

describe('a second server', () => {
  it('has a name, an address and links of its own, and gets every other request', async () => {
    const s = value(addServer(await scenario('slow-backend'), 'app'));
    expect(s.network.hosts['app-2']).toMatchObject({ kind: 'app-server', address: '10.0.2.11', title: 'app server 2' });
    expect(Object.values(s.network.links).filter((l) => [l.a, l.b].flat().includes('app-2')).length).toBe(2);
    const chosen = textsOf(run(s), 'proxy.upstream_chosen');
    expect(chosen.filter((c) => c.startsWith('app-2')).length).toBe(chosen.length / 2);
    const three = value(addServer(s, 'app-2'));
    expect(three.network.hosts['app-3']!.address).toBe('10.0.2.12');
  });
  it('helps where workers were short', async () => {
    const slow = await scenario('slow-backend');
    const lost = (s: Scenario): number => {
      const plan = value(compilePlan(s, { lane: 'slow' }));
      return runPlan(plan).requests.filter((r) => r.error).length;
    };
    expect(lost(value(addServer(slow, 'app')))).toBeLessThan(lost(slow));
  });
  it('is not offered where nobody would ask it', async () => expect(editable(await scenario('first-visit')).repeatable).toEqual([]));
});

describe('a cache', () => {
  it('answers the second user’s file itself; a page that says nothing of freshness is made again', async () => {
    const s = structuredClone(await scenario('whole-chain'));
    s.workload.visits = [{ url: 'https://shop.example/orders/42' }, { url: 'https://shop.example/orders/42', at: '2 s', user: 2 }];
    const without = run(s), cached = run(value(setCache(s, 'proxy', true)));
    expect(textsOf(without, 'proxy.answered_from_cache')).toEqual([]);
    expect(new Set(textsOf(cached, 'proxy.answered_from_cache'))).toEqual(new Set(['/style.css', '/app.js', '/logo.svg']));
    expect(textsOf(cached, 'app.request_taken')).toEqual(['/orders/42', '/orders/42']);
    expect(run(value(setCache(value(setCache(s, 'proxy', true)), 'proxy', false))).endNs).toBe(without.endNs);
  });
});
