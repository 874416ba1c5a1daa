/** Paths of keys through the structures: pages of EXPLAIN, order, LIMIT, visibility, sessions, cost of simulating. */
import { describe, expect, it } from 'vitest';
import { accessCost, complaintsAbout, openDatabase, type Access, type Database, type DatabaseSpec, type Query, type Settings, type TableSpec } from '../../src/storage';

const table = (over: Partial<TableSpec> = {}): TableSpec => ({
  rows: 100_000, primaryKey: ['id'], order: 'ascending', allVisible: 1, indexes: { t_k: { columns: ['k'], unique: false, build: 'bulk' } },
  columns: [{ name: 'id', type: 'bigint' }, { name: 'k', type: 'integer' }, { name: 'g', type: 'integer', distinct: 500 }, { name: 'payload', type: 'text', bytes: 100 }], ...over,
});
const open = (over: Partial<TableSpec> = {}, settings: Partial<Settings> = {}, bytes = 64 << 20): Database => openDatabase({ sharedBuffersBytes: bytes, settings, tables: { t: table(over) } }, 5);
const query = (column: string | null, values: readonly number[], over: Partial<Query> = {}): Query =>
  ({ table: 't', columns: '*', where: column === null ? null : { column, op: values.length === 1 ? '=' : 'between', values }, limit: null, ...over });
const run = (d: Database, q: Query): Access[] => [...d.run(q, d.plan(q).chosen).accesses].filter((a) => a.phase === 'execution');
const warm = (d: Database, q: Query): Access[] => (run(d, q), run(d, q));
const blocks = (accesses: readonly Access[], kind: Access['kind']): number[] => accesses.filter((a) => a.kind === kind).flatMap((a) => Array.from({ length: a.count }, (_, i) => a.block + i));
const only = (s: Partial<Settings>): Partial<Settings> => ({ enableSeqscan: false, enableBitmapscan: false, ...s });

describe('a look-up by key', () => {
  it('goes from the root to the leaf of its key, then to its heap page', () => {
    const d = open({ rows: 1_000_000 }), t = d.tables.get('t')!, tree = t.indexes[0]!.tree;
    for (const id of [1, 2, 366, 367, 500_000, 1_000_000]) {
      const path = warm(d, query('id', [id]));
      expect(path.map((a) => [a.relation, a.kind, a.level, a.block])).toEqual([
        ...tree.path(id - 1).map((s) => ['t_pkey', s.kind, s.level, s.block]), ['t', 'heap', 0, Math.floor((id - 1) / t.heap.perPage)],
      ]);
    }
  });
  it('of a random column finds the row that has the value', () => {
    const d = open(), t = d.tables.get('t')!, column = t.columns.get('k')!;
    for (const row of [0, 77, 99_999]) expect(blocks(warm(d, query('k', [column.valueOf(row)])), 'heap')).toEqual([t.heap.blockOf(row)]);
  });
  it('that finds nothing touches no heap page', () => {
    expect(warm(open(), query('id', [100_001])).map((a) => a.kind)).toEqual(['root', 'leaf']);
  });
  it('looks at the meta page once in a session while planning, and at a function of the catalogue', () => {
    const d = open(), q = query('id', [42]), plan = d.plan(q).chosen;
    const all = (session = d.session()) => [...d.run(q, plan, session).accesses];
    const session = d.session(), first = all(session), second = all(session);
    expect(first.filter((a) => a.phase === 'planning').map((a) => [a.relation, a.kind, a.block])).toEqual([['t_pkey', 'meta', 0], ['t_k', 'meta', 0]]);
    expect(first.filter((a) => a.relation.startsWith('pg_amproc')).map((a) => a.kind)).toEqual(['root', 'leaf', 'heap']);
    expect(second.map((a) => a.kind)).toEqual(['root', 'leaf', 'heap']);
    expect([...d.run({ ...q, bound: true }, plan, d.session()).accesses].some((a) => a.relation.startsWith('pg_'))).toBe(false);
  });
  it('costs reads when cold and none when warm', () => {
    const d = open(), cold = run(d, query('id', [9])), again = run(d, query('id', [9]));
    expect(cold.every((a) => a.reads === a.count && a.hits === 0)).toBe(true);
    expect(again.every((a) => a.hits === a.count && a.reads === 0)).toBe(true);
    expect(accessCost({ kind: 'heap', count: 2, tuples: 10 })).toBe(2 * 500 + 10 * 28);
  });
  it('is charged only when it is drawn', () => {
    const d = open(), q = query('id', [9]), path = d.run(q, d.plan(q).chosen).accesses[Symbol.iterator]();
    expect(d.pool.residentOf('t_pkey')).toBe(0);
    path.next();
    expect(d.pool.residentOf('t_pkey')).toBe(1);
  });
});

describe('ranges', () => {
  it('walk the leaves in key order and touch a pinned heap page once', () => {
    const d = open(), t = d.tables.get('t')!, path = warm(d, query('id', [5000, 9000]));
    const leaf = t.indexes[0]!.tree.levels[0]!;
    expect(blocks(path, 'leaf').length).toBe(leaf.pageOf(8999) - leaf.pageOf(4999) + 1);
    const first = t.heap.blockOf(4999), last = t.heap.blockOf(8999);
    expect(blocks(path, 'heap')).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i));
    expect(path.filter((a) => a.kind === 'heap').reduce((sum, a) => sum + a.tuples, 0)).toBe(4001);
  });
  it('of a random column hop over the heap, or read it in its order from a bitmap', () => {
    const q = query('k', [1001, 1300]), d = open({}, only({})), t = d.tables.get('t')!, column = t.columns.get('k')!;
    const expected = Array.from({ length: 300 }, (_, i) => t.heap.blockOf(column.rowAt(1000 + i)));
    expect(blocks(warm(d, q), 'heap')).toEqual(expected.filter((b, i) => b !== expected[i - 1]));
    const bitmap = open({}, { enableSeqscan: false, enableIndexscan: false });
    expect(bitmap.plan(q).chosen.node).toBe('Bitmap Heap Scan');
    expect(blocks(warm(bitmap, q), 'heap')).toEqual([...new Set(expected)].sort((a, b) => a - b));
  });
  it('end at LIMIT', () => {
    const d = open({}, only({})), path = warm(d, query('k', [1001, 1300], { limit: 10 }));
    expect(path.filter((a) => a.kind === 'heap').reduce((sum, a) => sum + a.tuples, 0)).toBe(10);
    expect(warm(d, query('k', [1001, 1300], { limit: 0 }))).toEqual([]);
  });
});

describe('index-only scans', () => {
  const q = query('id', [2000, 4000], { columns: 'count' });
  it('touch the visibility map and no heap page where all is visible', () => {
    const path = warm(open(), q);
    expect(blocks(path, 'heap')).toEqual([]);
    expect(blocks(path, 'vm')).toEqual([0]);
  });
  it('go to the heap for pages not marked, and have no map before VACUUM', () => {
    const half = open({ allVisible: 0.5 }, only({})), t = half.tables.get('t')!, heap = blocks(warm(half, q), 'heap');
    expect(heap).toEqual([...new Set(Array.from({ length: 2001 }, (_, i) => t.heap.blockOf(1999 + i)))].filter((b) => !t.heap.isVisible(b)));
    const none = warm(open({ allVisible: 0 }, only({})), q);
    expect(blocks(none, 'vm')).toEqual([]);
    expect(blocks(none, 'heap').length).toBeGreaterThan(heap.length);
  });
});

describe('scans in order', () => {
  it('count the same pages, hits and tuples whatever a run is, and stop at LIMIT', () => {
    for (const over of [{}, { limit: 3 }, { limit: 100 }]) {
      const q = query('g', [7], over), sums = [1, 7, 1024].map((scanRun) => {
        const d = open({}, { scanRun }, 2 << 20);
        return [...run(d, q), ...run(d, q)].reduce((s, a) => [s[0]! + a.count, s[1]! + a.hits, s[2]! + a.tuples], [0, 0, 0]);
      });
      expect(sums[1]).toEqual(sums[0]);
      expect(sums[2]).toEqual(sums[0]);
    }
  });
  it('stop on the page of the row that fulfils LIMIT', () => {
    const d = open({ columns: [{ name: 'id', type: 'bigint' }, { name: 'k', type: 'integer' }, { name: 'g', type: 'integer', distinct: 500 }] }), t = d.tables.get('t')!, g = t.columns.get('g')!;
    const rows = Array.from({ length: t.rows }, (_, r) => r).filter((r) => g.valueOf(r) === 7);
    expect(rows.length).toBe(200);
    for (const limit of [1, 3, 200, 201]) {
      const path = warm(d, query('g', [7], { limit }));
      expect(blocks(path, 'heap').length).toBe(limit > 200 ? t.heap.pages : t.heap.blockOf(rows[limit - 1]!) + 1);
      expect(d.run(query('g', [7], { limit }), d.plan(query('g', [7], { limit })).chosen).rows).toBe(Math.min(limit, 200));
    }
  });
  it('of a table larger than a quarter of the buffers leave the rest in place', () => {
    const d = open({}, {}, 2 << 20);
    warm(d, query('id', [1]));
    run(d, query(null, []));
    expect(run(d, query('id', [1])).filter((a) => a.relation === 't_pkey').every((a) => a.reads === 0)).toBe(true);
  });
});

describe('synchronised scans', () => {
  const pages = (d: Database, q: Query): number[] => run(d, q).flatMap((a) => Array.from({ length: a.count }, (_, i) => a.block + i));
  const small = (settings: Partial<Settings> = {}): Database => open({}, { enableIndexscan: false, enableBitmapscan: false, scanRun: 100, ...settings }, 4 << 20);
  const all = query(null, []), some = query(null, [], { limit: 5000 });
  it('a scan of a large table begins where another one was broken off, at a 16th page, and goes round', () => {
    const d = small(), { heap } = d.tables.get('t')!;
    const first = pages(d, some), stopped = Math.floor((5000 - 1) / heap.perPage);
    expect(first).toEqual(Array.from({ length: stopped + 1 }, (_, i) => i));
    const start = stopped - (stopped % 16), seen = pages(d, all);
    expect(seen[0]).toBe(start);
    expect(seen.at(-1)).toBe(start - 1);
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: heap.pages }, (_, i) => i));
    // a whole scan ends where it began, and so does the next begin; each takes the rows from there
    expect(pages(d, some).slice(0, 1)).toEqual([start]);
  });
  it('the row that fulfils LIMIT is the first one from there on, round over the end', () => {
    const d = small(), { heap } = d.tables.get('t')!, at = (row: number): Query => query('id', [row, row], { limit: 1 });
    const end = pages(d, at(90_001)).at(-1)!, start = end - (end % 16);
    expect(end).toBe(heap.blockOf(90_000));
    const behind = pages(d, at(1));
    expect([behind[0], behind.at(-1), behind.length]).toEqual([start, 0, heap.pages - start + 1]);
  });
  it('not when they are switched off, nor for a table below a quarter of shared buffers', () => {
    for (const d of [small({ synchronizeSeqscans: false }), open({}, { scanRun: 100 })]) {
      pages(d, some);
      expect(pages(d, all)[0]).toBe(0);
    }
  });
});

describe('columns by arithmetic', () => {
  it('values, counts and places agree', () => {
    for (const column of open({ rows: 10_007 }).tables.get('t')!.columns.values()) {
      const sorted = Array.from({ length: 10_007 }, (_, row) => ({ row, value: column.valueOf(row) })).sort((a, b) => a.value - b.value || a.row - b.row);
      for (let rank = 0; rank < sorted.length; rank += 13) expect(column.rowAt(rank)).toBe(sorted[rank]!.row);
      for (const v of [1, 2, 250, 500, 501]) expect(column.countBelow(v)).toBe(sorted.filter((x) => x.value < v).length);
    }
  });
});

describe('an empty table', () => {
  it('has nothing to touch', () => {
    const d = open({ rows: 0 });
    for (const q of [query('id', [5]), query('k', [1, 9]), query(null, [])]) {
      expect(run(d, q)).toEqual([]);
      expect(d.run(q, d.plan(q).chosen).rows).toBe(0);
    }
  });
});

describe('descriptions', () => {
  it('with mistakes are told with a cure', () => {
    const spec: DatabaseSpec = { sharedBuffersBytes: 1, tables: { t: table({ rows: -1, allVisible: 2, primaryKey: ['nope'], columns: [{ name: 'k', type: 'text' }, { name: 'g', type: 'integer', distinct: 0 }] }), u: table({ indexes: { x: { columns: ['g'], unique: true, build: 'bulk' }, y: { columns: ['g'], unique: false, build: 'inserts' } } }) } };
    const complaints = complaintsAbout(spec);
    for (const part of ['sharedBuffersBytes', 'tables.t.rows', 'tables.t.allVisible', 'tables.t.primaryKey: no column nope', 'tables.t.columns.k.bytes', 'tables.t.columns.g.distinct', 'tables.u.indexes.x', 'tables.u.indexes.y']) expect(complaints.some((c) => c.startsWith(part) && c.includes('; '))).toBe(true);
    expect(() => openDatabase(spec, 1)).toThrow();
    expect(complaintsAbout({ sharedBuffersBytes: 1 << 20, tables: { t: table() } })).toEqual([]);
  });
});

describe('a large table', () => {
  it('of 10⁸ rows costs a look-up no more work than its tree has levels (its time: npm run bench look-up-1e8)', () => {
    const d = open({ rows: 1e8, order: 'random' }), plan = d.plan(query('id', [1])).chosen;
    for (const first of d.run(query('id', [7]), plan).accesses) void first; // a session's first look-up reads the catalogue, too
    for (let i = 0; i < 500; i++) {
      const accesses = [...d.run(query('id', [1 + ((i * 48_271) % 1e8)]), plan).accesses];
      expect(accesses.map((a) => a.kind)).toEqual(['root', 'internal', 'internal', 'leaf', 'heap']);
      expect(accesses.every((a) => a.count === 1)).toBe(true);
    }
  });
});
