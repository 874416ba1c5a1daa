/**
 * What Linux derives from the rate at which a window lasts a round trip (tcp_update_pacing_rate): how many segments leave as one
 * unit of segmentation offload. Law: pure; rates in bytes a second, times in ns.
 */
const GSO_MAX_BYTES = 65536; // Linux GSO_LEGACY_MAX_SIZE
const PACING_SHIFT = 10; // Linux sk_pacing_shift: about a millisecond of the rate
const TSO_RTT_UNIT = 512_000; // ns: Linux tcp_tso_rtt_log 9

/** Bytes a second: the window per round trip, twice in slow start, 1.2 times after it; Infinity before the first sample. */
export function pacingRate(p: { cwnd: number; ssthresh: number; packetsOut: number; mss: number; srtt: number }): number {
  if (p.srtt === 0) return Infinity;
  return ((p.cwnd < p.ssthresh / 2 ? 2 : 1.2) * Math.max(p.cwnd, p.packetsOut) * p.mss * 1e9) / p.srtt;
}

/** Segments of one unit: about a millisecond's worth, more for a near peer, at least two (tcp_tso_autosize). Each unit ends with PSH. */
export function tsoSegments(rate: number, minRtt: number, mss: number): number {
  const most = Math.floor(GSO_MAX_BYTES / mss);
  if (rate === Infinity) return most;
  let bytes = rate / (1 << PACING_SHIFT);
  const near = Math.floor(minRtt / TSO_RTT_UNIT);
  if (near < 31) bytes += GSO_MAX_BYTES >>> near;
  return Math.max(2, Math.min(Math.floor(bytes / mss), most));
}
