/** Whose turn it is among streams that share a connection. Law: knows nothing of who says so, nor of packets (RFC 9000 §2.3, RFC 9218 §10). */

/** `rank`: the least goes first. `shares`: within a rank, these take turns; the others go whole, one after another. */
export interface StreamOrder {
  readonly rank: number;
  readonly shares: boolean;
}
/** What is compared: a stream with its number, and when it was served last (a count; 0 = not yet). */
export interface Turn {
  readonly id: number;
  readonly order: StreamOrder;
  readonly servedAt: number;
}
/**
 * Less than 0 when `a` goes before `b`. RFC 9218 §10 leaves open what to do with both sorts in one rank: here what goes whole is first, since it
 * is of no use before its end.
 */
export function inTurn(a: Turn, b: Turn): number {
  const x = a.order, y = b.order;
  if (x.rank !== y.rank) return x.rank - y.rank;
  if (x.shares !== y.shares) return x.shares ? 1 : -1;
  return (x.shares ? a.servedAt - b.servedAt : 0) || a.id - b.id;
}
