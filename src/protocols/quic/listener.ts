/** A server's port for QUIC: which connection a datagram is for, by the id in it (RFC 9000 §5.2), and new ones. */
import type { DatagramHandler, DatagramSender, Datagrams } from '../../model/datagram';
import type { EndpointId, HostId } from '../../model/ids';
import { hexOf, type Hex } from '../../model/quic/frame';
import { bareLength, MIN_INITIAL_DATAGRAM, QUIC_V1, type BarePacket, type DatagramBody } from '../../model/quic/packet';
import type { PduRow } from '../../model/pdu';
import type { Flow, Message } from '../../model/stream';
import { randomBytes } from '../../model/tls/bytes';
import type { World } from '../../model/world';
import { limitsOf } from './client';
import { QuicConnection, type StartTls } from './connection';
import { QUIC_KINDS } from './kinds';
import type { QuicOptions } from './params';

/** nginx ngx_event_quic_tokens.c: an address, a time and what holds them together, sealed. */
const TOKEN_BYTES = 64;

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
/** What is known of a client when its connection is set up. */
interface Known {
  /** Id in its first Initial, and the one that a Retry gave it. */
  readonly original: Hex;
  readonly retry: Hex;
  /** It has shown a token. */
  readonly proved: boolean;
  readonly token: () => Hex;
}
/** What a connection asks of the port that it is on. */
interface Port {
  wayTo(pdu: PduRow, endpoint: EndpointId): DatagramSender;
  named(id: Hex, connection: QuicServer): void;
  unnamed(id: Hex): void;
  over(connection: QuicServer): void;
}
export class QuicServer extends QuicConnection {
  /** What came before the connection was set up; null once it is. */
  private arrived: Arrived[] | null = null;
  constructor(world: World, host: HostId, flow: Flow, sender: DatagramSender, { options, startTls }: ListenOptions, own: Hex, peer: Hex, private readonly known: Known, private readonly port: Port) {
    super(world, host, flow, 1, 'server of', options, { own, peer }, sender, {
      ...limitsOf(options, own), originalDestinationConnectionId: known.original, ...(known.retry ? { retrySourceConnectionId: known.retry } : {}), statelessResetToken: hexOf(randomBytes(`${world.plan.seed} ${own} token`, 16)),
    });
    this.onPath.validated = known.proved;
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
  protected override giveToken(): void {
    if (this.options.tokens) this.spaces.Application.control.push({ type: 'NEW_TOKEN', token: this.known.token() });
  }
  wayTo(pdu: PduRow): DatagramSender {
    return this.port.wayTo(pdu, this.endpoint);
  }
  override named(id: Hex): void {
    this.port.named(id, this);
  }
  override unnamed(id: Hex): void {
    this.port.unnamed(id);
  }
  protected forgotten(): void {
    this.port.over(this);
  }
}

export class QuicListener implements DatagramHandler, Port {
  private readonly byId = new Map<Hex, QuicServer>();
  private readonly tokens = new Map<Hex, { readonly original: Hex; readonly retry: Hex }>();
  private readonly kinds;
  private readonly endpoint: EndpointId;
  private made = 0;
  constructor(private readonly world: World, private readonly host: HostId, private readonly udp: Datagrams, port: number, private readonly listen: ListenOptions) {
    this.kinds = world.kinds(QUIC_KINDS);
    this.endpoint = world.endpoint(host, 'transport', 'quic', `QUIC on port ${port}`);
    udp.bind(port, this);
  }
  datagram(message: Message, pdu: PduRow): void {
    const body = message.body as DatagramBody, [first] = body.packets;
    if (!first) return;
    const open = this.byId.get(first.destination);
    if (open) return open.datagram(body, pdu);
    // §14.1: an Initial in a smaller datagram is not answered
    if (first.level !== 'Initial' || pdu.payload < MIN_INITIAL_DATAGRAM) return;
    const { destination, source, token, version } = first, { options } = this.listen;
    if (version !== QUIC_V1) return this.sayBare({ bare: 'Version Negotiation', destination: source, source: destination, versions: [QUIC_V1] }, 'version_refused', pdu, version);
    const shown = this.tokens.get(token);
    if (options.retry && !shown) {
      const own = this.random('retry id', options.connectionIdBytes);
      return this.sayBare({ bare: 'Retry', destination: source, source: own, token: this.token(destination, own), original: destination }, 'retry_sent', pdu);
    }
    this.tokens.delete(token);
    const known: Known = { original: shown?.original || destination, retry: shown?.retry ?? '', proved: shown !== undefined, token: () => this.token('', '') };
    this.accept(destination, source, known, pdu).datagram(body, pdu);
  }
  /** A token that proves an address: in a Retry, or for a later connection. */
  private token(original: Hex, retry: Hex): Hex {
    const token = this.random('token', TOKEN_BYTES);
    this.tokens.set(token, { original, retry });
    return token;
  }
  private random(what: string, bytes: number): Hex {
    return hexOf(randomBytes(`${this.world.plan.seed} ${this.world.hostOf(this.host).name} ${what} ${this.made++}`, bytes));
  }
  private sayBare(bare: BarePacket, kind: 'retry_sent' | 'version_refused', pdu: PduRow, a = 0): void {
    const { world } = this;
    const sender = this.udp.reply(pdu, this.endpoint);
    world.note(this.kinds[kind], this.endpoint, sender.flow.id, a);
    const body: DatagramBody = { packets: [], bare, children: [{ name: bare.bare, start: 0, end: bareLength(bare) }] };
    sender.send(world.message({ layer: 'transport', protocol: 'quic', name: bare.bare, bytes: bareLength(bare), flow: sender.flow.id, direction: 1, fields: [{ name: 'Packet type', value: bare.bare, spec: bare.bare === 'Retry' ? 'RFC 9000 §17.2.5' : 'RFC 9000 §17.2.1' }], body }), bare.bare);
  }
  private accept(original: Hex, peer: Hex, known: Known, pdu: PduRow): QuicServer {
    const { world, host, listen, byId } = this;
    const sender = this.udp.reply(pdu, -1);
    const flow = (sender.flow.session as { quic: Flow }).quic;
    const own = hexOf(randomBytes(`${world.plan.seed} ${flow.name} server id`, listen.options.connectionIdBytes));
    if (known.proved) world.note(this.kinds.token_taken, this.endpoint, flow.id, known.retry ? 1 : 0);
    const connection = new QuicServer(world, host, flow, sender, listen, own, peer, known, this);
    byId.set(original, connection);
    byId.set(own, connection);
    listen.accepted(connection);
    return connection;
  }
  wayTo(pdu: PduRow, endpoint: EndpointId): DatagramSender {
    return this.udp.reply(pdu, endpoint);
  }
  named(id: Hex, connection: QuicServer): void {
    this.byId.set(id, connection);
  }
  unnamed(id: Hex): void {
    this.byId.delete(id);
  }
  over(connection: QuicServer): void {
    for (const [id, open] of this.byId) if (open === connection) this.byId.delete(id);
  }
  stopped(): void {
    this.byId.clear();
  }
}
