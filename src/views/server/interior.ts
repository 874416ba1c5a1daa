/**
 * A host's interior over time, as facts: who holds its places, cores and disk, who waits for them, how many at each moment.
 * Law: a pure function of (trace index, host); everything is in true time, `layout.ts` turns it into pixels.
 */
import type { Ns } from '../../base/time';
import type { ClaimId, EndpointId, EventId, HostId, RequestId } from '../../model/ids';
import type { ResourceRow } from '../../model/trace';
import { owners, type Job, type TraceIndex } from '../../trace';
import { once } from '../../trace/trace-index';

/** From `start` up to and without `end`. */
export interface Stretch {
  readonly start: Ns;
  readonly end: Ns;
}
/** A stretch in which somebody holds a place or runs on a core. */
export interface Hold extends Stretch {
  readonly stay: Stay;
  /** Put off the core although its work was not done. */
  readonly preempted: boolean;
}
export type StayOutcome = 'waiting' | 'held' | 'done' | 'refused' | 'abandoned' | 'cut off';
/** One claim, or one piece of work, from the moment it was asked for. Several stays may belong to one request. */
export interface Stay {
  readonly id: string;
  readonly claim: ClaimId;
  /** What for: the request's name, or the work's. */
  readonly what: string;
  /** The client's request that led to it, or -1. */
  readonly request: RequestId;
  readonly endpoint: EndpointId;
  readonly event: EventId;
  readonly asked: Ns;
  readonly end: Ns;
  readonly outcome: StayOutcome;
  readonly waits: readonly Stretch[];
  readonly holds: readonly Hold[];
}
/** A wait's place in the queue over time: 0 is next. */
export interface QueuePlace extends Stretch {
  readonly stay: Stay;
  readonly place: number;
}
export type BayKind = 'places' | 'cores' | 'disk' | 'others';
/** One resource of the host with everybody who wanted it. `others`: waits that use nothing of this host. */
export interface Bay {
  readonly id: number;
  readonly kind: BayKind;
  readonly name: string;
  /** How many at once; for `others` 0. */
  readonly servers: number;
  /** How many may wait; -1: any number. */
  readonly room: number;
  readonly stays: readonly Stay[];
  /** Holds by lane, lowest free lane first. Lanes never used are not in it. */
  readonly lanes: readonly (readonly Hold[])[];
  /** How many wait: `count` from `at` on. */
  readonly queue: readonly { readonly at: Ns; readonly count: number }[];
  /** Most that ever waited at once. */
  readonly most: number;
  /** Where each waiting one stands; empty when more than `PLACES_SHOWN` ever waited at once. */
  readonly places: readonly QueuePlace[];
}
/** What is selected, as the page says it. */
export interface ServerSelection {
  readonly type: string;
  readonly id: number;
}

/** Above this the queue is a count only. */
export const PLACES_SHOWN = 48;

/** Hosts that have claims or work of their own, busiest first. */
export function busyHosts(index: TraceIndex): readonly HostId[] {
  return once(index, 'server hosts', () => {
    const claims = new Map<HostId, number>(), work = new Map<HostId, number>();
    for (const c of index.claims) {
      const host = index.trace.resources[c.resource]!.host;
      claims.set(host, (claims.get(host) ?? 0) + 1);
    }
    for (const j of index.jobs) if (j.resource >= 0) work.set(j.host, (work.get(j.host) ?? 0) + 1);
    const count = (host: HostId): number => (claims.get(host) ?? 0) * 1e6 + (work.get(host) ?? 0);
    return index.trace.hosts.map((h) => h.id).filter((h) => count(h) > 0).sort((a, b) => count(b) - count(a) || a - b);
  });
}

/** Times at which the host lost its power, in order. */
function stops(index: TraceIndex, host: HostId): readonly Ns[] {
  const kind = index.kindByName.get('fault.host_stopped') ?? -1;
  const found: Ns[] = [];
  if (kind < 0) return found;
  for (let e = 0; e < index.trace.kind.length; e++) if (index.trace.kind.at(e) === kind && index.trace.a.at(e) === host) found.push(index.trace.time.at(e));
  return found;
}

/** The host's resources in the order it made them: places first, then cores, disk, and waits for others. */
export function interior(index: TraceIndex, host: HostId): readonly Bay[] {
  return once(index, `interior ${host}`, () => {
    const { trace } = index;
    const owner = owners(index);
    const power = stops(index, host);
    /** When something that began at `from` and has no end was over: the power went, or the run ended. */
    const openEnd = (from: Ns): Ns => power.find((p) => p >= from) ?? trace.endNs;
    const cutOff = (from: Ns, last: StayOutcome): StayOutcome => (power.some((p) => p >= from) ? 'cut off' : last);
    const ofResource = new Map<number, Stay[]>();
    const add = (resource: number, stay: Stay): void => void (ofResource.get(resource)?.push(stay) ?? ofResource.set(resource, [stay]));

    for (const c of index.claims) {
      if (trace.resources[c.resource]!.host !== host) continue;
      const end = c.endAt < 0 ? openEnd(c.requestedAt) : c.endAt;
      const waitEnd = c.grantedAt < 0 ? end : c.grantedAt;
      const holds: Hold[] = [];
      const outcome: StayOutcome = c.outcome === 'released' ? 'done' : c.endAt < 0 ? cutOff(c.requestedAt, c.outcome) : c.outcome;
      const stay: Stay = {
        id: `c${c.id}`, claim: c.id, what: c.what, request: owner[c.requestedEvent] ?? -1, endpoint: c.endpoint, event: c.requestedEvent, asked: c.requestedAt, end, outcome,
        waits: waitEnd > c.requestedAt ? [{ start: c.requestedAt, end: waitEnd }] : [], holds,
      };
      if (c.grantedAt >= 0) holds.push({ start: c.grantedAt, end, stay, preempted: false });
      add(c.resource, stay);
    }
    index.jobs.forEach((j, n) => {
      if (j.host === host) add(j.resource, stayOfJob(j, n, owner[j.requestedEvent] ?? -1, openEnd(j.requestedAt), cutOff(j.requestedAt, j.grantedAt < 0 ? 'waiting' : 'held')));
    });

    const bays: Bay[] = trace.resources.filter((r) => r.host === host).map((r) => bayOf(r, kindOf(index, r), ofResource.get(r.id) ?? []));
    const think = ofResource.get(-1);
    if (think && bays.length > 0) bays.push(bayOf({ id: -1, host, name: 'others', servers: 0, queueMax: -1 }, 'others', think));
    const rank: Readonly<Record<BayKind, number>> = { places: 0, cores: 1, disk: 2, others: 3 };
    return bays.sort((a, b) => rank[a.kind] - rank[b.kind] || a.id - b.id);
  });
}

function kindOf(index: TraceIndex, resource: ResourceRow): BayKind {
  if (resource.name === 'cpu') return 'cores';
  if (resource.name === 'disk') return 'disk';
  return index.claims.some((c) => c.resource === resource.id) || !index.jobs.some((j) => j.resource === resource.id) ? 'places' : 'cores';
}

/** Work is a wait that uses nothing (all of it waiting), or turns on a server with waits between them. */
function stayOfJob(j: Job, n: number, request: RequestId, openEnd: Ns, open: StayOutcome): Stay {
  const end = j.doneAt < 0 ? openEnd : j.doneAt;
  const waits: Stretch[] = [];
  const holds: Hold[] = [];
  const stay: Stay = {
    id: `j${n}`, claim: -1, what: j.what, request, endpoint: j.endpoint, event: j.requestedEvent, asked: j.requestedAt, end, outcome: j.doneAt < 0 ? open : 'done', waits, holds,
  };
  if (j.resource < 0) {
    if (end > j.requestedAt) waits.push({ start: j.requestedAt, end });
    return stay;
  }
  let at = j.requestedAt;
  j.runs.forEach((run, i) => {
    if (run.start > at) waits.push({ start: at, end: run.start });
    at = run.end < 0 ? end : run.end;
    holds.push({ start: run.start, end: at, stay, preempted: i < j.runs.length - 1 || (run.end >= 0 && run.end < end) });
  });
  if (end > at) waits.push({ start: at, end });
  return stay;
}

function bayOf(resource: ResourceRow, kind: BayKind, stays: readonly Stay[]): Bay {
  const holds = stays.flatMap((s) => s.holds).filter((h) => h.end > h.start);
  const { queue, most } = queueOf(stays);
  return {
    id: resource.id, kind, name: resource.name, servers: resource.servers, room: resource.queueMax, stays, lanes: lanesOf(holds), queue, most, places: most <= PLACES_SHOWN ? placesOf(stays) : [],
  };
}

/** Greedy assignment: in order of their start, each to the lowest lane that is free. As many lanes as ever were busy at once. */
export function lanesOf(holds: readonly Hold[]): readonly (readonly Hold[])[] {
  const lanes: Hold[][] = [];
  const ends: Ns[] = [];
  for (const hold of [...holds].sort((a, b) => a.start - b.start || a.stay.event - b.stay.event)) {
    let lane = ends.findIndex((end) => end <= hold.start);
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane]!.push(hold);
    ends[lane] = hold.end;
  }
  return lanes;
}

/** How many wait, as steps. At one instant those who leave go before those who come. */
export function queueOf(stays: readonly Stay[]): { readonly queue: Bay['queue']; readonly most: number } {
  const turns = turnsOf(stays);
  const queue: { at: Ns; count: number }[] = [];
  let count = 0, most = 0;
  turns.forEach((turn, i) => {
    count += turn.comes ? 1 : -1;
    most = Math.max(most, count);
    if (turns[i + 1]?.at === turn.at) return;
    if (queue[queue.length - 1]?.count !== count) queue.push({ at: turn.at, count });
  });
  return { queue, most };
}
interface QueueTurn {
  readonly at: Ns;
  readonly comes: boolean;
  readonly stay: Stay;
}
const turnsOf = (stays: readonly Stay[]): QueueTurn[] =>
  stays
    .flatMap((stay) => stay.waits.flatMap((w) => [{ at: w.start, comes: true, stay }, { at: w.end, comes: false, stay }]))
    .sort((a, b) => a.at - b.at || Number(a.comes) - Number(b.comes) || a.stay.event - b.stay.event);

/** First come, first served: each one's place in the queue, stepping down as those before it leave. */
export function placesOf(stays: readonly Stay[]): readonly QueuePlace[] {
  const line: { stay: Stay; since: Ns }[] = [];
  const places: QueuePlace[] = [];
  for (const { at, comes, stay } of turnsOf(stays)) {
    if (comes) {
      line.push({ stay, since: at });
      continue;
    }
    const gone = line.findIndex((l) => l.stay === stay);
    for (let i = gone; i < line.length; i++) {
      const l = line[i]!;
      if (at > l.since) places.push({ stay: l.stay, place: i, start: l.since, end: at });
      l.since = at;
    }
    line.splice(gone, 1);
  }
  return places;
}

const covers = (s: Stretch, t: Ns): boolean => s.start <= t && t < s.end;
/** Who holds a lane at `t`. */
export function heldAt(lane: readonly Hold[], t: Ns): Hold | null {
  let low = 0, high = lane.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (lane[mid]!.start <= t) low = mid + 1;
    else high = mid;
  }
  const last = lane[low - 1];
  return last && covers(last, t) ? last : null;
}
/** Who holds at `t`, and who waits, first come first. */
export const holdingAt = (bay: Bay, t: Ns): readonly Hold[] => bay.lanes.flatMap((lane) => heldAt(lane, t) ?? []);
export const waitingAt = (bay: Bay, t: Ns): readonly Stay[] =>
  bay.stays
    .flatMap((stay) => stay.waits.filter((w) => covers(w, t)).map((w) => ({ stay, since: w.start })))
    .sort((a, b) => a.since - b.since || a.stay.event - b.stay.event)
    .map((w) => w.stay);

/** What belongs together: all stays of one client request, else of one endpoint. */
export interface TaskKey {
  readonly request: RequestId;
  readonly endpoint: EndpointId;
}
export function taskOf(index: TraceIndex, selection: ServerSelection | null): TaskKey | null {
  if (!selection) return null;
  if (selection.type === 'request') return { request: selection.id, endpoint: -1 };
  if (selection.type === 'endpoint') return { request: -1, endpoint: selection.id };
  if (selection.type !== 'event' || selection.id < 0 || selection.id >= index.trace.kind.length) return null;
  return { request: owners(index)[selection.id]!, endpoint: index.trace.where.at(selection.id) };
}
export const belongs = (stay: Stay, task: TaskKey | null): boolean =>
  task !== null && (stay.request >= 0 && task.request >= 0 ? stay.request === task.request : task.endpoint >= 0 && stay.endpoint === task.endpoint);

const taskName = (stay: TaskKey): string => (stay.request >= 0 ? `r${stay.request}` : `e${stay.endpoint}`);
/** When the work of each request ran on cores of the host, in order. */
function coreRuns(index: TraceIndex, host: HostId): ReadonlyMap<string, readonly Stretch[]> {
  return once(index, `core runs ${host}`, () => {
    const runs = new Map<string, Stretch[]>();
    for (const bay of interior(index, host)) {
      if (bay.kind !== 'cores') continue;
      for (const stay of bay.stays) runs.set(taskName(stay), [...(runs.get(taskName(stay)) ?? []), ...stay.holds]);
    }
    for (const list of runs.values()) list.sort((a, b) => a.start - b.start);
    return runs;
  });
}
/** Stretches of a hold in which its request really ran on a core of this host; in the rest of it the place is held and waits. */
export function runsWithin(index: TraceIndex, host: HostId, hold: Hold): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const run of coreRuns(index, host).get(taskName(hold.stay)) ?? []) {
    const start = Math.max(run.start, hold.start), end = Math.min(run.end, hold.end);
    if (end > start) found.push({ start, end });
  }
  return found;
}

/** How a request's time at this host divides. All in ns. */
export interface Account {
  readonly what: string;
  readonly asked: Ns;
  readonly waitedForPlace: Ns;
  readonly held: Ns;
  readonly ran: Ns;
  readonly waitedForCore: Ns;
  /** The rest of the time in which it held its place; where no place is held meanwhile, its waits that use nothing. */
  readonly waitedForOthers: Ns;
  readonly outcome: StayOutcome;
}
/** Of the selected request: its places of the first kind it held here, and its work; null when it was never here. */
export function accountOf(bays: readonly Bay[], task: TaskKey | null): Account | null {
  const mine = bays.map((bay) => ({ bay, stays: bay.stays.filter((s) => belongs(s, task)) })).filter((m) => m.stays.length > 0);
  const first = mine[0];
  if (!first) return null;
  const sum = (list: readonly Stretch[]): Ns => list.reduce((total, s) => total + s.end - s.start, 0);
  const cores = mine.filter((m) => m.bay.kind === 'cores').flatMap((m) => m.stays);
  const place = first.bay.kind === 'places';
  const held = place ? sum(first.stays.flatMap((s) => s.holds)) : 0, ran = sum(cores.flatMap((s) => s.holds)), waitedForCore = sum(cores.flatMap((s) => s.waits));
  const others = sum(mine.filter((m) => m.bay.kind === 'others').flatMap((m) => m.stays.flatMap((s) => s.waits)));
  const { what, asked, outcome } = first.stays[0]!;
  return { what, asked, outcome, waitedForPlace: place ? sum(first.stays.flatMap((s) => s.waits)) : 0, held, ran, waitedForCore, waitedForOthers: Math.max(others, held - ran - waitedForCore) };
}
