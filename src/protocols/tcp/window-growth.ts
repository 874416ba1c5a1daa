/**
 * How a congestion window grows (Linux net/ipv4/tcp_cong.c), which every congestion control shares, and Reno, which has nothing besides
 * (RFC 5681 §3.1, tcp_reno). Windows in segments.
 */

/** What a congestion control must know of its sender. */
export interface ControlledSender {
  cwnd: number;
  ssthresh: number;
  readonly sndUna: number;
  readonly sndNxt: number;
  readonly mss: number;
  readonly srttNs: number;
}
/** A congestion control: how far the window opens, and what a loss leaves of it. */
export interface CongestionControl {
  /** Slow start should end: acknowledgements come in a long train (`byTrain`), or the delay has grown. */
  readonly found: boolean;
  readonly byTrain: boolean;
  /** The connection is established. */
  start(s: ControlledSender, now: number): void;
  /** Slow-start threshold after a loss. */
  recalcSsthresh(cwnd: number): number;
  /** A retransmission timed out. */
  reset(s: ControlledSender, now: number): void;
  /** Sending again after idle time. */
  restarted(now: number, lastSent: number): void;
  /** Segments newly acknowledged while the window limits the sender. */
  congAvoid(s: ControlledSender, acked: number, now: number): void;
  /** A delay sample, ns. */
  acked(s: ControlledSender, rttNs: number, now: number): void;
}

export class WindowGrowth {
  private count = 0;
  /** Slow start: a segment for each one acknowledged, up to the threshold; what is left over (tcp_slow_start). */
  slowStart(s: ControlledSender, acked: number): number {
    if (s.cwnd >= s.ssthresh) return acked;
    const cwnd = Math.min(s.cwnd + acked, s.ssthresh), rest = acked - (cwnd - s.cwnd);
    s.cwnd = cwnd;
    return rest;
  }
  /** A segment more for each `per` acknowledged (tcp_cong_avoid_ai). */
  linear(s: ControlledSender, per: number, acked: number): void {
    if (this.count >= per) {
      this.count = 0;
      s.cwnd++;
    }
    this.count += acked;
    if (this.count < per) return;
    const more = Math.floor(this.count / per);
    this.count -= more * per;
    s.cwnd += more;
  }
}

/** Half after a loss, a segment more for each round trip. */
export class Reno implements CongestionControl {
  readonly found = false;
  readonly byTrain = false;
  private readonly growth = new WindowGrowth();
  start(): void {}
  reset(): void {}
  restarted(): void {}
  acked(): void {}
  recalcSsthresh(cwnd: number): number {
    return Math.max(cwnd >> 1, 2);
  }
  congAvoid(s: ControlledSender, acked: number): void {
    const rest = this.growth.slowStart(s, acked);
    if (rest > 0) this.growth.linear(s, s.cwnd, rest);
  }
}
