/**
 * Opening a connection (RFC 9293 §3.5): sends SYN or SYN-ACK until it is answered, agrees on options, measures the first round trip
 * (Linux tcp_retransmit_timer, reqsk_timer_handler, tcp_rcv_synsent_state_process).
 */
import type { Output } from './output';
import type { TcpOptions } from './params';
import type { Receiver } from './receiver';
import { ACK, CWR, ECE, SYN, type Segment } from './segment';
import type { Sender } from './sender';

const TIMESTAMP_BYTES = 12; // the option as every segment carries it, RFC 7323 appendix A
const DEFAULT_MSS = 536; // RFC 9293 §3.7.1
const MAX_OPTION_BYTES = 40; // what a SYN’s data leaves free for options (tcp_send_syn_data)

export interface HandshakeHost {
  readonly now: number;
  /** Arms the SYN timer. */
  armSyn(at: number): void;
  cancelSyn(): void;
  /** Content of a segment that passes to the peer, without options. */
  pathMss(): number;
  /** How often a SYN-ACK may be sent again. */
  synAckRetries(): number;
  /** The peer gave a Fast Open cookie. */
  keepCookie(cookie: number): void;
}

export class Handshake {
  /** A SYN or SYN-ACK is out that nobody has acknowledged. */
  pending = false;
  /** The Fast Open option of the next SYN or SYN-ACK: a cookie, 0 to ask for one, null for none. */
  fastOpen: number | null = null;
  private transmissions = 0;
  private timeouts = 0;
  private linearTimeouts = 0;
  private timeout: number;
  private sentAt = 0;
  private synSeen = false;
  private asksEcn = false;
  /** The echoed timestamp says that the first SYN (SYN-ACK) was answered: sending it again was needless (tcp_try_undo_spurious_syn). */
  private spurious = false;

  constructor(
    private readonly host: HandshakeHost, private readonly side: 0 | 1, private readonly options: TcpOptions, private readonly output: Output,
    private readonly sender: Sender, private readonly receiver: Receiver,
  ) {
    this.timeout = options.rtoInitial;
  }

  /** Sends SYN, or SYN-ACK. */
  send(withAck: boolean): void {
    const { host } = this;
    this.transmissions++;
    this.pending = true;
    let early = 0;
    if (this.transmissions === 1) {
      const { block } = this.sender;
      this.sentAt = host.now;
      block.sndUna = 0;
      block.sndNxt = 1;
      if (this.fastOpen) early = this.sender.takeForSyn(withAck ? 0 : this.output.advMss - MAX_OPTION_BYTES);
    }
    this.output.fastOpen = this.fastOpen;
    // asked for once: a SYN that was lost may have been dropped for it (tcp_ecn_clear_syn)
    this.asksEcn = !withAck && this.options.ecn && this.transmissions === 1;
    const ecn = withAck ? (this.output.ecn ? ECE : 0) : this.asksEcn ? ECE | CWR : 0;
    this.output.transmit((withAck ? SYN | ACK : SYN) | ecn, 0, early, withAck ? 'SYN-ACK' : 'SYN', this.transmissions);
    this.output.fastOpen = null;
    if (!withAck) this.fastOpen = null; // sent again without (tcp_retransmit_skb)
    // a listener arms its timer once the SYN-ACK is out, a moment after the client armed its own
    host.armSyn(host.now + this.timeout + (withAck ? 1000 : 0));
  }
  /** Nobody answered in time; `active`: to a SYN. False: enough was tried. */
  timedOut(active: boolean): boolean {
    const { options } = this;
    if (this.timeouts >= (active ? options.synRetries + options.synLinearTimeouts : this.host.synAckRetries())) return false;
    this.timeouts++;
    if (!active || ++this.linearTimeouts > options.synLinearTimeouts) this.timeout = Math.min(this.timeout * 2, options.rtoMax);
    this.send(!active);
    return true;
  }

  /** The peer's SYN: options, initial numbers. */
  takeSyn(s: Segment): void {
    const { output, options, receiver, sender } = this;
    this.synSeen = true;
    output.timestamps = options.timestamps && s.tsval >= 0;
    output.sackOk = options.sack && s.sackPermitted;
    // who is asked agrees (tcp_ecn 1 and 2); who has asked looks for the answer (RFC 3168 §6.1.1)
    const echo = s.flags & (ECE | CWR);
    output.ecn = s.flags & ACK ? this.asksEcn && echo === ECE : echo === (ECE | CWR);
    sender.block.ecn = output.ecn;
    if (s.tsval >= 0) output.recentTs = s.tsval;
    const scaling = s.wscale >= 0;
    output.sndScale = scaling ? s.wscale : 0;
    const optionBytes = output.timestamps ? TIMESTAMP_BYTES : 0;
    receiver.begin(this.host.now, scaling, this.side === 1 ? optionBytes : 0);
    const { block } = sender;
    block.mss = Math.min(s.mss >= 0 ? s.mss : DEFAULT_MSS, output.advMss, this.host.pathMss()) - optionBytes;
    block.optionBytes = optionBytes;
    block.sackOk = output.sackOk;
    block.timestampsOk = output.timestamps;
    block.sndWnd = s.window;
  }
  takeSynAck(s: Segment): void {
    if (!this.synSeen) this.takeSyn(s);
    this.answered(s);
    if (s.fastOpen) this.host.keepCookie(s.fastOpen);
    this.sender.block.sndWnd = s.window; // never scaled in a SYN
  }
  /** The answer to our SYN or SYN-ACK: its round-trip time, by the timestamp when it was sent more than once (tcp_ack_update_rtt). */
  answered(s: Segment): void {
    const { host } = this;
    this.pending = false;
    const echoed = this.output.timestamps ? s.tsecr : -1;
    const sample = this.transmissions === 1 ? host.now - this.sentAt : echoed >= 0 ? host.now - echoed : -1;
    if (sample >= 0) this.sender.takeHandshakeRtt(sample);
    this.spurious = echoed >= 0 && echoed === this.sentAt;
    host.cancelSyn();
  }
  /** Its SYN-ACK was never sent again. */
  get isYoung(): boolean {
    return this.timeouts === 0;
  }
  /** How often it was sent again because it had to be (tcp_init_transfer). */
  get retransmissions(): number {
    return this.timeouts > 0 && !this.spurious ? this.transmissions - 1 : 0;
  }
}
