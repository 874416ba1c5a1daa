/** The client's end of an HTTP/2 connection: each request a stream of its own, as many at once as the server takes (RFC 9113 §8.1). */
import { requestFields, type RequestHead } from '../../model/http/request';
import { HTTP_KINDS } from '../../model/http/kinds';
import type { MultiplexedClient, MultiplexedClientOwner } from '../../model/http/multiplexing';
import { orderOf, parsePriority, priorityValue, urgencyOf, type Urgency } from '../../model/http/priority';
import type { ResponseInfo } from '../../model/http/response';
import type { HeaderField } from '../../model/header-compression/field';
import type { Frame, H2Error } from '../../model/http2/frame';
import type { HostId } from '../../model/ids';
import type { RequestRow } from '../../model/request';
import type { Message, StreamSocket } from '../../model/stream';
import type { World } from '../../model/world';
import { Http2Connection, type Said } from './connection';
import { DependencyChain } from './dependencies';
import type { Http2Profile } from './profiles';
import { Stream } from './stream';

interface Exchange {
  readonly row: RequestRow;
  readonly head: RequestHead;
  info: ResponseInfo | null;
  received: number;
}

export class Http2Client extends Http2Connection implements MultiplexedClient {
  private readonly httpKinds;
  private readonly exchanges = new Map<Stream, Exchange>();
  /** Requests that wait because the server takes no more streams at once (§5.1.2). */
  private readonly queued: { readonly row: RequestRow; head: RequestHead }[] = [];
  private readonly dependencies = new DependencyChain();
  private nextId = 1;
  /** Requests answered. */
  served = 0;

  constructor(world: World, host: HostId, socket: StreamSocket, profile: Http2Profile, private readonly owner: MultiplexedClientOwner) {
    super(world, host, socket, 'requests on', profile);
    this.httpKinds = world.kinds(HTTP_KINDS);
    this.pump();
  }
  request(row: RequestRow, head: RequestHead): void {
    if (this.exchanges.size >= this.peer.MAX_CONCURRENT_STREAMS) {
      this.world.note(this.kinds.stream_waits, this.endpoint, row.id, this.exchanges.size);
      this.queued.push({ row, head });
      return;
    }
    const { world, profile } = this;
    const value = profile.prioritizes ? (head.priority ?? priorityValue(urgencyOf(head.destination))) : '';
    const urgency = parsePriority(value);
    const stream = new Stream(world, this.host, this.socket.flow, this.nextId, this, this.peer.INITIAL_WINDOW_SIZE, orderOf(urgency));
    this.nextId += 2;
    this.streams.set(stream.id, stream);
    this.exchanges.set(stream, { row, head, info: null, received: 0 });
    const pseudo: Readonly<Record<string, string>> = { ':method': head.method, ':path': head.path, ':scheme': head.secure ? 'https' : 'http', ':authority': head.host };
    const fields: HeaderField[] = [...profile.pseudo.map((name): HeaderField => [name, pseudo[name]!]), ...requestFields(head), ...(value ? [['priority', value] as const] : [])];
    const content = head.body ?? 0;
    const said: RequestHead = value ? { ...head, priority: value } : head;
    const message = this.queueHeaders(stream, fields, { request: row.id, head: said }, content === 0, this.hasDependencies ? this.dependencies.add(stream.id, urgency.urgency) : undefined);
    row.bytesUp += message.bytes;
    const event = world.note(this.httpKinds.request_sent, this.endpoint, row.id, message.bytes);
    world.phase(row, 'send', event);
    if (content > 0) {
      stream.type = 'application/x-www-form-urlencoded';
      stream.length = content;
      this.addContent(stream, content, true);
    } else this.pump();
    world.phase(row, 'wait', event);
  }
  /** Gives a request up: the server is told, the connection stays. */
  cancel(row: RequestRow): void {
    const at = this.queued.findIndex((q) => q.row === row);
    if (at >= 0) this.queued.splice(at, 1);
    for (const [stream, exchange] of this.exchanges) {
      if (exchange.row !== row) continue;
      this.exchanges.delete(stream);
      this.resetStream(stream, 'CANCEL');
    }
  }
  /** Chromium makes chains of RFC 7540, unless the server says that it does not go by them (RFC 9218 §2.1.1). */
  private get hasDependencies(): boolean {
    return this.profile.prioritizes && this.peer.NO_RFC7540_PRIORITIES === 0;
  }
  reprioritize(row: RequestRow, urgency: Urgency): void {
    if (!this.profile.prioritizes) return;
    const value = priorityValue(urgency);
    const waiting = this.queued.find((q) => q.row === row);
    if (waiting) waiting.head = { ...waiting.head, priority: value };
    const stream = [...this.exchanges].find(([, exchange]) => exchange.row === row)?.[0];
    if (!stream) return;
    this.world.note(this.httpKinds.priority_updated, this.endpoint, row.id, this.world.text(value));
    if (this.hasDependencies) for (const update of this.dependencies.move(stream.id, urgency.urgency)) this.queue({ type: 'PRIORITY', ...update });
    else this.queue({ type: 'PRIORITY_UPDATE', prioritized: stream.id, value });
    this.pump();
  }
  override streamClosed(stream: Stream): void {
    super.streamClosed(stream);
    this.dependencies.remove(stream.id);
  }
  protected dependencyChanged(): void {}
  protected priorityChanged(): void {}
  private next(): void {
    while (this.queued.length > 0 && !this.leaving && this.exchanges.size < this.peer.MAX_CONCURRENT_STREAMS) {
      const { row, head } = this.queued.shift()!;
      this.request(row, head);
    }
  }

  protected headers(message: Message, frame: Extract<Frame, { type: 'HEADERS' }>, said: Said): void {
    const stream = this.streams.get(frame.stream);
    const exchange = stream && this.exchanges.get(stream);
    const info = said.response;
    if (!exchange || !info) return;
    const { row } = exchange, { world } = this;
    exchange.info = info;
    row.bytesDown += message.bytes;
    row.status = info.status;
    row.protocol = 'h2';
    const event = world.note(this.httpKinds.head_received, this.endpoint, row.id, info.status, info.head.chunked ? -1 : info.contentLength);
    world.phase(row, 'receive', event);
    if (frame.endStream) this.over(stream, exchange);
  }
  protected data(stream: Stream, bytes: number, ends: boolean): void {
    const exchange = this.exchanges.get(stream);
    if (!exchange) return;
    exchange.received += bytes;
    exchange.row.bytesDown += bytes;
    if (ends) this.over(stream, exchange);
  }
  private over(stream: Stream, exchange: Exchange): void {
    const { row, info } = exchange, { world } = this;
    stream.is('receiveEnd');
    this.exchanges.delete(stream);
    this.served++;
    const event = world.note(this.httpKinds.response_received, this.endpoint, row.id, info!.status, exchange.received);
    world.finish(row, event);
    this.next();
    this.owner.responseDone(row, info!);
  }
  private fails(stream: Stream, code: string, unseen: boolean): void {
    const exchange = this.exchanges.get(stream);
    if (!exchange) return;
    this.exchanges.delete(stream);
    this.owner.requestFailed(exchange.row, code, unseen);
  }
  protected peerReset(stream: Stream, error: H2Error): void {
    const begun = this.exchanges.get(stream)?.info;
    this.fails(stream, error === 'REFUSED_STREAM' ? 'H2_REFUSED' : begun ? 'PARTIAL' : 'H2_RESET', error === 'REFUSED_STREAM');
    this.next();
  }
  protected peerLeaves(lastStream: number): void {
    this.owner.serverLeaves();
    for (const stream of [...this.exchanges.keys()]) if (stream.id > lastStream) this.fails(stream, 'H2_CLOSED', true);
    for (const { row } of this.queued.splice(0)) this.owner.requestFailed(row, 'H2_CLOSED', true);
  }
  protected peerSettled(): void {
    this.next();
  }
  protected lost(): void {
    this.owner.serverLeaves();
    const why = this.code === 'CLOSED' ? 'H2_CLOSED' : this.code;
    for (const [stream, { info }] of [...this.exchanges]) this.fails(stream, info && why === 'H2_CLOSED' ? 'PARTIAL' : why, false);
    for (const { row } of this.queued.splice(0)) this.owner.requestFailed(row, why, true);
  }
}
