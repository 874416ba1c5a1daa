/**
 * Integers with a prefix and string literals, the two primitives of HPACK (RFC 7541 §5) that QPACK shares with other prefixes
 * (RFC 9204 §4.1). Law: pure; a reader never throws, it keeps the first thing that is wrong in `error`.
 */
import { octets } from './field';
import { huffmanDecode, huffmanEncode, huffmanLength } from './huffman';

/** RFC 9204 §4.1.1 demands 62 bits; a number here holds 53 exactly, and no length comes near. */
const LIMIT = Number.MAX_SAFE_INTEGER;

/** When a string goes out in the Huffman code: `shorter`, when that is shorter, is what all known encoders do. */
export type Huffman = 'shorter' | 'always' | 'never';

/** Where octets are written; one after another. */
export interface OctetSink {
  push(octet: number): unknown;
}
/** Octets as they are written, in one place that grows. `take` gives them out and begins anew. */
export class Octets implements OctetSink {
  private room = new Uint8Array(64);
  length = 0;
  push(octet: number): void {
    if (this.length === this.room.length) this.grow(1);
    this.room[this.length++] = octet;
  }
  set(octets: Uint8Array): void {
    if (this.length + octets.length > this.room.length) this.grow(octets.length);
    this.room.set(octets, this.length);
    this.length += octets.length;
  }
  take(): Uint8Array {
    const taken = this.room.slice(0, this.length);
    this.length = 0;
    return taken;
  }
  private grow(by: number): void {
    const wider = new Uint8Array(Math.max(this.room.length * 2, this.length + by));
    wider.set(this.room);
    this.room = wider;
  }
}

/** An integer behind `flags`, which fill the bits above a prefix of `prefix` bits (RFC 7541 §5.1). */
export function writeInteger(out: OctetSink, flags: number, prefix: number, value: number): void {
  const max = (1 << prefix) - 1;
  if (value < max) {
    out.push(flags | value);
    return;
  }
  out.push(flags | max);
  let rest = value - max;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 0x80);
  out.push(rest);
}

/**
 * A string literal behind `flags` (RFC 7541 §5.2): one bit for the Huffman code, the length in a prefix of `prefix` bits, the
 * octets.
 */
export function writeString(out: Octets, flags: number, prefix: number, text: string, huffman: Huffman): void {
  const { coded, bytes } = encodedAs(text, huffman);
  writeInteger(out, flags | (coded ? 1 << prefix : 0), prefix, bytes.length);
  out.set(bytes);
}

interface Encoded {
  readonly coded: boolean;
  readonly bytes: Uint8Array;
}
/** The last strings encoded: names and values of fields come again and again. */
const RECENT: Readonly<Record<Huffman, Map<string, Encoded>>> = { shorter: new Map(), always: new Map(), never: new Map() };
const KEPT = 500;
function encodedAs(text: string, huffman: Huffman): Encoded {
  const recent = RECENT[huffman];
  let encoded = recent.get(text);
  if (!encoded) {
    const plain = octets(text);
    const coded = huffman === 'always' || (huffman === 'shorter' && huffmanLength(plain) < plain.length);
    if (recent.size >= KEPT) recent.clear();
    recent.set(text, (encoded = { coded, bytes: coded ? huffmanEncode(plain) : plain }));
  }
  return encoded;
}

export class PrimitiveReader {
  at = 0;
  /** The first thing that is wrong; empty while nothing is. */
  error = '';

  constructor(private readonly bytes: ArrayLike<number>) {}
  get over(): boolean {
    return this.at >= this.bytes.length || this.error !== '';
  }
  /** The next byte, still unread. */
  peek(): number {
    return this.bytes[this.at] ?? 0;
  }
  fail(what: string): void {
    this.error ||= what;
  }
  integer(prefix: number): number {
    if (this.at >= this.bytes.length) return this.fail('an integer is missing'), 0;
    const max = (1 << prefix) - 1;
    let value = this.bytes[this.at++]! & max;
    if (value < max) return value;
    for (let scale = 1; ; scale *= 128) {
      if (this.at >= this.bytes.length) return this.fail('an integer ends too early'), 0;
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      if (value > LIMIT || scale > LIMIT) return this.fail('an integer is too large'), 0;
      if ((byte & 0x80) === 0) return value;
    }
  }
  string(prefix: number): string {
    const coded = ((this.peek() >> prefix) & 1) === 1;
    const length = this.integer(prefix);
    if (length > this.bytes.length - this.at) return this.fail('a string ends too early'), '';
    const from = this.at;
    this.at += length;
    const raw = new Uint8Array(length);
    for (let i = 0; i < length; i++) raw[i] = this.bytes[from + i]!;
    const plain = coded ? huffmanDecode(raw) : raw;
    if (typeof plain === 'string') return this.fail(plain), '';
    return String.fromCharCode(...plain);
  }
}
