/** A server's port for QUIC: which connection a datagram is for, by the id in it (RFC 9000 §5.2), and new ones. */
import type { DatagramHandler, DatagramSender, Datagrams } from '../../model/datagram';
import type { HostId } from '../../model/ids';
import { hexOf, type Hex } from '../../model/quic/frame';
import { MIN_INITIAL_DATAGRAM, type DatagramBody } from '../../model/quic/packet';
import type { PduRow } from '../../model/pdu';
import type { Flow, Message } from '../../model/stream';
import { randomBytes } from '../../model/tls/bytes';
import type { World } from '../../model/world';
import { limitsOf } from './client';
import { QuicConnection, type StartTls } from './connection';
import type { QuicOptions } from './params';

export interface ListenOptions {
  readonly options: QuicOptions;
  /** For each new connection: TLS, and who uses its streams. */
  readonly startTls: StartTls;
  readonly accepted: (connection: QuicServer) => void;
}

interface Arrived {
  readonly body: DatagramBody;
  readonly pdu: PduRow;
}
export class QuicServer extends QuicConnection {
  /** What came before the connection was set up; null once it is. */
  private arrived: Arrived[] | null = null;
  constructor(world: World, host: HostId, flow: Flow, sender: DatagramSender, { options, startTls }: ListenOptions, own: Hex, peer: Hex, original: Hex, private readonly over: () => void) {
    super(world, host, flow, 1, 'server of', options, { own, peer }, sender, { ...limitsOf(options, own), originalDestinationConnectionId: original, statelessResetToken: hexOf(randomBytes(`${world.plan.seed} ${own} token`, 16)) });
    this.tls = startTls(this.crypto, this);
    if (options.acceptCost <= 0) return;
    this.arrived = [];
    world.use(world.cpu(host), options.acceptCost, 'set the connection up', this.endpoint, { resourceDone: () => this.setUp() });
  }
  private setUp(): void {
    const { arrived } = this;
    this.arrived = null;
    // one after the other, each to its end
    for (const { body, pdu } of arrived ?? []) {
      super.datagram(body, pdu);
      this.batchEnded();
    }
  }
  override datagram(body: DatagramBody, pdu: PduRow): void {
    if (this.arrived) this.arrived.push({ body, pdu });
    else super.datagram(body, pdu);
  }
  protected forgotten(): void {
    this.over();
  }
}

export class QuicListener implements DatagramHandler {
  private readonly byId = new Map<Hex, QuicServer>();
  constructor(private readonly world: World, private readonly host: HostId, private readonly udp: Datagrams, port: number, private readonly listen: ListenOptions) {
    udp.bind(port, this);
  }
  datagram(message: Message, pdu: PduRow): void {
    const body = message.body as DatagramBody, [first] = body.packets;
    if (!first) return;
    const known = this.byId.get(first.destination);
    if (known) return known.datagram(body, pdu);
    // §14.1: an Initial in a smaller datagram is not answered
    if (first.level !== 'Initial' || pdu.payload < MIN_INITIAL_DATAGRAM) return;
    this.accept(first.destination, first.source, pdu).datagram(body, pdu);
  }
  private accept(original: Hex, peer: Hex, pdu: PduRow): QuicServer {
    const { world, host, listen, byId } = this;
    const sender = this.udp.reply(pdu, -1);
    const flow = (sender.flow.session as { quic: Flow }).quic;
    const own = hexOf(randomBytes(`${world.plan.seed} ${flow.name} server id`, listen.options.connectionIdBytes));
    const connection = new QuicServer(world, host, flow, sender, listen, own, peer, original, () => {
      byId.delete(original);
      byId.delete(own);
    });
    byId.set(original, connection);
    byId.set(own, connection);
    listen.accepted(connection);
    return connection;
  }
  stopped(): void {
    this.byId.clear();
  }
}
