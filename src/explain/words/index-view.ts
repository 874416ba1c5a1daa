/** English: the index view: which pages a statement touched, and what the planner weighed. */
import { clock, duration, fixed, significant, whole } from '../format';

const pages = (n: number): string => `${whole(n)} ${n === 1 ? 'page' : 'pages'}`;
/** A cost in PostgreSQL's units, as EXPLAIN prints it; whole from 1,000 on. */
const cost = (n: number): string => (n < 1000 ? fixed(n, 2) : whole(Math.floor(n + 0.5)));
const FOUND: Readonly<Record<string, string>> = { hit: 'in memory', read: 'read from disk', mixed: 'part in memory, part read' };
const KINDS: Readonly<Record<string, string>> = { meta: 'Meta page', root: 'Root', internal: 'Internal', leaf: 'Leaves', heap: 'Heap', vm: 'Visibility map' };
const ONE: Readonly<Record<string, string>> = { meta: 'meta page', root: 'root', internal: 'internal page', leaf: 'leaf', heap: 'heap page', vm: 'visibility map page' };
const blocks = (block: number, count: number): string => (count === 1 ? `block ${whole(block)}` : `blocks ${whole(block)} to ${whole(block + count - 1)}`);

export const indexView = {
  title: 'Index',
  statement: 'Statement',
  nothing: 'No database of this run has run a statement.',
  noPages: 'This statement touched no pages.',
  label: (sql: string): string => `Pages that ${sql} touched, level by level. Left and right walk along its path, Enter goes to that moment.`,
  /** The claim, up to now. `of`: all pages, where the path is a scan of them; else -1. */
  claim: (n: number, of: number, more: boolean, ns: number): string => `${of < 0 ? pages(n) : `${whole(n)} of ${pages(of)}`}${more ? ' so far' : ''}, ${duration(ns)}.`,
  spent: (hits: number, reads: number): string => `${whole(hits)} in memory, ${whole(reads)} read from disk.`,
  instead: (n: number): string => `A scan reads ${whole(n)}.`,
  /** What lies beside the path: `While planning: 2 meta pages. In the catalogue: 3 pages. Together 1 in memory, 4 read from disk, 416 µs.` */
  aside: (metas: number, catalogue: number, hits: number, reads: number, ns: number): string =>
    `While planning: ${metas === 0 ? 'no page' : metas === 1 ? '1 meta page' : `${whole(metas)} meta pages`}. ${catalogue > 0 ? `In the catalogue: ${pages(catalogue)}. ` : ''}Together ${whole(hits)} in memory, ${whole(reads)} read from disk, ${duration(ns)}.`,
  planned: (catalogue: boolean): string => (catalogue ? 'planning and catalogue' : 'planning'), notOnPath: '–',
  level: (kind: string): string => KINDS[kind] ?? kind,
  count: (n: number): string => (n < 0 ? 'number not known' : pages(n)),
  found: (found: string): string => FOUND[found] ?? found,
  hits: 'in memory (buffer hit)', reads: 'read from disk', doing: 'under way (dotted)',
  /** Beside a page on the path. */
  mark: (block: number, count: number, found: string, ns: number): string => `${duration(ns)}, ${blocks(block, count)}${found ? `, ${FOUND[found] ?? found}` : ''}`,
  markShort: (ns: number): string => duration(ns),
  spoken: (number: number, of: number, kind: string, relation: string, block: number, count: number, found: string, at: number): string =>
    `${number} of ${of}: ${ONE[kind] ?? kind} of ${relation}, ${blocks(block, count)}, ${FOUND[found] ?? found}, at ${clock(at)}`,
  with: (node: string, index: string | null): string => (index ? `${node} using ${index}` : node),
  without: 'As a sequential scan',
  everyPage: (n: number): string => (n === 1 ? 'the one page' : `all ${pages(n)}, in order`),
  path: (n: number, px: number): string => `this path, ${pages(n)}${px < 1 ? `: true to scale ${significant(px)} px` : ''}`,
  scan: (n: number): string => `the scan, ${pages(n)}`,
  scale: (per: number): string => (per === 1 ? 'one square is one page of 8 KiB' : `too many for a square each: 2 × 2 pixels are ${whole(per)} pages of 8 KiB`),
  sameScale: 'leaves, heap and scan at one scale; a level’s pages stand in the order of their block numbers',
  /** Sum of accesses: `0.4 + 0.4 + 92.1 µs`, unit of the whole. */
  sum: 'Sum', rest: 'rest', underWay: 'under way', equals: (ns: number): string => `= ${duration(ns)}`,
  part: (ns: number, total: number): string => significant(total < 999_500 ? ns / 1e3 : total < 999_500_000 ? ns / 1e6 : ns / 1e9),
  accesses: (n: number, of: number): string => `${whole(n)} of ${whole(of)} accesses`,
  plans: 'What the planner weighed',
  chosen: 'chosen', rejected: 'rejected',
  cost,
  /** `Index Scan 8.45 against Seq Scan 24 818`. */
  against: (chosen: readonly [string, number], rejected: readonly (readonly [string, number])[]): string =>
    `${chosen[0]} ${cost(chosen[1])}${rejected.length > 0 ? ` against ${rejected.map(([node, total]) => `${node} ${cost(total)}`).join(' and ')}` : ''}`,
  costUnits: 'cost in units of one page read in sequence',
  rowsExpected: (n: number): string => `${whole(Math.floor(n + 0.5))} ${Math.floor(n + 0.5) === 1 ? 'row' : 'rows'} expected`,
  total: 'total',
  notFound: 'no plan recorded',
  table: 'The path as a table',
  columns: { number: 'No.', time: 'Time', relation: 'Relation', kind: 'Page', blocks: 'Blocks', found: 'Found', tuples: 'Rows looked at', took: 'Took' },
  blocks, one: (kind: string): string => ONE[kind] ?? kind,
  more: (n: number): string => `${whole(n)} more accesses are not shown.`,
} as const;
