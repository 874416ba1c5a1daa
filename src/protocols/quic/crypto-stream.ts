/**
 * The stream of CRYPTO frames (RFC 9000 §7.5, §19.6) as TLS uses it: one row of handshake messages, each under the keys of its level,
 * where each level counts its offsets from zero.
 */
import type { CryptoSocket, HandshakeBody } from '../../model/quic/handshake';
import { cryptoOverhead, type QuicFrame } from '../../model/quic/frame';
import type { Level } from '../../model/quic/packet';
import { RangeSet } from '../../model/quic/ranges';
import type { TransportParameters } from '../../model/quic/transport-parameters';
import type { Flow, Message, StreamContent, StreamHandler } from '../../model/stream';

type CryptoFrame = Extract<QuicFrame, { type: 'CRYPTO' }>;
const NO_HANDLER: StreamHandler = { connected() {}, received() {}, ended() {}, failed() {} };

/** What the connection does for TLS. */
export interface CryptoOwner {
  peerParameters(parameters: TransportParameters): void;
  agreed(): void;
  early(remembered: TransportParameters | null): void;
  earlyRejected(): void;
  alert(name: string, code: number): void;
  idle(): void;
  /** TLS wrote a message of this level. */
  wrote(level: Level, name: string): void;
  tlsClosed(): void;
}

export class CryptoStream implements CryptoSocket {
  handler: StreamHandler = NO_HANDLER;
  readonly blocked = false;
  private readonly content: StreamContent;
  /** Where each level's offset 0 stands in the content. */
  private readonly base: Partial<Record<Level, number>> = {};
  private readonly pending: Partial<Record<Level, RangeSet>> = {};
  private readonly acked = new RangeSet();
  private sentUpTo = 0;
  private readonly received = new RangeSet();
  private delivered = 0;

  constructor(readonly flow: Flow, readonly side: 0 | 1, readonly parameters: TransportParameters, private readonly owner: CryptoOwner) {
    this.content = flow.content[side];
  }
  // --- TLS says ----------------------------------------------------------------------------------------
  write(messages: readonly Message[]): void {
    for (const message of messages) {
      const { level } = message.body as HandshakeBody;
      this.content.append(message);
      this.base[level] ??= message.start;
      (this.pending[level] ??= new RangeSet()).add(message.start, message.end);
      this.owner.wrote(level, message.name);
    }
  }
  shutdown(): void {}
  close(): void {
    this.owner.tlsClosed();
  }
  abort(): void {
    this.owner.tlsClosed();
  }
  peerParameters(parameters: TransportParameters): void {
    this.owner.peerParameters(parameters);
  }
  agreed(): void {
    this.owner.agreed();
  }
  early(remembered: TransportParameters | null): void {
    this.owner.early(remembered);
  }
  earlyRejected(): void {
    this.owner.earlyRejected();
  }
  alert(name: string, code: number): void {
    this.owner.alert(name, code);
  }
  idle(): void {
    this.owner.idle();
  }

  // --- packets -----------------------------------------------------------------------------------------
  has(level: Level): boolean {
    return !(this.pending[level]?.empty ?? true);
  }
  /** The next CRYPTO frame of a level that fits into `room` bytes. */
  take(level: Level, room: number): { readonly frame: CryptoFrame; readonly again: boolean } | null {
    const pending = this.pending[level], hole = pending?.list[0];
    if (!pending || !hole) return null;
    const [start, end] = hole, offset = start - this.base[level]!;
    const length = Math.min(end - start, room - cryptoOverhead(offset, Math.min(end - start, room)));
    if (length <= 0) return null;
    pending.remove(start, start + length);
    const again = start < this.sentUpTo;
    this.sentUpTo = Math.max(this.sentUpTo, start + length);
    return { frame: { type: 'CRYPTO', offset, length, at: start }, again };
  }
  frameAcked({ at, length }: CryptoFrame): void {
    this.acked.add(at, at + length);
    for (const pending of Object.values(this.pending)) pending.remove(at, at + length);
  }
  frameLost(level: Level, { at, length }: CryptoFrame): void {
    const pending = this.pending[level];
    pending?.add(at, at + length);
    for (const [start, end] of this.acked.list) pending?.remove(start, end);
  }
  /** A level's keys are gone. */
  drop(level: Level): void {
    delete this.pending[level];
  }
  /** All of a level goes out again: after a Retry. */
  restart(level: Level): void {
    this.pending[level]?.add(this.base[level]!, this.content.length);
  }
  frame({ at, length }: CryptoFrame): void {
    this.received.add(at, at + length);
    const upTo = this.received.contiguous(0);
    if (upTo <= this.delivered) return;
    this.delivered = upTo;
    this.handler.received(upTo);
  }
}
