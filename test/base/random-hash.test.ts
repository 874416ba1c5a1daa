/** Keyed draws and hashes: the same everywhere, uniform, independent of one another, sensitive to every key. */
import { describe, expect, it } from 'vitest';
import { fold, hashText, mix32 } from '../../src/base/hash';
import { draw, sequence } from '../../src/base/random';

/** Chi-square of counts against equal shares. */
const chiSquare = (counts: readonly number[]): number => {
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, c) => sum + ((c - mean) * (c - mean)) / mean, 0);
};

describe('draw', () => {
  it('is fixed: these values may never change, shared links depend on them', () => {
    expect([draw(1, 'loss', 2, 3), draw(1, 'jitter', 2, 3), draw(2, 'loss', 2, 3), draw(4294967295, '', -1, 9007199254740991)]).toMatchInlineSnapshot(`
      [
        0.11114600714045264,
        0.7269675942090761,
        0.2641250719964878,
        0.6074975971608407,
      ]
    `);
  });
  it('lies in [0, 1) and is uniform: 64 classes, chi-square within the 99.9 % bound', () => {
    for (const keyed of [(i: number) => draw(1, 'loss', i), (i: number) => draw(1, 'loss', 7, i), (i: number) => draw(i, 'loss', 7), (i: number) => draw(1, 'loss', i * 4294967296)]) {
      const counts = Array<number>(64).fill(0);
      for (let i = 0; i < 64_000; i++) {
        const x = keyed(i);
        expect(x >= 0 && x < 1).toBe(true);
        counts[Math.floor(x * 64)]!++;
      }
      expect(chiSquare(counts)).toBeLessThan(103.4); // 63 degrees of freedom
    }
  });
  it('neighbouring keys and purposes do not go together', () => {
    const pairs: readonly [(i: number) => number, (i: number) => number][] = [
      [(i) => draw(1, 'loss', i), (i) => draw(1, 'loss', i + 1)], [(i) => draw(1, 'loss', i), (i) => draw(1, 'jitter', i)], [(i) => draw(1, 'loss', i), (i) => draw(2, 'loss', i)],
      [(i) => draw(1, 'loss', i, 0), (i) => draw(1, 'loss', 0, i)],
    ];
    const n = 20_000;
    for (const [x, y] of pairs) {
      let sum = 0;
      for (let i = 1; i <= n; i++) sum += (x(i) - 0.5) * (y(i) - 0.5);
      // standard deviation of the mean product is (1/12)/√n
      expect(Math.abs(sum / n)).toBeLessThan(4 / 12 / Math.sqrt(n));
    }
  });
  it('each key counts', () => {
    const base = [5, 6, 7, 8] as const;
    const values = new Set([draw(1, 'p', ...base), draw(2, 'p', ...base), draw(1, 'q', ...base)]);
    for (let k = 0; k < 4; k++) values.add(draw(1, 'p', ...(base.map((b, i) => (i === k ? b + 1 : b)) as [number, number, number, number])));
    expect(values.size).toBe(7);
  });
});

describe('sequence', () => {
  it('gives the same walk for a seed, another for another', () => {
    const walk = (seed: number): number[] => {
      const next = sequence(seed);
      return Array.from({ length: 5 }, next);
    };
    expect(walk(9)).toEqual(walk(9));
    expect(walk(9)).not.toEqual(walk(10));
    expect(walk(0).every((x) => x >= 0 && x < 1)).toBe(true);
  });
});

describe('hashes', () => {
  it('fold tells integers apart over the whole range, negative ones too', () => {
    const numbers = [0, 1, -1, 2, 4294967295, 4294967296, 4294967297, -4294967296, 9007199254740991, -9007199254740991, 2147483648, -2147483648];
    expect(new Set(numbers.map((n) => fold(1, n))).size).toBe(numbers.length);
    expect(new Set(numbers.map((n) => fold(n, 1))).size).toBeGreaterThan(1);
  });
  it('fold depends on the order', () => expect(fold(fold(0, 1), 2)).not.toBe(fold(fold(0, 2), 1)));
  it('a million consecutive numbers collide no more often than chance', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 1_000_000; i++) seen.add(fold(0x1234, i));
    // expected n²/2³³ ≈ 116 for a random function
    expect(1_000_000 - seen.size).toBeLessThan(200);
  });
  it('mix32 is a permutation with avalanche: one bit changes half of the others', () => {
    let flipped = 0;
    for (let i = 0; i < 1000; i++) {
      let d = mix32(i) ^ mix32(i ^ (1 << i % 32));
      for (; d !== 0; d &= d - 1) flipped++;
    }
    expect(Math.abs(flipped / 1000 - 16)).toBeLessThan(0.6);
  });
  it('hashText separates texts, also by their start value', () => {
    expect(new Set(['', 'a', 'b', 'ab', 'ba', 'a\u0000', 'é'].map((t) => hashText(t))).size).toBe(7);
    expect(hashText('a')).not.toBe(hashText('a', 1));
  });
});
