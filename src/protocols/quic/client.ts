/** The client's end: begins with a random id for the server, and calls it by the server's own from the first answer on (RFC 9000 §7.2). */
import type { DatagramHandler, DatagramSender, Datagrams } from '../../model/datagram';
import type { HostId } from '../../model/ids';
import { hexOf, type Hex } from '../../model/quic/frame';
import { OLD_VERSION, QUIC_V1, type BarePacket, type DatagramBody } from '../../model/quic/packet';
import type { TransportParameters } from '../../model/quic/transport-parameters';
import type { Message } from '../../model/stream';
import type { PduRow } from '../../model/pdu';
import { randomBytes } from '../../model/tls/bytes';
import type { World } from '../../model/world';
import { QuicConnection, type StartTls } from './connection';
import { ID_LIMIT } from './paths';
import type { QuicOptions } from './params';

export interface ConnectOptions {
  readonly to: HostId;
  readonly port: number;
  readonly options: QuicOptions;
  readonly startTls: StartTls;
  /** Tokens that this server has given (RFC 9000 §8.1.3); each is used once. */
  readonly tokens?: Hex[];
}
/** What an end tells the other of its limits. */
export const limitsOf = (o: QuicOptions, own: Hex): TransportParameters => ({
  maxIdleTimeout: Math.round(o.maxIdleTimeout / 1e6), maxUdpPayloadSize: 65_527, initialMaxData: o.maxData, initialMaxStreamDataBidiLocal: o.maxStreamData, initialMaxStreamDataBidiRemote: o.maxStreamData,
  initialMaxStreamDataUni: o.maxStreamData, initialMaxStreamsBidi: o.maxStreams, initialMaxStreamsUni: 3, ackDelayExponent: 3, maxAckDelay: Math.round(o.maxAckDelay / 1e6), activeConnectionIdLimit: ID_LIMIT,
  disableActiveMigration: !o.activeMigration, saysDefaults: o.saysDefaults, initialSourceConnectionId: own,
});

export class QuicClient extends QuicConnection {
  private answered = false;
  private hasName = false;
  /** Called once, when the server's first datagram is there, readable or not. */
  heardServer: () => void = () => {};
  private readonly tokens: Hex[];
  private retried = false;
  constructor(world: World, host: HostId, sender: DatagramSender, private readonly reopen: () => DatagramSender, { options, startTls, tokens = [] }: ConnectOptions) {
    const udp = sender.flow;
    const flow = world.flow('quic', udp.initiator, udp.responder, udp.initiatorPort, udp.responderPort, udp.id);
    flow.session = { streams: new Map() };
    udp.session = { quic: flow };
    const id = (what: string, bytes: number): Hex => hexOf(randomBytes(`${world.plan.seed} ${flow.name} ${what}`, bytes));
    const own = id('client id', options.connectionIdBytes);
    super(world, host, flow, 0, 'client of', options, { own, peer: id('first id', options.firstIdBytes) }, sender, limitsOf(options, own));
    this.tokens = tokens;
    this.token = tokens.pop() ?? '';
    if (options.oldVersion) this.version = OLD_VERSION;
    world.note(this.kinds.connection_started, this.endpoint, flow.id, options.maxDatagram);
    this.tls = startTls(this.crypto, this);
    this.tls.connected();
  }
  protected override peerNamed(source: Hex): void {
    if (this.hasName) return;
    this.hasName = true;
    this.onPath.peerId = source;
  }
  override datagram(body: DatagramBody, pdu: PduRow): void {
    if (!this.answered) this.heardServer();
    this.answered = true;
    if (body.bare) this.bare(body.bare);
    else super.datagram(body, pdu);
  }
  /** The server has not looked at what was said so far. */
  private bare(packet: BarePacket): void {
    const { world, kinds } = this;
    if (this.hasName || this.retried || this.isOver) return;
    if (packet.bare === 'Retry') {
      this.retried = true;
      this.token = packet.token;
      this.onPath.peerId = packet.source;
      world.note(kinds.retry_received, this.endpoint, this.flow.id);
    } else if (packet.versions.includes(QUIC_V1) && this.version !== QUIC_V1) {
      this.version = QUIC_V1;
      world.note(kinds.version_chosen, this.endpoint, this.flow.id, QUIC_V1);
    } else return;
    this.recovery.restart('Initial');
    this.crypto.restart('Initial');
    this.wake();
  }
  protected override newToken(token: Hex): void {
    this.tokens.push(token);
  }
  wayTo(): DatagramSender {
    return this.onPath.sender;
  }
  /** Goes on from the address that its host has now (RFC 9000 §9.2); false when that may not be. */
  migrate(): boolean {
    return this.paths.migrate(() => {
      const before = this.path, sender = this.reopen();
      sender.flow.session = { quic: this.flow };
      sender.flow.continues = before.id;
      sender.endpoint = this.endpoint;
      return sender;
    });
  }
  protected forgotten(): void {
    this.onPath.sender.close();
  }
}

/** Begins a connection. The handler is set on what is returned before anything is sent. */
export function connectQuic(world: World, host: HostId, udp: Datagrams, connect: ConnectOptions): QuicClient {
  const held: { client: QuicClient | null } = { client: null };
  const receiver: DatagramHandler = { datagram: (message: Message, pdu: PduRow) => held.client?.datagram(message.body as DatagramBody, pdu) };
  const open = (): DatagramSender => udp.open(connect.to, connect.port, -1, receiver);
  return (held.client = new QuicClient(world, host, open(), open, connect));
}
