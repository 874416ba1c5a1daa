/** An HTTP/1.1 server connection on any stream socket: reads requests, asks its owner, writes responses as nginx does. */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { EndpointId, HostId, TimerId } from '../../model/ids';
import { StreamReader, type Message, type StreamHandler, type StreamSocket } from '../../model/stream';
import type { World } from '../../model/world';
import { headerField, type ResponseInfo } from './client';
import type { HttpContext, HttpEvent } from './client-rules';
import { errorPage, headText, responseLines, type RequestHead, type ResponseHead } from './codec';
import { HTTP_KINDS } from './kinds';
import { httpServerRules } from './server-rules';
import { http1ServerTable } from './server-table.gen';

export interface ServerResponse {
  readonly head: ResponseHead;
  readonly links: readonly string[];
}
export interface HttpServerOwner {
  /** Answers by calling `respond` once, now or later. */
  handle(request: RequestHead, respond: (response: ServerResponse) => void): void;
  /** ns that an idle connection is kept after a response; 0: every response is the last (nginx keepalive_timeout). */
  readonly keepAliveTimeout: number;
  /** ns that a new connection may wait for its first request; 0: for ever. */
  readonly headerTimeout: number;
}
/** 400 with nginx's page; `why` as for HTTP on a TLS port. */
export const badRequest = (why = ''): ServerResponse => ({
  head: { status: 400, type: 'text/html', length: errorPage(400, why).length, file: false, maxAge: -1, keepAlive: false }, links: [],
});
const machine = new Machine<HttpContext, HttpEvent>(http1ServerTable, httpServerRules);
const EFFECTS = bindEffects<Http1Server, HttpEvent>(http1ServerTable, {
  handle: (s) => s.handle(),
  refuse: (s) => s.refuse(),
  writeResponse: (s) => s.writeResponse(),
  closeIdle: (s) => s.closeSocket(),
});
const NOTHING: HttpEvent = { type: '' };
const EVENTS = {
  request: machine.event('REQUEST'), notHttp: machine.event('NOT_HTTP'), response: machine.event('RESPONSE'), last: machine.event('LAST_RESPONSE'), idleOver: machine.event('KEEP_ALIVE_OVER'),
  end: machine.event('END'), breaks: machine.event('BREAK'),
};

export class Http1Server implements StreamHandler, MachineHost<HttpEvent> {
  readonly endpoint: EndpointId;
  private readonly instance = { state: 0 };
  private readonly context: HttpContext = { served: 0 };
  private readonly kinds;
  private readonly reader: StreamReader;
  private readonly timer: TimerId;
  private pending: RequestHead | null = null;
  private response: ServerResponse | null = null;
  private last = false;

  constructor(private readonly world: World, host: HostId, private readonly socket: StreamSocket, private readonly owner: HttpServerOwner) {
    this.kinds = world.kinds(HTTP_KINDS);
    this.endpoint = world.endpoint(host, 'http', 'http', `answers on ${socket.flow.name}`, socket.flow.id, http1ServerTable.chart);
    this.reader = new StreamReader(socket.flow.content[socket.side === 0 ? 1 : 0]);
    this.timer = world.timer(this.endpoint, 'idleTimeout', this);
    machine.start(this.instance, this.context, this, NOTHING);
    socket.handler = this;
    if (owner.headerTimeout > 0) world.arm(this.timer, world.now + owner.headerTimeout);
  }
  connected(): void {}
  received(upTo: number): void {
    this.reader.advance(upTo, (message: Message) => {
      const body = message.body as { head?: RequestHead } | null;
      if (message.protocol !== 'http') return this.step(EVENTS.notHttp);
      if (!body?.head) return;
      this.pending = body.head;
      this.world.cancel(this.timer);
      this.world.note(this.kinds.request_received, this.endpoint, message.id, this.world.text(body.head.path));
      this.step(EVENTS.request);
    });
  }
  handle(): void {
    this.owner.handle(this.pending!, (response) => {
      this.response = response;
      this.last = this.owner.keepAliveTimeout === 0 || !response.head.keepAlive || !this.pending!.keepAlive;
      this.step(this.last ? EVENTS.last : EVENTS.response);
    });
  }
  /** What came is no request: 400 and the end, as nginx does. */
  refuse(): void {
    this.last = true;
    this.response = badRequest();
    this.writeResponse();
  }
  writeResponse(): void {
    const { world, socket } = this;
    const { head, links } = this.response!;
    const keepAlive = !this.last;
    const lines = responseLines({ ...head, keepAlive });
    const info: ResponseInfo = { status: head.status, contentLength: head.length, type: head.type, maxAge: head.maxAge, keepAlive, links };
    const headMessage = world.message({
      layer: 'http', protocol: 'http', name: String(head.status), bytes: headText(lines).length, flow: socket.flow.id, direction: socket.side,
      fields: lines.map((line, i) => (i === 0 ? { name: 'Status line', value: line, spec: 'RFC 9112 §4' } : headerField(line))),
      body: { response: info, text: headText(lines) },
    });
    world.note(this.kinds.response_sent, this.endpoint, headMessage.id, head.status, head.length);
    const messages = [headMessage];
    if (head.length > 0) {
      messages.push(
        world.message({ layer: 'http', protocol: 'http', name: 'body', bytes: head.length, flow: socket.flow.id, direction: socket.side, fields: [], body: { type: head.type } }),
      );
    }
    socket.write(messages);
    if (keepAlive) world.arm(this.timer, world.now + this.owner.keepAliveTimeout);
  }
  timerFired(): void {
    this.step(EVENTS.idleOver);
  }
  closeSocket(): void {
    this.world.cancel(this.timer);
    this.socket.close();
  }
  ended(): void {
    this.step(EVENTS.end);
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
