/**
 * One end of a TCP connection (RFC 9293 §3.10). Segment arrival and the application's calls are classified here;
 * the machine (`machine.ts`) decides the state; sender and receiver do the arithmetic.
 */
import { assert } from '../../base/assert';
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { EndpointId, EventId, HostId, KindId, TimerId } from '../../model/ids';
import { IPV4_HEADER_BYTES } from '../../model/ip';
import { IP_TCP, type PduRow } from '../../model/pdu';
import type { Flow, Message, StreamHandler, StreamSocket } from '../../model/stream';
import type { BatchHandler, TimerHandler, World } from '../../model/world';
import { TCP_KINDS } from './kinds';
import type { TcpOptions } from './params';
import { Receiver } from './receiver';
import { tcpRules, type TcpContext, type TcpEvent } from './rules';
import { ACK, FIN, headerBytes, PSH, RST, SYN, type Segment } from './segment';
import { Sender, type SenderHost, type SenderTimer } from './sender';
import type { Sent } from './sent';
import { tcpTable } from './table.gen';
import { wheelExpiry } from './timer-wheel';

const machine = new Machine<TcpContext, TcpEvent>(tcpTable, tcpRules);
const E = (name: string): number => machine.event(name);
const EVENTS = {
  activeOpen: E('ACTIVE_OPEN'), passiveOpen: E('PASSIVE_OPEN'), syn: E('SYN'), synAck: E('SYN_ACK'), ackOfSyn: E('ACK_OF_SYN'), fin: E('FIN'),
  ackOfFin: E('ACK_OF_FIN'), rst: E('RST'), close: E('CLOSE'), shutdown: E('SHUTDOWN'), abort: E('ABORT'), giveUp: E('GIVE_UP'),
  dataForNobody: E('DATA_FOR_NOBODY'), finWait2Over: E('FIN_WAIT_2_OVER'), timeWaitOver: E('TIME_WAIT_OVER'),
};
const S = (key: string): number => machine.state(key);
export const STATES = {
  closed: S('CLOSED'), listen: S('LISTEN'), synSent: S('SYN-SENT'), synReceived: S('SYN-RECEIVED'), established: S('ESTABLISHED'),
  finWait1: S('FIN-WAIT-1'), finWait2: S('FIN-WAIT-2'), closing: S('CLOSING'), closeWait: S('CLOSE-WAIT'), lastAck: S('LAST-ACK'), timeWait: S('TIME-WAIT'),
};
const NOTHING: TcpEvent = { type: '' };
const NO_HANDLER: StreamHandler = { connected() {}, received() {}, ended() {}, failed() {} };

/** What a connection asks of the stack that holds it. */
export interface ConnectionOwner {
  readonly world: World;
  readonly host: HostId;
  /** The passive connection is established: hand it to the application. False: no room in the accept queue. */
  accepted(connection: TcpConnection): void;
  /** The connection is gone. */
  released(connection: TcpConnection): void;
}

const EFFECTS = bindEffects<TcpConnection, TcpEvent>(tcpTable, {
  sendSyn: (c) => c.sendSyn(false),
  sendSynAck: (c) => c.sendSyn(true),
  sendAck: (c) => c.sendAck(),
  queueFin: (c) => c.queueFin(),
  sendRst: (c) => c.sendRst(),
  refuseData: (c) => c.refuseData(),
  tellConnected: (c) => c.tellConnected(),
  tellEnded: (c) => c.tellEnded(),
  tellRefused: (c) => c.tellFailed('ECONNREFUSED'),
  tellReset: (c) => c.tellFailed('ECONNRESET'),
  tellTimedOut: (c) => c.tellFailed('ETIMEDOUT'),
  startFinWait2: (c) => c.startFinWait2(),
  startTimeWait: (c) => c.startTimeWait(),
  release: (c) => c.release(),
});

export class TcpConnection implements StreamSocket, SenderHost, MachineHost<TcpEvent>, TimerHandler, BatchHandler {
  handler: StreamHandler = NO_HANDLER;
  readonly endpoint: EndpointId;
  readonly instance = { state: STATES.closed };
  readonly context: TcpContext = { orphan: false };
  readonly sender: Sender;
  readonly receiver: Receiver;
  /** True: what arrives stays in the buffer until `resumeReading`. */
  readPaused = false;
  private readonly world: World;
  private readonly kinds: Readonly<Record<keyof typeof TCP_KINDS.kinds, KindId>>;
  private readonly timers: Record<SenderTimer | 'syn' | 'delayedAck' | 'wait' | 'keepAlive', TimerId>;
  private readonly advMss: number;
  private timestamps = false;
  private sackOk = false;
  private sndScale = 0;
  private recentTs = -1;
  private synTransmissions = 0;
  private linearTimeouts = 0;
  private synSentAt = 0;
  private synTimeout: number;
  private synSeen = false;
  private finSeq = -1;
  /** Acknowledgement number of the data that nobody will read. */
  private resetFrom = 0;
  private delivered = 1;
  private keepAliveSent = 0;
  private heardAt = 0;
  private gone = false;
  private connectedOnce = false;

  constructor(
    private readonly owner: ConnectionOwner,
    readonly flow: Flow,
    readonly side: 0 | 1,
    private readonly localPort: number,
    private readonly peer: HostId,
    private readonly peerPort: number,
    private readonly options: TcpOptions,
  ) {
    const { world, host } = owner;
    this.world = world;
    this.kinds = world.kinds(TCP_KINDS);
    const name = world.hostOf(host).name, far = world.hostOf(peer).name;
    this.endpoint = world.endpoint(host, 'transport', 'tcp', `${name}:${localPort} ↔ ${far}:${peerPort}`, flow.id, tcpTable.chart);
    this.advMss = world.mtu(host, peer) - IPV4_HEADER_BYTES - 20;
    this.sender = new Sender(this, options);
    this.receiver = new Receiver(options, this.advMss);
    this.synTimeout = options.rtoInitial;
    const timer = (timerName: string): TimerId => world.timer(this.endpoint, timerName, this);
    this.timers = {
      rto: timer('rto'), tlp: timer('tlp'), reorder: timer('reorder'), persist: timer('persist'), syn: timer('syn'),
      delayedAck: timer('delayedAck'), wait: timer('timeWait'), keepAlive: timer('keepAlive'),
    };
    this.moved(-1, STATES.closed);
  }

  // --- the application's calls -------------------------------------------------------------------------

  open(handler: StreamHandler): void {
    this.handler = handler;
    this.step(EVENTS.activeOpen);
  }
  /** A listening socket made this connection for a SYN. */
  openPassive(pdu: PduRow): void {
    this.step(EVENTS.passiveOpen);
    this.takeSyn(pdu.body as Segment);
    this.step(EVENTS.syn);
  }
  write(messages: readonly Message[]): void {
    const content = this.flow.content[this.side];
    for (const message of messages) content.append(message);
    this.sender.writeEnd = 1 + content.length;
    if (this.canSend()) {
      this.sender.push();
      this.receiver.sentData(this.world.now);
    }
  }
  shutdown(): void {
    this.step(EVENTS.shutdown);
  }
  close(): void {
    if (this.gone || this.context.orphan) return;
    this.handler = NO_HANDLER;
    const unread = this.readPaused && this.endOfData() > this.receiver.copied;
    this.step(unread ? EVENTS.abort : EVENTS.close);
  }
  abort(): void {
    this.handler = NO_HANDLER;
    this.step(EVENTS.abort);
  }
  /** The application has taken the connection from the accept queue: its handler hears what came meanwhile. */
  takeOver(handler: StreamHandler): void {
    this.handler = handler;
    handler.connected();
    this.resumeReading();
    if (this.instance.state === STATES.closeWait) this.handler.ended();
  }
  /** The application reads all that is there, and goes on reading unless `paused`. */
  resumeReading(paused = false): void {
    this.readPaused = false;
    this.readNow();
    this.readPaused = paused;
  }
  /** TCP_QUICKACK 0. */
  quickAckOff(): void {
    this.receiver.interactive();
  }
  get state(): number {
    return this.instance.state;
  }
  get now(): number {
    return this.world.now;
  }
  get orphan(): boolean {
    return this.context.orphan;
  }

  // --- segment arrival (RFC 9293 §3.10.7) ---------------------------------------------------------------

  receive(pdu: PduRow): void {
    const s = pdu.body as Segment;
    const { state } = this.instance;
    if (state === STATES.synSent) return this.inSynSent(s, pdu);
    if (state === STATES.closed || state === STATES.listen) return;
    const { receiver, world } = this;
    const end = s.seq + s.len + (s.flags & FIN ? 1 : 0);
    this.heardAt = world.now;
    this.keepAliveSent = 0;
    if (s.flags & SYN) {
      if (state === STATES.synReceived && s.flags & ACK) {
        this.acceptSynAck(s);
        this.sender.sndUna = 1;
        this.step(EVENTS.synAck);
      } else if (state === STATES.synReceived) this.step(EVENTS.syn);
      else if (state === STATES.timeWait) this.owner.released(this), this.release();
      else this.sendAck(); // challenge ACK, RFC 5961 §4
      return;
    }
    if (!receiver.acceptable(s.seq, end)) {
      world.note(this.kinds.segment_refused, this.endpoint, pdu.id);
      if (s.flags & RST) return;
      if (s.len === 0 && !(s.flags & FIN)) {
        if (s.seq < receiver.rcvNxt) this.sendAck(); // a keep-alive or window probe
        return;
      }
      if (end <= receiver.rcvNxt) {
        receiver.data(s.seq, end - (s.flags & FIN ? 1 : 0), false, false, world.now, 0, -1);
        world.note(this.kinds.duplicate_received, this.endpoint, pdu.id);
      }
      if (state === STATES.timeWait && s.flags & FIN) this.step(EVENTS.fin);
      else this.sendAck();
      return;
    }
    if (s.flags & RST) {
      if (s.seq !== receiver.rcvNxt && state !== STATES.timeWait) return this.sendAck(); // challenge ACK, RFC 5961 §3.2
      world.note(this.kinds.reset_received, this.endpoint, this.flow.id);
      return this.step(EVENTS.rst);
    }
    if (!(s.flags & ACK)) return;
    if (s.tsval >= 0 && s.seq <= receiver.rcvWup) this.recentTs = s.tsval;
    if (state === STATES.synReceived) {
      if (s.ack < 1 || s.ack > this.sender.sndNxt) return this.sendRstFor(s);
      this.setSendWindow(s);
      if (this.synTransmissions === 1) this.sender.rtt.sample(world.now - this.synSentAt, 0, 1);
      world.cancel(this.timers.syn);
      this.step(EVENTS.ackOfSyn);
      if (this.gone) return;
    }
    this.takeAck(s, pdu);
    if (this.gone) return;
    if (s.len > 0 || s.flags & FIN) this.takeData(s, pdu);
    world.afterBatch(this);
  }

  private inSynSent(s: Segment, pdu: PduRow): void {
    if (s.flags & ACK && s.ack !== 1) return this.sendRstFor(s);
    if (s.flags & RST) {
      if (!(s.flags & ACK)) return;
      this.world.note(this.kinds.refused, this.endpoint, this.flow.id);
      return this.step(EVENTS.rst);
    }
    if (!(s.flags & SYN)) return;
    if (s.flags & ACK) {
      this.acceptSynAck(s);
      this.step(EVENTS.synAck);
    } else {
      this.takeSyn(s);
      this.step(EVENTS.syn);
    }
    void pdu;
  }

  private acceptSynAck(s: Segment): void {
    if (!this.synSeen) this.takeSyn(s);
    const sample = this.synTransmissions === 1 ? this.world.now - this.synSentAt : s.tsecr >= 0 ? this.world.now - s.tsecr : -1;
    if (sample >= 0) this.sender.rtt.sample(sample, 0, 1);
    this.world.cancel(this.timers.syn);
    this.sender.sndWnd = s.window; // never scaled in a SYN
  }

  /** The peer's SYN: options, initial numbers. */
  private takeSyn(s: Segment): void {
    this.synSeen = true;
    this.timestamps = this.options.timestamps && s.tsval >= 0;
    this.sackOk = this.options.sack && s.sackPermitted;
    if (s.tsval >= 0) this.recentTs = s.tsval;
    const scaling = s.wscale >= 0;
    this.sndScale = scaling ? s.wscale : 0;
    this.receiver.begin(this.world.now, scaling);
    const { sender } = this;
    sender.mss = Math.min(s.mss >= 0 ? s.mss : 536, this.advMss) - (this.timestamps ? 12 : 0);
    sender.sackOk = this.sackOk;
    sender.timestampsOk = this.timestamps;
    sender.sndWnd = s.window;
  }
  private setSendWindow(s: Segment): void {
    this.sender.sndWnd = s.window * (1 << this.sndScale);
  }

  private takeAck(s: Segment, pdu: PduRow): void {
    const { sender, world } = this;
    if (s.ack > sender.sndNxt) return this.sendAck();
    if (s.ack < sender.sndUna && !s.sack) return;
    const before = sender.sndUna;
    const waiting = sender.packetsOut > 0;
    sender.onAck(s, s.window * (1 << this.sndScale), s.len > 0 || (s.flags & FIN) !== 0);
    if (sender.sndUna === before && waiting && s.len === 0 && (s.flags & FIN) === 0) {
      world.note(this.kinds.duplicate_ack, this.endpoint, pdu.id, s.ack, s.sack ? s.sack.length / 2 : 0);
    }
    if (this.finSeq >= 0 && before <= this.finSeq && sender.sndUna > this.finSeq) this.step(EVENTS.ackOfFin);
  }

  private takeData(s: Segment, pdu: PduRow): void {
    const { receiver, world, instance } = this;
    if (s.len > 0 && this.context.orphan && (instance.state === STATES.finWait1 || instance.state === STATES.finWait2)) {
      this.resetFrom = s.ack;
      return this.step(EVENTS.dataForNobody);
    }
    const end = s.seq + s.len;
    const before = receiver.rcvNxt;
    const what = receiver.data(s.seq, end, (s.flags & FIN) !== 0, (s.flags & PSH) !== 0, world.now, this.sender.rtt.rto, s.tsecr);
    if (what === 'out-of-order') {
      const [from, to] = receiver.gap;
      world.note(this.kinds.out_of_order_queued, this.endpoint, pdu.id, from - 1, to - 1);
    } else if (what === 'duplicate') world.note(this.kinds.duplicate_received, this.endpoint, pdu.id);
    if (receiver.rcvNxt > before) world.note(this.kinds.data_delivered, this.endpoint, this.flow.id, receiver.rcvNxt - 1);
    if (receiver.finReached) {
      receiver.takeFin();
      world.note(this.kinds.end_received, this.endpoint, this.flow.id);
      this.readNow();
      if (!this.gone) this.step(EVENTS.fin);
    }
    if (!this.gone) this.considerAck();
  }

  private considerAck(): void {
    const decision = this.receiver.decide();
    if (decision === 'now') this.sendAck();
    else if (decision === 'delayed') {
      const at = this.world.now + this.receiver.delay(this.sender.rtt.srtt);
      const pending = this.world.deadline(this.timers.delayedAck);
      if (pending < 0 || at < pending) this.armTimer(this.timers.delayedAck, at);
    }
  }

  /** The end of a batch of arrivals: the application wakes and reads, then the sender goes on. */
  batchEnded(): void {
    if (this.gone) return;
    this.readNow();
    if (this.gone) return;
    if (this.canSend() || this.sender.packetsOut > 0) this.sender.afterAcks();
  }

  private readNow(): void {
    if (this.readPaused || this.instance.state === STATES.synReceived) return;
    const { receiver } = this;
    const upTo = this.endOfData();
    if (upTo <= this.delivered && receiver.copied >= upTo) return;
    const ack = receiver.read(upTo, this.world.now);
    if (ack) this.sendAck();
    if (upTo > this.delivered) {
      this.delivered = upTo;
      this.handler.received(upTo - 1);
    }
  }
  /** In-order data, not counting a FIN that was taken. */
  private endOfData(): number {
    const { receiver } = this;
    return Math.min(receiver.rcvNxt, 1 + this.flow.content[this.side === 0 ? 1 : 0].length);
  }

  // --- sending -----------------------------------------------------------------------------------------

  private canSend(): boolean {
    const { state } = this.instance;
    return state === STATES.established || state === STATES.closeWait || state === STATES.finWait1 || state === STATES.closing || state === STATES.lastAck;
  }

  emit(sent: Sent): void {
    const len = sent.end - sent.start - (sent.fin ? 1 : 0);
    const flags = ACK | (sent.fin ? FIN : 0) | (sent.push && len > 0 ? PSH : 0);
    this.transmit(flags, sent.start, len, sent.fin && len === 0 ? 'FIN' : 'data', sent.transmissions);
  }
  emitProbe(): void {
    this.transmit(ACK, this.sender.sndUna - 1, 0, 'window probe', 1);
  }
  sendAck(): void {
    this.transmit(ACK, this.sender.sndNxt, 0, 'ACK', 1);
  }
  sendRst(): void {
    this.transmit(RST | ACK, this.sender.sndNxt, 0, 'RST', 1);
  }
  /** RST for a segment that cannot be taken: numbered by its acknowledgement (RFC 9293 §3.10.7.1). */
  private sendRstFor(s: Segment): void {
    this.transmit(RST, s.ack, 0, 'RST', 1);
  }
  refuseData(): void {
    this.transmit(RST, this.resetFrom, 0, 'RST', 1);
  }
  sendSyn(withAck: boolean): void {
    const { world, sender } = this;
    this.synTransmissions++;
    if (this.synTransmissions === 1) this.synSentAt = world.now;
    sender.sndUna = 0;
    sender.sndNxt = 1;
    this.transmit(withAck ? SYN | ACK : SYN, 0, 0, withAck ? 'SYN-ACK' : 'SYN', this.synTransmissions);
    // a listener arms its timer once the SYN-ACK is out, a moment after the client armed its own
    this.armTimer(this.timers.syn, world.now + this.synTimeout + (withAck ? 1000 : 0));
  }
  queueFin(): void {
    this.sender.finQueued = true;
    this.finSeq = this.sender.writeEnd;
    this.sender.push();
  }

  private transmit(flags: number, seq: number, len: number, name: string, transmission: number): void {
    const { world, receiver, flow } = this;
    const syn = (flags & SYN) !== 0, rst = (flags & RST) !== 0;
    let window = 0;
    let sack: readonly number[] | null = null;
    if (syn) {
      window = Math.min(65535, receiver.rcvWnd);
      receiver.rcvWup = receiver.rcvNxt;
    } else if (!rst || flags & ACK) {
      const offer = receiver.acknowledge();
      window = offer.window;
      sack = this.sackOk ? offer.sack : null;
      world.cancel(this.timers.delayedAck);
    }
    const answer = syn && (flags & ACK) !== 0;
    const timestamps = syn ? this.options.timestamps && (!answer || this.timestamps) : this.timestamps && !(rst && !(flags & ACK));
    const segment: Segment = {
      flags, seq, ack: flags & ACK ? receiver.rcvNxt : 0, window, len, tsval: timestamps ? world.now : -1, tsecr: timestamps ? this.recentTs : -1, sack,
      mss: syn ? this.advMss : -1, wscale: syn && (!answer || this.scalingOffered()) ? receiver.wscale : -1, sackPermitted: syn && this.options.sack && (!answer || this.sackOk),
    };
    const event: EventId = world.note(this.kinds.segment_sent, this.endpoint, world.nextPdu, seq, len);
    world.transmit(
      {
        protocol: IP_TCP, flow: flow.id, direction: this.side, from: this.owner.host, to: this.peer, sender: this.endpoint, srcPort: this.localPort,
        dstPort: this.peerPort, bytes: IPV4_HEADER_BYTES + headerBytes(segment) + len, payload: len, streamStart: len > 0 ? seq - 1 : -1, flags, key: segment.ack,
        name, transmission, body: segment,
      },
      event,
    );
  }
  private scalingOffered(): boolean {
    return this.sndScale > 0 || this.receiver.wscale > 0;
  }

  // --- timers ------------------------------------------------------------------------------------------

  arm(timer: SenderTimer, at: number): void {
    this.armTimer(this.timers[timer], at);
  }
  /** All timers of a host run on its wheel. */
  private armTimer(id: TimerId, at: number): void {
    const { world } = this;
    world.arm(id, wheelExpiry(world.now, at, this.options.timerTick));
  }
  cancel(timer: SenderTimer): void {
    this.world.cancel(this.timers[timer]);
  }
  timerFired(id: TimerId): void {
    const { timers, world, receiver } = this;
    if (this.gone) return;
    if (id === timers.rto) this.sender.timerFired('rto');
    else if (id === timers.tlp) this.sender.timerFired('tlp');
    else if (id === timers.reorder) this.sender.timerFired('reorder');
    else if (id === timers.persist) this.sender.timerFired('persist');
    else if (id === timers.delayedAck) {
      if (!receiver.ackScheduled) return;
      receiver.delayPassed(this.sender.rtt.rto);
      this.sendAck();
    } else if (id === timers.syn) this.synTimedOut();
    else if (id === timers.wait) this.step(this.instance.state === STATES.finWait2 ? EVENTS.finWait2Over : EVENTS.timeWaitOver);
    else if (id === timers.keepAlive) this.keepAlive();
    void world;
  }

  /** The SYN or SYN-ACK was not answered (tcp_retransmit_timer; reqsk_timer_handler). */
  private synTimedOut(): void {
    const { options, instance, world } = this;
    const active = instance.state === STATES.synSent;
    const limit = active ? options.synRetries + options.synLinearTimeouts : options.synAckRetries;
    if (this.synTransmissions > limit) {
      world.note(this.kinds.gave_up, this.endpoint, this.flow.id);
      return this.step(EVENTS.giveUp);
    }
    if (!active || ++this.linearTimeouts > options.synLinearTimeouts) this.synTimeout = Math.min(this.synTimeout * 2, options.rtoMax);
    this.sendSyn(!active);
  }
  private armKeepAlive(after: number): void {
    this.armTimer(this.timers.keepAlive, this.world.now + after);
  }
  /** Looks how long the peer has been silent, and asks or waits on (tcp_keepalive_timer): what arrives moves no timer. */
  private keepAlive(): void {
    const { keepAliveIdle } = this.options;
    if (this.sender.packetsOut > 0) return this.armKeepAlive(keepAliveIdle);
    const silent = this.world.now - this.heardAt;
    if (silent < keepAliveIdle) return this.armKeepAlive(keepAliveIdle - silent);
    if (this.keepAliveSent >= this.options.keepAliveProbes) {
      this.sendRst();
      this.world.note(this.kinds.gave_up, this.endpoint, this.flow.id);
      return this.step(EVENTS.giveUp);
    }
    this.keepAliveSent++;
    this.transmit(ACK, this.sender.sndUna - 1, 0, 'keep-alive', 1);
    this.armKeepAlive(this.options.keepAliveInterval);
  }
  startFinWait2(): void {
    if (this.context.orphan) this.armTimer(this.timers.wait, this.world.now + this.options.finTimeout);
  }
  startTimeWait(): void {
    this.sender.halt();
    this.world.cancel(this.timers.delayedAck);
    this.world.cancel(this.timers.keepAlive);
    this.armTimer(this.timers.wait, this.world.now + this.options.timeWait);
  }

  // --- telling -----------------------------------------------------------------------------------------

  tellConnected(): void {
    this.connectedOnce = true;
    this.sender.sndUna = 1;
    this.sender.begin(this.synTransmissions - 1);
    this.world.note(this.kinds.connection_opened, this.endpoint, this.flow.id);
    this.heardAt = this.world.now;
    if (this.options.keepAliveIdle > 0) this.armKeepAlive(this.options.keepAliveIdle);
    if (this.side === 1) this.owner.accepted(this);
    this.handler.connected();
    if (this.canSend()) this.sender.push();
  }
  tellEnded(): void {
    this.handler.ended();
  }
  tellFailed(code: string): void {
    const { handler } = this;
    this.handler = NO_HANDLER;
    handler.failed(code);
  }
  gaveUp(): void {
    this.world.note(this.kinds.gave_up, this.endpoint, this.flow.id);
    this.step(EVENTS.giveUp);
  }
  tell(what: Parameters<SenderHost['tell']>[0], a: number, b: number): void {
    this.world.note(this.kinds[what], this.endpoint, this.flow.id, a, b);
  }
  release(): void {
    if (this.gone) return;
    this.gone = true;
    this.sender.halt();
    for (const timer of Object.values(this.timers)) this.world.cancel(timer);
    this.owner.released(this);
  }
  get isGone(): boolean {
    return this.gone;
  }
  get wasConnected(): boolean {
    return this.connectedOnce;
  }

  // --- the machine's host ------------------------------------------------------------------------------

  private step(event: number): void {
    machine.step(this.instance, this.context, event, NOTHING, this);
  }
  effect(effect: number, event: TcpEvent, params: unknown): void {
    EFFECTS[effect]!(this, event, params);
  }
  armDelay(): void {
    assert(false, 'the TCP machine has no delayed events');
  }
  cancelDelay(): void {
    assert(false, 'the TCP machine has no delayed events');
  }
  moved(from: number, to: number): void {
    this.world.entered(this.endpoint, from, to);
  }
  ignored(state: number, event: number): void {
    this.world.ignored(this.endpoint, state, event);
  }
}
