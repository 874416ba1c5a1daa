/** The client's end of HTTP/3: each request a stream of its own (RFC 9114 §4.1). */
import { requestFields, type RequestHead } from '../../model/http/request';
import { HTTP_KINDS } from '../../model/http/kinds';
import type { MultiplexedClient, MultiplexedClientOwner } from '../../model/http/multiplexing';
import { priorityValue, urgencyOf, type Urgency } from '../../model/http/priority';
import type { ResponseInfo } from '../../model/http/response';
import type { HeaderField } from '../../model/header-compression/field';
import { H3_ERROR } from '../../model/http3/frame';
import type { HostId } from '../../model/ids';
import type { MultiplexedStream, Multiplexer } from '../../model/multiplexer';
import type { RequestRow } from '../../model/request';
import { StreamReader, type Message } from '../../model/stream';
import type { World } from '../../model/world';
import { Http3Connection, type H3Body } from './connection';
import type { Http3Profile } from './profiles';

interface Exchange {
  readonly row: RequestRow;
  readonly stream: MultiplexedStream;
  info: ResponseInfo | null;
  received: number;
  /** Bytes of the answer's head. */
  head: number;
  /** All is there; the fields may still be unreadable. */
  whole: boolean;
}

export class Http3Client extends Http3Connection implements MultiplexedClient {
  private readonly httpKinds;
  private readonly exchanges = new Map<RequestRow, Exchange>();
  /** Requests that wait because the server lets no more streams be open. */
  private readonly queued: { readonly row: RequestRow; head: RequestHead }[] = [];
  served = 0;
  leaving = false;

  constructor(world: World, host: HostId, transport: Multiplexer, profile: Http3Profile, private readonly owner: MultiplexedClientOwner) {
    super(world, host, transport, 'requests on', profile);
    this.httpKinds = world.kinds(HTTP_KINDS);
    this.ready(false);
  }
  request(row: RequestRow, head: RequestHead): void {
    const { world, profile } = this;
    const stream = this.transport.open(false);
    if (!stream) {
      world.note(this.kinds.stream_waits, this.endpoint, row.id, this.exchanges.size);
      this.queued.push({ row, head });
      return;
    }
    const exchange: Exchange = { row, stream, info: null, received: 0, head: 0, whole: false };
    this.exchanges.set(row, exchange);
    const reader = new StreamReader(stream.flow.content[1]);
    let upToNow = 0;
    stream.handler = {
      connected() {},
      received: (upTo) => {
        row.bytesDown += upTo - upToNow;
        upToNow = upTo;
        reader.advance(upTo, (message) => this.take(exchange, message));
      },
      ended: () => this.whole(exchange), failed: (code) => this.lost(exchange, code),
    };
    const pseudo: Readonly<Record<string, string>> = { ':method': head.method, ':path': head.path, ':scheme': 'https', ':authority': head.host };
    const priority = profile.prioritizes ? (head.priority ?? priorityValue(urgencyOf(head.destination))) : '';
    if (priority && profile.saysPriorityFirst) this.sayPriority(stream, priority);
    const fields: HeaderField[] = [...profile.pseudo.map((name): HeaderField => [name, pseudo[name]!]), ...requestFields(head), ...(priority ? [['priority', priority] as const] : [])];
    const message = this.headersMessage(stream, fields, { request: row.id, head: priority ? { ...head, priority } : head });
    const content = head.body ?? 0;
    row.bytesUp += message.bytes + content;
    const event = world.note(this.httpKinds.request_sent, this.endpoint, row.id, message.bytes);
    world.phase(row, 'send', event);
    stream.write(content > 0 ? [message, this.dataMessage(stream, 'application/x-www-form-urlencoded', content, 0, content)] : [message]);
    stream.shutdown();
    world.phase(row, 'wait', event);
  }
  cancel(row: RequestRow): void {
    const at = this.queued.findIndex((q) => q.row === row);
    if (at >= 0) this.queued.splice(at, 1);
    const exchange = this.exchanges.get(row);
    if (!exchange) return;
    this.exchanges.delete(row);
    this.giveUpReading(exchange.stream);
    exchange.stream.reset(H3_ERROR.REQUEST_CANCELLED);
    exchange.stream.stopReading(H3_ERROR.REQUEST_CANCELLED);
  }
  reprioritize(row: RequestRow, urgency: Urgency): void {
    if (!this.profile.prioritizes) return;
    const value = priorityValue(urgency);
    const waiting = this.queued.find((q) => q.row === row), exchange = this.exchanges.get(row);
    if (waiting) waiting.head = { ...waiting.head, priority: value };
    if (!exchange) return;
    this.world.note(this.httpKinds.priority_updated, this.endpoint, row.id, this.world.text(value));
    this.sayPriority(exchange.stream, value);
  }
  protected priorityChanged(): void {
    this.fail(H3_ERROR.FRAME_UNEXPECTED); // RFC 9218 §7.2: only a client says it
  }
  close(): void {
    this.leaving = true;
    this.transport.close(H3_ERROR.NO_ERROR, '');
  }
  override moreStreams(): void {
    for (const { row, head } of this.queued.splice(0)) this.request(row, head);
  }

  private take(exchange: Exchange, message: Message): void {
    const body = message.body as H3Body;
    if (body.content) exchange.received += body.content.bytes;
    if (body.frame?.type !== 'HEADERS') return;
    exchange.head = message.bytes;
    this.read(exchange.stream, body.frame.section, () => this.answered(exchange, body.response ?? null));
  }
  private answered(exchange: Exchange, info: ResponseInfo | null): void {
    if (!info || this.exchanges.get(exchange.row) !== exchange) return;
    const { world } = this, { row } = exchange;
    exchange.info = info;
    row.status = info.status;
    row.protocol = 'h3';
    const event = world.note(this.httpKinds.head_received, this.endpoint, row.id, info.status, info.head.chunked ? -1 : info.contentLength);
    world.phase(row, 'receive', event);
    if (exchange.whole) this.over(exchange, info);
  }
  private whole(exchange: Exchange): void {
    exchange.whole = true;
    if (exchange.info && this.exchanges.has(exchange.row)) this.over(exchange, exchange.info);
  }
  private over(exchange: Exchange, info: ResponseInfo): void {
    const { world } = this, { row } = exchange;
    this.exchanges.delete(row);
    this.served++;
    // head and content; what DATA frames add is not counted, as in HTTP/2
    row.bytesDown = exchange.head + exchange.received;
    const event = world.note(this.httpKinds.response_received, this.endpoint, row.id, info.status, exchange.received);
    world.finish(row, event);
    this.owner.responseDone(row, info);
  }
  private lost(exchange: Exchange, code: string): void {
    const { row, stream, info } = exchange;
    if (this.exchanges.get(row) !== exchange) return;
    this.exchanges.delete(row);
    if (code !== 'RESET' && code !== 'STOPPED') return this.owner.requestFailed(row, info ? 'PARTIAL' : code === 'CLOSED' ? 'H3_CLOSED' : code, false);
    const rejected = stream.peerError === H3_ERROR.REQUEST_REJECTED;
    this.owner.requestFailed(row, rejected ? 'H3_REFUSED' : info ? 'PARTIAL' : 'H3_RESET', rejected);
  }
  protected requested(stream: MultiplexedStream): void {
    stream.abort(); // a server opens no such streams (RFC 9114 §6.1)
  }
  protected peerLeaves(id: number): void {
    this.leaving = true;
    this.owner.serverLeaves();
    for (const exchange of [...this.exchanges.values()]) {
      if (exchange.stream.id < id) continue;
      this.exchanges.delete(exchange.row);
      this.owner.requestFailed(exchange.row, 'H3_CLOSED', true);
    }
    for (const { row } of this.queued.splice(0)) this.owner.requestFailed(row, 'H3_CLOSED', true);
  }
  closed(code: string): void {
    this.leaving = true;
    this.owner.serverLeaves();
    const why = code === 'CLOSED' ? 'H3_CLOSED' : code;
    for (const exchange of [...this.exchanges.values()]) this.lost(exchange, why);
    for (const { row } of this.queued.splice(0)) this.owner.requestFailed(row, why, true);
  }
}
