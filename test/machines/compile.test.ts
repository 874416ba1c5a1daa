/** One test per supported feature: what the table holds. That it means the same as in XState, the differential says. */
import { and, cancel, not, or, raise, setup } from 'xstate';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/machines/compile';
import { xstateActions, xstateGuards } from '../../src/machines/define';
import type { Candidate, MachineTable, Rules } from '../../src/machines/table';

type C = { n: number };
const rules: Rules<C, { readonly type: string }> = { guards: { yes: () => true, no: () => false }, assigns: { count: { n: (c) => c.n + 1 } } };
const kit = setup({ types: { context: {} as C }, guards: xstateGuards(rules), actions: xstateActions(rules, ['fx', 'in', 'out', 'upIn', 'upOut']), delays: { timeWait: 1, rto: 2 } });
/** Outside `createMachine` the types of `raise` know no names of delays. */
const timer = raise as unknown as (event: { type: string }, options: { delay: string; id: string }) => unknown;
type Config = Parameters<typeof kit.createMachine>[0];
const table = (config: Record<string, unknown>): MachineTable => compile(kit.createMachine({ id: 'm', context: { n: 0 }, ...config } as Config));
/** `guard? kind:name … → target` for each candidate of a cell. */
function cell(t: MachineTable, state: string, event: string): string[] {
  const at = t.chart.leaves.indexOf(state);
  const candidates = event === 'always' ? t.always![at] : t.cells[at]![t.chart.events.indexOf(event)];
  const step = ([kind, i, params]: readonly [string, number, unknown?]): string => {
    const name = kind === 'assign' ? t.assigns[i] : kind === 'effect' ? t.effects[i] : kind === 'raise' ? t.chart.events[i] : t.delays[i]!.delay;
    return `${kind}:${name}${params === undefined || kind === 'raise' ? '' : JSON.stringify(params)}`;
  };
  return (candidates || []).map((c) => [...(c.guard < 0 ? [] : [`${t.guards[c.guard]}?`]), ...c.steps.map(step), ...(c.target < 0 ? [] : [`→ ${t.chart.leaves[c.target]}`])].join(' '));
}

describe('compile', () => {
  test('guards in order up to the first without', () => {
    const t = table({ initial: 'A', states: { A: { on: { X: [{ guard: 'no', target: 'B' }, { guard: { type: 'yes', params: { max: 1 } }, actions: 'count' }, 'B', { actions: 'fx' }] } }, B: {} } });
    expect(cell(t, 'A', 'X')).toEqual(['no? → B', 'yes? assign:count', '→ B']);
    expect((t.cells[0]![0] as readonly Candidate[])[1]!.guardParams).toEqual({ max: 1 });
  });
  test('not, and, or become guards of their own', () => {
    const t = table({ initial: 'A', states: { A: { on: { X: { guard: and(['yes', or(['no', not('no')])]), actions: 'fx' } } } } });
    expect(cell(t, 'A', 'X')).toEqual(['and(yes, or(no, not(no)))? effect:fx']);
    expect(t.composites!.map((c) => c.op)).toEqual(['not', 'or', 'and']);
    expect(t.chart.edges[0]!.guard).toBe('and(yes, or(no, not(no)))');
  });
  test('a child decides before its parent; the parent is asked when no guard of the child agrees', () => {
    const t = table({ initial: 'P', states: { P: { initial: 'A', on: { X: 'Q' }, states: { A: { on: { X: { guard: 'no', actions: 'fx' } } }, B: { on: { X: 'A' } } } }, Q: {} } });
    expect(cell(t, 'P.A', 'X')).toEqual(['no? effect:fx', '→ Q']);
    expect(cell(t, 'P.B', 'X')).toEqual(['→ P.A']);
  });
  test('exits from the inside out, then actions, then entries from the outside in', () => {
    const t = table({
      initial: 'P',
      states: { P: { initial: 'A', entry: 'upIn', exit: 'upOut', states: { A: { entry: 'in', exit: 'out', on: { X: '#q', IN: { target: 'A', reenter: true }, SELF: { target: 'A', actions: 'fx' } } } } }, Q: { id: 'q', on: { X: { target: 'P', actions: 'fx' } } } },
    });
    expect(cell(t, 'P.A', 'X')).toEqual(['effect:out effect:upOut → Q']);
    expect(cell(t, 'Q', 'X')).toEqual(['effect:fx effect:upIn effect:in → P.A']);
    expect(cell(t, 'P.A', 'IN')).toEqual(['effect:out effect:in → P.A']);
    expect(cell(t, 'P.A', 'SELF')).toEqual(['effect:fx → P.A']);
    expect(t.initialSteps.length).toBe(2);
  });
  test('the machine’s own entry belongs to the start', () => {
    expect(table({ entry: 'fx', initial: 'A', states: { A: { entry: 'in' } } }).initialSteps).toEqual([['effect', 0], ['effect', 1]]);
  });
  test('after: a timer with a readable event, armed on entry, cancelled on exit', () => {
    const t = table({ initial: 'A', states: { A: { on: { X: 'B' } }, B: { after: { timeWait: 'A' } } } });
    expect(t.delays.map(({ delay, event }) => `${delay} brings ${event}`)).toEqual(['timeWait brings after.timeWait']);
    expect(cell(t, 'A', 'X')).toEqual(['arm:timeWait → B']);
    expect(cell(t, 'B', 'after.timeWait')).toEqual(['cancel:timeWait → A']);
  });
  test('a delayed raise is a timer; cancel stops it', () => {
    const t = table({ initial: 'A', states: { A: { on: { X: { actions: timer({ type: 'RTO' }, { delay: 'rto', id: 'rto' }) }, Y: { actions: cancel('rto') }, RTO: { actions: 'fx' } } } } });
    expect(t.delays).toEqual([{ id: 'rto', delay: 'rto', event: 'RTO' }]);
    expect([...cell(t, 'A', 'X'), ...cell(t, 'A', 'Y')]).toEqual(['arm:rto', 'cancel:rto']);
  });
  test('a raise without delay keeps its event', () => {
    const t = table({ initial: 'A', states: { A: { on: { X: { actions: raise({ type: 'Y', n: 3 } as never) }, Y: 'A' } } } });
    expect((t.cells[0]![0] as readonly Candidate[])[0]!.steps).toEqual([['raise', 1, { type: 'Y', n: 3 }]]);
  });
  test('the wildcard stands behind the named event, wherever it is written', () => {
    const t = table({ initial: 'A', states: { A: { on: { '*': { actions: 'fx' }, X: { guard: 'no', target: 'A' } } } } });
    expect(cell(t, 'A', 'X')).toEqual(['no? → A', 'effect:fx']);
    expect(cell(t, 'A', '*')).toEqual(['effect:fx']);
  });
  test('always', () => {
    const t = table({ initial: 'A', states: { A: { on: { X: 'B' } }, B: { always: { guard: 'yes', target: 'A' } } } });
    expect(cell(t, 'B', 'always')).toEqual(['yes? → A']);
    expect(cell(t, 'A', 'always')).toEqual([]);
    expect(t.chart.edges.at(-1)).toMatchObject({ source: 'B', target: 'A', event: 'always' });
  });
  test('a final child completes its parent', () => {
    const t = table({ initial: 'P', states: { P: { initial: 'A', onDone: 'Q', states: { A: { on: { X: 'F' } }, F: { type: 'final' } } }, Q: {} } });
    expect(cell(t, 'P.A', 'X')).toEqual(['raise:done.P → P.F']);
    expect(cell(t, 'P.F', 'done.P')).toEqual(['→ Q']);
  });
  test('at the end every exit runs, and nothing is handled any more', () => {
    const t = table({ initial: 'A', exit: 'upOut', on: { X: { actions: 'fx' } }, states: { A: { on: { END: 'Z' } }, Z: { type: 'final', entry: 'in', exit: 'out' } } });
    expect(cell(t, 'A', 'END')).toEqual(['effect:in effect:out effect:upOut → Z']);
    expect(cell(t, 'Z', 'X')).toEqual([]);
  });
  test('the chart has states with specification, parent and initial leaf', () => {
    const t = table({ initial: 'P', states: { P: { initial: 'A', states: { A: { meta: { spec: 'RFC 1 §2' }, description: 'Waits.' } } } } });
    expect(t.chart.states).toEqual([
      { key: 'P', parent: null, initial: 'P.A', leaf: false, final: false, spec: '', description: '' },
      { key: 'P.A', parent: 'P', initial: null, leaf: true, final: false, spec: 'RFC 1 §2', description: 'Waits.' },
    ]);
  });
});
