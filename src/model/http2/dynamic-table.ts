/** The dynamic table of one direction of an HTTP/2 connection (RFC 7541 §2.3.2, §4), and the index space it makes with the static one. */
import { entrySize, type HeaderField } from '../header-compression/field';
import { HPACK_STATIC } from './static-table';

/** SETTINGS_HEADER_TABLE_SIZE before anybody says otherwise (RFC 9113 §6.5.2). */
export const DEFAULT_TABLE_SIZE = 4096;

/** Where a field was found: `index` with its value, or only its name; 0 for nowhere. */
export interface Found {
  readonly index: number;
  readonly nameIndex: number;
}

const staticField = new Map<string, number>(), staticName = new Map<string, number>();
const key = (name: string, value: string): string => `${name}\n${value}`;
HPACK_STATIC.forEach(([name, value], i) => {
  staticField.set(key(name, value), i + 1);
  if (!staticName.has(name)) staticName.set(name, i + 1);
});

export class DynamicTable {
  /** Newest first. */
  private readonly list: HeaderField[] = [];
  /** Sum of the entries' sizes. */
  size = 0;

  constructor(private limit = DEFAULT_TABLE_SIZE) {}
  get entries(): readonly HeaderField[] {
    return this.list;
  }
  get maxSize(): number {
    return this.limit;
  }
  /** A new maximum size evicts until the rest fits (§4.3). */
  resize(maxSize: number): void {
    this.limit = maxSize;
    this.evict(0);
  }
  /** Adds in front. What is larger than the whole table empties it and is not added (§4.4). */
  add(field: HeaderField): void {
    const size = entrySize(field);
    this.evict(size);
    if (size > this.limit) return;
    this.list.unshift(field);
    this.size += size;
  }
  private evict(room: number): void {
    while (this.list.length > 0 && this.size + room > this.limit) this.size -= entrySize(this.list.pop()!);
  }
  /** Entry of the common index space (§2.3.3); undefined where none is. */
  at(index: number): HeaderField | undefined {
    return index <= HPACK_STATIC.length ? HPACK_STATIC[index - 1] : this.list[index - HPACK_STATIC.length - 1];
  }
  /** Looks in the static table first, and in this one unless `dynamic` is false. */
  find([name, value]: HeaderField, dynamic = true): Found {
    const exact = staticField.get(key(name, value));
    if (exact) return { index: exact, nameIndex: exact };
    let nameIndex = staticName.get(name) ?? 0;
    for (let i = 0; dynamic && i < this.list.length; i++) {
      if (this.list[i]![0] !== name) continue;
      const index = HPACK_STATIC.length + 1 + i;
      if (this.list[i]![1] === value) return { index, nameIndex: nameIndex || index };
      nameIndex ||= index;
    }
    return { index: 0, nameIndex };
  }
}
