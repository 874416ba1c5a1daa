/**
 * What an arriving segment means (RFC 9293 §3.10.7 SEGMENT ARRIVES, RFC 5961): in the order of the RFC's checks, with Linux's answers
 * (tcp_rcv_state_process, tcp_rcv_established). Law: classifies; states are the machine's, sums sender's and receiver's.
 */
import type { EndpointId, KindId } from '../../model/ids';
import type { PduRow } from '../../model/pdu';
import type { Flow } from '../../model/stream';
import type { BatchHandler, World } from '../../model/world';
import { newsBlocks } from './acknowledgement';
import { EVENTS, STATES } from './connection-machine';
import type { Handshake } from './handshake';
import type { KeepAlive } from './keep-alive';
import type { TCP_KINDS } from './kinds';
import type { Output } from './output';
import type { Receiver } from './receiver';
import type { TcpContext } from './rules';
import { ACK, arrived, CWR, FIN, PSH, RST, SYN, type Segment } from './segment';
import type { Sender } from './sender';

/** The connection, as arrivals see it. */
export interface ArrivalHost extends BatchHandler {
  readonly world: World;
  readonly kinds: Readonly<Record<keyof typeof TCP_KINDS.kinds, KindId>>;
  readonly endpoint: EndpointId;
  readonly flow: Flow;
  readonly instance: { readonly state: number };
  readonly context: TcpContext;
  readonly sender: Sender;
  readonly receiver: Receiver;
  readonly handshake: Handshake;
  readonly output: Output;
  readonly keepAlive: KeepAlive;
  /** Sequence number of our FIN; -1 = none is queued. */
  readonly finSeq: number;
  readonly isGone: boolean;
  step(event: number): void;
  sendAck(): void;
  sendRstFor(s: Segment): void;
  considerAck(): void;
  readNow(): void;
  dataForNobody(ack: number): void;
  makeWay(): void;
  /** The last acknowledgement of a handshake came: is there room for the connection? Says so when there is none. */
  admitted(pdu: PduRow): boolean;
}

export class SegmentArrival {
  constructor(private readonly c: ArrivalHost) {}

  receive(pdu: PduRow): void {
    const { c } = this;
    const s = arrived(pdu);
    const { state } = c.instance;
    if (state === STATES.synSent) return this.inSynSent(s);
    if (state === STATES.closed || state === STATES.listen) return;
    const { receiver, world } = c;
    const end = s.seq + s.len + (s.flags & FIN ? 1 : 0);
    c.keepAlive.heard();
    if (s.flags & SYN) {
      if (state === STATES.synReceived && s.flags & ACK) {
        c.handshake.takeSynAck(s);
        c.sender.block.sndUna = 1;
        c.step(EVENTS.synAck);
      } else if (state === STATES.synReceived) c.step(EVENTS.syn);
      else if (state === STATES.timeWait) c.makeWay();
      else c.sendAck(); // challenge ACK, RFC 5961 §4
      return;
    }
    if (!receiver.acceptable(s.seq, end)) {
      // a keep-alive or window probe lies before the window, and is answered; a RST never is
      const answered = !(s.flags & RST) && (s.len > 0 || (s.flags & FIN) !== 0 || s.seq < receiver.rcvNxt);
      world.note(c.kinds.segment_refused, c.endpoint, pdu.id, answered ? 1 : 0);
      if (!answered) return;
      if (s.len === 0 && !(s.flags & FIN)) return c.sendAck();
      if (end <= receiver.rcvNxt) {
        receiver.data(s.seq, end - (s.flags & FIN ? 1 : 0), false, false, world.now, 0, -1);
        world.note(c.kinds.duplicate_received, c.endpoint, pdu.id);
      }
      if (state === STATES.timeWait && s.flags & FIN) c.step(EVENTS.fin);
      else c.sendAck();
      return;
    }
    if (s.flags & RST) {
      if (s.seq !== receiver.rcvNxt && state !== STATES.timeWait) return c.sendAck(); // challenge ACK, RFC 5961 §3.2
      world.note(c.kinds.reset_received, c.endpoint, c.flow.id);
      return c.step(EVENTS.rst);
    }
    if (!(s.flags & ACK)) return;
    if (s.tsval >= 0 && s.seq <= receiver.rcvWup) c.output.recentTs = s.tsval;
    if (state === STATES.synReceived || c.handshake.pending) {
      if (s.ack < 1 || s.ack > c.sender.block.sndNxt) return c.sendRstFor(s);
      if (!c.admitted(pdu)) return;
      c.sender.block.sndWnd = this.windowOf(s);
      c.handshake.answered(s);
      if (state === STATES.synReceived) c.step(EVENTS.ackOfSyn);
      if (c.isGone) return;
    }
    this.takeAck(s, pdu);
    if (c.isGone) return;
    if (s.len > 0 || s.flags & FIN) this.takeData(s, pdu);
    else c.sender.sendNew();
    world.afterBatch(c);
  }

  private inSynSent(s: Segment): void {
    const { c } = this;
    if (s.flags & ACK && (s.ack < 1 || s.ack > c.sender.block.sndNxt)) return s.flags & RST ? undefined : c.sendRstFor(s); // RFC 9293 §3.10.7.3, first check
    if (s.flags & RST) {
      if (!(s.flags & ACK)) return;
      c.world.note(c.kinds.refused, c.endpoint, c.flow.id);
      return c.step(EVENTS.rst);
    }
    if (!(s.flags & SYN)) return;
    if (s.flags & ACK) {
      c.handshake.takeSynAck(s);
      c.sender.earlyAnswered(s);
      c.step(EVENTS.synAck);
    } else {
      c.handshake.takeSyn(s);
      c.step(EVENTS.syn);
    }
  }
  private windowOf(s: Segment): number {
    return s.window * (1 << this.c.output.sndScale);
  }

  private takeAck(s: Segment, pdu: PduRow): void {
    const { c } = this;
    const { sender, world } = c;
    const { block } = sender;
    if (s.ack > block.sndNxt) return c.sendAck();
    if (s.ack < block.sndUna && !s.sack) return;
    const before = block.sndUna;
    const window = this.windowOf(s);
    const carriesData = s.len > 0 || (s.flags & FIN) !== 0;
    const again = block.board.packetsOut > 0 && !carriesData && s.ack === before;
    const saysGap = again && (block.sackOk ? newsBlocks(s.ack, s.sack) > 0 : window === block.sndWnd);
    sender.onAck(s, window, carriesData);
    if (saysGap) world.note(c.kinds.duplicate_ack, c.endpoint, pdu.id, s.ack, newsBlocks(s.ack, s.sack));
    if (c.finSeq >= 0 && before <= c.finSeq && block.sndUna > c.finSeq) c.step(EVENTS.ackOfFin);
  }

  /** What the path says (tcp_ecn_accept_cwr, __tcp_ecn_check_ce): the peer hears of a mark until it says that it has slowed down. */
  private takeMarks(s: Segment, pdu: PduRow): void {
    const { c } = this;
    if (s.flags & CWR) {
      c.output.echo = false;
      if (s.len > 0) c.receiver.acknowledgeSoon(0);
    }
    if (!pdu.marked || c.output.echo) return;
    c.output.echo = true;
    c.receiver.acknowledgeSoon(2);
    c.world.note(c.kinds.congestion_noticed, c.endpoint, pdu.id);
  }
  private takeData(s: Segment, pdu: PduRow): void {
    const { c } = this;
    const { receiver, world, instance } = c;
    if (s.len > 0 && c.context.orphan && (instance.state === STATES.finWait1 || instance.state === STATES.finWait2)) {
      return c.dataForNobody(s.ack);
    }
    const end = s.seq + s.len;
    if (c.output.ecn) this.takeMarks(s, pdu);
    const before = receiver.rcvNxt;
    const what = receiver.data(s.seq, end, (s.flags & FIN) !== 0, (s.flags & PSH) !== 0, world.now, c.sender.block.rtt.rto, s.tsecr);
    if (what === 'out-of-order') {
      const [from, to] = receiver.gap;
      world.note(c.kinds.out_of_order_queued, c.endpoint, pdu.id, from - 1, to - 1);
    } else if (what === 'duplicate') world.note(c.kinds.duplicate_received, c.endpoint, pdu.id);
    if (receiver.rcvNxt > before) world.note(c.kinds.data_delivered, c.endpoint, c.flow.id, receiver.rcvNxt - 1);
    if (receiver.finReached) {
      receiver.takeFin();
      world.note(c.kinds.end_received, c.endpoint, c.flow.id);
      c.readNow();
      if (!c.isGone) c.step(EVENTS.fin);
    }
    if (c.isGone) return;
    c.sender.sendNew();
    c.considerAck();
  }
}
