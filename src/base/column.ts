/** Growable typed columns: the storage of a trace. Law: append only; a row is never rewritten except where said. */

export class Column<A extends Float64Array | Int32Array | Uint16Array | Uint8Array> {
  data: A;
  length = 0;
  constructor(private readonly make: (n: number) => A, capacity = 1024) {
    this.data = make(capacity);
  }
  push(value: number): void {
    if (this.length === this.data.length) {
      const wider = this.make(this.data.length * 2);
      wider.set(this.data as never);
      this.data = wider;
    }
    this.data[this.length++] = value;
  }
  at(i: number): number {
    return this.data[i]!;
  }
}

export const f64 = (n = 1024): Column<Float64Array> => new Column((k) => new Float64Array(k), n);
export const i32 = (n = 1024): Column<Int32Array> => new Column((k) => new Int32Array(k), n);
export const u16 = (n = 1024): Column<Uint16Array> => new Column((k) => new Uint16Array(k), n);
export const u8 = (n = 1024): Column<Uint8Array> => new Column((k) => new Uint8Array(k), n);
