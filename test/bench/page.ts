/** How long a warm simulation of a 30-request page takes (20 KB each, 10 Mbit/s) over each version of HTTP: HTTP/1.1 about 860 packets and 4,700 events. Goal: at most 4 ms in the median, over any version 6 ms. */
import { simulate } from '../../src/engine/simulate';
import { hostKind } from '../../src/hosts/registry';
import type { ParamValue, Plan } from '../../src/model/plan';
import type { Trace } from '../../src/model/trace';
import { webPlan } from '../support/web';
import type { BenchLine } from './machines';

const links = Array.from({ length: 30 }, (_, i) => `/${i}.png`);
type Over = 'h1' | 'h2' | 'h3';
const planOf = (over: Over): Plan => {
  const plan = webPlan({
    rttMs: 80, rate: 10e6, profile: 'browser', visits: [`${over === 'h1' ? 'http' : 'https'}://www.lab.test/page`],
    site: { '/page': { bytes: 926, links }, ...Object.fromEntries(links.map((link) => [link, { bytes: 20480, type: 'image/png' }])) },
  });
  const extra: Record<string, ParamValue> = over === 'h1' ? {} : over === 'h2' ? { http2: true } : { http2: true, http3: true, useHttp3: 'only' };
  return { ...plan, hosts: plan.hosts.map((h) => ({ ...h, params: { ...h.params, ...extra } })) };
};
const plans: Readonly<Record<Over, Plan>> = { h1: planOf('h1'), h2: planOf('h2'), h3: planOf('h3') };
const run = (over: Over): Trace => simulate(plans[over], (id) => hostKind(id)!);

/** One line: milliseconds of a run. */
export function benchPage(over: Over = 'h1', runs = 60): BenchLine {
  for (let i = 0; i < 60; i++) run(over);
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const begin = performance.now();
    run(over);
    times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(runs / 2)]!;
  return { name: over === 'h1' ? 'page-30' : `page-30-${over}`, value: median, unit: 'ms', runs, median, p95: times[Math.floor(runs * 0.95)]! };
}
/** Size of that run, to read the time by. */
export function pageSize(over: Over = 'h1'): { events: number; packets: number } {
  const trace = run(over);
  return { events: trace.time.length, packets: trace.pdus.length };
}
