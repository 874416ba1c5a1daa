/**
 * A host's TCP: finds the connection of a segment, listens, accepts, and answers what belongs to nobody with RST
 * (RFC 9293 §3.10.7.1). The accept queue holds backlog + 1 connections, as in Linux (sk_acceptq_is_full).
 */
import type { HostId } from '../../model/ids';
import { IPV4_HEADER_BYTES } from '../../model/ip';
import { IP_TCP, type PduRow } from '../../model/pdu';
import type { StreamHandler, StreamSocket } from '../../model/stream';
import type { World } from '../../model/world';
import { TcpConnection, type ConnectionOwner } from './connection';
import { TCP_KINDS } from './kinds';
import { tcpOptions, type TcpOptions } from './params';
import { ACK, FIN, headerBytes, RST, SYN, type Segment } from './segment';

/** Called for each established connection; gives its handler, or null when nobody accepts yet: it waits in the queue for `TcpStack.accept`. */
export type Accept = (socket: TcpConnection) => StreamHandler | null;
interface Listener {
  readonly accept: Accept;
  readonly backlog: number;
  /** The accept queue: established, not yet taken by the application, oldest first. */
  waiting: TcpConnection[];
}

export class TcpStack implements ConnectionOwner {
  readonly options: TcpOptions;
  private readonly connections = new Map<number, TcpConnection>();
  private readonly listeners = new Map<number, Listener>();

  constructor(readonly world: World, readonly host: HostId, options?: TcpOptions) {
    const own = world.hostOf(host).params.tcp as Record<string, unknown> | undefined;
    this.options = options ?? tcpOptions(own, world.plan.stack.tcp);
  }

  /** Opens a connection; the handler hears `connected` or `failed`. */
  connect(to: HostId, port: number, handler: StreamHandler): TcpConnection {
    const localPort = this.world.ephemeralPort(this.host);
    const flow = this.world.flow('tcp', this.host, to, localPort, port);
    const connection = new TcpConnection(this, flow, 0, localPort, to, port, this.options);
    this.connections.set(key(to, port, localPort), connection);
    connection.open(handler);
    return connection;
  }
  listen(port: number, accept: Accept, backlog = this.options.backlog): void {
    this.listeners.set(port, { accept, backlog, waiting: [] });
  }
  unlisten(port: number): void {
    this.listeners.delete(port);
  }

  receive(pdu: PduRow): void {
    const connection = this.connections.get(key(pdu.from, pdu.srcPort, pdu.dstPort));
    if (connection && !connection.isGone) {
      connection.receive(pdu);
      if (!connection.isGone || !((pdu.body as Segment).flags & SYN)) return; // TIME-WAIT made way for a new SYN
    }
    const s = pdu.body as Segment;
    if (s.flags & RST) return;
    const listener = this.listeners.get(pdu.dstPort);
    if (listener && s.flags & SYN && !(s.flags & ACK)) return this.newConnection(pdu, listener);
    this.refuse(pdu, s);
  }

  private newConnection(pdu: PduRow, listener: Listener): void {
    if (listener.waiting.length > listener.backlog) {
      this.world.note(this.world.kinds(TCP_KINDS).backlog_full, -1, pdu.id);
      return; // dropped in silence: the client's SYN timer will ask again
    }
    const flow = this.world.flowOf(pdu.flow);
    const connection = new TcpConnection(this, flow, 1, pdu.dstPort, pdu.from, pdu.srcPort, this.options);
    this.connections.set(key(pdu.from, pdu.srcPort, pdu.dstPort), connection);
    connection.openPassive(pdu);
  }

  accepted(connection: TcpConnection): void {
    const listener = this.listeners.get(connection.flow.responderPort);
    if (!listener) return;
    const handler = listener.accept(connection);
    if (handler) connection.handler = handler;
    else {
      connection.reading.paused = true;
      listener.waiting.push(connection);
    }
  }
  /** accept(2): the oldest connection that waits on this port; null when none does. Give it its handler with `takeOver`. */
  accept(port: number): TcpConnection | null {
    const waiting = this.listeners.get(port)?.waiting ?? [];
    for (let next = waiting.shift(); next; next = waiting.shift()) if (!next.isGone) return next;
    return null;
  }
  released(connection: TcpConnection): void {
    const { flow, side } = connection;
    const own = side === 0 ? key(flow.responder, flow.responderPort, flow.initiatorPort) : key(flow.initiator, flow.initiatorPort, flow.responderPort);
    // another may have taken its place between these ports
    if (this.connections.get(own) === connection) this.connections.delete(own);
  }

  /** Power off: every connection is forgotten; nobody is told. */
  stopped(): void {
    for (const connection of [...this.connections.values()]) connection.release();
    this.connections.clear();
    this.listeners.clear();
  }

  /** RST for a segment that belongs to no connection. */
  private refuse(pdu: PduRow, s: Segment): void {
    const { world } = this;
    const withAck = !(s.flags & ACK);
    const segment: Segment = {
      flags: withAck ? RST | ACK : RST, seq: withAck ? 0 : s.ack, ack: withAck ? s.seq + s.len + (s.flags & SYN ? 1 : 0) + (s.flags & FIN ? 1 : 0) : 0,
      window: 0, len: 0, tsval: -1, tsecr: -1, sack: null, mss: -1, wscale: -1, sackPermitted: false,
    };
    const sent = world.note(world.kinds(TCP_KINDS).segment_sent, -1, world.nextPdu, segment.seq, 0);
    world.transmit(
      {
        protocol: IP_TCP, flow: pdu.flow, direction: pdu.direction === 0 ? 1 : 0, from: this.host, to: pdu.from, sender: -1, srcPort: pdu.dstPort,
        dstPort: pdu.srcPort, bytes: IPV4_HEADER_BYTES + headerBytes(segment), payload: 0, streamStart: -1, flags: segment.flags, key: segment.ack,
        name: 'RST', transmission: 1, body: segment,
      },
      sent,
    );
  }
}

/** Of the peer's host and port and of our port: one number, because each packet asks for its connection. */
const key = (host: HostId, port: number, localPort: number): number => (host * PORTS + port) * PORTS + localPort;
const PORTS = 65536;
export type { StreamSocket };
