/**
 * The grain of time (model decision 17): a step is one event of the selected request (of everything, when none is
 * selected); a moment is a mark on the scrubber; a chapter is a phase of the main request. Law: a playhead that knows
 * only its time takes all events of an instant in one step, so that a step back always moves and undoes exactly one step.
 */
import type { Ns } from '../base/time';
import type { EventId, RequestId } from '../model/ids';
import type { Phase } from '../model/request';
import { eventsUntil } from './at';
import { bottomFlow, flowOfEvent, hostOfEvent, once, type TraceIndex } from './trace-index';

export type MomentType = 'loss' | 'fault' | 'timer' | 'state' | 'wait-end' | 'request' | 'mark';

export interface Moment {
  readonly event: EventId;
  readonly time: Ns;
  readonly type: MomentType;
  /** 3: losses, faults, errors, retransmission timers; 2: requests, phases, what a protocol marks; 1: the rest. */
  readonly weight: 1 | 2 | 3;
}
export interface MomentFilter {
  readonly types?: readonly MomentType[];
  readonly weightAtLeast?: 1 | 2 | 3;
  /** Only moments among the steps of this request. */
  readonly request?: RequestId;
  readonly from?: Ns;
  readonly until?: Ns;
}

const QUIET_TIMERS = new Set(['delayedAck', 'wait', 'timeWait', 'keepAlive']);

/** Every moment of the run, or those that pass the filter, in order of time. */
export function moments(index: TraceIndex, filter: MomentFilter = {}): readonly Moment[] {
  const all = once(index, 'moments', () => allMoments(index));
  const { types, weightAtLeast = 1, request, from = -Infinity, until = Infinity } = filter;
  // a playhead asks for the same ones at each frame
  const passing = once(index, `moments ${types?.join() ?? ''} ${weightAtLeast} ${request ?? ''}`, () => {
    const steps = request === undefined ? null : new Set(stepsOf(index, request));
    return all.filter((m) => (!types || types.includes(m.type)) && m.weight >= weightAtLeast && (!steps || steps.has(m.event)));
  });
  return from === -Infinity && until === Infinity ? passing : passing.filter((m) => m.time >= from && m.time <= until);
}

function allMoments(index: TraceIndex): Moment[] {
  const { trace, kinds } = index;
  const found: Moment[] = [];
  const ends = new Set<EventId>();
  for (const r of trace.requests) {
    ends.add(r.startEvent);
    if (r.endEvent >= 0) ends.add(r.endEvent);
    for (const p of r.phases) ends.add(p.startEvent);
  }
  const failed = new Set(trace.requests.filter((r) => r.error !== null).map((r) => r.endEvent));
  for (let e = 0; e < trace.kind.length; e++) {
    const kind = trace.kind.at(e);
    const spec = trace.kinds[kind]!;
    const add = (type: MomentType, weight: 1 | 2 | 3): void => void found.push({ event: e, time: trace.time.at(e), type, weight });
    if (kind === kinds.dropped) add('loss', 3);
    else if (failed.has(e)) add('request', 3);
    else if (spec.name.startsWith('fault.')) add('fault', 3);
    else if (kind === kinds.fired) {
      const { name } = trace.timers[trace.subject.at(e)]!;
      add('timer', QUIET_TIMERS.has(name) ? 1 : 3);
    } else if (ends.has(e)) add('request', 2);
    else if (kind === kinds.entered) {
      if (trace.a.at(e) >= 0) add('state', 1);
    } else if ((kind === kinds.done || kind === kinds.waited || kind === kinds.granted) && trace.time.at(e) > trace.time.at(trace.cause.at(e))) add('wait-end', 1);
    else if (spec.moment) add('mark', 2);
  }
  return found;
}

/**
 * Events of a request, in order: what its start led to (until another request's start takes over), what led to its
 * end, and what happened meanwhile on the connection it was sent on. With `null`, every event.
 */
export function stepsOf(index: TraceIndex, request: RequestId | null): readonly EventId[] {
  const { trace } = index;
  if (request === null || !trace.requests[request]) return once(index, 'steps', () => Array.from({ length: trace.kind.length }, (_, e) => e));
  return once(index, `steps ${request}`, () => {
    const row = trace.requests[request]!;
    const owner = owners(index);
    const last = row.endEvent < 0 ? trace.kind.length - 1 : row.endEvent;
    const mine = new Uint8Array(trace.kind.length);
    const ancestors: EventId[] = [last];
    while (ancestors.length > 0) {
      const e = ancestors.pop()!;
      if (e < row.startEvent || mine[e]) continue;
      mine[e] = 1;
      ancestors.push(trace.cause.at(e), ...(trace.joined.get(e) ?? []));
    }
    const flow = bottomFlow(trace, row.flow);
    const sent = row.phases.find((p) => p.phase === 'send' || p.phase === 'wait' || p.phase === 'connect')?.startEvent ?? last;
    const steps: EventId[] = [];
    for (let e = row.startEvent; e <= last; e++) {
      if (mine[e] || owner[e] === request || (flow >= 0 && e >= sent && bottomFlow(trace, flowOfEvent(trace, e)) === flow)) steps.push(e);
    }
    return steps;
  });
}

/** The request whose start each event descends from (by its cause), or -1. */
export function owners(index: TraceIndex): Int32Array {
  return once(index, 'owners', () => {
    const { trace } = index;
    const owner = new Int32Array(trace.kind.length).fill(-1);
    const starts = new Map(trace.requests.map((r) => [r.startEvent, r.id]));
    for (let e = 0; e < owner.length; e++) {
      const cause = trace.cause.at(e);
      owner[e] = starts.get(e) ?? (cause >= 0 ? owner[cause]! : -1);
    }
    return owner;
  });
}

/** Where the playhead stands: at a time, and (when it came there by steps) at an event of that time. */
export interface Cursor {
  readonly time: Ns;
  readonly event?: EventId;
}

const cut = (index: TraceIndex, at: Cursor): number => at.event ?? eventsUntil(index, at.time) - 1;

/** The step after the cursor, or null at the end. */
export function nextStep(index: TraceIndex, request: RequestId | null, at: Cursor): Cursor | null {
  const steps = stepsOf(index, request);
  const event = steps[upper(steps, cut(index, at))];
  return event === undefined ? null : { time: index.trace.time.at(event), event };
}
/** The step before the cursor: undoes exactly one `nextStep`. Without an event it is the last step at an earlier time. */
export function previousStep(index: TraceIndex, request: RequestId | null, at: Cursor): Cursor | null {
  const steps = stepsOf(index, request);
  const reached = upper(steps, at.event ?? eventsUntil(index, at.time - 1) - 1) - 1;
  // a cursor between two steps goes back to the last one reached; on a step, to the one before
  const event = steps[at.event !== undefined && steps[reached] === at.event ? reached - 1 : reached];
  return event === undefined ? null : { time: index.trace.time.at(event), event };
}

/** How many of `sorted` are at most `value`. */
function upper(sorted: readonly number[], value: number): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (sorted[mid]! <= value) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** First moment later than `t`. */
export function nextMoment(index: TraceIndex, t: Ns, filter: MomentFilter = {}): Moment | null {
  return moments(index, filter).find((m) => m.time > t) ?? null;
}
/** Last moment earlier than `t`. */
export function previousMoment(index: TraceIndex, t: Ns, filter: MomentFilter = {}): Moment | null {
  const all = moments(index, filter);
  for (let i = all.length - 1; i >= 0; i--) if (all[i]!.time < t) return all[i]!;
  return null;
}

export interface Chapter {
  /** `before` the request, a phase of it, `gap` between phases, `page` (other requests still load), `after` (closing). */
  readonly name: Phase | 'before' | 'gap' | 'page' | 'after';
  readonly start: Ns;
  readonly end: Ns;
}

/** Phases of the main request in order, and what lies before, between and after them: together they cover the run. */
export function chapters(index: TraceIndex): readonly Chapter[] {
  return once(index, 'chapters', () => {
    const { trace, workEndNs } = index;
    const main = trace.requests[trace.mainRequest];
    const list: Chapter[] = [];
    let at = 0;
    const until = (name: Chapter['name'], end: Ns): void => {
      if (end > at) list.push({ name, start: at, end });
      at = Math.max(at, end);
    };
    if (main) {
      until('before', main.startNs);
      for (const p of main.phases) {
        until('gap', p.startNs);
        until(p.phase, p.endEvent < 0 ? trace.endNs : p.endNs);
      }
      if (main.endEvent >= 0) until('gap', main.endNs);
      until('page', workEndNs);
      until('after', trace.endNs);
    } else until('before', trace.endNs);
    return list;
  });
}

/** The chapter of a moment (the later one at a border). */
export function chapterAt(index: TraceIndex, t: Ns): Chapter | null {
  const all = chapters(index);
  for (const c of all) if (t < c.end) return c;
  return all[all.length - 1] ?? null;
}

/** Hosts that take part in a request, by id. */
export function hostsOfRequest(index: TraceIndex, request: RequestId): readonly number[] {
  return once(index, `hosts ${request}`, () => {
    const found = new Set<number>();
    for (const e of stepsOf(index, request)) {
      const host = hostOfEvent(index, e);
      if (host >= 0) found.add(host);
    }
    return [...found].sort((a, b) => a - b);
  });
}
