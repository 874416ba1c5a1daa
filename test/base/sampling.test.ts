/** The portable logarithm agrees with the engine's own to the last digits, and exponential samples have their mean and tail. */
import { describe, expect, it } from 'vitest';
import { draw } from '../../src/base/random';
import { exponential, ln } from '../../src/base/sampling';

describe('ln', () => {
  it.each([1e-300, 1e-9, 0.5, 0.749, 0.75, 1, 1.0000001, 1.499, 1.5, 2, 10, 12345.678, 1e300])('of %d', (x) => {
    expect(Math.abs(ln(x) - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(Math.log(x))));
  });
});
describe('exponential', () => {
  const samples = Array.from({ length: 20_000 }, (_, i) => exponential(draw(7, 'arrival', i), 1e6));
  it('has its mean', () => expect(samples.reduce((a, b) => a + b, 0) / samples.length / 1e6).toBeCloseTo(1, 1));
  it('is longer than three means as often as e⁻³', () => expect(samples.filter((s) => s > 3e6).length / samples.length).toBeCloseTo(0.0498, 2));
  it('of a draw of 0 is 0', () => expect(exponential(0, 1e6)).toBe(0));
});
