/**
 * CUBIC with HyStart in the integer arithmetic of Linux (net/ipv4/tcp_cubic.c; RFC 9438). Windows in segments;
 * times come in as ns and are kept in the kernel's units: jiffies of 4 ms (250 Hz) and microseconds.
 */

import { WindowGrowth, type CongestionControl, type ControlledSender } from './window-growth';

const JIFFY = 4_000_000;
const HZ = 250;
const BETA = 717; // of 1024
const CUBE_RTT_SCALE = 410;
const CUBE_FACTOR = Math.floor(1099511627776 / CUBE_RTT_SCALE); // 2^40 / (bic_scale * 10)
const BETA_SCALE = 15; // 8 (1024 + beta) / 3 / (1024 - beta)
const HYSTART_LOW_WINDOW = 16;
const HYSTART_MIN_SAMPLES = 8;
const HYSTART_ACK_DELTA_US = 2000;

export class Cubic implements CongestionControl {
  private cnt = 0;
  private lastMaxCwnd = 0;
  private lastCwnd = 0;
  private lastTime = -1;
  private originPoint = 0;
  private k = 0;
  /** Smallest delay seen, µs; 0 = none. */
  private delayMin = 0;
  /** Jiffies; 0 = no epoch. */
  private epochStart = 0;
  private ackCnt = 0;
  private tcpCwnd = 0;
  private readonly growth = new WindowGrowth();
  // HyStart: slow start should end; because acknowledgements come in a long train, or (false) because the delay has grown
  found = false;
  byTrain = false;
  private roundStart = 0;
  private lastAck = 0;
  private endSeq = 0;
  private currRtt = Infinity;
  private sampleCnt = 0;

  constructor(private readonly hystart: boolean) {}

  /** The connection is established: a HyStart round begins. */
  start(s: ControlledSender, now: number): void {
    if (this.hystart) this.resetRound(s, now);
  }

  /** Slow-start threshold after a loss; also begins a new epoch. */
  recalcSsthresh(cwnd: number): number {
    this.epochStart = 0;
    this.lastMaxCwnd = cwnd < this.lastMaxCwnd ? Math.floor((cwnd * (1024 + BETA)) / 2048) : cwnd;
    return Math.max(Math.floor((cwnd * BETA) / 1024), 2);
  }
  /** A retransmission timeout forgets everything (bictcp_reset). */
  reset(s: ControlledSender, now: number): void {
    this.cnt = this.lastMaxCwnd = this.lastCwnd = this.originPoint = this.k = this.delayMin = this.epochStart = this.ackCnt = this.tcpCwnd = 0;
    this.lastTime = -1;
    this.found = this.byTrain = false;
    this.resetRound(s, now);
  }
  /** Sending again after idle time: the cubic does not count the pause. */
  restarted(now: number, lastSent: number): void {
    if (this.epochStart === 0) return;
    const jiffies = jiffiesOf(now), idle = jiffies - jiffiesOf(lastSent);
    if (idle > 0) this.epochStart = Math.min(this.epochStart + idle, jiffies);
  }

  /** Segments newly acknowledged while the window limits the sender. */
  congAvoid(s: ControlledSender, acked: number, now: number): void {
    const rest = this.growth.slowStart(s, acked);
    if (rest === 0) return;
    this.update(s.cwnd, rest, now);
    this.growth.linear(s, this.cnt, rest);
  }

  /** A delay sample in ns (the RTT of the last segment acknowledged). */
  acked(s: ControlledSender, rttNs: number, now: number): void {
    if (rttNs < 0) return;
    if (this.epochStart > 0 && jiffiesOf(now) - this.epochStart < HZ) return; // just after recovery
    const delay = Math.max(1, Math.floor(rttNs / 1000));
    if (this.delayMin === 0 || this.delayMin > delay) this.delayMin = delay;
    if (!this.found && s.cwnd < s.ssthresh && this.hystart) this.hystartUpdate(s, delay, now);
  }

  private update(cwnd: number, acked: number, now: number): void {
    const jiffies = jiffiesOf(now);
    this.ackCnt += acked;
    if (this.lastCwnd === cwnd && jiffies - this.lastTime <= HZ / 32) return;
    if (!(this.epochStart > 0 && jiffies === this.lastTime)) {
      this.lastCwnd = cwnd;
      this.lastTime = jiffies;
      if (this.epochStart === 0) {
        this.epochStart = jiffies;
        this.ackCnt = acked;
        this.tcpCwnd = cwnd;
        if (this.lastMaxCwnd <= cwnd) {
          this.k = 0;
          this.originPoint = cwnd;
        } else {
          this.k = cubicRoot(CUBE_FACTOR * (this.lastMaxCwnd - cwnd));
          this.originPoint = this.lastMaxCwnd;
        }
      }
      const t = Math.floor(((jiffies - this.epochStart + Math.floor(this.delayMin / (JIFFY / 1000))) * 1024) / HZ);
      const offset = Math.abs(t - this.k);
      const delta = Math.floor((CUBE_RTT_SCALE * offset * offset * offset) / 1099511627776);
      const target = t < this.k ? this.originPoint - delta : this.originPoint + delta;
      this.cnt = target > cwnd ? Math.floor(cwnd / (target - cwnd)) : 100 * cwnd;
      if (this.lastMaxCwnd === 0 && this.cnt > 20) this.cnt = 20;
    }
    // the Reno-friendly region (RFC 9438 §4.3)
    const delta = (cwnd * BETA_SCALE) >> 3;
    while (this.ackCnt > delta) {
      this.ackCnt -= delta;
      this.tcpCwnd++;
    }
    if (this.tcpCwnd > cwnd) {
      const max = Math.floor(cwnd / (this.tcpCwnd - cwnd));
      if (this.cnt > max) this.cnt = max;
    }
    this.cnt = Math.max(this.cnt, 2);
  }

  private resetRound(s: ControlledSender, now: number): void {
    this.roundStart = this.lastAck = Math.floor(now / 1000);
    this.endSeq = s.sndNxt;
    this.currRtt = Infinity;
    this.sampleCnt = 0;
  }

  private hystartUpdate(s: ControlledSender, delay: number, now: number): void {
    if (s.sndUna > this.endSeq) this.resetRound(s, now); // any ACK past the round ends it, below the low window too
    if (s.cwnd < HYSTART_LOW_WINDOW) return;
    const us = Math.floor(now / 1000);
    if (us - this.lastAck <= HYSTART_ACK_DELTA_US) {
      this.lastAck = us;
      // half of the least delay and of the time that a full GSO burst may take (no pacing)
      const rate = s.srttNs > 0 ? (2 * s.cwnd * s.mss * 1e9) / s.srttNs : 0;
      const burst = rate > 0 ? Math.min(1000, Math.floor((65536 * 4 * 1e6) / rate)) : 0;
      if (us - this.roundStart > (this.delayMin + burst) >> 1) {
        this.found = this.byTrain = true;
        s.ssthresh = s.cwnd;
      }
    }
    if (this.found) return;
    if (this.currRtt > delay) this.currRtt = delay;
    if (this.sampleCnt < HYSTART_MIN_SAMPLES) this.sampleCnt++;
    else if (this.currRtt > this.delayMin + Math.min(16000, Math.max(4000, this.delayMin >> 3))) {
      this.found = true;
      s.ssthresh = s.cwnd;
    }
  }
}

const jiffiesOf = (ns: number): number => Math.floor(ns / JIFFY) + 1;

/** Integer cube root by Newton's method, exact within the kernel's tolerance (about 0.2 %). */
export function cubicRoot(a: number): number {
  if (a <= 0) return 0;
  let x = 1;
  while (x * x * x < a) x *= 2;
  for (let i = 0; i < 40; i++) {
    const next = Math.floor((2 * x + Math.floor(a / (x * x))) / 3);
    if (next >= x) break;
    x = next;
  }
  return x;
}
