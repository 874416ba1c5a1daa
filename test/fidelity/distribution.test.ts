/** Quantiles and their bootstrap intervals: known samples, steady verdicts. */
import { describe, expect, it } from 'vitest';
import { sequence } from '../../src/base/random';
import { bootstrapInterval, judgeQuantile, quantile } from './distribution';

const uniform = (n: number, seed: number, shift = 0): number[] => {
  const random = sequence(seed);
  return Array.from({ length: n }, () => shift + 100 * random());
};

describe('quantiles', () => {
  it('lie linearly between the two nearest', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([0, 10], 0.9)).toBe(9);
    expect(quantile([7], 0.9)).toBe(7);
  });
});
describe('the interval', () => {
  it('is that of the binomial law: of 99 uniform samples the median lies within about 2.6 standard errors', () => {
    const [low, high] = bootstrapInterval(uniform(99, 7), 0.5);
    // the standard error of a median of n uniform samples on 0…100 is 100 / (2 √(n + 2)) = 4.98
    expect(high - low).toBeGreaterThan(2 * 2.0 * 4.98);
    expect(high - low).toBeLessThan(2 * 3.2 * 4.98);
  });
  it('is the same each time', () => expect(bootstrapInterval(uniform(40, 3), 0.9)).toEqual(bootstrapInterval(uniform(40, 3), 0.9)));
});
describe('a verdict', () => {
  it('passes the same distribution and fails one that lies elsewhere', () => {
    expect(judgeQuantile(uniform(60, 1), uniform(400, 2), 0.5).ok).toBe(true);
    expect(judgeQuantile(uniform(60, 1), uniform(400, 2), 0.9).ok).toBe(true);
    expect(judgeQuantile(uniform(60, 1), uniform(400, 2, 30), 0.5).ok).toBe(false);
    expect(judgeQuantile(uniform(60, 1), uniform(400, 2, -30), 0.9).ok).toBe(false);
  });
  it('without numbers of ours fails', () => expect(judgeQuantile(uniform(60, 1), [NaN, NaN], 0.5).ok).toBe(false));
});
