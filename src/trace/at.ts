/** What is so at a moment: states, packets on their way, timers, requests, resources. Law: pure functions of (index, t). */
import type { Ns } from '../base/time';
import type { EndpointId, EventId, HostId, LinkId } from '../model/ids';
import type { PduRow } from '../model/pdu';
import type { TraceLink } from '../model/trace';
import type { RequestRow, PhaseSpan } from '../model/request';
import type { Job, StateSpan, TimerSpan, TraceIndex } from './trace-index';

/** First event later than `t` (the number of events that have happened by `t`, including it). */
export function eventsUntil(index: TraceIndex, t: Ns): EventId {
  const time = index.trace.time.data;
  let low = 0, high = index.trace.time.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (time[mid]! <= t) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** The state that an endpoint's machine is in at `t`; null before it began or without a machine. Of several at one instant, the last. */
export function stateAt(index: TraceIndex, endpoint: EndpointId, t: Ns): StateSpan | null {
  const list = index.states[endpoint];
  if (!list) return null;
  let low = 0, high = list.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (list[mid]!.start <= t) low = mid + 1;
    else high = mid;
  }
  return list[low - 1] ?? null;
}

/** A packet on its way. Positions run from 0 (the sender) to 1 (the receiver). */
export interface InFlight {
  readonly pdu: PduRow;
  /** `queued` behind others at the link; `entering`: its bits are being put on the wire; `travelling`: all of it is on the wire. */
  readonly phase: 'queued' | 'entering' | 'travelling';
  /** Where its last bit is: 1 exactly when it is delivered. */
  readonly position: number;
  /** Where its first bit is. */
  readonly head: number;
  /** Until its fate (arrival or loss), ns. */
  readonly toGoNs: Ns;
}

/** Positions of a packet's first and last bit at `t` (unclipped by its loss). */
export function positionOf(pdu: PduRow, t: Ns): { head: number; tail: number } {
  const way = pdu.propagationNs + pdu.extraNs;
  const first = pdu.sentAt + pdu.queueNs;
  const clip = (x: number): number => (x < 0 ? 0 : x > 1 ? 1 : x);
  if (way <= 0) return { head: t >= first ? 1 : 0, tail: t >= first + pdu.serializationNs ? 1 : 0 };
  return { head: clip((t - first) / way), tail: clip((t - first - pdu.serializationNs) / way) };
}

/** When the packet meets its fate, or would arrive if the run had gone on. */
export const fateTime = (pdu: PduRow): Ns =>
  pdu.fateAt >= 0 ? pdu.fateAt : pdu.sentAt + pdu.queueNs + pdu.serializationNs + pdu.propagationNs + pdu.extraNs;

/** Packets between sender and receiver at `t`, in the order sent. A packet is gone at the instant of its fate. */
export function inFlightAt(index: TraceIndex, t: Ns): InFlight[] {
  const { pdus } = index.trace;
  let low = 0, high = pdus.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (pdus[mid]!.sentAt <= t) low = mid + 1;
    else high = mid;
  }
  const found: InFlight[] = [];
  for (let i = low - 1; i >= 0 && index.latestFate[i]! > t; i--) {
    const pdu = pdus[i]!;
    const fate = fateTime(pdu);
    if (fate <= t) continue;
    const { head, tail } = positionOf(pdu, t);
    const first = pdu.sentAt + pdu.queueNs;
    found.push({
      pdu, position: tail, head, toGoNs: fate - t, phase: t < first ? 'queued' : t < first + pdu.serializationNs ? 'entering' : 'travelling',
    });
  }
  return found.reverse();
}

/** A link's direction at `t`: how many packets wait for the wire. */
export function queuedAt(index: TraceIndex, link: LinkId, direction: 0 | 1, t: Ns): number {
  let n = 0;
  for (const f of inFlightAt(index, t)) if (f.phase === 'queued' && f.pdu.link === link && f.pdu.linkDirection === direction) n++;
  return n;
}

export interface TimerAt {
  readonly span: TimerSpan;
  /** Deadline as it stands at `t`. */
  readonly deadline: Ns;
  readonly armedAt: Ns;
  readonly toGoNs: Ns;
}

/** Timers that run at `t`, the next to fire first. */
export function timersAt(index: TraceIndex, t: Ns): TimerAt[] {
  const found: TimerAt[] = [];
  for (const span of index.timers) {
    if (span.start > t) break;
    if (span.end <= t) continue;
    let arming = span.armings[0]!;
    for (const a of span.armings) {
      if (a.at > t) break;
      arming = a;
    }
    found.push({ span, deadline: arming.deadline, armedAt: arming.at, toGoNs: arming.deadline - t });
  }
  return found.sort((p, q) => p.deadline - q.deadline || p.span.timer - q.span.timer);
}

export interface RequestAt {
  readonly request: RequestRow;
  readonly phase: PhaseSpan | null;
}

/** Requests that are under way at `t`. */
export function requestsAt(index: TraceIndex, t: Ns): RequestAt[] {
  const found: RequestAt[] = [];
  for (const request of index.trace.requests) {
    if (request.startNs > t || (request.endEvent >= 0 && request.endNs <= t)) continue;
    let phase: PhaseSpan | null = null;
    for (const p of request.phases) if (p.startNs <= t && (p.endEvent < 0 || p.endNs > t)) phase = p;
    found.push({ request, phase });
  }
  return found;
}

export interface ResourceAt {
  readonly busy: readonly Job[];
  readonly waiting: readonly Job[];
}

/** Work under way and work that waits on a host's resources at `t` (think times count as under way). */
export function resourceBusyAt(index: TraceIndex, host: HostId, t: Ns): ResourceAt {
  const busy: Job[] = [], waiting: Job[] = [];
  for (const job of index.jobs) {
    if (job.requestedAt > t) break;
    if (job.host !== host || (job.doneAt >= 0 && job.doneAt <= t)) continue;
    if (job.grantedAt >= 0 && job.grantedAt <= t) busy.push(job);
    else waiting.push(job);
  }
  return { busy, waiting };
}

/** The links as they stand at `t`: of several between the same hosts the one that is in use, the first that is up. */
export function linksInUse(index: TraceIndex, t: Ns): readonly TraceLink[] {
  const { links, faults } = index.trace;
  const twins = (l: TraceLink): readonly TraceLink[] => links.filter((o) => o.a === l.a && o.b.join() === l.b.join());
  if (links.every((l) => twins(l).length === 1)) return links;
  const isDown = (l: TraceLink): boolean => faults.some((f) => f.type === 'link' && f.link === l.name && f.from <= t && (f.until === null || t < f.until));
  return links.filter((l) => l === (twins(l).find((o) => !isDown(o)) ?? twins(l)[0]));
}
