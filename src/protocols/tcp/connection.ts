/**
 * One end of a TCP connection (RFC 9293 §3.10): the application's calls, the timers, and the wiring of its parts. The machine
 * (`machine.ts`) decides the state, `segment-arrival.ts` what a segment means, sender and receiver do the arithmetic.
 */
import { assert } from '../../base/assert';
import type { MachineHost } from '../../machines/table';
import type { EndpointId, HostId, KindId, TimerId } from '../../model/ids';
import { IPV4_HEADER_BYTES } from '../../model/ip';
import type { PduRow } from '../../model/pdu';
import type { Flow, Message, StreamHandler, StreamSocket } from '../../model/stream';
import type { BatchHandler, TimerHandler, World } from '../../model/world';
import { EFFECTS } from './connection-effects';
import { EVENTS, machine, STATES } from './connection-machine';
import { Handshake, type HandshakeHost } from './handshake';
import { KeepAlive, type KeepAliveHost } from './keep-alive';
import type { Listener } from './listener';
import { TCP_KINDS } from './kinds';
import { Output } from './output';
import type { TcpOptions } from './params';
import { Receiver } from './receiver';
import type { TcpContext, TcpEvent } from './rules';
import { ACK, arrived, RST, TCP_HEADER_BYTES, type Segment } from './segment';
import { Reading, type ReadingHost } from './reading';
import { SegmentArrival, type ArrivalHost } from './segment-arrival';
import { Sender, type SenderHost, type SenderTimer } from './sender';
import type { Sent } from './sent';
import { tcpTable } from './table.gen';
import { wheelExpiry } from './timer-wheel';

const NOTHING: TcpEvent = { type: '' };
const NO_HANDLER: StreamHandler = { connected() {}, received() {}, ended() {}, failed() {} };

/** What a connection asks of the stack that holds it. */
export interface ConnectionOwner {
  readonly world: World;
  readonly host: HostId;
  /** The passive connection is established: hand it to the application. */
  accepted(connection: TcpConnection): void;
  /** The connection is gone. */
  released(connection: TcpConnection): void;
  /** The Fast Open cookie that this host has for a peer; 0 = none yet. */
  cookieOf(peer: HostId): number;
  keepCookie(peer: HostId, cookie: number): void;
  /** The largest IP packet that passes to a peer, as far as is known. */
  pathMtu(peer: HostId): number;
}

export class TcpConnection implements StreamSocket, SenderHost, MachineHost<TcpEvent>, ArrivalHost, HandshakeHost, KeepAliveHost, TimerHandler, BatchHandler, ReadingHost {
  handler: StreamHandler = NO_HANDLER;
  readonly endpoint: EndpointId;
  readonly instance = { state: STATES.closed };
  readonly context: TcpContext = { orphan: false };
  readonly sender: Sender;
  readonly receiver: Receiver;
  readonly reading: Reading;
  readonly world: World;
  readonly kinds: Readonly<Record<keyof typeof TCP_KINDS.kinds, KindId>>;
  private readonly timers: Record<SenderTimer | 'syn' | 'delayedAck' | 'finWait2' | 'timeWait' | 'keepAlive', TimerId>;
  readonly handshake: Handshake;
  readonly output: Output;
  readonly keepAlive: KeepAlive;
  private readonly arrival = new SegmentArrival(this);
  finSeq = -1;
  /** The listening socket that made it; null for one that was opened here. */
  private listener: Listener | null = null;
  /** Fast Open: the SYN waits for the application's first bytes. */
  private deferred = false;
  /** The application knows of the connection; congestion control has begun. */
  private told = false;
  private begun = false;
  private resetFrom = 0;
  private gone = false;

  constructor(
    private readonly owner: ConnectionOwner,
    readonly flow: Flow,
    readonly side: 0 | 1,
    port: number,
    peer: HostId,
    readonly peerPort: number,
    private readonly options: TcpOptions,
  ) {
    const { world, host } = owner;
    this.world = world;
    this.kinds = world.kinds(TCP_KINDS);
    const name = world.hostOf(host).name, far = world.hostOf(peer).name;
    this.endpoint = world.endpoint(host, 'transport', 'tcp', `${name}:${port} ↔ ${far}:${peerPort}`, flow.id, tcpTable.chart);
    this.sender = new Sender(this, options);
    this.receiver = new Receiver(options, world.mtu(host, peer) - IPV4_HEADER_BYTES - TCP_HEADER_BYTES);
    const address = { endpoint: this.endpoint, flow, side, host, port, peer, peerPort };
    this.reading = new Reading(this, flow.content[side === 0 ? 1 : 0]);
    this.output = new Output(world, address, this.kinds.segment_sent, options, this.receiver, () => world.cancel(this.timers.delayedAck));
    this.handshake = new Handshake(this, side, options, this.output, this.sender, this.receiver);
    this.keepAlive = new KeepAlive(this, options);
    const timer = (timerName: string): TimerId => world.timer(this.endpoint, timerName, this);
    this.timers = {
      rto: timer('rto'), tlp: timer('tlp'), reorder: timer('reorder'), persist: timer('persist'), syn: timer('syn'),
      delayedAck: timer('delayedAck'), finWait2: timer('finWait2'), timeWait: timer('timeWait'), keepAlive: timer('keepAlive'),
    };
    this.moved(-1, STATES.closed);
  }

  // --- the application's calls -------------------------------------------------------------------------

  open(handler: StreamHandler): void {
    this.handler = handler;
    if (this.options.fastOpen) {
      this.handshake.fastOpen = this.owner.cookieOf(this.flow.responder);
      // connect(2) returns at once, and the first write sends the SYN (TCP_FASTOPEN_CONNECT)
      this.deferred = this.handshake.fastOpen !== 0;
    }
    if (this.deferred) this.world.afterBatch(this);
    else this.step(EVENTS.activeOpen);
  }
  /** A listening socket made this connection for a SYN; `cookie`: the Fast Open cookie to give, null = none. */
  openPassive(pdu: PduRow, listener: Listener, cookie: number | null): void {
    this.listen(arrived(pdu), listener);
    this.handshake.fastOpen = cookie;
    this.step(EVENTS.syn);
  }
  /** The same for a SYN with a good Fast Open cookie: its data is taken at once (tcp_fastopen_create_child). */
  openFast(pdu: PduRow): void {
    const s = arrived(pdu), { receiver, world } = this;
    this.listen(s, null);
    this.sender.block.unproven = true;
    if (s.len > 0) {
      receiver.data(1, 1 + s.len, false, false, world.now, this.sender.block.rtt.rto, -1);
      world.note(this.kinds.fast_open_taken, this.endpoint, pdu.id, s.len);
      world.note(this.kinds.data_delivered, this.endpoint, this.flow.id, receiver.rcvNxt - 1);
    }
    this.step(EVENTS.synWithData);
    world.afterBatch(this);
  }
  /** The same for the acknowledgement of a SYN cookie, which says what the SYN said; then it takes `pdu` as any other (cookie_v4_check). */
  openFromCookie(syn: Segment, pdu: PduRow): void {
    this.listen(syn, null);
    this.step(EVENTS.cookie);
    this.receive(pdu);
  }
  private listen(syn: Segment, listener: Listener | null): void {
    this.listener = listener;
    listener?.begun(this);
    this.step(EVENTS.passiveOpen);
    this.handshake.takeSyn(syn);
  }
  write(messages: readonly Message[]): void {
    const content = this.flow.content[this.side];
    for (const message of messages) content.append(message);
    this.sender.block.appEnd = 1 + content.length;
    if (this.deferred) {
      this.deferred = false;
      this.step(EVENTS.activeOpen);
    } else if (this.canSend()) {
      this.sender.write();
      this.receiver.sentData(this.world.now);
    }
  }
  get blocked(): boolean {
    const { block } = this.sender;
    return block.writeEnd < block.appEnd;
  }
  shutdown(): void {
    this.step(EVENTS.shutdown);
  }
  close(): void {
    if (this.gone || this.context.orphan) return;
    if (this.deferred) return this.release();
    this.handler = NO_HANDLER;
    this.step(this.reading.hasUnread() ? EVENTS.abort : EVENTS.close);
  }
  abort(): void {
    this.handler = NO_HANDLER;
    if (this.deferred) return this.release();
    this.step(EVENTS.abort);
  }
  /** The application has taken the connection from the accept queue: its handler hears what came meanwhile. */
  takeOver(handler: StreamHandler): void {
    this.handler = handler;
    handler.connected();
    this.reading.resume();
    if (this.instance.state === STATES.closeWait) this.handler.ended();
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

  /** A router says that no more than `mtu` bytes pass, of a segment that begins at `seq` (tcp_v4_mtu_reduced). */
  tooBig(mtu: number, seq: number): void {
    const { block } = this.sender;
    if (this.gone || seq < block.sndUna || seq >= block.sndNxt) return; // RFC 5927: about nothing that is out
    if (!this.sender.limitMss(mtu - IPV4_HEADER_BYTES - TCP_HEADER_BYTES)) return;
    this.tell('path_mtu_reduced', mtu, 0);
    this.sender.sendAgainWhatIsTooBig();
  }
  pathMss(): number {
    return this.owner.pathMtu(this.side === 0 ? this.flow.responder : this.flow.initiator) - IPV4_HEADER_BYTES - TCP_HEADER_BYTES;
  }

  // --- arrivals ------------------------------------------------------------------------------------------

  receive(pdu: PduRow): void {
    this.arrival.receive(pdu);
  }
  /** Acknowledges what came, now or later, if it needs it. */
  considerAck(): void {
    const decision = this.receiver.decide();
    if (decision === 'now') this.sendAck();
    else if (decision === 'delayed') {
      const at = this.world.now + this.receiver.delay(this.sender.block.rtt.srtt);
      const pending = this.world.deadline(this.timers.delayedAck);
      if (pending < 0 || at < pending) this.armTimer(this.timers.delayedAck, at);
    }
  }

  /** The end of a batch of arrivals: the application wakes, reads, and writes what it still has if there is room again. */
  batchEnded(): void {
    if (this.gone) return;
    if (this.deferred) return this.tellApplication();
    this.readNow();
    if (this.gone) return;
    const { blocked } = this;
    if (this.canSend()) this.sender.write();
    if (blocked && !this.blocked) this.handler.writable?.();
  }

  /** The application reads, once it knows of the connection. */
  readNow(): void {
    if (this.told) this.reading.read();
  }

  // --- sending -----------------------------------------------------------------------------------------

  private canSend(): boolean {
    const { state } = this.instance;
    return (this.told && state === STATES.synReceived) || state === STATES.established || state === STATES.closeWait || state === STATES.finWait1 || state === STATES.closing || state === STATES.lastAck;
  }

  emit(sent: Sent): void {
    const { block } = this.sender;
    const cwr = block.cwrQueued && sent.transmissions === 1 && sent.end - sent.start > (sent.fin ? 1 : 0);
    if (cwr) block.cwrQueued = false;
    this.output.data(sent, cwr);
  }
  /** A segment without data and with an old sequence number asks the peer where it stands. */
  emitProbe(name: 'window probe' | 'keep-alive' = 'window probe'): void {
    this.output.transmit(ACK, this.sender.block.sndUna - 1, 0, name, 1);
  }
  sendAck(): void {
    this.output.transmit(ACK, this.sender.block.sndNxt, 0, 'ACK', 1);
  }
  /** Acknowledges a SYN-ACK, unless data that has to go out again does so. */
  answerSynAck(): void {
    if (!this.sender.earlyRefused) this.sendAck();
  }
  sendRst(): void {
    this.output.transmit(RST | ACK, this.sender.block.sndNxt, 0, 'RST', 1);
  }
  /** RST for a segment that cannot be taken: numbered by its acknowledgement (RFC 9293 §3.10.7.1). */
  sendRstFor(s: Segment): void {
    this.output.transmit(RST, s.ack, 0, 'RST', 1);
  }
  /** Data came that nobody will read, acknowledging `ack`. */
  dataForNobody(ack: number): void {
    this.resetFrom = ack;
    this.step(EVENTS.dataForNobody);
  }
  /** TIME-WAIT makes way for a new connection between the same ports (RFC 9293 §3.10.7.4, RFC 6191). */
  makeWay(): void {
    this.owner.released(this);
    this.release();
  }
  refuseData(): void {
    this.output.transmit(RST, this.resetFrom, 0, 'RST', 1);
  }
  queueFin(): void {
    this.sender.block.finQueued = true;
    this.finSeq = this.sender.block.appEnd;
    this.sender.write();
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
    const { timers, receiver } = this;
    if (this.gone) return;
    if (id === timers.rto) this.sender.timerFired('rto');
    else if (id === timers.tlp) this.sender.timerFired('tlp');
    else if (id === timers.reorder) this.sender.timerFired('reorder');
    else if (id === timers.persist) this.sender.timerFired('persist');
    else if (id === timers.delayedAck) {
      if (!receiver.ackScheduled) return;
      receiver.delayPassed(this.sender.block.rtt.rto);
      this.sendAck();
    } else if (id === timers.syn) this.synTimedOut();
    else if (id === timers.finWait2) this.step(EVENTS.finWait2Over);
    else if (id === timers.timeWait) this.step(EVENTS.timeWaitOver);
    else if (id === timers.keepAlive) this.keepAlive.fired(this.sender.block.board.packetsOut > 0);
  }

  private synTimedOut(): void {
    if (!this.handshake.timedOut(this.instance.state === STATES.synSent)) this.gaveUp();
  }
  armSyn(at: number): void {
    this.armTimer(this.timers.syn, at);
  }
  cancelSyn(): void {
    this.world.cancel(this.timers.syn);
  }
  synAckRetries(): number {
    return this.listener?.retries() ?? this.options.synAckRetries;
  }
  keepCookie(cookie: number): void {
    this.owner.keepCookie(this.flow.responder, cookie);
  }
  admitted(pdu: PduRow): boolean {
    if (!this.listener?.isFull) return true;
    this.world.note(this.kinds.backlog_full, this.endpoint, pdu.id, 1);
    if (this.options.abortOnOverflow) {
      this.sendRstFor(pdu.body as Segment);
      this.step(EVENTS.overflow);
    }
    return false;
  }
  armKeepAlive(after: number): void {
    this.armTimer(this.timers.keepAlive, this.world.now + after);
  }
  ask(): void {
    this.emitProbe('keep-alive');
  }
  peerLost(): void {
    this.sendRst();
    this.gaveUp();
  }
  startFinWait2(): void {
    if (this.context.orphan) this.armTimer(this.timers.finWait2, this.world.now + this.options.finTimeout);
  }
  startTimeWait(): void {
    this.sender.halt();
    this.world.cancel(this.timers.delayedAck);
    this.world.cancel(this.timers.keepAlive);
    this.world.cancel(this.timers.finWait2);
    this.armTimer(this.timers.timeWait, this.world.now + this.options.timeWait);
  }

  // --- telling -----------------------------------------------------------------------------------------

  tellConnected(): void {
    const { handshake, sender } = this;
    if (!this.begun) sender.begin(handshake.retransmissions);
    this.begun = true;
    if (!handshake.pending) {
      const refused = sender.earlyRefused;
      sender.block.sndUna = Math.max(sender.block.sndUna, 1);
      this.world.note(this.kinds.connection_opened, this.endpoint, this.flow.id);
      this.keepAlive.start();
      sender.proven(refused && this.side === 0);
    }
    if (!this.told && this.side === 1) this.owner.accepted(this);
    this.tellApplication();
    if (this.canSend()) this.sender.write();
  }
  /** The application may write: it is connected, or Fast Open lets it write before. */
  private tellApplication(): void {
    if (this.told) return;
    this.told = true;
    this.handler.connected();
  }
  tellEnded(): void {
    this.reading.ended();
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
    this.listener?.ended(this);
    this.owner.released(this);
  }
  get isGone(): boolean {
    return this.gone;
  }

  // --- the machine's host ------------------------------------------------------------------------------

  step(event: number): void {
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
