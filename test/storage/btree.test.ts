/** Shapes of B-trees against those of PostgreSQL 15: built and ascending ones exact, randomly grown ones within 2 %. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { btree, type BTree, type BTreeSpec } from '../../src/storage/btree';
import { fillRule } from '../../src/storage/btree-fill';
import type { ColumnLayout } from '../../src/storage/layout';

interface Shape { how: string; key: string; rows: number; level: number; leaf_pages: number; internal_pages: number; root_items: number; pages_total: number }
const { shapes } = JSON.parse(readFileSync(new URL('../fixtures/storage/btree-pg15.json', import.meta.url), 'utf8')) as { shapes: Shape[] };
const plans = JSON.parse(readFileSync(new URL('../fixtures/storage/plans-pg15.json', import.meta.url), 'utf8')) as { leaves: Record<string, number> };
const KEYS: Record<string, ColumnLayout> = {
  bigint_8B_ascending: { type: 'bigint' }, bigint_8B_random: { type: 'bigint' }, uuid_16B_random: { type: 'uuid' }, text_15B_ascending: { type: 'text', bytes: 15 }, text_32B_random: { type: 'text', bytes: 32 },
};
const tree = (rows: number, key: ColumnLayout, build: BTreeSpec['build'], seed = 1, copies = 1): BTree => btree({ rows, columns: [key], build, copies, fillfactor: 90, profilePages: 8192 }, seed);
const buildOf = (s: Shape): BTreeSpec['build'] => (s.how.startsWith('CREATE') ? 'bulk' : s.key.endsWith('random') ? 'random' : 'ascending');
const exact = shapes.filter((s) => buildOf(s) !== 'random'), random = shapes.filter((s) => buildOf(s) === 'random');

describe('built and ascending trees', () => {
  it.each(exact.map((s) => [s.rows, s.key, buildOf(s), s] as const))('%i rows, %s, %s: as measured', (rows, key, build, s) => {
    const t = tree(rows, KEYS[key]!, build);
    expect({ level: t.height, leaves: t.levels[0]!.pages, internal: t.internalPages, root: t.itemsOn(t.height, 0), pages: t.pages })
      .toEqual({ level: s.level, leaves: s.leaf_pages, internal: s.internal_pages, root: s.root_items, pages: s.pages_total });
  });
  it('keep rows of one key in posting lists, as measured', () => {
    expect(tree(200000, { type: 'integer' }, 'bulk', 1, 200).levels[0]!.pages).toBe(plans.leaves.d_b);
    expect(tree(200000, { type: 'bigint' }, 'bulk', 1, 20).levels[0]!.pages).toBe(plans.leaves.d_c);
  });
  it('are one leaf until it is full', () => {
    expect([367, 368].map((n) => tree(n, { type: 'bigint' }, 'bulk').height)).toEqual([0, 1]);
    expect([407, 408].map((n) => tree(n, { type: 'bigint' }, 'ascending').height)).toEqual([0, 1]);
  });
});

describe('randomly grown trees', () => {
  it.each(random.filter((s) => s.rows >= 1e6).map((s) => [`${s.rows} rows, ${s.key}`, s] as const))('%s: leaves within two per cent of the measured sample', (_, s) => {
    for (const seed of [1, 2, 3]) {
      const t = tree(s.rows, KEYS[s.key]!, 'random', seed);
      expect(t.height).toBe(s.level);
      expect(Math.abs(t.levels[0]!.pages / s.leaf_pages - 1)).toBeLessThan(0.02);
    }
  });
  it.each(random.filter((s) => s.rows < 1e6).map((s) => [s.rows, s.key, s] as const))('%i rows, %s: few leaves, so near the sample', (rows, key, s) => {
    const t = tree(rows, KEYS[key]!, 'random');
    expect(t.height).toBe(s.level);
    expect(Math.abs(t.levels[0]!.pages - s.leaf_pages)).toBeLessThanOrEqual(Math.max(1, 3 * Math.sqrt(s.leaf_pages) * 0.3));
  });
  it('are the same for the same seed and others for another', () => {
    const starts = (seed: number): number[] => Array.from({ length: 30 }, (_, p) => tree(50000, { type: 'uuid' }, 'random', seed).levels[0]!.start(p));
    expect(starts(5)).toEqual(starts(5));
    expect(starts(5)).not.toEqual(starts(6));
  });
  it('never hold more on a page than fits', () => {
    const t = tree(300000, { type: 'bigint' }, 'random'), rule = fillRule(16, true, 90);
    for (let p = 0; p < t.levels[0]!.pages; p++) expect(t.itemsOn(0, p)).toBeLessThanOrEqual(rule.edgeMax + 1);
  });
});

describe('pages of any tree', () => {
  const cases: [string, BTree][] = [
    ...(['bulk', 'ascending', 'random'] as const).flatMap((build) => [1, 2, 500, 5000, 120_000, 1_234_567].map((n): [string, BTree] => [`${build} ${n}`, tree(n, { type: 'uuid' }, build)])),
    ['posting lists', tree(300_000, { type: 'integer' }, 'bulk', 1, 37)],
    ['tiled', btree({ rows: 400_000, columns: [{ type: 'text', bytes: 32 }], build: 'random', copies: 1, fillfactor: 90, profilePages: 300 }, 4)],
  ];
  it.each(cases)('%s: each block but the first is one page', (_, t) => {
    const blocks = new Set<number>();
    t.levels.forEach((level, l) => {
      for (let p = 0; p < level.pages; p++) blocks.add(t.blockOf(l, p));
    });
    expect(blocks.size).toBe(t.pages - 1);
    expect(Math.min(...blocks)).toBe(1);
    expect([...blocks].reduce((a, b) => Math.max(a, b), 0)).toBe(t.pages - 1);
  });
  it.each(cases)('%s: each item is on the page that says so, and paths go from the root to its leaf', (_, t) => {
    t.levels.forEach((level, l) => {
      let sum = 0;
      for (let p = 0; p < level.pages; p++) {
        const n = t.itemsOn(l, p);
        expect(n).toBeGreaterThan(0);
        expect([level.pageOf(sum), level.pageOf(sum + n - 1)]).toEqual([p, p]);
        sum += n;
      }
      expect(sum).toBe(level.items);
    });
    const rows = t.levels[0]!.items, path = t.path(Math.floor(rows / 2));
    expect(path.map((s) => s.level)).toEqual(Array.from({ length: t.height + 1 }, (_, i) => t.height - i));
    expect(path[path.length - 1]!.block).toBe(t.blockOf(0, t.levels[0]!.pageOf(Math.floor(rows / 2))));
    expect(path[0]!.kind).toBe('root');
  });
  it('a build makes a leaf, its neighbour, then their root', () => {
    const t = tree(10_000, { type: 'bigint' }, 'bulk');
    expect([t.blockOf(0, 0), t.blockOf(0, 1), t.blockOf(1, 0), t.blockOf(0, 2)]).toEqual([1, 2, 3, 4]);
  });
});
