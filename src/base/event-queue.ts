/**
 * The future, ordered by (time, sequence). Law: equal times leave in the order in which they were put in,
 * so a run is the same everywhere. A binary heap over parallel typed arrays; entries are small integers
 * (slots) whose meaning belongs to the caller.
 */
import { assert } from './assert';
import type { Ns } from './time';

export class EventQueue {
  private time = new Float64Array(1024);
  private seq = new Float64Array(1024);
  private slot = new Int32Array(1024);
  private nextSeq = 0;
  /** Number of entries waiting. */
  size = 0;

  clear(): void {
    this.size = 0;
    this.nextSeq = 0;
  }

  push(time: Ns, slot: number): void {
    assert(time >= 0, 'a time is a number and not before the run');
    if (this.size === this.time.length) this.grow();
    const seq = this.nextSeq++;
    const { time: T, seq: S, slot: P } = this;
    let i = this.size++;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (T[up]! <= time) break;
      T[i] = T[up]!;
      S[i] = S[up]!;
      P[i] = P[up]!;
      i = up;
    }
    T[i] = time;
    S[i] = seq;
    P[i] = slot;
  }

  /** Time of the first entry; Infinity when empty. */
  peekTime(): Ns {
    return this.size > 0 ? this.time[0]! : Infinity;
  }

  /** Slot of the first entry. Undefined behaviour when empty: check `size`. */
  peekSlot(): number {
    return this.slot[0]!;
  }

  /** Removes the first entry and returns its slot. Undefined behaviour when empty: check `size`. */
  pop(): number {
    const { time: T, seq: S, slot: P } = this;
    const result = P[0]!;
    const n = --this.size;
    if (n > 0) {
      const t = T[n]!, s = S[n]!, p = P[n]!;
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= n) break;
        const right = child + 1;
        if (right < n && (T[right]! < T[child]! || (T[right]! === T[child]! && S[right]! < S[child]!))) child = right;
        if (T[child]! > t || (T[child]! === t && S[child]! > s)) break;
        T[i] = T[child]!;
        S[i] = S[child]!;
        P[i] = P[child]!;
        i = child;
      }
      T[i] = t;
      S[i] = s;
      P[i] = p;
    }
    return result;
  }

  private grow(): void {
    const n = this.time.length * 2;
    const widen = <A extends Float64Array | Int32Array>(from: A, to: A): A => (to.set(from as never), to);
    this.time = widen(this.time, new Float64Array(n));
    this.seq = widen(this.seq, new Float64Array(n));
    this.slot = widen(this.slot, new Int32Array(n));
  }
}
