/**
 * The variables of a sender (RFC 9293 §3.3.1, RFC 5681, RFC 6937, RFC 8985) that its parts share: windows, what is out, the state
 * of congestion control. Law: state and its sums only, no rule. Windows in segments, times in ns, sequence numbers relative.
 */
import { Cubic } from './cubic';
import type { TcpOptions } from './params';
import { Prr } from './prr';
import { Rack } from './rack';
import { RttEstimator } from './rtt';
import { Scoreboard } from './scoreboard';
import type { Sent } from './sent';
import { Reno, type CongestionControl, type ControlledSender } from './window-growth';

/** Linux TCP_CA_*: congestion control's states. */
export type CaState = 'open' | 'disorder' | 'cwr' | 'recovery' | 'loss';
export type SenderTimer = 'rto' | 'tlp' | 'reorder' | 'persist';
export const INFINITE_SSTHRESH = 0x7fffffff;

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
  tell(what: SenderEvent, a: number, b: number): void;
  gaveUp(): void;
  readonly orphan: boolean;
}
export type SenderEvent =
  | 'loss_detected' | 'recovery_entered' | 'recovery_left' | 'timeout_loss' | 'probe_sent' | 'undone' | 'cwnd_changed' | 'slow_start_left' | 'window_closed'
  | 'window_opened' | 'ecn_reduced' | 'path_mtu_reduced' | 'black_hole_suspected';

export class SendBlock implements ControlledSender {
  readonly rtt: RttEstimator;
  readonly control: CongestionControl;
  readonly board = new Scoreboard();
  readonly rack = new Rack();
  readonly prr = new Prr();
  sndUna = 1;
  sndNxt = 1;
  sndWnd = 0;
  /** Greatest window the peer ever offered. */
  maxWindow = 0;
  mss = 536;
  /** Bytes of options in every segment. */
  optionBytes = 0;
  cwnd: number;
  ssthresh = INFINITE_SSTHRESH;
  /** End of what the application wants to send, of what of it is in the send buffer, and whether a FIN follows it. */
  appEnd = 1;
  writeEnd = 1;
  finQueued = false;
  sackOk = false;
  timestampsOk = false;
  state: CaState = 'open';
  /** SND.NXT when the state was entered: it ends when this is acknowledged. */
  highSeq = 0;
  /** SND.NXT when a tail-loss probe left; 0 = none is out. */
  tlpHighSeq = 0;
  tlpRetrans = false;
  /** SND.UNA when the window was last reduced, 0 = nothing to take back; retransmissions since then that no D-SACK reported, -1 = none was sent. */
  undoMarker = 0;
  undoRetrans = 0;
  priorSsthresh = 0;
  /** When the first retransmission of this episode left; 0 = none did. */
  retransStamp = 0;
  /** Time-outs in a row. */
  retransmits = 0;
  backoff = 0;
  frto = false;
  /** Both ends speak ECN; the next new data says that the window was reduced (RFC 3168 §6.1.2). */
  ecn = false;
  cwrQueued = false;
  /** Data leaves before the handshake ends: until then the SYN-ACK’s timer is the only one (Linux fastopen_rsk). */
  unproven = false;

  constructor(readonly options: TcpOptions) {
    this.rtt = new RttEstimator(options.rtoInitial, options.rtoMin, options.rtoMax);
    this.control = options.congestionControl === 'reno' ? new Reno() : new Cubic(options.hystart);
    this.cwnd = options.initialWindow;
  }

  get srttNs(): number {
    return this.rtt.srtt;
  }
  /** The window is being reduced segment by segment (tcp_in_cwnd_reduction). */
  get reducing(): boolean {
    return this.state === 'cwr' || this.state === 'recovery';
  }
  /** Data or a FIN waits to be sent for the first time. */
  hasMore(): boolean {
    return this.sndNxt < this.writeEnd || (this.finQueued && this.sndNxt === this.appEnd);
  }
  /** The threshold to return to when nothing was lost after all (tcp_current_ssthresh). */
  currentSsthresh(): number {
    return this.reducing ? this.ssthresh : Math.max(this.ssthresh, (this.cwnd >> 1) + (this.cwnd >> 2));
  }
}
