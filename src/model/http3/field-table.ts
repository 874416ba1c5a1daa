/** The dynamic table of one direction of an HTTP/3 connection (RFC 9204 §3.2). Law: an entry's absolute index never changes (§3.2.4). */
import { entrySize, type HeaderField } from '../header-compression/field';
import { QPACK_STATIC } from './static-table';

export interface TableEntry {
  readonly index: number;
  readonly field: HeaderField;
  /** Sections not yet acknowledged that refer to it (the encoder's count; §2.1.1). */
  references: number;
}
/** Where a field was found: by its value too, or only its name; -1 for nowhere. */
export interface FoundField {
  readonly exact: number;
  readonly name: number;
}
const NOWHERE: FoundField = { exact: -1, name: -1 };

/** Of each name in the static table its values and where they stand, the first of all first. */
const fixed = new Map<string, Map<string, number>>();
QPACK_STATIC.forEach(([name, value], i) => {
  const values = fixed.get(name) ?? new Map<string, number>();
  if (!values.has(value)) values.set(value, i);
  fixed.set(name, values);
});
const firstOf = new Map([...fixed].map(([name, values]) => [name, Math.min(...values.values())]));
/** Where the static table has this field, or its name; -1: nowhere. */
export const staticExact = ([name, value]: HeaderField): number => fixed.get(name)?.get(value) ?? -1;
export const staticName = ([name]: HeaderField): number => firstOf.get(name) ?? -1;

export class FieldTable {
  /** Oldest first. */
  private readonly list: TableEntry[] = [];
  /** Entries ever inserted; the next one's absolute index. */
  insertCount = 0;
  /** Sum of the entries' sizes, and how large it may become (§3.2.1, §3.2.2). */
  size = 0;
  capacity = 0;

  get entries(): readonly TableEntry[] {
    return this.list;
  }
  /** False when an entry that is still referred to would have to go (§3.2.2); nothing changes then. */
  resize(capacity: number): boolean {
    if (!this.makeRoom(capacity, 0)) return false;
    this.capacity = capacity;
    return true;
  }
  /** False when it does not fit, whatever may be evicted. */
  insert(field: HeaderField): boolean {
    const size = entrySize(field);
    if (!this.makeRoom(this.capacity, size)) return false;
    this.list.push({ index: this.insertCount++, field, references: 0 });
    this.size += size;
    return true;
  }
  private makeRoom(capacity: number, room: number): boolean {
    let size = this.size, evicted = 0;
    for (; size + room > capacity && evicted < this.list.length && this.list[evicted]!.references === 0; evicted++) size -= entrySize(this.list[evicted]!.field);
    if (size + room > capacity) return false;
    this.list.splice(0, evicted);
    this.size = size;
    return true;
  }
  /** The entry with this absolute index; undefined when it is evicted or not there yet. */
  at(index: number): TableEntry | undefined {
    return this.list[index - (this.list[0]?.index ?? 0)];
  }
  /** The newest entries of that field and of its name, older than `before`. */
  find([name, value]: HeaderField, before = Infinity): FoundField {
    let found = NOWHERE;
    for (let i = this.list.length - 1; i >= 0; i--) {
      const { index, field } = this.list[i]!;
      if (index >= before || field[0] !== name) continue;
      if (field[1] === value) return { exact: index, name: found.name < 0 ? index : found.name };
      if (found.name < 0) found = { exact: -1, name: index };
    }
    return found;
  }
}
/** §3.2.3 of RFC 9204: the most entries that a table of this capacity can have. */
export const maxEntries = (capacity: number): number => Math.floor(capacity / 32);
