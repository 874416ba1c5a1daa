/** Machines drawn at random, nested up to three deep, hold the compiler to XState's rules for domains, entries and ends. */
import { and, cancel, not, or, raise, setup, type AnyStateMachine } from 'xstate';
import { expect, test } from 'vitest';
import { sequence } from '../../src/base/random';
import { compile } from '../../src/machines/compile';
import { xstateActions, xstateGuards } from '../../src/machines/define';
import type { Rules } from '../../src/machines/table';
import { differential } from './differential';

interface Context {
  fuel: number;
  a: number;
  b: number;
}
interface Ev {
  readonly type: string;
  readonly n: number;
}
interface Shape {
  readonly id: string;
  readonly final: boolean;
  readonly children: Readonly<Record<string, Shape>>;
}
/** Whatever could run for ever (eventless, raised, completion) burns fuel; only Z, which is never raised, brings new. */
const rules: Rules<Context, Ev> = {
  guards: { fuelled: (c) => c.fuel > 0, odd: (c) => c.a % 2 === 1, high: (_c, e) => (e.n ?? 0) > 4, over: ((c: Context, _e: Ev, p: { than: number }) => c.b > p.than) as never },
  assigns: { burn: { fuel: (c) => c.fuel - 1 }, refuel: { fuel: () => 6 }, up: { a: (c) => c.a + 1 }, swap: { a: (c) => c.b, b: (c) => (c.a + 1) % 50 } },
};
const EFFECTS = ['e0', 'e1', 'e2', 'e3', 'e4', 'e5'];
const kit = setup({ types: { context: {} as Context, events: {} as Ev }, guards: xstateGuards(rules), actions: xstateActions(rules, EFFECTS), delays: { d0: 1, d1: 2, d2: 3, t: 4 } });
const EVENTS = ['X', 'Y', 'Z', 'T', 'STRANGE'];

function draw(seed: number): AnyStateMachine {
  const random = sequence(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const chance = (p: number): boolean => random() < p;
  const ids: string[] = [];
  const wild = chance(0.3);
  const raiseAny = raise as unknown as (event: { type: string; n?: number }, options?: { delay: string; id: string }) => unknown;

  const action = (): unknown => {
    if (chance(0.08)) return raiseAny({ type: 'T' }, { delay: 't', id: 'timer' });
    return chance(0.4) ? pick(['up', 'swap']) : chance(0.3) ? { type: pick(EFFECTS), params: { p: below(3) } } : pick(EFFECTS);
  };
  const actions = (n: number): unknown[] => Array.from({ length: below(n + 1) }, action);
  const guard = (): unknown => pick([undefined, 'odd', 'high', not('odd'), or(['high', 'odd']), and([not('high'), { type: 'over', params: { than: 20 } } as never]), { type: 'over', params: { than: below(30) } }]);
  const go = (fuelled: boolean, root = false, fills = false): Record<string, unknown> => {
    const target = chance(0.75) ? `#${pick(ids.filter((id) => id !== ''))}` : undefined;
    const does = [...actions(2), ...(fuelled ? ['burn', ...(chance(0.3) ? [raiseAny({ type: pick(['X', 'Y']), n: below(10) })] : [])] : fills ? ['refuel'] : chance(0.2) ? [cancel('timer')] : [])];
    return { ...(target ? { target, ...(chance(0.3) && !root ? { reenter: true } : {}) } : {}), guard: fuelled ? 'fuelled' : guard(), actions: does };
  };
  const shape = (depth: number, path: string): Shape => {
    ids.push(path);
    const children: Record<string, Shape> = {};
    const count = depth === 0 ? 3 + below(2) : depth < 3 && chance(0.5) ? 1 + below(3) : 0;
    for (let i = 0; i < count; i++) children[`S${i}`] = shape(depth + 1, `${path}${path && '_'}S${i}`);
    return { id: path, final: count === 0 && chance(0.15), children };
  };
  const config = (node: Shape, depth: number): Record<string, unknown> => {
    const root = depth === 0, inner = Object.keys(node.children);
    if (node.final) return { id: node.id, type: 'final', entry: actions(2), exit: actions(1) };
    const on: Record<string, unknown> = {};
    if (wild && chance(0.4)) on['*'] = go(true, root);
    for (const event of ['X', 'Y', 'Z', 'T']) if (chance(0.45)) on[event] = chance(0.1) ? {} : Array.from({ length: 1 + below(2) }, () => go(chance(0.3), root, event === 'Z'));
    return {
      ...(root ? {} : { id: node.id }), entry: actions(2), exit: actions(2), on,
      ...(chance(0.2) ? { always: [go(true, root)] } : {}),
      ...(chance(0.25) && depth < 3 ? { after: { [`d${depth}`]: [go(false, root)] } } : {}),
      ...(inner.length > 0 ? { initial: pick(inner), states: Object.fromEntries(inner.map((key) => [key, config(node.children[key]!, depth + 1)])) } : {}),
      ...(inner.length > 0 && !root && chance(0.7) ? { onDone: go(true) } : {}),
    };
  };
  const tree = shape(0, '');
  return kit.createMachine({ id: `r${seed}`, context: { fuel: 6, a: 0, b: 0 }, options: { maxIterations: 2000 }, ...config(tree, 0) } as never) as unknown as AnyStateMachine;
}

const MACHINES = Number(process.env.RANDOM_MACHINES ?? 80);
test(`${MACHINES} random machines do what XState does`, () => {
  let compiled = 0, handled = 0;
  for (let seed = 1; seed <= MACHINES; seed++) {
    const machine = draw(seed);
    try {
      compile(machine);
    } catch (error) {
      expect(String(error)).toMatch(/not supported/); // e.g. a raise that nobody handles, a cancel of a timer that nothing arms
      continue;
    }
    compiled++;
    handled += differential(machine, (random) => ({ type: EVENTS[Math.floor(random() * EVENTS.length)]!, n: Math.floor(random() * 10) }), 200, seed).handled;
  }
  if (MACHINES > 80) console.log({ compiled, handled });
  expect(compiled).toBeGreaterThan(MACHINES / 3);
  expect(handled).toBeGreaterThan(MACHINES * 10);
}, 600_000);
