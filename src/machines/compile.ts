/**
 * Compiles an XState machine to a table. Law: what is not supported is refused loudly, with the place and the
 * cure; a machine that compiles behaves as XState's pure `transition()` (held by a differential test).
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import type { Chart, ChartEdge, ChartState } from '../model/chart';
import type { Candidate, MachineTable, StepKind } from './table';

type Step = readonly [StepKind, number, unknown?];
interface RawAction {
  readonly type?: string;
  readonly params?: unknown;
  readonly event?: { type: string } | (() => unknown);
  readonly delay?: unknown;
  readonly id?: string;
  readonly sendId?: unknown;
}

/** Compiles; throws an Error that names machine, state, fault and cure. */
export function compile(machine: AnyStateMachine): MachineTable {
  return new Compiler(machine).table();
}

class Compiler {
  private readonly guards: string[] = [];
  private readonly assigns: string[] = [];
  private readonly effects: string[] = [];
  private readonly delays: { id: string; delay: string; event: string }[] = [];
  private readonly nodes: AnyStateNode[] = [];
  private readonly leaves: AnyStateNode[] = [];
  private readonly events: string[] = [];

  constructor(private readonly machine: AnyStateMachine) {
    this.walk(machine.root);
  }

  table(): MachineTable {
    const { machine } = this;
    for (const node of this.nodes) for (const type of node.transitions.keys()) if (type !== '*' && !this.events.includes(this.eventName(type))) this.events.push(this.eventName(type));
    const start = this.initialLeaf(machine.root);
    const initialSteps = this.path(machine.root, start).flatMap((node) => this.entry(node));
    const cells = this.leaves.map((leaf) => this.events.map((event) => this.candidates(leaf, event)));
    const chart: Chart = {
      id: machine.id,
      initial: this.key(start),
      leaves: this.leaves.map((leaf) => this.key(leaf)),
      events: this.events,
      states: this.nodes.filter((node) => node !== machine.root).map((node) => this.chartState(node)),
      edges: this.nodes.flatMap((node) => this.chartEdges(node)),
    };
    return {
      id: machine.id, chart, guards: this.guards, assigns: this.assigns, effects: this.effects, delays: this.delays,
      initial: this.leaves.indexOf(start), initialSteps, cells,
    };
  }

  private refuse(node: AnyStateNode, what: string, cure: string): never {
    throw new Error(`machine ${this.machine.id}, state ${this.key(node) || '(root)'}: ${what} is not supported; ${cure}`);
  }

  private walk(node: AnyStateNode): void {
    this.nodes.push(node);
    if (node.type === 'parallel') this.refuse(node, 'a parallel state', 'use two machines');
    if (node.type === 'history') this.refuse(node, 'a history state', 'name the target');
    if (node.invoke.length > 0) this.refuse(node, 'invoke', 'ask by a named effect and come back by an event');
    if (node.always && node.always.length > 0) this.refuse(node, 'an eventless transition', 'put its guard on the events that lead there');
    const children = Object.values(node.states) as AnyStateNode[];
    if (children.length === 0) this.leaves.push(node);
    for (const child of children) this.walk(child);
  }

  private key(node: AnyStateNode): string {
    return node.path.join('.');
  }
  private initialLeaf(node: AnyStateNode): AnyStateNode {
    let at = node;
    while (Object.keys(at.states).length > 0) {
      const [target] = (at as unknown as { initial: { target?: readonly AnyStateNode[]; actions: readonly unknown[] } }).initial.target ?? [];
      if (!target) this.refuse(at, 'a compound state without initial', 'say which child is entered first');
      at = target;
    }
    return at;
  }
  /** Nodes from below `top` down to `leaf`. */
  private path(top: AnyStateNode, leaf: AnyStateNode): AnyStateNode[] {
    const path: AnyStateNode[] = [];
    for (let at: AnyStateNode | undefined = leaf; at && at !== top; at = at.parent) path.unshift(at);
    return path;
  }
  /** Readable, stable name of a compiled delayed event. */
  private eventName(type: string): string {
    const after = /^xstate\.after\.(.+?)\.[^.]+(?:\..*)?$/.exec(type);
    return after ? `after.${after[1]}` : type;
  }

  private candidates(leaf: AnyStateNode, event: string): readonly Candidate[] | 0 {
    const found: Candidate[] = [];
    for (let node: AnyStateNode | undefined = leaf; node; node = node.parent) {
      for (const [type, transitions] of node.transitions) {
        if (type !== '*' && this.eventName(type) !== event) continue;
        for (const t of transitions) {
          const candidate = this.candidate(leaf, node, t as never);
          found.push(candidate);
          if (candidate.guard < 0) return found;
        }
      }
    }
    return found.length > 0 ? found : 0;
  }

  private candidate(leaf: AnyStateNode, source: AnyStateNode, t: { target?: readonly AnyStateNode[]; guard?: unknown; actions: readonly unknown[]; reenter?: boolean }): Candidate {
    const [guard, guardParams] = this.guardOf(source, t.guard);
    const actions = t.actions.map((a) => this.action(source, a));
    if (!t.target) return { guard, guardParams, target: -1, steps: actions };
    if (t.target.length > 1) this.refuse(source, 'a transition to several states', 'name one');
    const goal = t.target[0]!;
    const inside = (node: AnyStateNode, top: AnyStateNode): boolean => this.path(top, node)[0]?.parent === top || node === top;
    let domain: AnyStateNode = source;
    if (t.reenter || !(goal === source || inside(goal, source))) {
      domain = source.parent ?? this.machine.root;
      while (domain.parent && !inside(goal, domain)) domain = domain.parent;
      if (domain === goal && domain.parent) domain = domain.parent;
    }
    const target = this.initialLeaf(goal);
    const leaving = domain === leaf ? [] : this.path(domain, leaf);
    const entering = domain === leaf ? [] : this.path(domain, target);
    const exits = leaving.reverse().flatMap((node) => node.exit.map((a) => this.action(node, a)));
    return { guard, guardParams, target: this.leaves.indexOf(target), steps: [...exits, ...actions, ...entering.flatMap((node) => this.entry(node))] };
  }

  private entry(node: AnyStateNode): Step[] {
    const initial = (node as unknown as { initial?: { actions: readonly unknown[] } }).initial;
    if (initial && initial.actions.length > 0) this.refuse(node, 'an action on the initial transition', 'put it on the entry');
    return node.entry.map((a) => this.action(node, a));
  }

  private guardOf(node: AnyStateNode, guard: unknown): [number, unknown] {
    if (guard === undefined) return [-1, undefined];
    const name = typeof guard === 'string' ? guard : (guard as { type?: string }).type;
    if (typeof guard === 'function' || !name || name.startsWith('xstate.')) return this.refuse(node, 'an inline guard', 'name it in the rules');
    return [index(this.guards, name), typeof guard === 'string' ? undefined : (guard as { params?: unknown }).params];
  }

  private action(node: AnyStateNode, raw: unknown): Step {
    const action = raw as RawAction;
    const named = typeof raw === 'string' ? raw : typeof raw === 'function' && !action.type ? undefined : action.type;
    if (named === 'xstate.raise') {
      const event = typeof action.event === 'object' ? action.event.type : undefined;
      if (!event) return this.refuse(node, 'a raise with a computed event', 'raise a constant event');
      if (action.delay === undefined) return this.refuse(node, 'a raise without delay', 'make the transition itself');
      return ['arm', this.delayed(String(action.id ?? event), this.delayName(node, action.delay), this.eventName(event))];
    }
    if (named === 'xstate.cancel') {
      const at = this.delays.findIndex((d) => d.id === String(action.sendId));
      return ['cancel', at >= 0 ? at : this.delayed(String(action.sendId), '', this.eventName(String(action.sendId)))];
    }
    if (!named || named.startsWith('xstate.')) return this.refuse(node, `an inline or built-in action (${named ?? 'function'})`, 'name it in the rules or as an effect');
    const implementation = this.machine.implementations.actions[named] as { type?: string; assignment?: unknown } | undefined;
    if (implementation?.type === 'xstate.assign') {
      if (typeof implementation.assignment === 'function') return this.refuse(node, `whole-object assign "${named}"`, 'assign property by property');
      return ['assign', index(this.assigns, named)];
    }
    if (implementation?.type?.startsWith('xstate.')) return this.refuse(node, `built-in action "${named}"`, 'use effects');
    const params = typeof raw === 'object' ? action.params : undefined;
    return params === undefined ? ['effect', index(this.effects, named)] : ['effect', index(this.effects, named), params];
  }

  private delayName(node: AnyStateNode, delay: unknown): string {
    return typeof delay === 'string' || typeof delay === 'number' ? String(delay) : this.refuse(node, 'an inline delay', 'name it');
  }
  private delayed(id: string, delay: string, event: string): number {
    const at = this.delays.findIndex((d) => d.id === id);
    if (at < 0) return this.delays.push({ id, delay, event }) - 1;
    if (delay) this.delays[at] = { id, delay, event };
    return at;
  }

  private chartState(node: AnyStateNode): ChartState {
    const meta = (node.meta ?? {}) as { spec?: string; description?: string };
    const leaf = Object.keys(node.states).length === 0;
    const parent = node.parent && node.parent !== this.machine.root ? this.key(node.parent) : null;
    return {
      key: this.key(node), parent, initial: leaf ? null : this.key(this.initialLeaf(node)), leaf, final: node.type === 'final',
      spec: meta.spec ?? '', description: node.description ?? meta.description ?? '',
    };
  }
  private chartEdges(node: AnyStateNode): ChartEdge[] {
    return [...node.transitions].flatMap(([type, transitions]) =>
      transitions.map((t) => ({
        source: this.key(node), target: t.target?.[0] ? this.key(t.target[0]) : null, event: this.eventName(type),
        guard: typeof t.guard === 'string' ? t.guard : ((t.guard as { type?: string } | undefined)?.type ?? null),
        actions: (t.actions as readonly unknown[]).map((a) => (typeof a === 'string' ? a : ((a as RawAction).type ?? ''))),
      })),
    );
  }
}

function index(list: string[], name: string): number {
  const at = list.indexOf(name);
  return at >= 0 ? at : list.push(name) - 1;
}
