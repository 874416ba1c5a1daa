/**
 * A host's TCP: finds the connection of a segment, listens, accepts, and answers what belongs to nobody with RST (RFC 9293 §3.10.7.1).
 * What a listening socket has room for says `listener.ts`; SYN cookies and Fast Open cookies are made and known here.
 */
import type { HostId, KindId } from '../../model/ids';
import { fold, hashText } from '../../base/hash';
import type { IcmpTooBig } from '../../model/icmp';
import { IP_TCP, type PduRow } from '../../model/pdu';
import type { StreamHandler, StreamSocket } from '../../model/stream';
import type { World } from '../../model/world';
import { TcpConnection, type ConnectionOwner } from './connection';
import { TCP_KINDS } from './kinds';
import { Listener, type Accept } from './listener';
import { tcpOptions, type TcpOptions } from './params';
import { ACK, arrived, RST, SYN, type Segment } from './segment';
import { resetFor, SynCookies } from './stateless';

export class TcpStack implements ConnectionOwner {
  readonly options: TcpOptions;
  private readonly connections = new Map<number, TcpConnection>();
  private readonly listeners = new Map<number, Listener>();
  private readonly synCookies: SynCookies;
  /** Fast Open cookies of servers, as a client keeps them (tcp_metrics). */
  private readonly fastOpenCookies = new Map<HostId, number>();
  private readonly kinds: Readonly<Record<keyof typeof TCP_KINDS.kinds, KindId>>;
  private readonly startedAt: number;
  /** What routers have said of the ways to other hosts (Linux keeps it for ten minutes; a run does not last so long). */
  private readonly pathMtus = new Map<HostId, number>();

  constructor(readonly world: World, readonly host: HostId, options?: TcpOptions) {
    const own = world.hostOf(host).params.tcp as Record<string, unknown> | undefined;
    this.options = options ?? tcpOptions(own, world.plan.stack.tcp);
    this.synCookies = new SynCookies(world, host, this.options);
    this.kinds = world.kinds(TCP_KINDS);
    this.startedAt = world.now;
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
    this.listeners.set(port, new Listener(accept, backlog, this.options));
  }
  unlisten(port: number): void {
    this.listeners.delete(port);
  }

  pathMtu(peer: HostId): number {
    return Math.min(this.pathMtus.get(peer) ?? Infinity, this.world.mtu(this.host, peer));
  }
  /** ICMP of a router: new connections know it from the start, the one that it is about sends again (RFC 1191 §3). */
  tooBig({ mtu, about }: IcmpTooBig): void {
    if (about.protocol !== IP_TCP) return;
    this.pathMtus.set(about.to, Math.min(mtu, this.pathMtus.get(about.to) ?? Infinity));
    this.connections.get(key(about.to, about.dstPort, about.srcPort))?.tooBig(mtu, (about.body as Segment).seq);
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
    if (listener && !(s.flags & SYN) && this.fromCookie(pdu, listener)) return;
    resetFor(this.world, this.host, pdu);
  }

  private newConnection(pdu: PduRow, listener: Listener): void {
    const { world, kinds, options } = this;
    const s = arrived(pdu);
    const verdict = listener.judge();
    // dropped in silence: the client's SYN timer will ask again
    if (verdict === 'accept-queue-full') return void world.note(kinds.backlog_full, -1, pdu.id, 0);
    if (verdict === 'syn-queue-full') return void world.note(kinds.syn_queue_full, -1, pdu.id, listener.underWay);
    if (verdict === 'cookie') return this.synCookies.answer(pdu);
    const connection = this.passive(pdu);
    const cookie = options.fastOpen && s.fastOpen !== null ? this.cookieFor(pdu.from) : null;
    if (cookie !== null && s.fastOpen === cookie) return connection.openFast(pdu);
    if (s.len > 0) world.note(kinds.fast_open_refused, connection.endpoint, pdu.id, s.len);
    if (cookie !== null) world.note(kinds.fast_open_cookie_given, connection.endpoint, pdu.id);
    connection.openPassive(pdu, listener, cookie);
  }
  /** A connection made from the acknowledgement of a SYN cookie; false when it acknowledges none of ours. */
  private fromCookie(pdu: PduRow, listener: Listener): boolean {
    const syn = this.synCookies.check(pdu);
    if (!syn) return false;
    if (listener.isFull) this.world.note(this.kinds.backlog_full, -1, pdu.id, 1);
    else this.passive(pdu).openFromCookie(syn, pdu);
    return true;
  }
  private passive(pdu: PduRow): TcpConnection {
    const connection = new TcpConnection(this, this.world.flowOf(pdu.flow), 1, pdu.dstPort, pdu.from, pdu.srcPort, this.options);
    this.connections.set(key(pdu.from, pdu.srcPort, pdu.dstPort), connection);
    return connection;
  }

  /** The Fast Open cookie of a client: made from its address and a key of this start of the host (tcp_fastopen_cookie_gen). Never 0. */
  private cookieFor(peer: HostId): number {
    const { address, name } = this.world.hostOf(this.host);
    return fold(fold(hashText(`${name} ${address}`), this.startedAt), hashText(this.world.hostOf(peer).address)) || 1;
  }
  cookieOf(peer: HostId): number {
    return this.fastOpenCookies.get(peer) ?? 0;
  }
  keepCookie(peer: HostId, cookie: number): void {
    this.fastOpenCookies.set(peer, cookie);
  }

  accepted(connection: TcpConnection): void {
    const listener = this.listeners.get(connection.flow.responderPort);
    if (!listener) return;
    listener.ended(connection);
    const handler = listener.accept(connection);
    if (handler) connection.handler = handler;
    else {
      connection.reading.paused = true;
      listener.wait(connection);
    }
  }
  /** accept(2): the oldest connection that waits on this port; null when none does. Give it its handler with `takeOver`. */
  accept(port: number): TcpConnection | null {
    return this.listeners.get(port)?.next() ?? null;
  }
  released(connection: TcpConnection): void {
    const { flow, side } = connection;
    const own = side === 0 ? key(flow.responder, flow.responderPort, flow.initiatorPort) : key(flow.initiator, connection.peerPort, flow.responderPort);
    // another may have taken its place between these ports
    if (this.connections.get(own) === connection) this.connections.delete(own);
  }

  /** Power off: every connection is forgotten; nobody is told. */
  stopped(): void {
    for (const connection of [...this.connections.values()]) connection.release();
    this.connections.clear();
    this.listeners.clear();
  }
}

/** Of the peer's host and port and of our port: one number, because each packet asks for its connection. */
const key = (host: HostId, port: number, localPort: number): number => (host * PORTS + port) * PORTS + localPort;
const PORTS = 65536;
export type { StreamSocket };
