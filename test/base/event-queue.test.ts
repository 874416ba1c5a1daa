/** The future leaves in order of (time, sequence), however it was put in. */
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../src/base/event-queue';
import { sequence } from '../../src/base/random';

const drain = (q: EventQueue): [number, number][] => {
  const out: [number, number][] = [];
  while (q.size > 0) {
    const time = q.peekTime();
    const first = q.peekSlot();
    const slot = q.pop();
    expect(slot).toBe(first);
    out.push([time, slot]);
  }
  return out;
};

describe('event queue', () => {
  it('equal times leave as they came', () => {
    const q = new EventQueue();
    for (let slot = 0; slot < 100; slot++) q.push(slot % 3, slot);
    const out = drain(q);
    expect(out.map(([t]) => t)).toEqual([...Array<number>(34).fill(0), ...Array<number>(33).fill(1), ...Array<number>(33).fill(2)]);
    for (const time of [0, 1, 2]) {
      const slots = out.filter(([t]) => t === time).map(([, slot]) => slot);
      expect(slots).toEqual([...slots].sort((a, b) => a - b));
    }
  });

  it('agrees with a sorted list while entries come and go, beyond its first capacity', () => {
    const random = sequence(7);
    const q = new EventQueue();
    let list: { time: number; slot: number }[] = [];
    let largest = 0;
    for (let slot = 0; slot < 8_000; slot++) {
      const time = Math.floor(random() * 50) * 1e9 + 86_400e9;
      q.push(time, slot);
      list.push({ time, slot });
      largest = Math.max(largest, q.size);
      // long phases of growth, then of shrinking
      for (let n = slot < 4000 ? 0 : 2; n > 0 && q.size > 0; n--) {
        const first = list.reduce((a, b) => (b.time < a.time || (b.time === a.time && b.slot < a.slot) ? b : a));
        list = list.filter((e) => e !== first);
        expect(q.peekTime()).toBe(first.time);
        expect(q.pop()).toBe(first.slot);
      }
    }
    expect(largest).toBeGreaterThan(2048);
    list.sort((a, b) => a.time - b.time || a.slot - b.slot);
    expect(drain(q)).toEqual(list.map((e) => [e.time, e.slot]));
    expect(q.peekTime()).toBe(Infinity);
  });

  it('is as new after being cleared', () => {
    const q = new EventQueue();
    q.push(5, 1);
    q.clear();
    expect(q.size).toBe(0);
    q.push(9, 2);
    q.push(9, 3);
    expect(drain(q)).toEqual([[9, 2], [9, 3]]);
  });

  it.each([NaN, -1])('refuses the time %s, which would break its order silently', (time) => {
    expect(() => new EventQueue().push(time, 0)).toThrow('internal error');
  });
});
