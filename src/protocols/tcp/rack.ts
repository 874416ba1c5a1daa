/**
 * RACK (RFC 8985 §6, Linux tcp_recovery.c): a segment is lost when one sent sufficiently later was delivered. Law: marks
 * nothing itself; says what is overdue and when the next will be. Times in ns.
 */
import type { Sent, SentQueue } from './sent';

/** The reordering window (RFC 8985 §6.2 step 4): none while the path was never seen to reorder and enough is SACKed or lost; else quarters of the least RTT. */
export function reorderWindow(r: { reordSeen: boolean; inRecovery: boolean; enoughSacked: boolean; quarters: number; minRtt: number; srtt: number }): number {
  if (!r.reordSeen && (r.inRecovery || r.enoughSacked)) return 0;
  return Math.min(Math.floor((r.minRtt === Infinity ? 0 : r.minRtt) / 4) * r.quarters, r.srtt);
}

const QUARTERS_MAX = 255;
/** RFC 8985 §6.2 step 4: recoveries for which a widened window lasts. */
const PERSIST = 16;

export class Rack {
  /** Which transmission the most recently sent of all delivered segments was (RACK.xmit_ts; -1 = none yet). */
  order = -1;
  /** Its round-trip time (RACK.rtt). */
  rtt = 0;
  /** The acknowledgement in hand delivered something. */
  advanced = false;
  /** RACK.reo_wnd_mult and RACK.reo_wnd_persist. */
  quarters = 1;
  persist = 0;
  /** A D-SACK tells of a needless retransmission that reordering may explain; segments delivered when the window was last widened. */
  dsackSeen = false;
  private widenedAt = 0;

  /** A segment was delivered (RFC 8985 §6.2 step 2). */
  delivered(sent: Sent, now: number, minRtt: number): void {
    const rtt = now - sent.sentAt;
    if (sent.transmissions > 1 && rtt < minRtt) return; // an ACK of the original, not of the retransmission
    this.advanced = true;
    this.rtt = rtt;
    if (sent.order > this.order) this.order = sent.order;
  }
  /**
   * Widens the window by a quarter for D-SACKs, at most once in a round trip, and forgets that after enough recoveries without one
   * (tcp_rack_update_reo_wnd). `priorDelivered`: what was delivered when the segment now delivered had left, 0 = none was.
   */
  adaptWindow(priorDelivered: number, delivered: number): void {
    if (priorDelivered === 0) return;
    if (priorDelivered < this.widenedAt) this.dsackSeen = false;
    if (this.dsackSeen) {
      this.quarters = Math.min(QUARTERS_MAX, this.quarters + 1);
      this.dsackSeen = false;
      this.widenedAt = delivered;
      this.persist = PERSIST;
    } else if (this.persist === 0) this.quarters = 1;
  }
  /** A recovery was needless, as D-SACKs show: what was learned lasts longer. Or it was not: one less to go. */
  recovered(byDsack: boolean): void {
    if (byDsack) this.persist = Math.min(PERSIST, this.persist + 1);
    else if (this.persist > 0) this.persist--;
  }
  /** How long until a segment counts as lost; negative or 0 = it does (tcp_rack_skb_timeout). */
  remaining(sent: Sent, window: number, now: number): number {
    return sent.sentAt + this.rtt + window - now;
  }
  /** RFC 8985 §6.2 step 5: segments that are overdue, and how long until the last of the others is (0 = none waits). */
  overdue(queue: SentQueue, window: number, now: number): { readonly lost: readonly Sent[]; readonly wait: number } {
    const lost: Sent[] = [];
    let wait = 0;
    for (let i = 0; i < queue.length; i++) {
      const sent = queue.at(i);
      if (sent.sacked || (sent.lost && !sent.retransOut)) continue;
      if (sent.order >= this.order) continue;
      const remaining = this.remaining(sent, window, now);
      if (remaining <= 0) lost.push(sent);
      else wait = Math.max(wait, remaining);
    }
    return { lost, wait };
  }
}
