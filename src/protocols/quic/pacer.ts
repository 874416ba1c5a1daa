/** Pacing (RFC 9002 §7.7): what the window allows goes out spread over the round trip, a little faster than it is acknowledged; short bursts at once. */
import type { Ns } from '../../base/time';

/** N of §7.7: the rate is so many times window by round trip. */
const GAIN = 1.25;
/** Datagrams that may go at once: the first window of §7.2, as quic-go's maxBurstSizePackets. */
const BURST = 10;

export class Pacer {
  private credit: number;
  private since: Ns = 0;
  constructor(private readonly datagram: number) {
    this.credit = BURST * datagram;
  }
  /** When the next datagram may go. */
  next(now: Ns, window: number, srtt: Ns): Ns {
    const rate = (GAIN * window) / Math.max(srtt, 1);
    this.credit = Math.min(BURST * this.datagram, this.credit + (now - this.since) * rate);
    this.since = now;
    // a whole ns more at the most: so much that the credit is there then
    return this.credit >= this.datagram ? now : now + Math.ceil((this.datagram - this.credit) / rate);
  }
  sent(bytes: number): void {
    this.credit -= bytes;
  }
}
