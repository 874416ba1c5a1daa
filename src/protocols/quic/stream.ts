/**
 * One stream as either end keeps it (RFC 9000 §2, §3, §4): what was sent, acknowledged, lost; what came and in what order it may be read.
 * Law: bytes behind a hole wait; bytes of other streams do not.
 */
import type { MultiplexedStream } from '../../model/multiplexer';
import type { QuicFrame } from '../../model/quic/frame';
import { RangeSet } from '../../model/quic/ranges';
import type { Flow, Message, StreamContent, StreamHandler } from '../../model/stream';
import type { StreamOrder } from '../../model/stream-order';
import type { HostId } from '../../model/ids';
import type { World } from '../../model/world';
import { quicReceiveTable } from './receive-table.gen';
import { quicSendTable } from './send-table.gen';
import { PartKind, StreamPart } from './stream-part';

const SENDING = new PartKind(quicSendTable, 'sending'), RECEIVING = new PartKind(quicReceiveTable, 'receiving');
const NO_HANDLER: StreamHandler = { connected() {}, received() {}, ended() {}, failed() {} };
type StreamFrame = Extract<QuicFrame, { type: 'STREAM' }>;

/** Nothing was said: before all that have an order, in the connection's own. */
export const UNORDERED: StreamOrder = { rank: -1, shares: true };

/** What a stream needs of its connection. */
export interface StreamOwner {
  readonly world: World;
  readonly host: HostId;
  readonly side: 0 | 1;
  /** What a stream may have sent and not acknowledged. */
  readonly streamBuffer: number;
  /** There is something to send. */
  wants(stream: QuicStream): void;
  /** Some streams have an order. */
  ordered(): void;
  /** Something that must be said of it beside its data. */
  say(frame: QuicFrame): void;
  streamRead(stream: QuicStream, upTo: number): void;
  streamWaits(stream: QuicStream, bytes: number): void;
  streamDone(stream: QuicStream): void;
}
/** What may go out next: `length` 0 with `fin` is an end alone. */
export interface Sendable {
  readonly offset: number;
  readonly length: number;
  readonly fin: boolean;
  /** It went out before. */
  readonly again: boolean;
}

export class QuicStream implements MultiplexedStream {
  handler: StreamHandler = NO_HANDLER;
  readonly oneWay: boolean;
  readonly own: boolean;
  peerError = -1;
  /** It waits for its turn. */
  queued = false;
  /** Whose turn it is, when somebody has said so; and when it was served last (a count). */
  order: StreamOrder = UNORDERED;
  servedAt = 0;
  /** Limit that the peer set, and whether that was said to hold it up. */
  limit: number;
  blockedAt = -1;
  /** Limit that this end set, what came up to where, what was read. */
  announced: number;
  highest = 0;
  delivered = 0;
  private readonly content: StreamContent;
  private readonly sending: StreamPart | null;
  private readonly receiving: StreamPart | null;
  private sentUpTo = 0;
  private readonly lost = new RangeSet();
  private readonly acked = new RangeSet();
  private ackedBytes = 0;
  private end: 'open' | 'wanted' | 'sent' | 'acked' = 'open';
  private given = false;
  private readonly received = new RangeSet();
  private finalSize = -1;
  private holed = false;

  constructor(private readonly owner: StreamOwner, readonly flow: Flow, readonly id: number, limit: number, announced: number) {
    const { world, host, side } = owner;
    this.limit = limit;
    this.announced = announced;
    this.oneWay = (id & 2) !== 0;
    this.own = (id & 1) === side;
    this.content = flow.content[side];
    this.sending = this.oneWay && !this.own ? null : new StreamPart(world, host, flow, id, SENDING, () => this.over());
    this.receiving = this.oneWay && this.own ? null : new StreamPart(world, host, flow, id, RECEIVING, () => this.over());
  }
  get side(): 0 | 1 {
    return this.owner.side;
  }
  setOrder(order: StreamOrder): boolean {
    this.order = order;
    this.owner.ordered();
    return !this.given && (this.end === 'open' || this.end === 'wanted');
  }
  private over(): void {
    if ((this.sending?.over ?? true) && (this.receiving?.over ?? true)) this.owner.streamDone(this);
  }

  // --- out ---------------------------------------------------------------------------------------------

  get blocked(): boolean {
    return this.content.length - this.ackedBytes > this.owner.streamBuffer;
  }
  write(messages: readonly Message[]): void {
    if (!this.sending || this.given || this.end !== 'open') return;
    for (const message of messages) this.content.append(message);
    this.owner.wants(this);
  }
  shutdown(): void {
    if (!this.sending || this.given || this.end !== 'open') return;
    this.end = 'wanted';
    this.owner.wants(this);
  }
  close(): void {
    this.shutdown();
  }
  abort(): void {
    this.reset(0);
    this.stopReading(0);
  }
  reset(error: number): void {
    if (!this.sending || this.given || this.sending.over) return;
    this.given = true;
    this.sending.is('RESET');
    this.owner.say({ type: 'RESET_STREAM', stream: this.id, error, finalSize: this.sentUpTo });
  }
  stopReading(error: number): void {
    if (!this.receiving || this.receiving.over || this.finalSize === this.delivered) return;
    this.owner.say({ type: 'STOP_SENDING', stream: this.id, error });
  }
  /** What may go out now, when the connection lets `credit` new bytes go; null: nothing. */
  sendable(credit: number): Sendable | null {
    if (!this.sending || this.given) return null;
    const [hole] = this.lost.list;
    const all = this.content.length;
    if (hole) return { offset: hole[0], length: hole[1] - hole[0], fin: this.end === 'wanted' && hole[1] === all && this.sentUpTo === all, again: true };
    const until = Math.min(all, this.limit, this.ackedBytes + this.owner.streamBuffer, this.sentUpTo + credit);
    if (until > this.sentUpTo) return { offset: this.sentUpTo, length: until - this.sentUpTo, fin: this.end === 'wanted' && until === all, again: false };
    return this.end === 'wanted' && this.sentUpTo === all ? { offset: all, length: 0, fin: true, again: false } : null;
  }
  /** Something new waits, and only the peer's limit holds it up. */
  get atLimit(): boolean {
    return !this.given && this.sentUpTo >= this.limit && this.content.length > this.sentUpTo;
  }
  /** Part of what was sendable went out; returns how many bytes of it were new. */
  sent(offset: number, length: number, fin: boolean): number {
    this.lost.remove(offset, offset + length);
    const fresh = Math.max(0, offset + length - this.sentUpTo);
    if (this.sending!.state === 'READY') this.sending!.is('DATA');
    this.sentUpTo += fresh;
    if (!fin) return fresh;
    this.end = 'sent';
    if (this.sending!.state === 'SEND') this.sending!.is('FIN');
    return fresh;
  }
  frameAcked({ offset, length, fin }: StreamFrame): void {
    const wasBlocked = this.blocked;
    this.ackedBytes += this.acked.add(offset, offset + length);
    this.lost.remove(offset, offset + length);
    if (fin) this.end = 'acked';
    if (this.given) return;
    if (this.end === 'acked' && this.ackedBytes === this.content.length) {
      if (!this.sending!.over) this.sending!.is('ALL_ACKED');
      return;
    }
    this.owner.wants(this);
    if (wasBlocked && !this.blocked) this.handler.writable?.();
  }
  frameLost({ offset, length, fin }: StreamFrame): void {
    if (this.given) return;
    this.lost.add(offset, offset + length);
    for (const [start, end] of this.acked.list) this.lost.remove(start, end);
    if (fin && this.end === 'sent') this.end = 'wanted';
    this.owner.wants(this);
  }
  resetAcked(): void {
    this.sending!.is('RESET_ACKED');
  }
  /** The peer wants no more of it (§3.5): what is left is given up. */
  stopped(error: number): void {
    if (this.given || !this.sending || this.sending.over) return;
    this.peerError = error;
    this.reset(error);
    this.handler.failed('STOPPED');
  }

  // --- in ----------------------------------------------------------------------------------------------

  /** Returns how many bytes further it reaches than before, which the connection's limit counts. */
  frame({ offset, length, fin }: StreamFrame): number {
    const end = offset + length;
    const further = Math.max(0, end - this.highest);
    this.highest += further;
    if (fin && this.finalSize < 0) {
      this.finalSize = end;
      this.receiving!.is('FIN');
    }
    if (this.receiving!.state !== 'RECV' && this.receiving!.state !== 'SIZE_KNOWN') return further;
    this.received.add(offset, end);
    const upTo = this.received.contiguous(0);
    const waiting = this.received.count - upTo;
    if (waiting > 0 && !this.holed) this.owner.streamWaits(this, waiting);
    this.holed = waiting > 0;
    if (upTo > this.delivered) {
      this.delivered = upTo;
      this.owner.streamRead(this, upTo);
      this.handler.received(upTo);
    }
    if (upTo === this.finalSize && this.receiving!.state === 'SIZE_KNOWN') {
      this.receiving!.is('ALL_RECEIVED');
      this.receiving!.is('READ');
      this.handler.ended();
    }
    return further;
  }
  /** The peer has given up. Returns how many bytes further its end is. */
  wasReset(error: number, finalSize: number): number {
    const further = Math.max(0, finalSize - this.highest);
    this.highest += further;
    this.peerError = error;
    if (this.receiving!.state !== 'RECV' && this.receiving!.state !== 'SIZE_KNOWN') return further;
    this.receiving!.is('RESET');
    this.receiving!.is('READ');
    this.handler.failed('RESET');
    return further;
  }
  /** The limit grows by what was read, once half of it is used up; the size once known needs none. */
  get wantsCredit(): boolean {
    return this.receiving?.state === 'RECV';
  }
  lostConnection(code: string): void {
    const { handler } = this;
    this.handler = NO_HANDLER;
    if (!(this.receiving?.over ?? true)) handler.failed(code);
  }
}
