/** The index view's facts: accesses in time, running sums, levels. */
import { describe, expect, it } from 'vitest';
import { indexTrace } from '../../../src/trace';
import { asideAt, distinctPages, levelsOf, scannedInstead, statementAt, stepState, sumsAt, walkOf, type Step } from '../../../src/views/index-structure/walk';
import { HEAP, lookUp, planned, three } from './fixtures';

const MS = 1_000_000;

describe('a look-up', () => {
  const index = indexTrace(lookUp().trace);
  const walk = walkOf(index, 0)!;
  it('sums hits, reads and time up to a moment', () => {
    expect(sumsAt(walk, 10 * MS)).toEqual({ steps: 0, hits: 0, reads: 0, pages: 0, ns: 0 });
    expect(sumsAt(walk, 10 * MS + 400)).toEqual({ steps: 1, hits: 1, reads: 0, pages: 1, ns: 400 });
    expect(sumsAt(walk, 10 * MS + 92_899)).toMatchObject({ steps: 2, hits: 2, reads: 0 });
    expect(sumsAt(walk, 10 * MS + 92_900)).toMatchObject({ steps: 3, hits: 2, reads: 1 });
    expect(sumsAt(walk, 15 * MS)).toEqual({ steps: 4, hits: 2, reads: 2, pages: 4, ns: 185_000 });
  });
  it('leaves no time between its accesses', () => {
    expect(walk.steps.map((s) => s.since)).toEqual([walk.start, ...walk.steps.slice(0, -1).map((s) => s.at)]);
    expect(walk.steps.reduce((sum, s) => sum + s.at - s.since, 0)).toBe(walk.end - walk.start);
  });
  it('has one access under way, the rest done or ahead', () => {
    expect(walk.steps.map((s) => stepState(walk, s, 10 * MS + 50_000))).toEqual(['done', 'done', 'doing', 'ahead']);
    expect(walk.steps.map((s) => stepState(walk, s, 9 * MS))).toEqual(['ahead', 'ahead', 'ahead', 'ahead']);
    expect(walk.steps.map((s) => stepState(walk, s, 20 * MS))).toEqual(['done', 'done', 'done', 'done']);
  });
  it('passes root, internal, leaf and heap, each access on its level', () => {
    const levels = levelsOf(walk.query, walk.steps);
    expect(levels.map((l) => [l.kind, l.pages, l.steps.length])).toEqual([['root', 1, 1], ['internal', 10, 1], ['leaf', 2733, 1], ['heap', 18_182, 1]]);
    expect(walk.of).toBe(1 + 10 + 2733 + 18_182);
  });
  it('would otherwise read the whole heap', () => expect(scannedInstead(walk.query)).toBe(HEAP));
});

describe('the first look-up of a session', () => {
  const walk = walkOf(indexTrace(planned().trace), 0)!;
  const end = 20 * MS;
  it('has the chosen index and the table alone as its structure', () => {
    expect(levelsOf(walk.query, walk.steps).map((l) => [l.relation, l.kind, l.steps.length])).toEqual([['orders_pkey', 'root', 1], ['orders_pkey', 'internal', 1], ['orders_pkey', 'leaf', 1], ['orders', 'heap', 1]]);
    expect(walk.steps.map((s) => s.number)).toEqual([0, 1, 2, 3]);
    expect(sumsAt(walk, end)).toMatchObject({ pages: 4, hits: 2, reads: 2 });
  });
  it('counts planning and the catalogue apart, and loses no time between them', () => {
    expect(asideAt(walk, end)).toEqual({ metas: 2, catalogue: 3, hits: 1, reads: 4, ns: 416_500 });
    expect(asideAt(walk, 10 * MS + 116_000)).toMatchObject({ metas: 1, catalogue: 0 });
    expect(asideAt(walk, end).ns + walk.steps.reduce((sum, s) => sum + s.at - s.since, 0)).toBe(sumsAt(walk, end).ns);
    expect(walk.all.length).toBe(9);
  });
});

describe('several statements', () => {
  const index = indexTrace(three().trace);
  it('are chosen by time: the last that had begun, before all of them the first', () => {
    expect([0, 10, 15, 20, 30, 40, 400].map((t) => statementAt(index, t * MS))).toEqual([0, 0, 0, 1, 1, 2, 2]);
  });
  it('count a page once however often it is met', () => {
    const step = (relation: string, block: number, count: number): Step => ({ run: { relation, block, count, kind: 'heap' } }) as unknown as Step;
    expect(distinctPages([step('a', 0, 10), step('a', 5, 10), step('a', 40, 1), step('a', 40, 1), step('b', 0, 3)])).toBe(15 + 1 + 3);
    expect(distinctPages([step('a', 0, 10), step('a', 2, 3), step('a', 9, 2)])).toBe(11);
  });
  it('lose no access: each is on one level', () => {
    for (const id of [0, 1, 2]) {
      const walk = walkOf(index, id)!;
      expect(levelsOf(walk.query, walk.steps).flatMap((l) => l.steps).sort((a, b) => a.number - b.number)).toEqual(walk.steps);
    }
  });
  it('have no scan beside them when they are one', () => expect(scannedInstead(walkOf(index, 2)!.query)).toBeNull());
  it('tell memory, disk and both', () => {
    const walk = walkOf(index, 1)!;
    expect(walk.steps.slice(0, 5).map((s) => s.found)).toEqual(['hit', 'hit', 'mixed', 'mixed', 'read']);
  });
});
