/**
 * What inserting rows costs: pages looked up and bytes of write-ahead log. Law: one INSERT … SELECT row by row over a copy of the table's shape (the base stays as it is):
 * hio.c for the heap, nbtinsert.c for each index, record sizes of heapam_xlog.h, nbtxlog.h and xloginsert.c. The inserted rows cannot be read back yet.
 */
import { assert } from '../base/assert';
import { fold, hashText } from '../base/hash';
import { sequence } from '../base/random';
import { fillRule, type FillRule } from './btree-fill';
import { BTREE_SPECIAL, LINE_POINTER, PAGE_BYTES, PAGE_HEADER, align8, indexTupleBytes } from './layout';
import type { Settings } from './params';
import type { Index, Table } from './table';

/** Sizes of a record's parts (xlogrecord.h, heapam_xlog.h, nbtxlog.h), bytes. */
const RECORD = 24, BLOCK_REFERENCE = 20, SAME_RELATION = 8, SHORT_DATA = 2, IMAGE = 5;
const HEAP_DATA = 3, HEAP_HEADER = 5, HEAP_TUPLE_FIXED = 23, LEAF_DATA = 2, SPLIT_DATA = 10;
/** Every page of the log begins with a header. */
const LOG_PAGE_HEADER = 24;
/** Pages that the free space map costs a heap page that is full: its own entry and the root (freespace.c). */
const FREE_SPACE_PAGES = 2;
/** From this level of the root on a backend keeps the rightmost leaf at hand (BTREE_FASTPATH_MIN_LEVEL, nbtinsert.c). */
const FAST_PATH_LEVEL = 2;

export interface InsertReport {
  readonly rows: number;
  /** Bytes by which the log grew, its page headers among them. */
  readonly walBytes: number;
  /** Pages looked up in shared buffers; pages that were added to a relation are not among them. */
  readonly buffers: number;
  readonly splits: number;
  /** Full-page images: first changes of a page after a checkpoint. */
  readonly images: number;
}
interface Tally {
  wal: number;
  buffers: number;
  splits: number;
  images: number;
}

/** A page of the copied tree; `count` are its items. */
interface Page {
  readonly level: number;
  parent: Page | null;
  readonly children: Page[];
  count: number;
  edge: boolean;
  /** Changed since the checkpoint. */
  changed: boolean;
}

/** One index while rows come in. */
class GrowingIndex {
  private readonly lows: number[] = [];
  private readonly leaves: Page[] = [];
  private height: number;
  private readonly leafRule: FillRule;
  private readonly upperRule: FillRule;
  private readonly tuple: number;
  /** The rightmost leaf is at hand. */
  private atHand = false;

  constructor(index: Index, settings: Settings, rows: number, private readonly tally: Tally, logged: boolean) {
    const { tree } = index;
    this.tuple = indexTupleBytes([index.column.spec]);
    this.leafRule = fillRule(this.tuple, true, settings.fillfactor);
    this.upperRule = fillRule(this.tuple, false, settings.fillfactor);
    this.height = tree.height;
    let below: Page[] = [];
    tree.levels.forEach((level, l) => {
      const pages = Array.from({ length: level.pages }, (_, p): Page => ({
        level: l, parent: null, children: l === 0 ? [] : below.slice(level.start(p), level.start(p + 1)), count: tree.itemsOn(l, p), edge: p === level.pages - 1, changed: !logged,
      }));
      for (const page of pages) for (const child of page.children) child.parent = page;
      if (l === 0) pages.forEach((page, p) => (this.leaves.push(page), this.lows.push(p === 0 ? 0 : level.start(p) / rows)));
      below = pages;
    });
  }

  /** A row whose key has this place among all keys (0 … 1, both possible); 1 for the greatest. */
  insert(place: number, uniform: () => number): void {
    const at = place >= 1 ? this.leaves.length - 1 : this.leafAt(place), leaf = this.leaves[at]!, { tally } = this;
    const max = leaf.edge ? this.leafRule.edgeMax : this.leafRule.innerMax, fits = leaf.count < max;
    const fast = this.height >= FAST_PATH_LEVEL && leaf.edge;
    if (fast && this.atHand && fits) tally.buffers++;
    else tally.buffers += this.height + 1 + (fast && this.atHand ? 1 : 0);
    if (fits) {
      leaf.count++;
      this.atHand = fast;
      this.log(leaf, RECORD + BLOCK_REFERENCE + SHORT_DATA + LEAF_DATA, this.tuple);
      return;
    }
    // the leaf at hand is no longer the rightmost one: the next look at it is in vain, and then it is forgotten
    if (fast) tally.buffers++;
    this.atHand = false;
    const left = leaf.edge ? this.leafRule.edgeLeft : this.leafRule.innerLeft, all = leaf.count + 1;
    const low = this.lows[at]!, high = at + 1 < this.lows.length ? this.lows[at + 1]! : 1;
    const right: Page = { level: 0, parent: null, children: [], count: all - left, edge: leaf.edge, changed: true };
    if (!leaf.edge) tally.buffers++; // its right neighbour points back
    const border = place >= 1 ? 1 : low + (high - low) * Math.min(0.99, Math.max(0.01, (left + 1) / (all + 1) + (uniform() - 0.5) / Math.sqrt(all)));
    this.lows.splice(at + 1, 0, border);
    this.leaves.splice(at + 1, 0, right);
    leaf.count = left;
    leaf.edge = false;
    this.logSplit(leaf, right);
    this.link(leaf, right);
  }

  private leafAt(place: number): number {
    let low = 0, high = this.lows.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if (this.lows[mid]! <= place) low = mid;
      else high = mid - 1;
    }
    return low;
  }

  /** The parent gets a downlink. */
  private link(old: Page, page: Page): void {
    if (!old.parent) {
      old.parent = { level: old.level + 1, parent: null, children: [old, page], count: 2, edge: true, changed: true };
      page.parent = old.parent;
      this.height++;
      this.tally.buffers += 1; // the meta page learns of the new root
      this.tally.wal += align8(RECORD + BLOCK_REFERENCE + 2 * SAME_RELATION + SHORT_DATA + SPLIT_DATA + 2 * this.tuple);
      return;
    }
    const parent = old.parent;
    this.tally.buffers++;
    page.parent = parent;
    parent.children.splice(parent.children.indexOf(old) + 1, 0, page);
    parent.count++;
    if (parent.count <= (parent.edge ? this.upperRule.edgeMax : this.upperRule.innerMax)) {
      this.log(parent, RECORD + BLOCK_REFERENCE + SAME_RELATION + SHORT_DATA + LEAF_DATA, this.tuple);
      return;
    }
    const left = parent.edge ? this.upperRule.edgeLeft : this.upperRule.innerLeft;
    const right: Page = { level: parent.level, parent: null, children: parent.children.splice(left), count: 0, edge: parent.edge, changed: true };
    right.count = right.children.length;
    for (const child of right.children) child.parent = right;
    parent.count = left;
    parent.edge = false;
    this.logSplit(parent, right);
    this.link(parent, right);
  }

  /** A record about one page; its data are left out where the whole page is in the log. */
  private log(page: Page, bytes: number, data: number): void {
    this.tally.wal += align8(bytes + (page.changed ? data : this.image(page)));
  }
  private logSplit(left: Page, right: Page): void {
    this.tally.splits++;
    const moved = right.count * this.tuple + (right.edge ? 0 : this.tuple);
    this.tally.wal += align8(RECORD + BLOCK_REFERENCE + SAME_RELATION + (right.edge ? 0 : SAME_RELATION) + SHORT_DATA + SPLIT_DATA + moved + 2 * this.tuple + (left.changed ? 0 : this.image(left)));
  }
  /** The page without the hole in its middle. */
  private image(page: Page): number {
    page.changed = true;
    this.tally.images++;
    return IMAGE + PAGE_HEADER + BTREE_SPECIAL + (page.count + (page.edge ? 0 : 1)) * (this.tuple + LINE_POINTER);
  }
}

/** Inserts rows: keys of ascending columns go on, those of others come at random. `afterCheckpoint`: no page was changed since the last one. */
export function insertRows(table: Table, rows: number, settings: Settings, afterCheckpoint: boolean, seed: number): InsertReport {
  assert(table.indexes.every((i) => i.spec.columns.length === 1 && i.column.distinct >= table.rows), 'rows go into tables whose indexes have one column of different values');
  const tally: Tally = { wal: 0, buffers: 0, splits: 0, images: 0 };
  const logged = afterCheckpoint && settings.fullPageWrites;
  const uniform = sequence(fold(seed, hashText(table.name)));
  const indexes = table.indexes.map((index) => ({ tree: new GrowingIndex(index, settings, Math.max(1, table.rows), tally, logged), ascending: index.column.ascending }));
  const { heap } = table;
  const record = RECORD + BLOCK_REFERENCE + SHORT_DATA + HEAP_DATA, data = HEAP_HEADER + heap.tupleBytes - HEAP_TUPLE_FIXED;
  let onPage = table.rows === 0 ? heap.perPage : table.rows - (heap.pages - 1) * heap.perPage, empty = table.rows === 0, fresh = !logged;
  for (let row = 0; row < rows; row++) {
    if (onPage >= heap.perPage) {
      tally.buffers += empty ? 0 : 1 + FREE_SPACE_PAGES;
      onPage = 0;
      fresh = true;
      empty = false;
    } else tally.buffers++;
    onPage++;
    if (fresh) tally.wal += align8(record + data);
    else {
      tally.images++;
      tally.wal += align8(record + IMAGE + PAGE_HEADER + onPage * (align8(heap.tupleBytes) + LINE_POINTER));
      fresh = true;
    }
    for (const { tree, ascending } of indexes) tree.insert(ascending ? 1 : uniform(), uniform);
  }
  return { rows, walBytes: Math.round((tally.wal * PAGE_BYTES) / (PAGE_BYTES - LOG_PAGE_HEADER)), buffers: tally.buffers, splits: tally.splits, images: tally.images };
}
