/**
 * How full B-tree pages become. Law: the rules of PostgreSQL 15 themselves, in bytes: `_bt_buildadd` (nbtsort.c) for CREATE INDEX,
 * `_bt_findsplitloc` (nbtsplitloc.c) for page splits: fillfactor 90 at the right edge of the leaves, 70 above, halves elsewhere.
 */
import { BTREE_ROOM, INDEX_TUPLE_HEADER, LINE_POINTER, PAGE_BYTES, TID_ALIGNED, postingBytes, tidsPerPosting } from './layout';

/** BTREE_NONLEAF_FILLFACTOR (nbtree.h). */
const UPPER_FILLFACTOR = 70;
/** The downlink of minus infinity, first on every page above the leaves. */
const FIRST_DOWNLINK = INDEX_TUPLE_HEADER + LINE_POINTER;

/** One level's rule of filling, in items (rows on a leaf, downlinks above). */
export interface FillRule {
  /** Most items on a page at the right edge (no high key), and on any other. */
  readonly edgeMax: number;
  readonly innerMax: number;
  /** Items that stay on the left when a page at the edge, and any other, gets one item too many. */
  readonly edgeLeft: number;
  readonly innerLeft: number;
}

/** The split that is nearest to its aim: the page at the edge to its fillfactor, others to halves. `n` items, one too many. */
function splitLeft(n: number, item: number, leaf: boolean, edge: boolean, fillfactor: number): number {
  const right = BTREE_ROOM - (edge ? 0 : item);
  let best = 1, least = Infinity;
  for (let x = 1; x < n; x++) {
    const first = leaf ? 0 : item - FIRST_DOWNLINK;
    const leftFree = BTREE_ROOM - (x * item - first) - (item + (leaf ? TID_ALIGNED : 0));
    const rightFree = right - (n - x) * item + first;
    if (leftFree < 0 || rightFree < 0) continue;
    const delta = Math.abs(edge ? (fillfactor / 100) * leftFree - (1 - fillfactor / 100) * rightFree : leftFree - rightFree);
    if (delta < least) {
      least = delta;
      best = x;
    }
  }
  return best;
}

/** Rule of a level whose items have `tuple` bytes (aligned, without line pointer). */
export function fillRule(tuple: number, leaf: boolean, fillfactor: number): FillRule {
  const item = tuple + LINE_POINTER;
  const room = BTREE_ROOM + (leaf ? 0 : item - FIRST_DOWNLINK);
  const edgeMax = Math.floor(room / item), innerMax = Math.floor((room - item) / item);
  const ff = leaf ? fillfactor : UPPER_FILLFACTOR;
  return { edgeMax, innerMax, edgeLeft: splitLeft(edgeMax + 1, item, leaf, true, ff), innerLeft: splitLeft(innerMax + 1, item, leaf, false, ff) };
}

/** Items of one page by CREATE INDEX, all of the same size. */
export function builtPerPage(tuple: number, leaf: boolean, fillfactor: number): number {
  const item = tuple + LINE_POINTER;
  const full = Math.floor((PAGE_BYTES * (100 - (leaf ? fillfactor : UPPER_FILLFACTOR))) / 100);
  let free = BTREE_ROOM - 2 * LINE_POINTER, n = 0;
  while (!((free < tuple + (leaf ? TID_ALIGNED : 0)) || (free < full && n > 1))) {
    free -= !leaf && n === 0 ? FIRST_DOWNLINK : item;
    n++;
  }
  return n - 1; // the last one moves to the next page, and its key stays as the high key
}

/** Rows on a leaf by CREATE INDEX where each key has `copies` rows, in posting lists; the mean over `pages` pages. */
export function builtWithDuplicates(tuple: number, copies: number, fillfactor: number, pages = 64): number {
  const most = tidsPerPosting(tuple), full = Math.floor((PAGE_BYTES * (100 - fillfactor)) / 100), empty = BTREE_ROOM - 2 * LINE_POINTER;
  let free = empty, n = 0, done = 0, rows = 0, onPage = 0, extra = 0, last = { bytes: 0, rows: 0 }, key = 0, left = 0;
  while (done < pages) {
    if (left === 0) left = Math.max(1, Math.floor((key + 1) * copies) - Math.floor(key++ * copies));
    const tids = Math.min(left, most);
    left -= tids;
    const bytes = postingBytes(tuple, tids);
    if (free < bytes + TID_ALIGNED || (free + extra < full && n > 1)) {
      rows += onPage - last.rows;
      done++;
      free = empty - last.bytes - LINE_POINTER;
      onPage = last.rows;
      n = 1;
    }
    free -= bytes + LINE_POINTER;
    onPage += tids;
    n++;
    last = { bytes, rows: tids };
    extra = tids === 1 ? 0 : bytes - tuple; // what truncation will take from the high key
  }
  return rows / pages;
}
