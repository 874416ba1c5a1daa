/** Datagrams as a protocol above UDP sees them. */
import type { EndpointId, HostId } from './ids';
import type { PduRow } from './pdu';
import type { Flow, Message } from './stream';

export interface DatagramHandler {
  /** A datagram came; `world.cause` is its arrival. */
  datagram(message: Message, pdu: PduRow): void;
}
/** Sends to one peer. */
export interface DatagramSender {
  readonly flow: Flow;
  readonly side: 0 | 1;
  /** The peer's port as it is seen here. */
  readonly peerPort: number;
  /** Endpoint in whose name it sends. */
  endpoint: EndpointId;
  /** `name`: what selectors and captions call it; `key` tells datagrams apart for keyed draws; `transmission` counts how often this was said, by `key` when it is not given. */
  send(message: Message, name: string, key?: number, transmission?: number): void;
  close(): void;
}
/** A host's UDP. */
export interface Datagrams {
  bind(port: number, handler: DatagramHandler): void;
  open(to: HostId, port: number, endpoint: EndpointId, handler: DatagramHandler): DatagramSender;
  reply(pdu: PduRow, endpoint: EndpointId): DatagramSender;
}
