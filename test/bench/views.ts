/** What a view asks of a run: the index of a trace, the layout of its first window, and a jump to any moment. Measured on `first-visit`, warm. */
import scenario from '../../scenarios/first-visit.json';
import { captionAt } from '../../src/explain';
import { loadHosts } from '../../src/hosts/registry';
import { checkScenario } from '../../src/scenario/parse';
import { runScenario } from '../../src/scenario/run';
import { inFlightAt, indexTrace, requestsAt, stateAt, timersAt, timeWindows } from '../../src/trace';
import { layoutDiagram, roomFor } from '../../src/views/spacetime/layout';
import type { BenchLine } from './machines';

await loadHosts();
const checked = checkScenario(scenario);
const runs = checked.ok ? runScenario(checked.value) : checked;
if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
const { trace } = runs.value[0]!;

/** Milliseconds of `body`, each of `count` times after as many to warm up; `body` gets the number of the turn. */
function line(name: string, count: number, body: (turn: number) => void): BenchLine {
  for (let i = 0; i < count; i++) body(i);
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const begin = performance.now();
    body(i);
    times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  const median = times[count >> 1]!;
  return { name, value: median, unit: 'ms', runs: count, median, p95: times[Math.floor(count * 0.95)]! };
}
/** A fresh index: what each new run costs before it is shown. */
export const benchIndex = (): BenchLine => line('index', 200, () => void indexTrace(trace));

/** The whole stage of the first window at 1,200 by 800 px, bent time, from an index that is there. */
export function benchLayout(): BenchLine {
  const index = indexTrace(trace);
  const window = timeWindows(index)[0]!;
  const size = { along: 800, across: 1200, type: 13, ...roomFor(1200, 13) };
  const connection = trace.flows.findIndex((f) => f.protocol === 'tcp');
  return line('layout', 200, () => void layoutDiagram(index, window, true, size, connection));
}
/** A jump of the playhead: states, timers, packets in flight, requests and the caption at a moment; moments spread over the first window. */
export function benchSeek(): BenchLine {
  const index = indexTrace(trace);
  const { start, end } = timeWindows(index)[0]!;
  return line('seek', 1000, (turn) => {
    const t = start + Math.floor(((end - start) * ((turn * 619) % 1000)) / 1000);
    for (const e of trace.endpoints) stateAt(index, e.id, t);
    inFlightAt(index, t);
    timersAt(index, t);
    requestsAt(index, t);
    captionAt(index, t);
  });
}
