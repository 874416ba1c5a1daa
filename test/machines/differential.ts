/**
 * Holds a compiled table and XState's pure `transition()` side by side: the same random events, and after each the
 * same state, the same context, the same effects, timers and cancellations in the same order.
 */
import { isDeepStrictEqual } from 'node:util';
import { initialTransition, transition, type AnyMachineSnapshot, type AnyStateMachine, type AnyStateNode } from 'xstate';
import { sequence } from '../../src/base/random';
import { compile } from '../../src/machines/compile';
import { Machine, type MachineHost, type MachineTable, type Rules } from '../../src/machines/table';

interface AnyEvent {
  readonly type: string;
}
/** Events to draw from: a list, or a function of a random number in [0, 1). */
export type ExampleEvents = readonly AnyEvent[] | ((random: () => number) => AnyEvent);
type Context = Record<string, unknown>;

/** The rules inside an XState machine, so that any machine can be linked without its `rules.ts`. */
export function rulesOf(machine: AnyStateMachine): Rules<Context, AnyEvent> {
  const guards: Record<string, (context: Context, event: AnyEvent, params?: never) => boolean> = {};
  const assigns: Record<string, Record<string, (context: Context, event: AnyEvent, params?: never) => unknown>> = {};
  for (const [name, guard] of Object.entries(machine.implementations.guards)) {
    guards[name] = (context, event, params) => (guard as (a: unknown, p: unknown) => boolean)({ context, event }, params);
  }
  for (const [name, action] of Object.entries(machine.implementations.actions)) {
    const { assignment } = action as unknown as { assignment?: Record<string, unknown> };
    if (!assignment) continue;
    assigns[name] = Object.fromEntries(
      Object.entries(assignment).map(([key, compute]) => [
        key,
        (context: Context, event: AnyEvent, params?: never) => (typeof compute === 'function' ? compute({ context, event }, params) : compute) as unknown,
      ]),
    );
  }
  return { guards, assigns };
}

/** `PARENT.LEAF` of a state value. */
export function leafKey(value: unknown): string {
  if (typeof value === 'string') return value;
  const [key, inner] = Object.entries(value as Record<string, unknown>)[0] ?? [''];
  return inner === undefined ? key : `${key}.${leafKey(inner)}`;
}

/** What XState's `transition()` asks for, as lines; raises without delay are handled inside it already. */
export function saidByXState(actions: readonly { readonly type: string; readonly params?: unknown }[]): string[] {
  return actions.flatMap(({ type, params }) => {
    const p = params as { id?: string; delay?: number; event?: AnyEvent; sendId?: string } | undefined;
    if (type === 'xstate.raise') return p?.delay === undefined ? [] : [`arm ${p.id}`];
    if (type === 'xstate.cancel') return [`cancel ${p?.sendId}`];
    return [params === undefined ? type : `${type} ${JSON.stringify(params)}`];
  });
}

/** A host that writes down what it is told, in the same lines. */
export class Notebook implements MachineHost<AnyEvent> {
  said: string[] = [];
  moves: string[] = [];
  ignoredCount = 0;
  constructor(private readonly table: MachineTable) {}
  effect(effect: number, _event: AnyEvent, params: unknown): void {
    this.said.push(params === undefined ? this.table.effects[effect]! : `${this.table.effects[effect]} ${JSON.stringify(params)}`);
  }
  armDelay(index: number): void {
    this.said.push(`arm ${this.table.delays[index]!.id}`);
  }
  cancelDelay(index: number): void {
    this.said.push(`cancel ${this.table.delays[index]!.id}`);
  }
  moved(from: number, to: number): void {
    this.moves.push(`${from < 0 ? '' : this.table.chart.leaves[from]} → ${this.table.chart.leaves[to]}`);
  }
  ignored(): void {
    this.ignoredCount++;
  }
}

export interface Agreement {
  readonly events: number;
  readonly handled: number;
  readonly restarts: number;
  /** Leaf states and (state, event) pairs that were reached, to see that the walk is worth something. */
  readonly states: number;
  readonly pairs: number;
}
const nodesOf = (snapshot: AnyMachineSnapshot): readonly AnyStateNode[] => (snapshot as unknown as { _nodes: readonly AnyStateNode[] })._nodes;

/** The context before the start's own assigns. */
function initialContext(machine: AnyStateMachine): Context {
  const { context } = machine.config as { context?: unknown };
  return structuredClone((typeof context === 'function' ? context({}) : (context ?? {})) as Context);
}

/**
 * Drives both with `n` events drawn with `seed`, timers among them. Starts anew when the machine is over, and now
 * and then, so that every state is visited often. Throws at the first difference with the way that led there.
 */
export function differential(machine: AnyStateMachine, events: ExampleEvents, n = 100_000, seed = 1, table = compile(machine)): Agreement {
  const random = sequence(seed);
  const linked = new Machine<Context, AnyEvent>(table, rulesOf(machine));
  const delayed = table.delays.map(({ id, event }): { name: string; event: AnyEvent } => ({ name: event, event: { type: id.startsWith('xstate.after.') ? id : event } }));
  const reached = new Set<number>(), pairs = new Set<number>();
  const host = new Notebook(table);
  const instance = { state: 0 };
  let way: string[] = [], context: Context = {}, snapshot = {} as AnyMachineSnapshot;
  let handled = 0, restarts = 0;

  const compare = (actions: Parameters<typeof saidByXState>[0]): void => {
    const fail = (what: string, xstate: unknown, ours: unknown): never => {
      throw new Error(`machine ${machine.id}: ${what} differs after ${way.slice(-12).join(' ')}\n  XState ${JSON.stringify(xstate)}\n  table  ${JSON.stringify(ours)}`);
    };
    const key = leafKey(snapshot.value), ours = table.chart.leaves[instance.state];
    if (key !== ours) fail('the state', key, ours);
    if (!isDeepStrictEqual(snapshot.context, context)) fail('the context', snapshot.context, context);
    const said = saidByXState(actions);
    if (!isDeepStrictEqual(said, host.said)) fail('what is said', said, host.said);
    reached.add(instance.state);
  };
  const restart = (): void => {
    const [first, actions] = initialTransition(machine, undefined as never) as [AnyMachineSnapshot, Parameters<typeof saidByXState>[0]];
    snapshot = first;
    context = initialContext(machine);
    host.said = [];
    linked.start(instance, context, host, { type: 'xstate.init' });
    way = ['(start)'];
    restarts++;
    compare(actions);
  };

  restart();
  for (let i = 0; i < n; i++) {
    if (snapshot.status === 'done' || random() < 0.01) restart();
    if (snapshot.status === 'done') continue;
    const timer = delayed.length > 0 && random() < 0.2 ? delayed[Math.floor(random() * delayed.length)]! : null;
    const event = timer ? timer.event : typeof events === 'function' ? events(random) : events[Math.floor(random() * events.length)]!;
    const column = linked.event(timer ? timer.name : event.type);
    // A timer of a state that was left is cancelled; only live ones may fire.
    if (timer?.event.type.startsWith('xstate.after.') && !nodesOf(snapshot).some((node) => node.transitions.has(event.type))) continue;
    way.push(event.type);
    host.said = [];
    pairs.add(instance.state * 1000 + column);
    const [next, actions] = transition(machine, snapshot, event as never) as [AnyMachineSnapshot, Parameters<typeof saidByXState>[0]];
    if (linked.step(instance, context, column, event, host)) handled++;
    snapshot = next;
    compare(actions);
  }
  return { events: n, handled, restarts, states: reached.size, pairs: pairs.size };
}
