/** Costs of inserting: what an index adds, what random order adds, what a checkpoint adds. Measured rows are judged by the fidelity family `postgres`. */
import { describe, expect, it } from 'vitest';
import { openDatabase, type ColumnSpec, type Database, type IndexSpec } from '../../src/storage';

const KEYS: ColumnSpec[] = [1, 2, 3].map((i) => ({ name: `k${i}`, type: 'integer' }));
const open = (rows: number, secondary: number, over: { order?: 'ascending' | 'random'; columns?: ColumnSpec[]; fullPageWrites?: boolean } = {}): Database => openDatabase({
  sharedBuffersBytes: 64 << 20, settings: { fullPageWrites: over.fullPageWrites ?? true },
  tables: {
    t: {
      rows, primaryKey: ['id'], order: over.order ?? 'ascending', allVisible: 1, columns: [{ name: 'id', type: 'bigint' }, ...(over.columns ?? KEYS)],
      indexes: Object.fromEntries(KEYS.slice(0, secondary).map((k) => [`t_${k.name}`, { columns: [k.name], unique: false, build: 'inserts' } satisfies IndexSpec])),
    },
  },
}, 1);

describe('inserts', () => {
  it('into one leaf: a heap record and an index record each, to the byte', () => {
    const report = open(0, 0).insert('t', 100);
    // heap: 24 + 20 + 5 + 5 + (24 + 8 + 12 - 23) = 75, leaf: 24 + 20 + 4 + 16 = 64, aligned; and the log's page headers
    expect(report.walBytes).toBe(Math.round((100 * (80 + 64) * 8192) / 8168));
    expect(report.splits).toBe(0);
  });
  it('cost more with each index, about the same for each', () => {
    const wal = [0, 1, 2, 3].map((n) => open(0, n).insert('t', 30_000).walBytes / 30_000);
    const added = [wal[1]! - wal[0]!, wal[2]! - wal[1]!, wal[3]! - wal[2]!];
    for (const a of added) expect(Math.abs(a - 76)).toBeLessThan(8);
  });
  it('at the right edge of a high tree find the leaf at once; in a low one they go down from the root', () => {
    expect(open(1_000_000, 0).insert('t', 10_000).buffers / 10_000).toBeLessThan(2.2);
    expect(open(100_000, 0).insert('t', 10_000).buffers / 10_000).toBeGreaterThan(2.9);
    expect(open(1_000_000, 0, { order: 'random' }).insert('t', 10_000).buffers / 10_000).toBeGreaterThan(3.9);
  });
  it('after a checkpoint log each page once in full, unless that is switched off', () => {
    const quiet = open(300_000, 1).insert('t', 5000), loud = open(300_000, 1).insert('t', 5000, { afterCheckpoint: true });
    expect(quiet.images).toBe(0);
    expect(loud.images).toBeGreaterThan(900);
    expect(loud.walBytes).toBeGreaterThan(4 * quiet.walBytes);
    expect(open(300_000, 1, { fullPageWrites: false }).insert('t', 5000, { afterCheckpoint: true }).images).toBe(0);
  });
  it('leave the table as it is, and cost the same again', () => {
    const d = open(50_000, 2), pages = d.tables.get('t')!.indexes.map((i) => i.tree.pages);
    const first = d.insert('t', 20_000);
    expect(d.insert('t', 20_000)).toEqual(first);
    expect(d.tables.get('t')!.indexes.map((i) => i.tree.pages)).toEqual(pages);
    expect(first.splits).toBeGreaterThan(50);
  });
});
