/** RFC 7540's tree at both ends, and what a server keeps for streams that have not begun. */
import { describe, expect, it } from 'vitest';
import { DependencyChain, DependencyTree } from '../../../src/protocols/http2/dependencies';
import { ServerPriorities } from '../../../src/protocols/http2/priorities';
import type { Stream } from '../../../src/protocols/http2/stream';

/** A small generator of its own: the same numbers on every machine. */
const numbers = (seed: number) => (below: number): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};

describe('the chain of a client and the tree of a server', () => {
  it('a more urgent stream comes before all that are there, and they hang on it', () => {
    const chain = new DependencyChain(), tree = new DependencyTree();
    for (const [id, urgency] of [[1, 3], [3, 3], [5, 0], [7, 1]] as const) tree.set(id, chain.add(id, urgency));
    expect([5, 7, 1, 3].map((id) => tree.rank(id))).toEqual([1, 2, 3, 4]);
  });
  it('one that is raised is said together with who hung on it', () => {
    const chain = new DependencyChain();
    for (const id of [1, 3, 5]) chain.add(id, 3);
    expect(chain.move(3, 1)).toEqual([{ stream: 5, priority: { exclusive: true, dependsOn: 1, weight: 147 } }, { stream: 3, priority: { exclusive: true, dependsOn: 0, weight: 220 } }]);
    expect(chain.move(3, 1)).toEqual([]);
    expect(chain.move(9, 1)).toEqual([]);
  });
  it('agree on the order of the living, whatever comes, moves and goes', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const draw = numbers(seed), chain = new DependencyChain(), tree = new DependencyTree();
      let alive: { id: number; urgency: number }[] = [];
      for (let step = 0, id = 1; step < 60; step++) {
        const what = draw(10), urgency = draw(8);
        if (what < 5 || alive.length === 0) {
          tree.set(id, chain.add(id, urgency));
          alive.push({ id, urgency });
          id += 2;
        } else if (what < 8) {
          const { id: moved, urgency: before } = alive[draw(alive.length)]!;
          for (const { stream, priority } of chain.move(moved, urgency)) tree.set(stream, priority);
          if (before !== urgency) alive = [...alive.filter((s) => s.id !== moved), { id: moved, urgency }];
        } else {
          const gone = alive[draw(alive.length)]!;
          chain.remove(gone.id);
          alive = alive.filter((s) => s !== gone);
        }
        const wanted = [...alive].sort((a, b) => a.urgency - b.urgency).map((s) => s.id); // stable: behind those that are as urgent
        expect([...alive].sort((a, b) => tree.rank(a.id) - tree.rank(b.id)).map((s) => s.id), `seed ${seed}, step ${step}`).toEqual(wanted);
      }
    }
  });
  it('a stream that hangs on what hung on it changes places with it (RFC 7540 §5.3.3)', () => {
    const tree = new DependencyTree();
    tree.set(1, { dependsOn: 0, exclusive: false });
    tree.set(3, { dependsOn: 1, exclusive: false });
    tree.set(5, { dependsOn: 3, exclusive: false });
    tree.set(1, { dependsOn: 5, exclusive: false });
    expect([5, 1, 3].map((id) => tree.rank(id))).toEqual([1, 2, 3]);
    tree.set(1, { dependsOn: 1, exclusive: true });
    expect(tree.rank(1)).toBe(2);
  });
});
describe('a server', () => {
  const streams = new Map<number, Stream>();
  const urgent = { rank: 1, shares: true };
  it('keeps what was said of a stream that has not begun, and prefers it to the field', () => {
    const priorities = new ServerPriorities('rfc9218', streams);
    expect(priorities.update(7, 'u=1, i', 5)).toBe(false);
    expect(priorities.begin(7, 'u=5', undefined)).toEqual(urgent);
    expect(priorities.begin(9, 'u=5', undefined)).toEqual({ rank: 5, shares: false });
    priorities.update(3, 'u=1, i', 9);
    expect(priorities.begin(3, undefined, undefined), 'a stream that is over').toEqual({ rank: 3, shares: false });
  });
  it('that goes by one scheme passes the other over; one that goes by none passes over both', () => {
    const stream = { id: 1, order: urgent } as Stream, own = new Map([[1, stream]]);
    expect(new ServerPriorities('rfc9218', own).depend(1, { exclusive: true, dependsOn: 0, weight: 1 })).toBe(false);
    for (const scheme of ['rfc7540', 'ignored'] as const) expect(new ServerPriorities(scheme, own).update(1, 'u=0', 1)).toBe(false);
    expect(new ServerPriorities('ignored', own).depend(1, { exclusive: true, dependsOn: 0, weight: 1 })).toBe(false);
    expect(stream.order).toBe(urgent);
  });
});
