/**
 * Which stream may send next (RFC 9218 §10): the most urgent; of these the ones that are of use only when whole one after the other, in
 * the order in which they were asked for; those of use in parts by turns, the one that has sent least first.
 */
import type { Stream } from './stream';

/** The stream to serve, or null when none has content that its window and the connection's (`window`) let go of. */
export function nextStream(streams: Iterable<Stream>, window: number): Stream | null {
  if (window <= 0) return null;
  let best: Stream | null = null;
  for (const stream of streams) {
    if (stream.waiting > 0 && stream.sendWindow > 0 && (!best || before(stream, best))) best = stream;
  }
  return best;
}
function before(a: Stream, b: Stream): boolean {
  const x = a.urgency, y = b.urgency;
  if (x.urgency !== y.urgency) return x.urgency < y.urgency;
  if (x.incremental && y.incremental && a.sent !== b.sent) return a.sent < b.sent;
  return a.id < b.id;
}
