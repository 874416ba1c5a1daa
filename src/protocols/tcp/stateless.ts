/**
 * Segments that a host sends without holding a connection: RST for what belongs to nobody (RFC 9293 §3.10.7.1), and SYN-ACKs whose sequence
 * number is a SYN cookie (RFC 4987 §3.6; Linux syncookies.c). A cookie says when it was made and, coarsely, the peer's MSS; window scale and
 * SACK come back in the timestamp, when there is one. Sequence numbers are relative here, so what a cookie says lies beside its flow.
 */
import { SECOND } from '../../base/time';
import type { FlowId, HostId } from '../../model/ids';
import { IPV4_HEADER_BYTES } from '../../model/ip';
import { IP_TCP, type PduRow } from '../../model/pdu';
import type { World } from '../../model/world';
import { TCP_KINDS } from './kinds';
import type { TcpOptions } from './params';
import { Receiver } from './receiver';
import { ACK, arrived, FIN, headerBytes, RST, SYN, TCP_HEADER_BYTES, type Segment } from './segment';

/** MSS values that a cookie can say (msstab). */
const MSS_TABLE = [536, 1300, 1440, 1460];
/** A cookie holds for two minutes of the counter in it (MAX_SYNCOOKIE_AGE). */
const MAX_AGE = 2;
const MINUTE = 60 * SECOND;
const TIMESTAMP_BYTES = 12;
const DEFAULT_MSS = 536;

interface Cookie {
  readonly minute: number;
  readonly syn: Segment;
}

/** Answers `to` without a connection. */
function answer(world: World, host: HostId, to: PduRow, segment: Segment, name: string): void {
  const sent = world.note(world.kinds(TCP_KINDS).segment_sent, -1, world.nextPdu, segment.seq, 0);
  world.transmit(
    {
      protocol: IP_TCP, flow: to.flow, direction: to.direction === 0 ? 1 : 0, from: host, to: to.from, sender: -1, srcPort: to.dstPort, dstPort: to.srcPort,
      bytes: IPV4_HEADER_BYTES + headerBytes(segment), payload: 0, streamStart: -1, flags: segment.flags, key: segment.ack, window: segment.window, name, transmission: 1, body: segment,
    },
    sent,
  );
}

/** RST for a segment that belongs to no connection. */
export function resetFor(world: World, host: HostId, pdu: PduRow): void {
  const s = pdu.body as Segment;
  const withAck = !(s.flags & ACK);
  answer(world, host, pdu, {
    flags: withAck ? RST | ACK : RST, seq: withAck ? 0 : s.ack, ack: withAck ? s.seq + s.len + (s.flags & SYN ? 1 : 0) + (s.flags & FIN ? 1 : 0) : 0,
    window: 0, len: 0, tsval: -1, tsecr: -1, sack: null, mss: -1, wscale: -1, sackPermitted: false, fastOpen: null,
  }, 'RST');
}

export class SynCookies {
  private readonly cookies = new Map<FlowId, Cookie>();

  constructor(private readonly world: World, private readonly host: HostId, private readonly options: TcpOptions) {}

  /** SYN-ACK for a SYN that finds no place; nothing is sent again when it is lost. */
  answer(pdu: PduRow): void {
    const { world, host, options } = this;
    const s = arrived(pdu);
    // without the timestamp there is no place for the other options (cookie_timestamp_decode)
    const timestamps = options.timestamps && s.tsval >= 0;
    const sackPermitted = timestamps && options.sack && s.sackPermitted, scaling = timestamps && s.wscale >= 0;
    const advMss = world.mtu(host, pdu.from) - IPV4_HEADER_BYTES - TCP_HEADER_BYTES;
    const mss = MSS_TABLE.reduce((found, value) => (value <= (s.mss >= 0 ? s.mss : DEFAULT_MSS) ? value : found), MSS_TABLE[0]!);
    const receiver = new Receiver(options, advMss);
    receiver.begin(world.now, scaling, timestamps ? TIMESTAMP_BYTES : 0);
    this.cookies.set(pdu.flow, { minute: Math.floor(world.now / MINUTE), syn: { ...s, len: 0, mss, sackPermitted, wscale: scaling ? s.wscale : -1, tsval: timestamps ? s.tsval : -1, fastOpen: null } });
    world.cause = world.note(world.kinds(TCP_KINDS).syn_cookie_sent, -1, pdu.id, mss);
    answer(world, host, pdu, {
      flags: SYN | ACK, seq: 0, ack: 1, window: Math.min(65535, receiver.rcvWnd), len: 0, tsval: timestamps ? world.now : -1, tsecr: timestamps ? s.tsval : -1, sack: null,
      mss: advMss, wscale: scaling ? receiver.wscale : -1, sackPermitted, fastOpen: null,
    }, 'SYN-ACK');
  }
  /** The SYN that an acknowledgement of a cookie speaks of; null when it is none, or too old. */
  check(pdu: PduRow): Segment | null {
    const { world } = this;
    const s = pdu.body as Segment, cookie = this.cookies.get(pdu.flow);
    if (!cookie || !(s.flags & ACK) || s.ack !== 1 || s.seq !== 1 || Math.floor(world.now / MINUTE) - cookie.minute >= MAX_AGE) return null;
    world.note(world.kinds(TCP_KINDS).syn_cookie_taken, -1, pdu.id, cookie.syn.mss);
    return cookie.syn;
  }
}
