/**
 * How PostgreSQL 15 lays tuples on its pages of 8 KiB. Law: sizes are those of the source, byte for byte
 * (bufpage.h, htup_details.h, itup.h, nbtree.h, nbtdedup.c, visibilitymap.c); documentation §73.6. All sizes in bytes.
 */
import { assert } from '../base/assert';

export const PAGE_BYTES = 8192;
export const PAGE_HEADER = 24;
/** A line pointer (ItemIdData). */
export const LINE_POINTER = 4;
/** Special space of a B-tree page (BTPageOpaqueData). */
export const BTREE_SPECIAL = 16;
/** Room for items and their line pointers on a B-tree page. */
export const BTREE_ROOM = PAGE_BYTES - PAGE_HEADER - BTREE_SPECIAL;
/** IndexTupleData: the heap TID (6 B) and flags; alone it is the downlink of "minus infinity". */
export const INDEX_TUPLE_HEADER = 8;
/** A heap TID, and the same aligned. */
export const TID_BYTES = 6;
export const TID_ALIGNED = 8;
const HEAP_TUPLE_HEADER = 24; // 23 bytes, aligned; no column here is ever null, so there is no bitmap
/** Two bits for each heap page. */
export const HEAP_BLOCKS_PER_VM_PAGE = (PAGE_BYTES - PAGE_HEADER) * 4;
/** A posting list tuple is at most a tenth of a page, less its line pointer (nbtsort.c _bt_load). */
export const POSTING_MAX = Math.floor((PAGE_BYTES * 10) / 100 / 8) * 8 - LINE_POINTER;

export type ColumnType = 'bigint' | 'integer' | 'uuid' | 'text';
/** What the layout needs to know of a column; `bytes` is the length of a text. */
export interface ColumnLayout {
  readonly type: ColumnType;
  readonly bytes?: number;
}

/** Next multiple of eight (MAXALIGN). */
export const align8 = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** Where a datum ends that starts at `at` or after: fixed types are aligned; a text up to 126 bytes has one byte of length and no alignment, a longer one four. */
function after(at: number, column: ColumnLayout): number {
  switch (column.type) {
    case 'bigint': return align8(at) + 8;
    case 'integer': return Math.ceil(at / 4) * 4 + 4;
    case 'uuid': return at + 16;
    case 'text': {
      const bytes = column.bytes ?? 0;
      assert(bytes <= 2000, 'texts that would be compressed or moved to TOAST are not modelled');
      return bytes + 1 <= 127 ? at + 1 + bytes : Math.ceil(at / 4) * 4 + 4 + bytes;
    }
  }
}

/** Length of a heap tuple before alignment (t_len), header included. */
export const heapTupleBytes = (columns: readonly ColumnLayout[]): number => columns.reduce(after, HEAP_TUPLE_HEADER);

/** Tuples of a full heap page (fillfactor 100). */
export const tuplesPerHeapPage = (columns: readonly ColumnLayout[]): number =>
  Math.floor((PAGE_BYTES - PAGE_HEADER) / (align8(heapTupleBytes(columns)) + LINE_POINTER));

/** Aligned length of an index tuple with one TID, without its line pointer. */
export const indexTupleBytes = (columns: readonly ColumnLayout[]): number => align8(columns.reduce(after, INDEX_TUPLE_HEADER));

/** Aligned length of a posting list tuple for `tids` rows of one key; one row is a plain tuple. */
export const postingBytes = (tuple: number, tids: number): number => (tids === 1 ? tuple : align8(tuple + tids * TID_BYTES));

/** Rows that one posting list tuple may hold. */
export const tidsPerPosting = (tuple: number): number => Math.floor((Math.floor(POSTING_MAX / 8) * 8 - tuple) / TID_BYTES);

/** Comparisons of a binary search among `items` (floor(log2 n) + 1). */
export const searchSteps = (items: number): number => {
  let steps = 0;
  for (let n = Math.max(0, Math.floor(items)); n > 0; n = Math.floor(n / 2)) steps++;
  return steps;
};
