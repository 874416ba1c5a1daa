/** Sets of whole numbers kept as ranges: bytes of a stream that came or must go out again, packet numbers that were received. */

/** Ranges `[start, end)`, apart from each other, in rising order. */
export class RangeSet {
  readonly list: [start: number, end: number][] = [];

  get empty(): boolean {
    return this.list.length === 0;
  }
  /** How many numbers are in it. */
  get count(): number {
    let n = 0;
    for (const [start, end] of this.list) n += end - start;
    return n;
  }
  /** Adds `[start, end)`; returns how many of these were not in it. */
  add(start: number, end: number): number {
    if (end <= start) return 0;
    const { list } = this;
    const last = list[list.length - 1];
    // what mostly comes: more at the end
    if (!last || start > last[1]) return list.push([start, end]), end - start;
    if (start === last[1]) return (last[1] = end), end - start;
    let i = list.length;
    while (i > 0 && list[i - 1]![0] > end) i--;
    // ranges first … i-1 touch the new one
    let first = i, known = 0, from = start, to = end;
    while (first > 0 && list[first - 1]![1] >= start) {
      first--;
      const [a, b] = list[first]!;
      known += Math.max(0, Math.min(b, end) - Math.max(a, start));
      from = Math.min(from, a);
      to = Math.max(to, b);
    }
    list.splice(first, i - first, [from, to]);
    return end - start - known;
  }
  /** Takes `[start, end)` out. */
  remove(start: number, end: number): void {
    const { list } = this;
    for (let i = list.length - 1; i >= 0; i--) {
      const [a, b] = list[i]!;
      if (b <= start) return;
      if (a >= end) continue;
      const rest: [number, number][] = [];
      if (a < start) rest.push([a, start]);
      if (b > end) rest.push([end, b]);
      list.splice(i, 1, ...rest);
    }
  }
  has(n: number): boolean {
    for (let i = this.list.length - 1; i >= 0; i--) {
      const [start, end] = this.list[i]!;
      if (n >= end) return false;
      if (n >= start) return true;
    }
    return false;
  }
  /** End of the range that begins at or before `from` and holds it; `from` when nothing does. */
  contiguous(from: number): number {
    for (const [start, end] of this.list) {
      if (start > from) return from;
      if (end > from) return end;
    }
    return from;
  }
}
