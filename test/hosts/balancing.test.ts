/** Who takes the next request: tables against nginx's own arithmetic. */
import { describe, expect, it } from 'vitest';
import { BALANCES, choose, isDown, newPeer, release, type Balance, type Peer } from '../../src/hosts/balancing';

const peers = (weights: readonly number[], limits: Partial<Peer> = {}): Peer[] => weights.map((weight) => newPeer({ weight, maxFails: 1, failTimeout: 10, maxConns: 0, ...limits }));
const NONE: ReadonlySet<number> = new Set();
const never = (): number => {
  throw new Error('no draw is needed');
};
/** Letters of the servers chosen; each request ends at once unless `held`. */
function sequence(balance: Balance, group: Peer[], n: number, draw: (pick: number) => number = never, held = false): string {
  let out = '';
  for (let i = 0; i < n; i++) {
    const chosen = choose(balance, group, NONE, 0, draw);
    out += 'abcdef'[chosen] ?? '-';
    if (!held && chosen >= 0) release(group[chosen]!, false, 0);
  }
  return out;
}

describe('round robin', () => {
  it.each([
    [[1], 'aaaa'],
    [[1, 1, 1], 'abcabc'],
    [[5, 1, 1], 'aabacaaaabacaa'],
    [[3, 1], 'aabaaaba'],
    [[2, 3], 'babab'],
  ])('weights %j: %s', (weights, order) => expect(sequence('round-robin', peers(weights), order.length)).toBe(order));
  it('gives each its share over any cycle', () => {
    const order = sequence('round-robin', peers([7, 2, 4]), 130);
    expect(['a', 'b', 'c'].map((name) => order.split(name).length - 1)).toEqual([70, 20, 40]);
  });
});

describe('least connections', () => {
  it.each<[string, readonly number[], readonly number[], string]>([
    ['the fewest', [1, 1, 1], [2, 0, 1], 'b'],
    ['for its weight', [4, 1], [3, 1], 'a'],
    ['equals take turns', [1, 1, 1], [1, 1, 1], 'a'],
    ['only the equal ones', [1, 1, 1], [1, 0, 0], 'b'],
  ])('%s', (_name, weights, conns, chosen) => {
    const group = peers(weights);
    conns.forEach((n, i) => (group[i]!.conns = n));
    expect(sequence('least-conn', group, 1)).toBe(chosen);
  });
  it('spreads what stays open by weight', () => expect([...sequence('least-conn', peers([2, 1]), 9, never, true)].sort().join('')).toBe('aaaaaabbb'));
});

describe('at random', () => {
  it.each([
    [0, 'a'], [0.49, 'a'], [0.5, 'b'], [0.74, 'b'], [0.75, 'c'], [0.999, 'c'],
  ])('a draw of %f among weights 2, 1, 1 is %s', (draw, chosen) => expect(sequence('random', peers([2, 1, 1]), 1, () => draw)).toBe(chosen));
  it.each<[readonly number[], readonly number[], string]>([
    [[0.1, 0.9], [3, 9, 1], 'c'],
    [[0.9, 0.1], [3, 9, 1], 'c'],
    [[0.1, 0.4], [3, 9, 1], 'a'],
    [[0.1, 0.1, 0.4], [3, 9, 1], 'a'], // the same twice does not count
    [[0.4, 0.9], [2, 2, 2], 'c'], // as busy: the later pick
  ])('two choices %j among loads %j: %s', (draws, conns, chosen) => {
    const group = peers([1, 1, 1]);
    conns.forEach((n, i) => (group[i]!.conns = n));
    expect(sequence('random-two', group, 1, (pick) => draws[pick]!)).toBe(chosen);
  });
  it('takes turns when the draws never hit one that may be asked', () => {
    const group = peers([1, 1, 1]);
    release(group[0]!, true, 0);
    group[0]!.conns = 0;
    expect(sequence('random', group, 4, () => 0)).toBe('bcbc');
  });
});

describe.each(BALANCES)('%s', (balance) => {
  const draw = (pick: number): number => ((pick * 7 + 3) % 10) / 10;
  it('passes over who was tried, who is down and who is full', () => {
    const group = peers([1, 1, 1, 1]);
    release(group[1]!, true, 0);
    group[1]!.conns = 0;
    Object.assign(group[2]!, { maxConns: 1, conns: 1 });
    expect(choose(balance, group, new Set([0]), 5, draw)).toBe(3);
    expect(choose(balance, group, new Set([0, 3]), 5, draw)).toBe(-1);
  });
  it('asks a group of one whatever happened', () => {
    const group = peers([1]);
    release(group[0]!, true, 0);
    expect(choose(balance, group, new Set([0]), 0, draw)).toBe(0);
  });
});

describe('max_fails and fail_timeout', () => {
  it('passes over for the time, then lets one request try', () => {
    const group = peers([1, 1]);
    const [a] = group as [Peer, Peer];
    const at = (seconds: number): string => 'ab'[choose('round-robin', group, NONE, seconds, never)] ?? '-';
    expect(at(20)).toBe('a');
    release(a, true, 20);
    expect([isDown(a, 20), isDown(a, 30), isDown(a, 31)]).toEqual([true, true, false]);
    expect([at(21), at(30)].join('')).toBe('bb');
    // one of the next requests tries it; until it has succeeded no further one does
    const tried = [at(31), at(31), at(31), at(31)].join('');
    expect(tried.split('a').length - 1).toBe(1);
    release(a, false, 32);
    expect([isDown(a, 32), a.fails]).toEqual([false, 0]);
  });
  it('counts failures up to max_fails, and 0 never marks down', () => {
    const [patient] = peers([1], { maxFails: 3 }) as [Peer];
    const [immortal] = peers([1], { maxFails: 0 }) as [Peer];
    for (let n = 1; n <= 3; n++) {
      release(patient, true, 0);
      release(immortal, true, 0);
      expect([isDown(patient, 0), isDown(immortal, 0)]).toEqual([n === 3, false]);
    }
  });
  it('a failure costs weight, which comes back turn by turn', () => {
    const group = peers([4, 4], { maxFails: 2, failTimeout: 0 });
    release(group[0]!, true, 0);
    expect(group[0]!.effectiveWeight).toBe(2);
    expect(sequence('round-robin', group, 3)).toBe('bab');
    expect(group[0]!.effectiveWeight).toBe(4);
  });
});
