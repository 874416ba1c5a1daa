/**
 * Random topologies, parameters and faults: nothing crashes or runs for ever, no event comes before its cause, packets
 * are conserved, attribution sums exactly, a millisecond more on one part is felt as the causes say.
 * 1,000 runs normally, 10,000 with ROUNDTRIP_LONG=1.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sequence } from '../../src/base/random';
import { captionAt } from '../../src/explain';
import { Fate } from '../../src/model/pdu';
import type { Trace } from '../../src/model/trace';
import { compilePlan } from '../../src/scenario/compile';
import { checkScenario } from '../../src/scenario/parse';
import { runPlan } from '../../src/scenario/run';
import type { Scenario, ScenarioFault } from '../../src/scenario/schema';
import { attribution, indexTrace, traceHash } from '../../src/trace';
import { broken } from '../support/invariants';

const BASE = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'scenarios', 'first-visit.json'), 'utf8')) as Scenario;
const RUNS = process.env.ROUNDTRIP_LONG ? 10_000 : 1_000;

interface Drawn {
  readonly scenario: Scenario;
  readonly faults: readonly ScenarioFault[];
}
function drawn(seed: number, faulty: boolean): Drawn {
  const next = sequence(seed);
  const pick = <T,>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const s = structuredClone(BASE) as Scenario & { seed: number };
  s.seed = seed;
  for (const link of Object.values(s.network.links)) {
    delete link.latency;
    link.rtt = `${pick([0, 1, 7, 30, 80, 250, 600])} ms`;
    if (next() < 0.5) link.bandwidth = pick(['64 kbit/s', '1 Mbit/s', '20 Mbit/s', '1 Gbit/s']);
    if (next() < 0.3) link.queue = pick([2, 8, 64]);
    if (faulty && next() < 0.4) link.loss = `${pick([1, 5, 20, 60])} %`;
    if (next() < 0.2) link.jitter = `${pick([1, 20])} ms`;
    if (next() < 0.1) link.mtu = pick([576, 1280]);
  }
  s.workload.profile = pick(['plain', 'curl', 'browser'] as const);
  s.stack = { tls: { version: pick(['1.2', '1.3']), certificate: pick(['ecdsa', 'rsa']) }, tcp: { sack: next() < 0.8, timestamps: next() < 0.8, nagle: next() < 0.3, initialWindow: pick([1, 4, 10]) }, dns: { qnameMinimisation: next() < 0.5 } };
  if (next() < 0.3) s.workload.visits = [{ url: pick(['http://shop.example/orders/42', 'https://shop.example/nothing', 'https://shop.example/orders/42']) }, { url: 'https://shop.example/orders/42', at: pick(['1 s', '90 s']) }];
  const faults: ScenarioFault[] = [];
  const hosts = Object.keys(s.network.hosts), links = Object.keys(s.network.links);
  for (let i = faulty ? Math.floor(next() * 4) : 0; i > 0; i--) {
    const where = { link: pick(links), ...(next() < 0.5 ? { select: pick(['SYN', 'SYN-ACK', 'data', 'query', 'answer', 'ServerHello', 'ClientHello', 'FIN', 'ACK']) } : {}) };
    faults.push(
      pick<() => ScenarioFault>([
        () => ({ do: 'drop', where, nth: 1 + Math.floor(next() * 9), count: pick([1, 2, 5, -1]), at: pick([0, 1, next()]) }), () => ({ do: 'delay', where, nth: 1 + Math.floor(next() * 5), by: pick(['3 ms', '400 ms']) }),
        () => ({ do: 'duplicate', where, nth: 1 + Math.floor(next() * 5) }), () => ({ do: 'corrupt', where, nth: 1 + Math.floor(next() * 5) }),
        () => ({ do: pick(['stop', 'silent'] as const), host: pick(hosts), from: `${Math.floor(next() * 600)} ms`, ...(next() < 0.5 ? { until: '3 s' } : {}) }),
        () => ({ do: 'down', link: pick(links), from: `${Math.floor(next() * 600)} ms`, until: '2 s' }),
        () => ((verdict) => ({ do: verdict, host: verdict === 'refuse-connections' ? 'edge' : pick(hosts) }))(pick(['nxdomain', 'servfail', 'refused', 'no-answer', 'refuse-connections', 'certificate-expired', 'certificate-wrong-name', 'certificate-unknown-issuer'] as const)),
      ])(),
    );
  }
  const checked = checkScenario(s);
  if (!checked.ok) throw new Error(`seed ${seed}: ${JSON.stringify(checked.errors)}`);
  return { scenario: checked.value, faults };
}
function run({ scenario, faults }: Drawn, set: Record<string, string> = {}): Trace {
  const plan = compilePlan(scenario, { faults, set });
  if (!plan.ok) throw new Error(JSON.stringify(plan.errors));
  return runPlan(plan.value);
}

describe('random scenarios', () => {
  it(`${RUNS} with faults: nothing crashes, hangs or lies`, { timeout: 3_600_000 }, () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= RUNS && wrong.length < 5; seed++) {
      try {
        const found = broken(run(drawn(seed, true)));
        if (found) wrong.push(`seed ${seed}: ${found}`);
      } catch (error) {
        wrong.push(`seed ${seed}: ${(error as Error).stack?.split('\n').slice(0, 4).join(' | ')}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('the same twice, byte for byte', () => {
    for (let seed = 1; seed <= 12; seed++) expect(traceHash(run(drawn(seed, true)))).toBe(traceHash(run(drawn(seed, true))));
  });

  it('one millisecond more on any single part changes the total as often as the causes name that part', () => {
    const parts: [string, string, string, (p: { part: string; where: string }) => boolean, number][] = [
      ...['client', 'access', 'names-root', 'names-tld', 'names-auth'].map((link): (typeof parts)[number] => [`network.links.${link}.rtt`, '60 ms', '62 ms', (p) => p.part === 'propagation' && p.where === link, 30_000_000]),
      ['network.hosts.edge.params.thinkTime', '50 ms', '51 ms', (p) => (p.part === 'think' || p.part === 'service') && p.where === 'edge', 50_000_000],
    ];
    const checked = new Map<string, number>();
    for (let seed = 1; seed <= 40; seed++) {
      for (const [path, less, more, is, each] of parts) {
        const d = drawn(seed, false);
        d.scenario.workload.profile = 'plain';
        for (const link of Object.values(d.scenario.network.links)) Object.assign(link, { rtt: '60 ms', bandwidth: 'unlimited', loss: '0 %', jitter: '0 ms', mtu: 1500 });
        const a = run(d, { [path]: less }), b = run(d, { [path]: more });
        const request = a.requests[0]!;
        if (request.endNs < 0 || a.pdus.length !== b.pdus.length) continue; // another race was won
        const why = attribution(indexTrace(a), 0);
        if (why.some((p) => p.part === 'timer')) continue; // a timer stands on the path: what runs beside it is not felt
        const times = why.filter((p) => is(p)).reduce((sum, p) => sum + p.ns, 0) / each;
        expect({ seed, path, delta: b.requests[0]!.endNs - b.requests[0]!.startNs - (request.endNs - request.startNs) }).toEqual({ seed, path, delta: times * 1_000_000 });
        checked.set(path, (checked.get(path) ?? 0) + 1);
      }
    }
    expect([...checked.values()].every((n) => n > 5) && checked.size === parts.length).toBe(true);
  });

  it('captions follow the run: wherever a packet is lost, the sentence names who acts and when', () => {
    const told = new Set<string>();
    for (let nth = 1; nth <= 24; nth++) {
      const trace = run({ scenario: BASE, faults: [{ do: 'drop', where: { link: 'client', protocol: 'tcp', payloadAtLeast: 1 }, nth, at: 0.5 }] });
      const lost = trace.pdus.find((p) => p.fate === Fate.droppedByRule);
      if (!lost) continue;
      const { text } = captionAt(indexTrace(trace), lost.fateAt + 1000);
      told.add(text);
      expect(text).toMatch(/lost/);
    }
    expect(told.size).toBeGreaterThan(8);
  });
});
