/**
 * Loss detection (RFC 9002 §6, §A): what was sent in each space, what of it is acknowledged, lost or in doubt, and when to look again.
 * Law: pure bookkeeping; it knows no packets' bytes and arms no timer.
 */
import type { Ns } from '../../base/time';
import type { NumberRange, QuicFrame } from '../../model/quic/frame';
import type { Space } from '../../model/quic/packet';
import { Congestion, PERSISTENT_CONGESTION } from './congestion';
import type { QuicOptions } from './params';
import { RttEstimate } from './rtt';

/** kPacketThreshold (§6.1.1). */
const PACKET_THRESHOLD = 3;

export interface SentPacket {
  readonly number: number;
  readonly space: Space;
  readonly sentAt: Ns;
  readonly bytes: number;
  readonly eliciting: boolean;
  /** It counts in the window: all but packets of ACK frames alone (§2). */
  readonly inFlight: boolean;
  readonly frames: readonly QuicFrame[];
  /** Row of the datagram that carried it. */
  readonly pdu: number;
  /** Which path it went on, counted by `Recovery.path`: what went on an earlier one says nothing of this (RFC 9000 §9.4). */
  readonly path: number;
}
/** One space's packets that are neither acknowledged nor given up, in the order of their numbers. */
class SentSpace {
  readonly packets = new Map<number, SentPacket>();
  largestAcked = -1;
  lastElicitingAt: Ns = -1;
  /** When the oldest packet in doubt is given up; -1: none is in doubt. */
  lossTime: Ns = -1;
  gone = false;
  /** How many of them must be acknowledged. */
  eliciting = 0;
  add(p: SentPacket): void {
    this.packets.set(p.number, p);
    if (!p.eliciting) return;
    this.eliciting++;
    this.lastElicitingAt = p.sentAt;
  }
  remove(p: SentPacket): void {
    this.packets.delete(p.number);
    if (p.eliciting) this.eliciting--;
  }
}
export interface Acknowledged {
  readonly acked: readonly SentPacket[];
  readonly lost: readonly SentPacket[];
  /** The window was cut, or set back to its least. */
  readonly cut: 'no' | 'halved' | 'persistent';
}
function anyEliciting(packets: readonly SentPacket[]): boolean {
  for (const p of packets) if (p.eliciting) return true;
  return false;
}
/** Why the timer runs, for which space, until when. */
export interface RecoveryTimer {
  readonly kind: 'loss' | 'probe';
  readonly space: Space;
  readonly at: Ns;
}

export class Recovery {
  rtt: RttEstimate;
  congestion: Congestion;
  /** How often estimates have begun anew. */
  path = 0;
  /** Probe timeouts since something new was acknowledged (§6.2.1). */
  probes = 0;
  /** max_ack_delay of the peer. */
  peerAckDelay: Ns = 0;
  confirmed = false;
  /** A client: whether the server may send as much as it likes, as far as known (§6.2.2.1). A server: true. */
  peerValidated: boolean;
  private firstSampleAt: Ns = -1;
  /** Since when a client has had nothing outstanding and does not know whether the server may speak; -1: it is not so. */
  private quietSince: Ns = -1;
  private readonly spaces: Readonly<Record<Space, SentSpace>> = { Initial: new SentSpace(), Handshake: new SentSpace(), Application: new SentSpace() };

  constructor(private readonly options: QuicOptions, isClient: boolean) {
    this.rtt = new RttEstimate(options.initialRtt);
    this.congestion = new Congestion(options.initialWindow, options.minimumWindow, options.maxDatagram);
    this.peerValidated = !isClient;
  }
  largestAcked(space: Space): number {
    return this.spaces[space].largestAcked;
  }
  sent(p: SentPacket): void {
    const s = this.spaces[p.space];
    s.add(p);
    if (p.inFlight) this.congestion.sent(p.bytes);
  }
  /** Another path: its round trip and window are to be found out (RFC 9000 §9.4). */
  changePath(): void {
    const { options } = this;
    this.rtt = new RttEstimate(options.initialRtt);
    this.congestion = new Congestion(options.initialWindow, options.minimumWindow, options.maxDatagram);
    this.path++;
    this.probes = 0;
    this.firstSampleAt = -1;
  }
  private counts(p: SentPacket): boolean {
    return p.inFlight && p.path === this.path;
  }
  /** Packets of a space that still wait for their acknowledgement. */
  outstanding(space: Space): Iterable<SentPacket> {
    return this.spaces[space].packets.values();
  }
  /** An ACK frame came; `delay` as the peer scaled it, in ns. */
  acknowledge(space: Space, ranges: readonly NumberRange[], delay: Ns, now: Ns): Acknowledged {
    const s = this.spaces[space];
    const largest = ranges[0]![1];
    const grows = largest > s.largestAcked;
    s.largestAcked = Math.max(s.largestAcked, largest);
    const acked: SentPacket[] = [];
    // by rising numbers; what is below the oldest that is outstanding was acknowledged before
    const oldest = s.packets.keys().next().value ?? Infinity;
    for (let i = ranges.length - 1; i >= 0; i--) {
      for (let n = Math.max(ranges[i]![0], oldest); n <= ranges[i]![1]; n++) {
        const p = s.packets.get(n);
        if (p) acked.push(p);
      }
    }
    if (acked.length === 0) return { acked, lost: [], cut: 'no' };
    const newest = acked[acked.length - 1]!;
    if (grows && newest.number === largest && newest.path === this.path && anyEliciting(acked)) {
      if (this.firstSampleAt < 0) this.firstSampleAt = now;
      this.rtt.sample(now - newest.sentAt, space === 'Application' ? delay : 0, this.confirmed ? this.peerAckDelay : Infinity);
    }
    for (const p of acked) {
      s.remove(p);
      if (this.counts(p)) this.congestion.acked(p.bytes, p.sentAt);
    }
    const { lost, cut } = this.detect(space, now);
    if (this.peerValidated) this.probes = 0;
    return { acked, lost, cut };
  }
  /** Gives up what is too far, or too long, behind what is acknowledged (§6.1). */
  detect(space: Space, now: Ns): Omit<Acknowledged, 'acked'> {
    const s = this.spaces[space];
    const lost: SentPacket[] = [];
    const { lossDelay } = this.rtt;
    s.lossTime = -1;
    for (const p of s.packets.values()) {
      if (p.number > s.largestAcked) break;
      if (p.sentAt <= now - lossDelay || s.largestAcked >= p.number + PACKET_THRESHOLD) lost.push(p);
      else if (s.lossTime < 0) s.lossTime = p.sentAt + lossDelay;
    }
    let cut: Acknowledged['cut'] = 'no';
    for (const p of lost) {
      s.remove(p);
      if (this.counts(p) && this.congestion.lost(p.bytes, p.sentAt, now)) cut = 'halved';
    }
    if (this.isPersistent(lost)) {
      this.congestion.persistent();
      cut = 'persistent';
    }
    return { lost, cut };
  }
  /** §7.6: packets that had to be acknowledged, all lost over so long a time. Simplification: looked for among what is given up at once. */
  private isPersistent(lost: readonly SentPacket[]): boolean {
    if (lost.length < 2) return false;
    const counted = lost.filter((p) => p.eliciting && p.path === this.path && this.firstSampleAt >= 0 && p.sentAt > this.firstSampleAt);
    if (counted.length < 2) return false;
    const duration = (this.rtt.pto + this.peerAckDelay) * PERSISTENT_CONGESTION;
    return counted[counted.length - 1]!.sentAt - counted[0]!.sentAt > duration;
  }
  /** Keys are gone, and with them what was sent under them (§6.4). */
  discard(space: Space): void {
    this.restart(space);
    this.spaces[space].gone = true;
  }
  /** What was sent was never looked at: a Retry, another version (§6.3). */
  restart(space: Space): void {
    const s = this.spaces[space];
    for (const p of s.packets.values()) if (this.counts(p)) this.congestion.forgotten(p.bytes);
    s.packets.clear();
    s.eliciting = 0;
    s.lossTime = -1;
    s.lastElicitingAt = -1;
    this.probes = 0;
  }
  /** Probe timeout of a space with back-off (§6.2.1). */
  probeTimeout(space: Space): Ns {
    return (this.rtt.pto + (space === 'Application' ? this.peerAckDelay : 0)) * (1 << Math.min(this.probes, 20));
  }
  /** All that the timer may wait for (§A.8). `handshakeKeys`: a client has them, so that it probes there (§6.2.2.1). */
  private waits(now: Ns, handshakeKeys: boolean): RecoveryTimer[] {
    const all: RecoveryTimer[] = [];
    const lossTimers = this.options.lossTimer === 'always' || this.confirmed;
    for (const space of SPACES) if (this.spaces[space].lossTime >= 0 && lossTimers) all.push({ kind: 'loss', space, at: this.spaces[space].lossTime });
    if (all.length > 0) return all;
    for (const space of SPACES) {
      const s = this.spaces[space];
      if (!s.gone && s.eliciting > 0 && (space !== 'Application' || this.confirmed)) all.push({ kind: 'probe', space, at: s.lastElicitingAt + this.probeTimeout(space) });
    }
    // the server may not be able to say more until it hears from this end again
    if (all.length === 0 && !this.peerValidated) all.push({ kind: 'probe', space: handshakeKeys ? 'Handshake' : 'Initial', at: (this.quietSince < 0 ? now : this.quietSince) + this.probeTimeout('Initial') });
    return all;
  }
  /** When the timer that waits for the first of these must fire; -1: there is none. */
  deadline(now: Ns, handshakeKeys: boolean): Ns {
    const lossTimers = this.options.lossTimer === 'always' || this.confirmed;
    let first = -1, eliciting = false;
    for (let i = 0; lossTimers && i < SPACES.length; i++) {
      const { lossTime } = this.spaces[SPACES[i]!];
      if (lossTime >= 0 && (first < 0 || lossTime < first)) first = lossTime;
    }
    if (first >= 0) return first;
    for (const space of SPACES) {
      const s = this.spaces[space];
      if (s.gone || s.eliciting === 0 || (space === 'Application' && !this.confirmed)) continue;
      const at = s.lastElicitingAt + this.probeTimeout(space);
      if (first < 0 || at < first) first = at;
      eliciting = true;
    }
    if (eliciting || this.peerValidated) {
      this.quietSince = -1;
      return first;
    }
    if (this.quietSince < 0) this.quietSince = now;
    return this.quietSince + this.probeTimeout('Initial');
  }
  /** Spaces whose time has come. */
  due(now: Ns, handshakeKeys: boolean): Readonly<Record<RecoveryTimer['kind'], readonly Space[]>> {
    const all = this.waits(now, handshakeKeys).filter((w) => w.at <= now);
    const of = (kind: RecoveryTimer['kind']): Space[] => all.filter((w) => w.kind === kind).map((w) => w.space);
    if (all.some((w) => w.kind === 'probe')) this.quietSince = -1;
    const probe = of('probe');
    return { loss: of('loss'), probe: this.options.probeSpaces === 'all' ? probe : probe.slice(0, 1) };
  }
}
const SPACES: readonly Space[] = ['Initial', 'Handshake', 'Application'];
