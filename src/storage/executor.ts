/**
 * The pages that a plan touches, in order. Law: the true path of this key through these structures; each access meets shared buffers when it is drawn. A heap
 * page that is still pinned from the tuple before is not touched again; a scan in order stops at the row that fulfils LIMIT (nodeIndexscan.c, heapam.c, nbtsearch.c).
 */
import { assert } from '../base/assert';
import type { PageKind, PlanNode } from '../model/query';
import type { BufferPool, PageRead, Ring } from './buffer-pool';
import { searchSteps } from './layout';
import { boundsOf, matchingRows } from './planner';
import type { Settings } from './params';
import type { Query } from './spec';
import type { Index, Table } from './table';

/** Consecutive blocks touched one after the other; `tuples` are heap tuples, index entries or comparisons on the way down. */
export interface Access {
  /** EXPLAIN counts the buffers of planning and of execution apart. */
  readonly phase: 'planning' | 'execution';
  readonly relation: string;
  readonly kind: PageKind;
  readonly level: number;
  readonly block: number;
  readonly count: number;
  readonly tuples: number;
  readonly hits: number;
  readonly reads: number;
}

/** What a backend remembers between statements: meta pages (rd_amcache) and operators across types (catalogue cache). */
export interface Session {
  readonly metas: Set<string>;
  readonly operators: Set<string>;
}
export const newSession = (): Session => ({ metas: new Set(), operators: new Set() });

/** Largest value that a literal in a statement has as `integer`; above it is `bigint` (§4.1.2.6). */
const INTEGER_MAX = 2147483647;
export const literalType = (value: number): 'integer' | 'bigint' => (Math.abs(value) <= INTEGER_MAX ? 'integer' : 'bigint');
/** The catalogue of support functions and its index, as initdb leaves them: the index has a root (block 3) above its leaves. */
const PG_AMPROC = 'pg_amproc', PG_AMPROC_INDEX = 'pg_amproc_fam_proc_index';
/** What of the catalogue a look-up touches, with the pages up to there: what long use leaves in shared buffers. */
export const CATALOGUE_PAGES: readonly { readonly name: string; readonly pages: number }[] = [{ name: PG_AMPROC, pages: 1 }, { name: PG_AMPROC_INDEX, pages: 4 }];

/** Everything that a run needs. */
export interface Run {
  readonly table: Table;
  readonly query: Query;
  readonly plan: PlanNode;
  readonly pool: BufferPool;
  readonly settings: Settings;
  /** Where scans of large tables last said that they are, by table. */
  readonly scans: Map<string, number>;
  readonly session: Session;
  /** The read that the next access belongs to, for who waits for the disk; null: pages are there at once. */
  readonly reading: Reading;
}
/** Holds the read that is being put together; its owner exchanges it from step to step. */
export interface Reading {
  read: PageRead | null;
}

/** Rows of the result. */
export function resultRows({ table, query }: Pick<Run, 'table' | 'query'>): number {
  const found = query.columns === 'count' ? 1 : matchingRows(table, query.where);
  return query.limit === null ? found : Math.min(query.limit, found);
}

/** The accesses of a run; each is charged to the pool when it is drawn. */
export function* accessesOf(run: Run): Generator<Access> {
  const { table, plan, session, query } = run;
  for (const index of table.indexes) {
    if (session.metas.has(index.name)) continue;
    session.metas.add(index.name);
    yield charge(run, 'planning', index.name, 'meta', index.tree.height, 0, 1, 0);
  }
  if (plan.node === 'Seq Scan') return yield* seqScan(run);
  const index = table.indexes.find((i) => i.name === plan.index);
  assert(index, `index ${plan.index} of ${table.name}`);
  if (table.rows === 0) return; // an empty index has a meta page and no root
  const searched = query.where?.column === index.column.spec.name;
  if (searched) yield* operatorLookUp(run, index);
  const [first, end] = searched ? ranksOf(index, query) : [0, table.rows];
  if (plan.node === 'Bitmap Heap Scan') yield* bitmapScan(run, index, first, end);
  else yield* indexScan(run, index, first, end, plan.node === 'Index Only Scan');
}

function charge({ pool, reading }: Pick<Run, 'pool' | 'reading'>, phase: Access['phase'], relation: string, kind: PageKind, level: number, block: number, count: number, tuples: number, ring: Ring | null = null): Access {
  const hits = pool.touch(kind === 'vm' ? `${relation} vm` : relation, block, count, ring, reading.read);
  return { phase, relation, kind, level, block, count, tuples, hits, reads: count - hits };
}

/** The first comparison across types in a session looks its function up: `id = 42` compares a bigint with an integer literal (get_opfamily_proc). */
function* operatorLookUp(run: Run, index: Index): Generator<Access> {
  const { query, session } = run;
  const type = index.column.spec.type;
  if (query.bound || (type !== 'bigint' && type !== 'integer')) return;
  for (const value of query.where!.values) {
    const literal = literalType(value);
    if (literal === type || session.operators.has(`${type} ${literal}`)) continue;
    session.operators.add(`${type} ${literal}`);
    yield charge(run, 'execution', PG_AMPROC_INDEX, 'root', 1, 3, 1, 0);
    yield charge(run, 'execution', PG_AMPROC_INDEX, 'leaf', 0, 1, 1, 0);
    yield charge(run, 'execution', PG_AMPROC, 'heap', 0, 0, 1, 1);
  }
}

/** Places of the index that the condition selects: first and one past the last. */
function ranksOf(index: Index, query: Query): readonly [number, number] {
  const [low, high] = boundsOf(query.where!);
  const first = index.column.countBelow(low);
  return [first, high < low ? first : Math.max(first, index.column.countBelow(Math.floor(high) + 1))];
}

const heapRun = (run: Run, block: number, count: number, tuples: number, ring: Ring | null = null): Access =>
  charge(run, 'execution', run.table.name, 'heap', 0, block, count, tuples, ring);

/** Whether a row is in the result; for plans that filter. */
function filterOf({ table, query }: Run, index: Index): ((row: number) => boolean) | null {
  if (!query.where || query.where.column === index.column.spec.name) return null;
  const column = table.columns.get(query.where.column)!, [low, high] = boundsOf(query.where);
  return (row) => {
    const value = column.valueOf(row);
    return value >= low && value <= high;
  };
}
/** Rows wanted before the scan may stop; a sort or count above it wants all. */
const wanted = ({ query, plan }: Run): number =>
  query.limit === null || query.columns === 'count' || plan.terms.some((t) => t.name === 'sort') ? Infinity : query.limit;

/** From the root down to the leaf of this place; the leaf is left to the caller. */
function* descent(run: Run, index: Index, rank: number): Generator<Access> {
  for (const step of index.tree.path(rank).slice(0, -1)) yield charge(run, 'execution', index.name, step.kind, step.level, step.block, 1, searchSteps(step.items));
}

function* indexScan(run: Run, index: Index, first: number, end: number, only: boolean): Generator<Access> {
  const { table } = run, { heap } = table, leaves = index.tree.levels[0]!, filter = filterOf(run, index);
  let left = wanted(run);
  if (left === 0) return;
  yield* descent(run, index, first);
  let page = leaves.pageOf(Math.min(first, Math.max(0, table.rows - 1))), rank = first, onMap = -1;
  // leaves wait until a page other than the pinned one is needed; a run of heap pages is open until then
  let leaf: { block: number; count: number; tuples: number } | null = { block: index.tree.blockOf(0, page), count: 1, tuples: searchSteps(index.tree.itemsOn(0, page)) };
  let open: { block: number; count: number; tuples: number } | null = null;
  const leafAccess = (l: { block: number; count: number; tuples: number }): Access => charge(run, 'execution', index.name, index.tree.kindOf(0), 0, l.block, l.count, l.tuples);
  for (;;) {
    const stop = Math.min(end, leaves.start(page + 1));
    leaf.tuples += stop - rank;
    // entries whose tuples all are on pages marked in one map page need no look at each
    if (only && heap.allVisible && !filter && left >= stop - rank && stop > rank && (heap.mapBlockOf(heap.pages - 1) === 0 || index.column.ascending)) {
      for (let map = heap.mapBlockOf(heap.blockOf(index.column.rowAt(rank))), last = heap.mapBlockOf(heap.blockOf(index.column.rowAt(stop - 1))); map <= last; map++) {
        if (map === onMap) continue;
        if (leaf) yield leafAccess(leaf);
        leaf = null;
        yield charge(run, 'execution', table.name, 'vm', 0, (onMap = map), 1, 0);
      }
      left -= stop - rank;
      rank = stop;
    }
    for (; rank < stop && left > 0; rank++) {
      const row = index.column.rowAt(rank), block = heap.blockOf(row);
      if (only && heap.hasMap && heap.mapBlockOf(block) !== onMap) {
        if (open) yield heapRun(run, open.block, open.count, open.tuples);
        open = null;
        if (leaf) yield leafAccess(leaf);
        leaf = null;
        yield charge(run, 'execution', table.name, 'vm', 0, (onMap = heap.mapBlockOf(block)), 1, 0);
      }
      if (!only || !heap.isVisible(block)) {
        const pinned: number = open ? open.block + open.count - 1 : -1;
        if (open && block === pinned) open.tuples++;
        else if (open && block === pinned + 1 && !leaf) {
          open.count++;
          open.tuples++;
        } else {
          if (open) yield heapRun(run, open.block, open.count, open.tuples);
          if (leaf) yield leafAccess(leaf);
          leaf = null;
          open = { block, count: 1, tuples: 1 };
        }
      }
      if (!filter || filter(row)) left--;
    }
    if (left <= 0 || stop >= end || page + 1 >= leaves.pages) break;
    const block = index.tree.blockOf(0, ++page);
    if (leaf && block === leaf.block + leaf.count) leaf.count++;
    else {
      if (leaf) yield leafAccess(leaf);
      leaf = { block, count: 1, tuples: 0 };
    }
  }
  if (open) yield heapRun(run, open.block, open.count, open.tuples);
  if (leaf) yield leafAccess(leaf);
}

function* bitmapScan(run: Run, index: Index, first: number, end: number): Generator<Access> {
  const { table, query } = run, { tree } = index, leaves = tree.levels[0]!;
  yield* descent(run, index, first);
  let page = leaves.pageOf(Math.min(first, Math.max(0, table.rows - 1)));
  let open = { block: tree.blockOf(0, page), count: 0, tuples: searchSteps(tree.itemsOn(0, page)) };
  for (let rank = first; ; page++) {
    const stop = Math.min(end, leaves.start(page + 1)), block = tree.blockOf(0, page);
    if (block !== open.block + open.count) {
      yield charge(run, 'execution', index.name, tree.kindOf(0), 0, open.block, open.count, open.tuples);
      open = { block, count: 0, tuples: 0 };
    }
    open.count++;
    open.tuples += stop - rank;
    rank = stop;
    if (stop >= end || page + 1 >= leaves.pages) break;
  }
  yield charge(run, 'execution', index.name, tree.kindOf(0), 0, open.block, open.count, open.tuples);
  // the bitmap: pages with their tuples, in the order of the heap
  const tuplesOn = new Map<number, number>();
  for (let rank = first; rank < end; rank++) {
    const block = table.heap.blockOf(index.column.rowAt(rank));
    tuplesOn.set(block, (tuplesOn.get(block) ?? 0) + 1);
  }
  let left = query.columns === 'count' ? Infinity : wanted(run);
  let heapOpen: { block: number; count: number; tuples: number } | null = null;
  for (const block of [...tuplesOn.keys()].sort((a, b) => a - b)) {
    if (left <= 0) break;
    const tuples = tuplesOn.get(block)!;
    left -= tuples;
    if (heapOpen && block === heapOpen.block + heapOpen.count) {
      heapOpen.count++;
      heapOpen.tuples += tuples;
    } else {
      if (heapOpen) yield heapRun(run, heapOpen.block, heapOpen.count, heapOpen.tuples);
      heapOpen = { block, count: 1, tuples };
    }
  }
  if (heapOpen) yield heapRun(run, heapOpen.block, heapOpen.count, heapOpen.tuples);
}

/** Blocks between two reports of where a scan is (SYNC_SCAN_REPORT_INTERVAL: 128 KB). */
const REPORT_BLOCKS = 16;

/** From where another scan of this large table was last (syncscan.c), round to the page before; of a smaller one from its first page. */
function* seqScan(run: Run): Generator<Access> {
  const { table, pool, settings, scans } = run, { heap, rows } = table, { perPage } = heap;
  const together = settings.synchronizeSeqscans && heap.pages > Math.floor(pool.frames / 4);
  const start = together ? (scans.get(heap.name) ?? 0) : 0, last = lastPlace(run, start * perPage);
  if (last < 0) return;
  const end = (start * perPage + last) % rows, whole = last === rows - 1;
  const pages = whole ? heap.pages : ((heap.blockOf(end) - start + heap.pages) % heap.pages) + 1, ring = pool.ringFor(heap.pages);
  const report = (block: number): void => void (together && scans.set(heap.name, block - (block % REPORT_BLOCKS)));
  for (let done = 0; done < pages;) {
    const block = (start + done) % heap.pages, count = Math.min(settings.scanRun, pages - done, heap.pages - block);
    done += count;
    report(block);
    yield heapRun(run, block, count, (done === pages && !whole ? end + 1 : Math.min(rows, (block + count) * perPage)) - block * perPage, ring);
  }
  report(whole ? start : heap.blockOf(end));
}

/** How far behind the row `start` a scan in order of the heap is done, round over the end: at the row that fulfils LIMIT, or after all. */
function lastPlace(run: Run, start: number): number {
  const { table, query } = run, limit = wanted(run), { rows } = table, all = rows - 1;
  const found = matchingRows(table, query.where), placeOf = (row: number): number => (row - start + rows) % rows;
  if (limit === 0) return -1;
  if (limit > found) return all;
  if (!query.where) return limit - 1;
  const column = table.columns.get(query.where.column)!, [low, high] = boundsOf(query.where), first = column.countBelow(low);
  if (column.ascending) {
    const from = Math.max(first, start), ahead = Math.max(0, first + found - from);
    return placeOf(limit <= ahead ? from + limit - 1 : first + limit - ahead - 1);
  }
  if (found <= FEW) return Array.from({ length: found }, (_, i) => placeOf(column.rowAt(first + i))).sort((a, b) => a - b)[limit - 1]!;
  let left = limit;
  for (let place = 0; place < all; place++) {
    const value = column.valueOf((start + place) % rows);
    if (value >= low && value <= high && --left === 0) return place;
  }
  return all;
}
/** So few places are sorted; of more, the first ones are soon met on the way. Either way the row is the same. */
const FEW = 4096;
