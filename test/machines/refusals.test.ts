/** What the compiler does not support it refuses, with machine, state, fault and cure. */
import { assign, cancel, emit, enqueueActions, fromPromise, log, raise, sendTo, setup, spawnChild, stateIn, stopChild, type AnyStateMachine } from 'xstate';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/machines/compile';
import { xstateActions, xstateGuards } from '../../src/machines/define';
import { Machine, bindEffects, type Rules } from '../../src/machines/table';

interface Ev {
  readonly type: string;
}
const rules: Rules<{ n: number }, Ev> = { guards: { yes: () => true }, assigns: { count: { n: (c) => c.n + 1 } } };
const whole = assign(({ context }) => context as never) as never;
const actions = { ...xstateActions(rules, ['fx']), whole, logged: log('x') as never } as Record<string, never>;
const kit = setup({ types: { context: {} as { n: number } }, guards: xstateGuards(rules), actions, delays: { rto: 1, pto: 2 }, actors: { job: fromPromise(async () => 1) } });
/** Outside `createMachine` the types of `raise` know no names of delays. */
const timer = raise as unknown as (event: { type: string }, options: { delay: string | number; id?: string }) => unknown;
const compiled = (config: Record<string, unknown>): (() => unknown) => () => compile(kit.createMachine({ id: 'm', context: { n: 0 }, ...config } as never) as unknown as AnyStateMachine);
const inA = (a: Record<string, unknown>, more: Record<string, unknown> = {}): (() => unknown) => compiled({ initial: 'A', states: { A: a, B: {}, ...more } });
const doing = (action: unknown): (() => unknown) => inA({ on: { X: { actions: action } } });
const whenGuarded = (guard: unknown): (() => unknown) => inA({ on: { X: { guard, target: 'B' } } });

const REFUSED: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['parallel', compiled({ initial: 'A', states: { A: { type: 'parallel', states: { R: {}, S: {} } } } }), /state A: a parallel state .*use two machines/],
  ['history', inA({ initial: 'C', states: { C: {}, H: { type: 'history' } } }), /state A\.H: a history state .*name the target/],
  ['invoke', inA({ invoke: { src: 'job' } }), /invoke .*named effect/],
  ['output', compiled({ initial: 'A', output: 1, states: { A: {} } }), /an output .*read the context/],
  ['onDone of the machine', compiled({ initial: 'A', onDone: { actions: 'fx' }, states: { A: {} } }), /onDone of the whole machine/],
  ['inline guard', whenGuarded(() => true), /an inline guard .*name it in the rules/],
  ['stateIn', whenGuarded(stateIn('B')), /other than not, and, or/],
  ['unknown guard', whenGuarded('typo'), /guard "typo", which nobody declared/],
  ['computed guard params', whenGuarded({ type: 'yes', params: () => 1 }), /computed params of guard "yes"/],
  ['inline action', doing(() => undefined), /an inline action/],
  ['inline assign', doing(assign({ n: 1 } as never)), /an inline assign/],
  ['whole-object assign', doing('whole'), /whole-object assign "whole" .*property by property/],
  ['unknown action', doing('typo'), /action "typo", which nobody declared, .*names of the effects/],
  ['computed action params', doing({ type: 'fx', params: () => 1 }), /computed params of action "fx"/],
  ['sendTo', doing(sendTo('other', { type: 'X' })), /built-in action xstate\.sendTo .*named effect/],
  ['emit', doing(emit({ type: 'X' } as never)), /built-in action xstate\.emit/],
  ['log', doing(log('x')), /built-in action xstate\.log .*tells a note/],
  ['log by name', doing('logged'), /built-in action xstate\.log/],
  ['spawnChild', doing(spawnChild('job')), /built-in action xstate\.spawnChild/],
  ['stopChild', doing(stopChild('x')), /built-in action xstate\.stopChild/],
  ['enqueueActions', doing(enqueueActions(() => undefined)), /enqueueActions .*guarded transitions/],
  ['raise of a computed event', doing(raise(() => ({ type: 'X' }) as never)), /raise of a computed event/],
  ['raise of an unknown event', doing(raise({ type: 'NOBODY' })), /"NOBODY", which no state handles/],
  ['timer without id', doing(timer({ type: 'X' }, { delay: 'rto' })), /a timer for "X" without id/],
  ['timer with data', doing(timer({ type: 'X', n: 1 } as never, { delay: 'rto', id: 't' })), /data on the delayed event "X"/],
  ['inline delay of raise', doing(timer({ type: 'X' }, { delay: 5, id: 't' })), /an inline delay/],
  ['inline delay of after', inA({ after: { 1000: 'B' } }), /an inline delay \(1000\) .*setup\(\{ delays \}\)/],
  ['unknown delay', inA({ after: { typo: 'B' } }), /delay "typo", which nobody declared \(XState would raise at once\)/],
  ['one delay at two depths', inA({ after: { rto: 'B' }, initial: 'C', states: { C: { after: { rto: 'D' } }, D: {} } }), /state A\.C: delay "rto" in a state and in a state around it/],
  ['one timer id with two meanings', doing([timer({ type: 'X' }, { delay: 'rto', id: 't' }), timer({ type: 'X' }, { delay: 'pto', id: 't' })]), /timer "t" with a second meaning/],
  ['cancel of a timer that nothing arms', doing(cancel('typo')), /cancel\("typo"\), which nothing arms/],
  ['cancel of a computed id', doing(cancel(() => 't')), /cancel of a computed id/],
  ['partial wildcard', inA({ on: { 'pdu.*': 'B' } }), /the partial wildcard "pdu\.\*"/],
  ['a reserved event name', inA({ on: { 'after.rto': 'B' } }), /an event named "after\.rto"/],
  ['always that never ends', inA({ always: { actions: 'fx' } }), /would run for ever/],
  ['initial actions', inA({ initial: { target: 'C', actions: 'fx' }, states: { C: {} } }, { Z: { on: { X: 'A' } } }), /an action on the initial transition/],
  ['reentering the machine', compiled({ initial: 'A', on: { X: { target: '.A', reenter: true } }, states: { A: {} } }), /entering the whole machine anew/],
  ['a fault where nothing leads', inA({}, { LOST: { entry: 'typo' } }), /state LOST: action "typo"/],
];

describe('compile refuses', () => {
  for (const [name, attempt, message] of REFUSED) {
    test(name, () => {
      expect(attempt).toThrow(message);
      expect(attempt).toThrow(/^machine m, state /);
    });
  }
});

describe('linking refuses', () => {
  const table = compile(kit.createMachine({ id: 'm', context: { n: 0 }, initial: 'A', states: { A: { on: { X: { guard: 'yes', actions: ['count', 'fx'] as never } } } } }) as unknown as AnyStateMachine);
  test('a guard, an assign or an effect without implementation, and names it', () => {
    expect(() => new Machine<{ n: number }, Ev>(table, { guards: {}, assigns: rules.assigns })).toThrow('machine m: guard "yes" has no implementation');
    expect(() => new Machine<{ n: number }, Ev>(table, { guards: rules.guards, assigns: {} })).toThrow('machine m: assign "count" has no implementation');
    expect(() => bindEffects(table, {})).toThrow('machine m: effect "fx" has no implementation; add it to the bound effects');
  });
  test('what every object has is not an implementation', () => {
    expect(() => bindEffects({ ...table, effects: ['toString'] }, {})).toThrow('effect "toString"');
  });
  test('a name that is an assign and an effect', () => {
    expect(() => xstateActions(rules, ['count'])).toThrow('"count" is both an assign and an effect');
  });
});
