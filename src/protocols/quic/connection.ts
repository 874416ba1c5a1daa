/**
 * One end of a QUIC connection (RFC 9000): packets in and out, acknowledgements, keys as TLS gives them, timers, the end. Law: what
 * arrives at one instant is read before anything is sent; while the CPU works for TLS nothing is sent, as in a process of one thread.
 */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { DatagramSender } from '../../model/datagram';
import type { EndpointId, HostId, TimerId } from '../../model/ids';
import type { MultiplexedStream, Multiplexer, MultiplexerHandler } from '../../model/multiplexer';
import { QUIC_ERRORS } from '../../model/quic/errors';
import type { Hex, QuicFrame } from '../../model/quic/frame';
import type { HandshakeEnd } from '../../model/quic/handshake';
import { datagramLength, elicitsAck, QUIC_V1, spaceOf, type DatagramBody, type Level, type QuicPacket, type Space } from '../../model/quic/packet';
import type { TransportParameters } from '../../model/quic/transport-parameters';
import type { Flow, StreamHandler } from '../../model/stream';
import type { PduRow } from '../../model/pdu';
import type { BatchHandler, World } from '../../model/world';
import { quicRules, type QuicContext, type QuicEvent } from './connection-rules';
import { quicConnectionTable } from './connection-table.gen';
import { CryptoStream, type CryptoOwner } from './crypto-stream';
import { IdleTimer } from './idle-timer';
import { QUIC_KINDS } from './kinds';
import type { QuicOptions } from './params';
import { Recovery } from './recovery';
import type { Path } from './path';
import { Paths, type PathsOwner } from './paths';
import { Sender, type Sending } from './sender';
import { PacketSpace } from './space';
import { Streams, type StreamsOwner } from './streams';

const machine = new Machine<QuicContext, QuicEvent>(quicConnectionTable, quicRules);
const EFFECTS = bindEffects<QuicConnection, QuicEvent>(quicConnectionTable, {
  confirm: (c) => c.confirm(),
  sayDone: (c) => c.sayDone(),
  sayClose: (c) => c.sayClose(),
  dropStreams: (c) => c.dropStreams(),
  armClosing: (c) => c.armClosing(),
  forget: (c) => c.forget(),
  repeatClose: (c) => c.sayClose(),
});
const NOTHING: QuicEvent = { type: '' };
const EVENTS = {
  keys: machine.event('HANDSHAKE_KEYS'), complete: machine.event('COMPLETE'), confirm: machine.event('CONFIRM'), close: machine.event('CLOSE'), peerClose: machine.event('PEER_CLOSE'),
  silence: machine.event('SILENCE'), datagram: machine.event('DATAGRAM'), waited: machine.event('WAITED'),
};
const CLOSING = machine.state('CLOSING'), DRAINING = machine.state('DRAINING'), CLOSED = machine.state('CLOSED'), CONFIRMED = machine.state('CONFIRMED');
/** How many packets without keys are kept. */
const KEPT = 10;
const NO_HANDLER: MultiplexerHandler = { ready() {}, incoming() {}, moreStreams() {}, closed() {} };
const never = (): Record<Level, boolean> => ({ Initial: false, '0-RTT': false, Handshake: false, '1-RTT': false });

type CloseFrame = Extract<QuicFrame, { type: 'CONNECTION_CLOSE' | 'CONNECTION_CLOSE_APP' }>;

/** Begins TLS on a stream of CRYPTO frames; `handler` hears when the handshake is complete, and why it is not. */
export type StartTls = (crypto: CryptoStream, handler: StreamHandler) => HandshakeEnd;
interface Arrived {
  readonly packet: QuicPacket;
  readonly pdu: PduRow;
  readonly path: Path;
}
export interface Ids {
  readonly own: Hex;
  readonly peer: Hex;
}

export abstract class QuicConnection implements Multiplexer, StreamsOwner, CryptoOwner, Sending, PathsOwner, StreamHandler, MachineHost<QuicEvent>, BatchHandler {
  handler: MultiplexerHandler = NO_HANDLER;
  readonly endpoint: EndpointId;
  readonly kinds;
  readonly recovery: Recovery;
  readonly spaces: Readonly<Record<Space, PacketSpace>>;
  readonly crypto: CryptoStream;
  readonly streams: Streams;
  readonly sendKeys = never();
  readonly receiveKeys = never();
  version: number = QUIC_V1;
  keyPhase = 0;
  readonly ownId: Hex;
  token: Hex = '';
  readonly paths: Paths;
  readonly sender: Sender;
  protected tls: HandshakeEnd | null = null;
  protected peerLimits: TransportParameters | null = null;
  /** Why it is over. */
  protected code = 'CLOSED';
  private closeFrame: CloseFrame = { type: 'CONNECTION_CLOSE', error: 0, frameType: 0, reason: '' };
  private readonly instance = { state: 0 };
  private readonly context: QuicContext;
  /** Packets that came and were not looked at yet. */
  private readonly unread: Arrived[] = [];
  private readonly waiting: Arrived[] = [];
  private readonly closing: TimerId;
  readonly idleTimer: IdleTimer;
  private saidClose = false;

  constructor(readonly world: World, readonly host: HostId, readonly flow: Flow, readonly side: 0 | 1, title: string, readonly options: QuicOptions, ids: Ids, sender: DatagramSender, parameters: TransportParameters) {
    this.kinds = world.kinds(QUIC_KINDS);
    this.endpoint = world.endpoint(host, 'transport', 'quic', `${title} ${flow.name}`, flow.id, quicConnectionTable.chart);
    sender.endpoint = this.endpoint;
    this.ownId = ids.own;
    this.context = { isClient: side === 0 };
    this.recovery = new Recovery(options, side === 0);
    this.paths = new Paths(this, sender, ids.own, ids.peer);
    const space = (name: Space): PacketSpace => new PacketSpace(name, options.ackEvery, options.maxAckDelay);
    this.spaces = { Initial: space('Initial'), Handshake: space('Handshake'), Application: space('Application') };
    this.crypto = new CryptoStream(flow, side, parameters, this);
    this.streams = new Streams(this, parameters);
    this.sender = new Sender(this);
    this.idleTimer = new IdleTimer(world, this.endpoint, Math.min(options.initialIdleTimeout, options.maxIdleTimeout), options.maxIdleTimeout, () => this.idleOver());
    this.closing = world.timer(this.endpoint, 'closing', { timerFired: () => this.step('waited') });
    this.sendKeys.Initial = this.receiveKeys.Initial = true;
    machine.start(this.instance, this.context, this, NOTHING);
  }
  get isClient(): boolean {
    return this.side === 0;
  }
  get onPath(): Path {
    return this.paths.active;
  }
  get peerId(): Hex {
    return this.onPath.peerId;
  }
  get path(): Flow {
    return this.onPath.sender.flow;
  }
  get alpn(): string {
    return this.tls?.alpn ?? '';
  }
  get isOver(): boolean {
    return this.instance.state === CLOSING || this.instance.state === DRAINING || this.instance.state === CLOSED;
  }

  // --- in ----------------------------------------------------------------------------------------------

  /** A datagram for this connection. */
  datagram(body: DatagramBody, pdu: PduRow): void {
    const path = this.paths.of(pdu, body.packets[0]?.destination ?? '');
    path.received += pdu.payload;
    this.idleTimer.heard();
    if (this.isOver) return this.step('datagram');
    for (const packet of body.packets) this.unread.push({ packet, pdu, path });
    this.readOn();
  }
  /** Reads packet by packet; while the CPU works for TLS the next ones wait. */
  private readOn(): void {
    this.readPackets();
    this.wake();
  }
  private readPackets(): void {
    while (this.unread.length > 0 && !this.silent) {
      this.packet(this.unread.shift()!);
    }
  }
  private packet(arrived: Arrived): void {
    const { world, kinds } = this, { packet, pdu, path } = arrived;
    const { level } = packet, space = this.spaces[spaceOf(level)];
    if (space.gone) return;
    if (!this.receiveKeys[level]) {
      const keep = this.options.keepsUndecryptable && this.waiting.length < KEPT;
      world.note(kinds.undecryptable, this.endpoint, pdu.id, world.text(level), keep ? 1 : 0);
      if (keep) this.waiting.push(arrived);
      return;
    }
    if (!space.received.receive(packet.number, elicitsAck(packet), world.now)) return void world.note(kinds.duplicate, this.endpoint, pdu.id, packet.number);
    if (level !== '1-RTT' && level !== '0-RTT') this.peerNamed(packet.source);
    if (level === 'Handshake' && !this.isClient) {
      if (!this.onPath.validated) {
        this.onPath.validated = true;
        world.note(kinds.address_validated, this.endpoint, this.flow.id);
      }
      this.discard('Initial');
    }
    for (const frame of packet.frames) {
      if (this.isOver) return;
      this.frame(frame, level, path);
    }
    if (level !== '1-RTT') return;
    if (packet.keyPhase > this.keyPhase) this.updateKeys(packet.keyPhase);
    if (packet.number === space.received.largest) this.paths.followed(path, packet);
  }
  /** The peer says by which id it wants to be called (§7.2). */
  protected peerNamed(_source: Hex): void {}
  private frame(frame: QuicFrame, level: Level, path: Path): void {
    switch (frame.type) {
      case 'ACK': return this.ack(frame, level);
      case 'CRYPTO': return this.crypto.frame(frame);
      case 'HANDSHAKE_DONE': return this.step('confirm');
      case 'NEW_TOKEN': return this.newToken(frame.token);
      case 'CONNECTION_CLOSE': case 'CONNECTION_CLOSE_APP': {
        const application = frame.type === 'CONNECTION_CLOSE_APP';
        this.world.note(this.kinds.close_received, this.endpoint, this.flow.id, frame.error, application ? 1 : 0);
        this.code = closeCode(frame.error, application);
        return this.step('peerClose');
      }
      default: {
        if (this.paths.frame(frame, path)) return;
        const error = this.streams.frame(frame);
        if (error) this.closeWith({ type: 'CONNECTION_CLOSE', error: QUIC_ERRORS[error], frameType: 0, reason: '' }, 'QUIC_PROTOCOL_ERROR');
      }
    }
  }
  private ack(frame: Extract<QuicFrame, { type: 'ACK' }>, level: Level): void {
    const { world, recovery } = this;
    // §8.1: whoever acknowledges a Handshake packet has seen the server's; and 1-RTT acknowledged is as good as confirmed
    if (this.isClient && level === 'Handshake') recovery.peerValidated = true;
    const { acked, lost, cut } = recovery.acknowledge(spaceOf(level), frame.ranges, frame.delay * 1000, world.now);
    if (acked.length > 0) world.note(this.kinds.acknowledged, this.endpoint, this.flow.id, acked.length, Math.round(recovery.rtt.srtt));
    if (acked.length > 0) world.note(this.kinds.in_flight, this.endpoint, this.flow.id, recovery.congestion.window, recovery.congestion.inFlight);
    for (const p of acked) for (const f of p.frames) this.frameAcked(f, p.space);
    this.sender.gaveUp(lost, cut);
  }
  private frameAcked(f: QuicFrame, space: Space): void {
    if (f.type === 'CRYPTO') this.crypto.frameAcked(f);
    else if (f.type === 'ACK') this.spaces[space].received.told(f.ranges[0]![1]);
    else this.streams.acked(f);
  }
  // --- what TLS tells ----------------------------------------------------------------------------------

  peerParameters(p: TransportParameters): void {
    this.peerLimits = p;
    this.idleTimer.agree(p.maxIdleTimeout);
    this.recovery.peerAckDelay = p.maxAckDelay * 1e6;
    this.streams.allow(p);
  }
  agreed(): void {
    this.keys('Handshake');
    this.step('keys');
  }
  wrote(level: Level, name: string): void {
    // a server may speak under 1-RTT keys once its Finished is written (RFC 9001 §5.7)
    if (!this.isClient && name === 'Finished' && level === 'Handshake') this.sendKeys['1-RTT'] = true;
    this.wake();
  }
  early(remembered: TransportParameters | null): void {
    if (this.isClient) this.sendKeys['0-RTT'] = true;
    else this.receiveKeys['0-RTT'] = true;
    if (remembered) this.streams.allow(remembered);
    this.world.note(this.kinds.early_packets, this.endpoint, this.flow.id);
    this.wake();
    if (this.isClient) this.handler.ready(true);
  }
  /** All that was said early is said again under 1-RTT keys (RFC 9001 §4.6.2). */
  earlyRejected(): void {
    for (const p of [...this.recovery.outstanding('Application')]) this.sender.sayAgain(p);
  }
  alert(name: string, code: number): void {
    this.closeFrame = { type: 'CONNECTION_CLOSE', error: 0x100 + code, frameType: 6, reason: name };
  }
  idle(): void {
    this.readOn();
  }
  tlsClosed(): void {}
  /** The handshake is complete. */
  connected(): void {
    this.keys('1-RTT');
    this.world.note(this.kinds.handshake_complete, this.endpoint, this.flow.id);
    this.step('complete');
    // what ends the handshake goes out before anything else is said
    this.sender.flush();
    this.handler.ready(false);
  }
  received(): void {}
  ended(): void {}
  /** The handshake has failed; an alert may have been said. */
  failed(code: string): void {
    this.closeWith(this.closeFrame, code);
  }
  private keys(level: Level): void {
    this.sendKeys[level] = this.receiveKeys[level] = true;
    this.world.note(this.kinds.keys_available, this.endpoint, this.flow.id, this.world.text(level));
    this.wake();
  }
  /** What came before its keys were there. */
  private takeWaiting(): void {
    if (this.waiting.length === 0) return;
    const ready = this.waiting.filter((w) => this.receiveKeys[w.packet.level]);
    for (const w of ready) this.waiting.splice(this.waiting.indexOf(w), 1);
    this.unread.push(...ready);
  }
  confirm(): void {
    this.recovery.confirmed = true;
    this.recovery.peerValidated = true;
    this.world.note(this.kinds.handshake_confirmed, this.endpoint, this.flow.id);
    this.discard('Handshake');
    this.paths.confirmed();
  }
  sayDone(): void {
    this.onPath.validated = true;
    this.spaces.Application.control.push({ type: 'HANDSHAKE_DONE' });
    this.giveToken();
  }
  /** A server's gift for the next connection. */
  protected giveToken(): void {}
  protected newToken(_token: Hex): void {}
  discard(name: 'Initial' | 'Handshake'): void {
    const space = this.spaces[name];
    if (space.gone) return;
    space.discard();
    this.recovery.discard(name);
    this.crypto.drop(name);
    this.world.note(this.kinds.keys_discarded, this.endpoint, this.flow.id, this.world.text(name));
  }

  // --- streams -----------------------------------------------------------------------------------------

  open(oneWay: boolean): MultiplexedStream | null {
    return this.isOver ? null : this.streams.open(oneWay);
  }
  incoming(stream: MultiplexedStream): void {
    this.handler.incoming(stream);
  }
  moreStreams(): void {
    this.handler.moreStreams();
  }
  say(frame: QuicFrame): void {
    this.spaces.Application.control.push(frame);
    this.wake();
  }
  close(error: number, reason: string): void {
    this.closeWith({ type: 'CONNECTION_CLOSE_APP', error, reason }, 'CLOSED');
  }
  get peerIdLimit(): number {
    return this.peerLimits?.activeConnectionIdLimit ?? 0;
  }
  get peerAllowsMigration(): boolean {
    return this.peerLimits?.disableActiveMigration === false;
  }
  sendOn(path: Path, frame: QuicFrame): boolean {
    return this.sender.sendOn(path, frame);
  }
  abstract wayTo(pdu: PduRow): DatagramSender;
  /** Packets to this id are for this end from now on, or no longer. */
  named(_id: Hex): void {}
  unnamed(_id: Hex): void {}
  /** Silently: there is nobody to tell (RFC 9000 §8.2.4). */
  noViablePath(): void {
    this.code = 'QUIC_NO_PATH';
    this.step('silence');
  }
  updateKeys(phase: number): void {
    this.keyPhase = phase;
    this.sender.keysUpdated();
    this.world.note(this.kinds.key_updated, this.endpoint, this.flow.id, phase);
  }
  private closeWith(frame: CloseFrame, code: string): void {
    if (this.isOver) return;
    this.closeFrame = frame;
    this.code = code;
    this.step('close');
  }

  wake(): void {
    if (!this.isOver) this.world.afterBatch(this);
  }
  batchEnded(): void {
    this.takeWaiting();
    this.readPackets();
    this.sender.flush();
  }
  get silent(): boolean {
    return this.isOver || (this.tls?.atWork ?? false);
  }

  // --- the end -----------------------------------------------------------------------------------------

  sayClose(): void {
    const confirmed = this.instance.state === CONFIRMED || this.spaces.Handshake.gone;
    const levels: Level[] = confirmed ? ['1-RTT'] : (['Initial', 'Handshake'] as const).filter((l) => this.sendKeys[l] && !this.spaces[l].gone);
    const { closeFrame } = this;
    // §10.2.3: what the application says is for 1-RTT packets only
    const frame: CloseFrame = confirmed || closeFrame.type !== 'CONNECTION_CLOSE_APP' ? closeFrame : { type: 'CONNECTION_CLOSE', error: QUIC_ERRORS.APPLICATION_ERROR, frameType: 0, reason: '' };
    const packets = this.sender.packer.closing(levels, frame);
    if (packets.length === 0) return;
    if (!this.saidClose) this.world.note(this.kinds.close_sent, this.endpoint, this.flow.id, frame.error, frame.type === 'CONNECTION_CLOSE_APP' ? 1 : 0);
    this.saidClose = true;
    this.sender.put(packets, false, datagramLength(packets));
  }
  dropStreams(): void {
    this.sender.stop();
    this.paths.stop();
    this.idleTimer.stop();
    this.streams.connectionLost(this.code);
    const { handler } = this;
    this.handler = NO_HANDLER;
    handler.closed(this.code);
  }
  private idleOver(): void {
    this.world.note(this.kinds.idle_timeout, this.endpoint, this.flow.id);
    this.code = 'QUIC_IDLE';
    this.step('silence');
  }
  /** §10.2: three probe timeouts. */
  armClosing(): void {
    this.world.arm(this.closing, this.world.now + 3 * (this.recovery.rtt.pto + this.recovery.peerAckDelay));
  }
  forget(): void {
    this.world.cancel(this.closing);
    this.forgotten();
  }
  protected abstract forgotten(): void;

  protected step(event: keyof typeof EVENTS): void {
    machine.step(this.instance, this.context, EVENTS[event], NOTHING, this);
  }
  effect(effect: number, event: QuicEvent, params: unknown): void {
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
/** Our word for the code in a CONNECTION_CLOSE: H3_NO_ERROR and NO_ERROR are good order. */
const H3_NO_ERROR = 0x100;
const closeCode = (error: number, application: boolean): string => (error === (application ? H3_NO_ERROR : 0) ? 'CLOSED' : application ? 'H3_ERROR' : 'QUIC_ERROR');
