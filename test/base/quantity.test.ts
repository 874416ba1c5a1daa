/** Quantities: what is taken, what is refused, and that a text says its value exactly. */
import { describe, expect, it } from 'vitest';
import { formatQuantity, parseQuantity, unitsOf, type QuantityType } from '../../src/base/quantity';
import { sequence } from '../../src/base/random';

describe('parsing', () => {
  it.each<[string, QuantityType, number | null]>([
    ['40 ms', 'duration', 40_000_000], ['40ms', 'duration', 40_000_000], ['  1.5 s ', 'duration', 1_500_000_000], ['0.0000004 ms', 'duration', 0], ['0.0000005 ms', 'duration', 1],
    ['2 min', 'duration', 120e9], ['1 h', 'duration', 3600e9], ['7 us', 'duration', 7000], ['7 µs', 'duration', 7000], ['400.123456789 s', 'duration', 400_123_456_789],
    ['10 Mbit/s', 'rate', 10e6], ['unlimited', 'rate', 0], ['64 kbit/s', 'rate', 64_000], ['14 KB', 'bytes', 14_000], ['14 KiB', 'bytes', 14_336],
    ['1 %', 'ratio', 0.01], ['57 %', 'ratio', 0.57], ['0.07', 'ratio', 0.07], ['100 %', 'ratio', 1],
    ['40', 'duration', null], ['-40 ms', 'duration', null], ['1e3 ms', 'duration', null], ['.5 ms', 'duration', null], ['40 Ms', 'duration', null], ['40 ms', 'rate', null],
    ['unlimited', 'duration', null], ['', 'bytes', null], ['NaN ms', 'duration', null], ['5 constructor', 'duration', null], ['5 toString', 'ratio', null], ['1 2 ms', 'duration', null],
  ])('%s as %s is %s', (text, type, value) => expect(parseQuantity(text, type)).toBe(value));
  it('units are named for messages', () => expect(unitsOf('ratio')).toBe('%'));
});

describe('formatting', () => {
  it.each<[number, QuantityType, string]>([
    [0, 'duration', '0 ns'], [0, 'bytes', '0 B'], [0, 'rate', 'unlimited'], [0, 'ratio', '0 %'], [40_000_000, 'duration', '40 ms'], [1_000_000_001, 'duration', '1.000000001 s'],
    [100_000_000_000, 'duration', '100 s'], [999, 'duration', '999 ns'], [1_234_567, 'duration', '1.234567 ms'], [10e6, 'rate', '10 Mbit/s'], [14_336, 'bytes', '14.336 KB'],
    [0.005, 'ratio', '0.5 %'], [0.07, 'ratio', '7 %'], [1e-9, 'ratio', '0.0000001 %'],
  ])('%s as %s is "%s"', (value, type, text) => expect(formatQuantity(value, type)).toBe(text));

  it('what was formatted is parsed to the same value: 5,000 random ones of each type', () => {
    const random = sequence(3);
    for (let i = 0; i < 5_000; i++) {
      const size = Math.floor(random() * 13);
      let whole = Math.floor(random() * 10);
      for (let d = 0; d < size; d++) whole = whole * 10 + Math.floor(random() * 10);
      for (const type of ['duration', 'rate', 'bytes'] as const) expect(parseQuantity(formatQuantity(whole, type), type)).toBe(whole);
      const share = Math.floor(random() * 100_001) / 100_000;
      const text = formatQuantity(share, 'ratio');
      const again = parseQuantity(text, 'ratio')!;
      expect(Math.abs(again - share)).toBeLessThan(1e-15);
      expect(formatQuantity(again, 'ratio')).toBe(text);
    }
  });
});
