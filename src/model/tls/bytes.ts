/**
 * Reads and writes TLS structures: big-endian integers and vectors with a length before them (RFC 8446 §3).
 * Law: pure; a reader never throws, it says `bad` when the bytes end too early.
 */
import { fold, hashText, mix32 } from '../../base/hash';

export class Writer {
  private readonly bytes: number[] = [];
  u8(v: number): this {
    this.bytes.push(v & 255);
    return this;
  }
  u16(v: number): this {
    return this.u8(v >> 8).u8(v);
  }
  u24(v: number): this {
    return this.u8(v >> 16).u16(v);
  }
  u32(v: number): this {
    return this.u16(v >>> 16).u16(v & 0xffff);
  }
  raw(v: ArrayLike<number>): this {
    for (let i = 0; i < v.length; i++) this.bytes.push(v[i]!);
    return this;
  }
  /** A vector: its length in `lengthBytes` bytes, then what `fill` writes. */
  vector(lengthBytes: 1 | 2 | 3, fill: (w: Writer) => void): this {
    const inner = new Writer();
    fill(inner);
    const n = inner.bytes.length;
    if (lengthBytes === 1) this.u8(n);
    else if (lengthBytes === 2) this.u16(n);
    else this.u24(n);
    return this.raw(inner.bytes);
  }
  /** A vector of bytes. */
  opaque(lengthBytes: 1 | 2 | 3, v: ArrayLike<number>): this {
    return this.vector(lengthBytes, (w) => w.raw(v));
  }
  get length(): number {
    return this.bytes.length;
  }
  done(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

export class Reader {
  private at = 0;
  /** The bytes ended before the structure did; everything read since is zero or empty. */
  bad = false;
  constructor(private readonly bytes: Uint8Array) {}
  get left(): number {
    return this.bytes.length - this.at;
  }
  u8(): number {
    return this.raw(1)[0] ?? 0;
  }
  u16(): number {
    return this.u8() * 256 + this.u8();
  }
  u24(): number {
    return this.u8() * 65536 + this.u16();
  }
  u32(): number {
    return this.u16() * 65536 + this.u16();
  }
  /** The next `n` bytes. */
  raw(n: number): Uint8Array {
    if (n > this.left) {
      this.bad = true;
      this.at = this.bytes.length;
      return new Uint8Array(0);
    }
    this.at += n;
    return this.bytes.slice(this.at - n, this.at);
  }
  /** The bytes of a vector. */
  opaque(lengthBytes: 1 | 2 | 3): Uint8Array {
    return this.raw(lengthBytes === 1 ? this.u8() : lengthBytes === 2 ? this.u16() : this.u24());
  }
  /** The items of a vector. */
  list<T>(lengthBytes: 1 | 2 | 3, item: (r: Reader) => T): T[] {
    const inner = new Reader(this.opaque(lengthBytes));
    const items: T[] = [];
    while (inner.left > 0 && !inner.bad) items.push(item(inner));
    if (inner.bad) this.bad = true;
    return items;
  }
}

/** `n` bytes that look random and depend only on `label` (a keyed draw: model decision 2). */
export function randomBytes(label: string, n: number): Uint8Array {
  const out = new Uint8Array(n);
  let h = hashText(label);
  for (let i = 0; i < n; i++) {
    if ((i & 3) === 0) h = fold(h, i);
    out[i] = mix32(h + i) >>> 24;
  }
  return out;
}
/** Characters below 128 as bytes. */
export const ascii = (s: string): number[] => [...s].map((c) => c.charCodeAt(0) & 127);
/** Bytes as ASCII text. */
export const asciiText = (bytes: ArrayLike<number>): string => String.fromCharCode(...Array.from(bytes));
