/** Datagrams out, and the timers that make more of them go out: loss detection, probes, delayed acknowledgements (RFC 9002 §6, RFC 9000 §13). */
import type { EndpointId, KindId, TimerId } from '../../model/ids';
import type { QuicFrame } from '../../model/quic/frame';
import { elicitsAck, MIN_INITIAL_DATAGRAM, packetLength, spaceOf, type DatagramBody, type QuicPacket, type Space } from '../../model/quic/packet';
import type { Flow, MessageField } from '../../model/stream';
import type { World } from '../../model/world';
import { Datagram, datagramName } from './fields';
import type { IdleTimer } from './idle-timer';
import type { QUIC_KINDS } from './kinds';
import { Pacer } from './pacer';
import { Packer, type Packed, type Packing } from './packer';
import type { Path } from './path';
import type { SentPacket } from './recovery';

/** The connection, as far as sending needs it. */
export interface Sending extends Packing {
  readonly world: World;
  readonly flow: Flow;
  readonly side: 0 | 1;
  readonly endpoint: EndpointId;
  readonly kinds: Readonly<Record<keyof typeof QUIC_KINDS.kinds, KindId>>;
  readonly onPath: Path;
  /** Nothing may be sent now: it is over, or the CPU works for TLS. */
  readonly silent: boolean;
  /** The keys of a space are needed no more. */
  discard(name: 'Initial' | 'Handshake'): void;
  readonly idleTimer: IdleTimer;
  /** From the next packet on under the next keys. */
  updateKeys(phase: number): void;
}

/** Room in a datagram that is worth a packet: header, tag and a few frames. */
const LEAST_ROOM = 60;
const NO_FIELDS: readonly MessageField[] = [];

export class Sender {
  readonly packer: Packer;
  private readonly timers: Readonly<Record<'lossDetection' | 'ackDelay', TimerId>>;
  private readonly pacer: Pacer | null;
  private readonly pacing: TimerId | null;
  /** First packet under the keys of now. */
  private phaseFrom = 0;
  private limitedAt = -1;
  private datagrams = 0;

  constructor(private readonly c: Sending) {
    const { world, endpoint } = c;
    this.packer = new Packer(c);
    this.timers = {
      lossDetection: world.timer(endpoint, 'lossDetection', { timerFired: () => this.lossTimerFired() }),
      ackDelay: world.timer(endpoint, 'ackDelay', { timerFired: () => this.flush() }),
    };
    this.pacer = c.options.pacing ? new Pacer(c.options.maxDatagram) : null;
    this.pacing = this.pacer ? world.timer(endpoint, 'pacing', { timerFired: () => this.flush() }) : null;
  }
  /** Sends all that may be sent. */
  flush(): void {
    const { c } = this;
    if (c.silent) return;
    this.keepKeysFresh();
    let turn = -1;
    for (;;) {
      const room = this.room();
      turn = this.pacer?.next(c.world.now, c.recovery.congestion.window, c.recovery.rtt.srtt) ?? -1;
      const next = room > 0 ? this.packer.datagram(c.world.now, room, turn > c.world.now) : null;
      if (!next) break;
      this.transmit(next);
    }
    if (this.pacing !== null) {
      if (turn > c.world.now && this.packer.waiting && c.recovery.congestion.room > 0) c.world.arm(this.pacing, turn);
      else c.world.cancel(this.pacing);
    }
    c.recovery.congestion.silent(this.packer.windowLimited);
    this.setTimers();
  }
  /** How large a datagram may be: three times what came, until the client's address is proven (RFC 9000 §8.1). */
  private room(): number {
    const { c } = this, { onPath, options } = c;
    const left = 3 * onPath.received - onPath.sent;
    if (onPath.validated || left >= options.maxDatagram) return options.maxDatagram;
    // on a later path there is something to say that needs no whole datagram
    if (c.recovery.confirmed && left >= LEAST_ROOM) return left;
    if (this.limitedAt !== onPath.received && (c.crypto.has('Initial') || c.crypto.has('Handshake') || (c.recovery.confirmed && c.streams.wantsToSend))) {
      this.limitedAt = onPath.received;
      c.world.note(c.kinds.amplification_limited, c.endpoint, c.flow.id, onPath.received, onPath.sent);
    }
    return 0;
  }
  private transmit({ packets, bytes, again, probing }: Packed): void {
    const { c } = this, { world, recovery } = c;
    if (probing) world.note(c.kinds.probe_sent, c.endpoint, c.flow.id, world.text(packets[0]!.level), recovery.probes);
    const pdu = world.nextPdu;
    this.put(packets, again, bytes);
    this.pacer?.sent(bytes);
    for (const p of packets) {
      const eliciting = elicitsAck(p), inFlight = eliciting || p.frames[p.frames.length - 1]!.type === 'PADDING';
      recovery.sent({ number: p.number, space: spaceOf(p.level), sentAt: world.now, bytes: packets.length === 1 ? bytes : packetLength(p), eliciting, inFlight, frames: p.frames, pdu, path: recovery.path });
    }
    // RFC 9001 §4.9.1: a client needs its Initial keys no more once it has sent a Handshake packet
    if (c.isClient && !c.spaces.Initial.gone && packets.some((p) => p.level === 'Handshake')) c.discard('Initial');
  }
  /** One packet with this frame on a path, filled up to the least size of an Initial where the path allows it; whether it did (RFC 9000 §8.2.1). */
  sendOn(path: Path, frame: QuicFrame): boolean {
    const { c } = this, { world, recovery } = c;
    if (c.silent) return false;
    const left = path.validated ? Infinity : 3 * path.received - path.sent, full = left >= MIN_INITIAL_DATAGRAM;
    const packet = this.packer.alone(frame, path.peerId, full ? MIN_INITIAL_DATAGRAM : 0), bytes = packetLength(packet);
    const pdu = world.nextPdu;
    this.put([packet], false, bytes, path);
    // what goes elsewhere says nothing of the path in use
    if (path === c.onPath) recovery.sent({ number: packet.number, space: 'Application', sentAt: world.now, bytes, eliciting: true, inFlight: true, frames: packet.frames, pdu, path: recovery.path });
    return full;
  }
  /** RFC 9001 §6: new keys once those of now have served long enough, and the peer is known to have them. */
  private keepKeysFresh(): void {
    const { c } = this, { next } = c.spaces.Application;
    if (!c.recovery.confirmed || next - this.phaseFrom < c.options.keyUpdateAfter || c.recovery.largestAcked('Application') < this.phaseFrom) return;
    c.updateKeys(c.keyPhase + 1);
  }
  keysUpdated(): void {
    this.phaseFrom = this.c.spaces.Application.next;
  }
  /** One datagram with these packets, of so many bytes. */
  put(packets: readonly QuicPacket[], again: boolean, bytes: number, path = this.c.onPath): void {
    const { c } = this, { world, side, flow } = c;
    const { streams } = flow.session as { streams: Map<number, Flow> };
    const name = datagramName(packets);
    const body: DatagramBody = new Datagram(packets, side, flow, streams);
    const message = world.message({ layer: 'transport', protocol: 'quic', name, bytes, flow: path.sender.flow.id, direction: side, fields: NO_FIELDS, body });
    path.sent += bytes;
    path.sender.send(message, name, this.datagrams++, again ? 2 : 1);
  }

  private setTimers(): void {
    const { c, timers } = this, { world, recovery } = c;
    // a server that may not send has nothing to wait for (RFC 9002 §A.8)
    const at = this.room() === 0 ? -1 : recovery.deadline(world.now, c.sendKeys.Handshake);
    if (at >= 0) world.arm(timers.lossDetection, Math.max(world.now, at));
    else world.cancel(timers.lossDetection);
    const { deadline, owed } = c.spaces.Application.received;
    if (deadline >= 0 && !owed) world.arm(timers.ackDelay, Math.max(world.now, deadline));
    else world.cancel(timers.ackDelay);
    c.idleTimer.run();
  }
  private lossTimerFired(): void {
    const { c } = this, { world, recovery } = c;
    const due = recovery.due(world.now, c.sendKeys.Handshake);
    for (const name of due.loss) {
      const { lost, cut } = recovery.detect(name, world.now);
      this.gaveUp(lost, cut);
    }
    for (const name of due.probe) this.probe(name);
    if (due.probe.length > 0) recovery.probes++;
    this.flush();
  }
  private probe(name: Space): void {
    const { c } = this;
    c.spaces[name].probes = c.options.probeDatagrams;
    if (c.options.probe !== 'data') return;
    let left = c.options.probeDatagrams;
    for (const p of c.recovery.outstanding(name)) if (p.eliciting && left-- > 0) this.sayAgain(p);
  }
  gaveUp(lost: readonly SentPacket[], cut: 'no' | 'halved' | 'persistent'): void {
    const { c } = this, { world, kinds } = c;
    for (const p of lost) {
      world.note(kinds.packet_lost, c.endpoint, p.pdu, p.number);
      this.sayAgain(p);
    }
    if (cut !== 'no') world.note(kinds.window_cut, c.endpoint, c.flow.id, c.recovery.congestion.window, cut === 'persistent' ? 1 : 0);
  }
  /** RFC 9000 §13.3: what a packet said goes into another one, as it stands now. */
  sayAgain(p: SentPacket): void {
    const { c } = this;
    for (const f of p.frames) {
      if (f.type === 'CRYPTO') c.crypto.frameLost(p.space === 'Application' ? '1-RTT' : p.space, f);
      else if (f.type === 'STREAM') c.streams.lost(f);
      else if (isControl(f)) {
        const now = c.streams.renewed(f);
        if (now) c.spaces[p.space].control.push(now);
      }
    }
  }
  stop(): void {
    for (const timer of Object.values(this.timers)) this.c.world.cancel(timer);
    if (this.pacing !== null) this.c.world.cancel(this.pacing);
  }
}
const ONCE: ReadonlySet<QuicFrame['type']> = new Set(['ACK', 'PADDING', 'PING', 'PATH_CHALLENGE', 'PATH_RESPONSE', 'CONNECTION_CLOSE', 'CONNECTION_CLOSE_APP']);
const isControl = (f: QuicFrame): boolean => !ONCE.has(f.type);
