/** An HTTP/1.1 server connection on any stream socket: reads requests, asks its owner, writes responses as nginx does. */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import { SECOND } from '../../base/time';
import { badRequest, tooLarge, type ExchangeUser, type HttpServerOwner, type ServerExchange, type ServerResponse, withAdded } from '../../model/http/exchange';
import type { RequestHead } from '../../model/http/request';
import type { ResponseHead, ResponseInfo } from '../../model/http/response';
import type { EndpointId, HostId, MessageId, TimerId } from '../../model/ids';
import { StreamReader, type Message, type StreamHandler, type StreamSocket } from '../../model/stream';
import type { World } from '../../model/world';
import { headerField } from './client';
import type { HttpContext, HttpEvent } from './client-rules';
import { bodyLength, headText, responseLines } from './codec';
import { HTTP_KINDS } from '../../model/http/kinds';
import { httpServerRules } from './server-rules';
import { http1ServerTable } from './server-table.gen';

const machine = new Machine<HttpContext, HttpEvent>(http1ServerTable, httpServerRules);
const EFFECTS = bindEffects<Http1Server, HttpEvent>(http1ServerTable, {
  handle: (s) => s.handle(),
  readBody: (s) => s.readBody(),
  refuseLarge: (s) => s.refuseLarge(),
  linger: (s) => s.linger(),
  refuse: (s) => s.refuse(),
  writeResponse: (s) => s.writeResponse(),
  writeHead: (s) => s.writeHead(),
  writeBody: (s) => s.writeBody(),
  startIdle: (s) => s.startIdle(),
  tellGone: (s) => s.tellGone(),
  closeIdle: (s) => s.closeSocket(),
});
const NOTHING: HttpEvent = { type: '' };
const IDLE = machine.state('IDLE'), HANDLING = machine.state('HANDLING'), RESPONDING = machine.state('RESPONDING');
/** nginx client_body_timeout 60s, lingering_timeout 5s. */
const BODY_TIMEOUT = 60 * SECOND, LINGERING_TIMEOUT = 5 * SECOND;
const EVENTS = {
  request: machine.event('REQUEST'), withContent: machine.event('REQUEST_WITH_CONTENT'), content: machine.event('CONTENT'), contentOver: machine.event('CONTENT_OVER'), tooLarge: machine.event('TOO_LARGE'), lingerOver: machine.event('LINGER_OVER'), notHttp: machine.event('NOT_HTTP'), response: machine.event('RESPONSE'), last: machine.event('LAST_RESPONSE'), idleOver: machine.event('KEEP_ALIVE_OVER'),
  head: machine.event('HEAD'), body: machine.event('BODY'), bodyDone: machine.event('BODY_DONE'), lastBody: machine.event('LAST_BODY_DONE'), cut: machine.event('CUT'),
  end: machine.event('END'), breaks: machine.event('BREAK'),
};

export class Http1Server implements StreamHandler, ServerExchange, MachineHost<HttpEvent> {
  readonly endpoint: EndpointId;
  private readonly instance = { state: 0 };
  private readonly context: HttpContext = { served: 0 };
  private readonly kinds;
  private readonly reader: StreamReader;
  /** Before the first request the limit for its head, after a response the one for the next request. */
  private timer: TimerId;
  private readonly limits: Record<string, TimerId> = {};
  private timerEvent = EVENTS.idleOver;
  /** Requests that came before the one in hand was answered. */
  private ahead: Message[] = [];
  private pending: RequestHead | null = null;
  private response: ServerResponse | null = null;
  private last = false;
  /** The client's end came while nobody read. */
  private endUnread = false;
  message: MessageId = -1;
  user: ExchangeUser | null = null;
  /** Bytes of the body to write now, and those still to come. */
  private piece = 0;
  private left = 0;

  constructor(private readonly world: World, host: HostId, private readonly socket: StreamSocket, private readonly owner: HttpServerOwner) {
    this.kinds = world.kinds(HTTP_KINDS);
    this.endpoint = world.endpoint(host, 'http', 'http', `answers on ${socket.flow.name}`, socket.flow.id, http1ServerTable.chart);
    this.reader = new StreamReader(socket.flow.content[socket.side === 0 ? 1 : 0]);
    this.timer = world.timer(this.endpoint, 'headerTimeout', this);
    machine.start(this.instance, this.context, this, NOTHING);
    socket.handler = this;
    if (owner.headerTimeout > 0) world.arm(this.timer, world.now + owner.headerTimeout);
  }
  connected(): void {}
  received(upTo: number): void {
    this.reader.advance(upTo, (message: Message) => {
      // what comes while another request is worked on waits in the buffer (RFC 9112 §9.3.2)
      if (this.instance.state === HANDLING || this.instance.state === RESPONDING) this.ahead.push(message);
      else this.take(message);
    });
  }
  private take(message: Message): void {
    const body = message.body as { head?: RequestHead; content?: boolean } | null;
    if (message.protocol !== 'http') return this.step(EVENTS.notHttp);
    if (body?.content) {
      this.world.cancel(this.timer);
      return this.step(EVENTS.content);
    }
    if (!body?.head) return;
    const { maxBodySize = 0 } = this.owner;
    this.pending = body.head;
    this.message = message.id;
    this.world.cancel(this.timer);
    this.world.note(this.kinds.request_received, this.endpoint, message.id, this.world.text(body.head.path));
    const size = body.head.body;
    this.step(size === undefined ? EVENTS.request : maxBodySize > 0 && size > maxBodySize ? EVENTS.tooLarge : EVENTS.withContent);
  }
  /** The next request, when it is here already. */
  private takeNext(): void {
    while (this.instance.state === IDLE && this.ahead.length > 0) this.take(this.ahead.shift()!);
  }
  /** The content follows; who waits for a word before it sends gets it (ngx_http_test_expect). */
  readBody(): void {
    const { world, socket } = this;
    if (this.pending!.expect) {
      const text = headText(['HTTP/1.1 100 Continue']);
      socket.write([world.message({
        layer: 'http', protocol: 'http', name: '100', bytes: text.length, flow: socket.flow.id, direction: socket.side,
        fields: [{ name: 'Status line', value: 'HTTP/1.1 100 Continue', spec: 'RFC 9110 §15.2.1' }], body: { interim: true, text },
      })]);
    }
    this.limit('bodyTimeout', BODY_TIMEOUT, EVENTS.contentOver);
  }
  /** 413 and the end of the connection, but not at once. */
  refuseLarge(): void {
    this.refuseWith(tooLarge());
    this.socket.shutdown();
  }
  linger(): void {
    this.limit('lingeringTimeout', LINGERING_TIMEOUT, EVENTS.lingerOver);
  }
  private limit(name: string, after: number, event: number): void {
    this.timerEvent = event;
    this.timer = this.limits[name] ??= this.world.timer(this.endpoint, name, this);
    this.world.arm(this.timer, this.world.now + after);
  }
  handle(): void {
    this.user = null;
    this.owner.handle(this.pending!, (response) => this.begin(response, this.sizeOf(response.head)), this);
  }
  /** How long the body is on the wire: HEAD is answered without (RFC 9110 §9.3.2). */
  private sizeOf(head: ResponseHead): number {
    return this.pending?.method === 'HEAD' ? 0 : bodyLength(head);
  }
  begin(response: ServerResponse, bytes: number): void {
    this.response = response;
    this.last = this.owner.keepAliveTimeout === 0 || !response.head.keepAlive || !this.pending!.keepAlive;
    this.piece = bytes;
    this.left = this.sizeOf(response.head) - bytes;
    this.step(this.left > 0 ? EVENTS.head : this.last ? EVENTS.last : EVENTS.response);
    this.takeNext();
    if (this.endUnread && this.instance.state === IDLE) this.step(EVENTS.end);
  }
  more(bytes: number): void {
    this.piece = bytes;
    this.left -= bytes;
    this.step(EVENTS.body);
    if (this.left > 0) return;
    this.step(this.last ? EVENTS.lastBody : EVENTS.bodyDone);
    this.takeNext();
  }
  cut(): void {
    this.step(EVENTS.cut);
  }
  reset(): void {
    this.world.cancel(this.timer);
    this.step(EVENTS.breaks);
    this.socket.abort();
  }
  tellGone(): void {
    this.user?.clientGone();
  }
  /** What came is no request: 400 and the end, as nginx does. */
  refuse(): void {
    this.refuseWith(badRequest());
  }
  private refuseWith(response: ServerResponse): void {
    this.last = true;
    this.response = response;
    this.piece = bodyLength(response.head);
    this.writeHead();
  }
  writeResponse(): void {
    this.writeHead();
    if (!this.last) this.startIdle();
  }
  startIdle(): void {
    this.limit('keepAliveTimeout', this.owner.keepAliveTimeout, EVENTS.idleOver);
  }
  /** The head, and as much of the body as is there, in one write. */
  writeHead(): void {
    const { world, socket } = this;
    const { links } = this.response!;
    const head = this.pending?.secure && !this.pending.proxied ? withAdded(this.response!.head, this.owner) : this.response!.head;
    const keepAlive = !this.last;
    const lines = responseLines({ ...head, keepAlive }, this.owner.writer, world.now), text = headText(lines);
    const info: ResponseInfo = { status: head.status, contentLength: this.sizeOf(head), type: head.type, maxAge: head.maxAge, keepAlive, links, head };
    const headMessage = world.message({
      layer: 'http', protocol: 'http', name: String(head.status), bytes: text.length, flow: socket.flow.id, direction: socket.side,
      fields: lines.map((line, i) => (i === 0 ? { name: 'Status line', value: line, spec: 'RFC 9112 §4' } : headerField(line))),
      body: { response: info, text },
    });
    world.note(this.kinds.response_sent, this.endpoint, headMessage.id, head.status, head.length);
    if (this.piece === 0) return socket.write([headMessage]);
    if (!this.owner.writesApart) return socket.write([headMessage, this.bodyPiece()]);
    socket.write([headMessage]);
    socket.write([this.bodyPiece()]);
  }
  writeBody(): void {
    this.socket.write([this.bodyPiece()]);
  }
  private bodyPiece(): Message {
    const { world, socket, piece } = this;
    return world.message({ layer: 'http', protocol: 'http', name: 'body', bytes: piece, flow: socket.flow.id, direction: socket.side, fields: [], body: { type: this.response!.head.type } });
  }
  timerFired(): void {
    this.step(this.timerEvent);
  }
  closeSocket(): void {
    this.world.cancel(this.timer);
    this.socket.close();
  }
  ended(): void {
    if (this.owner.blocking && this.instance.state === HANDLING) this.endUnread = true;
    else this.step(EVENTS.end);
  }
  failed(): void {
    this.world.cancel(this.timer);
    this.step(EVENTS.breaks);
  }
  private step(event: number): void {
    machine.step(this.instance, this.context, event, NOTHING, this);
  }
  effect(effect: number, event: HttpEvent, params: unknown): void {
    EFFECTS[effect]!(this, event, params);
  }
  armDelay(): void {}
  cancelDelay(): void {}
  moved(from: number, to: number): void {
    this.world.entered(this.endpoint, from, to);
  }
  ignored(state: number, event: number): void {
    this.world.ignored(this.endpoint, state, event);
  }
}
