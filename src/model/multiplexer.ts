/**
 * A connection that carries many streams, each in order, none waiting for another (QUIC, RFC 9000 §2), as the layer above sees it. Law:
 * whoever speaks on streams knows nothing of packets.
 */
import type { StreamOrder } from './stream-order';
import type { Flow, StreamSocket } from './stream';

/** One stream of a connection. `handler.ended` tells that all of the peer's part is there; `handler.failed` that it was reset. */
export interface MultiplexedStream extends StreamSocket {
  readonly id: number;
  /** Only its opener writes (RFC 9000 §2.1). */
  readonly oneWay: boolean;
  /** This end opened it. */
  readonly own: boolean;
  /** Gives up writing (RESET_STREAM); `error` is the application's own code. */
  reset(error: number): void;
  /** Asks the peer to give up writing (STOP_SENDING). */
  stopReading(error: number): void;
  /** Whose turn this stream is; false when nothing of it waits any more. Streams of which nothing was said go first, in the connection's own order. */
  setOrder(order: StreamOrder): boolean;
  /** The peer's code when it was reset, or asked to stop; -1 while it was not. */
  readonly peerError: number;
}
export interface MultiplexerHandler {
  /** Streams may be opened. `early`: the peer has said nothing yet (0-RTT). */
  ready(early: boolean): void;
  /** The peer opened a stream; its handler must be set before this returns. */
  incoming(stream: MultiplexedStream): void;
  /** More streams may be opened than before. */
  moreStreams(): void;
  /** The connection is over. `code`: our word for why; CLOSED when the peer closed it in good order. */
  closed(code: string): void;
}
export interface Multiplexer {
  handler: MultiplexerHandler;
  /** The flow of datagrams underneath; of the path in use. */
  readonly path: Flow;
  /** The connection itself. */
  readonly flow: Flow;
  readonly side: 0 | 1;
  readonly alpn: string;
  /** Opens a stream; null while the peer allows no more (RFC 9000 §4.6). */
  open(oneWay: boolean): MultiplexedStream | null;
  /** Ends the connection with a code of the application's (RFC 9000 §10.2). */
  close(error: number, reason: string): void;
}
