/**
 * The index of a trace: everything that views and words ask of a run, derived once. Law: a pure function of the
 * trace, linear in its events; what is asked for rarely is derived on first use and kept.
 */
import type { Ns } from '../base/time';
import type { ClaimId, EndpointId, EventId, FlowId, HostId, KindId, ResourceId, TimerId } from '../model/ids';
import type { PduRow } from '../model/pdu';
import type { Trace } from '../model/trace';
import { foldEvents } from './fold-events';

/** A stretch of time between two events. `endEvent` -1: still open when the run ended (`end` is then the run's end). */
export interface Span {
  readonly start: Ns;
  readonly end: Ns;
  readonly startEvent: EventId;
  readonly endEvent: EventId;
}
/** An endpoint's machine in one of its states. */
export interface StateSpan extends Span {
  readonly endpoint: EndpointId;
  /** Index into the chart's leaves. */
  readonly state: number;
  /** The standard's name, e.g. `SYN-SENT`. */
  readonly name: string;
}
/** One arming of a running timer: from `at` on it was due at `deadline`. */
export interface Arming {
  readonly at: Ns;
  readonly deadline: Ns;
  readonly event: EventId;
}
/** A timer from the moment it was set until it fired or was cancelled; moving its deadline does not begin a new span. */
export interface TimerSpan extends Span {
  readonly timer: TimerId;
  readonly endpoint: EndpointId;
  readonly host: HostId;
  /** The standard's name: `rto`, `tlp` … */
  readonly name: string;
  readonly outcome: 'fired' | 'cancelled' | 'running';
  /** At least one; the last one's deadline is the final one. */
  readonly armings: readonly Arming[];
}
/** Work on a resource (a CPU): asked for, begun, done; `resource` -1 is a wait that uses nothing. Unknown times are -1. */
export interface Job {
  readonly resource: ResourceId;
  readonly endpoint: EndpointId;
  readonly host: HostId;
  /** What for, in words. */
  readonly what: string;
  readonly amountNs: Ns;
  readonly requestedAt: Ns;
  /** When it first had it; it may have lost it again (`runs`). */
  grantedAt: Ns;
  doneAt: Ns;
  /** When it ran: start and end of each turn, the last end -1 while it runs. */
  runs: readonly { readonly start: Ns; end: Ns }[];
  readonly requestedEvent: EventId;
  grantedEvent: EventId;
  doneEvent: EventId;
}

/** A place of a resource (a worker, a pooled connection): asked for, held, given back. Unknown times are -1. */
export interface Claim {
  readonly id: ClaimId;
  readonly resource: ResourceId;
  readonly endpoint: EndpointId;
  /** What for, in words. */
  readonly what: string;
  readonly requestedAt: Ns;
  grantedAt: Ns;
  /** Given back, refused or given up. */
  endAt: Ns;
  readonly requestedEvent: EventId;
  grantedEvent: EventId;
  endEvent: EventId;
  outcome: 'waiting' | 'held' | 'released' | 'refused' | 'abandoned';
}

/** Numbers of the kinds that the engine writes (-1 when the run has none). */
export interface EngineKindIds {
  readonly delivered: KindId;
  readonly dropped: KindId;
  readonly armed: KindId;
  readonly fired: KindId;
  readonly cancelled: KindId;
  readonly requested: KindId;
  readonly granted: KindId;
  readonly done: KindId;
  readonly ioDone: KindId;
  readonly preempted: KindId;
  readonly claimRequested: KindId;
  readonly claimGranted: KindId;
  readonly claimReleased: KindId;
  readonly claimRefused: KindId;
  readonly claimAbandoned: KindId;
  readonly waitBegan: KindId;
  readonly waited: KindId;
  readonly entered: KindId;
}

export interface TraceIndex {
  readonly trace: Trace;
  readonly kinds: EngineKindIds;
  readonly kindByName: ReadonlyMap<string, KindId>;
  /** By endpoint, in order of time. */
  readonly states: readonly (readonly StateSpan[])[];
  /** All timers' spans, in order of their start. */
  readonly timers: readonly TimerSpan[];
  /** In order of the request for them. */
  readonly jobs: readonly Job[];
  /** Places held, in order of the request for them. */
  readonly claims: readonly Claim[];
  /** By flow, in the order sent. */
  readonly pdusOfFlow: readonly (readonly PduRow[])[];
  /** Packets that were lost (dropped, corrupted, refused), in the order of their loss. */
  readonly lost: readonly PduRow[];
  /** By host. */
  readonly endpointsOfHost: readonly (readonly EndpointId[])[];
  /** Latest `fateAt` of the packets up to and with this one: bounds the search of `inFlightAt`. */
  readonly latestFate: Float64Array;
  /** Last event of the run that is not a loose end: the latest end of a request, else the run's end. */
  readonly workEndNs: Ns;
  /** Derived on first use, keyed by the deriving function's name and argument. */
  readonly memo: Map<string, unknown>;
}

/** `derive()` once per (index, key). */
export function once<T>(index: TraceIndex, key: string, derive: () => T): T {
  const known = index.memo.get(key);
  if (known !== undefined) return known as T;
  const value = derive();
  index.memo.set(key, value);
  return value;
}

/** Derives the index. Linear; about 0.1 µs per event. */
export function indexTrace(trace: Trace): TraceIndex {
  const kindByName = new Map<string, KindId>();
  for (const k of trace.kinds) kindByName.set(k.name, k.id);
  const id = (name: string): KindId => kindByName.get(name) ?? -1;
  const kinds: EngineKindIds = {
    delivered: id('link.pdu_delivered'), dropped: id('link.pdu_dropped'), armed: id('timer.armed'), fired: id('timer.fired'),
    cancelled: id('timer.cancelled'), requested: id('resource.requested'), granted: id('resource.granted'), done: id('resource.done'),
    ioDone: id('resource.io_done'), preempted: id('resource.preempted'), claimRequested: id('resource.claim_requested'), claimGranted: id('resource.claim_granted'),
    claimReleased: id('resource.claim_released'), claimRefused: id('resource.claim_refused'), claimAbandoned: id('resource.claim_abandoned'),
    waitBegan: id('resource.wait_began'), waited: id('resource.waited'), entered: id('state.entered'),
  };
  const { endNs, endpoints } = trace;
  const { states, timers, jobs, claims } = foldEvents(trace);
  const K = trace.kind.data;
  const pdusOfFlow: PduRow[][] = trace.flows.map(() => []);
  const latestFate = new Float64Array(trace.pdus.length);
  const lost: PduRow[] = [];
  let latest = 0;
  trace.pdus.forEach((pdu, i) => {
    pdusOfFlow[pdu.flow]?.push(pdu);
    latest = Math.max(latest, pdu.fateAt < 0 ? Infinity : pdu.fateAt);
    latestFate[i] = latest;
    if (pdu.fateEvent >= 0 && K[pdu.fateEvent] === kinds.dropped) lost.push(pdu);
  });
  lost.sort((p, q) => p.fateAt - q.fateAt || p.id - q.id);
  const endpointsOfHost: EndpointId[][] = trace.hosts.map(() => []);
  for (const row of endpoints) endpointsOfHost[row.host]?.push(row.id);
  let workEndNs = -1;
  for (const r of trace.requests) workEndNs = Math.max(workEndNs, r.endEvent < 0 ? endNs : r.endNs);
  return {
    trace, kinds, kindByName, states, timers, jobs, claims, pdusOfFlow, lost, endpointsOfHost, latestFate, workEndNs: workEndNs < 0 ? endNs : workEndNs, memo: new Map(),
  };
}

/**
 * Host at which an event happened: its endpoint's; for an event about a packet that no endpoint noted, its receiver, but its
 * sender when the event is the sending itself (a RST for nobody's segment) or its loss; -1 for none.
 */
export function hostOfEvent(index: TraceIndex, event: EventId): HostId {
  const { trace, kinds } = index;
  const where = trace.where.at(event);
  if (where >= 0) return trace.endpoints[where]!.host;
  const kind = trace.kind.at(event);
  if (kind === kinds.delivered) return trace.pdus[trace.subject.at(event)]!.to;
  if (kind === kinds.dropped) return trace.pdus[trace.subject.at(event)]!.from;
  if (trace.kinds[kind]!.name.startsWith('fault.host_')) return trace.a.at(event);
  const { subject } = trace.kinds[kind]!;
  if (subject === 'request') return trace.requests[trace.subject.at(event)]?.host ?? -1;
  const pdu = subject === 'pdu' ? trace.pdus[trace.subject.at(event)] : undefined;
  if (!pdu) return -1;
  return pdu.sentEvent === event ? pdu.from : pdu.to;
}

/** The transport flow at the bottom of a stack of flows. */
export function bottomFlow(trace: Trace, flow: FlowId): FlowId {
  let at = flow;
  while (at >= 0 && trace.flows[at]!.below >= 0) at = trace.flows[at]!.below;
  return at;
}

/** Flow that an event concerns: its packet's, its message's, its endpoint's; -1 for none. Not brought down to the transport. */
export function flowOfEvent(trace: Trace, event: EventId): FlowId {
  const spec = trace.kinds[trace.kind.at(event)]!;
  const subject = trace.subject.at(event);
  if (subject >= 0) {
    if (spec.subject === 'pdu') return trace.pdus[subject]?.flow ?? -1;
    if (spec.subject === 'flow') return subject;
    if (spec.subject === 'message') return trace.messages[subject]?.flow ?? -1;
    if (spec.subject === 'request') return trace.requests[subject]?.flow ?? -1;
  }
  const where = trace.where.at(event);
  return where < 0 ? -1 : trace.endpoints[where]!.flow;
}
