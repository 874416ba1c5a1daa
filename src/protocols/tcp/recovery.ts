/**
 * Congestion state and loss recovery as Linux runs them (tcp_input.c tcp_fastretrans_alert): RACK's losses (RFC 8985), proportional rate
 * reduction (RFC 6937), F-RTO (RFC 5682), and taking back a reduction that was not needed (RFC 3522, 3708). What is to be sent again is
 * left in `rexmit` for the sender. Simplification: no SACK reneging.
 */
import type { AckFacts } from './acknowledgement';
import { sendCount } from './prr';
import { reorderWindow } from './rack';
import { REORDERING_DEFAULT } from './scoreboard';
import type { RetransmissionTimer } from './retransmission-timer';
import type { Segment } from './segment';
import { INFINITE_SSTHRESH, type CaState, type SendBlock, type SenderHost } from './send-block';

/** Why a reduction was taken back: an echoed timestamp, reports of duplicates, or F-RTO, which only infers it. */
export const EVIDENCE = { timestamp: 1, dsack: 2, frto: 3 } as const;

export class Recovery {
  /** What the acknowledgement in hand asks for: retransmission of what is lost, or F-RTO's try with new data. */
  rexmit: 'none' | 'lost' | 'new' = 'none';
  /** The acknowledgement in hand echoes a mark (RFC 3168 §6.1.2). */
  private echoed = false;
  /** The last look for losses found a retransmission among them. */
  private lostRetrans = false;

  constructor(private readonly b: SendBlock, private readonly timer: RetransmissionTimer, private readonly host: SenderHost) {}

  /** tcp_fastretrans_alert. Returns true when RACK armed its own timer. */
  onAck(priorUna: number, f: AckFacts, s: Segment, echoed = false): boolean {
    const { b } = this;
    this.echoed = echoed;
    const { board } = b;
    if (board.packetsOut === 0) board.sackedOut = 0;
    if (b.state === 'open') b.retransStamp = 0;
    else if (b.sndUna >= b.highSeq) {
      if (b.state === 'cwr') {
        if (b.sndUna !== b.highSeq) {
          this.endReduction();
          b.state = 'open';
        }
      } else if (b.state === 'recovery') {
        if (!b.sackOk) board.sackedOut = 0;
        this.undoRecovery(s);
        this.endReduction();
        b.state = 'open';
        this.host.tell('recovery_left', b.cwnd, b.ssthresh);
      }
    }
    let timer = false;
    this.lostRetrans = false;
    if (b.state === 'recovery') {
      if (!f.advanced) {
        if (!b.sackOk && f.dupack) board.addRenoSack();
      } else if (b.undoMarker > 0 && this.packetDelayed(s)) {
        board.sawReordering(priorUna, b.mss);
        if (board.retransOut > 0) return false;
        this.undo(true, EVIDENCE.timestamp);
        this.tryToOpen();
      }
      if (this.undoByDsack()) this.tryToOpen();
      timer = this.identifyLoss(f.advanced);
      if ((b.state as CaState) !== 'recovery') {
        if (board.lostOut === 0) return timer;
        this.enterRecovery();
      }
    } else {
      if (b.state === 'loss') {
        this.processLoss(f, s);
        timer = this.identifyLoss(f.advanced);
        // goes on as in the other states when the time-out was false, or when a retransmission was lost too
        if ((b.state as CaState) !== 'open' && !this.lostRetrans) return timer;
      }
      if (!b.sackOk) {
        if (f.advanced) board.sackedOut = 0;
        else if (f.dupack) board.addRenoSack();
      }
      if (b.state === 'open' || b.state === 'disorder') this.undoByDsack();
      timer = this.identifyLoss(f.advanced) || timer;
      if (board.lostOut === 0) {
        this.tryToOpen();
        return timer;
      }
      this.enterRecovery();
    }
    this.rexmit = 'lost';
    return timer;
  }

  /** tcp_process_loss: F-RTO (RFC 5682 §3.1 with SACK), and the end of the loss state. */
  private processLoss(f: AckFacts, s: Segment): void {
    const { b } = this;
    const { board } = b;
    const recovered = b.sndUna >= b.highSeq;
    if (f.advanced && this.mayUndo(s)) return this.undoLoss(this.evidence(s));
    if (b.frto) {
      if (f.origAcked) return this.undoLoss(EVIDENCE.frto);
      if (b.sndNxt > b.highSeq) {
        if (f.dataSacked || f.dupack) b.frto = false;
      } else if (f.advanced && !recovered) {
        b.highSeq = b.sndNxt;
        if (b.hasMore() && b.sndUna + b.sndWnd > b.sndNxt) {
          this.rexmit = 'new';
          return;
        }
        b.frto = false;
      }
    }
    if (recovered) {
      this.undoRecovery(s);
      b.state = 'open';
      this.host.tell('recovery_left', b.cwnd, b.ssthresh);
      return;
    }
    if (!b.sackOk) {
      if (b.sndNxt > b.highSeq && f.dupack) board.addRenoSack();
      else if (f.advanced) board.sackedOut = 0;
    }
    this.rexmit = 'lost';
  }

  // --- finding losses --------------------------------------------------------------------------------------

  private identifyLoss(advanced: boolean): boolean {
    const { b } = this;
    const { board } = b;
    if (b.sackOk) return b.rack.advanced && this.detectLoss();
    // NewReno: the first segment is lost at the third duplicate, and again at each partial ACK (RFC 6582)
    const third = b.state !== 'recovery' && b.state !== 'loss' && board.sackedOut >= board.reordering;
    if (board.packetsOut > 0 && (third || (b.state === 'recovery' && advanced))) board.markLost(board.queue.at(0));
    return false;
  }
  private reorderWindow(): number {
    const { b } = this;
    return reorderWindow({
      reordSeen: b.board.reordSeen, inRecovery: b.state === 'recovery' || b.state === 'loss', enoughSacked: b.board.sackedOut >= b.board.reordering,
      quarters: b.rack.quarters, minRtt: b.rtt.minRtt, srtt: b.rtt.srtt,
    });
  }
  /** RFC 8985 §6.2 step 5; true when the reordering timer was armed. */
  detectLoss(): boolean {
    const { b, host } = this;
    const retransOut = b.board.retransOut;
    const { lost, wait } = b.rack.overdue(b.board.queue, this.reorderWindow(), host.now);
    for (const sent of lost) b.board.markLost(sent);
    this.lostRetrans = b.board.retransOut < retransOut;
    if (lost.length > 0) host.tell('loss_detected', lost[0]!.start, lost.length);
    if (wait === 0) return false;
    this.timer.waitForReordered(wait);
    return true;
  }

  // --- reducing the window ---------------------------------------------------------------------------------

  /** A retransmission timed out (tcp_enter_loss); returns how many segments count as lost now. */
  enterLoss(): number {
    const { b, host } = this;
    const { board } = b;
    const newRecovery = b.state !== 'recovery' && b.state !== 'loss';
    for (let i = 0; i < board.queue.length; i++) {
      const sent = board.queue.at(i);
      // segments sent within the last round trip may still be under way (tcp_rack_skb_timeout)
      if (i > 0 && b.rack.order >= 0 && b.rack.remaining(sent, this.reorderWindow(), host.now) > 0) continue;
      board.markLost(sent);
    }
    if (b.retransmits === 0 && !board.anyRetrans()) b.retransStamp = 0;
    if (b.state === 'open' || b.state === 'disorder') {
      // a time-out after so many reports: the path reorders less than was thought
      if (board.sackedOut >= REORDERING_DEFAULT) board.reordering = Math.min(board.reordering, REORDERING_DEFAULT);
    }
    if (b.state === 'open' || b.state === 'disorder' || b.sndUna >= b.highSeq || (b.state === 'loss' && b.retransmits === 0)) {
      b.priorSsthresh = b.currentSsthresh();
      b.prr.priorCwnd = b.cwnd;
      b.ssthresh = b.control.recalcSsthresh(b.cwnd);
      b.control.reset(b, host.now);
      this.beginUndo();
    }
    b.cwnd = board.inFlight() + 1;
    b.state = 'loss';
    b.frto = newRecovery || b.retransmits > 0;
    b.cwrQueued = b.ecn;
    b.highSeq = b.sndNxt;
    return board.lostOut;
  }
  enterRecovery(): void {
    const { b } = this;
    if (!b.board.anyRetrans()) b.retransStamp = 0;
    b.priorSsthresh = 0;
    this.beginUndo();
    if (!b.reducing) {
      b.priorSsthresh = b.currentSsthresh();
      this.initReduction();
    }
    b.state = 'recovery';
    this.host.tell('recovery_entered', b.cwnd, b.ssthresh);
  }
  private initReduction(): void {
    const { b } = this;
    b.highSeq = b.sndNxt;
    b.tlpHighSeq = 0;
    b.prr.begin(b.cwnd);
    b.ssthresh = b.control.recalcSsthresh(b.cwnd);
    b.cwrQueued = b.ecn;
  }
  /** tcp_cwnd_reduction. */
  reduce(newlyDelivered: number, newlyLost: number, advanced: boolean): void {
    const { b } = this;
    const { prr } = b;
    if (newlyDelivered <= 0 || prr.priorCwnd === 0) return;
    prr.prrDelivered += newlyDelivered;
    const { priorCwnd, prrDelivered, prrOut } = prr;
    const inFlight = b.board.inFlight();
    b.cwnd = inFlight + sendCount({ priorCwnd, ssthresh: b.ssthresh, inFlight, prrDelivered, prrOut, newlyDelivered, newlyLost, advanced });
  }
  private endReduction(): void {
    const { b } = this;
    if (b.ssthresh < INFINITE_SSTHRESH && (b.state === 'cwr' || b.undoMarker > 0)) b.cwnd = b.ssthresh;
  }
  private keepOpen(): void {
    const { b } = this;
    const { board } = b;
    const state: CaState = board.sackedOut + board.lostOut > 0 || board.anyRetrans() ? 'disorder' : 'open';
    if (b.state !== state) {
      b.state = state;
      b.highSeq = b.sndNxt;
    }
  }
  /** tcp_try_to_open: nothing is lost; a reduction under way goes on. */
  private tryToOpen(): void {
    const { b } = this;
    if (!b.board.anyRetrans()) b.retransStamp = 0;
    if (this.echoed) this.enterCwr();
    if (b.state !== 'cwr') this.keepOpen();
  }
  /** A full queue was marked, not lost: the window is reduced all the same, once in a round trip (tcp_enter_cwr). */
  private enterCwr(): void {
    const { b } = this;
    if (b.state !== 'open' && b.state !== 'disorder') return;
    b.priorSsthresh = 0;
    b.undoMarker = 0;
    this.initReduction();
    b.state = 'cwr';
    this.host.tell('ecn_reduced', b.cwnd, b.ssthresh);
  }
  /** An answer to a tail-loss probe: when the probe repaired a loss, the window pays for it once (RFC 8985 §7.4). */
  onProbeAck(ack: number, f: AckFacts, otherNews: boolean): void {
    const { b } = this;
    if (ack < b.tlpHighSeq) return;
    if (!b.tlpRetrans || f.dsack) b.tlpHighSeq = 0;
    else if (ack > b.tlpHighSeq) {
      this.initReduction();
      b.state = 'cwr';
      this.endReduction();
      this.keepOpen();
      b.tlpHighSeq = 0;
    } else if (!f.advanced && !f.dataSacked && !otherNews) b.tlpHighSeq = 0;
  }

  // --- taking it back --------------------------------------------------------------------------------------

  private beginUndo(): void {
    const { b } = this;
    b.undoMarker = b.sndUna;
    b.undoRetrans = b.board.retransOut > 0 ? b.board.retransOut : -1;
  }
  /** The echoed timestamp is older than the first retransmission: the original arrived (RFC 3522). */
  private packetDelayed(s: Segment): boolean {
    const { b } = this;
    if (b.retransStamp === 0) return true; // nothing was sent again at all
    return b.timestampsOk && s.tsecr >= 0 && s.tsecr < b.retransStamp;
  }
  private mayUndo(s: Segment): boolean {
    return this.b.undoMarker > 0 && (this.b.undoRetrans === 0 || this.packetDelayed(s));
  }
  private evidence(s: Segment): number {
    return this.packetDelayed(s) ? EVIDENCE.timestamp : EVIDENCE.dsack;
  }
  /** The end of a repair: was it needless? (tcp_try_undo_recovery) */
  private undoRecovery(s: Segment): void {
    if (this.mayUndo(s)) this.undo(false, this.evidence(s));
    else this.b.rack.recovered(false);
  }
  /** Every retransmission was reported as a duplicate (tcp_try_undo_dsack); true when the reduction is taken back. */
  private undoByDsack(): boolean {
    const { b } = this;
    if (b.undoMarker === 0 || b.undoRetrans !== 0) return false;
    b.rack.recovered(true);
    this.undo(false, EVIDENCE.dsack);
    return true;
  }
  private undoLoss(evidence: number): void {
    const { b } = this;
    this.undo(true, evidence);
    b.retransmits = 0;
    b.state = 'open';
    b.rtt.resetRto();
  }
  /** tcp_undo_cwnd_reduction; `evidence` is what shows that it was needless. */
  private undo(unmark: boolean, evidence: number): void {
    const { b } = this;
    if (unmark) b.board.unmarkLost();
    if (b.priorSsthresh > 0) {
      b.cwnd = Math.max(b.cwnd, b.prr.priorCwnd);
      b.ssthresh = Math.max(b.ssthresh, b.priorSsthresh);
    }
    b.undoMarker = 0;
    b.rack.advanced = true; // look for losses again
    this.host.tell('undone', b.cwnd, evidence);
  }
}
