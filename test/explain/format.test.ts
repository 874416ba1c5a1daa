/** Numbers for people, as tables. A middle dot stands for the no-break space. */
import { describe, expect, it } from 'vitest';
import { bytes, clock, duration, ms, percent, rate, significant, whole } from '../../src/explain';

const dots = (text: string | null): string => (text ?? 'null').replaceAll('\u00a0', '·').replaceAll('\u202f', '·');

describe('significant', () => {
  it.each([
    [0, '0'], [1, '1'], [0.5, '0.5'], [1.348, '1.35'], [1.004, '1'], [9.994, '9.99'], [9.996, '10'], [22.04, '22'], [22.05, '22.1'], [99.94, '99.9'], [99.96, '100'], [244.8, '245'],
    [1234.5, '1235'], [0.0274, '0.027'], [-3.2, '−3.2'], [-0.0001, '0'], [Infinity, '∞'], [NaN, '–'],
  ])('%d is %s', (x, text) => expect(significant(x)).toBe(text));
});
describe('duration', () => {
  it.each([
    [0, '0·ms'], [1, '1·ns'], [999, '999·ns'], [27_000, '27·µs'], [174_000, '174·µs'], [999_499, '999·µs'], [999_500, '1·ms'], [22_000_000, '22·ms'], [244_800_000, '245·ms'],
    [999_600_000, '1·s'], [1_500_000_000, '1.5·s'], [60e9, '60·s'], [300e9, '5·min'], [7200e9, '2·h'], [-40e6, '−40·ms'],
  ])('%d ns is %s', (ns, text) => expect(dots(duration(ns))).toBe(text));
});
describe('clock', () => {
  it.each([[0, '0.0·ms'], [244_800_000, '244.8·ms'], [9_999_900_000, '9999.9·ms'], [61_440_000_000, '61.440·s']])('%d ns is %s', (ns, text) => expect(dots(clock(ns))).toBe(text));
  it('ms keeps its unit whatever the size', () => expect(dots(ms(12_345_678_900))).toBe('12345.7·ms'));
});
describe('bytes, rates, ratios', () => {
  it.each([[0, '0·B'], [1448, '1448·B'], [9999, '9999·B'], [14_150, '14.2·kB'], [999_600, '1·MB'], [16_777_216, '16.8·MB'], [3e9, '3·GB']])('%d B is %s', (n, text) => expect(dots(bytes(n))).toBe(text));
  it.each([[0, 'null'], [64_000, '64·kbit/s'], [20e6, '20·Mbit/s'], [1e9, '1·Gbit/s']])('%d bit/s is %s', (n, text) => expect(dots(rate(n))).toBe(text));
  it.each([[0, '0·%'], [0.01, '1·%'], [0.0025, '0.25·%'], [1, '100·%']])('%d is %s', (n, text) => expect(dots(percent(n))).toBe(text));
  it.each([[1448, '1448'], [14_480, '14·480'], [-1_234_567, '−1·234·567']])('%d is %s', (n, text) => expect(dots(whole(n))).toBe(text));
});
