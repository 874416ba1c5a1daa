/**
 * Compiles an XState machine to a table. Law: what is not supported is refused loudly, with the place and the
 * cure; a machine that compiles behaves as XState's pure `transition()` (held by a differential test).
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import type { Chart, ChartEdge, ChartState } from '../model/chart';
import type { Candidate, MachineTable, Step } from './table';
import { Vocabulary } from './vocabulary';

/** What is read of XState's transition definitions. */
interface Transition {
  readonly target?: readonly AnyStateNode[] | undefined;
  readonly guard?: unknown;
  readonly actions: readonly unknown[];
  readonly reenter?: boolean;
}
interface Initial {
  readonly target?: readonly AnyStateNode[];
  readonly actions: readonly unknown[];
}
const WILDCARD = '*';

/** Compiles; throws an Error that names machine, state, fault and cure. */
export function compile(machine: AnyStateMachine): MachineTable {
  return new Compiler(machine).table();
}

class Compiler {
  private readonly nodes: AnyStateNode[] = [];
  private readonly leaves: AnyStateNode[] = [];
  private readonly events: string[] = [];
  /** XState's names of timer and completion events → readable names. */
  private readonly readable = new Map<string, string>();
  private readonly names: Vocabulary;

  constructor(private readonly machine: AnyStateMachine) {
    this.names = new Vocabulary(machine, (type) => this.eventName(type), (name) => this.eventIndex(name));
    this.walk(machine.root);
  }

  table(): MachineTable {
    const { machine, names } = this;
    for (const node of this.nodes) for (const type of node.transitions.keys()) if (type !== WILDCARD && !this.events.includes(this.eventName(type))) this.events.push(this.eventName(type));
    if (this.nodes.some((node) => node.transitions.has(WILDCARD))) this.events.push(WILDCARD);
    const start = this.initialLeaf(machine.root);
    const initialSteps = [...this.entry(machine.root), ...this.path(machine.root, start).flatMap((node) => this.entry(node)), ...this.ending(start)];
    const cells = this.leaves.map((leaf) => this.events.map((event) => this.candidates(leaf, (node) => this.matching(node, event))));
    const always = this.leaves.map((leaf) => this.candidates(leaf, (node) => node.always ?? []));
    for (const node of this.nodes) for (const action of [...node.entry, ...node.exit]) names.action(node, action); // refuses also where nothing leads
    const chart: Chart = {
      id: machine.id,
      initial: this.key(start),
      leaves: this.leaves.map((leaf) => this.key(leaf)),
      events: this.events,
      states: this.nodes.filter((node) => node !== machine.root).map((node) => this.chartState(node)),
      edges: this.nodes.flatMap((node) => this.chartEdges(node)),
    };
    names.finish();
    return {
      id: machine.id, chart, guards: names.guards, assigns: names.assigns, effects: names.effects, delays: names.delays,
      initial: this.leaves.indexOf(start), initialSteps, cells,
      ...(always.some((candidates) => candidates) ? { always } : {}), ...(names.composites.length > 0 ? { composites: names.composites } : {}),
    };
  }

  private walk(node: AnyStateNode): void {
    const refuse = (what: string, cure: string): never => this.names.refuse(node, what, cure);
    const root = !node.parent;
    this.nodes.push(node);
    if (node.type === 'parallel') refuse('a parallel state', 'use two machines');
    if (node.type === 'history') refuse('a history state', 'name the target');
    if (node.invoke.length > 0) refuse('invoke', 'ask by a named effect and come back by an event');
    if (node.output !== undefined || node.config.output !== undefined) refuse('an output', 'read the context');
    if (root && node.config.onDone) refuse('onDone of the whole machine', 'tell its end by an effect on entry of the final state');
    for (const type of Object.keys(node.config.on ?? {})) {
      if (type !== WILDCARD && type.includes('*')) refuse(`the partial wildcard "${type}"`, 'name the events');
      if (/^(xstate|after|done)\./.test(type)) refuse(`an event named "${type}"`, 'this prefix is kept for timers and completion; use after, onDone or another name');
    }
    for (const { eventType, delay } of node.after as unknown as readonly { eventType: string; delay: string | number }[]) {
      if (typeof delay === 'number') refuse(`an inline delay (${delay})`, 'name it in setup({ delays })');
      const name = `after.${delay}`;
      for (let at = node.parent; at; at = at.parent) {
        if ((at.after as unknown as readonly { delay: unknown }[]).some((a) => a.delay === delay)) refuse(`delay "${delay}" in a state and in a state around it`, 'give the second delay a name of its own');
      }
      this.readable.set(eventType, name);
    }
    this.readable.set(`xstate.done.state.${node.id}`, `done.${this.key(node)}`);
    for (const t of node.always ?? []) {
      if (!t.target && !t.guard) refuse('an eventless transition without target and guard', 'it would run for ever: put its actions on the entry');
    }
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
      const [target] = (at as unknown as { initial: Initial }).initial.target ?? [];
      if (!target) this.names.refuse(at, 'a compound state without initial', 'say which child is entered first');
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
  /** Readable, stable name of an event; timers are `after.<delay>`, completion is `done.<state>`. */
  private eventName(type: string): string {
    return this.readable.get(type) ?? type;
  }
  private eventIndex(name: string): number {
    const at = this.events.indexOf(name);
    return at >= 0 ? at : this.events.indexOf(WILDCARD);
  }
  /** The machine is over in a final state that is a child of the root. */
  private over(leaf: AnyStateNode): boolean {
    return leaf.type === 'final' && leaf.parent === this.machine.root;
  }

  /** Transitions of a node for an event: those that name it before the wildcard's, as XState orders them. */
  private matching(node: AnyStateNode, event: string): Transition[] {
    const named = [...node.transitions].filter(([type]) => type !== WILDCARD && this.eventName(type) === event);
    return [...named.flatMap(([, transitions]) => transitions), ...(node.transitions.get(WILDCARD) ?? [])] as Transition[];
  }

  private candidates(leaf: AnyStateNode, of: (node: AnyStateNode) => readonly unknown[]): readonly Candidate[] | 0 {
    const found: Candidate[] = [];
    if (this.over(leaf)) return 0;
    for (let node: AnyStateNode | undefined = leaf; node; node = node.parent) {
      for (const transition of of(node)) {
        const candidate = this.candidate(leaf, node, transition as Transition);
        found.push(candidate);
        if (candidate.guard < 0) return found;
      }
    }
    return found.length > 0 ? found : 0;
  }

  private candidate(leaf: AnyStateNode, source: AnyStateNode, t: Transition): Candidate {
    const { root } = this.machine;
    const [guard, guardParams] = this.names.guard(source, t.guard);
    const actions = t.actions.map((a) => this.names.action(source, a));
    if (!t.target) return { guard, guardParams, target: -1, steps: actions };
    if (t.target.length > 1) this.names.refuse(source, 'a transition to several states', 'name one');
    const goal = t.target[0]!;
    if (goal === root || (t.reenter && source === root)) this.names.refuse(source, 'entering the whole machine anew', 'name the state to go to');
    const inside = (node: AnyStateNode, top: AnyStateNode): boolean => this.path(top, node)[0]?.parent === top || node === top;
    let domain: AnyStateNode = source;
    if (t.reenter || !(goal === source || inside(goal, source))) {
      domain = source.parent ?? root;
      while (domain.parent && !inside(goal, domain)) domain = domain.parent;
      if (domain === goal && domain.parent) domain = domain.parent;
    }
    const target = this.initialLeaf(goal);
    const exits = this.path(domain, leaf).reverse().flatMap((node) => this.exit(node));
    const entries = this.path(domain, target).flatMap((node) => this.entry(node));
    return { guard, guardParams, target: this.leaves.indexOf(target), steps: [...exits, ...actions, ...entries, ...this.ending(target)] };
  }

  private entry(node: AnyStateNode): Step[] {
    const { initial } = node as unknown as { initial?: Initial };
    if (initial && initial.actions.length > 0) this.names.refuse(node, 'an action on the initial transition', 'put it on the entry');
    return node.entry.map((a) => this.names.action(node, a));
  }
  private exit(node: AnyStateNode): Step[] {
    return node.exit.map((a) => this.names.action(node, a));
  }
  /** What follows the entry of a final state: its parent's completion; at the end of all, every exit. */
  private ending(leaf: AnyStateNode): Step[] {
    if (leaf.type !== 'final') return [];
    if (this.over(leaf)) return [...this.exit(leaf), ...this.exit(this.machine.root)];
    const type = `xstate.done.state.${leaf.parent!.id}`;
    const event = this.eventIndex(this.eventName(type));
    return event < 0 ? [] : [['raise', event, { type }]];
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
    const edges = (event: string, transitions: readonly unknown[]): ChartEdge[] =>
      (transitions as readonly Transition[]).map((t) => ({
        source: this.key(node), target: t.target?.[0] ? this.key(t.target[0]) : null, event,
        guard: this.names.guardName(node, t.guard), actions: t.actions.map((a) => this.names.actionName(a)),
      }));
    return [...[...node.transitions].flatMap(([type, transitions]) => edges(this.eventName(type), transitions)), ...edges('always', node.always ?? [])];
  }
}
