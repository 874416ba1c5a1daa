/**
 * Puts frames into packets and packets into datagrams (RFC 9000 §12.2, §13.1, §14.1): what may go out now, under which keys, how much
 * of it the window and the client's unproven address allow.
 */
import type { Ns } from '../../base/time';
import { frameLength, type Hex, type QuicFrame } from '../../model/quic/frame';
import { datagramLength, elicitsAck, headerLength, leastPayload, LEVELS, MIN_INITIAL_DATAGRAM, packetLength, spaceOf, TAG_BYTES, type Level, type QuicPacket, type Space } from '../../model/quic/packet';
import { packetNumberBytes } from '../../model/quic/varint';
import type { CryptoStream } from './crypto-stream';
import type { QuicOptions } from './params';
import type { Recovery } from './recovery';
import type { PacketSpace } from './space';
import type { Streams } from './streams';

/** The connection, as far as packing needs it. */
export interface Packing {
  readonly options: QuicOptions;
  readonly isClient: boolean;
  readonly spaces: Readonly<Record<Space, PacketSpace>>;
  readonly recovery: Recovery;
  readonly crypto: CryptoStream;
  readonly streams: Streams;
  readonly sendKeys: Readonly<Record<Level, boolean>>;
  readonly peerId: Hex;
  readonly ownId: Hex;
  readonly token: Hex;
  readonly keyPhase: number;
  readonly version: number;
}
export interface Packed {
  readonly packets: readonly QuicPacket[];
  readonly bytes: number;
  /** Something in it went out before. */
  readonly again: boolean;
  /** Packets that go out although the window is full. */
  readonly probing: boolean;
}
/** Bytes that a packet must have room for beside header and tag to be worth beginning. */
const WORTH = 24;

export class Packer {
  /** More waits, and only the window holds it up. */
  windowLimited = false;
  /** The packet in hand: its frames, what still fits, whether some of it went out before. */
  frames: QuicFrame[] = [];
  private left = 0;
  private again = false;
  private probing = false;
  constructor(private readonly c: Packing) {}

  /** The next datagram of at most `room` bytes; null when nothing is to be said, or nothing may be. `held`: what the window would allow waits for its turn (pacing). */
  datagram(now: Ns, room: number, held = false): Packed | null {
    const { c } = this;
    const packets: QuicPacket[] = [];
    let used = 0, again = false, probing = false;
    const mayFly = !held && c.recovery.congestion.room > 0;
    this.windowLimited = false;
    let initial: QuicPacket | null = null;
    for (const level of LEVELS) {
      if (!c.sendKeys[level] || c.spaces[spaceOf(level)].gone || (level === '0-RTT' && c.sendKeys['1-RTT'])) continue;
      const packet = this.packet(level, now, room - used, mayFly);
      if (!packet) continue;
      packets.push(packet);
      used = room - this.left;
      again ||= this.again;
      probing ||= this.probing;
      if (level === 'Initial') initial = packet;
      if (level === '1-RTT' || level === '0-RTT') break;
    }
    if (packets.length === 0) return null;
    const least = initial && (c.isClient || elicitsAck(initial)) ? Math.min(room, Math.max(MIN_INITIAL_DATAGRAM, c.isClient ? c.options.maxDatagram : 0)) : 0;
    if (used < least) {
      const last = packets.pop()!;
      packets.push({ ...last, frames: [...last.frames, { type: 'PADDING', length: least - used }] });
      used = least;
    }
    return { packets, bytes: used, again, probing };
  }
  /** Whether anything of an application's waits. */
  get waiting(): boolean {
    return this.waits('1-RTT');
  }
  /** Whether anything but an acknowledgement waits at this level. */
  private waits(level: Level): boolean {
    const { c } = this;
    const space = c.spaces[spaceOf(level)];
    if (level === '0-RTT') return c.streams.wantsToSend;
    return c.crypto.has(level) || space.control.length > 0 || (level === '1-RTT' && c.streams.wantsToSend);
  }
  private packet(level: Level, now: Ns, room: number, mayFly: boolean): QuicPacket | null {
    const { c } = this;
    const space = c.spaces[spaceOf(level)];
    const probing = space.probes > 0 && level !== '0-RTT';
    const owed = level !== '0-RTT' && (space.received.owed || (space.received.deadline >= 0 && space.received.deadline <= now));
    const waits = this.waits(level), data = waits && (mayFly || probing);
    if (waits && c.recovery.congestion.room <= 0) this.windowLimited = true;
    if (!owed && !data && !probing) return null;
    const numberBytes = packetNumberBytes(space.next, c.recovery.largestAcked(space.name));
    const packet: QuicPacket = {
      level, number: space.next, numberBytes, destination: c.peerId, source: c.ownId, token: level === 'Initial' ? c.token : '', version: c.version, keyPhase: c.keyPhase, frames: (this.frames = []),
    };
    const most = room - headerLength(packet) - TAG_BYTES;
    if (most < WORTH) return null;
    this.left = most;
    this.again = false;
    this.probing = probing;
    const ack = level === '0-RTT' || (!owed && space.received.unacknowledged === 0) ? null : space.received.frame(now, 3);
    if (ack) this.put(ack);
    if (data) this.data(level, space);
    const { frames } = this;
    let eliciting = elicitsAck(this);
    // RFC 9002 §6.2.4: a probe asks for an acknowledgement, with data or without
    if (probing && !eliciting) {
      this.put({ type: 'PING' });
      eliciting = true;
    }
    if (frames.length === 0) return null;
    const short = leastPayload(numberBytes) - (most - this.left);
    if (short > 0) this.put({ type: 'PADDING', length: short });
    if (eliciting && space.probes > 0) space.probes--;
    space.next++;
    return packet;
  }
  private put(frame: QuicFrame): void {
    this.frames.push(frame);
    this.left -= frameLength(frame);
  }
  /** One frame in a 1-RTT packet of its own, to `peerId`, filled up to `least` bytes. */
  alone(frame: QuicFrame, peerId: Hex, least: number): QuicPacket {
    const { c } = this, space = c.spaces.Application;
    const numberBytes = packetNumberBytes(space.next, c.recovery.largestAcked(space.name));
    const bare: QuicPacket = { level: '1-RTT', number: space.next++, numberBytes, destination: peerId, source: c.ownId, token: '', version: c.version, keyPhase: c.keyPhase, frames: [frame] };
    const missing = least - packetLength(bare);
    return missing > 0 ? { ...bare, frames: [frame, { type: 'PADDING', length: missing }] } : bare;
  }
  /** What says that the connection is over, at each of these levels (RFC 9000 §10.2.3). */
  closing(levels: readonly Level[], frame: QuicFrame): QuicPacket[] {
    const { c } = this;
    const packets = levels.map((level): QuicPacket => {
      const space = c.spaces[spaceOf(level)];
      const numberBytes = packetNumberBytes(space.next, c.recovery.largestAcked(space.name));
      return { level, number: space.next++, numberBytes, destination: c.peerId, source: c.ownId, token: level === 'Initial' ? c.token : '', version: c.version, keyPhase: c.keyPhase, frames: [frame] };
    });
    const used = datagramLength(packets), last = packets[packets.length - 1];
    if (last && c.isClient && levels.includes('Initial') && used < MIN_INITIAL_DATAGRAM) packets[packets.length - 1] = { ...last, frames: [...last.frames, { type: 'PADDING', length: MIN_INITIAL_DATAGRAM - used }] };
    return packets;
  }
  /** Frames that carry something. */
  private data(level: Level, space: PacketSpace): void {
    const { c } = this;
    if (level !== '0-RTT') {
      while (space.control.length > 0 && frameLength(space.control[0]!) <= this.left) this.put(space.control.shift()!);
      for (let next = c.crypto.take(level, this.left); next; next = c.crypto.take(level, this.left)) {
        this.put(next.frame);
        this.again ||= next.again;
      }
    }
    if (level !== '1-RTT' && level !== '0-RTT') return;
    for (let only = -1; ;) {
      const next = c.streams.take(this.left, only);
      if (!next) return;
      this.put(next.frame);
      this.again ||= next.again;
      if (c.options.oneStreamPerPacket) only = next.frame.stream;
    }
  }
}
