/** Pages as numbers: one square each where they fit, one scale for all, places in order, links from access to access. */
import { describe, expect, it } from 'vitest';
import { indexTrace } from '../../../src/trace';
import { fitting, gridOf, gridRoom, LABEL_GAP, layoutWalk, ordinal, panelsOf, pictureHeight, scaleFor, squaresPath } from '../../../src/views/index-structure/layout';
import { levelsOf, walkOf, type LevelRow } from '../../../src/views/index-structure/walk';
import { lookUp, three } from './fixtures';

/** Area of an outline made of M, H, V and Z only. */
function area(path: string): number {
  let sum = 0;
  for (const part of path.split('Z').filter(Boolean)) {
    const [, x, y, right, bottom] = /^M([\d.]+) ([\d.]+)H([\d.]+)V([\d.]+)/.exec(part)!.map(Number);
    sum += (right! - x!) * (bottom! - y!);
  }
  return sum;
}

describe('a grid', () => {
  it('has a square for each page', () => {
    const grid = gridOf(2733, 0, 0, 620, { cell: 3, per: 1 });
    expect(grid.squares).toBe(2733);
    expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(2733);
    expect(grid.columns * (grid.rows - 1)).toBeLessThan(2733);
    expect(grid.columns * grid.cell).toBeLessThanOrEqual(620);
  });
  it.each([[0, 1], [0, 10], [3, 10], [3, 25], [10, 30], [7, 95], [90, 96], [0, 96]])('outlines squares %i to %i with exactly their area', (from, to) => {
    expect(area(squaresPath(gridOf(96, 5, 7, 40, { cell: 4, per: 1 }), from, to))).toBe((to - from) * 16);
  });
});

describe('the scale', () => {
  it('is the largest at which all fit', () => {
    expect(scaleFor([{ width: 620, height: 300, pages: [2733, 18_182] }])).toEqual({ cell: 2, per: 1 });
    expect(scaleFor([{ width: 620, height: 400, pages: [2733, 18_182] }])).toEqual({ cell: 3, per: 1 });
    expect(scaleFor([{ width: 620, height: 400, pages: [50] }]).cell).toBe(14);
  });
  it('is one for panels of different widths: the tighter decides', () => {
    const wide = { width: 1000, height: 400, pages: [18_182] }, tight = { width: 400, height: 400, pages: [18_182] };
    expect(scaleFor([wide, tight])).toEqual(scaleFor([tight]));
    expect(scaleFor([wide]).cell).toBeGreaterThan(scaleFor([tight]).cell);
  });
  it('says how many pages stand together when a million do not fit', () => {
    const { cell, per } = scaleFor([{ width: 620, height: 400, pages: [1_000_000] }]);
    expect(per).toBeGreaterThan(1);
    expect(gridOf(1_000_000, 0, 0, 620, { cell, per }).rows * cell).toBeLessThanOrEqual(400);
    expect(gridOf(1_000_000, 0, 0, 620, { cell, per }).squares * per).toBeGreaterThanOrEqual(1_000_000);
  });
});

describe('places', () => {
  const row = (kind: LevelRow['kind'], pages: number, blocks: number): LevelRow => ({ key: '', relation: '', kind, level: 0, pages, blocks, steps: [] });
  it('of heap pages are their block numbers', () => expect(ordinal(row('heap', 18_182, 18_182), 17_000)).toBe(17_000));
  it('of tree pages keep the order of their blocks and stay on the level', () => {
    const leaves = row('leaf', 2733, 2745);
    let last = -1;
    for (let block = 1; block < 2745; block++) {
      const place = ordinal(leaves, block);
      expect(place).toBeGreaterThanOrEqual(last);
      expect(place).toBeLessThan(2733);
      expect(Math.abs(place - block)).toBeLessThanOrEqual(13);
      last = place;
    }
  });
});

describe.each([[360, 640, 12], [980, 480, 12], [1280, 720, 12], [1920, 1080, 37]])('the picture at %i × %i', (width, height, type) => {
  const cases = [
    ['look-up', indexTrace(lookUp().trace), 0],
    ['range', indexTrace(three().trace), 1],
    ['scan', indexTrace(three().trace), 2],
    ['a million pages', indexTrace(three(1_000_000).trace), 0],
  ] as const;
  it.each(cases)('%s: levels below each other, every mark inside its own', (_, index, id) => {
    const walk = walkOf(index, id)!;
    const rows = levelsOf(walk.query, walk.steps);
    const { walk: panel } = panelsOf(width, pictureHeight(width, height, type), type, true);
    const picture = layoutWalk(rows, walk.steps, panel, scaleFor([gridRoom(rows, panel)]));
    let y = 0, marks = 0;
    for (const level of picture.levels) {
      expect(level.top).toBeGreaterThanOrEqual(y);
      y = level.top + level.height;
      marks += level.marks.length;
      for (const m of level.marks) {
        expect(m.x).toBeGreaterThanOrEqual(picture.left);
        expect(m.x).toBeLessThanOrEqual(panel.width);
        expect(m.y).toBeGreaterThanOrEqual(level.top);
        expect(m.y).toBeLessThanOrEqual(level.top + level.height);
      }
      for (const [x, w] of level.boxes) expect(w > 0 && x + w <= panel.width).toBe(true);
    }
    for (const m of picture.levels.flatMap((l) => l.marks)) {
      if (m.label === 'right') expect(m.x + LABEL_GAP + m.room).toBeLessThanOrEqual(panel.width);
      if (m.label === 'left') expect(m.x - LABEL_GAP - m.room).toBeGreaterThanOrEqual(0);
    }
    expect(marks).toBe(walk.steps.length);
    expect(picture.height).toBeGreaterThanOrEqual(y);
    for (const link of picture.links) expect(link.path).not.toMatch(/NaN|undefined/);
  });
});

describe('a label', () => {
  it('is the longest that has room, else the shortest', () => {
    expect(fitting(['101 µs, block 0, read', '101 µs, block 0', '101 µs'], 200, 12)).toBe('101 µs, block 0, read');
    expect(fitting(['101 µs, block 0, read', '101 µs, block 0', '101 µs'], 130, 12)).toBe('101 µs, block 0');
    expect(fitting(['101 µs, block 0, read', '101 µs'], 10, 12)).toBe('101 µs');
  });
});

describe('links', () => {
  const index = indexTrace(lookUp().trace);
  const walk = walkOf(index, 0)!;
  const rows = levelsOf(walk.query, walk.steps);
  const { walk: panel } = panelsOf(1280, 500, 12, true);
  const picture = layoutWalk(rows, walk.steps, panel, { cell: 3, per: 1 });
  it('lead from each access to the next', () => {
    expect(picture.links.map((l) => l.step.number)).toEqual([1, 2, 3]);
    const marks = picture.levels.flatMap((l) => l.marks);
    picture.links.forEach((link, i) => {
      expect(link.path.startsWith(`M${marks[i]!.x} `)).toBe(true);
      expect(link.path).toContain(`H${marks[i + 1]!.x}`);
    });
  });
});
