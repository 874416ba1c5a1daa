/** 0-RTT and its replay: a round trip sooner, and the order done once or twice. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../src/base/time';
import type { Trace } from '../../src/model/trace';
import { loadScenario } from '../../src/scenario/load';
import { prepare, runScenario } from '../../src/scenario/run';

const loaded = await loadScenario('zero-rtt-replay');
if (!loaded.ok) throw new Error('the scenario does not load');
await prepare(loaded.value);
const lanes = (set: Record<string, string> = {}): Map<string, Trace> => {
  const runs = runScenario(loaded.value, { set });
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return new Map(runs.value.map((r) => [r.name, r.trace]));
};
/** How often the bank read the order. */
function orders(trace: Trace): number {
  const read = trace.kinds.find((k) => k.name === 'http.request_received')!.id;
  let n = 0;
  for (let e = 0; e < trace.kind.length; e++) if (trace.kind.at(e) === read && trace.texts[trace.a.at(e)]!.startsWith('/send')) n++;
  return n;
}
const took = (trace: Trace): number => (trace.requests[1]!.endNs - trace.requests[1]!.startNs) / MS;

describe('0-RTT and its replay', () => {
  it('saves a round trip over a resumed handshake, which saves nothing but certificate and signature over a full one', () => {
    const runs = lanes();
    expect(took(runs.get('resumed')!) - took(runs.get('early')!)).toBeCloseTo(80, 1);
    expect(took(runs.get('full')!) - took(runs.get('resumed')!)).toBeLessThan(1);
  });
  it('is about the order, not about the visit before it', () => {
    for (const trace of lanes().values()) expect(trace.requests[trace.mainRequest]!.url).toContain('/send');
  });
  it('the money is sent twice where nobody remembers the ticket, else once', () => {
    const runs = lanes();
    expect([...runs].map(([name, trace]) => [name, orders(trace)])).toEqual([['early', 2], ['once', 1], ['resumed', 1], ['full', 1]]);
  });
  it('a copy that comes more than ten seconds later is too old', () => {
    expect(orders(lanes({ 'network.hosts.attacker.params.replayAfter': '9.8 s' }).get('early')!)).toBe(2);
    expect(orders(lanes({ 'network.hosts.attacker.params.replayAfter': '10.1 s' }).get('early')!)).toBe(1);
  });
  it('a bank that was started again holds another key: the order goes once more after a full handshake', () => {
    const loadedAgain = structuredClone(loaded.value) as { faults?: unknown };
    loadedAgain.faults = [{ do: 'stop', host: 'bank', from: '2 s', until: '2.5 s' }];
    const runs = runScenario(loadedAgain as typeof loaded.value);
    if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
    const { trace } = runs.value[0]!;
    expect(trace.requests[1]!.status).toBe(200);
    const kinds = trace.kinds.filter((k) => ['tls.session_refused', 'tls.early_data_rejected', 'tls.early_data_repeated'].includes(k.name)).map((k) => k.id);
    const seen = new Set(Array.from({ length: trace.kind.length }, (_, e) => trace.kind.at(e)));
    expect(kinds.every((id) => seen.has(id))).toBe(true);
    expect(orders(trace)).toBe(1);
  });
});
