/** The server's end of an HTTP/2 connection, as nginx: each stream a request for its owner, answers by their urgency. */
import { SECOND } from '../../base/time';
import { tooLarge, withAdded, type ExchangeUser, type HttpServerOwner, type ServerExchange, type ServerResponse } from '../../model/http/exchange';
import { HTTP_KINDS } from '../../model/http/kinds';
import type { RequestHead } from '../../model/http/request';
import { responseFields, type ResponseInfo } from '../../model/http/response';
import type { HeaderField } from '../../model/header-compression/field';
import type { Frame, StreamPriority } from '../../model/http2/frame';
import type { HostId, MessageId, TimerId } from '../../model/ids';
import type { Message, StreamSocket } from '../../model/stream';
import type { World } from '../../model/world';
import { Http2Connection, type Said } from './connection';
import { ServerPriorities } from './priorities';
import { NGINX_PROFILE, withoutDependencies } from './profiles';
import { Stream } from './stream';

/** nginx lingering_timeout 5s. */
const LINGERING_TIMEOUT = 5 * SECOND;

/** One request and its answer. */
class Exchange implements ServerExchange {
  user: ExchangeUser | null = null;
  /** Bytes of the body that have not been handed over; null until the response begins. */
  left: number | null = null;
  /** Its answer is waited for before anything is written. */
  held = false;

  constructor(private readonly server: Http2Server, readonly stream: Stream, readonly request: RequestHead, readonly message: MessageId) {}
  begin(response: ServerResponse, bytes: number): void {
    if (!this.stream.closed && this.left === null) this.server.begin(this, response, bytes);
  }
  more(bytes: number): void {
    if (!this.stream.closed) this.server.more(this, bytes);
  }
  cut(): void {
    this.server.cut(this);
  }
  reset(): void {
    this.server.cut(this);
  }
}

export class Http2Server extends Http2Connection {
  private readonly httpKinds;
  private readonly exchanges = new Map<Stream, Exchange>();
  /** Without keep-alive: all that was asked is answered. */
  private over = false;
  private readonly timers: Readonly<Record<'headerTimeout' | 'keepAliveTimeout' | 'lingeringTimeout', TimerId>>;
  private peerEnded = false;
  private readonly priorities: ServerPriorities;

  constructor(world: World, host: HostId, socket: StreamSocket, private readonly owner: HttpServerOwner) {
    super(world, host, socket, 'answers on', { ...(owner.priorities === 'rfc9218' ? withoutDependencies(NGINX_PROFILE) : NGINX_PROFILE), flushesHead: owner.flushesHead === true });
    this.httpKinds = world.kinds(HTTP_KINDS);
    this.priorities = new ServerPriorities(owner.priorities ?? 'rfc7540', this.streams);
    const timer = (name: string, then: () => void): TimerId => world.timer(this.endpoint, name, { timerFired: then });
    this.timers = { headerTimeout: timer('headerTimeout', () => this.close()), keepAliveTimeout: timer('keepAliveTimeout', () => this.close()), lingeringTimeout: timer('lingeringTimeout', () => this.socket.close()) };
    if (owner.headerTimeout > 0) world.arm(this.timers.headerTimeout, world.now + owner.headerTimeout);
    world.afterBatch(this);
  }
  protected headers(message: Message, frame: Extract<Frame, { type: 'HEADERS' }>, { head }: Said): void {
    if (!head || frame.stream <= this.lastStream) return this.fail('PROTOCOL_ERROR');
    const { world } = this;
    this.lastStream = frame.stream;
    world.cancel(this.timers.headerTimeout);
    world.cancel(this.timers.keepAliveTimeout);
    const stream = new Stream(world, this.host, this.socket.flow, frame.stream, this, this.peer.INITIAL_WINDOW_SIZE, this.priorities.begin(frame.stream, head.priority, frame.priority));
    this.streams.set(stream.id, stream);
    const exchange = new Exchange(this, stream, head, message.id);
    this.exchanges.set(stream, exchange);
    stream.is('receiveHeaders');
    world.note(this.httpKinds.request_received, this.endpoint, message.id, world.text(head.path));
    const { maxBodySize = 0 } = this.owner;
    if (frame.endStream) this.handle(exchange);
    else if (maxBodySize > 0 && (head.body ?? 0) > maxBodySize) exchange.begin(tooLarge(), tooLarge().head.length);
  }
  protected data(stream: Stream, _bytes: number, ends: boolean): void {
    const exchange = this.exchanges.get(stream);
    if (ends && exchange && exchange.left === null) this.handle(exchange);
  }
  private handle(exchange: Exchange): void {
    exchange.stream.is('receiveEnd');
    const atOnce = this.owner.handle(exchange.request, (response) => exchange.begin(response, sizeOf(exchange.request, response)), exchange);
    if (atOnce !== true || exchange.left !== null) return;
    exchange.held = true;
    this.held++;
  }
  private letGo(exchange: Exchange): void {
    if (exchange.held) this.held--;
    exchange.held = false;
  }
  /** The head, and the first `bytes` of the body. */
  begin(exchange: Exchange, response: ServerResponse, bytes: number): void {
    const { world } = this;
    const { stream, request } = exchange;
    const length = sizeOf(request, response);
    const head = request.secure ? withAdded(response.head, this.owner) : response.head;
    const info: ResponseInfo = { status: head.status, contentLength: length, type: head.type, maxAge: head.maxAge, keepAlive: true, links: response.links, head };
    const { known, added } = responseFields(head, this.owner.writer, world.now);
    const fields: HeaderField[] = [[':status', String(head.status)], ...known, ...added];
    exchange.left = length - bytes;
    this.letGo(exchange);
    stream.type = head.type;
    stream.length = length;
    const message = this.queueHeaders(stream, fields, { response: info }, length === 0);
    world.note(this.httpKinds.response_sent, this.endpoint, message.id, head.status, head.length);
    if (length > 0) this.addContent(stream, bytes, exchange.left === 0);
    else this.pump();
  }
  more(exchange: Exchange, bytes: number): void {
    exchange.left! -= bytes;
    this.addContent(exchange.stream, bytes, exchange.left === 0);
  }
  /** What was announced will not come (ngx_http_v2_close_stream). */
  cut(exchange: Exchange): void {
    this.exchanges.delete(exchange.stream);
    this.resetStream(exchange.stream, 'INTERNAL_ERROR');
  }
  /** The answer is out; content that still comes is not wanted (RFC 9113 §8.1). */
  protected override endSent(stream: Stream): void {
    this.resetStream(stream, 'NO_ERROR');
  }
  override streamClosed(stream: Stream): void {
    super.streamClosed(stream);
    const exchange = this.exchanges.get(stream);
    this.exchanges.delete(stream);
    if (exchange) this.letGo(exchange);
    if (exchange && exchange.left !== 0) exchange.user?.clientGone();
    const { keepAliveTimeout } = this.owner;
    if (this.streams.size === 0 && keepAliveTimeout > 0 && !this.leaving) this.world.arm(this.timers.keepAliveTimeout, this.world.now + keepAliveTimeout);
  }
  /** Without keep-alive the connection ends with what was asked. */
  protected override allWritten(): void {
    if (this.over || this.lastStream === 0 || this.streams.size > 0 || this.owner.keepAliveTimeout > 0) return;
    this.over = true;
    this.close();
  }
  /** What still comes is read and dropped for a while, so that what was said last is not lost to a reset (ngx_http_v2_lingering_close). */
  override closeSocket(): void {
    if (this.peerEnded) return this.socket.close();
    this.socket.shutdown();
    this.world.arm(this.timers.lingeringTimeout, this.world.now + LINGERING_TIMEOUT);
  }
  override ended(): void {
    this.peerEnded = true;
    if (this.world.deadline(this.timers.lingeringTimeout) < 0) return super.ended();
    this.world.cancel(this.timers.lingeringTimeout);
    this.socket.close();
  }
  override failed(code: string): void {
    this.world.cancel(this.timers.lingeringTimeout);
    super.failed(code);
  }
  protected dependencyChanged(stream: number, priority: StreamPriority): void {
    if (this.priorities.depend(stream, priority)) this.world.note(this.httpKinds.priority_changed, this.endpoint, this.socket.flow.id, stream, this.world.text(`weight ${priority.weight}`));
  }
  protected priorityChanged(stream: number, value: string): void {
    if (stream === 0) return this.fail('PROTOCOL_ERROR');
    if (this.priorities.update(stream, value, this.lastStream)) this.world.note(this.httpKinds.priority_changed, this.endpoint, this.socket.flow.id, stream, this.world.text(value));
  }
  protected peerReset(): void {}
  protected peerLeaves(): void {}
  protected peerSettled(): void {}
  protected lost(): void {
    this.world.cancel(this.timers.headerTimeout);
    this.world.cancel(this.timers.keepAliveTimeout);
  }
}
/** How long a body is: HEAD is answered without (RFC 9110 §9.3.2). */
const sizeOf = (request: RequestHead, response: ServerResponse): number => (request.method === 'HEAD' ? 0 : response.head.length);
