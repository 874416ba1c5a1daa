/** Which stream may send next: by its order, which a server makes of what the client said. */
import { inTurn } from '../../model/stream-order';
import type { Stream } from './stream';

/** The stream to serve, or null when none has content that its window and the connection's (`window`) let go of. */
export function nextStream(streams: Iterable<Stream>, window: number): Stream | null {
  if (window <= 0) return null;
  let best: Stream | null = null;
  for (const stream of streams) {
    if (stream.waiting > 0 && stream.sendWindow > 0 && (!best || inTurn(stream, best) < 0)) best = stream;
  }
  return best;
}
