/**
 * Reads a trace's events once, from the first to the last, and brings together those that begin, move and end one thing: a state, a timer,
 * a piece of work, a place. Law: pure; one pass, and only what outlives the pass is allocated.
 */
import type { Ns } from '../base/time';
import type { EventId, HostId, ResourceId, TimerId } from '../model/ids';
import type { Trace } from '../model/trace';
import type { Arming, Claim, Job, StateSpan, TimerSpan } from './trace-index';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** The runs of work that has not begun. */
const NEVER: Job['runs'] = [];
/** What an event of a kind means here; most mean nothing. */
const ENTERED = 1, ARMED = 2, FIRED = 3, CANCELLED = 4, REQUESTED = 5, GRANTED = 6, PREEMPTED = 7, DONE = 8, WAIT_BEGAN = 9, CLAIM_REQUESTED = 10, CLAIM_GRANTED = 11, CLAIM_RELEASED = 12, CLAIM_REFUSED = 13, CLAIM_ABANDONED = 14, HOST_STOPPED = 15;
const ROLES: Readonly<Record<string, number>> = {
  'state.entered': ENTERED, 'timer.armed': ARMED, 'timer.fired': FIRED, 'timer.cancelled': CANCELLED, 'resource.requested': REQUESTED, 'resource.granted': GRANTED,
  'resource.preempted': PREEMPTED, 'resource.done': DONE, 'resource.io_done': DONE, 'resource.waited': DONE, 'resource.wait_began': WAIT_BEGAN,
  'resource.claim_requested': CLAIM_REQUESTED, 'resource.claim_granted': CLAIM_GRANTED, 'resource.claim_released': CLAIM_RELEASED, 'resource.claim_refused': CLAIM_REFUSED,
  'resource.claim_abandoned': CLAIM_ABANDONED, 'fault.host_stopped': HOST_STOPPED,
};

export interface Folded {
  /** By endpoint, in order of time. */
  readonly states: readonly (readonly StateSpan[])[];
  /** In order of their start; without those that were set and cancelled at one instant. */
  readonly timers: readonly TimerSpan[];
  /** In order of the request for them. */
  readonly jobs: readonly Job[];
  readonly claims: readonly Claim[];
}
/** Brings them together. */
export function foldEvents(trace: Trace): Folded {
  const { endNs, endpoints } = trace;
  const roles = Uint8Array.from(trace.kinds, (k) => ROLES[k.name] ?? 0);
  const states: Open<StateSpan>[][] = endpoints.map(() => []);
  /** In order of their start; null while a timer runs, and for good where nobody could have seen it. */
  const timers: (TimerSpan | null)[] = [];
  /** By timer: its place in `timers` plus 1 while it runs, the event that set it, and its armings once there are several. */
  const running = new Int32Array(trace.timers.length), setBy = new Int32Array(trace.timers.length);
  const rearmed: (Arming[] | undefined)[] = [];
  const jobs: Job[] = [];
  /** By event that asked for it, granted it or took it away: its place in `jobs`, plus 1. */
  const jobOf = new Int32Array(trace.kind.length);
  const claims: Claim[] = [];
  const claimOf: Claim[] = [];
  const K = trace.kind.data, T = trace.time.data, S = trace.subject.data, A = trace.a.data, B = trace.b.data, C = trace.cause.data, W = trace.where.data;

  const arming = (event: EventId): Arming => ({ at: T[event]!, deadline: A[event]!, event });
  const endTimer = (timer: TimerId, event: EventId, outcome: TimerSpan['outcome']): void => {
    const place = running[timer]!;
    if (place === 0) return;
    running[timer] = 0;
    const startEvent = setBy[timer]!, start = T[startEvent]!, end = event < 0 ? endNs : T[event]!;
    const armings = rearmed[timer];
    rearmed[timer] = undefined;
    if (outcome === 'cancelled' && end === start) return; // set and cancelled at one instant: nobody could have seen it
    const { endpoint, name } = trace.timers[timer]!;
    timers[place - 1] = { timer, endpoint, host: endpoints[endpoint]!.host, name, start, end, startEvent, endEvent: event, outcome, armings: armings ?? [arming(startEvent)] };
  };
  const newJob = (event: EventId, resource: ResourceId): Job => {
    const endpoint = W[event]!;
    const job: Job = {
      resource, endpoint, host: endpoint < 0 ? -1 : endpoints[endpoint]!.host, what: trace.texts[B[event]!] ?? '', amountNs: A[event]!, requestedAt: T[event]!,
      grantedAt: -1, doneAt: -1, runs: NEVER, requestedEvent: event, grantedEvent: -1, doneEvent: -1,
    };
    jobOf[event] = jobs.push(job);
    return job;
  };

  for (let e = 0, n = trace.kind.length; e < n; e++) {
    const role = roles[K[e]!];
    switch (role) {
      case ENTERED: {
        const endpoint = S[e]!;
        const list = states[endpoint]!;
        const last = list[list.length - 1];
        if (last) {
          last.end = T[e]!;
          last.endEvent = e;
        }
        const state = B[e]!;
        const chart = trace.charts[endpoints[endpoint]!.chart];
        list.push({ endpoint, state, name: chart?.leaves[state] ?? '', start: T[e]!, end: endNs, startEvent: e, endEvent: -1 });
        break;
      }
      case ARMED: {
        const timer = S[e]!;
        if (running[timer]! > 0) (rearmed[timer] ??= [arming(setBy[timer]!)]).push(arming(e));
        else {
          running[timer] = timers.push(null);
          setBy[timer] = e;
        }
        break;
      }
      case FIRED:
        endTimer(S[e]!, e, 'fired');
        break;
      case CANCELLED:
        endTimer(S[e]!, e, 'cancelled');
        break;
      case REQUESTED:
        newJob(e, S[e]!);
        break;
      case WAIT_BEGAN: {
        const job = newJob(e, -1);
        job.runs = [{ start: T[e]!, end: -1 }];
        job.grantedAt = T[e]!;
        job.grantedEvent = e;
        break;
      }
      case GRANTED:
      case PREEMPTED:
      case DONE: {
        const place = C[e]! < 0 ? 0 : jobOf[C[e]!]!;
        if (place === 0) break;
        const job = jobs[place - 1]!;
        const run = job.runs[job.runs.length - 1];
        if (role === GRANTED) {
          if (job.grantedAt < 0) {
            job.grantedAt = T[e]!;
            job.grantedEvent = e;
          }
          const turn = { start: T[e]!, end: -1 };
          job.runs = run ? [...job.runs, turn] : [turn];
          jobOf[e] = place;
          break;
        }
        if (run) run.end = T[e]!;
        if (role === PREEMPTED) jobOf[e] = place;
        else {
          job.doneAt = T[e]!;
          job.doneEvent = e;
        }
        break;
      }
      case CLAIM_REQUESTED: {
        const claim: Claim = {
          id: A[e]!, resource: S[e]!, endpoint: W[e]!, what: trace.texts[B[e]!] ?? '', requestedAt: T[e]!, grantedAt: -1, endAt: -1, requestedEvent: e, grantedEvent: -1, endEvent: -1, outcome: 'waiting',
        };
        claims.push(claim);
        claimOf[claim.id] = claim;
        break;
      }
      case CLAIM_GRANTED: {
        const claim = claimOf[A[e]!]!;
        claim.grantedAt = T[e]!;
        claim.grantedEvent = e;
        claim.outcome = 'held';
        break;
      }
      case CLAIM_RELEASED:
      case CLAIM_REFUSED:
      case CLAIM_ABANDONED: {
        const claim = claimOf[A[e]!]!;
        claim.endAt = T[e]!;
        claim.endEvent = e;
        claim.outcome = role === CLAIM_RELEASED ? 'released' : role === CLAIM_REFUSED ? 'refused' : 'abandoned';
        break;
      }
      case HOST_STOPPED: {
        if (!powerOff(trace, A[e]!, T[e]!)) break;
        for (const { id: timer, endpoint } of trace.timers) if (endpoints[endpoint]!.host === A[e]!) endTimer(timer, e, 'cancelled');
        for (const list of states) {
          const last = list[list.length - 1];
          if (!last || last.endEvent >= 0 || endpoints[last.endpoint]!.host !== A[e]!) continue;
          last.end = T[e]!;
          last.endEvent = e;
        }
      }
    }
  }

  for (const { id: timer } of trace.timers) endTimer(timer, -1, 'running');
  return { states, timers: timers.filter((s) => s !== null), jobs, claims };
}

/** A host fault of the kind `stop` (state is lost) began then; a silent host keeps its state. */
const powerOff = (trace: Trace, host: HostId, at: Ns): boolean =>
  trace.faults.some((f) => f.type === 'host' && f.verdict === 'stop' && f.from === at && f.host === trace.hosts[host]!.name);
