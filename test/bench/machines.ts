/**
 * How long a step takes: the compiled table against a live XState actor on the same machine with plain named actions,
 * measured in turns within one run. Goal: at least 30 times faster.
 */
import { createActor, setup } from 'xstate';
import { compile } from '../../src/machines/compile';
import { xstateActions, xstateGuards } from '../../src/machines/define';
import { bindEffects, Machine, type MachineHost, type Rules } from '../../src/machines/table';

export interface BenchLine {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly ratio?: number;
  readonly against?: string;
  readonly runs: number;
  readonly median: number;
  readonly p95: number;
}
interface Context {
  count: number;
}
interface Tick {
  readonly type: string;
}
const rules: Rules<Context, Tick> = { guards: { small: (context) => context.count < 1e9 }, assigns: { count: { count: (context) => context.count + 1 } } };
const definition = setup({
  types: { context: {} as Context, events: {} as Tick }, guards: xstateGuards(rules), actions: xstateActions(rules, ['send', 'note']),
}).createMachine({
  id: 'bench', context: { count: 0 }, initial: 'A',
  states: {
    A: { on: { GO: { target: 'B' } } },
    B: { on: { GO: { guard: 'small', target: 'C', actions: 'count' } } },
    C: { on: { GO: { target: 'A', actions: ['send', 'note'] } } },
  },
});
const table = compile(definition);
const machine = new Machine<Context, Tick>(table, rules);
const GO: Tick = { type: 'GO' };

class Host implements MachineHost<Tick> {
  readonly instance = { state: 0 };
  readonly context: Context = { count: 0 };
  done = 0;
  static readonly EFFECTS = bindEffects<Host, Tick>(table, { send: (h) => void h.done++, note: (h) => void h.done++ });
  effect(effect: number, event: Tick, params: unknown): void {
    Host.EFFECTS[effect]!(this, event, params);
  }
  armDelay(): void {}
  cancelDelay(): void {}
  moved(): void {}
  ignored(): void {}
}

/** Microseconds of one step in `steps` steps. */
function timed(steps: number, body: (steps: number) => void): number {
  const begin = performance.now();
  body(steps);
  return ((performance.now() - begin) * 1000) / steps;
}
const at = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;

/** One line: microseconds of a compiled step, and how many of them an `actor.send` takes. */
export function benchMachines(runs = 15): BenchLine {
  const host = new Host();
  const go = machine.event('GO');
  const actor = createActor(definition).start();
  const ours = (steps: number): void => {
    for (let i = 0; i < steps; i++) machine.step(host.instance, host.context, go, GO, host);
  };
  const theirs = (steps: number): void => {
    for (let i = 0; i < steps; i++) actor.send(GO);
  };
  ours(300_000);
  theirs(5000);
  const compiled: number[] = [], live: number[] = [];
  for (let run = 0; run < runs; run++) {
    compiled.push(timed(300_000, ours));
    live.push(timed(3000, theirs));
  }
  actor.stop();
  compiled.sort((a, b) => a - b);
  live.sort((a, b) => a - b);
  const median = at(compiled, 0.5);
  return { name: 'machine-step', value: median, unit: 'µs', ratio: at(live, 0.5) / median, against: 'XState actor.send', runs, median, p95: at(compiled, 0.95) };
}
