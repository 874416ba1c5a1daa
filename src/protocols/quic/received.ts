/** Packet numbers that one space has received, and when they are acknowledged (RFC 9000 §13.2). */
import type { Ns } from '../../base/time';
import type { NumberRange, QuicFrame } from '../../model/quic/frame';
import { RangeSet } from '../../model/quic/ranges';

/** How many ranges one ACK frame tells; older ones are left out (§13.2.3). */
const MOST_RANGES = 32;

export class ReceivedPackets {
  largest = -1;
  private largestAt: Ns = 0;
  private readonly numbers = new RangeSet();
  /** Below it nothing is told apart any more. */
  private floor = 0;
  /** Ack-eliciting packets that no ACK has gone out for. */
  unacknowledged = 0;
  /** When an ACK must go out; -1: none is owed, or one at once is (`owed`). */
  deadline: Ns = -1;
  owed = false;

  /** `every` packets and at the latest after `delay` an ACK goes out; at once where `delay` is 0 and when order breaks (§13.2.1). */
  constructor(private readonly every: number, private readonly delay: Ns) {}

  /** False for one that came before, or so long ago that this is no longer known (§12.3). */
  receive(number: number, eliciting: boolean, now: Ns): boolean {
    if (number < this.floor || this.numbers.add(number, number + 1) === 0) return false;
    const inOrder = number === this.largest + 1;
    if (number > this.largest) {
      this.largest = number;
      this.largestAt = now;
    }
    if (!eliciting) return true;
    this.unacknowledged++;
    if (!inOrder || this.delay === 0 || this.unacknowledged >= this.every) this.owed = true;
    else if (this.deadline < 0) this.deadline = now + this.delay;
    return true;
  }
  /** The ACK frame for now, which settles what was owed; null when there is nothing that it could say. */
  frame(now: Ns, exponent: number): QuicFrame | null {
    if (this.largest < 0) return null;
    this.unacknowledged = 0;
    this.owed = false;
    this.deadline = -1;
    const { list } = this.numbers;
    const ranges: NumberRange[] = [];
    for (let i = list.length - 1; i >= 0 && ranges.length < MOST_RANGES; i--) ranges.push([list[i]![0], list[i]![1] - 1]);
    return { type: 'ACK', ranges, delay: Math.floor((now - this.largestAt) / 1000), exponent };
  }
  /** The peer has the ACK that told of numbers up to `largest`: they need not be told again (§13.2.4). */
  told(largest: number): void {
    if (largest <= this.floor) return;
    this.floor = largest;
    this.numbers.remove(0, largest);
  }
}
