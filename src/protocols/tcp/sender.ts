/**
 * The sending half of a connection as Linux runs it: takes acknowledgements and timers, and lets scoreboard, RACK, recovery, CUBIC and
 * transmitter do their parts in the kernel's order (tcp_input.c tcp_ack, tcp_timer.c). Windows in segments, times in ns, sequence
 * numbers relative. Simplifications: no pacing, one entry per segment of at most MSS bytes.
 */
import { US } from '../../base/time';
import { takeAcknowledgement, type AckFacts } from './acknowledgement';
import { modelTimeout } from './give-up';
import type { TcpOptions } from './params';
import { Recovery } from './recovery';
import { RetransmissionTimer } from './retransmission-timer';
import { ECE, SYN, type Segment } from './segment';
import { SendBuffer } from './send-buffer';
import { SendBlock, type SenderHost, type SenderTimer } from './send-block';
import { Transmitter } from './transmitter';

export type { SenderHost, SenderTimer } from './send-block';

/** Linux tcp_retries1, tcp_base_mss, tcp_min_snd_mss. */
const RETRIES_1 = 3, BASE_MSS = 1024, MIN_MSS = 48;

export class Sender {
  /** Its variables, shared with its parts. */
  readonly block: SendBlock;
  private readonly timer: RetransmissionTimer;
  private readonly transmitter: Transmitter;
  private readonly recovery: Recovery;
  private readonly buffer: SendBuffer;
  /** Segment size of the last try against a black hole; 0 = none was made. */
  private probedMss = 0;
  private told = { cwnd: 0, ssthresh: 0, found: false };

  constructor(private readonly host: SenderHost, options: TcpOptions) {
    this.block = new SendBlock(options);
    this.timer = new RetransmissionTimer(this.block, host);
    this.transmitter = new Transmitter(this.block, this.timer, host, () => this.tellWindow());
    this.recovery = new Recovery(this.block, this.timer, host);
    this.buffer = new SendBuffer(this.block);
  }

  /**
   * The round-trip time of the handshake. It counts for the least round trip, against which Linux weighs retransmissions (tcp_synack_rtt_meas), and a
   * tick of the kernel's microsecond clock slower than it was: measured handshakes took a little longer than what followed, here they would tie.
   */
  takeHandshakeRtt(sample: number): void {
    this.block.rtt.sample(sample, 0, 1);
    this.block.rtt.minRtt = Math.min(this.block.rtt.minRtt, sample + US);
  }
  /** The connection is established; a SYN that was rightly sent again more than once costs the initial window (tcp_init_transfer). */
  begin(synRetransmissions: number): void {
    const { block } = this;
    if (synRetransmissions > 1) block.cwnd = 1;
    this.buffer.expand();
    block.control.start(block, this.host.now);
    this.tellWindow();
  }
  /** Fast Open: what the application has written goes out with the SYN, at most `limit` bytes; how many they are. */
  takeForSyn(limit: number): number {
    const { block } = this;
    block.writeEnd = Math.min(block.appEnd, 1 + limit);
    return this.transmitter.noteEarly(block.writeEnd - 1);
  }
  /** The SYN-ACK acknowledges what went with the SYN, or does not: then it goes out again, and serves as the acknowledgement. */
  earlyAnswered(s: Segment): void {
    if (s.ack > 1) takeAcknowledgement(this.block, s, this.host.now);
  }
  get earlyRefused(): boolean {
    return this.block.board.packetsOut > 0 && this.block.sndUna <= 1;
  }
  /** The handshake is over: what went out during it is waited for, or sent again when it was refused (tcp_rcv_fastopen_synack). */
  proven(refused: boolean): void {
    const { block, timer } = this;
    block.unproven = false;
    if (block.board.packetsOut === 0) return;
    if (refused) {
      for (let i = 0; i < block.board.queue.length; i++) block.board.markLost(block.board.queue.at(i));
      this.transmitter.retransmitLost();
    }
    timer.rearmRto();
  }
  /** The application writes what it has, as far as the send buffer has room, and the windows let go of it (tcp_sendmsg). */
  write(): void {
    const { block, buffer, transmitter } = this;
    if (buffer.blocked) return;
    while (block.writeEnd < block.appEnd) {
      const room = buffer.room();
      if (room === 0) {
        buffer.blocked = true;
        break;
      }
      block.writeEnd = Math.min(block.appEnd, block.writeEnd + room);
      transmitter.push();
    }
    transmitter.push();
  }

  // --- timers ----------------------------------------------------------------------------------------------

  /** A timer of this sender fired. */
  timerFired(timer: SenderTimer): void {
    this.timer.armed = null;
    if (timer === 'tlp') this.sendLossProbe();
    else if (timer === 'reorder') this.reorderTimeout();
    else if (timer === 'persist') this.windowProbe();
    else this.retransmissionTimeout();
    this.tellWindow();
  }

  private sendLossProbe(): void {
    const { block, timer } = this;
    const { queue } = block.board;
    if (block.tlpHighSeq > 0 || queue.length === 0) return timer.rearmRto();
    const fresh = block.hasMore() && this.transmitter.sendNext(true, true, false);
    if (!fresh) this.transmitter.retransmit(queue.length - 1);
    block.tlpRetrans = !fresh;
    block.tlpHighSeq = block.sndNxt;
    this.host.tell('probe_sent', queue.at(queue.length - 1).start, fresh ? 1 : 0);
    timer.armed = null;
    timer.armRto();
  }

  private reorderTimeout(): void {
    const { block, recovery } = this;
    const before = block.board.inFlight();
    recovery.detectLoss();
    if (before !== block.board.inFlight()) {
      if (block.state !== 'recovery') {
        recovery.enterRecovery();
        recovery.reduce(1, 0, false);
      }
      this.transmitter.retransmitLost();
    }
    if (this.timer.armed !== 'rto') this.timer.rearmRto();
  }

  private windowProbe(): void {
    const { block } = this;
    if (block.board.packetsOut > 0 || !block.hasMore()) return;
    if (++block.retransmits > this.retriesAllowed()) return this.host.gaveUp();
    block.backoff++;
    const room = block.sndUna + block.sndWnd - block.sndNxt;
    if (room > 0) this.transmitter.sendPart(Math.min(room, block.mss, block.writeEnd - block.sndNxt)); // a window smaller than the segment: what fits (tcp_write_wakeup)
    else {
      this.host.emitProbe();
      this.timer.waitForWindow();
    }
  }

  private retransmissionTimeout(): void {
    const { block } = this;
    if (block.board.packetsOut === 0) return;
    const { rtoMin, rtoMax } = block.options;
    const since = block.retransmits > 0 && block.retransStamp > 0 ? this.host.now - block.retransStamp : 0;
    if (since >= modelTimeout(this.retriesAllowed(), rtoMin, rtoMax)) return this.host.gaveUp();
    if (block.options.mtuProbing && since >= modelTimeout(RETRIES_1, rtoMin, rtoMax)) this.suspectBlackHole();
    const waited = this.host.now - this.timer.setAt;
    this.host.tell('timeout_loss', waited, this.recovery.enterLoss());
    block.retransmits++;
    this.transmitter.retransmit(0);
    block.rtt.backOff();
    this.timer.armRto();
  }
  /** Segments vanish and nobody says why: smaller ones may pass (tcp_mtu_probing). */
  private suspectBlackHole(): void {
    const { block } = this;
    this.probedMss = this.probedMss === 0 ? BASE_MSS : Math.max(MIN_MSS, Math.min(BASE_MSS, this.probedMss >> 1));
    if (this.probedMss >= block.mss) return;
    block.mss = this.probedMss;
    this.host.tell('black_hole_suspected', block.mss, 0);
  }
  /** So many bytes pass at most, options counted; false when that is known (tcp_sync_mss). */
  limitMss(most: number): boolean {
    const { block } = this;
    if (most - block.optionBytes >= block.mss) return false;
    block.mss = most - block.optionBytes;
    return true;
  }
  /** What is longer than may be counts as lost, without the window paying for it (tcp_simple_retransmit). */
  sendAgainWhatIsTooBig(): void {
    const { block } = this;
    const { board } = block;
    const before = board.lostOut;
    for (let i = 0; i < board.queue.length; i++) {
      const sent = board.queue.at(i);
      if (!sent.sacked && sent.end - sent.start - (sent.fin ? 1 : 0) > block.mss) board.markLost(sent);
    }
    if (board.lostOut === before) return;
    if (block.state !== 'loss') {
      block.highSeq = block.sndNxt;
      block.ssthresh = block.currentSsthresh();
      block.priorSsthresh = 0;
      block.undoMarker = 0;
      block.frto = false;
      block.state = 'loss';
    }
    this.transmitter.retransmitLost();
    this.tellWindow();
  }
  private retriesAllowed(): number {
    return this.host.orphan ? this.block.options.orphanRetries : this.block.options.retries;
  }

  // --- acknowledgements ------------------------------------------------------------------------------------

  /**
   * Handles an acceptable acknowledgement and sends again what it shows to be lost (tcp_ack); new data follows with `sendNew`.
   * `carriesData`: the segment had payload.
   */
  onAck(s: Segment, window: number, carriesData: boolean): void {
    const { block, timer, recovery, host } = this;
    const { board } = block;
    const priorUna = block.sndUna;
    const windowChanged = window !== block.sndWnd;
    const wasClosed = block.sndWnd < block.mss;
    block.sndWnd = window;
    block.maxWindow = Math.max(block.maxWindow, window);
    if (wasClosed && window >= block.mss) host.tell('window_opened', window, 0);
    const deliveredBefore = board.delivered, lostBefore = board.lost;
    block.rack.advanced = false;
    const f = takeAcknowledgement(block, s, host.now);

    const rttUpdated = this.takeRtt(f, s);
    let setTimer = f.acked > 0 || (rttUpdated && f.sackRtt >= 0 && board.packetsOut > 0 && f.sackRtt > host.now - board.queue.at(0).sentAt);
    if (f.reordFrom < Infinity) board.sawReordering(f.reordFrom, block.mss);
    if (f.caRtt >= 0 || f.acked > 0) block.control.acked(block, f.caRtt, host.now);

    if (block.tlpHighSeq > 0) recovery.onProbeAck(s.ack, f, windowChanged || carriesData);
    const plain = !f.advanced && !windowChanged && !carriesData && !f.dataSacked; // nothing new at all
    const echoed = block.ecn && (s.flags & (ECE | SYN)) === ECE;
    if (plain || f.dataSacked || f.dsack || echoed || block.state !== 'open') {
      f.dupack = plain && !f.dsack && board.packetsOut > 0;
      if (recovery.onAck(priorUna, f, s, echoed)) setTimer = false;
    }
    if (setTimer && !timer.scheduleLossProbe(true)) timer.rearmRto();
    else if (board.packetsOut === 0 && timer.armed !== 'persist') timer.clear();
    if (timer.armed === 'persist') timer.persistOnAck(window);
    const newlyDelivered = board.delivered - deliveredBefore;
    if (block.reducing) recovery.reduce(newlyDelivered, board.lost - lostBefore, f.advanced);
    else if ((board.reordering > 3 ? f.advanced || f.dataSacked : f.advanced) && newlyDelivered > 0 && this.transmitter.cwndLimits()) {
      block.control.congAvoid(block, newlyDelivered, host.now);
    }
    this.tellWindow();
    this.sendRecovery();
  }

  /** tcp_xmit_recovery: what is lost, or F-RTO's try with new data. */
  private sendRecovery(): void {
    const { block, recovery, transmitter } = this;
    const { rexmit } = recovery;
    recovery.rexmit = 'none';
    if (rexmit === 'none') return;
    if (rexmit === 'new') {
      transmitter.push();
      if (block.sndNxt > block.highSeq) return;
      block.frto = false;
    }
    transmitter.retransmitLost();
  }
  /** What the windows let go of the send buffer, after an acknowledgement or a window was taken (tcp_data_snd_check). */
  sendNew(): void {
    this.transmitter.push();
    this.buffer.freed();
  }

  /** tcp_ack_update_rtt: by the times of sending; by the echoed timestamp when a retransmission makes those ambiguous (RFC 6298 §3). */
  private takeRtt(f: AckFacts, s: Segment): boolean {
    const { block } = this;
    let sample = f.seqRtt >= 0 ? f.seqRtt : f.sackRtt;
    if (sample < 0 && block.timestampsOk && f.acked > 0 && s.tsecr >= 0) sample = f.caRtt = this.host.now - s.tsecr;
    if (sample < 0) return false;
    if (f.caRtt >= 0 && f.caRtt < block.rtt.minRtt) block.rtt.minRtt = f.caRtt;
    block.rtt.sample(sample, block.sndUna, block.sndNxt);
    return true;
  }

  private tellWindow(): void {
    const { told, block } = this;
    if (block.control.found !== told.found) {
      told.found = block.control.found;
      if (told.found) this.host.tell('slow_start_left', block.cwnd, block.control.byTrain ? 1 : 0);
    }
    if (told.cwnd === block.cwnd && told.ssthresh === block.ssthresh) return;
    told.cwnd = block.cwnd;
    told.ssthresh = block.ssthresh;
    this.host.tell('cwnd_changed', block.cwnd, block.ssthresh);
  }

  /** Nothing more will be sent or waited for. */
  halt(): void {
    this.timer.clear();
    this.block.board.clear();
  }
}
