/**
 * What both ends of a PostgreSQL connection share: messages in and out on any stream, first plain, then perhaps on TLS.
 * Law: messages are handled one after another; while this end works, the next ones wait, and so does the end of the stream.
 */
import type { Chart } from '../../model/chart';
import type { EndpointId, HostId } from '../../model/ids';
import type { Message, StreamContent, StreamHandler, StreamSocket } from '../../model/stream';
import type { ResourceHandler, World } from '../../model/world';
import { pgLength, type PgMessage } from './codec';
import { pgFields } from './fields';
import { PG_KINDS } from './kinds';
import { hostPgOptions, type PgOptions } from './params';

/** Puts TLS on the stream underneath, of which `after` incoming bytes went before; the handler hears `connected`. */
export type Secure = (below: StreamSocket, after: number, handler: StreamHandler) => SecureSocket;
/** A TLS stream that can say that it will write no more without closing (SSL_shutdown). */
export interface SecureSocket extends StreamSocket {
  sayClose(): void;
}

export abstract class PgEnd implements StreamHandler, ResourceHandler {
  readonly endpoint: EndpointId;
  readonly options: PgOptions;
  /** Flow of the transport, also when TLS lies on it. */
  readonly transport;
  protected readonly kinds;
  protected secureSocket: SecureSocket | null = null;
  private incoming: StreamContent;
  private next = 0;
  private available = 0;
  private over: 'ended' | 'failed' | null = null;
  private held = 0;
  private rows = 0;
  private rowBytes = 0;

  constructor(readonly world: World, readonly host: HostId, protected socket: StreamSocket, role: string, chart: Chart) {
    this.options = hostPgOptions(world, host);
    this.kinds = world.kinds(PG_KINDS);
    this.transport = socket.flow;
    this.endpoint = world.endpoint(host, 'storage', 'postgres', `${role} on ${socket.flow.name}`, socket.flow.id, chart);
    this.incoming = this.contentOf(socket);
    socket.handler = this;
  }
  private contentOf(socket: StreamSocket): StreamContent {
    return socket.flow.content[socket.side === 0 ? 1 : 0];
  }
  /** True on TLS. */
  get secure(): boolean {
    return this.secureSocket !== null;
  }
  /** Goes on above TLS. */
  protected startTls(secure: Secure): void {
    this.secureSocket = secure(this.socket, this.incoming.messages[this.next - 1]?.end ?? 0, this);
    this.socket = this.secureSocket;
    this.incoming = this.contentOf(this.socket);
    this.next = 0;
    this.available = 0;
  }

  // --- what the two ends do differently ----------------------------------------------------------------
  /** The stream is there, or TLS on it. */
  abstract connected(): void;
  protected abstract take(message: PgMessage, carrier: Message): void;
  /** What came is not of this protocol. */
  protected abstract notPostgres(): void;
  protected abstract streamOver(how: 'ended' | 'failed', code: string): void;
  protected abstract spent(tag: number): void;

  // --- from below --------------------------------------------------------------------------------------
  private code = '';
  received(upTo: number): void {
    this.available = upTo;
    this.pump();
  }
  ended(): void {
    this.over ??= 'ended';
    this.pump();
  }
  failed(code: string): void {
    this.over = 'failed';
    this.code = code;
    this.pump();
  }
  /** Lets nothing in until `release`. */
  protected hold(): void {
    this.held++;
  }
  protected release(): void {
    this.held--;
    this.pump();
  }
  private pump(): void {
    const { world, kinds, endpoint } = this;
    const stream = this.incoming;
    while (this.held === 0 && stream === this.incoming && this.next < stream.messages.length && stream.messages[this.next]!.end <= this.available) {
      const message = stream.messages[this.next++]!;
      if (message.protocol !== 'postgres') return this.notPostgres();
      const body = message.body as PgMessage;
      if (body.name === 'DataRow') {
        this.rows++;
        this.rowBytes += message.bytes;
        const following = stream.messages[this.next];
        const more = following !== undefined && following.end <= this.available && (following.body as PgMessage).name === 'DataRow';
        if (!more) {
          world.note(kinds.rows_received, endpoint, message.id, this.rows, this.rowBytes);
          this.rows = this.rowBytes = 0;
        }
      } else world.note(kinds.message_received, endpoint, message.id, world.text(body.name));
      this.take(body, message);
    }
    if (this.held > 0 || this.over === null || stream !== this.incoming) return;
    const how = this.over;
    this.over = null;
    this.streamOver(how, this.code);
  }

  // --- to below ----------------------------------------------------------------------------------------
  /** One write of these messages. */
  protected send(messages: readonly PgMessage[]): Message[] {
    const { world, kinds, endpoint, socket } = this;
    const carriers = messages.map((body) => {
      const bytes = pgLength(body);
      const name = body.name === 'SSLResponse' ? `SSLResponse ${body.answer}` : body.name;
      return world.message({ layer: 'storage', protocol: 'postgres', name, bytes, flow: socket.flow.id, direction: socket.side, fields: pgFields(body, bytes), body });
    });
    for (let i = 0; i < carriers.length; i++) {
      const first = carriers[i]!;
      if (messages[i]!.name !== 'DataRow') {
        world.note(kinds.message_sent, endpoint, first.id, world.text(messages[i]!.name));
        continue;
      }
      let rows = 0, bytes = 0;
      for (; messages[i]?.name === 'DataRow'; i++, rows++) bytes += carriers[i]!.bytes;
      i--;
      world.note(kinds.rows_sent, endpoint, first.id, rows, bytes);
    }
    socket.write(carriers);
    return carriers;
  }
  /** Spends CPU, during which nothing is read; then `spent(tag)`. Zero: at once. */
  protected spend(amount: number, what: string, tag: number): void {
    if (amount <= 0) return this.spent(tag);
    this.hold();
    this.world.use(this.world.cpu(this.host), amount, what, this.endpoint, this, tag);
  }
  resourceDone(tag: number): void {
    this.spent(tag);
    this.release();
  }
}
