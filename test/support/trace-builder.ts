/**
 * Builds a small trace by hand, event by event, for tests of queries, words and views: what the engine would have
 * written, with numbers that the test chooses. Law: time only goes forward; a cause is the event handled last
 * (`b.cause`), as in the engine.
 */
import { assert } from '../../src/base/assert';
import { MS, serializationNs, type Ns } from '../../src/base/time';
import { Recorder } from '../../src/engine/recorder';
import type { Chart } from '../../src/model/chart';
import type { PageRun, PlanNode, QueryRow, RelationShape } from '../../src/model/query';
import type { ClaimId, EndpointId, EventId, FlowId, KindId, Layer, ResourceId, TimerId } from '../../src/model/ids';
import { ENGINE_KINDS, FAULT_KINDS, LINK_KINDS, RESOURCE_KINDS, STATE_KINDS, TIMER_KINDS, type KindSet } from '../../src/model/kinds';
import { Fate, IP_TCP, IP_UDP, type PduRow } from '../../src/model/pdu';
import type { Phase, RequestError, RequestRow } from '../../src/model/request';
import { StreamContent, type Flow, type Message } from '../../src/model/stream';
import type { Trace } from '../../src/model/trace';

export interface BuilderOptions {
  /** Names; the first one is the client. All are joined by one link called `line`. */
  readonly hosts?: readonly string[];
  readonly latencyMs?: number;
  /** Bits per second; 0 = unlimited. */
  readonly rate?: number;
  readonly kinds?: readonly KindSet[];
}
export interface SendOptions {
  readonly payload?: number;
  readonly flags?: number;
  readonly streamStart?: number;
  readonly transmission?: number;
  readonly queueMs?: number;
  readonly extraMs?: number;
  readonly message?: Message;
}

export class TraceBuilder {
  readonly trace: Recorder;
  now: Ns = 0;
  cause: EventId = -1;
  private readonly kindIds = new Map<string, KindId>();
  private readonly rate: number;
  private readonly latency: Ns;
  private readonly armEvents = new Map<TimerId, EventId>();
  private readonly sets: readonly KindSet[];

  constructor(o: BuilderOptions = {}) {
    const names = o.hosts ?? ['browser', 'edge'];
    this.rate = o.rate ?? 0;
    this.latency = (o.latencyMs ?? 40) * MS;
    this.trace = new Recorder({
      version: 1, id: 'built', title: 'built by hand', seed: 1,
      hosts: names.map((name, i) => ({ name, kind: 'test', title: name, address: `10.0.0.${i + 1}`, cores: 1, column: i, params: {} })),
      links: [{
        name: 'line', a: names[0]!, b: names.slice(1), latencyNs: [this.latency, this.latency], jitterNs: 0, rate: [this.rate, this.rate], queuePackets: 1000, loss: [0, 0],
        mtu: 1500, perPacketNs: 0,
      }],
      stack: {}, workload: {}, faults: [], limits: { events: 1e6, endNs: 1e12 },
    });
    this.sets = [ENGINE_KINDS, LINK_KINDS, TIMER_KINDS, RESOURCE_KINDS, STATE_KINDS, FAULT_KINDS, ...(o.kinds ?? [])];
    for (const set of this.sets) {
      const ids = this.trace.kindsOf(set);
      for (const key of Object.keys(ids)) this.kindIds.set(`${set.prefix}.${key}`, ids[key]!);
    }
    this.cause = this.note('sim.run_started');
  }

  /** Moves the clock to `ms`; what follows is caused by `cause` (default: the run's start). */
  at(ms: number, cause: EventId = 0): this {
    this.move(ms * MS);
    this.cause = cause;
    return this;
  }
  private move(ns: Ns): void {
    assert(ns >= this.now, `the clock stands at ${this.now} ns and cannot go back to ${ns}`);
    this.now = ns;
  }
  /** Writes an event of a kind by its full name. Does not change `cause`. */
  note(kind: string, where: EndpointId = -1, subject = -1, a = 0, b = 0): EventId {
    const id = this.kindIds.get(kind);
    assert(id !== undefined, `kind ${kind} is known`);
    return this.trace.write(this.now, id, where, this.cause, subject, a, b);
  }
  /** The same, and what follows is caused by it. */
  then(kind: string, where: EndpointId = -1, subject = -1, a = 0, b = 0): EventId {
    return (this.cause = this.note(kind, where, subject, a, b));
  }
  text(text: string): number {
    return this.trace.text(text);
  }

  host(name: string): number {
    return this.trace.hosts.findIndex((h) => h.name === name);
  }
  flow(from: string, to: string, port = 443, protocol = 'tcp', below: FlowId = -1): Flow {
    const id = this.trace.flows.length;
    const flow: Flow = {
      id, name: `${from}>${to}:${port}#${id + 1}`, protocol, initiator: this.host(from), responder: this.host(to), initiatorPort: 32768 + id, responderPort: port, below,
      content: [new StreamContent(), new StreamContent()], continues: -1, session: null,
    };
    this.trace.flows.push(flow);
    return flow;
  }
  endpoint(host: string, layer: Layer, protocol: string, flow: Flow | null = null, chart: Chart | null = null): EndpointId {
    return this.trace.endpoint(this.host(host), layer, protocol, `${protocol} at ${host}`, flow?.id ?? -1, chart, this.now, this.cause);
  }
  enter(endpoint: EndpointId, from: number, to: number): EventId {
    return this.note('state.entered', endpoint, endpoint, from, to);
  }

  /** A message appended to a flow's stream. */
  message(flow: Flow, direction: 0 | 1, name: string, bytes: number, layer: Layer = 'http', body: unknown = null): Message {
    const message: Message = {
      id: this.trace.messages.length, layer, protocol: layer, name, bytes, flow: flow.id, direction, start: -1, end: -1, parent: -1, writtenEvent: this.cause, fields: [], body,
    };
    this.trace.messages.push(message);
    if (flow.protocol !== 'udp') flow.content[direction].append(message);
    return message;
  }

  /** Puts a packet on the link now. Headers are 40 bytes (28 for datagrams). */
  send(flow: Flow, direction: 0 | 1, name: string, o: SendOptions = {}, sender: EndpointId = -1): PduRow {
    const udp = flow.protocol === 'udp';
    const payload = o.message && udp ? o.message.bytes : (o.payload ?? 0);
    const bytes = payload + (udp ? 28 : 40);
    const pdu: PduRow = {
      id: this.trace.pdus.length, protocol: udp ? IP_UDP : IP_TCP, flow: flow.id, direction, from: direction === 0 ? flow.initiator : flow.responder,
      to: direction === 0 ? flow.responder : flow.initiator, sender, srcPort: 1, dstPort: 2, bytes, payload, streamStart: udp || payload === 0 ? -1 : (o.streamStart ?? 0),
      flags: o.flags ?? 16, key: 0, name, transmission: o.transmission ?? 1, body: o.message ? { message: o.message } : null, link: 0, linkDirection: direction,
      sentEvent: this.trace.time.length, sentAt: this.now, queueNs: (o.queueMs ?? 0) * MS, serializationNs: serializationNs(bytes, this.rate), propagationNs: this.latency,
      extraNs: (o.extraMs ?? 0) * MS, fateAt: -1, fate: Fate.inFlight, fateEvent: -1, fatePosition: 0, copyOf: -1, marked: false, clampedMss: 0, translated: null, rule: -1,
    };
    this.trace.write(this.now, this.kindIds.get('test.sent') ?? this.kindIds.get('tcp.segment_sent')!, sender, this.cause, pdu.id, 0, payload);
    this.trace.pdus.push(pdu);
    return pdu;
  }
  /** The packet arrives (the clock goes there); what follows is caused by it. */
  arrive(pdu: PduRow): EventId {
    return this.meet(pdu, Fate.delivered, 1);
  }
  /** The packet is lost at `position` of its way; `cause` stays. */
  lose(pdu: PduRow, position = 0): EventId {
    const { cause } = this;
    const event = this.meet(pdu, Fate.droppedByRule, position);
    this.cause = cause;
    return event;
  }
  private meet(pdu: PduRow, fate: Fate, position: number): EventId {
    const way = position === 0 ? 0 : pdu.queueNs + pdu.serializationNs + Math.floor((pdu.propagationNs + pdu.extraNs) * position);
    this.move(pdu.sentAt + way);
    this.cause = pdu.sentEvent;
    const event = this.then(fate === Fate.delivered ? 'link.pdu_delivered' : 'link.pdu_dropped', -1, pdu.id, fate === Fate.delivered ? 0 : fate, fate === Fate.delivered ? 0 : -1);
    Object.assign(pdu, { fate, fateAt: this.now, fateEvent: event, fatePosition: position });
    return event;
  }

  timer(endpoint: EndpointId, name: string): TimerId {
    this.trace.timers.push({ id: this.trace.timers.length, endpoint, name });
    return this.trace.timers.length - 1;
  }
  arm(timer: TimerId, deadlineMs: number): EventId {
    const event = this.note('timer.armed', this.trace.timers[timer]!.endpoint, timer, deadlineMs * MS);
    this.armEvents.set(timer, event);
    return event;
  }
  /** It fires now; what follows is caused by it. */
  fire(timer: TimerId): EventId {
    this.cause = this.armEvents.get(timer)!;
    return this.then('timer.fired', this.trace.timers[timer]!.endpoint, timer);
  }
  cancel(timer: TimerId): EventId {
    return this.note('timer.cancelled', this.trace.timers[timer]!.endpoint, timer);
  }

  /** CPU work of the endpoint's host, after `waitMs` in its queue; the clock goes to its end. */
  work(endpoint: EndpointId, ms: number, what: string, waitMs = 0): EventId {
    const host = this.trace.endpoints[endpoint]!.host;
    let cpu = this.trace.resources.findIndex((r) => r.host === host);
    if (cpu < 0) cpu = this.trace.resource(host, 'cpu', 1, -1);
    const text = this.text(what);
    this.then('resource.requested', endpoint, cpu, ms * MS, text);
    this.move(this.now + waitMs * MS);
    this.then('resource.granted', endpoint, cpu, ms * MS, text);
    this.move(this.now + ms * MS);
    return this.then('resource.done', endpoint, cpu, ms * MS, text);
  }
  /** A fixed wait of the endpoint; the clock goes to its end. */
  think(endpoint: EndpointId, ms: number, what: string): EventId {
    const text = this.text(what);
    this.then('resource.wait_began', endpoint, -1, ms * MS, text);
    this.move(this.now + ms * MS);
    return this.then('resource.waited', endpoint, -1, ms * MS, text);
  }

  /** A resource of a host: places, cores, a disk. */
  resource(host: string, name: string, servers: number, queueMax = -1): ResourceId {
    return this.trace.resource(this.host(host), name, servers, queueMax);
  }
  /** Somebody asks for a place now. */
  claim(resource: ResourceId, endpoint: EndpointId, what: string): ClaimId {
    const id = this.claimEvents.length;
    this.claimEvents.push({ resource, endpoint, text: this.text(what), event: this.trace.time.length });
    return this.claimTurn(id, 'requested', this.cause);
  }
  grant(claim: ClaimId): ClaimId {
    return this.claimTurn(claim, 'granted');
  }
  release(claim: ClaimId): ClaimId {
    return this.claimTurn(claim, 'released');
  }
  refuse(claim: ClaimId): ClaimId {
    return this.claimTurn(claim, 'refused');
  }
  abandon(claim: ClaimId): ClaimId {
    return this.claimTurn(claim, 'abandoned');
  }
  private readonly claimEvents: { resource: ResourceId; endpoint: EndpointId; text: number; event: EventId }[] = [];
  private claimTurn(id: ClaimId, turn: string, cause: EventId = this.claimEvents[id]!.event): ClaimId {
    const { resource, endpoint, text } = this.claimEvents[id]!;
    const before = this.cause;
    this.cause = cause;
    this.note(`resource.claim_${turn}`, endpoint, resource, id, text);
    this.cause = before;
    return id;
  }
  /** Work on a resource, step by step: asked for now; then `turn` says granted, preempted, done or io_done. Gives the event, which the next turn needs. */
  ask(resource: ResourceId, endpoint: EndpointId, amountMs: number, what: string): EventId {
    return this.note('resource.requested', endpoint, resource, amountMs * MS, this.text(what));
  }
  turn(after: EventId, kind: 'granted' | 'preempted' | 'done' | 'io_done'): EventId {
    const { trace, cause } = this;
    this.cause = after;
    const event = this.note(`resource.${kind}`, trace.where.at(after), trace.subject.at(after), trace.a.at(after), trace.b.at(after));
    this.cause = cause;
    return event;
  }

  /** A statement begins now at a database's endpoint. Its events are of the kind `mark`, which the caller's kinds must hold. */
  query(endpoint: EndpointId, sql: string, shapes: readonly RelationShape[], chosen: PlanNode | null, rejected: readonly PlanNode[] = [], mark = 'db.pages_touched'): QueryRow {
    const row: QueryRow = {
      id: this.trace.queries.length, host: this.trace.endpoints[endpoint]!.host, endpoint, message: -1, sql, startEvent: this.then(mark, endpoint, this.trace.queries.length), endEvent: -1, chosen, rejected, runs: [], shapes, rows: 0,
    };
    this.trace.queries.push(row);
    return row;
  }
  /** It touches pages: they are there `ms` later, and the clock goes there. Read from disk unless `hits` says otherwise. */
  touch(row: QueryRow, ms: number, run: Partial<PageRun> & Pick<PageRun, 'relation' | 'kind' | 'block'>, mark = 'db.pages_touched'): PageRun {
    this.move(this.now + ms * MS);
    const count = run.count ?? 1, hits = run.hits ?? 0;
    const whole: PageRun = { phase: 'execution', level: 0, tuples: 1, ...run, count, hits, reads: run.reads ?? count - hits, event: this.then(mark, row.endpoint, row.id, row.runs.length) };
    row.runs.push(whole);
    return whole;
  }
  answer(row: QueryRow, rows: number, mark = 'db.pages_touched'): void {
    row.endEvent = this.then(mark, row.endpoint, row.id);
    row.rows = rows;
  }

  request(url: string, endpoint: EndpointId, resource = 'document'): RequestRow {
    const row: RequestRow = {
      id: this.trace.requests.length, url, method: 'GET', host: this.trace.endpoints[endpoint]!.host, endpoint, resource, initiator: -1, startEvent: this.cause, startNs: this.now,
      endEvent: -1, endNs: -1, protocol: 'h1', status: null, error: null, flow: -1, fromCache: false, bytesUp: 0, bytesDown: 0, phases: [],
    };
    this.trace.requests.push(row);
    return row;
  }
  phase(row: RequestRow, phase: Phase | null): void {
    const open = row.phases[row.phases.length - 1];
    if (open && open.endEvent < 0) Object.assign(open, { endEvent: this.cause, endNs: this.now });
    if (phase) row.phases.push({ phase, startEvent: this.cause, startNs: this.now, endEvent: -1, endNs: -1 });
  }
  finish(row: RequestRow, status: number | null = 200, error: RequestError | null = null): void {
    this.phase(row, null);
    Object.assign(row, { endEvent: this.cause, endNs: this.now, status, error });
  }

  /** The trace, ended now. */
  done(): Trace {
    this.trace.endNs = this.now;
    this.trace.mainRequest = this.trace.requests.length > 0 ? 0 : -1;
    this.trace.outcome = this.trace.requests.some((r) => r.error) ? 'error' : 'ok';
    return this.trace;
  }
}
