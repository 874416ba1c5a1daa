/**
 * The names of one machine: turns XState's guards and actions into numbered steps of a table. Law: a guard, action
 * or delay without a name, or with a name that nobody declared, is refused with its place and the cure.
 */
import { and, not, or, type AnyStateMachine, type AnyStateNode } from 'xstate';
import type { CompositeGuard, Delay, Step } from './table';

/** What XState keeps of an action; built-in ones carry their fields on a function. */
interface RawAction {
  readonly type?: string;
  readonly params?: unknown;
  readonly event?: { readonly type: string } | ((...args: never[]) => unknown);
  readonly delay?: unknown;
  readonly id?: unknown;
  readonly sendId?: unknown;
  readonly assignment?: unknown;
}
interface RawGuard {
  readonly type?: string;
  readonly params?: unknown;
  readonly check?: unknown;
  readonly guards?: readonly unknown[];
}

const CHECKS = new Map<unknown, CompositeGuard['op']>([
  [(not('') as RawGuard).check, 'not'], [(and(['']) as RawGuard).check, 'and'], [(or(['']) as RawGuard).check, 'or'],
]);
const CURES: Readonly<Record<string, string>> = {
  'xstate.sendTo': 'use a named effect', 'xstate.sendParent': 'use a named effect', 'xstate.forwardTo': 'use a named effect', 'xstate.emit': 'use a named effect',
  'xstate.log': 'use an effect that tells a note', 'xstate.spawnChild': 'let the host own the other machine', 'xstate.stopChild': 'let the host own the other machine',
  'xstate.enqueueActions': 'split it into guarded transitions with named actions',
};

export class Vocabulary {
  readonly guards: string[] = [];
  readonly composites: CompositeGuard[] = [];
  readonly assigns: string[] = [];
  readonly effects: string[] = [];
  readonly delays: Delay[] = [];
  /** Where a timer was first named, for the message when nothing arms it. */
  private readonly cancelledBy = new Map<string, AnyStateNode>();

  /** `eventName` gives the readable name of an event, `eventIndex` its column or -1. */
  constructor(
    private readonly machine: AnyStateMachine,
    private readonly eventName: (type: string) => string,
    private readonly eventIndex: (name: string) => number,
  ) {}

  /** Throws: which machine, which state, what, and how to cure it. */
  refuse(node: AnyStateNode, what: string, cure: string): never {
    throw new Error(`machine ${this.machine.id}, state ${node.path.join('.') || '(root)'}: ${what} is not supported; ${cure}`);
  }

  /** Number and params of a guard; -1 for none. `not`, `and`, `or` become guards of their own. */
  guard(node: AnyStateNode, raw: unknown): readonly [number, unknown] {
    if (raw === undefined) return [-1, undefined];
    const composite = this.composite(node, raw);
    if (composite >= 0) return [composite, undefined];
    const name = typeof raw === 'string' ? raw : (raw as RawGuard).type;
    if (typeof raw === 'function' || !name) return this.refuse(node, 'an inline guard', 'name it in the rules');
    const declared: unknown = this.machine.implementations.guards[name];
    if (declared === undefined) return this.refuse(node, `guard "${name}", which nobody declared,`, 'add it to the rules');
    if (typeof declared !== 'function' || CHECKS.has((declared as RawGuard).check)) return this.guard(node, declared);
    if ((declared as RawGuard).check !== undefined) return this.refuse(node, `built-in guard "${name}"`, 'write it as a function in the rules');
    const params = typeof raw === 'string' ? undefined : (raw as RawGuard).params;
    return [index(this.guards, name), this.constant(node, params, `params of guard "${name}"`)];
  }

  private composite(node: AnyStateNode, raw: unknown): number {
    const { check, guards } = raw as RawGuard;
    if (typeof raw !== 'function' || check === undefined) return -1;
    const op = CHECKS.get(check);
    if (!op || !guards) return this.refuse(node, 'a built-in guard other than not, and, or', 'name a guard in the rules');
    const of = guards.map((g) => this.guard(node, g));
    const name = `${op}(${of.map(([g, params]) => this.guards[g]! + (params === undefined ? '' : JSON.stringify(params))).join(', ')})`;
    const known = this.guards.indexOf(name);
    if (known >= 0) return known;
    this.composites.push({ guard: this.guards.length, op, of: of.map(([g, params]) => (params === undefined ? [g] : [g, params])) });
    return this.guards.push(name) - 1;
  }

  /** A guard as a chart shows it; null for none. */
  guardName(node: AnyStateNode, raw: unknown): string | null {
    const [at] = this.guard(node, raw);
    return at < 0 ? null : this.guards[at]!;
  }
  /** An action as a chart shows it. */
  actionName(raw: unknown): string {
    return typeof raw === 'string' ? raw : ((raw as RawAction).type ?? '');
  }

  /** The step that an action is. */
  action(node: AnyStateNode, raw: unknown): Step {
    if (typeof raw === 'function') {
      if ((raw as RawAction).type === undefined) return this.refuse(node, 'an inline action', 'name it in the rules or as an effect');
      if ((raw as RawAction).type === 'xstate.assign') return this.refuse(node, 'an inline assign', 'name it in the rules');
      return this.builtIn(node, raw as RawAction);
    }
    const name = typeof raw === 'string' ? raw : (raw as RawAction).type!;
    const declared = this.machine.implementations.actions[name] as RawAction | undefined;
    if (declared === undefined) return this.refuse(node, `action "${name}", which nobody declared,`, 'add it to the assigns of the rules or to the names of the effects');
    const params = this.constant(node, typeof raw === 'string' ? undefined : (raw as RawAction).params, `params of action "${name}"`);
    const assign = declared.type === 'xstate.assign';
    if (assign && typeof declared.assignment === 'function') return this.refuse(node, `whole-object assign "${name}"`, 'assign property by property');
    if (!assign && declared.type?.startsWith('xstate.')) return this.builtIn(node, declared);
    const [kind, at] = assign ? (['assign', index(this.assigns, name)] as const) : (['effect', index(this.effects, name)] as const);
    return params === undefined ? [kind, at] : [kind, at, params];
  }

  private builtIn(node: AnyStateNode, action: RawAction): Step {
    if (action.type === 'xstate.raise') return this.raise(node, action);
    if (action.type === 'xstate.cancel') {
      if (typeof action.sendId !== 'string') return this.refuse(node, 'cancel of a computed id', 'name the timer');
      this.cancelledBy.set(action.sendId, node);
      return ['cancel', this.delayed(node, action.sendId, '', '')];
    }
    return this.refuse(node, `built-in action ${action.type}`, CURES[action.type!] ?? 'use a named effect');
  }

  private raise(node: AnyStateNode, { event, delay, id }: RawAction): Step {
    if (typeof event !== 'object') return this.refuse(node, 'a raise of a computed event', 'raise a constant event and keep data in the context');
    const name = this.eventName(event.type);
    const at = this.eventIndex(name);
    if (at < 0) return this.refuse(node, `a raise of "${name}", which no state handles,`, 'handle it or leave it out');
    if (delay === undefined) return ['raise', at, event];
    if (typeof delay !== 'string') return this.refuse(node, 'an inline delay', 'name it in setup({ delays })');
    if (!(delay in this.machine.implementations.delays)) return this.refuse(node, `delay "${delay}", which nobody declared (XState would raise at once),`, 'add it to setup({ delays })');
    if (typeof id !== 'string') return this.refuse(node, `a timer for "${name}" without id`, 'give raise an id, so that it can be cancelled and armed anew');
    if (Object.keys(event).length > 1) return this.refuse(node, `data on the delayed event "${name}"`, 'keep data in the context');
    return ['arm', this.delayed(node, id, delay, name)];
  }

  private delayed(node: AnyStateNode, id: string, delay: string, event: string): number {
    const at = this.delays.findIndex((d) => d.id === id);
    if (at < 0) return this.delays.push({ id, delay, event }) - 1;
    const known = this.delays[at]!;
    if (delay && known.delay && (known.delay !== delay || known.event !== event)) {
      return this.refuse(node, `timer "${id}" with a second meaning (${known.delay} → ${known.event}, ${delay} → ${event})`, 'give each timer an id of its own');
    }
    if (delay) this.delays[at] = { id, delay, event };
    return at;
  }

  private constant(node: AnyStateNode, params: unknown, what: string): unknown {
    return typeof params === 'function' ? this.refuse(node, `computed ${what}`, 'read context and event in the rule itself') : params;
  }

  /** Call when everything is compiled: a timer that is cancelled and never armed is a slip of the pen. */
  finish(): void {
    for (const { id, delay } of this.delays) if (!delay) this.refuse(this.cancelledBy.get(id)!, `cancel("${id}"), which nothing arms,`, 'raise it with that id or leave it out');
  }
}

function index(list: string[], name: string): number {
  const at = list.indexOf(name);
  return at >= 0 ? at : list.push(name) - 1;
}
