/**
 * What TLS and QUIC are to each other (RFC 9001 §4): TLS speaks on a stream made of CRYPTO frames, QUIC learns from it which keys
 * there are. Messages of all levels follow each other on that one stream; `HandshakeBody.level` says which keys protect each.
 */
import type { StreamSocket } from '../stream';
import type { Level } from './packet';
import type { TransportParameters } from './transport-parameters';

/** Body of a handshake message, as far as QUIC looks. */
export interface HandshakeBody {
  readonly level: Level;
}
/** QUIC, as TLS sees it. */
export interface CryptoSocket extends StreamSocket {
  /** What this end tells the other in its hello or EncryptedExtensions. */
  readonly parameters: TransportParameters;
  /** What the other end told. */
  peerParameters(parameters: TransportParameters): void;
  /** The shared secret is known: keys of level Handshake. */
  agreed(): void;
  /** Keys of early data: the client may send it, the server takes it. `remembered`: the client's, what the server said last time. */
  early(remembered: TransportParameters | null): void;
  /** The server took no early data. */
  earlyRejected(): void;
  /** TLS fails with this alert: the connection ends with it (RFC 9001 §4.8). */
  alert(name: string, code: number): void;
  /** The CPU's work for TLS is done for now. */
  idle(): void;
}
/** TLS, as QUIC sees it. */
export interface HandshakeEnd {
  /** The client begins. */
  connected(): void;
  readonly alpn: string;
  /** The CPU works for it: the process does nothing else. */
  readonly atWork: boolean;
}
