/**
 * The sending half of a connection as Linux runs it: window and congestion window, RACK loss detection
 * (RFC 8985, tcp_recovery.c), tail-loss probe, proportional rate reduction (RFC 6937), F-RTO and undo
 * (tcp_input.c tcp_fastretrans_alert, tcp_process_loss). Windows in segments, times in ns, sequence numbers relative.
 *
 * Simplifications: no pacing, no send-buffer limit, no SACK reneging, no ECN, one entry per segment of at most MSS bytes.
 */
import { Cubic, type CubicSender } from './cubic';
import type { TcpOptions } from './params';
import { RttEstimator } from './rtt';
import type { Segment } from './segment';
import { SentQueue, type Sent } from './sent';

export type CaState = 'open' | 'disorder' | 'cwr' | 'recovery' | 'loss';
export type SenderTimer = 'rto' | 'tlp' | 'reorder' | 'persist';
export const INFINITE_SSTHRESH = 0x7fffffff;
const MIN_TIMEOUT = 2_000_000; // Linux TCP_TIMEOUT_MIN_US
const GSO_MAX_BYTES = 65536; // Linux GSO_LEGACY_MAX_SIZE
const PACING_INTERVAL = 976_562; // ns: a 1024th of a second (sk_pacing_shift 10)
const TSO_RTT_UNIT = 512_000; // ns: tcp_tso_rtt_log 9

/** What the sender asks of its connection. */
export interface SenderHost {
  readonly now: number;
  /** Puts a segment on the wire. */
  emit(sent: Sent): void;
  /** A window probe: no data, an old sequence number. */
  emitProbe(): void;
  arm(timer: SenderTimer, at: number): void;
  cancel(timer: SenderTimer): void;
  /** Something worth telling: name of a kind in `TCP_KINDS`, columns a and b. */
  tell(what: 'loss_detected' | 'recovery_entered' | 'recovery_left' | 'timeout_loss' | 'probe_sent' | 'undone' | 'cwnd_changed' | 'slow_start_left' | 'window_closed' | 'window_opened', a: number, b: number): void;
  gaveUp(): void;
  readonly orphan: boolean;
}

export class Sender implements CubicSender {
  readonly rtt: RttEstimator;
  private readonly cubic: Cubic;
  readonly queue = new SentQueue();
  sndUna = 1;
  sndNxt = 1;
  sndWnd = 0;
  mss = 536;
  cwnd: number;
  ssthresh = INFINITE_SSTHRESH;
  /** End of what the application has written, and whether a FIN follows it. */
  writeEnd = 1;
  finQueued = false;
  sackOk = false;
  timestampsOk = false;
  /** End of the last segment that was not full: while it is out, Nagle holds the next such one (Linux tcp_minshall_check). */
  private smallEnd = 0;
  state: CaState = 'open';
  highSeq = 0;
  private sackedOut = 0;
  private lostOut = 0;
  private retransOut = 0;
  private reordering = 3;
  private reordSeen = false;
  private highestSacked = 0;
  // RACK
  private rackTime = -1;
  private rackEnd = 0;
  private rackRtt = 0;
  private rackAdvanced = false;
  // tail-loss probe
  private tlpHighSeq = 0;
  private tlpRetrans = false;
  // proportional rate reduction, undo
  private priorCwnd = 0;
  private priorSsthresh = 0;
  private cubicPriorCwnd = 0;
  private prrDelivered = 0;
  private prrOut = 0;
  private undoMarker = 0;
  private undoRetrans = 0;
  private retransStamp = 0;
  private frto = false;
  private retransmits = 0;
  private backoff = 0;
  // cwnd validation
  private isCwndLimited = false;
  private maxPacketsOut = 0;
  private cwndUsageSeq = 0;
  private lastSentAt = -1;
  private delivered = 0;
  private lostTotal = 0;
  private rexmit: 'none' | 'lost' | 'new' = 'none';
  private told = { cwnd: 0, ssthresh: 0, found: false };
  private timerArmed: SenderTimer | null = null;

  constructor(private readonly host: SenderHost, private readonly options: TcpOptions) {
    this.rtt = new RttEstimator(options.rtoInitial, options.rtoMin, options.rtoMax);
    this.cubic = new Cubic(options.hystart);
    this.cwnd = options.initialWindow;
  }

  get srttNs(): number {
    return this.rtt.srtt;
  }
  get packetsOut(): number {
    return this.queue.length;
  }
  inFlight(): number {
    return this.queue.length - this.sackedOut - this.lostOut + this.retransOut;
  }

  /** The connection is established; `synRetransmitted` more than once costs the initial window (Linux tcp_init_cwnd). */
  begin(synRetransmissions: number): void {
    if (synRetransmissions > 1) this.cwnd = 1;
    this.cubic.start(this, this.host.now);
    this.tellWindow();
  }

  // --- sending -------------------------------------------------------------------------------------------

  /** Sends what the windows allow (tcp_write_xmit). */
  push(): void {
    if (this.hasMore() && this.queue.length === 0) this.restartAfterIdle();
    let sent = 0;
    let limited = false;
    const burst = this.hasMore() ? this.burstSegments() : 0;
    let inBurst = 0;
    while (this.hasMore()) {
      if (this.inFlight() >= this.cwnd) {
        limited = true;
        break;
      }
      const last = inBurst + 1 === burst || !this.anotherFits();
      if (!this.sendNext(false, last && inBurst > 0)) break;
      inBurst = last ? 0 : inBurst + 1;
      sent++;
    }
    if (sent > 0 || limited) {
      limited = limited || this.inFlight() >= this.cwnd;
      if (this.state === 'cwr' || this.state === 'recovery') this.prrOut += sent;
      this.validateCwnd(limited);
    }
    if (sent > 0) this.scheduleLossProbe(false);
    if (this.queue.length === 0 && this.hasMore()) this.armPersist();
  }

  private hasMore(): boolean {
    return this.sndNxt < this.writeEnd || (this.finQueued && this.sndNxt === this.writeEnd);
  }

  /**
   * Segments that leave as one unit of segmentation offload: about a millisecond's worth at twice (slow start) or 1.2
   * times the window per round trip, at least two (tcp_tso_autosize, tcp_update_pacing_rate). Each unit ends with PSH.
   */
  private burstSegments(): number {
    if (this.rtt.srtt === 0) return Math.floor(GSO_MAX_BYTES / this.mss);
    const gain = this.cwnd < this.ssthresh / 2 ? 2 : 1.2;
    let bytes = ((gain * Math.max(this.cwnd, this.queue.length) * this.mss) / this.rtt.srtt) * PACING_INTERVAL;
    const near = Math.floor(this.rtt.minRtt / TSO_RTT_UNIT);
    if (near < 31) bytes += GSO_MAX_BYTES >>> near; // a near peer gets larger units
    return Math.max(2, Math.min(Math.floor(bytes / this.mss), Math.floor(GSO_MAX_BYTES / this.mss)));
  }
  /** After the next segment another one may follow at once. */
  private anotherFits(): boolean {
    const next = this.sndNxt + Math.min(this.mss, this.writeEnd - this.sndNxt);
    const rest = this.writeEnd - next;
    return rest > 0 && this.inFlight() + 1 < this.cwnd && next + Math.min(this.mss, rest) <= this.sndUna + this.sndWnd;
  }

  /** Sends one new segment if window and Nagle let it; `force` ignores Nagle, `endsBurst` sets PSH. */
  private sendNext(force: boolean, endsBurst = false): boolean {
    const { host } = this;
    const rest = this.writeEnd - this.sndNxt;
    const len = Math.min(this.mss, rest);
    const fin = this.finQueued && len === rest;
    if (this.sndNxt + len > this.sndUna + this.sndWnd && !(len === 0 && fin)) return false;
    if (!force && !fin && this.options.nagle && len < this.mss && this.sndUna < this.smallEnd) return false;
    const first = this.queue.length === 0;
    const item: Sent = {
      start: this.sndNxt, end: this.sndNxt + len + (fin ? 1 : 0), fin, push: len === rest || endsBurst, sentAt: host.now, transmissions: 1,
      sacked: false, lost: false, retransOut: false,
    };
    this.queue.push(item);
    this.sndNxt = item.end;
    if (len < this.mss) this.smallEnd = item.end;
    this.lastSentAt = host.now;
    host.emit(item);
    if (first || this.timerArmed === 'tlp') this.rearmRto();
    return true;
  }

  /** Sends `len` bytes as a segment of its own and waits for its acknowledgement as for any other. */
  private sendPart(len: number): void {
    const { now } = this.host;
    const item: Sent = { start: this.sndNxt, end: this.sndNxt + len, fin: false, push: true, sentAt: now, transmissions: 1, sacked: false, lost: false, retransOut: false };
    this.queue.push(item);
    this.sndNxt = this.smallEnd = item.end;
    this.lastSentAt = now;
    this.host.emit(item);
    this.rearmRto();
  }

  private restartAfterIdle(): void {
    const { now } = this.host;
    if (this.lastSentAt < 0 || !this.options.slowStartAfterIdle) return;
    let idle = now - this.lastSentAt;
    if (idle <= this.rtt.rto) return;
    const restart = Math.min(this.options.initialWindow, this.cwnd);
    this.ssthresh = this.currentSsthresh();
    while ((idle -= this.rtt.rto) > 0 && this.cwnd > restart) this.cwnd >>= 1;
    this.cwnd = Math.max(this.cwnd, restart);
    this.cubic.restarted(now, this.lastSentAt);
    this.tellWindow();
  }
  private currentSsthresh(): number {
    return this.state === 'cwr' || this.state === 'recovery' ? this.ssthresh : Math.max(this.ssthresh, (this.cwnd >> 1) + (this.cwnd >> 2));
  }

  private validateCwnd(limited: boolean): void {
    if (this.sndUna >= this.cwndUsageSeq || limited || (!this.isCwndLimited && this.queue.length > this.maxPacketsOut)) {
      this.isCwndLimited = limited;
      this.maxPacketsOut = this.queue.length;
      this.cwndUsageSeq = this.sndNxt;
    }
  }
  private cwndLimits(): boolean {
    return this.isCwndLimited || (this.cwnd < this.ssthresh && this.cwnd < 2 * this.maxPacketsOut);
  }

  private retransmit(sent: Sent): void {
    const { host } = this;
    if (this.retransStamp === 0) this.retransStamp = host.now;
    sent.sentAt = host.now;
    sent.transmissions++;
    sent.retransOut = true;
    this.retransOut++;
    if (this.undoRetrans < 0) this.undoRetrans = 0;
    this.undoRetrans++;
    this.lastSentAt = host.now;
    host.emit(sent);
  }

  /** Retransmits what is marked lost, as far as the window allows (tcp_xmit_retransmit_queue). */
  private retransmitLost(): void {
    let rearm = false;
    for (let i = 0; i < this.queue.length; i++) {
      if (this.cwnd - this.inFlight() <= 0) break;
      const sent = this.queue.at(i);
      if (!sent.lost || sent.sacked || sent.retransOut) continue;
      this.retransmit(sent);
      if (this.state === 'cwr' || this.state === 'recovery') this.prrOut++;
      if (i === 0 && this.timerArmed !== 'reorder') rearm = true;
    }
    if (rearm) this.armRto(this.host.now + this.rtt.rto);
  }

  // --- timers --------------------------------------------------------------------------------------------

  private setTimer(timer: SenderTimer, at: number): void {
    if (this.timerArmed && this.timerArmed !== timer) this.host.cancel(this.timerArmed);
    this.timerArmed = timer;
    this.host.arm(timer, Math.max(at, this.host.now + 1));
  }
  private clearTimer(): void {
    if (this.timerArmed) this.host.cancel(this.timerArmed);
    this.timerArmed = null;
  }
  private armRto(at: number): void {
    this.setTimer('rto', at);
  }
  /** tcp_rearm_rto: a timer that began as probe or reordering timer counts from when the head was sent. */
  private rearmRto(): void {
    if (this.queue.length === 0) return this.clearTimer();
    let at = this.host.now + this.rtt.rto;
    if (this.timerArmed === 'tlp' || this.timerArmed === 'reorder') at = Math.max(this.queue.at(0).sentAt + this.rtt.rto, this.host.now + 1);
    this.armRto(at);
  }
  /** RFC 8985 §7.2 with Linux's terms; false when no probe is due. `advancing`: an ACK just moved the RTO. */
  private scheduleLossProbe(advancing: boolean): boolean {
    if (!this.options.tailLossProbe || this.queue.length === 0 || !this.sackOk || (this.state !== 'open' && this.state !== 'cwr')) return false;
    const { now } = this.host;
    let timeout: number;
    if (this.rtt.srtt > 0) {
      timeout = 2 * this.rtt.srtt + (this.queue.length === 1 ? this.options.rtoMin : MIN_TIMEOUT);
    } else timeout = this.options.rtoInitial;
    const rto = advancing ? this.rtt.rto : this.queue.at(0).sentAt + this.rtt.rto - now;
    if (rto > 0) timeout = Math.min(timeout, rto);
    this.setTimer('tlp', now + timeout);
    return true;
  }
  private armPersist(): void {
    if (this.timerArmed === 'persist') return;
    this.host.tell('window_closed', 0, 0);
    this.backoff = 0;
    this.waitForWindow();
  }
  /** The persist timer, from now, with its back-off (tcp_probe0_when). */
  private waitForWindow(): void {
    let wait = Math.max(this.rtt.rto, this.options.rtoMin);
    for (let i = 0; i < this.backoff && wait < this.options.rtoMax; i++) wait *= 2;
    this.setTimer('persist', this.host.now + Math.min(wait, this.options.rtoMax));
  }
  /** An answer to a probe: the peer lives; a window that is still too small is waited for anew (tcp_ack_probe). */
  private persistOnAck(window: number): void {
    this.retransmits = 0;
    if (this.queue.length > 0 || window >= Math.min(this.mss, this.writeEnd - this.sndNxt)) this.clearTimer();
    else this.waitForWindow();
  }

  /** A timer of this sender fired. */
  timerFired(timer: SenderTimer): void {
    this.timerArmed = null;
    if (timer === 'tlp') this.sendLossProbe();
    else if (timer === 'reorder') this.reorderTimeout();
    else if (timer === 'persist') this.windowProbe();
    else this.retransmissionTimeout();
    this.tellWindow();
  }

  private sendLossProbe(): void {
    if (this.tlpHighSeq > 0 || this.queue.length === 0) return this.rearmRto();
    let fresh = false;
    this.tlpRetrans = false;
    if (this.hasMore() && this.sendNext(true)) fresh = true;
    else {
      this.retransmit(this.queue.at(this.queue.length - 1));
      this.tlpRetrans = true;
    }
    this.tlpHighSeq = this.sndNxt;
    this.host.tell('probe_sent', this.queue.at(this.queue.length - 1).start, fresh ? 1 : 0);
    this.timerArmed = null;
    this.armRto(this.host.now + this.rtt.rto);
  }

  private reorderTimeout(): void {
    const before = this.inFlight();
    this.detectLoss();
    if (before !== this.inFlight()) {
      if (this.state !== 'recovery') {
        this.enterRecovery();
        this.reduceCwnd(1, 0, false);
      }
      this.retransmitLost();
    }
    if (this.timerArmed !== 'rto') this.rearmRto();
  }

  private windowProbe(): void {
    if (this.queue.length > 0 || !this.hasMore()) return;
    if (++this.retransmits > (this.host.orphan ? this.options.orphanRetries : this.options.retries)) return this.host.gaveUp();
    this.backoff++;
    const room = this.sndUna + this.sndWnd - this.sndNxt;
    if (room > 0) this.sendPart(Math.min(room, this.mss, this.writeEnd - this.sndNxt)); // a window smaller than the segment: what fits (tcp_write_wakeup)
    else {
      this.host.emitProbe();
      this.waitForWindow();
    }
  }

  private retransmissionTimeout(): void {
    if (this.queue.length === 0) return;
    if (this.retransmits >= (this.host.orphan ? this.options.orphanRetries : this.options.retries)) return this.host.gaveUp();
    this.host.tell('timeout_loss', this.rtt.rto, this.enterLoss());
    this.retransmits++;
    this.retransmit(this.queue.at(0));
    this.rtt.backOff();
    this.armRto(this.host.now + this.rtt.rto);
  }

  /** tcp_enter_loss; returns the new threshold. */
  private enterLoss(): number {
    const { now } = this.host;
    const newRecovery = this.state !== 'recovery' && this.state !== 'loss';
    for (let i = 0; i < this.queue.length; i++) {
      const sent = this.queue.at(i);
      // segments sent within the last round trip may still be under way (tcp_rack_skb_timeout)
      if (i > 0 && this.rackTime >= 0 && sent.sentAt + this.rackRtt + this.reorderWindow() - now > 0) continue;
      this.markLost(sent);
    }
    if (newRecovery || this.sndUna >= this.highSeq || (this.state === 'loss' && this.retransmits === 0)) {
      this.priorSsthresh = this.currentSsthresh();
      this.priorCwnd = this.cubicPriorCwnd = this.cwnd;
      this.ssthresh = this.cubic.recalcSsthresh(this.cwnd);
      this.cubic.reset(this, now);
      this.undoMarker = this.sndUna;
      this.undoRetrans = this.retransOut > 0 ? this.retransOut : -1;
    }
    this.cwnd = this.inFlight() + 1;
    this.state = 'loss';
    this.frto = newRecovery || this.retransmits > 0;
    this.highSeq = this.sndNxt;
    this.reordering = Math.min(this.reordering, 3);
    return this.ssthresh;
  }

  // --- acknowledgements ------------------------------------------------------------------------------------

  /**
   * Handles an acceptable acknowledgement. `carriesData`: the segment had payload. New data waits for `afterAcks`
   * (the end of the batch) unless a loss is being repaired. Returns how many bytes were newly acknowledged.
   */
  onAck(s: Segment, window: number, carriesData: boolean): number {
    const { now } = this.host;
    const priorUna = this.sndUna;
    const windowChanged = window !== this.sndWnd;
    const wasClosed = this.sndWnd < this.mss;
    this.sndWnd = window;
    if (wasClosed && window >= this.mss) this.host.tell('window_opened', window, 0);
    const deliveredBefore = this.delivered, lostBefore = this.lostTotal;
    this.rackAdvanced = false;
    let dataSacked = false, origAcked = false, dsack = false, setTimer = false, retransAcked = false, lostRetrans = false;
    let firstAckt = -1, lastAckt = -1, firstSackt = -1, lastSackt = -1;
    let reordFrom = Infinity;
    const priorHighest = this.sackedOut > 0 ? this.highestSacked : 0;

    if (s.sack && s.sack.length > 0) {
      const [left, right] = [s.sack[0]!, s.sack[1]!];
      dsack = right <= s.ack || (s.sack.length >= 4 && left >= s.sack[2]! && right <= s.sack[3]!);
      if (dsack && this.undoMarker > 0 && this.undoRetrans > 0 && right <= priorUna + 1e15) this.undoRetrans--;
      for (let b = dsack ? 2 : 0; b < s.sack.length; b += 2) {
        const from = s.sack[b]!, to = s.sack[b + 1]!;
        for (let i = 0; i < this.queue.length; i++) {
          const sent = this.queue.at(i);
          if (sent.start >= to) break;
          if (sent.sacked || sent.start < from || sent.end > to) continue;
          dataSacked = true;
          if (sent.retransOut) {
            if (sent.lost) {
              sent.lost = false;
              this.lostOut--;
            }
            sent.retransOut = false;
            this.retransOut--;
          } else {
            if (sent.transmissions === 1) {
              if (sent.start < this.highestSacked) reordFrom = Math.min(reordFrom, sent.start);
              if (sent.end <= this.highSeq) origAcked = true;
              if (firstSackt < 0) firstSackt = sent.sentAt;
              lastSackt = sent.sentAt;
            }
            if (sent.lost) {
              sent.lost = false;
              this.lostOut--;
            }
          }
          sent.sacked = true;
          this.sackedOut++;
          this.delivered++;
          this.rackAdvance(sent, now);
          if (sent.start > this.highestSacked) this.highestSacked = sent.start;
        }
      }
    }

    let acked = 0;
    while (this.queue.length > 0 && this.queue.at(0).end <= s.ack) {
      const sent = this.queue.at(0);
      if (sent.transmissions > 1) {
        if (sent.retransOut) this.retransOut--;
        retransAcked = true;
      } else if (!sent.sacked) {
        lastAckt = sent.sentAt;
        if (firstAckt < 0) firstAckt = lastAckt;
        if (sent.start < priorHighest) reordFrom = Math.min(reordFrom, sent.start);
        if (sent.end <= this.highSeq) origAcked = true;
      }
      if (sent.sacked) this.sackedOut--;
      else {
        if (this.sackOk) this.delivered++;
        this.rackAdvance(sent, now);
      }
      if (sent.lost) this.lostOut--;
      acked++;
      this.queue.shift();
    }
    const advanced = s.ack > priorUna;
    if (advanced) {
      this.sndUna = s.ack;
      this.retransmits = 0;
      if (!this.sackOk) this.removeRenoSacks(acked);
    }

    let seqRtt = -1, caRtt = -1, sackRtt = -1;
    if (firstAckt >= 0 && !retransAcked) {
      seqRtt = now - firstAckt;
      caRtt = now - lastAckt;
    }
    if (firstSackt >= 0) {
      sackRtt = now - firstSackt;
      caRtt = now - lastSackt;
    }
    const rttUpdated = this.takeRtt(seqRtt >= 0 ? seqRtt : sackRtt, caRtt, s, acked > 0);
    if (acked > 0) {
      setTimer = true;
      if (reordFrom < Infinity) this.sawReordering(reordFrom);
    } else if (rttUpdated && sackRtt >= 0 && this.queue.length > 0 && sackRtt > now - this.queue.at(0).sentAt) setTimer = true;
    if (acked === 0 && reordFrom < Infinity) this.sawReordering(reordFrom);
    if (caRtt >= 0 || acked > 0) this.cubic.acked(this, caRtt, now);
    this.rexmit = this.rexmit === 'new' ? 'none' : this.rexmit;

    if (this.tlpHighSeq > 0) this.processTlpAck(s.ack, advanced, dataSacked, dsack, windowChanged || carriesData);
    const notDup = advanced || windowChanged || carriesData || dataSacked;
    if (!notDup || dataSacked || dsack || this.state !== 'open') {
      const dupacks = !advanced && !windowChanged && !carriesData && !dsack && !dataSacked && this.queue.length > 0 ? 1 : 0;
      const retransBefore = this.retransOut;
      const timerSet = this.fastRetransAlert(priorUna, { advanced, dataSacked, origAcked, dupacks: this.sackOk ? dupacks : dupacks, s });
      if (timerSet) setTimer = false;
      lostRetrans = retransBefore > this.retransOut;
    }
    void lostRetrans;
    if (setTimer && !this.scheduleLossProbe(true)) this.rearmRto();
    else if (this.queue.length === 0 && this.timerArmed !== 'persist') this.clearTimer();
    if (this.timerArmed === 'persist') this.persistOnAck(window);
    const newlyDelivered = this.delivered - deliveredBefore;
    if (this.state === 'cwr' || this.state === 'recovery') this.reduceCwnd(newlyDelivered, this.lostTotal - lostBefore, advanced);
    else if ((this.reordering > 3 ? advanced || dataSacked : advanced) && newlyDelivered > 0 && this.cwndLimits()) this.cubic.congAvoid(this, newlyDelivered, now);
    this.tellWindow();
    // in recovery every acknowledgement sends at once: the reduction counts what is out (tcp_xmit_recovery)
    if (this.rexmit === 'lost' && (this.state === 'recovery' || this.state === 'loss')) {
      this.retransmitLost();
      this.rexmit = 'none';
      if (this.state === 'recovery') this.push();
    }
    return s.ack - priorUna;
  }

  /** After a batch of acknowledgements: what was found lost, then what is new. */
  afterAcks(): void {
    if (this.rexmit === 'new') {
      const before = this.sndNxt;
      this.push();
      if (this.sndNxt === before) {
        this.frto = false;
        this.retransmitLost();
      }
    } else if (this.rexmit === 'lost') this.retransmitLost();
    this.rexmit = 'none';
    this.push();
  }

  private takeRtt(rtt: number, caRtt: number, s: Segment, acked: boolean): boolean {
    let sample = rtt;
    if (sample < 0 && this.timestampsOk && acked && s.tsecr >= 0) sample = this.host.now - s.tsecr;
    if (sample < 0) return false;
    if (caRtt >= 0 && caRtt < this.rtt.minRtt) this.rtt.minRtt = caRtt;
    this.rtt.sample(sample, this.sndUna, this.sndNxt);
    return true;
  }

  private processTlpAck(ack: number, advanced: boolean, dataSacked: boolean, dsack: boolean, notDup: boolean): void {
    if (ack < this.tlpHighSeq) return;
    if (!this.tlpRetrans || dsack) this.tlpHighSeq = 0;
    else if (ack > this.tlpHighSeq) {
      this.initReduction();
      this.state = 'cwr';
      this.endReduction();
      this.keepOpen();
      this.tlpHighSeq = 0;
    } else if (!advanced && !dataSacked && !notDup) this.tlpHighSeq = 0;
  }

  /** tcp_fastretrans_alert. Returns true when RACK armed its own timer. */
  private fastRetransAlert(priorUna: number, f: { advanced: boolean; dataSacked: boolean; origAcked: boolean; dupacks: number; s: Segment }): boolean {
    if (this.queue.length === 0) this.sackedOut = 0;
    if (this.state === 'open') this.retransStamp = this.anyRetrans() ? this.retransStamp : 0;
    else if (this.sndUna >= this.highSeq) {
      if (this.state === 'cwr') {
        if (this.sndUna !== this.highSeq) {
          this.endReduction();
          this.state = 'open';
        }
      } else if (this.state === 'recovery') {
        if (!this.sackOk) this.sackedOut = 0;
        if (this.mayUndo(f.s)) this.undo(false);
        this.endReduction();
        this.state = 'open';
        this.host.tell('recovery_left', this.cwnd, this.ssthresh);
      }
    }
    let timer = false;
    switch (this.state) {
      case 'recovery':
        if (!f.advanced) {
          if (!this.sackOk && f.dupacks) this.sackedOut++, this.delivered++;
        } else if (this.undoMarker > 0 && this.packetDelayed(f.s)) {
          this.sawReordering(priorUna);
          if (this.retransOut > 0) return false;
          this.undo(true);
          this.keepOpen();
          return false;
        }
        timer = this.identifyLoss(f.advanced);
        break;
      case 'loss':
        this.processLoss(f);
        timer = this.identifyLoss(f.advanced);
        if ((this.state as CaState) !== 'open') return timer;
        if (!this.timeToRecover()) {
          this.keepOpen();
          return timer;
        }
        this.enterRecovery();
        break;
      default:
        if (!this.sackOk) {
          if (f.advanced) this.sackedOut = 0;
          else if (f.dupacks) this.sackedOut++, this.delivered++;
        }
        timer = this.identifyLoss(f.advanced);
        if (!this.timeToRecover()) {
          if ((this.state as CaState) !== 'cwr') this.keepOpen();
          return timer;
        }
        this.enterRecovery();
    }
    this.rexmit = 'lost';
    return timer;
  }

  private processLoss(f: { advanced: boolean; dataSacked: boolean; origAcked: boolean; dupacks: number; s: Segment }): void {
    const recovered = this.sndUna >= this.highSeq;
    if (f.advanced && this.mayUndo(f.s)) return this.undoLoss();
    if (this.frto) {
      if (f.origAcked) return this.undoLoss();
      if (this.sndNxt > this.highSeq) {
        if (f.dataSacked || f.dupacks) this.frto = false;
      } else if (f.advanced && !recovered) {
        this.highSeq = this.sndNxt;
        if (this.hasMore() && this.sndUna + this.sndWnd > this.sndNxt) {
          this.rexmit = 'new';
          return;
        }
        this.frto = false;
      }
    }
    if (recovered) {
      if (this.mayUndo(f.s)) this.undo(false);
      this.state = 'open';
      this.undoMarker = 0;
      this.host.tell('recovery_left', this.cwnd, this.ssthresh);
      return;
    }
    if (!this.sackOk) {
      if (this.sndNxt > this.highSeq && f.dupacks) this.sackedOut++, this.delivered++;
      else if (f.advanced) this.sackedOut = 0;
    }
    this.rexmit = 'lost';
  }
  private undoLoss(): void {
    this.undo(true);
    this.retransmits = 0;
    this.state = 'open';
    this.rtt.resetRto();
  }

  private identifyLoss(advanced: boolean): boolean {
    if (!this.sackOk) {
      // NewReno: the first segment is lost at the third duplicate, and again at each partial ACK (RFC 6582)
      if (this.queue.length > 0 && ((this.state !== 'recovery' && this.state !== 'loss' && this.sackedOut >= this.reordering) || (this.state === 'recovery' && advanced))) {
        const head = this.queue.at(0);
        if (!head.lost) this.markLost(head);
        else if (head.retransOut && this.state === 'recovery' && advanced) this.markLost(head);
      }
      return false;
    }
    if (!this.rackAdvanced) return false;
    return this.detectLoss();
  }

  private timeToRecover(): boolean {
    return this.lostOut > 0;
  }

  private rackAdvance(sent: Sent, now: number): void {
    const rtt = now - sent.sentAt;
    if (sent.transmissions > 1 && rtt < this.rtt.minRtt) return; // an ACK of the original, not of the retransmission
    this.rackAdvanced = true;
    this.rackRtt = rtt;
    if (sent.sentAt > this.rackTime || (sent.sentAt === this.rackTime && sent.end > this.rackEnd)) {
      this.rackTime = sent.sentAt;
      this.rackEnd = sent.end;
    }
  }
  private reorderWindow(): number {
    if (!this.reordSeen && (this.state === 'recovery' || this.state === 'loss' || this.sackedOut >= this.reordering)) return 0;
    const min = this.rtt.minRtt === Infinity ? 0 : this.rtt.minRtt;
    return Math.min(Math.floor(min / 4), this.rtt.srtt);
  }
  /** RFC 8985 §6.2 step 5; true when the reordering timer was armed. */
  private detectLoss(): boolean {
    const { now } = this.host;
    const window = this.reorderWindow();
    let wait = 0, found = 0, foundAt = -1;
    for (let i = 0; i < this.queue.length; i++) {
      const sent = this.queue.at(i);
      if (sent.sacked || (sent.lost && !sent.retransOut)) continue;
      if (sent.sentAt > this.rackTime || (sent.sentAt === this.rackTime && sent.end >= this.rackEnd)) continue;
      const remaining = sent.sentAt + this.rackRtt + window - now;
      if (remaining <= 0) {
        this.markLost(sent);
        if (found++ === 0) foundAt = sent.start;
      } else wait = Math.max(wait, remaining);
    }
    if (found > 0) this.host.tell('loss_detected', foundAt, found);
    if (wait === 0) return false;
    this.setTimer('reorder', now + wait + MIN_TIMEOUT);
    return true;
  }
  private markLost(sent: Sent): void {
    if (sent.sacked) return;
    if (sent.lost) {
      if (sent.retransOut) {
        sent.retransOut = false;
        this.retransOut--;
        this.lostTotal++;
      }
      return;
    }
    if (sent.retransOut) {
      sent.retransOut = false;
      this.retransOut--;
    }
    sent.lost = true;
    this.lostOut++;
    this.lostTotal++;
  }
  private sawReordering(from: number): void {
    const metric = this.highestSacked - from;
    if (metric <= 0) return;
    if (metric > this.reordering * this.mss) this.reordering = Math.min(300, Math.ceil(metric / this.mss));
    this.reordSeen = true;
  }
  private removeRenoSacks(acked: number): void {
    if (acked - 1 >= this.sackedOut) this.sackedOut = 0;
    else this.sackedOut -= Math.max(0, acked - 1);
    this.delivered += Math.max(0, acked - Math.min(acked - 1, this.sackedOut));
  }

  private enterRecovery(): void {
    this.priorSsthresh = this.undoMarker > 0 ? this.priorSsthresh : this.currentSsthresh();
    this.undoMarker = this.sndUna;
    this.undoRetrans = this.retransOut > 0 ? this.retransOut : -1;
    if (this.state !== 'cwr' && this.state !== 'recovery') {
      this.priorSsthresh = this.currentSsthresh();
      this.initReduction();
    }
    this.state = 'recovery';
    this.host.tell('recovery_entered', this.cwnd, this.ssthresh);
  }
  private initReduction(): void {
    this.highSeq = this.sndNxt;
    this.tlpHighSeq = 0;
    this.priorCwnd = this.cubicPriorCwnd = this.cwnd;
    this.prrDelivered = 0;
    this.prrOut = 0;
    this.ssthresh = this.cubic.recalcSsthresh(this.cwnd);
  }
  private reduceCwnd(newlyDelivered: number, newlyLost: number, advanced: boolean): void {
    if (newlyDelivered <= 0 || this.priorCwnd === 0) return;
    const delta = this.ssthresh - this.inFlight();
    this.prrDelivered += newlyDelivered;
    let count: number;
    if (delta < 0) count = Math.floor((this.ssthresh * this.prrDelivered + this.priorCwnd - 1) / this.priorCwnd) - this.prrOut;
    else {
      count = Math.max(this.prrDelivered - this.prrOut, newlyDelivered);
      if (advanced && newlyLost === 0) count++;
      count = Math.min(delta, count);
    }
    count = Math.max(count, this.prrOut > 0 ? 0 : 1);
    this.cwnd = this.inFlight() + count;
  }
  private endReduction(): void {
    if (this.ssthresh < INFINITE_SSTHRESH && (this.state === 'cwr' || this.undoMarker > 0)) this.cwnd = this.ssthresh;
    this.undoMarker = 0;
  }
  private keepOpen(): void {
    const state: CaState = this.sackedOut + this.lostOut > 0 || this.anyRetrans() ? 'disorder' : 'open';
    if (this.state !== state) {
      this.state = state;
      this.highSeq = this.sndNxt;
    }
  }
  private anyRetrans(): boolean {
    return this.retransOut > 0 || (this.queue.length > 0 && this.queue.at(0).transmissions > 1);
  }
  private packetDelayed(s: Segment): boolean {
    return this.timestampsOk && this.retransStamp > 0 && s.tsecr >= 0 && s.tsecr < this.retransStamp;
  }
  private mayUndo(s: Segment): boolean {
    return this.undoMarker > 0 && (this.undoRetrans === 0 || this.packetDelayed(s));
  }
  private undo(unmark: boolean): void {
    if (unmark) {
      for (let i = 0; i < this.queue.length; i++) this.queue.at(i).lost = false;
      this.lostOut = 0;
    }
    this.cwnd = Math.max(this.cwnd, this.cubicPriorCwnd);
    if (this.priorSsthresh > this.ssthresh) this.ssthresh = this.priorSsthresh;
    this.undoMarker = 0;
    this.host.tell('undone', this.cwnd, this.ssthresh);
  }

  private tellWindow(): void {
    const { told } = this;
    if (this.cubic.found && !told.found) {
      told.found = true;
      this.host.tell('slow_start_left', this.cwnd, 0);
    }
    if (told.cwnd === this.cwnd && told.ssthresh === this.ssthresh) return;
    told.cwnd = this.cwnd;
    told.ssthresh = this.ssthresh;
    this.host.tell('cwnd_changed', this.cwnd, this.ssthresh);
  }

  /** Nothing more will be sent or waited for. */
  halt(): void {
    this.clearTimer();
    this.queue.clear();
    this.sackedOut = this.lostOut = this.retransOut = 0;
  }
}
