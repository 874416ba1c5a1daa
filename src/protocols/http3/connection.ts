/**
 * What both ends of HTTP/3 do (RFC 9114): the control stream and its SETTINGS, QPACK's two streams, sections of fields out and in. Law: a
 * section that needs entries which are not there yet blocks its own stream and no other (RFC 9204 §2.2.1).
 */
import type { HeaderField } from '../../model/header-compression/field';
import { h3HeaderBytes, h3PayloadBytes, H3_ERROR, type H3Frame, type H3StreamType } from '../../model/http3/frame';
import { QpackDecoder } from '../../model/http3/qpack-decoder';
import { QpackEncoder } from '../../model/http3/qpack-encoder';
import type { RequestHead } from '../../model/http/request';
import type { ResponseInfo } from '../../model/http/response';
import type { EndpointId, HostId, RequestId } from '../../model/ids';
import type { MultiplexedStream, Multiplexer, MultiplexerHandler } from '../../model/multiplexer';
import { StreamReader, type Message, type MessageField } from '../../model/stream';
import type { World } from '../../model/world';
import { h3Fields } from './fields';
import { HTTP3_KINDS } from './kinds';
import type { Http3Profile } from './profiles';

/** What HEADERS says, for the end that reads it: a request (its row, its head) or a response. */
export interface H3Said {
  readonly request?: RequestId;
  readonly head?: RequestHead;
  readonly response?: ResponseInfo;
}
/** Body of a message on a stream: a frame, part of a DATA frame's content, or instructions of QPACK. */
export interface H3Body extends H3Said {
  /** First on a one-way stream. */
  readonly streamType?: H3StreamType;
  readonly frame?: H3Frame;
  /** Content of a DATA frame in this message: media type, how long all of it is, where it begins. */
  readonly content?: { readonly type: string; readonly length: number; readonly from: number; readonly bytes: number };
  readonly instructions?: Uint8Array;
}
/** A section that waits for entries of the table. */
interface Blocked {
  readonly stream: MultiplexedStream;
  readonly section: Uint8Array;
  readonly then: () => void;
}

export abstract class Http3Connection implements MultiplexerHandler {
  readonly endpoint: EndpointId;
  protected readonly kinds;
  protected readonly encoder: QpackEncoder;
  protected readonly decoder: QpackDecoder;
  private control: MultiplexedStream | null = null;
  private encoderStream: MultiplexedStream | null = null;
  private decoderStream: MultiplexedStream | null = null;
  private readonly blocked: Blocked[] = [];
  private begun = false;

  constructor(protected readonly world: World, protected readonly host: HostId, readonly transport: Multiplexer, title: string, protected readonly profile: Http3Profile) {
    this.kinds = world.kinds(HTTP3_KINDS);
    this.endpoint = world.endpoint(host, 'http', 'http3', `${title} ${transport.flow.name}`, transport.flow.id);
    this.encoder = new QpackEncoder(profile.qpack);
    this.decoder = new QpackDecoder(profile.settings.find(([name]) => name === 'QPACK_MAX_TABLE_CAPACITY')?.[1] ?? 0);
    transport.handler = this;
  }

  // --- out ---------------------------------------------------------------------------------------------

  /** Opens the three one-way streams (RFC 9114 §6.2.1, RFC 9204 §4.2). */
  ready(_early: boolean): void {
    if (this.begun) return;
    this.begun = true;
    this.control = this.opened('control', { type: 'SETTINGS', settings: this.profile.settings });
    this.encoderStream = this.opened('QPACK encoder');
    this.decoderStream = this.opened('QPACK decoder');
  }
  private opened(streamType: H3StreamType, frame?: H3Frame): MultiplexedStream | null {
    const stream = this.transport.open(true);
    stream?.write([this.message(stream, frame?.type ?? streamType, 1 + (frame ? h3HeaderBytes(frame) + h3PayloadBytes(frame) : 0), { streamType, ...(frame ? { frame } : {}) }, frame ? h3Fields(frame, []) : [])]);
    return stream;
  }
  private message(stream: MultiplexedStream, name: string, bytes: number, body: H3Body, fields: readonly MessageField[]): Message {
    return this.world.message({ layer: 'http', protocol: 'http3', name, bytes, flow: stream.flow.id, direction: stream.side, fields, body });
  }
  protected headersMessage(stream: MultiplexedStream, fields: readonly HeaderField[], said: H3Said): Message {
    const { section, instructions } = this.encoder.encode(stream.id, fields.map(([name, value]): HeaderField => [name.toLowerCase(), value]));
    if (instructions.length > 0) this.encoderStream?.write([this.message(this.encoderStream, 'QPACK encoder', instructions.length, { instructions }, [])]);
    const frame: H3Frame = { type: 'HEADERS', section };
    return this.message(stream, 'HEADERS', h3HeaderBytes(frame) + section.length, { frame, ...said }, h3Fields(frame, fields));
  }
  /** The first piece of a DATA frame of `length` bytes; `later` ones have no header (nginx writes one frame for all that it announces). */
  protected dataMessage(stream: MultiplexedStream, type: string, length: number, from: number, bytes: number): Message {
    const frame: H3Frame = { type: 'DATA', content: length };
    const content = { type, length, from, bytes };
    return from === 0 ? this.message(stream, 'DATA', h3HeaderBytes(frame) + bytes, { frame, content }, h3Fields(frame, [])) : this.message(stream, 'DATA', bytes, { content }, []);
  }
  protected sayGoaway(id: number): void {
    const frame: H3Frame = { type: 'GOAWAY', id };
    this.control?.write([this.message(this.control, 'GOAWAY', h3HeaderBytes(frame) + h3PayloadBytes(frame), { frame }, h3Fields(frame, []))]);
  }
  /** How urgent a request's answer is, on the control stream (RFC 9218 §7.2). */
  protected sayPriority(stream: MultiplexedStream, value: string): void {
    const frame: H3Frame = { type: 'PRIORITY_UPDATE', prioritized: stream.id, value };
    this.control?.write([this.message(this.control, frame.type, h3HeaderBytes(frame) + h3PayloadBytes(frame), { frame }, h3Fields(frame, []))]);
  }
  private sayFeedback(): void {
    const instructions = this.decoder.feedback();
    if (instructions.length > 0) this.decoderStream?.write([this.message(this.decoderStream, 'QPACK decoder', instructions.length, { instructions }, [])]);
  }

  // --- in ----------------------------------------------------------------------------------------------

  incoming(stream: MultiplexedStream): void {
    if (!stream.oneWay) return this.requested(stream);
    const reader = new StreamReader(stream.flow.content[stream.side === 0 ? 1 : 0]);
    let type: H3StreamType | null = null;
    stream.handler = {
      connected() {},
      received: (upTo) => reader.advance(upTo, (message) => {
        const body = message.body as H3Body;
        type = body.streamType ?? type;
        this.oneWay(type, body);
      }),
      ended: () => this.fail(H3_ERROR.CLOSED_CRITICAL_STREAM), failed: () => this.fail(H3_ERROR.CLOSED_CRITICAL_STREAM),
    };
  }
  private oneWay(type: H3StreamType | null, body: H3Body): void {
    if (body.instructions && type === 'QPACK encoder') {
      if (this.decoder.instructions(body.instructions) !== '') return this.fail(H3_ERROR.QPACK_ENCODER_STREAM_ERROR);
      this.unblock();
      return this.sayFeedback();
    }
    if (body.instructions && type === 'QPACK decoder') {
      if (this.encoder.feedback(body.instructions) !== '') this.fail(H3_ERROR.QPACK_DECODER_STREAM_ERROR);
      return;
    }
    if (body.frame?.type === 'SETTINGS') {
      const of = (name: string): number => (body.frame as Extract<H3Frame, { type: 'SETTINGS' }>).settings.find(([n]) => n === name)?.[1] ?? 0;
      this.encoder.allow(of('QPACK_MAX_TABLE_CAPACITY'), of('QPACK_BLOCKED_STREAMS'));
      this.world.note(this.kinds.settings_received, this.endpoint, this.transport.flow.id, of('QPACK_MAX_TABLE_CAPACITY'));
    } else if (body.frame?.type === 'GOAWAY') {
      this.world.note(this.kinds.going_away, this.endpoint, this.transport.flow.id, body.frame.id);
      this.peerLeaves(body.frame.id);
    } else if (body.frame?.type === 'PRIORITY_UPDATE') this.priorityChanged(body.frame.prioritized, body.frame.value);
  }
  /** Reads a section of fields, now or when the table has what it needs. */
  protected read(stream: MultiplexedStream, section: Uint8Array, then: () => void): void {
    const { world, decoder } = this;
    const required = decoder.required(section);
    if (typeof required === 'string') return this.fail(H3_ERROR.QPACK_DECOMPRESSION_FAILED);
    if (required > decoder.table.insertCount) {
      world.note(this.kinds.section_blocked, this.endpoint, this.transport.flow.id, stream.id, required - decoder.table.insertCount);
      this.blocked.push({ stream, section, then });
      return;
    }
    // what the fields say came with the message; the captures' tests decode every section (test/export)
    decoder.acknowledge(stream.id, required);
    this.sayFeedback();
    then();
  }
  private unblock(): void {
    for (const entry of [...this.blocked]) {
      const required = this.decoder.required(entry.section);
      if (typeof required !== 'string' && required > this.decoder.table.insertCount) continue;
      this.blocked.splice(this.blocked.indexOf(entry), 1);
      this.world.note(this.kinds.section_unblocked, this.endpoint, this.transport.flow.id, entry.stream.id);
      this.read(entry.stream, entry.section, entry.then);
    }
  }
  /** The stream will not be read to its end. */
  protected giveUpReading(stream: MultiplexedStream): void {
    const at = this.blocked.findIndex((b) => b.stream === stream);
    if (at >= 0) this.blocked.splice(at, 1);
    this.decoder.cancel(stream.id);
    this.sayFeedback();
  }
  protected fail(error: number): void {
    this.transport.close(error, '');
  }

  moreStreams(): void {}
  /** The peer opened a stream for a request. */
  protected abstract requested(stream: MultiplexedStream): void;
  protected abstract peerLeaves(id: number): void;
  /** The client says anew how urgent a request is. */
  protected abstract priorityChanged(stream: number, value: string): void;
  abstract closed(code: string): void;
}
