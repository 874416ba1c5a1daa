/** Round-trip estimate (RFC 9002 §5, §A.7). All times in ns. */
import { MS, type Ns } from '../../base/time';

/** kGranularity (§6.1.2). */
export const GRANULARITY = MS;

export class RttEstimate {
  latest = 0;
  /** Smallest sample, never adjusted; Infinity = none yet. */
  min = Infinity;
  srtt: Ns;
  rttvar: Ns;

  constructor(initialRtt: Ns) {
    this.srtt = initialRtt;
    this.rttvar = initialRtt / 2;
  }
  get known(): boolean {
    return this.min < Infinity;
  }
  /** `ackDelay` as the peer says; `limit` its max_ack_delay once the handshake is confirmed, else Infinity (§5.3). */
  sample(rtt: Ns, ackDelay: Ns, limit: Ns): void {
    this.latest = rtt;
    if (!this.known) {
      this.min = rtt;
      this.srtt = rtt;
      this.rttvar = rtt / 2;
      return;
    }
    this.min = Math.min(this.min, rtt);
    const delay = Math.min(ackDelay, limit);
    const adjusted = rtt >= this.min + delay ? rtt - delay : rtt;
    this.rttvar = (3 * this.rttvar + Math.abs(this.srtt - adjusted)) / 4;
    this.srtt = (7 * this.srtt + adjusted) / 8;
  }
  /** How long a packet may be outstanding behind an acknowledged one (§6.1.2). */
  get lossDelay(): Ns {
    return Math.max(GRANULARITY, Math.round((9 * Math.max(this.srtt, this.latest)) / 8));
  }
  /** Probe timeout without the peer's delay and without back-off (§6.2.1). */
  get pto(): Ns {
    return Math.round(this.srtt + Math.max(4 * this.rttvar, GRANULARITY));
  }
}
