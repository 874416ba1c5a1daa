/** The top row and the first parameters: nothing is lost at any width, and nothing is cut. */
import { describe, expect, it } from 'vitest';
import { barOf, TOOLS } from '../../src/app/header-layout';
import { leversThatFit, leverWidth } from '../../src/app/lever-room';

describe('the top row', () => {
  it.each([320, 360, 700, 768, 1000, 1100, 1240, 1280, 1500, 1920])('at %i px has every tool in the row or in the menu, none twice', (width) => {
    for (const projector of [false, true]) {
      const { tools, menu } = barOf(width, projector, 520);
      const all = [...tools, ...menu];
      expect(new Set(all).size).toBe(all.length);
      // between 1240 and 1500 px the full screen has its key only; "How true is this?" stands in the rail from 700 px on
      for (const t of TOOLS) expect(all.includes(t) || (t === 'full' && width >= 1240 && width < 1500 && !projector) || (t === 'howTrue' && width >= 700 && !projector)).toBe(true);
    }
  });
  it('has tabs at 1280, a list where they have no room', () => {
    expect(barOf(1280, false, 520).tabs).toBe(true);
    expect(barOf(1280, false, 900).tabs).toBe(false);
    expect(barOf(768, false, 520).tabs).toBe(false);
    expect(barOf(1920, true, 520).tabs).toBe(false);
  });
});
describe('the first parameters', () => {
  it('are as many as fit in one row, in order', () => {
    const widths = [104, 150, 120, 200, 104];
    expect(leversThatFit(widths, 0)).toBe(5);
    expect(leversThatFit(widths, 400)).toBe(2);
    expect(leversThatFit(widths, 2000)).toBe(5);
    for (let room = 100; room < 900; room += 7) {
      const n = leversThatFit(widths, room);
      if (n < 5) expect(16 + widths.slice(0, n + 1).reduce((a, b) => a + b) + 16 * n).toBeGreaterThan(room);
    }
    expect(leverWidth({ name: 'proxy’s read time-out', spec: { type: 'duration' } }, null, '60 s')).toBeGreaterThan(leverWidth({ name: 'RTT', spec: { type: 'duration' } }, null, '60 s'));
  });
});
