/** The server's end of HTTP/3, as nginx: each stream a request for its owner. */
import { tooLarge, withAdded, type ExchangeUser, type HttpServerOwner, type ServerExchange, type ServerResponse } from '../../model/http/exchange';
import { HTTP_KINDS } from '../../model/http/kinds';
import { orderOf, parsePriority } from '../../model/http/priority';
import type { RequestHead } from '../../model/http/request';
import { responseFields, type ResponseInfo } from '../../model/http/response';
import type { HeaderField } from '../../model/header-compression/field';
import { H3_ERROR } from '../../model/http3/frame';
import type { HostId, MessageId } from '../../model/ids';
import type { MultiplexedStream, Multiplexer } from '../../model/multiplexer';
import { StreamReader, type Message } from '../../model/stream';
import type { World } from '../../model/world';
import { Http3Connection, type H3Body } from './connection';
import { H3_NGINX } from './profiles';

/** Of so many streams at most: as many as may be open (nginx http3_max_concurrent_streams 128). */
const KEPT_MAX = 128;

/** One request and its answer. */
class Exchange implements ServerExchange {
  user: ExchangeUser | null = null;
  request: RequestHead | null = null;
  message: MessageId = -1;
  /** Bytes of the body that have been written, and that it will have; -1 until the response begins. */
  written = 0;
  length = -1;
  type = '';
  whole = false;
  gone = false;
  constructor(private readonly server: Http3Server, readonly stream: MultiplexedStream) {}
  begin(response: ServerResponse, bytes: number): void {
    if (!this.gone && this.length < 0) this.server.begin(this, response, bytes);
  }
  more(bytes: number): void {
    if (!this.gone) this.server.more(this, bytes);
  }
  cut(): void {
    this.gone = true;
    this.stream.reset(H3_ERROR.INTERNAL_ERROR);
  }
  reset(): void {
    this.cut();
  }
}

export class Http3Server extends Http3Connection {
  private readonly httpKinds;
  private readonly exchanges = new Set<Exchange>();
  /** What came on the control stream for requests that are not there yet: it may overtake them (RFC 9218 §7.2). By number of their stream. */
  private readonly kept = new Map<number, string>();
  /** Streams whose requests have been read, by their numbers: what was written may still wait for its turn. */
  private readonly answered = new Map<number, MultiplexedStream>();
  /** Number of the next stream for a request. */
  private nextRequest = 0;

  constructor(world: World, host: HostId, transport: Multiplexer, private readonly owner: HttpServerOwner) {
    super(world, host, transport, 'answers on', H3_NGINX);
    this.httpKinds = world.kinds(HTTP_KINDS);
  }
  protected requested(stream: MultiplexedStream): void {
    const exchange = new Exchange(this, stream);
    this.nextRequest = stream.id + 4;
    this.exchanges.add(exchange);
    const reader = new StreamReader(stream.flow.content[0]);
    stream.handler = {
      connected() {},
      received: (upTo) => reader.advance(upTo, (message) => this.take(exchange, message)),
      ended: () => {
        exchange.whole = true;
        this.handle(exchange);
      },
      failed: () => this.clientGone(exchange),
    };
  }
  private take(exchange: Exchange, message: Message): void {
    const body = message.body as H3Body;
    if (body.frame?.type !== 'HEADERS') return;
    this.read(exchange.stream, body.frame.section, () => {
      exchange.request = body.head ?? null;
      exchange.message = message.id;
      if (this.owner.priorities === 'rfc9218') exchange.stream.setOrder(orderOf(parsePriority(this.kept.get(exchange.stream.id) ?? body.head?.priority ?? '')));
      this.kept.delete(exchange.stream.id);
      this.answered.set(exchange.stream.id, exchange.stream);
      this.world.note(this.httpKinds.request_received, this.endpoint, message.id, this.world.text(body.head?.path ?? ''));
      this.handle(exchange);
    });
  }
  protected priorityChanged(id: number, value: string): void {
    const { owner, world } = this;
    if (id % 4 !== 0) return this.fail(H3_ERROR.ID_ERROR);
    if (owner.priorities !== 'rfc9218') return;
    const stream = this.answered.get(id);
    if (!stream) this.keep(id, value);
    else if (stream.setOrder(orderOf(parsePriority(value)))) world.note(this.httpKinds.priority_changed, this.endpoint, this.transport.flow.id, id, world.text(value));
    else this.answered.delete(id);
  }
  /** Its fields are not there yet, or not readable. */
  private keep(id: number, value: string): void {
    const unread = [...this.exchanges].some((e) => e.stream.id === id && !e.request);
    if ((unread || id >= this.nextRequest) && this.kept.size < KEPT_MAX) this.kept.set(id, value);
  }
  private handle(exchange: Exchange): void {
    const { request } = exchange, { maxBodySize = 0 } = this.owner;
    if (!request || exchange.length >= 0 || exchange.gone) return;
    if (maxBodySize > 0 && (request.body ?? 0) > maxBodySize) return exchange.begin(tooLarge(), tooLarge().head.length);
    if (exchange.whole) this.owner.handle(request, (response) => exchange.begin(response, sizeOf(request, response)), exchange);
  }
  /** The head, and the first `bytes` of the body. */
  begin(exchange: Exchange, response: ServerResponse, bytes: number): void {
    const { world } = this;
    const { head } = response, length = sizeOf(exchange.request!, response);
    const said = withAdded(head, this.owner);
    const info: ResponseInfo = { status: head.status, contentLength: length, type: head.type, maxAge: head.maxAge, keepAlive: true, links: response.links, head: said };
    const { known, added: more } = responseFields(said, this.owner.writer, world.now);
    const fields: HeaderField[] = [[':status', String(head.status)], ...known, ...more];
    exchange.length = length;
    exchange.type = head.type;
    const message = this.headersMessage(exchange.stream, fields, { response: info });
    world.note(this.httpKinds.response_sent, this.endpoint, message.id, head.status, head.length);
    exchange.stream.write(bytes > 0 ? [message, this.piece(exchange, bytes)] : [message]);
    this.endIfWhole(exchange);
  }
  more(exchange: Exchange, bytes: number): void {
    if (bytes > 0) exchange.stream.write([this.piece(exchange, bytes)]);
    this.endIfWhole(exchange);
  }
  private piece(exchange: Exchange, bytes: number): Message {
    const from = exchange.written;
    exchange.written += bytes;
    return this.dataMessage(exchange.stream, exchange.type, exchange.length, from, bytes);
  }
  private endIfWhole(exchange: Exchange): void {
    if (exchange.written < exchange.length) return;
    exchange.stream.shutdown();
    this.exchanges.delete(exchange);
    // RFC 9114 §4.1: content that is not wanted any more need not come
    if (!exchange.whole) exchange.stream.stopReading(H3_ERROR.NO_ERROR);
  }
  private clientGone(exchange: Exchange): void {
    if (!this.exchanges.delete(exchange) || exchange.gone) return;
    exchange.gone = true;
    this.giveUpReading(exchange.stream);
    exchange.user?.clientGone();
  }
  protected peerLeaves(): void {}
  closed(): void {
    for (const exchange of [...this.exchanges]) this.clientGone(exchange);
  }
}
/** How long a body is: HEAD is answered without (RFC 9110 §9.3.2). */
const sizeOf = (request: RequestHead, response: ServerResponse): number => (request.method === 'HEAD' ? 0 : response.head.length);
