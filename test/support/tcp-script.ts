/**
 * Plays a recorded TCP scenario (test/fixtures/tcp) against our TCP: the peer's packets and the application's calls
 * come in the recorded order, each as long after the packet of ours before it as it was recorded (so that a timer
 * that fires a few ms sooner or later moves the answer with it); what our end sends and its states come out in the same form.
 * Law: nothing here depends on which scenario it is; socket options stand only in its sentence (`about`) and are
 * read from there by their socket(7)/tcp(7) names.
 */
import { fromMs, MS, SECOND } from '../../src/base/time';
import { simulate } from '../../src/engine/simulate';
import { IPV4_HEADER_BYTES } from '../../src/model/ip';
import { IP_TCP } from '../../src/model/pdu';
import type { Plan } from '../../src/model/plan';
import type { Flow, StreamHandler } from '../../src/model/stream';
import type { Trace } from '../../src/model/trace';
import type { HostKind, HostRuntime, TimerHandler, World } from '../../src/model/world';
import type { TcpConnection } from '../../src/protocols/tcp/connection';
import { tcpOptions } from '../../src/protocols/tcp/params';
import { ACK, FIN, headerBytes, PSH, RST, SYN, type Segment } from '../../src/protocols/tcp/segment';
import { TcpStack } from '../../src/protocols/tcp/stack';

export interface RecordedOptions {
  mss?: number;
  sackOK?: boolean;
  wscale?: number;
  sack?: [number, number][];
}
export interface RecordedEvent {
  t_ms: number;
  dir: 'in' | 'out' | 'app' | 'state' | 'note';
  flags?: string;
  seq?: number;
  len?: number;
  ack?: number;
  win?: number;
  opt?: RecordedOptions;
  call?: string;
  bytes?: number;
  state?: string;
  connection?: number;
}
export interface Scenario {
  name: string;
  about: string;
  sysctls_set: Record<string, string | number>;
  events: RecordedEvent[];
}

const LINUX = 0, PEER = 1, SERVICE = 80;
/** A run goes on after its last recorded event by the tolerance of the comparison: timers may be a little later than the recorded ones. */
const afterglow = (lastMs: number): number => 15 * MS + fromMs(lastMs * 0.05);
/** Steps recorded for the same tenth of a millisecond happened one after another. */
const APART = 1000;
const FLAG_LETTERS: readonly (readonly [number, string])[] = [[SYN, 'S'], [FIN, 'F'], [RST, 'R'], [PSH, 'P'], [ACK, 'A']];
const flagBits = (letters: string): number => FLAG_LETTERS.reduce((sum, [bit, letter]) => (letters.includes(letter) ? sum | bit : sum), 0);
const flagLetters = (bits: number): string => FLAG_LETTERS.map(([bit, letter]) => (bits & bit ? letter : '')).join('');

/** What the sentence and the sysctls of a scenario say about its socket. */
interface Setup {
  readonly tcp: Record<string, unknown>;
  readonly backlog: number;
  readonly accepts: boolean;
  readonly listens: boolean;
  readonly lingerZero: boolean;
  readonly quickAckOff: boolean;
}
function setupOf(s: Scenario): Setup {
  const { about } = s;
  const sysctls = s.sysctls_set;
  // the recording host: timestamps off, tcp_rmem maximum 32 MiB; Nagle is on unless the socket says TCP_NODELAY
  const tcp: Record<string, unknown> = { timestamps: false, receiveBufferMax: 33554432, nagle: !about.includes('TCP_NODELAY') };
  const numbers: Record<string, (n: number) => void> = {
    tcp_early_retrans: (n) => (tcp.tailLossProbe = n !== 0),
    tcp_syn_linear_timeouts: (n) => (tcp.synLinearTimeouts = n),
    tcp_syn_retries: (n) => (tcp.synRetries = n),
    tcp_synack_retries: (n) => (tcp.synAckRetries = n),
    tcp_retries2: (n) => (tcp.retries = n),
    tcp_orphan_retries: (n) => (tcp.orphanRetries = n || 8),
    tcp_fin_timeout: (n) => (tcp.finTimeout = n * SECOND),
    tcp_sack: (n) => (tcp.sack = n !== 0),
    tcp_timestamps: (n) => (tcp.timestamps = n !== 0),
    tcp_slow_start_after_idle: (n) => (tcp.slowStartAfterIdle = n !== 0),
    tcp_syncookies: () => {}, // no SYN queue overflows in these scenarios
  };
  for (const [name, value] of Object.entries(sysctls)) {
    if (name === 'tcp_rmem') [, tcp.receiveBuffer, tcp.receiveBufferMax] = String(value).split(/\s+/).map(Number);
    else if (numbers[name]) numbers[name](Number(value));
    else throw new Error(`scenario ${s.name}: no parameter for sysctl ${name}`);
  }
  const keepAlive = /SO_KEEPALIVE with idle (\d+) s, interval (\d+) s, (\d+) probes/.exec(about);
  if (keepAlive) {
    tcp.keepAliveIdle = Number(keepAlive[1]) * SECOND;
    tcp.keepAliveInterval = Number(keepAlive[2]) * SECOND;
    tcp.keepAliveProbes = Number(keepAlive[3]);
  }
  return {
    tcp,
    backlog: Number(/listen backlog (\d+)/.exec(about)?.[1] ?? 5),
    accepts: !about.includes('nobody accepts'),
    listens: !about.includes('nobody listens'),
    lingerZero: about.includes('SO_LINGER 0'),
    quickAckOff: /quick ACK mode off|TCP_QUICKACK 0|within the delayed-ACK time/.test(about),
  };
}

/** Plays it; returns the trace and the events of our end in the recorded form. */
export function playScenario(scenario: Scenario): { events: RecordedEvent[]; trace: Trace } {
  const setup = setupOf(scenario);
  const lastMs = scenario.events[scenario.events.length - 1]?.t_ms ?? 0;
  const host = (name: string, address: string) => ({ name, kind: name, title: name, address, cores: 1, column: 0, params: {} });
  const plan: Plan = {
    version: 1, id: scenario.name, title: scenario.about, seed: 1, hosts: [host('linux', '192.0.2.1'), host('peer', '192.0.2.2')],
    links: [{
      name: 'tun', a: 'linux', b: ['peer'], latencyNs: [0, 0], jitterNs: 0, rate: [0, 0], queuePackets: 10000, loss: [0, 0], mtu: 1500, perPacketNs: 0,
    }],
    stack: { tcp: {} }, workload: {}, faults: [], limits: { events: 1_000_000, endNs: fromMs(lastMs) + afterglow(lastMs) },
  };
  const linux = new ScriptedApplication(setup);
  let peer: ScriptedPeer | undefined;
  const kinds: Record<string, HostKind> = {
    linux: { id: 'linux', create: (world) => linux.boot(world) },
    peer: { id: 'peer', create: (world) => (peer = new ScriptedPeer(world, scenario, linux)) },
  };
  const trace = simulate(plan, (id) => kinds[id]!);
  return { trace, events: ownEvents(trace, peer!.samples, fromMs(lastMs) + afterglow(lastMs)) };
}

/** The socket calls, on our end. */
class ScriptedApplication implements HostRuntime, StreamHandler {
  tcp!: TcpStack;
  private world!: World;
  private socket: TcpConnection | null = null;
  constructor(private readonly setup: Setup) {}

  boot(world: World): HostRuntime {
    this.world = world;
    this.tcp = new TcpStack(world, LINUX, tcpOptions(this.setup.tcp));
    return this;
  }
  start(): void {
    if (!this.setup.listens) return;
    const accept = (socket: TcpConnection): StreamHandler | null => {
      this.socket = socket;
      socket.reading.paused = true;
      return this.setup.accepts ? this : null;
    };
    this.tcp.listen(SERVICE, accept, this.setup.backlog);
  }
  receive(pdu: Parameters<HostRuntime['receive']>[0]): void {
    if (this.setup.quickAckOff && pdu.payload > 0) this.socket?.quickAckOff();
    this.tcp.receive(pdu);
  }
  call(e: RecordedEvent): void {
    const { socket, world } = this;
    if (e.call === 'connect') {
      this.socket = this.tcp.connect(PEER, SERVICE, this);
      this.socket.reading.paused = true;
    } else if (e.call === 'write' && socket) {
      socket.write([world.message({ layer: 'transport', protocol: 'raw', name: 'data', bytes: e.bytes ?? 0, flow: socket.flow.id, direction: socket.side, fields: [], body: null })]);
    } else if (e.call === 'read') socket?.reading.resume(true);
    else if (e.call === 'shutdown_wr') socket?.shutdown();
    else if (e.call === 'close') {
      if (this.setup.lingerZero) socket?.abort();
      else socket?.close();
    }
  }
  connected(): void {}
  received(): void {}
  ended(): void {}
  failed(): void {}
}

/** A moment at which the recorder looked at the state of the connection with this port of the peer. */
interface Sample {
  readonly at: number;
  readonly port: number;
}

class ScriptedPeer implements HostRuntime, TimerHandler {
  readonly samples: Sample[] = [];
  private readonly steps: readonly RecordedEvent[];
  private next = 0;
  private at = 0;
  private readonly timer: number;
  private flow: Flow | null = null;
  private ports = { own: 40000, linux: SERVICE };
  /** The connection that the next SYN belongs to was used before. */
  private used = false;
  private inTimeWait = false;
  /** How many of our packets are recorded before each step, and when. */
  private readonly before: number[] = [];
  private readonly recordedOut: number[] = [];
  private ownOut = 0;
  /** Our latest packet that has its like in the record: its time less the recorded one. */
  private shift = 0;

  constructor(private readonly world: World, scenario: Scenario, private readonly linux: ScriptedApplication) {
    const steps: RecordedEvent[] = [];
    for (const e of scenario.events) {
      if (e.dir === 'out') this.recordedOut.push(fromMs(e.t_ms));
      else if (e.dir !== 'note' || e.connection !== undefined) {
        steps.push(e);
        this.before.push(this.recordedOut.length);
      }
    }
    this.steps = steps;
    this.timer = world.timer(world.endpoint(PEER, 'network', 'script', 'script'), 'script', this);
  }
  start(): void {
    this.schedule();
  }
  receive(pdu: Parameters<HostRuntime['receive']>[0]): void {
    this.flow = this.world.flowOf(pdu.flow);
    this.ports = { own: pdu.dstPort, linux: pdu.srcPort };
    this.samples.push({ at: this.world.now, port: this.ports.own });
    const recorded = this.recordedOut[this.ownOut++];
    if (recorded === undefined || this.ownOut > this.before[this.next]!) return;
    this.shift = this.world.now - recorded;
    this.schedule();
  }
  private schedule(): void {
    const step = this.steps[this.next];
    if (!step) return;
    const earliest = Math.max(this.world.now, this.at + (this.next > 0 ? APART : 0));
    this.world.arm(this.timer, Math.max(fromMs(step.t_ms) + this.shift, earliest));
  }
  timerFired(): void {
    this.at = this.world.now;
    const step = this.steps[this.next++]!;
    if (step.dir === 'app') this.linux.call(step);
    else if (step.dir === 'in') this.send(step);
    else if (step.dir === 'state') this.inTimeWait = step.state === 'TIME_WAIT';
    else this.used = true;
    this.schedule();
  }

  private send(e: RecordedEvent): void {
    const { world } = this;
    const flags = flagBits(e.flags!);
    if (flags & SYN && !(flags & ACK) && (!this.flow || this.flow.initiator === PEER)) {
      // a new connection needs new ports, but for one that takes the place of a TIME-WAIT
      if (this.used && !this.inTimeWait) this.ports = { own: this.ports.own + 1, linux: SERVICE };
      this.flow = world.flow('tcp', PEER, LINUX, this.ports.own, this.ports.linux);
      this.used = true;
    }
    // a segment out of nowhere belongs to a connection that our end knows nothing of
    const flow = (this.flow ??= world.flow('tcp', PEER, LINUX, this.ports.own, this.ports.linux));
    const direction = flow.initiator === PEER ? 0 : 1;
    const { len = 0, seq = 0 } = e;
    const content = flow.content[direction];
    const missing = seq - 1 + len - content.length;
    if (len > 0 && missing > 0) {
      content.append(world.message({ layer: 'transport', protocol: 'raw', name: 'data', bytes: missing, flow: flow.id, direction, fields: [], body: null }));
    }
    const segment: Segment = {
      flags, seq, ack: e.ack ?? 0, window: e.win ?? 0, len, tsval: -1, tsecr: -1, sack: e.opt?.sack ? e.opt.sack.flat() : null,
      mss: e.opt?.mss ?? -1, wscale: e.opt?.wscale ?? -1, sackPermitted: e.opt?.sackOK ?? false, fastOpen: null,
    };
    const sent = world.note(world.kinds({ prefix: 'script', kinds: { sent: { layer: 'network', subject: 'pdu' } } }).sent, -1, world.nextPdu);
    world.transmit(
      {
        protocol: IP_TCP, flow: flow.id, direction, from: PEER, to: LINUX, sender: -1, srcPort: this.ports.own, dstPort: this.ports.linux,
        bytes: IPV4_HEADER_BYTES + headerBytes(segment) + len, payload: len, streamStart: len > 0 ? seq - 1 : -1, flags, key: segment.ack, name: 'scripted',
        transmission: 1, body: segment,
      },
      sent,
    );
    this.samples.push({ at: world.now, port: this.ports.own });
  }
}

const STATE_NAMES: Record<string, string> = {
  CLOSED: 'none', LISTEN: 'none', 'SYN-SENT': 'SYN_SENT', 'SYN-RECEIVED': 'SYN_RECV', ESTABLISHED: 'ESTABLISHED', 'FIN-WAIT-1': 'FIN_WAIT1',
  'FIN-WAIT-2': 'FIN_WAIT2', CLOSING: 'CLOSING', 'CLOSE-WAIT': 'CLOSE_WAIT', 'LAST-ACK': 'LAST_ACK', 'TIME-WAIT': 'TIME_WAIT',
};

/** Packets and states of our end, read from the trace alone. */
function ownEvents(trace: Trace, samples: readonly Sample[], end: number): RecordedEvent[] {
  const events: { at: number; event: RecordedEvent }[] = [];
  const ms = (ns: number): number => Math.round(ns / 1e5) / 10;
  for (const pdu of trace.pdus) {
    if (pdu.from !== LINUX || pdu.sentAt > end) continue;
    const s = pdu.body as Segment;
    const opt: RecordedOptions = {};
    if (s.mss >= 0) opt.mss = s.mss;
    if (s.sackPermitted) opt.sackOK = true;
    if (s.wscale >= 0) opt.wscale = s.wscale;
    if (s.sack) opt.sack = s.sack.flatMap((left, i) => (i % 2 === 0 ? [[left, s.sack![i + 1]!] as [number, number]] : []));
    events.push({
      at: pdu.sentAt,
      event: {
        t_ms: ms(pdu.sentAt), dir: 'out', flags: flagLetters(s.flags), seq: s.seq, len: s.len, ...(s.flags & ACK ? { ack: s.ack } : {}), win: s.window,
        ...(Object.keys(opt).length > 0 ? { opt } : {}),
      },
    });
  }
  // the state of a port's connection over time
  const kind = trace.kinds.find((k) => k.name === 'state.entered')!.id;
  const histories = new Map<number, { at: number; state: string }[]>();
  const moments = [...samples];
  for (let i = 0; i < trace.time.length; i++) {
    if (trace.kind.at(i) !== kind || trace.time.at(i) > end) continue;
    const endpoint = trace.endpoints[trace.where.at(i)]!;
    if (endpoint.protocol !== 'tcp') continue;
    const flow = trace.flows[endpoint.flow]!;
    const port = flow.initiator === LINUX ? flow.responderPort : flow.initiatorPort;
    const history = histories.get(port) ?? [];
    histories.set(port, history);
    const state = STATE_NAMES[trace.charts[endpoint.chart]!.leaves[trace.b.at(i)]!]!;
    history.push({ at: trace.time.at(i), state });
    moments.push({ at: trace.time.at(i), port: -1 });
  }
  moments.sort((x, y) => x.at - y.at);
  let port = -1;
  let last = '';
  const sampled = (i: number): boolean => i + 1 === moments.length || moments[i + 1]!.at > moments[i]!.at;
  for (let i = 0; i < moments.length; i++) {
    const { at } = moments[i]!;
    if (moments[i]!.port >= 0) port = moments[i]!.port;
    if (port < 0 || !sampled(i)) continue;
    const past = (histories.get(port) ?? []).filter((h) => h.at <= at);
    const state = past[past.length - 1]?.state ?? 'none';
    if (state !== last) events.push({ at, event: { t_ms: ms(at), dir: 'state', state } });
    last = state;
  }
  return events.sort((x, y) => x.at - y.at).map((e) => e.event);
}

/** Why two tables of one scenario differ, by the rules of the published comparison; empty = equal. */
export function differences(reference: readonly RecordedEvent[], own: readonly RecordedEvent[], toleranceMs = 15, toleranceShare = 0.14): string[] {
  const found: string[] = [];
  const say = (e: RecordedEvent): string =>
    e.dir === 'state' ? `state ${e.state}` : `${e.flags!.replace('P', '')} seq ${e.seq} len ${e.len}${e.ack === undefined ? '' : ` ack ${e.ack}`}`;
  for (const dir of ['out', 'state'] as const) {
    const x = reference.filter((e) => e.dir === dir), y = own.filter((e) => e.dir === dir);
    for (let i = 0; i < Math.max(x.length, y.length); i++) {
      const theirs = x[i], ours = y[i];
      if (!theirs || !ours || say(theirs) !== say(ours)) {
        found.push(`${dir} ${i}: expected ${theirs ? `${say(theirs)} at ${theirs.t_ms}` : 'nothing'}, got ${ours ? `${say(ours)} at ${ours.t_ms}` : 'nothing'}`);
        break;
      }
      const gap = theirs.t_ms - (x[i - 1]?.t_ms ?? 0), ownGap = ours.t_ms - (y[i - 1]?.t_ms ?? 0);
      if (Math.abs(ownGap - gap) > toleranceMs + toleranceShare * gap) found.push(`${dir} ${i} ${say(theirs)}: ${gap.toFixed(1)} ms after the one before, got ${ownGap.toFixed(1)}`);
    }
  }
  return found;
}
