/** A segment that was sent and is not acknowledged: one entry of the retransmission queue (Linux: an skb in the rtx queue). */
export interface Sent {
  readonly start: number;
  /** One past its last sequence number; a FIN counts one. */
  end: number;
  fin: boolean;
  /** PSH: the end of what the application wrote. */
  push: boolean;
  /** Kernel memory that it holds until it is acknowledged, bytes. */
  truesize: number;
  /** When it last left, and as which of all that the connection sent: of one instant, too, one comes first. */
  sentAt: number;
  order: number;
  transmissions: number;
  /** Segments delivered by then, of the whole connection (Linux tx.delivered): tells round trips apart. */
  deliveredBefore: number;
  sacked: boolean;
  lost: boolean;
  /** A retransmission of it is out (Linux SACKED_RETRANS). */
  retransOut: boolean;
}

/** The queue, oldest first; acknowledged entries leave at the head. */
export class SentQueue {
  private items: Sent[] = [];
  private head = 0;
  get length(): number {
    return this.items.length - this.head;
  }
  at(i: number): Sent {
    return this.items[this.head + i]!;
  }
  push(sent: Sent): void {
    this.items.push(sent);
  }
  insert(i: number, sent: Sent): void {
    this.items.splice(this.head + i, 0, sent);
  }
  shift(): void {
    this.head++;
    if (this.head > 256 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
  }
  clear(): void {
    this.items = [];
    this.head = 0;
  }
}
