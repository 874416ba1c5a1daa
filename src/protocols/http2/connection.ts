/**
 * What both ends of an HTTP/2 connection do (RFC 9113): settings, frames out and in, flow control at both levels, the order in which
 * streams are served. Law: a frame is one message of the stream underneath; DATA goes out only while that stream takes it, so that
 * what is more urgent need not wait behind all that was written before.
 */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { HeaderField } from '../../model/header-compression/field';
import {
  DEFAULT_FRAME_SIZE, DEFAULT_WINDOW, FRAME_HEADER_BYTES, MAX_WINDOW, payloadBytes, PREFACE, type Frame, type H2Error, type SettingName, type StreamPriority,
} from '../../model/http2/frame';
import { HpackDecoder, HpackEncoder } from '../../model/http2/hpack';
import type { RequestHead } from '../../model/http/request';
import type { ResponseInfo } from '../../model/http/response';
import type { EndpointId, HostId, RequestId } from '../../model/ids';
import { StreamReader, type Message, type MessageField, type StreamHandler, type StreamSocket } from '../../model/stream';
import type { BatchHandler, World } from '../../model/world';
import { connectionRules, type ConnectionContext, type ConnectionEvent } from './connection-rules';
import { http2ConnectionTable } from './connection-table.gen';
import { frameFields } from './fields';
import { HTTP2_KINDS } from './kinds';
import type { Http2Profile } from './profiles';
import { nextStream } from './schedule';
import type { Stream, StreamOwner } from './stream';

/** What a HEADERS frame says, for the end that reads it: a request (its row, its head) or a response. */
export interface Said {
  readonly request?: RequestId;
  readonly head?: RequestHead;
  readonly response?: ResponseInfo;
}
/** Body of a frame's message. */
export interface FrameBody extends Said {
  readonly frame: Frame;
  /** Of DATA: media type of the content, how long that is in all, and where in it the frame begins. */
  readonly content?: { readonly type: string; readonly length: number; readonly from: number };
}
const machine = new Machine<ConnectionContext, ConnectionEvent>(http2ConnectionTable, connectionRules);
const EFFECTS = bindEffects<Http2Connection, ConnectionEvent>(http2ConnectionTable, {
  sendSettings: (c) => c.sendSettings(),
  sendGoaway: (c) => c.sendGoaway(),
  dropStreams: (c) => c.dropStreams(),
  closeSocket: (c) => c.closeSocket(),
});
const NOTHING: ConnectionEvent = { type: '' };
const EVENTS = {
  start: machine.event('START'), acknowledged: machine.event('SETTINGS_ACK'), goaway: machine.event('GOAWAY'), error: machine.event('ERROR'), close: machine.event('CLOSE'),
  end: machine.event('END'), breaks: machine.event('BREAK'),
};
const CLOSED = machine.state('CLOSED'), GOING_AWAY = machine.state('GOING_AWAY');
/** nginx http2_chunk_size 8k, output_buffers 2 32k: content of one frame, and of one write. */
const CHUNK_BYTES = 8192, WRITE_BYTES = 32_768;

export abstract class Http2Connection implements StreamHandler, MachineHost<ConnectionEvent>, StreamOwner, BatchHandler {
  readonly endpoint: EndpointId;
  protected readonly kinds;
  protected readonly streams = new Map<number, Stream>();
  protected readonly encoder: HpackEncoder;
  protected readonly decoder: HpackDecoder;
  /** What the peer has said, or the RFC presumes (§6.5.2). */
  protected readonly peer: Record<SettingName, number> = { HEADER_TABLE_SIZE: 4096, ENABLE_PUSH: 1, MAX_CONCURRENT_STREAMS: Infinity, INITIAL_WINDOW_SIZE: DEFAULT_WINDOW, MAX_FRAME_SIZE: DEFAULT_FRAME_SIZE, MAX_HEADER_LIST_SIZE: Infinity, NO_RFC7540_PRIORITIES: 0 };
  /** The greatest stream that the peer has begun. */
  protected lastStream = 0;
  protected error: H2Error = 'NO_ERROR';
  /** Why the connection is over: errno, or CLOSED. */
  protected code = 'CLOSED';
  private readonly instance = { state: 0 };
  private readonly reader: StreamReader;
  private readonly streamWindow: number;
  private readonly connectionWindow: number;
  private sendWindow = DEFAULT_WINDOW;
  private unacknowledged = 0;
  private control: Message[] = [];
  private blocked = false;
  private pumping = false;
  private turns = 0;
  /** Answers that come within this turn of the loop: nothing is written before they are there (nginx h2c->blocked). */
  protected held = 0;

  constructor(protected readonly world: World, protected readonly host: HostId, readonly socket: StreamSocket, title: string, protected readonly profile: Http2Profile) {
    this.kinds = world.kinds(HTTP2_KINDS);
    this.endpoint = world.endpoint(host, 'http', 'http2', `${title} ${socket.flow.name}`, socket.flow.id, http2ConnectionTable.chart);
    this.encoder = new HpackEncoder(profile.hpack);
    const own = (name: SettingName, otherwise: number): number => profile.settings.find(([n]) => n === name)?.[1] ?? otherwise;
    this.decoder = new HpackDecoder(own('HEADER_TABLE_SIZE', 4096));
    this.streamWindow = own('INITIAL_WINDOW_SIZE', DEFAULT_WINDOW);
    this.connectionWindow = DEFAULT_WINDOW + profile.windowUpdate;
    this.reader = new StreamReader(socket.flow.content[socket.side === 0 ? 1 : 0]);
    machine.start(this.instance, {}, this, NOTHING);
    socket.handler = this;
    this.step('start');
  }
  /** No new streams: the connection is over, or the other end is going away. */
  get leaving(): boolean {
    return this.instance.state === CLOSED || this.instance.state === GOING_AWAY;
  }

  // --- out ---------------------------------------------------------------------------------------------

  sendSettings(): void {
    const { world, profile, socket } = this;
    world.note(this.kinds.settings_sent, this.endpoint, socket.flow.id, profile.settings.length);
    if (socket.side === 0) {
      this.control.push(world.message({
        layer: 'http', protocol: 'http2', name: 'preface', bytes: PREFACE.length, flow: socket.flow.id, direction: 0, fields: [{ name: 'Preface', value: PREFACE.trim(), spec: 'RFC 9113 §3.4' }], body: { preface: true },
      }));
    }
    this.queue({ type: 'SETTINGS', ack: false, settings: profile.settings });
    if (profile.windowUpdate > 0) this.queue({ type: 'WINDOW_UPDATE', stream: 0, increment: profile.windowUpdate });
  }
  /** A frame for the next write; DATA is not queued but taken in turn. */
  protected queue(frame: Frame): void {
    this.control.push(this.message(frame, { frame }));
  }
  protected queueHeaders(stream: Stream, fields: readonly HeaderField[], said: Said, endStream: boolean, priority?: Extract<Frame, { type: 'HEADERS' }>['priority']): Message {
    const block = this.encoder.encode(fields.map(([name, value]) => [name.toLowerCase(), value]));
    const frame: Frame = { type: 'HEADERS', stream: stream.id, endStream, block, ...(priority ? { priority } : {}) };
    const message = this.message(frame, { frame, ...said }, fields);
    this.control.push(message);
    stream.is('sendHeaders');
    if (endStream) stream.is('sendEnd');
    return message;
  }
  private message(frame: Frame, body: FrameBody, fields: readonly HeaderField[] = []): Message {
    const { world, socket } = this;
    return world.message({
      layer: 'http', protocol: 'http2', name: frame.type, bytes: FRAME_HEADER_BYTES + payloadBytes(frame), flow: socket.flow.id, direction: socket.side,
      fields: frameFields(frame, fields) as MessageField[], body,
    });
  }
  /**
   * Writes what may be written: control frames and heads first, then content in turn, as long as the stream underneath takes it. Control
   * frames are flushed; a head alone waits in the buffer for the content that is there (ngx_http_v2_get_frame last_buf, ngx_ssl_send_chain).
   */
  protected pump(): void {
    if (this.pumping || this.held > 0) return;
    this.pumping = true;
    for (;;) {
      const batch = this.control;
      this.control = [];
      const flush = batch.some((m) => m.name !== 'HEADERS') || (this.profile.flushesHead === true && batch.length > 0);
      if (!flush && !this.socket.blocked) this.takeContent(batch);
      if (batch.length === 0) break;
      this.socket.write(batch);
    }
    this.pumping = false;
    this.allWritten();
  }
  /** What could be written is written. */
  protected allWritten(): void {}
  private takeContent(batch: Message[]): void {
    for (let taken = 0; taken < WRITE_BYTES;) {
      const stream = nextStream(this.streams.values(), this.sendWindow);
      if (!stream) return this.tellBlocked();
      const content = Math.min(stream.waiting, stream.sendWindow, this.sendWindow, CHUNK_BYTES, this.peer.MAX_FRAME_SIZE);
      const endStream = stream.endsAfter && content === stream.waiting;
      const frame: Frame = { type: 'DATA', stream: stream.id, endStream, content };
      batch.push(this.message(frame, { frame, content: { type: stream.type, length: stream.length, from: stream.sent } }));
      stream.sent += content;
      stream.servedAt = ++this.turns;
      stream.waiting -= content;
      stream.sendWindow -= content;
      this.sendWindow -= content;
      taken += content;
      if (!endStream) continue;
      stream.is('sendEnd');
      this.endSent(stream);
    }
  }
  /** Says once, for each time, that content waits for a window. */
  private tellBlocked(): void {
    const { world, socket } = this;
    for (const stream of this.streams.values()) {
      if (stream.waiting === 0) continue;
      if (stream.sendWindow <= 0 && !stream.blocked) {
        stream.blocked = true;
        world.note(this.kinds.stream_blocked, this.endpoint, socket.flow.id, stream.id, stream.waiting);
      } else if (stream.sendWindow > 0 && this.sendWindow <= 0 && !this.blocked) {
        this.blocked = true;
        world.note(this.kinds.connection_blocked, this.endpoint, socket.flow.id, stream.id, stream.waiting);
      }
    }
  }
  /** Content for a stream, to be sent in turn. */
  protected addContent(stream: Stream, bytes: number, ends: boolean): void {
    stream.waiting += bytes;
    stream.endsAfter = ends;
    this.pump();
  }
  /** This end has said all on this stream. */
  protected endSent(_stream: Stream): void {}
  /** Ends a stream before its time. */
  protected resetStream(stream: Stream, error: H2Error): void {
    if (stream.closed) return;
    this.queue({ type: 'RST_STREAM', stream: stream.id, error });
    stream.waiting = 0;
    stream.is('sendReset');
    this.pump();
  }
  /** Nothing more is wanted of this connection. */
  close(): void {
    this.step('close');
  }
  sendGoaway(): void {
    this.held = 0;
    this.queue({ type: 'GOAWAY', lastStream: this.lastStream, error: this.error });
    this.pump();
  }
  dropStreams(): void {
    for (const stream of [...this.streams.values()]) stream.is('lost');
    this.lost();
  }
  closeSocket(): void {
    this.socket.close();
  }

  // --- in ----------------------------------------------------------------------------------------------

  connected(): void {}
  received(upTo: number): void {
    this.reader.advance(upTo, (message) => {
      if (this.instance.state !== CLOSED) this.take(message);
    });
    this.world.afterBatch(this); // what comes with the same wake-up is read before anything is written
  }
  batchEnded(): void {
    this.pump();
  }
  writable(): void {
    this.pump();
  }
  ended(): void {
    this.step('end');
  }
  failed(code: string): void {
    this.code = code;
    this.step('breaks');
  }
  private take(message: Message): void {
    const body = message.body as (FrameBody & { preface?: boolean }) | null;
    if (message.protocol !== 'http2' || !body) return this.fail('PROTOCOL_ERROR');
    if (body.preface) return;
    const { frame } = body;
    switch (frame.type) {
      case 'SETTINGS': return frame.ack ? this.step('acknowledged') : this.takeSettings(frame.settings);
      case 'WINDOW_UPDATE': return this.takeWindow(frame.stream, frame.increment);
      case 'PING': return frame.ack ? undefined : this.queue({ type: 'PING', ack: true, opaque: frame.opaque });
      case 'GOAWAY':
        this.world.note(this.kinds.going_away, this.endpoint, this.socket.flow.id, frame.lastStream, this.world.text(frame.error));
        this.step('goaway');
        return this.peerLeaves(frame.lastStream);
      case 'RST_STREAM': return this.takeReset(frame.stream, frame.error);
      case 'HEADERS': {
        const fields = this.decoder.decode(frame.block);
        if (typeof fields === 'string') return this.fail('COMPRESSION_ERROR');
        return this.headers(message, frame, body);
      }
      case 'DATA': return this.takeData(message, frame);
      case 'PRIORITY': return this.dependencyChanged(frame.stream, frame.priority);
      case 'PRIORITY_UPDATE': return this.priorityChanged(frame.prioritized, frame.value);
    }
  }
  private takeSettings(settings: readonly (readonly [SettingName, number])[]): void {
    const before = this.peer.INITIAL_WINDOW_SIZE;
    for (const [name, value] of settings) this.peer[name] = value;
    for (const stream of this.streams.values()) stream.sendWindow += this.peer.INITIAL_WINDOW_SIZE - before;
    const table = settings.find(([name]) => name === 'HEADER_TABLE_SIZE');
    if (table) this.encoder.allow(table[1]);
    this.world.note(this.kinds.settings_received, this.endpoint, this.socket.flow.id, this.peer.INITIAL_WINDOW_SIZE);
    this.queue({ type: 'SETTINGS', ack: true, settings: [] });
    this.peerSettled();
  }
  private takeWindow(id: number, increment: number): void {
    const stream = this.streams.get(id);
    if (id === 0) this.sendWindow += increment;
    else if (stream) stream.sendWindow += increment;
    else return; // it is closed already (§6.9)
    if (Math.max(this.sendWindow, stream?.sendWindow ?? 0) > MAX_WINDOW) return this.fail('FLOW_CONTROL_ERROR');
    const waited = id === 0 ? this.blocked : stream!.blocked;
    if (waited) this.world.note(this.kinds.window_opened, this.endpoint, this.socket.flow.id, id, increment);
    if (id === 0) this.blocked = false;
    else stream!.blocked = false;
  }
  private takeReset(id: number, error: H2Error): void {
    const stream = this.streams.get(id);
    if (!stream) return;
    this.world.note(this.kinds.stream_reset, this.endpoint, this.socket.flow.id, id, this.world.text(error));
    stream.waiting = 0;
    stream.is('receiveReset');
    this.peerReset(stream, error);
  }
  /** Content came and is read at once: the peer is told when half a window is used up (nghttp2_session.c, quiche). */
  private takeData(message: Message, frame: Extract<Frame, { type: 'DATA' }>): void {
    const stream = this.streams.get(frame.stream);
    this.unacknowledged += frame.content;
    if (this.unacknowledged * 2 >= this.connectionWindow) {
      this.queue({ type: 'WINDOW_UPDATE', stream: 0, increment: this.unacknowledged });
      this.unacknowledged = 0;
    }
    if (!stream) return;
    stream.unacknowledged += frame.content;
    if (!frame.endStream && stream.unacknowledged * 2 >= this.streamWindow) {
      this.queue({ type: 'WINDOW_UPDATE', stream: stream.id, increment: stream.unacknowledged });
      stream.unacknowledged = 0;
    }
    this.data(stream, frame.content, frame.endStream, message);
  }
  /** The peer did what it must not do: the connection is over (§5.4.1). */
  protected fail(error: H2Error): void {
    this.error = error;
    this.world.note(this.kinds.connection_error, this.endpoint, this.socket.flow.id, this.world.text(error));
    this.step('error');
  }

  // --- what the two ends do differently ------------------------------------------------------------------

  protected abstract headers(message: Message, frame: Extract<Frame, { type: 'HEADERS' }>, said: Said): void;
  protected abstract data(stream: Stream, bytes: number, ends: boolean, message: Message): void;
  protected abstract peerReset(stream: Stream, error: H2Error): void;
  /** Streams above `lastStream` were not looked at (§6.8). */
  protected abstract peerLeaves(lastStream: number): void;
  protected abstract peerSettled(): void;
  /** The client says anew how urgent a stream is: as RFC 7540 §5.3 has it, or as RFC 9218 §7.1. */
  protected abstract dependencyChanged(stream: number, priority: StreamPriority): void;
  protected abstract priorityChanged(stream: number, value: string): void;
  /** The connection is gone, with all its streams. */
  protected abstract lost(): void;
  streamClosed(stream: Stream): void {
    this.streams.delete(stream.id);
  }

  protected step(event: keyof typeof EVENTS): void {
    machine.step(this.instance, {}, EVENTS[event], NOTHING, this);
  }
  effect(effect: number, event: ConnectionEvent, params: unknown): void {
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
