/** Writes TLS structures: big-endian integers and vectors with a length before them (RFC 8446 §3). */
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
  get length(): number {
    return this.bytes.length;
  }
  done(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

/** `n` bytes that look random and depend only on `label`. */
export function opaque(label: string, n: number): Uint8Array {
  const out = new Uint8Array(n);
  let h = 0x811c9dc5;
  for (let i = 0; i < label.length; i++) h = Math.imul(h ^ label.charCodeAt(i), 0x01000193);
  for (let i = 0; i < n; i++) {
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b) + i;
    out[i] = (h >>> 16) & 255;
  }
  return out;
}
export const ascii = (s: string): number[] => [...s].map((c) => c.charCodeAt(0) & 127);
