/**
 * QPACK, the end that reads (RFC 9204 §2.2, §4). A section that needs entries which are not there yet is blocked: its stream waits, no
 * other does. Law: nothing a peer may send throws.
 */
import type { HeaderField } from '../header-compression/field';
import { PrimitiveReader, writeInteger } from '../header-compression/primitives';
import { FieldTable, maxEntries } from './field-table';
import { QPACK_STATIC } from './static-table';

const NO_FIELD: HeaderField = ['', ''];
interface Prefix {
  readonly required: number;
  readonly base: number;
}
/** How one field line stood in a section. */
export interface FieldLine {
  readonly start: number;
  readonly end: number;
  readonly kind: 'indexed' | 'literal' | 'never';
  readonly field: HeaderField;
}

export class QpackDecoder {
  readonly table = new FieldTable();
  private unsaid: number[] = [];
  private told = 0;
  /** `maxCapacity` is what this end said in SETTINGS_QPACK_MAX_TABLE_CAPACITY. */
  constructor(private readonly maxCapacity: number) {}

  /** What the peer says on its encoder stream, whole instructions (§4.3), or why it is an error of type QPACK_ENCODER_STREAM_ERROR. */
  instructions(bytes: ArrayLike<number>): string {
    const reader = new PrimitiveReader(bytes);
    while (!reader.over) {
      const byte = reader.peek();
      if (byte & 0x80) this.insertNamed(reader, (byte & 0x40) !== 0);
      else if (byte & 0x40) this.insert(reader, [reader.string(5), reader.string(7)]);
      else if (byte & 0x20) this.resize(reader, reader.integer(5));
      else this.insert(reader, this.relative(reader, reader.integer(5)));
    }
    return reader.error;
  }
  private insertNamed(reader: PrimitiveReader, fixed: boolean): void {
    const index = reader.integer(6);
    const [name] = fixed ? this.fixed(reader, index) : this.relative(reader, index);
    this.insert(reader, [name, reader.string(7)]);
  }
  private insert(reader: PrimitiveReader, field: HeaderField): void {
    if (!reader.error && !this.table.insert(field)) reader.fail('an entry is larger than the table');
  }
  private resize(reader: PrimitiveReader, capacity: number): void {
    if (capacity > this.maxCapacity) return reader.fail(`the table asks for ${capacity} bytes, allowed are ${this.maxCapacity}`);
    this.table.resize(capacity);
  }
  private fixed(reader: PrimitiveReader, index: number): HeaderField {
    const field = QPACK_STATIC[index];
    if (!field) reader.fail(`the static table has no entry ${index}`);
    return field ?? NO_FIELD;
  }
  private relative(reader: PrimitiveReader, index: number): HeaderField {
    return this.absolute(reader, this.table.insertCount - 1 - index);
  }
  private absolute(reader: PrimitiveReader, index: number): HeaderField {
    const entry = this.table.at(index);
    if (!entry) reader.fail(`the table has no entry ${index}`);
    return entry?.field ?? NO_FIELD;
  }

  /** How many entries the section needs (§4.5.1.1); it is blocked while the table has had fewer. */
  required(section: ArrayLike<number>): number | string {
    const reader = new PrimitiveReader(section);
    const { required } = this.prefix(reader);
    return reader.error || required;
  }
  private prefix(reader: PrimitiveReader): Prefix {
    const encoded = reader.integer(8), full = 2 * maxEntries(this.maxCapacity);
    let required = 0;
    if (encoded > 0) {
      const max = this.table.insertCount + full / 2;
      required = Math.floor(max / full) * full + encoded - 1;
      if (required > max) required -= full;
      if (encoded > full || required <= 0) reader.fail(`a required insert count of ${encoded} cannot be`);
    }
    const behind = (reader.peek() & 0x80) !== 0, delta = reader.integer(7);
    const base = behind ? required - delta - 1 : required + delta;
    if (base < 0) reader.fail('the base is below zero');
    return { required, base };
  }
  /** The fields of a section that is not blocked, or why it is an error of type QPACK_DECOMPRESSION_FAILED. Acknowledges it (§4.4.1). */
  decode(stream: number, section: ArrayLike<number>): readonly HeaderField[] | string {
    const lines = this.lines(section);
    if (typeof lines === 'string') return lines;
    this.acknowledge(stream, this.required(section) as number);
    return lines.map((l) => l.field);
  }
  /** A section that needs `required` entries was read (§4.4.1); by who knows what it says without decoding it. */
  acknowledge(stream: number, required: number): void {
    if (required === 0) return;
    writeInteger(this.unsaid, 0x80, 7, stream);
    this.told = Math.max(this.told, required);
  }
  /** As `decode`, with where each line stood, and nothing acknowledged. */
  lines(section: ArrayLike<number>): readonly FieldLine[] | string {
    const reader = new PrimitiveReader(section);
    const { required, base } = this.prefix(reader);
    if (required > this.table.insertCount) reader.fail(`the table has had ${this.table.insertCount} entries, the section needs ${required}`);
    const lines: FieldLine[] = [];
    while (!reader.over) lines.push(this.line(reader, base));
    return reader.error || lines;
  }
  private line(reader: PrimitiveReader, base: number): FieldLine {
    const start = reader.at, byte = reader.peek();
    const is = (kind: FieldLine['kind'], field: HeaderField): FieldLine => ({ start, end: reader.at, kind, field });
    if (byte & 0x80) {
      const index = reader.integer(6);
      return is('indexed', byte & 0x40 ? this.fixed(reader, index) : this.absolute(reader, base - 1 - index));
    }
    if (byte & 0x40) {
      const index = reader.integer(4);
      const [name] = byte & 0x10 ? this.fixed(reader, index) : this.absolute(reader, base - 1 - index);
      const value = reader.string(7);
      return is(byte & 0x20 ? 'never' : 'literal', [name, value]);
    }
    if (byte & 0x20) {
      const field: HeaderField = [reader.string(3), reader.string(7)];
      return is(byte & 0x10 ? 'never' : 'literal', field);
    }
    if (byte & 0x10) return is('indexed', this.absolute(reader, base + reader.integer(4)));
    const [name] = this.absolute(reader, base + reader.integer(3));
    const value = reader.string(7);
    return is(byte & 0x08 ? 'never' : 'literal', [name, value]);
  }
  /** The stream is given up: its sections will not be read (§2.2.2.2). */
  cancel(stream: number): void {
    if (this.maxCapacity > 0) writeInteger(this.unsaid, 0x40, 6, stream);
  }
  /** What this end says on its decoder stream now: acknowledgements, and entries that no section has told of (§4.4.3). */
  feedback(): Uint8Array {
    const news = this.table.insertCount - this.told;
    if (news > 0) writeInteger(this.unsaid, 0, 6, news);
    this.told = this.table.insertCount;
    const out = Uint8Array.from(this.unsaid);
    this.unsaid = [];
    return out;
  }
}
