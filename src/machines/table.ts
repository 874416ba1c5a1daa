/**
 * Runs a compiled machine. Law: no XState here; a step allocates nothing. The table is plain JSON made by
 * `compile` from the XState definition; guards and assigns are the same plain functions that the definition uses.
 */
import type { Chart } from '../model/chart';
import { inPlace, known, linkGuards, type Assign, type Guard } from './link';

/** What a step does: run an assign, an effect, arm a delayed event, cancel one, raise an event at once. */
export type StepKind = 'assign' | 'effect' | 'arm' | 'cancel' | 'raise';
/** Kind, index (of assign, effect, delay or event) and constant params (of a raise: the event itself). */
export type Step = readonly [StepKind, number, unknown?];
/** One way an event may be handled in a leaf state; exits and entries are already among its steps. */
export interface Candidate {
  /** Index into `guards`, or -1. */
  readonly guard: number;
  readonly guardParams: unknown;
  /** Leaf index, or -1 for a transition without target. */
  readonly target: number;
  readonly steps: readonly Step[];
}
/** A guard made of others: `guards[guard]` is its name as shown, `of` its parts with their params. */
export interface CompositeGuard {
  readonly guard: number;
  readonly op: 'not' | 'and' | 'or';
  readonly of: readonly (readonly [number, unknown?])[];
}
/** A delayed event: XState's id of the timer, the name of its delay, and the name of the event that it brings. */
export interface Delay {
  readonly id: string;
  readonly delay: string;
  readonly event: string;
}
/** A compiled machine: everything the engine and the statechart view need, as plain data. */
export interface MachineTable {
  readonly id: string;
  readonly chart: Chart;
  readonly guards: readonly string[];
  readonly assigns: readonly string[];
  readonly effects: readonly string[];
  readonly delays: readonly Delay[];
  readonly initial: number;
  /** Steps taken when the machine starts. */
  readonly initialSteps: readonly Step[];
  /** `cells[state][event]`: candidates in order; 0 when the event is not handled. */
  readonly cells: readonly (readonly (readonly Candidate[] | 0)[])[];
  /** `always[state]`: eventless candidates; absent when the machine has none. */
  readonly always?: readonly (readonly Candidate[] | 0)[];
  readonly composites?: readonly CompositeGuard[];
}

/** Guards and assigns by name; the very functions that the XState definition is built from. They are pure. */
export interface Rules<C, E> {
  readonly guards: Readonly<Record<string, (context: C, event: E, params?: never) => boolean>>;
  /** Each property is computed from the old context, then all are written. */
  readonly assigns: Readonly<Record<string, { readonly [K in keyof C]?: (context: C, event: E, params?: never) => C[K] }>>;
}

/** Whoever owns an instance of a machine: told what to do, in order. */
export interface MachineHost<E> {
  effect(effect: number, event: E, params: unknown): void;
  /** Brings `delays[index].event` after the named delay; armed anew if it is armed already. */
  armDelay(index: number): void;
  cancelDelay(index: number): void;
  moved(from: number, to: number): void;
  /** Nothing handled the event (-1: the machine knows no event of that name); nothing changed. */
  ignored(state: number, event: number): void;
}

/** Microsteps (eventless transitions, raised events) that one event may cause before it is an error. */
export const MICROSTEPS_MAX = 1000;

const ASSIGN = 0, EFFECT = 1, ARM = 2, CANCEL = 3, RAISE = 4;
const STEP_CODES: Readonly<Record<StepKind, number>> = { assign: ASSIGN, effect: EFFECT, arm: ARM, cancel: CANCEL, raise: RAISE };

/** A table joined with its rules. Make one per machine, not per instance. */
export class Machine<C, E> {
  readonly initial: number;
  private readonly eventCount: number;
  /** Cell → its candidates `first … last`; -1 when there are none. The cells of `always` follow those of the events. */
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  private readonly alwaysAt: number;
  /** The pseudo-candidate that starts the machine. */
  private readonly starter: number;
  private readonly guard: number[] = [];
  private readonly guardParams: unknown[] = [];
  private readonly target: number[] = [];
  /** Steps of a candidate: assigns in `stepFrom … doFrom`, the rest in `doFrom … stepTo`. */
  private readonly stepFrom: number[] = [];
  private readonly doFrom: number[] = [];
  private readonly stepTo: number[] = [];
  private readonly raises: boolean[] = [];
  private readonly stepKind: number[] = [];
  private readonly stepIndex: number[] = [];
  private readonly stepParams: unknown[] = [];
  private readonly guards: Guard<C, E>[];
  private readonly assigns: Assign<C, E>[];
  private readonly events = new Map<string, number>();
  /** Leaf states in which the whole machine is over. */
  private readonly over: boolean[];
  /** Microsteps under way: candidate, state before, event; their payloads; steps that raised an event. Emptied by whoever filled it. */
  private readonly taken: number[] = [];
  private readonly payloads: E[] = [];
  private readonly raised: number[] = [];

  constructor(readonly table: MachineTable, rules: Rules<C, E>) {
    this.initial = table.initial;
    this.eventCount = table.chart.events.length;
    table.chart.events.forEach((name, i) => this.events.set(name, i));
    this.guards = linkGuards(table, rules);
    this.assigns = table.assigns.map((name) => inPlace(known(rules.assigns, table.id, 'assign', name)));
    const ends = new Set(table.chart.states.filter((state) => state.final && state.parent === null).map((state) => state.key));
    this.over = table.chart.leaves.map((key) => ends.has(key));
    const rows = [...table.cells.flat(), ...(table.always ?? table.cells.map((): 0 => 0))];
    this.alwaysAt = table.cells.length * this.eventCount;
    this.first = new Int32Array(rows.length).fill(-1);
    this.last = new Int32Array(rows.length);
    rows.forEach((candidates, cell) => {
      if (!candidates) return;
      this.first[cell] = this.guard.length;
      for (const c of candidates) this.add(c);
      this.last[cell] = this.guard.length;
    });
    this.starter = this.add({ guard: -1, guardParams: undefined, target: table.initial, steps: table.initialSteps });
  }

  /** Index of an event by name; of the wildcard for names not listed; -1 when the machine knows no such event. */
  event(name: string): number {
    return this.events.get(name) ?? this.events.get('*') ?? -1;
  }
  /** Index of a leaf state by key; -1 when there is none. */
  state(key: string): number {
    return this.table.chart.leaves.indexOf(key);
  }

  /** Puts the instance into the initial state; `host` is told the steps that belong to the start. */
  start(instance: { state: number }, context: C, host: MachineHost<E>, payload: E): void {
    instance.state = -1;
    this.take(this.starter, instance, context, payload, host);
  }

  /**
   * Handles one event. Assigns run first, then the instance is in its new state, then effects run in order, so
   * that an effect may send the next event. With eventless transitions or raised events all of them settle first.
   * Returns false when nothing handled it (told to `host.ignored`).
   */
  step(instance: { state: number }, context: C, event: number, payload: E, host: MachineHost<E>): boolean {
    const from = instance.state;
    const c = event < 0 ? -1 : this.choose(from * this.eventCount + event, context, payload);
    if (c < 0) {
      if (this.first[this.alwaysAt + from]! >= 0) return this.settle(-1, event, instance, context, payload, host);
      host.ignored(from, event);
      return false;
    }
    return this.take(c, instance, context, payload, host, event);
  }

  /** The first candidate of a cell whose guard agrees; -1 for none. */
  private choose(cell: number, context: C, payload: E): number {
    const begin = this.first[cell]!;
    if (begin < 0) return -1;
    const end = this.last[cell]!;
    for (let c = begin; c < end; c++) {
      const g = this.guard[c]!;
      if (g < 0 || this.guards[g]!(context, payload, this.guardParams[c] as never)) return c;
    }
    return -1;
  }

  private take(c: number, instance: { state: number }, context: C, payload: E, host: MachineHost<E>, event = -1): boolean {
    const from = instance.state;
    const to = this.target[c]!;
    if (this.raises[c]! || this.first[this.alwaysAt + (to < 0 ? from : to)]! >= 0) return this.settle(c, event, instance, context, payload, host);
    this.write(c, instance, context, payload);
    this.perform(c, from, payload, host);
    return true;
  }
  /** The silent half of a microstep: assigns and the new state. */
  private write(c: number, instance: { state: number }, context: C, payload: E): void {
    for (let i = this.stepFrom[c]!, end = this.doFrom[c]!; i < end; i++) this.assigns[this.stepIndex[i]!]!(context, payload, this.stepParams[i] as never);
    const to = this.target[c]!;
    if (to >= 0) instance.state = to;
  }
  /** The told half: the move, then effects and timers in order. */
  private perform(c: number, from: number, payload: E, host: MachineHost<E>): void {
    const to = this.target[c]!;
    if (to >= 0 && to !== from) host.moved(from, to);
    for (let i = this.doFrom[c]!, end = this.stepTo[c]!; i < end; i++) {
      const kind = this.stepKind[i]!;
      if (kind === EFFECT) host.effect(this.stepIndex[i]!, payload, this.stepParams[i]);
      else if (kind === ARM) host.armDelay(this.stepIndex[i]!);
      else if (kind === CANCEL) host.cancelDelay(this.stepIndex[i]!);
    }
  }

  /**
   * The slow way: XState's macrostep. Eventless transitions go first, then raised events in order, until none is
   * left; then the host is told everything. Only this last phase may be entered anew (by an effect that sends an event).
   */
  private settle(first: number, event: number, instance: { state: number }, context: C, payload: E, host: MachineHost<E>): boolean {
    const { taken, payloads, raised } = this;
    const base = payloads.length;
    const began = instance.state;
    raised.length = 0;
    try {
      if (first >= 0) this.microstep(first, event, instance, context, payload);
      let cause = payload;
      let head = 0;
      let look = true;
      for (let n = 0; ; n++) {
        if (n === MICROSTEPS_MAX) throw new Error(`machine ${this.table.id}, state ${this.table.chart.leaves[instance.state]}: more than ${MICROSTEPS_MAX} microsteps after one event; let a guard of its eventless transitions or raises turn false`);
        const from = instance.state;
        const c: number = look ? this.choose(this.alwaysAt + from, context, cause) : -1;
        if (c >= 0) {
          this.microstep(c, -1, instance, context, cause);
          look = instance.state !== from || this.doFrom[c]! > this.stepFrom[c]!; // as XState: not again when nothing changed
        } else if (head < raised.length && !this.over[from]!) {
          const raise = raised[head++]!;
          cause = this.stepParams[raise] as E;
          const column = this.stepIndex[raise]!;
          this.microstep(this.choose(from * this.eventCount + column, context, cause), column, instance, context, cause);
          look = true;
        } else break;
      }
      const end = payloads.length;
      if (end === base) host.ignored(began, event);
      for (let i = base; i < end; i++) {
        const c = taken[i * 3]!, from = taken[i * 3 + 1]!;
        if (c >= 0) this.perform(c, from, payloads[i]!, host);
        else host.ignored(from, taken[i * 3 + 2]!);
      }
      return end > base;
    } finally {
      payloads.length = base;
      taken.length = base * 3;
    }
  }
  /** Writes one microstep, keeps it for the telling, queues what it raises. */
  private microstep(c: number, event: number, instance: { state: number }, context: C, payload: E): void {
    this.taken.push(c, instance.state, event);
    this.payloads.push(payload);
    if (c < 0) return;
    this.write(c, instance, context, payload);
    for (let i = this.doFrom[c]!, end = this.stepTo[c]!; i < end; i++) if (this.stepKind[i] === RAISE) this.raised.push(i);
  }

  private add(c: Candidate): number {
    const at = this.guard.push(c.guard) - 1;
    this.guardParams.push(c.guardParams);
    this.target.push(c.target);
    this.raises.push(c.steps.some(([kind]) => kind === 'raise'));
    const assigns = c.steps.filter(([kind]) => kind === 'assign');
    this.stepFrom.push(this.stepKind.length);
    this.doFrom.push(this.stepKind.length + assigns.length);
    for (const [kind, index, params] of [...assigns, ...c.steps.filter(([kind]) => kind !== 'assign')]) {
      this.stepKind.push(STEP_CODES[kind]);
      this.stepIndex.push(index);
      this.stepParams.push(params);
    }
    this.stepTo.push(this.stepKind.length);
    return at;
  }
}

/** Effects by number from effects by name: bind once per class, call by index. */
export function bindEffects<S, E>(
  table: MachineTable,
  effects: Readonly<Record<string, (self: S, event: E, params: unknown) => void>>,
): ((self: S, event: E, params: unknown) => void)[] {
  return table.effects.map((name) => known(effects, table.id, 'effect', name));
}
