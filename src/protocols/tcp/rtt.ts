/**
 * Round-trip estimate and retransmission timeout as Linux keeps them (tcp_input.c tcp_rtt_estimator, RFC 6298):
 * the variance term never falls below `rtoMin`, so RTO ≥ SRTT + 200 ms. All times in ns.
 */
export class RttEstimator {
  /** Smoothed round-trip time; 0 = no sample yet. */
  srtt = 0;
  /** Mean deviation times 4. */
  private mdev = 0;
  private mdevMax = 0;
  /** Variance term, already times 4. */
  rttvar = 0;
  private rttSeq = 0;
  /** Smallest sample so far; Infinity = none. */
  minRtt = Infinity;
  rto: number;

  constructor(rtoInitial: number, private readonly rtoMin: number, private readonly rtoMax: number) {
    this.rto = rtoInitial;
  }

  /** Takes a sample; `sndUna` and `sndNxt` bound the round in which the variance may fall. */
  sample(rtt: number, sndUna: number, sndNxt: number): void {
    const r = Math.max(1, rtt);
    if (this.srtt === 0) {
      this.srtt = r;
      this.mdev = 2 * r;
      this.rttvar = Math.max(this.mdev, this.rtoMin);
      this.mdevMax = this.rttvar;
      this.rttSeq = sndNxt;
    } else {
      let error = r - this.srtt;
      this.srtt = Math.floor(this.srtt + error / 8);
      if (error < 0) {
        error = -error - this.mdev / 4;
        if (error > 0) error /= 8; // a fall of the RTT raises the variance only slowly
      } else error -= this.mdev / 4;
      this.mdev = Math.max(0, Math.floor(this.mdev + error));
      if (this.mdev > this.mdevMax) {
        this.mdevMax = this.mdev;
        if (this.mdevMax > this.rttvar) this.rttvar = this.mdevMax;
      }
      if (sndUna > this.rttSeq) {
        if (this.mdevMax < this.rttvar) this.rttvar -= Math.floor((this.rttvar - this.mdevMax) / 4);
        this.rttSeq = sndNxt;
        this.mdevMax = this.rtoMin;
      }
    }
    this.resetRto();
  }

  /** Undoes back-off: the RTO follows from the estimate again. */
  resetRto(): void {
    if (this.srtt > 0) this.rto = Math.min(this.srtt + this.rttvar, this.rtoMax);
  }
  /** Doubles the timeout (RFC 6298 §5.5). */
  backOff(): void {
    this.rto = Math.min(this.rto * 2, this.rtoMax);
  }
}
