/**
 * From rules to XState: the definition uses the very functions that the compiled table runs. Law: only `machine.ts`
 * files import this; it is never part of the app.
 */
import { assign } from 'xstate';
import type { Rules } from './table';

/* eslint-disable @typescript-eslint/no-explicit-any -- XState's own types are generic over the whole setup */
type XGuard = (args: { context: any; event: any }, params: any) => boolean;

/** Guards for `setup({ guards })`. */
export function xstateGuards<R extends Rules<any, any>>(rules: R): { [K in keyof R['guards']]: XGuard } {
  const guards: Record<string, XGuard> = {};
  for (const [name, guard] of Object.entries(rules.guards)) guards[name] = ({ context, event }, params) => guard(context, event, params as never);
  return guards as { [K in keyof R['guards']]: XGuard };
}

/**
 * Assigns and effects for `setup({ actions })`. An effect does nothing in XState: the engine's host performs it.
 * A name that is an assign and an effect is refused.
 */
export function xstateActions<C, E>(rules: Rules<C, E>, effects: readonly string[]): Record<string, any> {
  const actions: Record<string, any> = {};
  for (const [name, properties] of Object.entries(rules.assigns)) {
    const assignment: Record<string, any> = {};
    for (const [key, compute] of Object.entries(properties as Record<string, (c: C, e: E, params?: never) => unknown>)) {
      assignment[key] = ({ context, event }: { context: C; event: E }, params: unknown) => compute(context, event, params as never);
    }
    actions[name] = assign(assignment as any);
  }
  for (const name of effects) {
    if (Object.hasOwn(actions, name)) throw new Error(`"${name}" is both an assign and an effect; rename one`);
    actions[name] = () => undefined;
  }
  return actions;
}
