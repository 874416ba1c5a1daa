/**
 * When a sender gives up (Linux tcp_timer.c tcp_model_timeout, retransmits_timed_out). Law: not how often something was sent again
 * counts but how long: as long as that many retransmissions would take from the least timeout on. Times in ns.
 */

/** The time that `boundary` retransmissions take when the timeout begins at `rtoBase` and doubles up to `rtoMax`. */
export function modelTimeout(boundary: number, rtoBase: number, rtoMax: number): number {
  let rto = rtoBase, total = rtoBase;
  for (let i = 0; i < boundary; i++) {
    rto = rto * 2 <= rtoMax ? rto * 2 : rtoMax;
    total += rto;
  }
  return total;
}
