/**
 * The planner's arithmetic. Law: the formulas of src/backend/optimizer/path/costsize.c and utils/adt/selfuncs.c of PostgreSQL 15, term by term;
 * statistics are fresh and exact. Parallel plans are not modelled (max_parallel_workers_per_gather = 0). Costs are relative to one page read in order.
 */
import { PAGE_BYTES, align8 } from './layout';
import type { Settings } from './params';

export interface Term {
  readonly name: string;
  readonly cost: number;
  readonly formula: string;
}
/** A way to get rows: what it costs until the first row and until the last, as terms. */
export interface Costed {
  readonly startup: readonly Term[];
  readonly run: readonly Term[];
  readonly rows: number;
}
export const sumOf = (terms: readonly Term[]): number => terms.reduce((sum, term) => sum + term.cost, 0);

/** A number as a formula shows it. */
const n = (value: number): string => String(Math.round(value * 1e6) / 1e6);
/** Row estimates are whole and at least one (clamp_row_est). */
export const clampRows = (rows: number): number => Math.max(1, Math.round(rows));

/** Logarithm to base 2, portable: halvings, then one bit for each squaring. */
export function log2(x: number): number {
  let whole = 0, m = x;
  for (; m >= 2; m /= 2) whole++;
  for (; m < 1; m *= 2) whole--;
  let fraction = 0;
  for (let bit = 0.5; bit > 1e-12; bit /= 2) {
    m *= m;
    if (m >= 2) {
      m /= 2;
      fraction += bit;
    }
  }
  return whole + fraction;
}

/** Pages read for `tuples` look-ups at random places of a heap (index_pages_fetched: Mackert and Lohman, ACM TODS 14(3), 1989). */
export function pagesFetched(tuples: number, heapPages: number, indexPages: number, tablePages: number, cacheBytes: number): number {
  const t = Math.max(1, heapPages);
  const cache = Math.ceil(Math.max(1, (Math.floor(cacheBytes / PAGE_BYTES) * t) / Math.max(1, tablePages + indexPages)));
  if (t <= cache) return Math.min(t, Math.ceil((2 * t * tuples) / (2 * t + tuples)));
  const limit = (2 * t * cache) / (2 * t - cache);
  return Math.ceil(tuples <= limit ? (2 * t * tuples) / (2 * t + tuples) : cache + ((tuples - limit) * (t - cache)) / t);
}

/** Quals: how many operators each tuple meets (BETWEEN is two). */
export function seqScan(s: Settings, pages: number, rows: number, operators: number, matching: number): Costed {
  return {
    startup: s.enableSeqscan ? [] : [DISABLED],
    run: [
      { name: 'heap pages in order', cost: pages * s.seqPageCost, formula: `${pages} × ${n(s.seqPageCost)}` },
      { name: 'tuples', cost: rows * s.cpuTupleCost, formula: `${rows} × ${n(s.cpuTupleCost)}` },
      ...(operators > 0 ? [{ name: 'filter', cost: rows * operators * s.cpuOperatorCost, formula: `${rows} × ${operators} × ${n(s.cpuOperatorCost)}` }] : []),
    ],
    rows: matching,
  };
}
/** disable_cost (costsize.c): what a method costs that is switched off. */
export const DISABLED: Term = { name: 'switched off', cost: 1e10, formula: 'disable_cost' };

/** What an index scan needs to know. */
export interface IndexAccess {
  readonly indexPages: number;
  /** Level of the root. */
  readonly height: number;
  readonly rows: number;
  readonly heapPages: number;
  /** Share of the rows that the index condition selects; 1 without one. */
  readonly selectivity: number;
  /** Rows of the result, after the filter. */
  readonly matching: number;
  /** Operators in the index condition, and in the filter. */
  readonly conditions: number;
  readonly filters: number;
  /** A unique index searched for one key. */
  readonly single: boolean;
  /** −1 … 1: how far the order of the heap follows the index. */
  readonly correlation: number;
}
/** Page costs of CPU on the way down (DEFAULT_PAGE_CPU_MULTIPLIER, selfuncs.c). */
const CPU_PER_PAGE = 50;

/** The index alone (btcostestimate). */
function indexTerms(s: Settings, a: IndexAccess): Costed {
  const tuples = a.single ? 1 : Math.min(Math.max(1, Math.round(a.selectivity * a.rows)), Math.max(1, a.rows));
  const pages = a.indexPages > 1 && a.rows > 1 ? Math.ceil((tuples * a.indexPages) / a.rows) : 1;
  const compares = a.rows > 1 ? Math.ceil(log2(a.rows)) : 0;
  const each = s.cpuIndexTupleCost + s.cpuOperatorCost * a.conditions;
  return {
    startup: [
      { name: 'comparisons', cost: compares * s.cpuOperatorCost, formula: `⌈log₂ ${a.rows}⌉ × ${n(s.cpuOperatorCost)}` },
      { name: 'descent', cost: (a.height + 1) * CPU_PER_PAGE * s.cpuOperatorCost, formula: `${a.height + 1} × ${CPU_PER_PAGE} × ${n(s.cpuOperatorCost)}` },
    ],
    run: [
      { name: 'index pages', cost: pages * s.randomPageCost, formula: `${pages} × ${n(s.randomPageCost)}` },
      { name: 'index tuples', cost: tuples * each, formula: `${tuples} × ${n(each)}` },
    ],
    rows: tuples,
  };
}

/** Index Scan, or Index Only Scan where `visible` (the share of all-visible pages) is given (cost_index). */
export function indexScan(s: Settings, a: IndexAccess, visible: number | null): Costed {
  const index = indexTerms(s, a);
  const fetched = clampRows(a.selectivity * a.rows);
  const some = (pages: number): number => (visible === null ? pages : Math.ceil(pages * (1 - visible)));
  const scattered = some(pagesFetched(fetched, a.heapPages, a.indexPages, a.heapPages, s.effectiveCacheSize));
  const together = some(Math.ceil(a.selectivity * a.heapPages));
  const most = scattered * s.randomPageCost, least = together > 0 ? s.randomPageCost + (together - 1) * s.seqPageCost : 0;
  const c2 = a.correlation * a.correlation, each = s.cpuTupleCost + s.cpuOperatorCost * a.filters;
  const on = visible === null ? s.enableIndexscan : s.enableIndexonlyscan;
  return {
    startup: [...index.startup, ...(on ? [] : [DISABLED])],
    run: [
      ...index.run,
      { name: 'heap pages', cost: most + c2 * (least - most), formula: `${n(most)} scattered, ${n(least)} together, correlation² ${n(c2)}` },
      { name: 'tuples', cost: fetched * each, formula: `${fetched} × ${n(each)}` },
    ],
    rows: a.matching,
  };
}

/** Bitmap Heap Scan over a Bitmap Index Scan (cost_bitmap_heap_scan, compute_bitmap_pages). */
export function bitmapScan(s: Settings, a: IndexAccess): Costed {
  const index = indexTerms(s, a);
  const fetched = clampRows(a.selectivity * a.rows), t = Math.max(1, a.heapPages);
  const pages = Math.min(t, Math.ceil((2 * t * fetched) / (2 * t + fetched)));
  // beyond work_mem the bitmap keeps pages, not tuples: then every tuple of these pages is looked at (tbm_calculate_entries)
  const entries = Math.max(16, Math.floor(s.workMem / ENTRY_BYTES));
  const lossy = entries < pages ? Math.max(0, pages - entries / 2) : 0;
  const looked = lossy === 0 ? fetched : clampRows(a.selectivity * ((pages - lossy) / pages) * a.rows + (lossy / pages) * a.rows);
  const perPage = pages >= 2 ? s.randomPageCost - (s.randomPageCost - s.seqPageCost) * Math.sqrt(pages / t) : s.randomPageCost;
  const each = s.cpuTupleCost + s.cpuOperatorCost * (a.conditions + a.filters);
  return {
    startup: [
      ...index.startup, ...index.run,
      { name: 'bitmap', cost: 0.1 * s.cpuOperatorCost * fetched, formula: `0.1 × ${n(s.cpuOperatorCost)} × ${fetched}` },
      ...(s.enableBitmapscan ? [] : [DISABLED]),
    ],
    run: [
      { name: 'heap pages', cost: pages * perPage, formula: `${pages} × ${n(perPage)}` },
      { name: 'tuples', cost: looked * each, formula: `${looked} × ${n(each)}` },
    ],
    rows: a.matching,
  };
}
/** An entry of a bitmap with its share of the hash table (tidbitmap.c: PagetableEntry 48 B and two pointers). */
const ENTRY_BYTES = 64;

/** Memory of a sort's run: input buffer of a tape, and tape overhead (tuplesort.c). */
const MERGE_BUFFER = PAGE_BYTES * 32, TAPE_OVERHEAD = PAGE_BYTES;

/** A sort of `input` rows of `width` bytes; `limit` rows wanted of it, or null (cost_tuplesort). */
export function sort(s: Settings, input: Costed, width: number, limit: number | null): Costed {
  const tuples = Math.max(2, input.rows), compare = 2 * s.cpuOperatorCost, each = align8(width) + 24;
  const bytes = tuples * each, output = limit !== null && limit < tuples ? limit : tuples;
  const terms: Term[] = [];
  if (output * each > s.workMem) {
    const pages = Math.ceil(bytes / PAGE_BYTES), runs = bytes / s.workMem;
    const order = Math.min(500, Math.max(6, Math.floor(s.workMem / (2 * TAPE_OVERHEAD + MERGE_BUFFER))));
    const passes = runs > order ? Math.ceil(log2(runs) / log2(order)) : 1, accesses = 2 * pages * passes;
    const page = 0.75 * s.seqPageCost + 0.25 * s.randomPageCost;
    terms.push({ name: 'sort', cost: compare * tuples * log2(tuples), formula: `${n(compare)} × ${tuples} × log₂ ${tuples}` });
    terms.push({ name: 'sort on disk', cost: accesses * page, formula: `${accesses} × ${n(page)}` });
  } else if (tuples > 2 * output || bytes > s.workMem) {
    terms.push({ name: 'sort', cost: compare * tuples * log2(2 * output), formula: `${n(compare)} × ${tuples} × log₂ ${2 * output}` });
  } else terms.push({ name: 'sort', cost: compare * tuples * log2(tuples), formula: `${n(compare)} × ${tuples} × log₂ ${tuples}` });
  return {
    startup: [...input.startup, ...input.run, ...terms, ...(s.enableSort ? [] : [DISABLED])],
    run: [{ name: 'sorted tuples', cost: tuples * s.cpuOperatorCost, formula: `${tuples} × ${n(s.cpuOperatorCost)}` }],
    rows: input.rows,
  };
}

/** count(*) over the rows (cost_agg, plain). */
export function count(s: Settings, input: Costed): Costed {
  return {
    startup: [...input.startup, ...input.run, { name: 'count', cost: input.rows * s.cpuOperatorCost, formula: `${input.rows} × ${n(s.cpuOperatorCost)}` }],
    run: [{ name: 'result', cost: s.cpuTupleCost, formula: n(s.cpuTupleCost) }],
    rows: 1,
  };
}

/** LIMIT: the share of the run that is wanted (adjust_limit_rows_costs). */
export function limited(input: Costed, limit: number | null): Costed {
  if (limit === null || limit >= input.rows) return input;
  const run = sumOf(input.run);
  return { ...input, rows: limit, run: [...input.run, { name: 'not run (limit)', cost: -run * (1 - limit / input.rows), formula: `−${n(run)} × (1 − ${limit} ÷ ${input.rows})` }] };
}
