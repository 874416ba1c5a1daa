/**
 * Runs a compiled machine. Law: no XState here; a step allocates nothing. The table is plain JSON made by
 * `compile` from the XState definition; guards and assigns are the same plain functions that the definition uses.
 */
import type { Chart } from '../model/chart';

/** What a step does, in order: run an assign, an effect, arm a delayed event, cancel one. */
export type StepKind = 'assign' | 'effect' | 'arm' | 'cancel';
export interface Candidate {
  /** Index into `guards`, or -1. */
  readonly guard: number;
  readonly guardParams: unknown;
  /** Leaf index, or -1 for a transition without target. */
  readonly target: number;
  /** True when the state configuration is left and entered again (or changed). */
  readonly steps: readonly (readonly [StepKind, number, unknown?])[];
}
/** A compiled machine: everything the engine and the statechart view need, as plain data. */
export interface MachineTable {
  readonly id: string;
  readonly chart: Chart;
  readonly guards: readonly string[];
  readonly assigns: readonly string[];
  readonly effects: readonly string[];
  /** Delayed events: name of the delay and the event that it brings. */
  readonly delays: readonly { readonly id: string; readonly delay: string; readonly event: string }[];
  readonly initial: number;
  /** Steps taken when the machine starts. */
  readonly initialSteps: Candidate['steps'];
  /** `cells[state][event]`: candidates in order; absent when the event is not handled. */
  readonly cells: readonly (readonly (readonly Candidate[] | 0)[])[];
}

/** Guards and assigns by name; the very functions that the XState definition is built from. */
export interface Rules<C, E> {
  readonly guards: Readonly<Record<string, (context: C, event: E, params?: never) => boolean>>;
  /** Each property is computed from the old context, then all are written. */
  readonly assigns: Readonly<Record<string, { readonly [K in keyof C]?: (context: C, event: E) => C[K] }>>;
}

/** Whoever owns an instance of a machine: told what to do, in order. */
export interface MachineHost<E> {
  effect(effect: number, event: E, params: unknown): void;
  /** Brings `delays[index].event` after the named delay. */
  armDelay(index: number): void;
  cancelDelay(index: number): void;
  moved(from: number, to: number): void;
  ignored(state: number, event: number): void;
}

const ASSIGN = 0, EFFECT = 1, ARM = 2, CANCEL = 3;
const STEP_CODES: Readonly<Record<StepKind, number>> = { assign: ASSIGN, effect: EFFECT, arm: ARM, cancel: CANCEL };

type Assign<C, E> = (context: C, event: E) => void;

/** A table joined with its rules. Make one per machine, not per instance. */
export class Machine<C, E> {
  readonly initial: number;
  private readonly eventCount: number;
  /** Cell → first candidate (or -1); candidates lie one after another until `last`. */
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  private readonly guard: Int32Array;
  private readonly target: Int32Array;
  private readonly stepFrom: Int32Array;
  private readonly stepTo: Int32Array;
  private readonly stepKind: Uint8Array;
  private readonly stepIndex: Int32Array;
  private readonly stepParams: unknown[] = [];
  private readonly guardParams: unknown[] = [];
  private readonly guards: ((context: C, event: E, params?: never) => boolean)[];
  private readonly assigns: Assign<C, E>[];
  private readonly events = new Map<string, number>();

  constructor(readonly table: MachineTable, rules: Rules<C, E>) {
    this.initial = table.initial;
    this.eventCount = table.chart.events.length;
    table.chart.events.forEach((name, i) => this.events.set(name, i));
    this.guards = table.guards.map((name) => known(rules.guards[name], table.id, 'guard', name));
    this.assigns = table.assigns.map((name) => inPlace(known(rules.assigns[name], table.id, 'assign', name)));
    const cells = table.cells.length * this.eventCount;
    this.first = new Int32Array(cells).fill(-1);
    this.last = new Int32Array(cells);
    const guard: number[] = [], target: number[] = [], from: number[] = [], to: number[] = [], kinds: number[] = [], indices: number[] = [];
    table.cells.forEach((row, state) =>
      row.forEach((candidates, event) => {
        if (!candidates) return;
        this.first[state * this.eventCount + event] = guard.length;
        for (const c of candidates) {
          guard.push(c.guard);
          this.guardParams.push(c.guardParams);
          target.push(c.target);
          from.push(kinds.length);
          for (const [kind, index, params] of c.steps) {
            kinds.push(STEP_CODES[kind]);
            indices.push(index);
            this.stepParams.push(params);
          }
          to.push(kinds.length);
        }
        this.last[state * this.eventCount + event] = guard.length;
      }),
    );
    this.guard = Int32Array.from(guard);
    this.target = Int32Array.from(target);
    this.stepFrom = Int32Array.from(from);
    this.stepTo = Int32Array.from(to);
    this.stepKind = Uint8Array.from(kinds);
    this.stepIndex = Int32Array.from(indices);
  }

  /** Index of an event by name; -1 when the machine knows no such event. */
  event(name: string): number {
    return this.events.get(name) ?? -1;
  }
  /** Index of a leaf state by key. */
  state(key: string): number {
    return this.table.chart.leaves.indexOf(key);
  }

  /** Steps that belong to the start, given to `host`. */
  start(instance: { state: number }, context: C, host: MachineHost<E>, payload: E): void {
    instance.state = this.initial;
    host.moved(-1, this.initial);
    for (const [kind, index, params] of this.table.initialSteps) this.perform(STEP_CODES[kind], index, params, context, host, payload);
  }

  /**
   * Handles one event. Assigns run first, then the instance is in its new state, then effects run in order, so
   * that an effect may send the next event. Returns false when nothing handled it (told to `host.ignored`).
   */
  step(instance: { state: number }, context: C, event: number, payload: E, host: MachineHost<E>): boolean {
    const from = instance.state;
    const cell = from * this.eventCount + event;
    let c = event < 0 ? -1 : this.first[cell]!;
    if (c >= 0) {
      const end = this.last[cell]!;
      for (; c < end; c++) {
        const g = this.guard[c]!;
        if (g < 0 || this.guards[g]!(context, payload, this.guardParams[c] as never)) break;
      }
      if (c === end) c = -1;
    }
    if (c < 0) {
      host.ignored(from, event);
      return false;
    }
    const begin = this.stepFrom[c]!, stop = this.stepTo[c]!;
    for (let i = begin; i < stop; i++) if (this.stepKind[i] === ASSIGN) this.assigns[this.stepIndex[i]!]!(context, payload);
    const to = this.target[c]!;
    if (to >= 0 && to !== from) {
      instance.state = to;
      host.moved(from, to);
    }
    for (let i = begin; i < stop; i++) {
      const kind = this.stepKind[i]!;
      if (kind === EFFECT) host.effect(this.stepIndex[i]!, payload, this.stepParams[i]);
      else if (kind === ARM) host.armDelay(this.stepIndex[i]!);
      else if (kind === CANCEL) host.cancelDelay(this.stepIndex[i]!);
    }
    return true;
  }

  private perform(kind: number, index: number, params: unknown, context: C, host: MachineHost<E>, payload: E): void {
    if (kind === ASSIGN) this.assigns[index]!(context, payload);
    else if (kind === EFFECT) host.effect(index, payload, params);
    else if (kind === ARM) host.armDelay(index);
    else host.cancelDelay(index);
  }
}

/** Effects by number from effects by name: bind once per class, call by index. */
export function bindEffects<S, E>(
  table: MachineTable,
  effects: Readonly<Record<string, (self: S, event: E, params: unknown) => void>>,
): ((self: S, event: E, params: unknown) => void)[] {
  return table.effects.map((name) => known(effects[name], table.id, 'effect', name));
}

function known<T>(thing: T | undefined, machine: string, what: string, name: string): T {
  if (thing === undefined) throw new Error(`machine ${machine}: ${what} "${name}" has no implementation; add it to the rules`);
  return thing;
}

function inPlace<C, E>(properties: { readonly [K in keyof C]?: (context: C, event: E) => C[K] }): Assign<C, E> {
  const entries = Object.entries(properties) as [keyof C, (context: C, event: E) => C[keyof C]][];
  if (entries.length === 1) {
    const [key, compute] = entries[0]!;
    return (context, event) => {
      context[key] = compute(context, event);
    };
  }
  const values: C[keyof C][] = [];
  return (context, event) => {
    for (let i = 0; i < entries.length; i++) values[i] = entries[i]![1](context, event);
    for (let i = 0; i < entries.length; i++) context[entries[i]![0]] = values[i]!;
  };
}
