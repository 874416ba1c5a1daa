/**
 * An HTTP/1.1 client connection on any stream socket, TCP or TLS (RFC 9112). One request at a time; a response ends
 * with the last byte of its Content-Length or with its last chunk (§6.3). Simplification: every response has one of the two.
 */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { EndpointId, HostId } from '../../model/ids';
import type { RequestRow } from '../../model/request';
import { StreamReader, type Message, type StreamHandler, type StreamSocket } from '../../model/stream';
import type { World } from '../../model/world';
import { httpClientRules, type HttpContext, type HttpEvent } from './client-rules';
import { http1ClientTable } from './client-table.gen';
import { headText, requestLines, type RequestHead, type ResponseHead } from './codec';
import { HTTP_KINDS } from './kinds';

/** What a response head tells the client. */
export interface ResponseInfo {
  readonly status: number;
  /** Bytes of the body on the wire; in chunks their lengths among them. */
  readonly contentLength: number;
  readonly type: string;
  readonly maxAge: number;
  readonly keepAlive: boolean;
  /** What the document refers to. */
  readonly links: readonly string[];
  /** All that the head says. */
  readonly head: ResponseHead;
}
/** What the owner of a connection hears. */
export interface HttpClientOwner {
  /** The response is complete. `reusable`: the connection may take another request. `request` is null for an inner exchange. */
  responseDone(connection: Http1Client, request: RequestRow | null, info: ResponseInfo, reusable: boolean): void;
  /** The head of the response is there (`bytes` long), and then each time more of the body: `received` bytes of it in all. */
  headReceived?(connection: Http1Client, info: ResponseInfo, bytes: number): void;
  bodyReceived?(connection: Http1Client, received: number): void;
  /** The connection ended or broke; `request` is the one under way, or null. */
  broken(connection: Http1Client, request: RequestRow | null, code: string): void;
}
const machine = new Machine<HttpContext, HttpEvent>(http1ClientTable, httpClientRules);
const EFFECTS = bindEffects<Http1Client, HttpEvent>(http1ClientTable, {
  writeRequest: (c) => c.writeRequest(),
  tellHead: (c) => c.tellHead(),
  tellDone: (c) => c.tellDone(),
  tellBroken: (c) => c.tellBroken(),
});
const NOTHING: HttpEvent = { type: '' };
const CLOSED = machine.state('CLOSED');
const EVENTS = {
  request: machine.event('REQUEST'), head: machine.event('HEAD'), done: machine.event('BODY_DONE'), last: machine.event('LAST_BODY_DONE'), end: machine.event('END'),
  breaks: machine.event('BREAK'), abandon: machine.event('ABANDON'),
};

export class Http1Client implements StreamHandler, MachineHost<HttpEvent> {
  readonly endpoint: EndpointId;
  private readonly instance = { state: 0 };
  readonly context: HttpContext = { served: 0 };
  private readonly kinds;
  private readonly reader: StreamReader;
  private current: { row: RequestRow | null; head: RequestHead } | null = null;
  private info: ResponseInfo | null = null;
  private headBytes = 0;
  private bodyStart = 0;
  private upTo = 0;
  /** Why the connection is over. */
  private code = '';

  constructor(private readonly world: World, host: HostId, readonly socket: StreamSocket, private readonly owner: HttpClientOwner) {
    this.kinds = world.kinds(HTTP_KINDS);
    this.endpoint = world.endpoint(host, 'http', 'http', `requests on ${socket.flow.name}`, socket.flow.id, http1ClientTable.chart);
    this.reader = new StreamReader(socket.flow.content[socket.side === 0 ? 1 : 0]);
    machine.start(this.instance, this.context, this, NOTHING);
    socket.handler = this;
  }
  get idle(): boolean {
    return this.instance.state === machine.initial;
  }
  /** Sends a request. `row` is null when it is no client's own (a proxy's to its upstream): then its owner tells the trace. */
  request(row: RequestRow | null, head: RequestHead): void {
    this.current = { row, head };
    this.step(EVENTS.request);
  }
  writeRequest(): void {
    const { world, socket } = this;
    const { row, head } = this.current!;
    const lines = requestLines(head), text = headText(lines);
    const message = world.message({
      layer: 'http', protocol: 'http', name: head.method, bytes: text.length, flow: socket.flow.id, direction: socket.side,
      fields: lines.map((line, i) => (i === 0 ? { name: 'Request line', value: line, spec: 'RFC 9112 §3' } : headerField(line))),
      body: { request: row ? row.id : -1, head, text },
    });
    if (!row) return socket.write([message]);
    row.bytesUp += message.bytes;
    const event = world.note(this.kinds.request_sent, this.endpoint, row.id, message.bytes);
    world.phase(row, 'send', event);
    socket.write([message]);
    world.phase(row, 'wait', event);
  }

  connected(): void {}
  received(upTo: number): void {
    this.upTo = upTo;
    this.reader.advance(upTo, (message) => this.take(message));
    this.checkBody();
  }
  private take(message: Message): void {
    const body = message.body as { response?: ResponseInfo };
    if (!body.response || !this.current) return;
    this.info = body.response;
    this.bodyStart = message.end;
    this.headBytes = message.bytes;
    if (this.current.row) this.current.row.bytesDown += message.bytes;
    this.step(EVENTS.head);
  }
  tellHead(): void {
    const { world, info } = this;
    const { row } = this.current!;
    this.owner.headReceived?.(this, info!, this.headBytes);
    if (!row) return;
    row.status = info!.status;
    row.protocol = 'h1';
    const event = world.note(this.kinds.head_received, this.endpoint, row.id, info!.status, info!.head.chunked ? -1 : info!.contentLength);
    world.phase(row, 'receive', event);
  }
  private checkBody(): void {
    const { info } = this;
    if (!info || !this.current) return;
    this.owner.bodyReceived?.(this, Math.min(this.upTo - this.bodyStart, info.contentLength));
    if (!this.current || this.upTo < this.bodyStart + info.contentLength) return;
    this.step(info.keepAlive ? EVENTS.done : EVENTS.last);
  }
  tellDone(): void {
    const { world, info } = this;
    const { row } = this.current!;
    if (row) {
      row.bytesDown += info!.contentLength;
      const event = world.note(this.kinds.response_received, this.endpoint, row.id, info!.status, info!.contentLength);
      world.finish(row, event);
    }
    this.current = null;
    this.info = null;
    this.owner.responseDone(this, row, info!, info!.keepAlive);
  }
  ended(): void {
    this.code = this.current ? (this.info ? 'PARTIAL' : 'EMPTY_RESPONSE') : 'CLOSED';
    this.step(EVENTS.end);
    this.socket.close();
  }
  failed(code: string): void {
    this.code = code;
    this.step(EVENTS.breaks);
  }
  tellBroken(): void {
    const row = this.current?.row ?? null;
    this.current = null;
    this.owner.broken(this, row, this.code);
  }
  /** The owner gives up: nobody is told, and what still comes is not read. */
  abandon(): void {
    this.current = null;
    if (this.instance.state !== CLOSED) this.step(EVENTS.abandon);
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

/** A header line as a field of the inspector. */
export function headerField(line: string): { name: string; value: string; spec: string } {
  const colon = line.indexOf(':');
  return { name: line.slice(0, colon), value: line.slice(colon + 2), spec: 'RFC 9110' };
}
