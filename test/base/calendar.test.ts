/** Dates by arithmetic are those of the calendar. */
import { expect, it } from 'vitest';
import { imfFixdate } from '../../src/base/calendar';

it('agrees with the platform on every day of 150 years, and on odd seconds', () => {
  for (let day = 0; day < 150 * 365; day++) {
    const seconds = day * 86_400 + ((day * 7919) % 86_400);
    expect(imfFixdate(seconds)).toBe(new Date(seconds * 1000).toUTCString());
  }
});
