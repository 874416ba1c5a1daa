/**
 * An HTTP/1.1 client connection on any stream socket, TCP or TLS (RFC 9112). One request at a time; a response ends
 * with the last byte of its Content-Length or with its last chunk (§6.3). Simplification: every response has one of the two.
 */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import { SECOND } from '../../base/time';
import type { RequestHead } from '../../model/http/request';
import type { ResponseInfo } from '../../model/http/response';
import type { EndpointId, HostId, TimerId } from '../../model/ids';
import type { RequestRow } from '../../model/request';
import { StreamReader, type Message, type StreamHandler, type StreamSocket } from '../../model/stream';
import type { TimerHandler, World } from '../../model/world';
import { httpClientRules, type HttpContext, type HttpEvent } from './client-rules';
import { http1ClientTable } from './client-table.gen';
import { headText, requestLines } from './codec';
import { HTTP_KINDS } from '../../model/http/kinds';

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
  startExpect: (c) => c.startExpect(),
  writeBody: (c) => c.writeBody(),
  tellHead: (c) => c.tellHead(),
  tellDone: (c) => c.tellDone(),
  tellBroken: (c) => c.tellBroken(),
});
const NOTHING: HttpEvent = { type: '' };
const CLOSED = machine.state('CLOSED');
const EVENTS = {
  request: machine.event('REQUEST'), expecting: machine.event('REQUEST_EXPECTING'), continue: machine.event('CONTINUE'), expectOver: machine.event('EXPECT_OVER'), head: machine.event('HEAD'), done: machine.event('BODY_DONE'), last: machine.event('LAST_BODY_DONE'), end: machine.event('END'),
  breaks: machine.event('BREAK'), abandon: machine.event('ABANDON'),
};

/** curl CURLOPT_EXPECT_100_TIMEOUT_MS: how long the content waits for 100. */
const EXPECT_TIMEOUT = SECOND;

interface Asked {
  readonly row: RequestRow | null;
  readonly head: RequestHead;
}

export class Http1Client implements StreamHandler, MachineHost<HttpEvent>, TimerHandler {
  readonly endpoint: EndpointId;
  private readonly instance = { state: 0 };
  readonly context: HttpContext = { served: 0 };
  private readonly kinds;
  private readonly reader: StreamReader;
  private current: Asked | null = null;
  /** Requests that were written before the current one was answered (RFC 9112 §9.3.2). */
  private ahead: Asked[] = [];
  private expectTimer: TimerId = -1;
  private info: ResponseInfo | null = null;
  private headBytes = 0;
  private bodyStart = 0;
  private written = false;
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
    const asked = { row, head };
    if (this.current) {
      this.ahead.push(asked);
      return this.write(asked);
    }
    this.current = asked;
    this.step(head.expect ? EVENTS.expecting : EVENTS.request);
  }
  writeRequest(): void {
    // unless it was written ahead
    if (this.current && !this.written) this.write(this.current);
  }
  /** Takes up a request that is out already. */
  private takeUp(asked: Asked): void {
    this.current = asked;
    this.written = true;
    this.step(EVENTS.request);
    this.written = false;
  }
  private write({ row, head }: Asked): void {
    const { world, socket } = this;
    const lines = requestLines(head), text = headText(lines);
    const message = world.message({
      layer: 'http', protocol: 'http', name: head.method, bytes: text.length, flow: socket.flow.id, direction: socket.side,
      fields: lines.map((line, i) => (i === 0 ? { name: 'Request line', value: line, spec: 'RFC 9112 §3' } : headerField(line))),
      body: { request: row ? row.id : -1, head, text },
    });
    const messages = head.body !== undefined && !head.expect ? [message, this.content(head.body)] : [message];
    if (!row) return socket.write(messages);
    for (const m of messages) row.bytesUp += m.bytes;
    const event = world.note(this.kinds.request_sent, this.endpoint, row.id, message.bytes);
    world.phase(row, 'send', event);
    socket.write(messages);
    world.phase(row, 'wait', event);
  }
  private content(bytes: number): Message {
    const { world, socket } = this;
    return world.message({ layer: 'http', protocol: 'http', name: 'content', bytes, flow: socket.flow.id, direction: socket.side, fields: [], body: { type: 'application/x-www-form-urlencoded', content: true } });
  }
  startExpect(): void {
    const { world } = this;
    const { row, head } = this.current!;
    if (this.expectTimer < 0) this.expectTimer = world.timer(this.endpoint, 'expectContinue', this);
    if (row) world.note(this.kinds.content_awaited, this.endpoint, row.id, head.body ?? 0);
    world.arm(this.expectTimer, world.now + EXPECT_TIMEOUT);
  }
  timerFired(): void {
    this.step(EVENTS.expectOver);
  }
  writeBody(): void {
    const { world } = this;
    const { row, head } = this.current!;
    const asked = world.deadline(this.expectTimer) >= 0;
    world.cancel(this.expectTimer);
    const message = this.content(head.body!);
    if (row) {
      row.bytesUp += message.bytes;
      world.note(this.kinds.content_sent, this.endpoint, row.id, message.bytes, asked ? 1 : 0);
    }
    this.socket.write([message]);
  }

  connected(): void {}
  received(upTo: number): void {
    this.reader.advance(upTo, (message) => this.take(message));
    this.checkBody(upTo);
  }
  private take(message: Message): void {
    const body = message.body as { response?: ResponseInfo; interim?: boolean };
    if (body.interim) return this.step(EVENTS.continue);
    if (!body.response) return;
    this.checkBody(message.start); // what was before it is over
    if (!this.current) return;
    if (this.expectTimer >= 0) this.world.cancel(this.expectTimer);
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
  private checkBody(upTo: number): void {
    const { info } = this;
    if (!info || !this.current) return;
    this.owner.bodyReceived?.(this, Math.min(upTo - this.bodyStart, info.contentLength));
    if (!this.current || upTo < this.bodyStart + info.contentLength) return;
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
    const next = this.ahead.shift();
    if (next) this.takeUp(next);
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
