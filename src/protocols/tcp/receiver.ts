/**
 * The receiving half: in-order delivery, out-of-order ranges and SACK (RFC 2018, 2883), quick and delayed
 * acknowledgement, the receive window and its growth, as Linux does it (tcp_input.c tcp_data_queue,
 * tcp_grow_window, tcp_rcv_space_adjust, __tcp_ack_snd_check; tcp_output.c __tcp_select_window).
 *
 * Simplifications: memory of a segment is counted by one measured overhead; no SACK compression.
 */
import type { TcpOptions } from './params';

/** Kernel memory of a segment beyond its payload: 2304 bytes for 1448 (measured from the advertised windows of Linux 6.18 over veth). */
const SEGMENT_OVERHEAD = 856;
const MAX_QUICKACKS = 16;
const ATO_MIN = 40_000_000;
const DELACK_MAX = 200_000_000;

/** The first window to offer: whole segments of the space, or all of it when that is less than one (tcp_select_initial_window). */
export function initialWindow(buffer: number, ratio: number, mss: number): number {
  const space = Math.min(65535, Math.floor(buffer * ratio));
  return Math.floor(space / mss) * mss || space;
}

export type AckDecision = 'now' | 'delayed' | 'none';

export class Receiver {
  /** Next sequence number expected. */
  rcvNxt = 0;
  /** Value of rcvNxt when the last acknowledgement left, and the window it offered. */
  rcvWup = 0;
  rcvWnd = 0;
  wscale = 0;
  /** Read by the application up to here. */
  copied = 1;
  /** Out-of-order ranges, ascending, disjoint: [left, right, left, right …]. */
  private readonly ranges: number[] = [];
  /** The range that changed last is reported first. */
  private latest = -1;
  private dsack: readonly [number, number] | null = null;
  private finSeq = -1;
  // acknowledgement policy
  private quick = 0;
  private pingpong = false;
  private ato = 0;
  private lastReceived = 0;
  private scheduled = false;
  private pushed = 0;
  private ackNow = false;
  private rcvMss: number;
  // window
  private buffer: number;
  private ssthresh: number;
  private clamp: number;
  private ratio = 0.5;
  private spaceUsed = 0;
  private spaceSeq = 1;
  private spaceTime = 0;
  private rttNs = 0;
  private lastTsecr = -1;
  private rttTime = -1;
  private rttSeq = 0;

  constructor(private readonly options: TcpOptions, private readonly advMss: number) {
    this.buffer = options.receiveBuffer;
    this.rcvMss = Math.min(536, advMss);
    this.clamp = Math.floor(this.buffer * this.ratio);
    this.rcvWnd = this.ssthresh = initialWindow(this.buffer, this.ratio, advMss);
    let scale = 0;
    for (let max = Math.max(options.receiveBufferMax, this.buffer); max > 65535 && scale < 14; max = Math.floor(max / 2)) scale++;
    this.wscale = scale;
  }

  /**
   * The peer's SYN came. `scaling`: both sides scale windows. `optionBytes`: length of the options that every segment will carry, known before
   * the first window is offered only to the side that answers a SYN: its window is a multiple of what these leave (tcp_openreq_init_rwin).
   */
  begin(now: number, scaling: boolean, optionBytes: number): void {
    this.rcvNxt = this.rcvWup = 1;
    if (!scaling) this.wscale = 0;
    if (optionBytes > 0) this.rcvWnd = this.ssthresh = initialWindow(this.buffer, this.ratio, this.advMss - optionBytes);
    this.spaceTime = now;
    this.spaceUsed = Math.min(this.rcvWnd, this.options.initialWindow * this.advMss);
    this.lastReceived = now;
  }

  /** True when a segment [seq, end) touches the window (RFC 9293 §3.10.7.4, first check). */
  acceptable(seq: number, end: number): boolean {
    return end >= this.rcvWup && seq <= this.rcvNxt + this.window();
  }
  /** Bytes still offered. */
  window(): number {
    return Math.max(0, this.rcvWup + this.rcvWnd - this.rcvNxt);
  }
  get outOfOrder(): boolean {
    return this.ranges.length > 0;
  }
  /** First and last missing byte before the first range that waits. */
  get gap(): readonly [number, number] {
    return [this.rcvNxt, this.ranges[0] ?? this.rcvNxt];
  }
  /** The FIN is in order now. */
  get finReached(): boolean {
    return this.finSeq >= 0 && this.rcvNxt === this.finSeq;
  }

  /**
   * Takes the payload [seq, end) (a FIN at `end` if `fin`). `what` says what it was; `delivered` is true when
   * rcvNxt moved. Zero window: data beyond the offered window is refused.
   */
  data(seq: number, end: number, fin: boolean, push: boolean, now: number, rto: number, tsecr: number): 'in-order' | 'out-of-order' | 'duplicate' | 'refused' {
    if (fin) this.finSeq = end;
    if (end <= this.rcvNxt && !(fin && end === this.rcvNxt)) {
      this.dsack = [seq, end];
      this.quick = Math.min(MAX_QUICKACKS, Math.max(this.quick, this.quickAcks()));
      this.pingpong = false;
      this.ato = ATO_MIN;
      this.scheduled = this.ackNow = true;
      return 'duplicate';
    }
    if (seq > this.rcvNxt) {
      if (this.window() === 0) {
        this.scheduled = this.ackNow = true;
        return 'refused';
      }
      this.addRange(seq, fin ? end + 1 : end); // a FIN out of order is kept and reported like a byte
      this.scheduled = true;
      return 'out-of-order';
    }
    if (this.window() === 0 && end > this.rcvNxt) {
      this.scheduled = this.ackNow = true;
      return 'refused';
    }
    const hadGap = this.ranges.length > 0;
    if (end > seq) this.measureRtt(end - seq, now, tsecr);
    this.rcvNxt = Math.max(this.rcvNxt, end);
    while (this.ranges.length > 0 && this.ranges[0]! <= this.rcvNxt) {
      this.rcvNxt = Math.max(this.rcvNxt, this.ranges[1]!);
      this.ranges.splice(0, 2);
      this.latest = -1;
    }
    if (this.finSeq >= 0) this.rcvNxt = Math.min(this.rcvNxt, this.finSeq); // counted by takeFin
    if (hadGap && this.ranges.length === 0) this.ackNow = true; // RFC 5681 §4.2: a filled gap is acknowledged at once
    if (end > seq) this.received(end - seq, push, now, rto);
    return 'in-order';
  }

  /** Counts a FIN that is in order as received. */
  takeFin(): void {
    this.rcvNxt = this.finSeq + 1;
    this.finSeq = -1;
    this.scheduled = true;
    this.pingpong = true;
  }

  /** tcp_event_data_recv. */
  private received(len: number, push: boolean, now: number, rto: number): void {
    this.scheduled = true;
    if (len >= this.rcvMss) {
      this.rcvMss = Math.min(len, this.advMss);
      if (this.ratio === 0.5 && len > 536) this.ratio = len / (len + SEGMENT_OVERHEAD);
      this.clamp = Math.max(this.clamp, Math.floor(this.buffer * this.ratio));
      if (push) this.pushed = Math.max(this.pushed, 1); // the end of a write or of a burst
    } else this.pushed++;
    if (this.ato === 0) {
      if (this.options.quickAck) this.quick = Math.max(this.quick, this.quickAcks());
      this.ato = ATO_MIN;
    } else {
      const pause = now - this.lastReceived;
      if (pause <= ATO_MIN / 2) this.ato = this.ato / 2 + ATO_MIN / 2;
      else if (pause < this.ato) this.ato = Math.min(this.ato / 2 + pause, rto);
      else if (pause > rto && this.options.quickAck) this.quick = Math.max(this.quick, this.quickAcks());
    }
    this.lastReceived = now;
    if (len >= 128) this.growWindow(len);
  }
  /**
   * The receiver's round-trip time, for right-sizing (tcp_rcv_rtt_update of Linux 6.16 and later): a smaller sample
   * counts at once; a larger one is smoothed in, and only when the application has read everything before it.
   * Without timestamps: the time that a whole window takes, least value (tcp_rcv_rtt_measure).
   */
  private measureRtt(len: number, now: number, tsecr: number): void {
    if (tsecr < 0) {
      if (this.rttTime >= 0 && this.rcvNxt < this.rttSeq) return;
      if (this.rttTime >= 0 && (this.rttNs === 0 || now - this.rttTime < this.rttNs)) this.rttNs = Math.max(1, now - this.rttTime);
      this.rttSeq = this.rcvNxt + this.rcvWnd;
      this.rttTime = now;
      return;
    }
    if (tsecr === this.lastTsecr) return;
    this.lastTsecr = tsecr;
    const rtt = now - tsecr;
    if (len < this.rcvMss || rtt <= 0) return;
    if (this.rttNs === 0 || rtt < this.rttNs) this.rttNs = rtt;
    else if (this.copied >= this.rcvNxt) this.rttNs = Math.floor(this.rttNs + (rtt - this.rttNs) / 8);
  }
  private quickAcks(): number {
    const n = Math.floor(this.rcvWnd / (2 * this.rcvMss));
    return Math.min(n === 0 ? 2 : n, MAX_QUICKACKS);
  }

  private queued(): number {
    let bytes = this.rcvNxt - this.copied;
    for (let i = 0; i < this.ranges.length; i += 2) bytes += this.ranges[i + 1]! - this.ranges[i]!;
    return bytes <= 0 ? 0 : bytes + Math.ceil(bytes / this.rcvMss) * SEGMENT_OVERHEAD;
  }
  private space(): number {
    return Math.max(0, Math.floor((this.buffer - this.queued()) * this.ratio));
  }
  private growWindow(len: number): void {
    const room = Math.min(this.clamp, this.space()) - this.ssthresh;
    if (room <= 0) return;
    const fits = Math.floor((len + SEGMENT_OVERHEAD) * this.ratio) <= len;
    const step = fits ? Math.max(2 * this.advMss, 2 * len) : 0;
    if (step === 0) return;
    this.ssthresh += Math.min(room, step);
    this.quick |= 1; // the sender should hear of it at once (tcp_grow_window)
  }

  /** The application reads everything that is in order; returns the acknowledgement that this asks for. */
  read(upTo: number, now: number): boolean {
    const copiedNow = upTo - this.copied;
    this.copied = upTo;
    if (copiedNow > 0) this.adjustBuffer(now);
    if (this.scheduled) {
      const emptied = this.copied >= this.rcvNxt;
      if (this.rcvNxt - this.rcvWup > this.rcvMss) return true;
      // reading dry what ends with PSH or with a small segment acknowledges it (tcp_cleanup_rbuf)
      if (copiedNow > 0 && emptied && (this.pushed >= 2 || (this.pushed > 0 && !this.pingpong)) && this.options.quickAck) return true;
    }
    if (copiedNow > 0) {
      const offered = this.window();
      if (2 * offered <= this.clamp) {
        const fresh = this.selectWindow();
        if (fresh > 0 && fresh >= 2 * offered) return true;
      }
    }
    return false;
  }

  /** Dynamic right-sizing: the buffer follows what was read in a round trip (tcp_rcv_space_adjust). */
  private adjustBuffer(now: number): void {
    if (this.rttNs === 0 || now - this.spaceTime < this.rttNs) return;
    const read = this.copied - this.spaceSeq;
    if (read > this.spaceUsed) {
      let window = 2 * read; // right-sizing is one round trip late; then, room for the sender to double its rate
      window += 2 * Math.floor((window * (read - this.spaceUsed)) / this.spaceUsed);
      const buffer = Math.min(Math.floor(window / this.ratio), this.options.receiveBufferMax);
      if (buffer > this.buffer) {
        this.buffer = buffer;
        this.clamp = Math.floor(buffer * this.ratio);
      }
      this.spaceUsed = read;
    }
    this.spaceSeq = this.copied;
    this.spaceTime = now;
  }

  /** What to do about acknowledging after a segment (__tcp_ack_snd_check). */
  decide(): AckDecision {
    if (!this.scheduled) return 'none';
    if (this.ackNow || this.ranges.length > 0) return 'now';
    if (this.rcvNxt - this.rcvWup > this.rcvMss && (this.copied >= this.rcvNxt || this.selectWindow() >= this.rcvWnd)) return 'now';
    return this.quick > 0 && !this.pingpong ? 'now' : 'delayed';
  }
  /** How long a delayed acknowledgement waits (tcp_send_delayed_ack). */
  delay(srtt: number): number {
    let ato = Math.max(this.ato, 1);
    if (ato > this.options.delayedAck) {
      let max = this.pingpong || this.pushed > 0 ? DELACK_MAX : 500_000_000;
      if (srtt > 0) max = Math.min(max, Math.max(srtt, this.options.delayedAck));
      ato = Math.min(ato, max);
    }
    return Math.max(Math.min(ato, DELACK_MAX), this.options.delayedAck === 0 ? 0 : Math.min(ato, this.options.delayedAck));
  }
  /** The delayed-acknowledgement timer fired. */
  delayPassed(rto: number): void {
    if (this.pingpong) {
      this.pingpong = false;
      this.ato = ATO_MIN;
    } else this.ato = Math.min(this.ato * 2, rto);
  }
  /** The application answered soon after it received: interactive, so acknowledgements may wait for data to ride on. */
  sentData(now: number): void {
    if (now - this.lastReceived < this.ato) this.pingpong = true;
  }
  /** What comes now is acknowledged at once, and so many segments at least after it (tcp_enter_quickack_mode). */
  acknowledgeSoon(quick: number): void {
    this.ackNow = true;
    if (quick === 0) return;
    this.quick = Math.min(MAX_QUICKACKS, Math.max(this.quick, Math.min(this.quickAcks(), quick)));
    this.pingpong = false;
    this.ato = ATO_MIN;
  }
  /** Turns quick acknowledgement off (TCP_QUICKACK 0). */
  interactive(): void {
    this.pingpong = true;
  }
  get ackScheduled(): boolean {
    return this.scheduled;
  }

  /** Every segment that leaves acknowledges: the window to offer, raw, and the policy's counters. */
  acknowledge(): { window: number; sack: readonly number[] | null } {
    const offered = this.window();
    let fresh = this.selectWindow();
    const unit = 1 << this.wscale;
    if (fresh < offered) fresh = Math.ceil(offered / unit) * unit;
    this.rcvWnd = fresh;
    this.rcvWup = this.rcvNxt;
    if (this.scheduled && this.quick > 0) {
      this.quick--;
      if (this.quick === 0) this.ato = ATO_MIN;
    }
    this.scheduled = this.ackNow = false;
    this.pushed = 0;
    const sack = this.sackBlocks();
    return { window: Math.min(65535, Math.floor(fresh / unit)), sack };
  }
  private selectWindow(): number {
    const full = Math.floor(this.buffer * this.ratio);
    const allowed = Math.min(full, this.clamp);
    let free = Math.min(this.space(), full);
    const mss = Math.min(this.rcvMss, full);
    if (free < full / 2) this.quick = 0;
    if (free < allowed / 16 || free < mss) return 0;
    if (free > this.ssthresh) free = this.ssthresh;
    if (this.wscale > 0) return Math.ceil(free / (1 << this.wscale)) * (1 << this.wscale);
    const offered = this.window();
    return offered <= free - mss || offered > free ? Math.floor(free / mss) * mss : offered;
  }

  private addRange(left: number, right: number): void {
    const r = this.ranges;
    let i = 0;
    while (i < r.length && r[i + 1]! < left) i += 2;
    let from = left, to = right;
    let j = i;
    if (j < r.length && r[j]! <= left && r[j + 1]! >= right) this.dsack = [left, right];
    while (j < r.length && r[j]! <= to) {
      from = Math.min(from, r[j]!);
      to = Math.max(to, r[j + 1]!);
      j += 2;
    }
    r.splice(i, j - i, from, to);
    this.latest = from;
  }
  private sackBlocks(): readonly number[] | null {
    const { ranges: r, dsack } = this;
    if (r.length === 0 && !dsack) return null;
    const blocks: number[] = [];
    if (dsack) blocks.push(dsack[0], dsack[1]);
    this.dsack = null;
    const at = r.findIndex((value, i) => i % 2 === 0 && value === this.latest);
    if (at >= 0) blocks.push(r[at]!, r[at + 1]!);
    for (let i = r.length - 2; i >= 0; i -= 2) if (i !== at) blocks.push(r[i]!, r[i + 1]!);
    return blocks.slice(0, 6);
  }
}
