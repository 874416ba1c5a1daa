/**
 * HPACK (RFC 7541): fields of a header section as a block, and back. Law: one encoder and one decoder for each direction of a
 * connection; blocks are decoded in the order in which they were encoded, because every block may change the table.
 */
import type { HeaderField } from '../header-compression/field';
import { Octets, PrimitiveReader, writeInteger, writeString, type Huffman } from '../header-compression/primitives';
import { DEFAULT_TABLE_SIZE, DynamicTable } from './dynamic-table';

/** How a field that is in no table goes out (§6.2): and is added to the table, is not, or must not be by anyone on the way. */
export type Indexing = 'incremental' | 'without' | 'never';

/** What one implementation does where the RFC leaves the choice. */
export interface HpackPolicy {
  indexing(field: HeaderField): Indexing;
  /** Whether entries of its own dynamic table are ever referred to. */
  readonly references: boolean;
  /** Size of its table when the peer says how large it may be (SETTINGS_HEADER_TABLE_SIZE). */
  tableSize?(allowed: number): number;
  /** Fields whose names are written out, though a table has them. */
  writesName?(name: string): boolean;
  readonly huffman: Huffman;
}

const without = new Set([':path', 'age', 'content-length', 'etag', 'if-modified-since', 'if-none-match', 'location', 'set-cookie']);
/** nghttp2 1.52 lib/nghttp2_hd.c hd_deflate_decide_indexing; a cookie under 20 octets could be guessed. */
export const NGHTTP2: HpackPolicy = {
  indexing: ([name, value]) => (name === 'authorization' || (name === 'cookie' && value.length < 20) ? 'never' : without.has(name) ? 'without' : 'incremental'),
  references: true, huffman: 'shorter',
};
/** Chromium's quiche HpackEncoder: all but the pseudo-header fields, of which :authority only. */
export const CHROMIUM: HpackPolicy = {
  indexing: ([name]) => (name.startsWith(':') && name !== ':authority' ? 'without' : 'incremental'),
  references: true, huffman: 'shorter',
};
const known = new Set([':status', 'server', 'date', 'content-type', 'content-length', 'last-modified', 'location', 'vary']);
/** nginx 1.22 ngx_http_v2_filter_module.c: what it knows is offered for the table, and never referred to; what modules add is written out. */
export const NGINX: HpackPolicy = {
  indexing: ([name]) => (known.has(name) ? 'incremental' : 'without'), references: false, writesName: (name) => !known.has(name), tableSize: () => 0, huffman: 'shorter',
};

export class HpackEncoder {
  readonly table = new DynamicTable();
  /** Sizes that must be told at the start of the next block (§4.2): the smallest since the last one, and the last. */
  private smallest = -1;
  private told = DEFAULT_TABLE_SIZE;
  private readonly out = new Octets();

  constructor(private readonly policy: HpackPolicy) {}
  /** The peer's decoder takes a table of this size. */
  allow(allowed: number): void {
    this.resize(this.policy.tableSize?.(allowed) ?? Math.min(allowed, DEFAULT_TABLE_SIZE));
  }
  /** The table takes this size, which the peer's SETTINGS_HEADER_TABLE_SIZE must allow. */
  resize(maxSize: number): void {
    this.smallest = this.smallest < 0 ? maxSize : Math.min(this.smallest, maxSize);
    this.table.resize(maxSize);
  }
  encode(fields: readonly HeaderField[]): Uint8Array {
    const { out } = this;
    this.tellSize(out);
    for (const field of fields) this.field(out, field);
    return out.take();
  }
  private tellSize(out: Octets): void {
    const { smallest, table } = this;
    this.smallest = -1;
    if (smallest < 0) return;
    if (smallest < table.maxSize) writeInteger(out, 0x20, 5, smallest);
    if (smallest < table.maxSize || table.maxSize !== this.told) writeInteger(out, 0x20, 5, table.maxSize);
    this.told = table.maxSize;
  }
  private field(out: Octets, field: HeaderField): void {
    const { policy, table } = this;
    const { index, nameIndex: found } = table.find(field, policy.references);
    const indexing = policy.indexing(field);
    const nameIndex = policy.writesName?.(field[0]) ? 0 : found;
    if (indexing !== 'never' && index > 0) return writeInteger(out, 0x80, 7, index);
    const [flags, prefix] = indexing === 'incremental' ? [0x40, 6] : indexing === 'without' ? [0, 4] : [0x10, 4];
    writeInteger(out, flags!, prefix!, nameIndex);
    if (nameIndex === 0) writeString(out, 0, 7, field[0], policy.huffman);
    writeString(out, 0, 7, field[1], policy.huffman);
    if (indexing === 'incremental') table.add(field);
  }
}

/** How one field stood in a block: its first byte, how many, what it was, and the field. */
export interface Representation {
  readonly start: number;
  readonly end: number;
  /** `indexed`: 'indexed' or how it was literal; `size`: an update of the table's size (§6.3). */
  readonly kind: 'indexed' | Indexing | 'size';
  /** Index it referred to, 0 for none; the new size when `kind` is 'size'. */
  readonly index: number;
  readonly field: HeaderField;
}
const NO_FIELD: HeaderField = ['', ''];

export class HpackDecoder {
  readonly table: DynamicTable;

  /** `allowed` is what this end said in SETTINGS_HEADER_TABLE_SIZE. */
  constructor(private readonly allowed = DEFAULT_TABLE_SIZE) {
    this.table = new DynamicTable();
  }
  /** The fields of a block, or why it is a connection error of type COMPRESSION_ERROR (RFC 9113 §4.3). */
  decode(block: ArrayLike<number>): readonly HeaderField[] | string {
    const parts = this.parts(block);
    return typeof parts === 'string' ? parts : parts.filter((p) => p.kind !== 'size').map((p) => p.field);
  }
  /** As `decode`, with where each field stood. */
  parts(block: ArrayLike<number>): readonly Representation[] | string {
    const reader = new PrimitiveReader(block);
    const parts: Representation[] = [];
    while (!reader.over) {
      const part = this.part(reader, parts.every((p) => p.kind === 'size'));
      if (part) parts.push(part);
    }
    return reader.error || parts;
  }
  private part(reader: PrimitiveReader, atStart: boolean): Representation | null {
    const start = reader.at, byte = reader.peek();
    if (byte & 0x80) {
      const index = reader.integer(7);
      const field = this.entry(reader, index);
      return reader.error ? null : { start, end: reader.at, kind: 'indexed', index, field };
    }
    if ((byte & 0xe0) === 0x20) return this.size(reader, start, atStart);
    const kind: Indexing = byte & 0x40 ? 'incremental' : byte & 0x10 ? 'never' : 'without';
    const index = reader.integer(kind === 'incremental' ? 6 : 4);
    const name = index > 0 ? this.entry(reader, index)[0] : reader.string(7);
    const field: HeaderField = [name, reader.string(7)];
    if (reader.error) return null;
    if (kind === 'incremental') this.table.add(field);
    return { start, end: reader.at, kind, index, field };
  }
  private size(reader: PrimitiveReader, start: number, atStart: boolean): Representation | null {
    const size = reader.integer(5);
    if (!atStart) reader.fail('the table changes its size after a field');
    if (size > this.allowed) reader.fail(`the table asks for ${size} bytes, allowed are ${this.allowed}`);
    if (reader.error) return null;
    this.table.resize(size);
    return { start, end: reader.at, kind: 'size', index: size, field: NO_FIELD };
  }
  private entry(reader: PrimitiveReader, index: number): HeaderField {
    const field = this.table.at(index);
    if (!field) reader.fail(`no entry has index ${index}`);
    return field ?? NO_FIELD;
  }
}
