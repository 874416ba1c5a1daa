/**
 * Puts segments on the wire (Linux tcp_output.c): new data as far as both windows and Nagle let it, lost segments as far as the
 * congestion window does, and counts whether that window is what limits (RFC 7661's question, tcp_cwnd_validate).
 */
import { pacingRate, tsoSegments } from './pacing';
import type { RetransmissionTimer } from './retransmission-timer';
import { UNIT_OVERHEAD } from './send-buffer';
import type { SendBlock, SenderHost } from './send-block';
import type { Sent } from './sent';

export class Transmitter {
  /** End of the last segment that was not full: while it is out, Nagle holds the next such one (Linux tcp_minshall_check). */
  private smallEnd = 0;
  private lastSentAt = -1;
  private transmissions = 0;
  // cwnd validation
  private isCwndLimited = false;
  private maxPacketsOut = 0;
  private cwndUsageSeq = 0;

  /** `restarted`: idle time has just made the window smaller. */
  constructor(private readonly b: SendBlock, private readonly timer: RetransmissionTimer, private readonly host: SenderHost, private readonly restarted: () => void) {}

  /** Sends what the windows allow (tcp_write_xmit). */
  push(): void {
    const { b, timer } = this;
    const { board } = b;
    if (b.hasMore() && board.packetsOut === 0) this.restartAfterIdle();
    let sent = 0;
    let limited = false;
    const burst = b.hasMore() ? this.burstSegments() : 0;
    let inBurst = 0;
    while (b.hasMore()) {
      if (board.inFlight() >= b.cwnd) {
        limited = true;
        break;
      }
      const last = inBurst + 1 === burst || !this.anotherFits();
      if (!this.sendNext(false, last, last && inBurst > 0)) break;
      inBurst = last ? 0 : inBurst + 1;
      sent++;
    }
    if (sent > 0 || limited) {
      limited = limited || board.inFlight() >= b.cwnd;
      if (b.reducing) b.prr.prrOut += sent;
      this.validateCwnd(limited);
    }
    if (sent > 0) timer.scheduleLossProbe(false);
    if (board.packetsOut === 0 && b.hasMore()) timer.armPersist();
  }

  private burstSegments(): number {
    const { b } = this;
    const rate = pacingRate({ cwnd: b.cwnd, ssthresh: b.ssthresh, packetsOut: b.board.packetsOut, mss: b.mss, srtt: b.rtt.srtt });
    return tsoSegments(rate, b.rtt.minRtt, b.mss);
  }
  /** After the next segment another one may follow at once. */
  private anotherFits(): boolean {
    const { b } = this;
    const next = b.sndNxt + Math.min(b.mss, b.writeEnd - b.sndNxt);
    const rest = b.writeEnd - next;
    return rest > 0 && b.board.inFlight() + 1 < b.cwnd && next + Math.min(b.mss, rest) <= b.sndUna + b.sndWnd;
  }

  /** Sends one new segment if window and Nagle let it; `force` ignores Nagle, `endsUnit`: the last of its unit, `push`: with PSH. */
  sendNext(force: boolean, endsUnit: boolean, push: boolean): boolean {
    const { b } = this;
    const rest = b.writeEnd - b.sndNxt;
    const len = Math.min(b.mss, rest);
    const all = len === rest && b.writeEnd === b.appEnd;
    const fin = b.finQueued && all;
    if (b.sndNxt + len > b.sndUna + b.sndWnd && !(len === 0 && fin)) return false;
    if (!force && !fin && b.options.nagle && len < b.mss && b.sndUna < this.smallEnd) return false;
    const first = b.board.packetsOut === 0;
    this.sendFresh(len, fin, all || push, endsUnit);
    if (len < b.mss) this.smallEnd = b.sndNxt;
    if (first || this.timer.armed === 'tlp') this.timer.rearmRto();
    return true;
  }
  /** `len` bytes leave with the SYN, whose timer waits for them. */
  noteEarly(len: number): number {
    if (len > 0) this.register(len, false, false, true);
    return len;
  }
  /** Sends `len` bytes as a segment of its own and waits for its acknowledgement as for any other. */
  sendPart(len: number): void {
    this.sendFresh(len, false, true, true);
    this.smallEnd = this.b.sndNxt;
    this.timer.rearmRto();
  }
  private sendFresh(len: number, fin: boolean, push: boolean, endsUnit: boolean): void {
    this.host.emit(this.register(len, fin, push, endsUnit));
  }
  private register(len: number, fin: boolean, push: boolean, endsUnit: boolean): Sent {
    const { b } = this;
    const { now } = this.host;
    const sent: Sent = {
      start: b.sndNxt, end: b.sndNxt + len + (fin ? 1 : 0), fin, push, truesize: len + (endsUnit ? UNIT_OVERHEAD : 0), sentAt: now, order: this.transmissions++, transmissions: 1, deliveredBefore: b.board.delivered, sacked: false, lost: false, retransOut: false,
    };
    b.board.add(sent);
    b.sndNxt = sent.end;
    this.lastSentAt = now;
    return sent;
  }

  private restartAfterIdle(): void {
    const { b } = this;
    const { now } = this.host;
    if (this.lastSentAt < 0 || !b.options.slowStartAfterIdle) return;
    let idle = now - this.lastSentAt;
    if (idle <= b.rtt.rto) return;
    const restart = Math.min(b.options.initialWindow, b.cwnd);
    b.ssthresh = b.currentSsthresh();
    while ((idle -= b.rtt.rto) > 0 && b.cwnd > restart) b.cwnd >>= 1;
    b.cwnd = Math.max(b.cwnd, restart);
    b.control.restarted(now, this.lastSentAt);
    this.restarted();
  }

  private validateCwnd(limited: boolean): void {
    const { b } = this;
    if (b.sndUna >= this.cwndUsageSeq || limited || (!this.isCwndLimited && b.board.packetsOut > this.maxPacketsOut)) {
      this.isCwndLimited = limited;
      this.maxPacketsOut = b.board.packetsOut;
      this.cwndUsageSeq = b.sndNxt;
    }
  }
  /** The congestion window is what holds the sender back, so it may grow (tcp_is_cwnd_limited). */
  cwndLimits(): boolean {
    return this.isCwndLimited || (this.b.cwnd < this.b.ssthresh && this.b.cwnd < 2 * this.maxPacketsOut);
  }

  /** Sends the i-th segment that is out again, in pieces when it has become too long. */
  retransmit(i: number): void {
    const { b, host } = this;
    const sent = b.board.queue.at(i);
    if (sent.end - sent.start - (sent.fin ? 1 : 0) > b.mss) b.board.split(i, sent.start + b.mss);
    if (b.retransStamp === 0) b.retransStamp = host.now;
    sent.sentAt = host.now;
    sent.order = this.transmissions++;
    sent.transmissions++;
    sent.deliveredBefore = b.board.delivered;
    b.board.retransmitted(sent);
    if (b.undoRetrans < 0) b.undoRetrans = 0;
    b.undoRetrans++;
    this.lastSentAt = host.now;
    host.emit(sent);
  }
  /** Retransmits what is marked lost, as far as the window allows (tcp_xmit_retransmit_queue). */
  retransmitLost(): void {
    const { b } = this;
    const { board } = b;
    let rearm = false;
    for (let i = 0; i < board.queue.length; i++) {
      if (b.cwnd - board.inFlight() <= 0) break;
      const sent = board.queue.at(i);
      if (!sent.lost || sent.sacked || sent.retransOut) continue;
      this.retransmit(i);
      if (b.reducing) b.prr.prrOut++;
      if (i === 0 && this.timer.armed !== 'reorder') rearm = true;
    }
    if (rearm) this.timer.armRto();
  }
}
