/**
 * Which way a statement takes. Law: as PostgreSQL 15 chooses: the least total cost; of two within a per cent the one that begins sooner (add_path,
 * STD_FUZZ_FACTOR). Statistics are exact; parallel plans, joins and prepared statements' generic plans are not modelled.
 */
import { assert } from '../base/assert';
import type { PlanNode } from '../model/query';
import { bitmapScan, clampRows, count, indexScan, limited, seqScan, sort, sumOf, type Costed, type IndexAccess } from './costs';
import type { Settings } from './params';
import { conditionText, type Query } from './spec';
import type { Index, Table } from './table';

/** STD_FUZZ_FACTOR (pathnode.c). */
const FUZZ = 1.01;

/** Bounds of the condition on a column, both included. */
export function boundsOf(where: NonNullable<Query['where']>): readonly [number, number] {
  const [low = NaN, high = low] = where.values;
  return where.op === '=' ? [low, low] : [low, high];
}
/** Rows that the condition selects. */
export function matchingRows(table: Table, where: Query['where']): number {
  if (!where) return table.rows;
  const column = table.columns.get(where.column);
  assert(column, `column ${where.column} of ${table.name}`);
  const [low, high] = boundsOf(where);
  return high < low ? 0 : Math.max(0, column.countBelow(Math.floor(high) + 1) - column.countBelow(low));
}
/** Whether the statement needs nothing that is not in the index. */
function covers(index: Index, query: Query, table: Table): boolean {
  const output = query.columns === '*' ? [...table.columns.keys()] : query.columns === 'count' ? [] : query.columns;
  const needed = [...output, ...(query.where ? [query.where.column] : []), ...(query.orderBy ? [query.orderBy] : [])];
  return needed.every((c) => index.spec.columns.includes(c));
}
/** Bytes of a row of the result. */
function widthOf(table: Table, query: Query): number {
  const names = query.columns === '*' ? [...table.columns.keys()] : query.columns === 'count' ? [] : query.columns;
  return names.reduce((sum, name) => {
    const c = table.columns.get(name)!.spec;
    return sum + (c.type === 'bigint' ? 8 : c.type === 'integer' ? 4 : c.type === 'uuid' ? 16 : (c.bytes ?? 0) + ((c.bytes ?? 0) + 1 <= 127 ? 1 : 4));
  }, 0);
}

interface Candidate {
  readonly node: string;
  readonly index: Index | null;
  readonly condition: string;
  readonly costed: Costed;
}

/** All ways, the chosen one first, the others by cost. */
export function plansOf(table: Table, query: Query, settings: Settings): { chosen: PlanNode; rejected: PlanNode[] } {
  const { where } = query, found = matchingRows(table, where), rows = clampRows(found), operators = !where ? 0 : where.op === '=' ? 1 : 2;
  const candidates: Candidate[] = [];
  const add = (node: string, index: Index | null, condition: string, costed: Costed, ordered: boolean): void => {
    const inOrder = !query.orderBy || ordered || query.columns === 'count' ? costed : sort(settings, costed, widthOf(table, query), query.limit);
    candidates.push({ node, index, condition, costed: limited(query.columns === 'count' ? count(settings, inOrder) : inOrder, query.limit) });
  };
  add('Seq Scan', null, where ? `Filter: ${conditionText(where)}` : '', seqScan(settings, table.heap.pages, table.rows, operators, rows), false);
  for (const index of table.indexes) {
    const first = index.column.spec.name, searched = where?.column === first, ordered = query.orderBy === first, covering = covers(index, query, table);
    if (!searched && !ordered && !covering) continue;
    const access: IndexAccess = {
      indexPages: index.tree.pages, height: index.tree.height, rows: table.rows, heapPages: table.heap.pages, matching: rows,
      selectivity: searched ? rows / Math.max(1, table.rows) : 1, conditions: searched ? operators : 0, filters: searched ? 0 : operators,
      single: searched && where!.op === '=' && index.single,
      correlation: (index.column.ascending ? 1 : 0) * (index.spec.columns.length > 1 ? 0.75 : 1),
    };
    const condition = !where ? '' : `${searched ? 'Index Cond' : 'Filter'}: ${conditionText(where)}`;
    add(covering ? 'Index Only Scan' : 'Index Scan', index, condition, indexScan(settings, access, covering ? table.visibleShare : null), ordered);
    if (searched) add('Bitmap Heap Scan', index, condition, bitmapScan(settings, access), false);
  }
  const total = (c: Candidate): number => sumOf(c.costed.startup) + sumOf(c.costed.run);
  const better = (a: Candidate, b: Candidate): boolean => {
    const x = total(a), y = total(b);
    return x <= y * FUZZ && y <= x * FUZZ ? sumOf(a.costed.startup) < sumOf(b.costed.startup) : x < y;
  };
  const best = candidates.reduce((a, b) => (better(b, a) ? b : a));
  const others = candidates.filter((c) => c !== best).sort((a, b) => total(a) - total(b));
  return { chosen: nodeOf(table, best), rejected: others.map((c) => nodeOf(table, c)) };
}

function nodeOf(table: Table, c: Candidate): PlanNode {
  const startupCost = sumOf(c.costed.startup), terms = [...c.costed.startup, ...c.costed.run];
  return { node: c.node, relation: table.name, index: c.index?.name ?? null, startupCost, totalCost: sumOf(terms), rows: c.costed.rows, condition: c.condition, terms };
}
