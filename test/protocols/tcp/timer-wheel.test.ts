import { describe, expect, it } from 'vitest';
import { wheelExpiry } from '../../../src/protocols/tcp/timer-wheel';

const MS = 1e6, TICK = 4 * MS;
describe('the timer wheel', () => {
  it.each([
    // armed at, for, fires at (ms): levels of 1, 8, 64 and 512 ticks of 4 ms
    [0, 40, 44], [2, 42, 44], [0, 248, 252], [0, 252, 256], [0, 300, 320], [0, 1000, 1024], [1024, 2024, 2048], [5120, 7120, 7136], [1024, 3040, 3072], [0, 32000, 32768],
  ])('armed at %d ms for %d ms fires at %d ms', (now, at, fires) => expect(wheelExpiry(now * MS, at * MS, TICK) / MS).toBe(fires));
  it('is never early, and late by less than an eighth and two ticks', () => {
    for (let wait = 1; wait < 120_000; wait = Math.ceil(wait * 1.07)) {
      for (const now of [0, 3, 17, 1001, 65_003]) {
        const late = wheelExpiry(now * MS, (now + wait) * MS, TICK) / MS - now - wait;
        expect(late).toBeGreaterThan(0);
        expect(late).toBeLessThanOrEqual(wait / 7.5 + 8);
      }
    }
  });
  it('is exact without ticks', () => expect(wheelExpiry(5, 17, 0)).toBe(17));
});
