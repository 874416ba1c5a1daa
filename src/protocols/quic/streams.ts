/** All streams of one end of a connection (RFC 9000 §2, §4): opening and limits, whose turn it is, flow control of the connection. */
import type { Flow } from '../../model/stream';
import { inTurn } from '../../model/stream-order';
import type { HostId, KindId } from '../../model/ids';
import type { MultiplexedStream } from '../../model/multiplexer';
import { streamOverhead, type QuicFrame } from '../../model/quic/frame';
import type { TransportParameters } from '../../model/quic/transport-parameters';
import type { World } from '../../model/world';
import type { QUIC_KINDS } from './kinds';
import type { QuicOptions } from './params';
import { QuicStream, UNORDERED, type StreamOwner } from './stream';

/** What the connection does for its streams. */
export interface StreamsOwner {
  readonly world: World;
  readonly host: HostId;
  readonly side: 0 | 1;
  readonly flow: Flow;
  readonly endpoint: number;
  readonly options: QuicOptions;
  readonly kinds: Readonly<Record<keyof typeof QUIC_KINDS.kinds, KindId>>;
  /** A frame of level 1-RTT for the next packet. */
  say(frame: QuicFrame): void;
  /** There is something to send. */
  wake(): void;
  incoming(stream: MultiplexedStream): void;
  moreStreams(): void;
}
type Limits = Pick<TransportParameters, 'initialMaxData' | 'initialMaxStreamDataBidiLocal' | 'initialMaxStreamDataBidiRemote' | 'initialMaxStreamDataUni' | 'initialMaxStreamsBidi' | 'initialMaxStreamsUni'>;
const NO_LIMITS: Limits = { initialMaxData: 0, initialMaxStreamDataBidiLocal: 0, initialMaxStreamDataBidiRemote: 0, initialMaxStreamDataUni: 0, initialMaxStreamsBidi: 0, initialMaxStreamsUni: 0 };
const BIDI = 0, UNI = 1;

export class Streams implements StreamOwner {
  private readonly streams = new Map<number, QuicStream>();
  /** Streams that have something to send, the next first. */
  private queue: QuicStream[] = [];
  private hasOrder = false;
  /** Somebody came, or got another order, since the queue was last sorted. */
  private unsorted = false;
  private turns = 0;
  /** By direction: numbers used, and how many may be. */
  private readonly opened = [0, 0];
  private readonly mayOpen = [0, 0];
  private readonly peerOpened = [0, 0];
  private readonly peerMayOpen: number[];
  private readonly saidMayOpen: number[];
  private readonly saidBlocked = [-1, -1];
  private peer: Limits = NO_LIMITS;
  private maxData = 0;
  private sentData = 0;
  private blockedAt = -1;
  private announced: number;
  private came = 0;

  constructor(private readonly owner: StreamsOwner, private readonly own: TransportParameters) {
    this.announced = own.initialMaxData;
    this.peerMayOpen = [own.initialMaxStreamsBidi, own.initialMaxStreamsUni];
    this.saidMayOpen = [...this.peerMayOpen];
  }
  get world(): World {
    return this.owner.world;
  }
  get host(): HostId {
    return this.owner.host;
  }
  get side(): 0 | 1 {
    return this.owner.side;
  }
  get streamBuffer(): number {
    return this.owner.options.streamBuffer;
  }
  get wantsToSend(): boolean {
    return this.queue.length > 0;
  }
  /** What the peer allows; what is remembered from last time may only grow (§7.4.1). */
  allow(peer: Limits): void {
    this.peer = peer;
    this.maxData = Math.max(this.maxData, peer.initialMaxData);
    this.mayOpen[BIDI] = Math.max(this.mayOpen[BIDI]!, peer.initialMaxStreamsBidi);
    this.mayOpen[UNI] = Math.max(this.mayOpen[UNI]!, peer.initialMaxStreamsUni);
    for (const s of this.streams.values()) this.grow(s, this.limitOf(s.id));
  }
  private limitOf(id: number): number {
    if (id & 2) return this.peer.initialMaxStreamDataUni;
    return (id & 1) === this.side ? this.peer.initialMaxStreamDataBidiRemote : this.peer.initialMaxStreamDataBidiLocal;
  }
  private ownLimitOf(id: number): number {
    if (id & 2) return this.own.initialMaxStreamDataUni;
    return (id & 1) === this.side ? this.own.initialMaxStreamDataBidiLocal : this.own.initialMaxStreamDataBidiRemote;
  }
  open(oneWay: boolean): QuicStream | null {
    const { owner } = this, direction = oneWay ? UNI : BIDI;
    const ordinal = this.opened[direction]!;
    if (ordinal >= this.mayOpen[direction]!) {
      if (this.saidBlocked[direction] !== ordinal) {
        this.saidBlocked[direction] = ordinal;
        owner.world.note(owner.kinds.streams_blocked, owner.endpoint, owner.flow.id, ordinal);
        owner.say({ type: oneWay ? 'STREAMS_BLOCKED_UNI' : 'STREAMS_BLOCKED_BIDI', limit: ordinal });
      }
      return null;
    }
    this.opened[direction]!++;
    const stream = this.make(4 * ordinal + 2 * direction + this.side);
    owner.world.note(owner.kinds.stream_opened, owner.endpoint, owner.flow.id, stream.id);
    return stream;
  }
  /** Both ends of a stream have the same flow. */
  private make(id: number): QuicStream {
    const { world, flow } = this.owner;
    const session = flow.session as { streams: Map<number, Flow> };
    let own = session.streams.get(id);
    if (!own) session.streams.set(id, (own = world.flow(`quic-stream-${id}`, flow.initiator, flow.responder, flow.initiatorPort, flow.responderPort, flow.id)));
    const stream = new QuicStream(this, own, id, this.limitOf(id), this.ownLimitOf(id));
    this.streams.set(id, stream);
    return stream;
  }
  /** The stream of a frame; null when it is over, or 'refused' when the peer may not open it. */
  private of(id: number): QuicStream | null | 'refused' {
    const known = this.streams.get(id);
    if (known) return known;
    const direction = id & 2 ? UNI : BIDI, ordinal = id >> 2;
    if ((id & 1) === this.side || ordinal < this.peerOpened[direction]!) return null;
    if (ordinal >= this.saidMayOpen[direction]!) return 'refused';
    let stream: QuicStream | null = null;
    // §3.2: a stream opens all before it of its kind
    for (let i = this.peerOpened[direction]!; i <= ordinal; i++) {
      stream = this.make(4 * i + (id & 3));
      this.owner.incoming(stream);
    }
    this.peerOpened[direction] = ordinal + 1;
    return stream;
  }

  // --- out ---------------------------------------------------------------------------------------------

  wants(stream: QuicStream): void {
    if (!stream.queued) {
      stream.queued = true;
      this.queue.push(stream);
      this.unsorted = true;
    }
    this.owner.wake();
  }
  ordered(): void {
    this.hasOrder = true;
    this.unsorted = true;
  }
  say(frame: QuicFrame): void {
    this.owner.say(frame);
  }
  /** The next STREAM frame that fits into `room` bytes, or null. `only`: of this stream, where a packet carries one alone. */
  take(room: number, only: number): { readonly frame: Extract<QuicFrame, { type: 'STREAM' }>; readonly again: boolean } | null {
    if (this.hasOrder && this.unsorted) this.queue.sort(before);
    this.unsorted = false;
    for (let i = 0; i < this.queue.length;) {
      const stream = this.queue[i]!;
      const next = stream.sendable(this.maxData - this.sentData);
      if (!next) {
        this.queue.splice(i, 1);
        stream.queued = false;
        this.tellBlocked(stream);
        continue;
      }
      if (only >= 0 && stream.id !== only) {
        i++;
        continue;
      }
      const most = room - streamOverhead(stream.id, next.offset, Math.min(next.length, room), false);
      if (most < 0 || (most === 0 && next.length > 0)) return null;
      const length = Math.min(next.length, most), fin = next.fin && length === next.length;
      this.sentData += stream.sent(next.offset, length, fin);
      stream.servedAt = ++this.turns;
      if (this.owner.options.schedule === 'round-robin') {
        this.queue.splice(i, 1);
        this.queue.push(stream);
        this.unsorted = this.hasOrder;
      } else if (this.hasOrder) this.moveBack(i);
      return { frame: { type: 'STREAM', stream: stream.id, offset: next.offset, length, fin, open: false }, again: next.again };
    }
    return null;
  }
  /** One that was served goes behind those whose turn it is now. */
  private moveBack(at: number): void {
    const { queue } = this, stream = queue[at]!;
    let i = at;
    for (; i + 1 < queue.length && before(stream, queue[i + 1]!) > 0; i++) queue[i] = queue[i + 1]!;
    queue[i] = stream;
  }
  private tellBlocked(stream: QuicStream): void {
    const { world, kinds, endpoint, flow } = this.owner;
    if (stream.atLimit && stream.blockedAt !== stream.limit) {
      stream.blockedAt = stream.limit;
      world.note(kinds.stream_blocked, endpoint, flow.id, stream.id, stream.limit);
      this.say({ type: 'STREAM_DATA_BLOCKED', stream: stream.id, limit: stream.limit });
    } else if (this.sentData >= this.maxData && stream.sendable(1) && this.blockedAt !== this.maxData) {
      this.blockedAt = this.maxData;
      world.note(kinds.connection_blocked, endpoint, flow.id, this.maxData);
      this.say({ type: 'DATA_BLOCKED', limit: this.maxData });
    }
  }
  acked(frame: QuicFrame): void {
    if (frame.type === 'STREAM') this.streams.get(frame.stream)?.frameAcked(frame);
    else if (frame.type === 'RESET_STREAM') this.streams.get(frame.stream)?.resetAcked();
  }
  lost(frame: Extract<QuicFrame, { type: 'STREAM' }>): void {
    this.streams.get(frame.stream)?.frameLost(frame);
  }
  /** What a lost frame of credit says now. */
  renewed(frame: QuicFrame): QuicFrame | null {
    if (frame.type === 'MAX_DATA') return { ...frame, limit: this.announced };
    if (frame.type !== 'MAX_STREAM_DATA') return frame;
    const stream = this.streams.get(frame.stream);
    return stream?.wantsCredit ? { ...frame, limit: stream.announced } : null;
  }

  // --- in ----------------------------------------------------------------------------------------------

  /** Handles a frame that concerns streams; returns the name of the error that it is, or nothing. */
  frame(f: QuicFrame): 'FLOW_CONTROL_ERROR' | 'STREAM_LIMIT_ERROR' | 'FINAL_SIZE_ERROR' | undefined {
    switch (f.type) {
      case 'STREAM': case 'RESET_STREAM': {
        const stream = this.of(f.stream);
        if (stream === 'refused') return 'STREAM_LIMIT_ERROR';
        if (!stream) return undefined;
        const end = f.type === 'STREAM' ? f.offset + f.length : f.finalSize;
        if (end > stream.announced) return 'FLOW_CONTROL_ERROR';
        if (f.type === 'RESET_STREAM') this.owner.world.note(this.owner.kinds.stream_reset, this.owner.endpoint, this.owner.flow.id, f.stream, f.error);
        this.came += f.type === 'STREAM' ? stream.frame(f) : stream.wasReset(f.error, f.finalSize);
        if (this.came > this.announced) return 'FLOW_CONTROL_ERROR';
        return undefined;
      }
      case 'STOP_SENDING': {
        const stream = this.of(f.stream);
        if (stream && stream !== 'refused') stream.stopped(f.error);
        return undefined;
      }
      case 'MAX_DATA':
        if (f.limit > this.maxData) {
          this.maxData = f.limit;
          for (const stream of this.streams.values()) if (stream.sendable(1)) this.wants(stream);
        }
        return undefined;
      case 'MAX_STREAM_DATA': {
        const stream = this.of(f.stream);
        if (stream && stream !== 'refused') this.grow(stream, f.limit);
        return undefined;
      }
      case 'MAX_STREAMS_BIDI': return this.mayOpenMore(BIDI, f.limit);
      case 'MAX_STREAMS_UNI': return this.mayOpenMore(UNI, f.limit);
      default: return undefined;
    }
  }
  private mayOpenMore(direction: number, limit: number): undefined {
    if (limit <= this.mayOpen[direction]!) return;
    this.mayOpen[direction] = limit;
    this.owner.moreStreams();
  }
  private grow(stream: QuicStream, limit: number): void {
    if (limit <= stream.limit) return;
    stream.limit = limit;
    this.wants(stream);
  }
  /** Bytes are read as soon as they may be: half a window used up opens it again. */
  streamRead(stream: QuicStream, upTo: number): void {
    const { world, kinds, endpoint, flow } = this.owner;
    world.note(kinds.stream_read, endpoint, flow.id, stream.id, upTo);
    const window = this.ownLimitOf(stream.id);
    if (stream.wantsCredit && stream.announced - upTo < window / 2) {
      stream.announced = upTo + window;
      this.say({ type: 'MAX_STREAM_DATA', stream: stream.id, limit: stream.announced });
    }
    if (this.announced - this.came < this.own.initialMaxData / 2) {
      this.announced = this.came + this.own.initialMaxData;
      this.say({ type: 'MAX_DATA', limit: this.announced });
    }
  }
  streamWaits(stream: QuicStream, bytes: number): void {
    const { world, kinds, endpoint, flow } = this.owner;
    world.note(kinds.stream_waits, endpoint, flow.id, stream.id, bytes);
  }
  /** One that is over makes room for another of the peer's (§4.6). */
  streamDone(stream: QuicStream): void {
    this.streams.delete(stream.id);
    if (stream.own) return;
    const direction = stream.oneWay ? UNI : BIDI;
    this.peerMayOpen[direction]!++;
    const window = stream.oneWay ? this.own.initialMaxStreamsUni : this.own.initialMaxStreamsBidi;
    // told when half of them are used up, as with MAX_DATA
    if (this.saidMayOpen[direction]! - this.peerOpened[direction]! > window / 2) return;
    this.saidMayOpen[direction] = this.peerMayOpen[direction]!;
    this.say({ type: stream.oneWay ? 'MAX_STREAMS_UNI' : 'MAX_STREAMS_BIDI', limit: this.peerMayOpen[direction]! });
  }
  connectionLost(code: string): void {
    for (const stream of [...this.streams.values()]) stream.lostConnection(code);
    this.streams.clear();
    this.queue = [];
  }
}
/** Whose turn is first; those without an order keep the connection's own. */
const before = (a: QuicStream, b: QuicStream): number => (a.order === UNORDERED && b.order === UNORDERED ? 0 : inTurn(a, b));
