/** How a table runs: the order of what happens, in-place assigns, ignored events, effects that send events, limits. */
import { raise, setup } from 'xstate';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/machines/compile';
import { xstateActions, xstateGuards } from '../../src/machines/define';
import { bindEffects, Machine, type MachineHost, type Rules } from '../../src/machines/table';

interface Pair {
  a: number;
  b: number;
  c: number;
}
interface Ev {
  readonly type: string;
}
const rules: Rules<Pair, Ev> = {
  guards: { big: (context) => context.a > 5, never: () => false, always: () => true },
  assigns: { swap: { a: (c) => c.b, b: (c) => c.a, c: (c) => c.a + c.b }, up: { a: (c) => c.a + 1 }, nothing: {} },
};
const EFFECTS = ['fx', 'send', 'told'] as const;
const kit = setup({ types: { context: {} as Pair, events: {} as Ev }, guards: xstateGuards(rules), actions: xstateActions(rules, EFFECTS), delays: { rto: 1 } });
const definition = kit.createMachine({
  id: 'm', context: { a: 1, b: 2, c: 0 }, initial: 'A',
  states: {
    A: { on: { SWAP: { actions: ['swap', 'nothing'] }, GO: { target: 'B', actions: ['fx', 'up', 'fx'] }, SELF: { target: 'A', reenter: true }, CHAIN: { target: 'B', actions: ['send', 'told'] }, LOOP: 'L', R: { actions: ['told', raise({ type: 'GUARDED' })] }, GUARDED: { guard: 'never', actions: 'fx' } } },
    B: { entry: 'up', on: { BACK: { target: 'A', actions: 'fx' }, VIA: { target: 'T', actions: 'send' } } },
    T: { entry: 'up', always: { guard: 'always', target: 'A', actions: 'told' } },
    L: { always: { guard: 'never', target: 'A' }, on: { SPIN: 'S' } },
    S: { always: { guard: 'always', actions: 'up' } },
  },
});
const table = compile(definition);
const machine = new Machine<Pair, Ev>(table, rules);

class Host implements MachineHost<Ev> {
  readonly instance = { state: 0 };
  readonly context: Pair = { a: 1, b: 2, c: 0 };
  readonly heard: string[] = [];
  /** Event that the effect `send` sends at once. */
  next = '';
  send(type: string): boolean {
    return machine.step(this.instance, this.context, machine.event(type), { type }, this);
  }
  static readonly EFFECTS = bindEffects<Host, Ev>(table, {
    fx: (h) => h.heard.push(`fx a=${h.context.a} in ${h.at}`),
    told: (h) => h.heard.push('told'),
    send: (h) => {
      h.heard.push('send {');
      if (h.next) h.send(h.next);
      h.heard.push('}');
    },
  });
  get at(): string {
    return table.chart.leaves[this.instance.state]!;
  }
  effect(effect: number, event: Ev, params: unknown): void {
    Host.EFFECTS[effect]!(this, event, params);
  }
  armDelay(): void {}
  cancelDelay(): void {}
  moved(from: number, to: number): void {
    this.heard.push(`${table.chart.leaves[from] ?? ''}→${table.chart.leaves[to]}`);
  }
  ignored(state: number, event: number): void {
    this.heard.push(`! ${table.chart.leaves[state]} ${table.chart.events[event] ?? '?'}`);
  }
}
function host(...events: string[]): Host {
  const h = new Host();
  for (const event of events) h.send(event);
  return h;
}

describe('a step', () => {
  test('start says the first state', () => {
    const h = new Host();
    h.instance.state = 3;
    machine.start(h.instance, h.context, h, { type: '' });
    expect([h.at, h.heard]).toEqual(['A', ['→A']]);
  });
  test('assigns all first, then moves, then effects in order', () => {
    expect(host('GO').heard).toEqual(['A→B', 'fx a=3 in B', 'fx a=3 in B']);
  });
  test('all properties of an assign are computed from the old context, in place', () => {
    const h = new Host();
    const { context } = h;
    h.send('SWAP');
    expect(h.context).toBe(context);
    expect(context).toEqual({ a: 2, b: 1, c: 3 });
  });
  test('an event that the state does not handle, or nobody knows, is told and changes nothing', () => {
    const h = new Host();
    expect([h.send('BACK'), h.send('STRANGE'), h.send('GUARDED')]).toEqual([false, false, false]);
    expect(h.heard).toEqual(['! A BACK', '! A ?', '! A GUARDED']);
    expect(h.context).toEqual({ a: 1, b: 2, c: 0 });
  });
  test('a state with eventless transitions still tells what it ignores', () => {
    expect(host('LOOP', 'GO').heard).toEqual(['A→L', '! L GO']);
  });
  test('entering the same state anew is no move', () => {
    expect(host('SELF').heard).toEqual([]);
  });
  test('an effect may send the next event; the rest of its own step follows', () => {
    const h = new Host();
    h.next = 'BACK';
    h.send('CHAIN');
    expect(h.heard).toEqual(['A→B', 'send {', 'B→A', 'fx a=2 in A', '}', 'told']);
  });
  test('an effect may send an event while a chain of microsteps is told', () => {
    const h = host('GO');
    h.heard.length = 0;
    h.next = 'R';
    h.send('VIA');
    expect(h.heard).toEqual(['B→T', 'send {', 'told', '! A GUARDED', '}', 'T→A', 'told']);
  });
  test('a raised event that nothing handles is told as ignored', () => {
    expect(host('R').heard).toEqual(['told', '! A GUARDED']);
  });
  test('microsteps have a limit, which says where; the machine is usable afterwards', () => {
    const h = host('LOOP');
    expect(() => h.send('SPIN')).toThrow('machine m, state S: more than 1000 microsteps after one event');
    expect(host('GO').at).toBe('B');
  });
  test('names to numbers', () => {
    expect([machine.state('B'), machine.state('?'), machine.event('GO') >= 0, machine.event('?')]).toEqual([1, -1, true, -1]);
  });
  test('with a wildcard, unknown names are its events', () => {
    const any = compile(kit.createMachine({ id: 'w', context: { a: 0, b: 0, c: 0 }, initial: 'A', states: { A: { on: { GO: 'A', '*': { actions: 'fx' } } } } }));
    const wild = new Machine<Pair, Ev>(any, rules);
    expect(wild.event('?')).toBe(any.chart.events.indexOf('*'));
  });
});
