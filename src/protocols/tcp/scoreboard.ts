/**
 * What is out and what became of it (RFC 6675 §2, Linux tcp_input.c): SACKed, lost and retransmitted segments, their sums, and
 * the degree of reordering. Law: the sums always equal what the queue's entries say.
 */
import { SentQueue, type Sent } from './sent';

export const REORDERING_DEFAULT = 3; // Linux tcp_reordering, RFC 5681's DupThresh
const REORDERING_MAX = 300; // Linux tcp_max_reordering

export class Scoreboard {
  readonly queue = new SentQueue();
  sackedOut = 0;
  lostOut = 0;
  retransOut = 0;
  /** Kernel memory of what is out, bytes. */
  truesize = 0;
  /** Start of the highest segment that was ever SACKed. */
  highestSacked = 0;
  /** Segments delivered (acknowledged or SACKed; the SYN is the first) and marked lost, over the connection's life. */
  delivered = 1;
  lost = 0;
  /** By how many segments the path was seen to reorder, and that it does at all. */
  reordering = REORDERING_DEFAULT;
  reordSeen = false;

  get packetsOut(): number {
    return this.queue.length;
  }
  /** RFC 6675's pipe (tcp_packets_in_flight). */
  inFlight(): number {
    return this.queue.length - this.sackedOut - this.lostOut + this.retransOut;
  }
  /** Something that was retransmitted is not acknowledged yet (tcp_any_retrans_done). */
  anyRetrans(): boolean {
    return this.retransOut > 0 || (this.queue.length > 0 && this.queue.at(0).transmissions > 1);
  }

  add(sent: Sent): void {
    this.queue.push(sent);
    this.truesize += sent.truesize;
  }
  /** The i-th segment becomes two, the second from `at` on (tcp_fragment). */
  split(i: number, at: number): void {
    const sent = this.queue.at(i), overhead = sent.truesize - (sent.end - sent.start - (sent.fin ? 1 : 0));
    const rest: Sent = { ...sent, start: at, truesize: sent.end - at - (sent.fin ? 1 : 0) + Math.max(0, overhead) };
    sent.truesize = at - sent.start;
    sent.end = at;
    sent.fin = sent.push = false;
    this.queue.insert(i + 1, rest);
    if (rest.lost) this.lostOut++;
    if (rest.retransOut) this.retransOut++;
    if (rest.sacked) this.sackedOut++;
  }
  retransmitted(sent: Sent): void {
    sent.retransOut = true;
    this.retransOut++;
  }
  markLost(sent: Sent): void {
    if (sent.sacked) return;
    if (sent.lost && !sent.retransOut) return;
    if (sent.retransOut) {
      sent.retransOut = false;
      this.retransOut--;
    }
    if (!sent.lost) {
      sent.lost = true;
      this.lostOut++;
    }
    this.lost++;
  }
  /** The receiver reports it; true when it had not been sent again, or its retransmission was taken for lost. */
  markSacked(sent: Sent): void {
    if (sent.lost) {
      sent.lost = false;
      this.lostOut--;
    }
    if (sent.retransOut) {
      sent.retransOut = false;
      this.retransOut--;
    }
    sent.sacked = true;
    this.sackedOut++;
    this.delivered++;
    if (sent.start > this.highestSacked) this.highestSacked = sent.start;
  }
  /** The oldest segment is acknowledged and leaves. `sackOk`: what was not SACKed counts as delivered now. */
  removeHead(sackOk: boolean): void {
    const sent = this.queue.at(0);
    if (sent.retransOut) this.retransOut--;
    if (sent.sacked) this.sackedOut--;
    else if (sackOk) this.delivered++;
    if (sent.lost) this.lostOut--;
    this.truesize -= sent.truesize;
    this.queue.shift();
  }
  /** Nothing counts as lost any more (tcp_undo_cwnd_reduction). */
  unmarkLost(): void {
    for (let i = 0; i < this.queue.length; i++) this.queue.at(i).lost = false;
    this.lostOut = 0;
  }
  /** A segment from `from` on arrived after later ones (tcp_check_sack_reordering). */
  sawReordering(from: number, mss: number): void {
    const metric = this.highestSacked - from;
    if (metric <= 0) return;
    if (metric > this.reordering * mss) this.reordering = Math.min(REORDERING_MAX, Math.ceil(metric / mss));
    this.reordSeen = true;
  }
  /** Without SACK a duplicate acknowledgement says that some segment arrived. */
  addRenoSack(): void {
    this.sackedOut++;
    this.delivered++;
  }
  /** Without SACK: `acked` segments left at the head; those that duplicates had announced are not counted again (tcp_remove_reno_sacks). */
  removeRenoSacks(acked: number): void {
    if (acked - 1 >= this.sackedOut) this.sackedOut = 0;
    else this.sackedOut -= Math.max(0, acked - 1);
    this.delivered += Math.max(0, acked - Math.min(acked - 1, this.sackedOut));
  }
  clear(): void {
    this.queue.clear();
    this.truesize = 0;
    this.sackedOut = this.lostOut = this.retransOut = 0;
  }
}
