/**
 * QPACK, the end that compresses (RFC 9204 §2.1, §4.3, §4.5). Law: nothing is referred to that the peer might not have, unless the peer
 * lets that many streams wait for it (§2.1.2); an entry that a section still needs is not evicted (§2.1.1).
 */
import type { HeaderField } from '../header-compression/field';
import { Octets, PrimitiveReader, writeInteger, writeString, type Huffman } from '../header-compression/primitives';
import { FieldTable, maxEntries, staticExact, staticName, type TableEntry } from './field-table';

/** What one implementation does where the RFC leaves the choice. */
export interface QpackPolicy {
  /** How a field that is in no table goes out: into the table, as a literal, or as one that nobody on the way may put into a table. */
  indexing(field: HeaderField): 'insert' | 'literal' | 'never';
  /** Its table's size when the peer allows so much (SETTINGS_QPACK_MAX_TABLE_CAPACITY); 0 = it uses none. */
  capacity(allowed: number): number;
  readonly huffman: Huffman;
}
/** What goes out for one section: its bytes, and what must be said on the encoder stream before them. */
export interface EncodedSection {
  readonly section: Uint8Array;
  readonly instructions: Uint8Array;
  /** Entries that the peer must have to read it (§2.1.2). */
  readonly requiredInsertCount: number;
}
const NOTHING = new Uint8Array(0);
interface Unacknowledged {
  readonly required: number;
  readonly entries: readonly TableEntry[];
}

const literal = new Set([':path', 'age', 'content-length', 'etag', 'if-modified-since', 'if-none-match', 'location', 'set-cookie']);
/** nghttp3 1.8 lib/nghttp3_qpack.c qpack_encoder_decide_indexing_mode; a cookie under 20 octets could be guessed. */
export const NGHTTP3: QpackPolicy = {
  indexing: ([name, value]) => (name === 'authorization' || (name === 'cookie' && value.length < 20) ? 'never' : literal.has(name) ? 'literal' : 'insert'),
  capacity: (allowed) => Math.min(allowed, 4096), huffman: 'shorter',
};
/** Chromium's quiche QpackEncoder: everything that is not in the static table is inserted, if it fits. */
export const QUICHE: QpackPolicy = { indexing: ([name]) => (name === ':path' ? 'literal' : 'insert'), capacity: (allowed) => Math.min(allowed, 65_536), huffman: 'shorter' };
/** nginx 1.26 ngx_http_v3_encode.c: the static table only. */
export const STATIC_ONLY: QpackPolicy = { indexing: () => 'literal', capacity: () => 0, huffman: 'shorter' };

export class QpackEncoder {
  readonly table = new FieldTable();
  /** Entries that the peer is known to have (§2.1.4). */
  knownReceived = 0;
  private allowedBlocked = 0;
  private allowedCapacity = 0;
  /** Sections that refer to entries, oldest first, by stream. */
  private readonly pending = new Map<number, Unacknowledged[]>();
  private readonly unsaid = new Octets();
  private readonly prefix = new Octets();
  private readonly lines = new Octets();
  constructor(private readonly policy: QpackPolicy) {}

  /** The peer's SETTINGS: its table's greatest size, and the streams that may wait (§5). */
  allow(capacity: number, blocked: number): void {
    this.allowedCapacity = capacity;
    this.allowedBlocked = blocked;
    this.setCapacity(this.policy.capacity(capacity));
  }
  /** The table takes this size, which the peer's setting must allow; it is told with what comes next (§4.3.1). */
  setCapacity(capacity: number): void {
    if (capacity === this.table.capacity || !this.table.resize(capacity)) return;
    writeInteger(this.unsaid, 0x20, 5, capacity);
  }
  encode(stream: number, fields: readonly HeaderField[]): EncodedSection {
    const base = this.table.insertCount;
    const { prefix, lines } = this, used = new Set<TableEntry>();
    const mayBlock = this.mayBlock(stream);
    for (const field of fields) this.field(field, base, mayBlock, used);
    let required = 0;
    for (const entry of used) required = Math.max(required, entry.index + 1);
    if (used.size > 0) {
      const section: Unacknowledged = { required, entries: [...used] }, earlier = this.pending.get(stream);
      if (earlier) earlier.push(section);
      else this.pending.set(stream, [section]);
    }
    writeInteger(prefix, 0, 8, required === 0 ? 0 : (required % (2 * maxEntries(this.allowedCapacity))) + 1);
    // §4.5.1.2: without references any base does
    if (required === 0) prefix.push(0);
    else if (base >= required) writeInteger(prefix, 0, 7, base - required);
    else writeInteger(prefix, 0x80, 7, required - base - 1);
    prefix.set(lines.take());
    const section = prefix.take();
    if (this.unsaid.length === 0) return { section, instructions: NOTHING, requiredInsertCount: required };
    return { section, instructions: this.unsaid.take(), requiredInsertCount: required };
  }
  /** §2.1.2: a stream that waits already may wait for more. */
  private mayBlock(stream: number): boolean {
    let waiting = 0;
    for (const [id, sections] of this.pending) {
      if (!sections.some((s) => s.required > this.knownReceived)) continue;
      if (id === stream) return true;
      waiting++;
    }
    return waiting < this.allowedBlocked;
  }
  /** The section that is being written needs this entry. */
  private refer(index: number, used: Set<TableEntry>): void {
    const entry = this.table.at(index)!;
    if (!used.has(entry)) entry.references++;
    used.add(entry);
  }
  private field(field: HeaderField, base: number, mayBlock: boolean, used: Set<TableEntry>): void {
    const { table, policy, lines: out } = this;
    const fixed = staticExact(field);
    const indexing = policy.indexing(field);
    if (fixed >= 0 && indexing !== 'never') return writeInteger(out, 0xc0, 6, fixed);
    const usable = mayBlock ? Infinity : this.knownReceived;
    const known = table.find(field, usable);
    if (known.exact >= 0 && indexing !== 'never') {
      this.refer(known.exact, used);
      return known.exact < base ? writeInteger(out, 0x80, 6, base - known.exact - 1) : writeInteger(out, 0x10, 4, known.exact - base);
    }
    if (indexing === 'insert' && table.find(field).exact < 0 && this.insert(field) && mayBlock) {
      this.refer(table.insertCount - 1, used);
      return writeInteger(out, 0x10, 4, table.insertCount - 1 - base);
    }
    const never = indexing === 'never' ? 1 : 0;
    // looked up again: an insertion may have evicted it
    const { name } = table.find(field, usable), fixedName = staticName(field);
    if (fixedName >= 0) writeInteger(out, 0x50 | (never << 5), 4, fixedName);
    else if (name >= 0) {
      this.refer(name, used);
      if (name < base) writeInteger(out, 0x40 | (never << 5), 4, base - name - 1);
      else writeInteger(out, never << 3, 3, name - base);
    } else writeString(out, 0x20 | (never << 4), 3, field[0], policy.huffman);
    writeString(out, 0, 7, field[1], policy.huffman);
  }
  /** Into the table, and onto the encoder stream (§4.3.2, §4.3.3). Names of entries are found before any of them is evicted. */
  private insert(field: HeaderField): boolean {
    const { table, policy } = this;
    const fixed = staticName(field), own = fixed >= 0 ? -1 : table.find(field).name;
    const count = table.insertCount;
    if (!table.insert(field)) return false;
    if (fixed >= 0) writeInteger(this.unsaid, 0xc0, 6, fixed);
    else if (own >= 0) writeInteger(this.unsaid, 0x80, 6, count - 1 - own);
    else writeString(this.unsaid, 0x40, 5, field[0], policy.huffman);
    writeString(this.unsaid, 0, 7, field[1], policy.huffman);
    return true;
  }
  /** What the peer says on its decoder stream (§4.4), or why it is a connection error of type QPACK_DECODER_STREAM_ERROR. */
  feedback(bytes: ArrayLike<number>): string {
    const reader = new PrimitiveReader(bytes);
    while (!reader.over) {
      const byte = reader.peek();
      if (byte & 0x80) this.acknowledged(reader, reader.integer(7));
      else if (byte & 0x40) this.drop(reader.integer(6));
      else this.increment(reader, reader.integer(6));
    }
    return reader.error;
  }
  private acknowledged(reader: PrimitiveReader, stream: number): void {
    const section = this.pending.get(stream)?.shift();
    if (!section) return reader.fail(`no section of stream ${stream} waits to be acknowledged`);
    if (this.pending.get(stream)!.length === 0) this.pending.delete(stream);
    for (const entry of section.entries) entry.references--;
    this.knownReceived = Math.max(this.knownReceived, section.required);
  }
  private drop(stream: number): void {
    for (const section of this.pending.get(stream) ?? []) for (const entry of section.entries) entry.references--;
    this.pending.delete(stream);
  }
  private increment(reader: PrimitiveReader, by: number): void {
    if (by === 0 || this.knownReceived + by > this.table.insertCount) return reader.fail(`the insert count cannot grow by ${by}`);
    this.knownReceived += by;
  }
}
