/** Joins names of a table with the functions of the rules. Law: a name without a function fails here, not in a run. */
import type { MachineTable, Rules } from './table';

export type Guard<C, E> = (context: C, event: E, params?: never) => boolean;
/** An assign that writes into the context. */
export type Assign<C, E> = (context: C, event: E, params?: never) => void;

/** The thing of that name; throws and names the machine when there is none. */
export function known<T>(things: Readonly<Record<string, T>>, machine: string, what: 'guard' | 'assign' | 'effect', name: string): T {
  if (Object.hasOwn(things, name)) return things[name]!;
  throw new Error(`machine ${machine}: ${what} "${name}" has no implementation; add it to the ${what === 'effect' ? 'bound effects' : 'rules'}`);
}

/** Guards in the table's numbering; composite guards are closures over their parts. */
export function linkGuards<C, E>(table: MachineTable, rules: Rules<C, E>): Guard<C, E>[] {
  const composites = new Map((table.composites ?? []).map((c) => [c.guard, c]));
  const linked: Guard<C, E>[] = [];
  table.guards.forEach((name, i) => {
    const composite = composites.get(i);
    if (!composite) return linked.push(known(rules.guards, table.id, 'guard', name));
    const parts = composite.of.map(([guard, params]): Guard<C, E> => (context, event) => linked[guard]!(context, event, params as never));
    if (composite.op === 'not') return linked.push((context, event) => !parts[0]!(context, event));
    if (composite.op === 'and') return linked.push((context, event) => parts.every((part) => part(context, event)));
    return linked.push((context, event) => parts.some((part) => part(context, event)));
  });
  return linked;
}

/** One property is written at once; of several, all are computed from the old context before any is written. */
export function inPlace<C, E>(properties: Rules<C, E>['assigns'][string]): Assign<C, E> {
  const entries = Object.entries(properties) as [keyof C, (context: C, event: E, params?: never) => C[keyof C]][];
  if (entries.length === 1) {
    const [key, compute] = entries[0]!;
    return (context, event, params) => {
      context[key] = compute(context, event, params);
    };
  }
  const values: C[keyof C][] = [];
  return (context, event, params) => {
    for (let i = 0; i < entries.length; i++) values[i] = entries[i]![1](context, event, params);
    for (let i = 0; i < entries.length; i++) context[entries[i]![0]] = values[i]!;
  };
}
