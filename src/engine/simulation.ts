/**
 * The simulation: the world that hosts and endpoints act in. Law: one clock in integer nanoseconds, one queue
 * ordered by (time, sequence), random draws keyed by what they decide; same plan, same trace, everywhere.
 */
import { assert } from '../base/assert';
import { EventQueue } from '../base/event-queue';
import { fold, hashText } from '../base/hash';
import { draw } from '../base/random';
import type { Ns } from '../base/time';
import type { Chart } from '../model/chart';
import type { ClaimId, EndpointId, EventId, FlowId, HostId, KindId, Layer, LinkId, RequestId, ResourceId, TimerId } from '../model/ids';
import { ENGINE_KINDS, FAULT_KINDS, LINK_KINDS, STATE_KINDS, TIMER_KINDS, type KindSet } from '../model/kinds';
import { Fate, IP_UDP, type Pdu, type PduRow } from '../model/pdu';
import type { Plan, PlanHost } from '../model/plan';
import type { QueryRow } from '../model/query';
import type { Phase, RequestRow } from '../model/request';
import { StreamContent, type Flow, type Message } from '../model/stream';
import type { Outcome, Trace } from '../model/trace';
import type { BatchHandler, HostKind, HostRuntime, ResourceHandler, TimerHandler, World } from '../model/world';
import { PduFaults } from './faults';
import { Links, type Passage } from './links';
import { Recorder } from './recorder';
import { Resources } from './resources';
import { Timers } from './timers';

/** What a queue entry means: its lowest four bits; the rest is an index. */
const ARRIVE = 0, TIMER = 1, JOB = 2, BATCH = 3, LOSE = 4, FAULT_ON = 5, FAULT_OFF = 6, SLICE_END = 7, CLAIM = 8, PASS = 9;
/** Ephemeral ports: Linux net.ipv4.ip_local_port_range, 32768 to 60999; taken in order, so that every run takes the same. */
const FIRST_PORT = 32768, LAST_PORT = 60999;
const RUNS = 0, SILENT = 1, STOPPED = 2;

export class Simulation implements World {
  now: Ns = 0;
  cause: EventId = -1;
  private readonly recorder: Recorder;
  private readonly queue = new EventQueue();
  private readonly links: Links;
  private readonly pduFaults: PduFaults;
  private readonly timers = new Timers();
  private readonly resources: Resources;
  private readonly cpus: Int32Array;
  private readonly batches: { readonly handler: BatchHandler; at: Ns; cause: EventId }[] = [];
  private readonly taps = new Map<LinkId, ((pdu: PduRow) => void)[]>();
  private readonly batchOf = new Map<BatchHandler, number>();
  private readonly runtimes: HostRuntime[] = [];
  private readonly hostState: Uint8Array;
  /** How many faults hold now: stops and silences of each host, downs of each link. */
  private readonly stops: Uint8Array;
  private readonly silences: Uint8Array;
  private readonly downs: Uint8Array;
  private readonly ports: Int32Array;
  private readonly flowOrdinals = new Map<string, number>();
  private readonly flowHash: number[] = [];
  /** The link that a flow began on: its client's address there is part of it. */
  private readonly flowLink: number[] = [];
  private readonly occurrences = new Map<number, number>();
  private readonly passage: Passage = { queueNs: 0, serializationNs: 0, propagationNs: 0, extraNs: 0 };
  private readonly engineKinds;
  private readonly linkKinds;
  private readonly timerKinds;
  private readonly stateKinds;
  private readonly faultKinds;
  private halted = false;

  constructor(readonly plan: Plan, private readonly kindOf: (id: string) => HostKind) {
    this.recorder = new Recorder(plan);
    this.engineKinds = this.kinds(ENGINE_KINDS);
    this.linkKinds = this.kinds(LINK_KINDS);
    this.timerKinds = this.kinds(TIMER_KINDS);
    this.stateKinds = this.kinds(STATE_KINDS);
    this.faultKinds = this.kinds(FAULT_KINDS);
    this.resources = new Resources(this);
    this.links = new Links(plan);
    this.pduFaults = new PduFaults(plan, plan.faults);
    this.hostState = new Uint8Array(plan.hosts.length);
    this.stops = new Uint8Array(plan.hosts.length);
    this.silences = new Uint8Array(plan.hosts.length);
    this.downs = new Uint8Array(plan.links.length);
    this.ports = new Int32Array(plan.hosts.length).fill(FIRST_PORT);
    this.cpus = new Int32Array(plan.hosts.length).fill(-1);
  }

  // --- running -----------------------------------------------------------------------------------------

  /** Runs to quiescence or to a limit. */
  run(): Trace {
    const { recorder, queue, plan } = this;
    this.cause = this.note(this.engineKinds.run_started, -1);
    this.scheduleFaults();
    plan.hosts.forEach((host, id) => this.runtimes.push(this.kindOf(host.kind).create(this, id)));
    for (const runtime of this.runtimes) {
      this.cause = 0;
      runtime.start();
    }
    const { events, endNs } = plan.limits;
    let cut: Outcome | null = null;
    // what is handled without a word counts too, or it could go on for ever at one instant
    let handled = 0;
    while (queue.size > 0 && !this.halted) {
      const at = queue.peekTime();
      if (this.isStale(queue.peekSlot())) {
        this.timers.due(queue.pop() >> 4, at);
        continue;
      }
      if (at > endNs) {
        cut = this.stop(2, endNs, `nothing more is simulated after ${endNs / 1e9} s`) ? 'timeout' : null;
        break;
      }
      if (recorder.time.length >= events || handled++ >= events) {
        this.stop(1, this.now, `the run reached its limit of ${events} events`);
        cut = 'budget';
        break;
      }
      this.now = at;
      this.dispatch(queue.pop());
    }
    recorder.endNs = this.now;
    if (recorder.mainRequest < 0 && recorder.requests.length > 0) recorder.mainRequest = 0;
    recorder.outcome = this.halted ? 'unmodelled' : cut ?? this.outcome();
    if (recorder.outcome === 'timeout') recorder.stopReason ??= `nothing more happens, and ${this.unanswered()} will never be answered`;
    return recorder;
  }

  /** A timer's entry whose timer was cancelled: nothing happens at its time, and the run does not last until then. */
  private isStale(slot: number): boolean {
    return (slot & 15) === TIMER && this.timers.deadline(slot >> 4) < 0;
  }
  /** True when somebody still waited for an answer. */
  private stop(reason: number, at: Ns, why: string): boolean {
    this.now = at;
    if (reason === 2) this.cause = 0; // time itself, not what happened last
    this.note(this.engineKinds.run_stopped, -1, -1, reason);
    const open = this.recorder.requests.some((r) => r.endEvent < 0);
    if (open || reason !== 2) this.recorder.stopReason = why;
    return open;
  }

  private outcome(): Outcome {
    const { requests } = this.recorder;
    if (requests.some((r) => r.error !== null)) return 'error';
    return requests.some((r) => r.endEvent < 0) ? 'timeout' : 'ok';
  }

  private unanswered(): string {
    const open = this.recorder.requests.filter((r) => r.endEvent < 0);
    return open.length === 1 ? `the request for ${open[0]!.url}` : `${open.length} requests`;
  }

  private dispatch(slot: number): void {
    const index = slot >> 4;
    switch (slot & 15) {
      case ARRIVE:
        return this.arrive(this.recorder.pdus[index]!);
      case TIMER:
        return this.timerDue(index);
      case JOB:
        return this.resources.jobEnded(index);
      case SLICE_END:
        return this.resources.sliceEnded(index);
      case CLAIM:
        return this.resources.claimGranted(index);
      case BATCH: {
        const batch = this.batches[index]!;
        batch.at = -1;
        this.cause = batch.cause;
        batch.handler.batchEnded();
        return;
      }
      case PASS:
        return this.atRouter(this.recorder.pdus[index]!);
      case LOSE:
        return this.lose(this.recorder.pdus[index]!);
      case FAULT_ON:
        return this.turnFault(index, true);
      case FAULT_OFF:
        return this.turnFault(index, false);
    }
  }

  // --- recording ---------------------------------------------------------------------------------------

  kinds<K extends string>(set: KindSet<K>): Readonly<Record<K, KindId>> {
    return this.recorder.kindsOf(set);
  }
  note(kind: KindId, where: EndpointId, subject = -1, a = 0, b = 0): EventId {
    return this.recorder.write(this.now, kind, where, this.cause, subject, a, b);
  }
  join(event: EventId, causes: readonly EventId[]): void {
    for (const cause of causes) assert(cause < event, 'a cause is earlier than its event');
    this.recorder.joined.set(event, causes);
  }
  text(text: string): number {
    return this.recorder.text(text);
  }
  endpoint(host: HostId, layer: Layer, protocol: string, title: string, flow: FlowId = -1, chart: Chart | null = null): EndpointId {
    return this.recorder.endpoint(host, layer, protocol, title, flow, chart, this.now, this.cause);
  }
  entered(endpoint: EndpointId, from: number, to: number): void {
    this.note(this.stateKinds.entered, endpoint, endpoint, from, to);
  }
  ignored(endpoint: EndpointId, state: number, event: number): void {
    this.note(this.stateKinds.input_ignored, endpoint, endpoint, state, event);
  }

  // --- timers ------------------------------------------------------------------------------------------

  timer(endpoint: EndpointId, name: string, handler: TimerHandler): TimerId {
    const id = this.timers.add(handler);
    this.recorder.timers.push({ id, endpoint, name });
    return id;
  }
  arm(timer: TimerId, at: Ns): void {
    if (!(at >= this.now)) assert(false, `timer ${this.recorder.timers[timer]!.name} armed for the past`);
    if (this.timers.deadline(timer) === at) return;
    const event = this.note(this.timerKinds.armed, this.recorder.timers[timer]!.endpoint, timer, at);
    if (this.timers.arm(timer, at, event)) this.queue.push(at, (timer << 4) | TIMER);
  }
  cancel(timer: TimerId): void {
    if (this.timers.deadline(timer) < 0) return;
    this.timers.cancel(timer);
    this.note(this.timerKinds.cancelled, this.recorder.timers[timer]!.endpoint, timer);
  }
  deadline(timer: TimerId): Ns {
    return this.timers.deadline(timer);
  }
  private timerDue(id: TimerId): void {
    const due = this.timers.due(id, this.now);
    if (due === 'again') this.queue.push(this.timers.deadline(id), (id << 4) | TIMER);
    if (due !== 'fire') return;
    const { endpoint } = this.recorder.timers[id]!;
    this.cause = this.timers.armEvent(id);
    this.cause = this.note(this.timerKinds.fired, endpoint, id);
    this.timers.handlers[id]!.timerFired(id);
  }

  // --- resources ---------------------------------------------------------------------------------------

  cpu(host: HostId): ResourceId {
    let id = this.cpus[host]!;
    if (id < 0) id = this.cpus[host] = this.resource(host, 'cpu', this.plan.hosts[host]!.cores);
    return id;
  }
  resize(resource: ResourceId, servers: number, direct: ClaimId = -1): void {
    this.resources.resize(resource, servers, direct);
  }
  resource(host: HostId, name: string, servers: number, queueMax = -1, edge: 'cpu' | 'disk' = 'cpu'): ResourceId {
    const slice = name === 'cpu' ? (this.plan.hosts[host]!.schedulerSliceNs ?? 0) : 0;
    this.resources.add(host, servers, queueMax, edge, slice);
    return this.recorder.resource(host, name, servers, queueMax);
  }
  use(resource: ResourceId, amount: Ns, what: string, endpoint: EndpointId, handler: ResourceHandler, tag = 0): void {
    assert(Number.isInteger(amount) && amount >= 0, 'an amount of work is a whole number of ns');
    this.resources.use(resource, amount, this.recorder.text(what), endpoint, handler, tag);
  }
  think(amount: Ns, what: string, endpoint: EndpointId, handler: ResourceHandler, tag = 0): void {
    assert(Number.isInteger(amount) && amount >= 0, 'an amount of work is a whole number of ns');
    this.resources.think(amount, this.recorder.text(what), endpoint, handler, tag);
  }
  acquire(resource: ResourceId, what: string, endpoint: EndpointId, handler: ResourceHandler, tag = 0): ClaimId {
    return this.resources.acquire(resource, this.recorder.text(what), endpoint, handler, tag);
  }
  release(claim: ClaimId): void {
    this.resources.release(claim);
  }
  load(resource: ResourceId): { readonly busy: number; readonly waiting: number } {
    return this.resources.load(resource);
  }
  /** For the resources: entries of the queue. */
  schedule(at: Ns, what: 'job' | 'slice' | 'claim', index: number): void {
    this.queue.push(at, index * 16 + (what === 'job' ? JOB : what === 'slice' ? SLICE_END : CLAIM));
  }

  // --- flows and messages ------------------------------------------------------------------------------

  flow(protocol: string, initiator: HostId, responder: HostId, initiatorPort: number, responderPort: number, below: FlowId = -1): Flow {
    const { hosts } = this.plan;
    const service = `${hosts[initiator]!.name}>${hosts[responder]!.name}:${responderPort}`;
    let name: string;
    if (below >= 0) name = `${protocol}@${this.recorder.flows[below]!.name}`;
    else {
      const ordinal = (this.flowOrdinals.get(service) ?? 0) + 1;
      this.flowOrdinals.set(service, ordinal);
      name = `${service}#${ordinal}`;
    }
    const id = this.recorder.flows.length;
    const content = [new StreamContent(), new StreamContent()] as const;
    const flow: Flow = { id, name, protocol, initiator, responder, initiatorPort, responderPort, below, continues: -1, content, session: null };
    this.flowLink.push(this.links.between(initiator, responder) >> 1);
    this.recorder.flows.push(flow);
    this.flowHash.push(hashText(name));
    return flow;
  }
  flowOf(id: FlowId): Flow {
    return this.recorder.flows[id]!;
  }
  ephemeralPort(host: HostId): number {
    const port = this.ports[host]!++;
    if (port > LAST_PORT) this.unmodelled(`${this.plan.hosts[host]!.name} has used each of its ${LAST_PORT - FIRST_PORT + 1} ephemeral ports once; using one again is not modelled`);
    return port;
  }
  message(m: Parameters<World['message']>[0]): Message {
    const message: Message = {
      id: this.recorder.messages.length, layer: m.layer, protocol: m.protocol, name: m.name, bytes: m.bytes, flow: m.flow,
      direction: m.direction, start: -1, end: -1, parent: m.parent ?? -1, writtenEvent: this.cause, fields: m.fields, body: m.body,
    };
    this.recorder.messages.push(message);
    return message;
  }

  // --- packets -----------------------------------------------------------------------------------------

  get nextPdu(): number {
    return this.recorder.pdus.length;
  }

  transmit(pdu: Pdu, sent: EventId): PduRow {
    const way = this.wayOf(pdu);
    assert(way >= 0, `a link joins ${this.plan.hosts[pdu.from]!.name} and ${this.plan.hosts[pdu.to]!.name}`);
    const judgement = this.pduFaults.any ? this.pduFaults.judge(pdu, way >> 1, this.recorder.flows[pdu.flow]!) : null;
    const row = this.enter(pdu, sent, way, -1);
    if (judgement) {
      row.rule = judgement.rule;
      const { cause } = this;
      this.cause = sent;
      this.note(this.faultKinds.rule_applied, pdu.sender, row.id, judgement.rule);
      this.cause = cause;
    }
    const verdict = judgement?.verdict;
    this.carry(row, way, verdict?.do === 'drop' ? verdict.at ?? 0 : -1, verdict?.do === 'delay' ? verdict.by : 0);
    if (verdict?.do === 'corrupt' && row.fate === Fate.inFlight) row.fate = Fate.corrupted;
    if (verdict?.do === 'duplicate') this.carry(this.enter(pdu, sent, way, row.id), way, -1, 0);
    return row;
  }

  /** A flow stays on the link that it began on, also when its host has another network by now. */
  private wayOf({ from, to, flow }: Pdu): number {
    const way = this.links.between(from, to), link = this.flowLink[flow]!;
    const { initiator, responder } = this.recorder.flows[flow]!;
    return way < 0 || link < 0 || way >> 1 === link || from + to !== initiator + responder || (from !== initiator && from !== responder) ? way : link * 2 + (way & 1);
  }

  private enter(pdu: Pdu, sent: EventId, way: number, copyOf: number): PduRow {
    const row: PduRow = {
      protocol: pdu.protocol, flow: pdu.flow, direction: pdu.direction, from: pdu.from, to: pdu.to, sender: pdu.sender,
      srcPort: pdu.srcPort, dstPort: pdu.dstPort, bytes: pdu.bytes, payload: pdu.payload, streamStart: pdu.streamStart,
      flags: pdu.flags, key: pdu.key, window: pdu.window, ecn: pdu.ecn, name: pdu.name, transmission: pdu.transmission, body: pdu.body,
      id: this.recorder.pdus.length, link: way >> 1, linkDirection: (way & 1) as 0 | 1, sentEvent: sent, sentAt: this.now,
      queueNs: 0, serializationNs: 0, propagationNs: 0, extraNs: 0, fateAt: -1, fate: Fate.inFlight, fateEvent: -1,
      fatePosition: 0, copyOf, marked: false, clampedMss: 0, translated: null, rule: -1,
    };
    this.recorder.pdus.push(row);
    return row;
  }

  /** Sends a row over its link; `dropAt` 0…1 is where a rule drops it, or -1. */
  private carry(row: PduRow, way: number, dropAt: number, delay: Ns): void {
    const link = this.links.plan[way >> 1]!;
    if (this.hostState[row.from] !== RUNS) return this.loseNow(row, Fate.hostStopped);
    if (this.links.down[way >> 1]) return this.loseNow(row, Fate.linkDown);
    if (row.bytes > link.mtu) {
      // TCP keeps to the MTU by itself; datagrams larger than it would travel in fragments
      if (row.protocol === IP_UDP) this.unmodelled(`a datagram of ${row.bytes} bytes is larger than the ${link.mtu} bytes that the link ${link.name} takes; IP fragments are not modelled`);
      return this.loseNow(row, Fate.tooBig);
    }
    if (dropAt === 0) return this.loseNow(row, Fate.droppedByRule);
    const loss = link.loss[(way & 1) as 0 | 1];
    if (loss > 0 && this.drawFor('loss', row) < loss) return this.loseNow(row, Fate.lostRandom);
    if (!this.links.hasRoom(way, this.now)) return this.loseNow(row, Fate.queueFull);
    if (link.markAbove && row.ecn && this.links.waiting(way, this.now) >= link.markAbove) {
      row.marked = true;
      this.noteOf(row, this.linkKinds.pdu_marked);
    }
    const jitter = link.jitterNs > 0 ? this.drawFor('jitter', row) : 0;
    const { passage } = this;
    const router = this.links.routers[way >> 1]!;
    const arrival = this.links.pass(way, row.bytes, this.now, jitter, delay, passage, row.from === router ? 1 - this.links.beforeRouter(way) : 1);
    row.queueNs = passage.queueNs;
    row.serializationNs = passage.serializationNs;
    row.propagationNs = passage.propagationNs;
    row.extraNs = passage.extraNs;
    if (dropAt > 0) this.dropOnTheWay(row, Fate.droppedByRule, dropAt);
    else if (router >= 0 && row.from !== router) this.queue.push(this.now + passage.queueNs + passage.serializationNs + Math.floor((passage.propagationNs + passage.extraNs) * this.links.beforeRouter(way)), (row.id << 4) | PASS);
    else this.queue.push(arrival, (row.id << 4) | ARRIVE);
  }
  /** It has come to the router on its way. */
  private atRouter(row: PduRow): void {
    const router = this.links.routers[row.link]!, up = this.hostState[router] === RUNS;
    this.cause = row.sentEvent;
    const fate = up ? (this.runtimes[router]!.passes?.(row) ?? Fate.inFlight) : Fate.hostStopped;
    if (fate === Fate.inFlight) return this.queue.push(row.sentAt + row.queueNs + row.serializationNs + row.propagationNs + row.extraNs, (row.id << 4) | ARRIVE);
    row.fatePosition = this.links.beforeRouter(row.link * 2 + row.linkDirection);
    this.loseNow(row, fate);
    if (!up) return;
    this.cause = row.fateEvent;
    this.runtimes[router]!.dropped?.(row);
  }
  /** It is lost at this part of its way; `passage` is its own. */
  private dropOnTheWay(row: PduRow, fate: Fate, at: number): void {
    const { passage } = this;
    const travelled = Math.floor((passage.propagationNs + passage.extraNs) * Math.min(1, at));
    row.fate = fate;
    row.fatePosition = Math.min(1, at);
    this.queue.push(this.now + passage.queueNs + passage.serializationNs + travelled, (row.id << 4) | LOSE);
  }

  /** A draw keyed by what the packet is, and how often the like of it was seen. */
  private drawFor(purpose: string, row: PduRow): number {
    let identity = fold(this.flowHash[row.flow]!, row.streamStart * 4 + row.direction);
    identity = fold(fold(identity, row.flags * 65536 + row.payload), row.key);
    const counter = fold(identity, purpose.length);
    const occurrence = (this.occurrences.get(counter) ?? 0) + 1;
    this.occurrences.set(counter, occurrence);
    return draw(this.plan.seed, purpose, identity, occurrence);
  }

  /** Something befalls a packet on its way: its sending is the cause. */
  private noteOf(row: PduRow, kind: KindId, a = 0, b = 0): EventId {
    const { cause } = this;
    this.cause = row.sentEvent;
    const event = this.note(kind, -1, row.id, a, b);
    this.cause = cause;
    return event;
  }
  private loseNow(row: PduRow, fate: Fate): void {
    row.fate = fate;
    row.fateAt = this.now;
    row.fateEvent = this.noteOf(row, this.linkKinds.pdu_dropped, fate, row.rule);
  }
  private lose(row: PduRow): void {
    this.loseNow(row, row.fate);
  }
  private arrive(row: PduRow): void {
    row.fatePosition = 1;
    if (row.fate === Fate.corrupted) return this.loseNow(row, Fate.corrupted);
    if (this.links.down[row.link]) return this.loseNow(row, Fate.linkDown);
    if (this.hostState[row.to] !== RUNS) return this.loseNow(row, Fate.hostStopped);
    row.fate = Fate.delivered;
    row.fateAt = this.now;
    this.cause = row.sentEvent;
    this.cause = row.fateEvent = this.note(this.linkKinds.pdu_delivered, -1, row.id);
    if (this.taps.size > 0) this.taps.get(row.link)?.forEach((heard) => heard(row));
    this.runtimes[row.to]!.receive(row);
  }

  afterBatch(handler: BatchHandler): void {
    let index = this.batchOf.get(handler);
    if (index === undefined) {
      index = this.batches.push({ handler, at: -1, cause: -1 }) - 1;
      this.batchOf.set(handler, index);
    }
    const batch = this.batches[index]!;
    batch.cause = this.cause; // the last arrival of the batch is the last enabler
    if (batch.at === this.now) return;
    batch.at = this.now;
    this.queue.push(this.now, (index << 4) | BATCH);
  }

  // --- hosts, faults -----------------------------------------------------------------------------------

  tap(link: LinkId, heard: (pdu: PduRow) => void): void {
    this.taps.set(link, [...(this.taps.get(link) ?? []), heard]);
  }
  linkNamed(name: string): LinkId {
    return this.plan.links.findIndex((l) => l.name === name);
  }
  hostNamed(name: string): HostId {
    return this.plan.hosts.findIndex((h) => h.name === name);
  }
  hostAt(address: string): HostId {
    return this.plan.hosts.findIndex((h) => h.address === address);
  }
  hostOf(id: HostId): PlanHost {
    return this.plan.hosts[id]!;
  }
  hostRuns(id: HostId): boolean {
    return this.hostState[id] === RUNS;
  }
  linked(a: HostId, b: HostId): boolean {
    return this.links.between(a, b) >= 0;
  }
  mtu(from: HostId, to: HostId): number {
    const way = this.links.between(from, to);
    return way < 0 ? 1500 : this.links.plan[way >> 1]!.mtu;
  }

  private scheduleFaults(): void {
    this.plan.faults.forEach((fault, index) => {
      if (fault.type !== 'host' && fault.type !== 'link') return;
      this.queue.push(fault.from, (index << 4) | FAULT_ON);
      if (fault.until !== null) this.queue.push(fault.until, (index << 4) | FAULT_OFF);
    });
  }
  /** A host or link fault begins or ends. Of several that overlap on one thing the first begins it and the last ends it. */
  private turnFault(index: number, on: boolean): void {
    const fault = this.plan.faults[index]!;
    const { faultKinds: kinds } = this;
    this.cause = 0;
    if (fault.type === 'link') {
      const link = this.plan.links.findIndex((l) => l.name === fault.link);
      if (link < 0 || !turned(this.downs, link, on)) return;
      this.links.down[link] = on;
      this.cause = this.note(on ? kinds.link_down : kinds.link_up, -1, -1, link);
      for (const host of this.links.routeAgain()) if (this.hostState[host] === RUNS) this.runtimes[host]!.networkChanged?.();
    } else if (fault.type === 'host') {
      const host = this.hostNamed(fault.host);
      const stop = fault.verdict === 'stop';
      if (host < 0 || !turned(stop ? this.stops : this.silences, host, on)) return;
      this.hostState[host] = this.stops[host]! > 0 ? STOPPED : this.silences[host]! > 0 ? SILENT : RUNS;
      this.cause = this.note(stop ? (on ? kinds.host_stopped : kinds.host_started) : on ? kinds.host_silenced : kinds.host_heard, -1, -1, host);
      if (stop) this.power(host, !on);
    }
  }
  private power(host: HostId, on: boolean): void {
    if (on) {
      this.runtimes[host] = this.kindOf(this.plan.hosts[host]!.kind).create(this, host);
      this.runtimes[host]!.start();
    } else {
      this.runtimes[host]!.stopped?.();
      this.forget(host);
    }
  }

  /** Power off: no timer of the host fires any more and no work of it ends, even after it started again. */
  private forget(host: HostId): void {
    const { endpoints, timers } = this.recorder;
    for (const { id, endpoint } of timers) if (endpoints[endpoint]!.host === host) this.cancel(id);
    this.resources.forget(host, (endpoint) => endpoints[endpoint]!.host === host);
  }

  // --- requests ----------------------------------------------------------------------------------------

  query(q: Parameters<World['query']>[0], startEvent: EventId): QueryRow {
    const row: QueryRow = { ...q, id: this.recorder.queries.length, startEvent, endEvent: -1, chosen: null, rejected: [], runs: [], shapes: [], rows: 0 };
    this.recorder.queries.push(row);
    return row;
  }
  request(r: Parameters<World['request']>[0], startEvent: EventId): RequestRow {
    const row: RequestRow = {
      url: r.url, method: r.method, host: r.host, endpoint: r.endpoint, resource: r.resource, initiator: r.initiator, id: this.recorder.requests.length as RequestId, startEvent, startNs: this.now, endEvent: -1, endNs: -1, protocol: null,
      status: null, error: null, flow: -1, fromCache: false, bytesUp: 0, bytesDown: 0, phases: [],
    };
    this.recorder.requests.push(row);
    if (r.main) this.recorder.mainRequest = row.id;
    return row;
  }
  phase(request: RequestRow, phase: Phase | null, event: EventId): void {
    const open = request.phases[request.phases.length - 1];
    if (open && open.endEvent < 0) {
      open.endEvent = event;
      open.endNs = this.now;
    }
    assert(phase === null || request.endEvent < 0, 'a request that has ended has no further phase');
    if (phase) request.phases.push({ phase, startEvent: event, startNs: this.now, endEvent: -1, endNs: -1 });
  }
  finish(request: RequestRow, event: EventId): void {
    assert(request.endEvent < 0, 'a request ends once');
    this.phase(request, null, event);
    request.endEvent = event;
    request.endNs = this.now;
  }
  get requests(): readonly RequestRow[] {
    return this.recorder.requests;
  }

  draw(purpose: string, k0 = 0, k1 = 0, k2 = 0): number {
    return draw(this.plan.seed, purpose, k0, k1, k2);
  }
  unmodelled(what: string): void {
    if (this.halted) return;
    this.halted = true;
    this.note(this.engineKinds.run_stopped, -1, -1, 3);
    this.recorder.stopReason = what;
  }
}

/** Counts one more or one fewer; true when the thing changed: the first came or the last went. */
function turned(counts: Uint8Array, at: number, on: boolean): boolean {
  const count = (counts[at]! += on ? 1 : -1);
  return count === (on ? 1 : 0);
}
