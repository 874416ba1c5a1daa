/** Rounding of times, time on the wire, growing columns, complaints. */
import { describe, expect, it } from 'vitest';
import { assert } from '../../src/base/assert';
import { f64, i32, u16, u8 } from '../../src/base/column';
import { complaintText, fail, ok } from '../../src/base/result';
import { fromMs, fromSeconds, serializationNs, toMs } from '../../src/base/time';

describe('time', () => {
  it('rounds half up to whole nanoseconds', () => {
    expect([fromMs(0.0000005), fromMs(0.0000004), fromMs(1.5), fromSeconds(0.1), fromSeconds(1e-9)]).toEqual([1, 0, 1_500_000, 100_000_000, 1]);
    expect(toMs(1_500_000)).toBe(1.5);
  });
  it.each([
    [1250, 1e6, 10_000_000], [1500, 20e6, 600_000], [1, 3e9, 3], [65_535, 1000, 524_280_000_000], [1500, 0, 0], [1500, -1, 0], [0, 1e6, 0],
  ])('%d bytes at %d bit/s take %d ns', (bytes, rate, ns) => expect(serializationNs(bytes, rate)).toBe(ns));
});

describe('columns', () => {
  it('grow and keep what they hold, in their own type', () => {
    for (const [make, big] of [[f64, 2 ** 53 - 1], [i32, -(2 ** 31)], [u16, 65_535], [u8, 255]] as const) {
      const c = make(2);
      for (let i = 0; i < 9; i++) c.push(i);
      c.push(big);
      expect(c.length).toBe(10);
      expect(Array.from(c.data.subarray(0, 10))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, big]);
      expect(c.at(9)).toBe(big);
    }
  });
});

describe('results and assertions', () => {
  it('a complaint says where, what and the cure', () => {
    const r = fail('seed', 'is negative', 'give a whole number');
    expect(r.ok ? '' : r.errors.map(complaintText).join()).toBe('seed: is negative; give a whole number');
    expect(ok(1)).toEqual({ ok: true, value: 1 });
  });
  it('an assertion names itself as our bug', () => {
    expect(() => assert(false, 'x')).toThrow('internal error: x');
    expect(() => assert(1, 'x')).not.toThrow();
  });
});
