/**
 * A host's UDP (RFC 768): sockets by port, one datagram per message. Simplification: no ICMP port unreachable; a
 * datagram to a port that nobody holds is dropped and noted.
 */
import type { DatagramHandler, DatagramSender, Datagrams } from '../../model/datagram';
import type { EndpointId, HostId } from '../../model/ids';
import { IPV4_HEADER_BYTES, UDP_HEADER_BYTES } from '../../model/ip';
import { defineKinds } from '../../model/kinds';
import { IP_UDP, type PduRow } from '../../model/pdu';
import type { Flow, Message } from '../../model/stream';
import type { World } from '../../model/world';

export const UDP_KINDS = defineKinds('udp', {
  datagram_sent: { layer: 'transport', subject: 'pdu', a: 'payloadBytes', spec: 'RFC 768' },
  nobody_listens: { layer: 'transport', subject: 'pdu', spec: 'RFC 768' },
});

/** A socket joined to one peer; `name` of a datagram is what selectors and captions call it (`query`, `answer`). */
export class DatagramSocket implements DatagramSender {
  private readonly sentKeys = new Map<number, number>();
  constructor(private readonly stack: UdpStack, readonly flow: Flow, readonly side: 0 | 1, public endpoint: EndpointId, readonly peerPort: number) {}

  send(message: Message, name: string, key = 0, transmission = this.count(key)): void {
    const { world, host } = this.stack;
    const { flow, side } = this;
    if (!world.linked(flow.initiator, flow.responder)) return; // the run has stopped: see `open`
    const event = world.note(this.stack.kinds.datagram_sent, this.endpoint, world.nextPdu, message.bytes);
    world.transmit(
      {
        protocol: IP_UDP, flow: flow.id, direction: side, from: host, to: side === 0 ? flow.responder : flow.initiator, sender: this.endpoint,
        srcPort: side === 0 ? flow.initiatorPort : flow.responderPort, dstPort: this.peerPort,
        bytes: IPV4_HEADER_BYTES + UDP_HEADER_BYTES + message.bytes, payload: message.bytes, streamStart: -1, flags: 0, key, name, transmission,
        body: { message },
      },
      event,
    );
  }
  private count(key: number): number {
    const transmission = (this.sentKeys.get(key) ?? 0) + 1;
    this.sentKeys.set(key, transmission);
    return transmission;
  }
  close(): void {
    if (this.side === 0) this.stack.release(this.flow.initiatorPort);
  }
}

export class UdpStack implements Datagrams {
  readonly kinds;
  private readonly handlers = new Map<number, DatagramHandler>();
  constructor(readonly world: World, readonly host: HostId) {
    this.kinds = world.kinds(UDP_KINDS);
  }
  /** Listens on a port; answers go through `reply`. */
  bind(port: number, handler: DatagramHandler): void {
    this.handlers.set(port, handler);
  }
  /** A socket on an ephemeral port towards a peer. Without a link between the two the run stops and says so. */
  open(to: HostId, port: number, endpoint: EndpointId, handler: DatagramHandler): DatagramSocket {
    const { world, host } = this;
    if (!world.linked(host, to)) world.unmodelled(`no link joins ${world.hostOf(host).name} and ${world.hostOf(to).name}; a way over several links is not modelled`);
    const local = this.world.ephemeralPort(this.host);
    this.handlers.set(local, handler);
    return new DatagramSocket(this, this.world.flow('udp', this.host, to, local, port), 0, endpoint, port);
  }
  /** The socket that answers `pdu`. */
  reply(pdu: PduRow, endpoint: EndpointId): DatagramSocket {
    return new DatagramSocket(this, this.world.flowOf(pdu.flow), 1, endpoint, pdu.srcPort);
  }
  release(port: number): void {
    this.handlers.delete(port);
  }
  receive(pdu: PduRow): void {
    const handler = this.handlers.get(pdu.dstPort);
    if (handler) handler.datagram((pdu.body as { message: Message }).message, pdu);
    else this.world.note(this.kinds.nobody_listens, -1, pdu.id);
  }
  stopped(): void {
    this.handlers.clear();
  }
}
