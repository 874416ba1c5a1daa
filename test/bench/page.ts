/** How long a warm simulation of a 30-request page takes (20 KB each, six connections, 10 Mbit/s): about 860 packets and 4,700 events. Goal: at most 4 ms in the median. */
import { simulate } from '../../src/engine/simulate';
import { hostKind } from '../../src/hosts/registry';
import { webPlan } from '../support/web';
import type { BenchLine } from './machines';

const links = Array.from({ length: 30 }, (_, i) => `/${i}.png`);
const plan = webPlan({
  rttMs: 80, rate: 10e6, profile: 'browser', visits: ['https://www.lab.test/page'],
  site: { '/page': { bytes: 926, links }, ...Object.fromEntries(links.map((link) => [link, { bytes: 20480, type: 'image/png' }])) },
});
const run = () => simulate(plan, (id) => hostKind(id)!);

/** One line: milliseconds of a run. */
export function benchPage(runs = 60): BenchLine {
  for (let i = 0; i < 60; i++) run();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const begin = performance.now();
    run();
    times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(runs / 2)]!;
  return { name: 'page-30', value: median, unit: 'ms', runs, median, p95: times[Math.floor(runs * 0.95)]! };
}
/** Size of that run, to read the time by. */
export function pageSize(): { events: number; packets: number } {
  const trace = run();
  return { events: trace.time.length, packets: trace.pdus.length };
}
