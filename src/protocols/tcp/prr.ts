/** Proportional rate reduction (RFC 6937): how many segments an acknowledgement lets go while the window is being reduced. Law: the RFC's names, in segments. */

/** What one acknowledgement says. */
export interface PrrAck {
  /** cwnd when the reduction began (RecoverFS). */
  readonly priorCwnd: number;
  readonly ssthresh: number;
  /** Segments out in the receiver's view (pipe). */
  readonly inFlight: number;
  readonly prrDelivered: number;
  readonly prrOut: number;
  /** DeliveredData, newly lost segments, and whether SND.UNA moved. */
  readonly newlyDelivered: number;
  readonly newlyLost: number;
  readonly advanced: boolean;
}

/** RFC 6937 §3 with the slow-start bound of §4 as in Linux (tcp_cwnd_reduction); `prrDelivered` counts this acknowledgement already. */
export function sendCount(a: PrrAck): number {
  let sndcnt: number;
  if (a.inFlight > a.ssthresh) sndcnt = Math.floor((a.ssthresh * a.prrDelivered + a.priorCwnd - 1) / a.priorCwnd) - a.prrOut;
  else {
    sndcnt = Math.max(a.prrDelivered - a.prrOut, a.newlyDelivered);
    if (a.advanced && a.newlyLost === 0) sndcnt++;
    sndcnt = Math.min(a.ssthresh - a.inFlight, sndcnt);
  }
  return Math.max(sndcnt, a.prrOut > 0 ? 0 : 1); // the first lost segment leaves at once
}

/** The counters of one reduction. */
export class Prr {
  priorCwnd = 0;
  prrDelivered = 0;
  prrOut = 0;
  begin(cwnd: number): void {
    this.priorCwnd = cwnd;
    this.prrDelivered = this.prrOut = 0;
  }
}
