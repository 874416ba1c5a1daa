/** Congestion control of RFC 9002 §7 and §B (NewReno): bytes, one cut for each round trip, nothing learnt while the application has no more to say. */
import type { Ns } from '../../base/time';

/** kPersistentCongestionThreshold (§7.6.1). */
export const PERSISTENT_CONGESTION = 3;

export class Congestion {
  /** Bytes that may be in flight. */
  window: number;
  ssthresh = Infinity;
  inFlight = 0;
  /** The window was in use when this end last fell silent; else an acknowledgement says nothing about the path (§7.8). */
  inUse = false;
  /** Packets sent before this belong to the loss that was answered already; -1: to none. */
  private recoveryStart: Ns = -1;

  constructor(initialWindow: number, private readonly minimumWindow: number, private readonly datagram: number) {
    this.window = initialWindow;
  }
  get room(): number {
    return this.window - this.inFlight;
  }
  sent(bytes: number): void {
    this.inFlight += bytes;
  }
  /** Out of flight without a verdict: its keys are gone (RFC 9002 §6.4). */
  forgotten(bytes: number): void {
    this.inFlight -= bytes;
  }
  /** All that may go out now has. `waits`: more would, were the window larger. As Linux sees it: in slow start half the window is use enough. */
  silent(waits: boolean): void {
    this.inUse = waits || this.room < this.datagram || (this.window < this.ssthresh && this.inFlight * 2 > this.window);
  }
  acked(bytes: number, sentAt: Ns): void {
    this.inFlight -= bytes;
    if (sentAt <= this.recoveryStart || !this.inUse) return;
    this.window += this.window < this.ssthresh ? bytes : Math.floor((this.datagram * bytes) / this.window);
  }
  /** Returns whether the window was cut: at most once for each round trip (§7.3.2). */
  lost(bytes: number, sentAt: Ns, now: Ns): boolean {
    this.inFlight -= bytes;
    if (sentAt <= this.recoveryStart) return false;
    this.recoveryStart = now;
    this.ssthresh = Math.max(Math.floor(this.window / 2), this.minimumWindow);
    this.window = this.ssthresh;
    return true;
  }
  /** Nothing came through for long (§7.6.2). */
  persistent(): void {
    this.window = this.minimumWindow;
    this.recoveryStart = -1;
  }
}
