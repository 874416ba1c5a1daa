/** Statements by hand, with shapes and costs as PostgreSQL 15 has them for a table of a million rows (measured: 2,733 leaves, 18,182 heap pages). */
import { defineKinds } from '../../../src/model/kinds';
import type { PlanNode, RelationShape } from '../../../src/model/query';
import { TraceBuilder } from '../../support/trace-builder';

const DB = defineKinds('db', { pages_touched: { layer: 'storage', subject: 'query', a: 'run' } });

export const PKEY: RelationShape = { name: 'orders_pkey', kind: 'btree', pages: 2745, rows: 1_000_000, levels: [2733, 10, 1], perPage: 367 };
export const HEAP: RelationShape = { name: 'orders', kind: 'heap', pages: 18_182, rows: 1_000_000, levels: [], perPage: 55 };

const plan = (node: string, relation: string, index: string | null, condition: string, rows: number, terms: PlanNode['terms']): PlanNode => ({
  node, relation, index, startupCost: 0, totalCost: terms.reduce((sum, t) => sum + t.cost, 0), rows, condition, terms,
});
export const INDEX_SCAN = plan('Index Scan', 'orders', 'orders_pkey', 'Index Cond: (id = 42)', 1, [
  { name: 'descent', cost: 0.43, formula: '⌈log₂ 1 000 000⌉ × 0.0025 + (2 + 1) × 50 × 0.0025' },
  { name: 'index page', cost: 4, formula: '1 × random_page_cost 4' },
  { name: 'heap page', cost: 4, formula: '1 × random_page_cost 4' },
  { name: 'index entry and row', cost: 0.02, formula: '0.005 + 0.01 + 0.0025' },
]);
export const SEQ_SCAN = plan('Seq Scan', 'orders', null, 'Filter: (id = 42)', 1, [
  { name: 'pages', cost: 18_182, formula: '18 182 × seq_page_cost 1' },
  { name: 'rows', cost: 10_000, formula: '1 000 000 × cpu_tuple_cost 0.01' },
  { name: 'filter', cost: 2_500, formula: '1 000 000 × cpu_operator_cost 0.0025' },
]);

const builder = (): { b: TraceBuilder; database: number } => {
  const b = new TraceBuilder({ hosts: ['app', 'database'], kinds: [DB] });
  return { b, database: b.endpoint('database', 'storage', 'postgres') };
};
/** One row by its key at 10 ms: root and internal in memory (0.4 µs each), leaf and heap from disk (92.1 µs each); then the answer. */
export function lookUp() {
  const { b, database } = builder();
  b.at(10);
  const row = b.query(database, 'SELECT * FROM orders WHERE id = 42', [PKEY, HEAP], INDEX_SCAN, [SEQ_SCAN]);
  b.touch(row, 0.0004, { relation: 'orders_pkey', kind: 'root', level: 2, block: 290, hits: 1 });
  b.touch(row, 0.0004, { relation: 'orders_pkey', kind: 'internal', level: 1, block: 3, hits: 1 });
  b.touch(row, 0.0921, { relation: 'orders_pkey', kind: 'leaf', block: 1 });
  b.touch(row, 0.0921, { relation: 'orders', kind: 'heap', block: 0 });
  b.answer(row, 1);
  b.at(20);
  return { b, row, trace: b.done() };
}
/** The look-up, then a range over 40 leaves whose rows lie scattered, then the same table read in sequence. `heap` pages of the last. */
export function three(heapPages = HEAP.pages) {
  const { b, database } = builder();
  const heap = { ...HEAP, pages: heapPages };
  b.at(10);
  const one = b.query(database, 'SELECT * FROM orders WHERE id = 700000', [PKEY, heap], INDEX_SCAN, [SEQ_SCAN]);
  b.touch(one, 0.0004, { relation: 'orders_pkey', kind: 'root', level: 2, block: 290, hits: 1 });
  b.touch(one, 0.0004, { relation: 'orders_pkey', kind: 'internal', level: 1, block: 2000, hits: 1 });
  b.touch(one, 0.0921, { relation: 'orders_pkey', kind: 'leaf', block: 1915 });
  b.touch(one, 0.0921, { relation: 'orders', kind: 'heap', block: Math.floor(heapPages * 0.7) });
  b.answer(one, 1);
  b.at(20);
  const range = b.query(database, 'SELECT * FROM orders WHERE customer BETWEEN 10 AND 40', [{ ...PKEY, name: 'orders_customer' }, heap], { ...INDEX_SCAN, index: 'orders_customer', node: 'Bitmap Heap Scan' }, [SEQ_SCAN, { ...INDEX_SCAN, index: 'orders_customer' }]);
  b.touch(range, 0.0004, { relation: 'orders_customer', kind: 'root', level: 2, block: 290, hits: 1 });
  b.touch(range, 0.0004, { relation: 'orders_customer', kind: 'internal', level: 1, block: 290, hits: 1 });
  b.touch(range, 0.6, { relation: 'orders_customer', kind: 'leaf', block: 500, count: 40, hits: 10, tuples: 12_000 });
  for (let i = 0; i < 60; i++) b.touch(range, 0.05, { relation: 'orders', kind: 'heap', block: Math.floor((heapPages / 60) * i), count: i % 5 === 0 ? 3 : 1, hits: i % 3 === 0 ? 1 : 0 });
  b.answer(range, 12_000);
  b.at(40);
  const scan = b.query(database, 'SELECT count(*) FROM orders', [PKEY, heap], SEQ_SCAN, []);
  b.touch(scan, 100, { relation: 'orders', kind: 'heap', block: 0, count: Math.floor(heapPages / 4), hits: 0, tuples: 250_000 });
  b.touch(scan, 260, { relation: 'orders', kind: 'heap', block: Math.floor(heapPages / 4), count: heapPages - Math.floor(heapPages / 4), hits: 0, tuples: 750_000 });
  b.answer(scan, 1);
  b.at(420);
  return { b, one, range, scan, trace: b.done() };
}
/** As `lookUp`, the first of its session: planning reads the meta pages of two indexes, the search looks an operator up in the catalogue. */
export function planned() {
  const { b, database } = builder();
  b.at(10);
  const row = b.query(database, 'SELECT * FROM orders WHERE id = 42', [PKEY, HEAP, { ...PKEY, name: 'orders_customer' }], INDEX_SCAN, [SEQ_SCAN]);
  b.touch(row, 0.116, { phase: 'planning', relation: 'orders_pkey', kind: 'meta', level: 2, block: 0 });
  b.touch(row, 0.1, { phase: 'planning', relation: 'orders_customer', kind: 'meta', level: 2, block: 0 });
  b.touch(row, 0.1, { relation: 'pg_amproc_fam_proc_index', kind: 'root', level: 1, block: 3 });
  b.touch(row, 0.0005, { relation: 'pg_amproc_fam_proc_index', kind: 'leaf', block: 1, hits: 1 });
  b.touch(row, 0.1, { relation: 'pg_amproc', kind: 'heap', block: 0 });
  b.touch(row, 0.0004, { relation: 'orders_pkey', kind: 'root', level: 2, block: 290, hits: 1 });
  b.touch(row, 0.0004, { relation: 'orders_pkey', kind: 'internal', level: 1, block: 3, hits: 1 });
  b.touch(row, 0.0921, { relation: 'orders_pkey', kind: 'leaf', block: 1 });
  b.touch(row, 0.0921, { relation: 'orders', kind: 'heap', block: 0 });
  b.answer(row, 1);
  b.at(20);
  return { b, row, trace: b.done() };
}
/** One row from each of many heap pages, all from disk. */
export function scattered(pages: number) {
  const { b, database } = builder();
  b.at(10);
  const row = b.query(database, 'SELECT * FROM orders WHERE shop = 7', [HEAP], { ...INDEX_SCAN, node: 'Bitmap Heap Scan', index: null }, [SEQ_SCAN]);
  for (let i = 0; i < pages; i++) b.touch(row, 0.1, { relation: 'orders', kind: 'heap', block: i * 15 });
  b.answer(row, pages);
  return { b, row, trace: b.done() };
}
