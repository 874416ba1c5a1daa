/** Texts are placed, never over each other. */
import { describe, expect, it } from 'vitest';
import { contains, overlap, placer, textWidth, type TextBox } from '../../src/ui/place';

const box = (x: number, y: number, width = 40, height = 10, angle = 0): TextBox => ({ x, y, width, height, angle });

describe('boxes', () => {
  it('overlap or not, turned as well', () => {
    expect(overlap(box(0, 0), box(39, 0))).toBe(true);
    expect(overlap(box(0, 0), box(41, 0))).toBe(false);
    expect(overlap(box(0, 0), box(0, 11))).toBe(false);
    // side by side along a slope: their upright bounds overlap, they do not
    expect(overlap(box(0, 0, 100, 10, 45), box(10, -10, 100, 10, 45))).toBe(false);
    expect(overlap(box(0, 0, 100, 10, 45), box(10, -10, 100, 10, -45))).toBe(true);
  });
  it('contain points in their own turn', () => {
    expect(contains(box(0, 0, 100, 10, 90), 0, 45)).toBe(true);
    expect(contains(box(0, 0, 100, 10, 90), 45, 0)).toBe(false);
  });
});
describe('the placer', () => {
  it('takes the first free candidate and drops what has none', () => {
    const free = placer(200, 100);
    expect(free.place([{ box: box(50, 50) }])?.box.x).toBe(50);
    expect(free.place([{ box: box(60, 52) }, { box: box(60, 70) }])?.box.y).toBe(70);
    expect(free.place([{ box: box(55, 55) }, { box: box(195, 50) }])).toBeNull();
    for (const a of free.taken) for (const b of free.taken) if (a !== b) expect(overlap(a, b)).toBe(false);
  });
  it('knows wide letters from narrow ones', () => expect(textWidth('SYN-ACK', 12)).toBeGreaterThan(textWidth('illijjt', 12) * 1.5));
});
