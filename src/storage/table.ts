/**
 * A table without its rows: values, ranks and places by arithmetic. Law: for a column with `d` values over `n` rows, `valueOf(row)`, `countBelow(value)` and
 * `rowAt(rank)` agree with each other; nothing is kept for a row. Rows are numbered from 0 in the order of the heap.
 */
import { fold, hashText } from '../base/hash';
import { draw } from '../base/random';
import { btree, type BTree } from './btree';
import { HEAP_BLOCKS_PER_VM_PAGE, heapTupleBytes, tuplesPerHeapPage } from './layout';
import type { Settings } from './params';
import { IDENTITY, permutation, type Permutation } from './permutation';
import type { ColumnSpec, IndexSpec, TableSpec } from './spec';

/** The values of a column. */
export class Column {
  private readonly places: Permutation;
  private group: { value: number; rows: readonly number[] } = { value: 0, rows: [] };
  constructor(readonly spec: ColumnSpec, readonly rows: number, readonly ascending: boolean, readonly distinct: number, seed: number) {
    this.places = ascending ? IDENTITY : permutation(rows, seed);
  }
  /** 1 … distinct. */
  valueOf(row: number): number {
    return this.ascending ? Math.floor((row * this.distinct) / this.rows) + 1 : (this.places.forward(row) % this.distinct) + 1;
  }
  /** Rows whose value is less. */
  countBelow(value: number): number {
    const v = Math.min(Math.max(0, Math.ceil(value) - 1), this.distinct);
    if (this.ascending) return Math.ceil((v * this.rows) / this.distinct);
    return v * Math.floor(this.rows / this.distinct) + Math.min(v, this.rows % this.distinct);
  }
  /** The row at a place of the order by (value, place in the heap). */
  rowAt(rank: number): number {
    if (this.ascending) return rank;
    const each = Math.floor(this.rows / this.distinct), longer = this.rows % this.distinct, inLonger = longer * (each + 1);
    const v = rank < inLonger ? Math.floor(rank / (each + 1)) : longer + Math.floor((rank - inLonger) / each);
    const copies = v < longer ? each + 1 : each;
    if (copies === 1) return this.places.inverse(v);
    if (this.group.value !== v + 1) {
      this.group = { value: v + 1, rows: Array.from({ length: copies }, (_, i) => this.places.inverse(v + i * this.distinct)).sort((a, b) => a - b) };
    }
    return this.group.rows[rank - this.countBelow(v + 1)]!;
  }
}

/** Heap pages, full one after the other (fillfactor 100). */
export class Heap {
  readonly perPage: number;
  readonly pages: number;
  readonly tupleBytes: number;
  constructor(readonly name: string, readonly rows: number, columns: readonly ColumnSpec[], private readonly visible: number, private readonly seed: number) {
    this.perPage = tuplesPerHeapPage(columns);
    this.tupleBytes = heapTupleBytes(columns);
    this.pages = Math.ceil(rows / this.perPage);
  }
  blockOf(row: number): number {
    return Math.floor(row / this.perPage);
  }
  /** Whether the visibility map exists at all, and whether every page is marked in it. */
  get hasMap(): boolean {
    return this.visible > 0;
  }
  get allVisible(): boolean {
    return this.visible >= 1;
  }
  isVisible(block: number): boolean {
    return this.allVisible || draw(this.seed, 'storage.visible', block) < this.visible;
  }
  mapBlockOf(block: number): number {
    return Math.floor(block / HEAP_BLOCKS_PER_VM_PAGE);
  }
}

export interface Index {
  readonly name: string;
  readonly spec: IndexSpec;
  readonly tree: BTree;
  /** Its first column, by which it is searched. */
  readonly column: Column;
  /** One key, one row. */
  readonly single: boolean;
}

export interface Table {
  readonly name: string;
  readonly spec: TableSpec;
  readonly rows: number;
  readonly heap: Heap;
  readonly visibleShare: number;
  readonly columns: ReadonlyMap<string, Column>;
  readonly indexes: readonly Index[];
}

/** A table as described. */
export function openTable(name: string, spec: TableSpec, settings: Settings, seed: number): Table {
  const own = fold(seed, hashText(name)), rows = spec.rows;
  const columns = new Map<string, Column>(spec.columns.map((c) => {
    const order = c.name === spec.primaryKey[0] ? spec.order : (c.order ?? 'random');
    return [c.name, new Column(c, rows, order === 'ascending', Math.max(1, Math.min(c.distinct ?? rows, rows)), fold(own, hashText(c.name)))];
  }));
  const indexes = Object.entries({ [`${name}_pkey`]: { columns: spec.primaryKey, unique: true, build: 'inserts' } as const, ...spec.indexes }).map(([index, one]): Index => {
    const column = columns.get(one.columns[0]!)!;
    const tree = btree({
      rows, columns: one.columns.map((c) => columns.get(c)!.spec), build: one.build === 'bulk' ? 'bulk' : column.ascending ? 'ascending' : 'random',
      copies: one.columns.length === 1 ? rows / column.distinct : 1, fillfactor: settings.fillfactor, profilePages: settings.profilePages,
    }, fold(own, hashText(index)));
    return { name: index, spec: one, tree, column, single: one.unique && one.columns.length === 1 };
  });
  return { name, spec, rows, heap: new Heap(name, rows, spec.columns, spec.allVisible, own), visibleShare: spec.allVisible, columns, indexes };
}
