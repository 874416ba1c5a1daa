/**
 * The one timer of a sender, which is at any time the retransmission timer, the tail-loss probe's, the reordering timer or the
 * persist timer (Linux icsk_pending). Law: says when; what happens then is the sender's.
 */
import type { SendBlock, SenderHost, SenderTimer } from './send-block';

const MIN_TIMEOUT = 2_000_000; // Linux TCP_TIMEOUT_MIN_US

export class RetransmissionTimer {
  armed: SenderTimer | null = null;
  /** When it was set last. */
  setAt = 0;

  constructor(private readonly b: SendBlock, private readonly host: SenderHost) {}

  set(timer: SenderTimer, at: number): void {
    if (this.b.unproven) return;
    if (this.armed && this.armed !== timer) this.host.cancel(this.armed);
    this.armed = timer;
    this.setAt = this.host.now;
    this.host.arm(timer, Math.max(at, this.host.now + 1));
  }
  clear(): void {
    if (this.armed) this.host.cancel(this.armed);
    this.armed = null;
  }
  /** The retransmission timer, an RTO from now. */
  armRto(): void {
    this.set('rto', this.host.now + this.b.rtt.rto);
  }
  /** tcp_rearm_rto: a timer that began as probe or reordering timer counts from when the head was sent. */
  rearmRto(): void {
    const { queue } = this.b.board;
    if (queue.length === 0) return this.clear();
    let at = this.host.now + this.b.rtt.rto;
    if (this.armed === 'tlp' || this.armed === 'reorder') at = Math.max(queue.at(0).sentAt + this.b.rtt.rto, this.host.now + 1);
    this.set('rto', at);
  }
  /** RFC 8985 §7.2 with Linux's terms; false when no probe is due. `advancing`: an ACK just moved the RTO. */
  scheduleLossProbe(advancing: boolean): boolean {
    const { b, host } = this;
    const { queue } = b.board;
    if (!b.options.tailLossProbe || queue.length === 0 || !b.sackOk || (b.state !== 'open' && b.state !== 'cwr')) return false;
    let timeout: number;
    if (b.rtt.srtt > 0) timeout = 2 * b.rtt.srtt + (queue.length === 1 ? b.options.rtoMin : MIN_TIMEOUT);
    else timeout = b.options.rtoInitial;
    const rto = advancing ? b.rtt.rto : queue.at(0).sentAt + b.rtt.rto - host.now;
    if (rto > 0) timeout = Math.min(timeout, rto);
    this.set('tlp', host.now + timeout);
    return true;
  }
  /** The reordering timer: `wait` and a little more (tcp_rack_mark_lost). */
  waitForReordered(wait: number): void {
    this.set('reorder', this.host.now + wait + MIN_TIMEOUT);
  }
  /** The window is closed and data waits: the persist timer begins. */
  armPersist(): void {
    if (this.armed === 'persist') return;
    this.host.tell('window_closed', 0, 0);
    this.b.backoff = 0;
    this.waitForWindow();
  }
  /** The persist timer, from now, with its back-off (tcp_probe0_when). */
  waitForWindow(): void {
    const { b } = this;
    let wait = Math.max(b.rtt.rto, b.options.rtoMin);
    for (let i = 0; i < b.backoff && wait < b.options.rtoMax; i++) wait *= 2;
    this.set('persist', this.host.now + Math.min(wait, b.options.rtoMax));
  }
  /** An answer to a probe: the peer lives; a window that is still too small is waited for anew (tcp_ack_probe). */
  persistOnAck(window: number): void {
    const { b } = this;
    b.retransmits = 0;
    if (b.board.packetsOut > 0 || window >= Math.min(b.mss, b.writeEnd - b.sndNxt)) this.clear();
    else this.waitForWindow();
  }
}
