/**
 * Who has a host's cores and places, as numbers over time. Law: derived once for a run, each moment is a search; a pure
 * function of (index, t).
 */
import type { Ns } from '../../base/time';
import type { TraceIndex, Job } from '../../trace';
import { once } from '../../trace/trace-index';

/** A number that changes at times: `value[i]` from `at[i]` on. */
export interface Steps {
  readonly at: Float64Array;
  readonly value: Int32Array;
}
/** A resource that is held by places: workers, pooled connections, backends. */
export interface Places {
  readonly name: string;
  readonly servers: number;
  readonly held: Steps;
  readonly waiting: Steps;
}
export interface HostLoad {
  readonly cores: Steps;
  readonly places: readonly Places[];
  /** Work that uses something, in order of its begin; `latest[i]`: the latest end of the first i + 1 pieces. */
  readonly work: readonly Job[];
  readonly latest: Float64Array;
}

/** By host. */
export const hostLoads = (index: TraceIndex): readonly HostLoad[] => once(index, 'host loads', () => loadsOf(index));

const begin = (j: Job): Ns => (j.grantedAt >= 0 ? j.grantedAt : j.requestedAt);
const until = (t: Ns): Ns => (t < 0 ? Infinity : t);

function loadsOf(index: TraceIndex): HostLoad[] {
  const { hosts, resources } = index.trace;
  const held = new Map<number, [Ns, number][]>(), waiting = new Map<number, [Ns, number][]>(), cores: [Ns, number][][] = hosts.map(() => []);
  const add = (to: Map<number, [Ns, number][]>, resource: number, from: Ns, end: Ns): void => {
    if (end <= from) return;
    const list = to.get(resource) ?? [];
    to.set(resource, list);
    list.push([from, 1]);
    if (end < Infinity) list.push([end, -1]);
  };
  for (const c of index.claims) {
    if (c.grantedAt >= 0) add(held, c.resource, c.grantedAt, until(c.endAt));
    add(waiting, c.resource, c.requestedAt, c.grantedAt >= 0 ? c.grantedAt : until(c.endAt));
  }
  const work: Job[][] = hosts.map(() => []);
  for (const j of index.jobs) {
    if (j.what !== 'the user waits') work[j.host]?.push(j);
    if (resources[j.resource]?.name !== 'cpu') continue;
    for (const r of j.runs) {
      const list = cores[j.host]!;
      list.push([r.start, 1]);
      if (r.end >= 0) list.push([r.end, -1]);
    }
  }
  return hosts.map((h) => {
    const jobs = work[h.id]!.sort((a, b) => begin(a) - begin(b));
    const latest = new Float64Array(jobs.length);
    jobs.forEach((j, i) => (latest[i] = Math.max(i > 0 ? latest[i - 1]! : 0, until(j.doneAt))));
    const places = resources.filter((r) => r.host === h.id && (held.has(r.id) || waiting.has(r.id)));
    return { cores: stepsOf(cores[h.id]!), work: jobs, latest, places: places.map((r) => ({ name: r.name, servers: r.servers, held: stepsOf(held.get(r.id) ?? []), waiting: stepsOf(waiting.get(r.id) ?? []) })) };
  });
}

/** Sums of changes, one step for each time. */
export function stepsOf(changes: readonly (readonly [Ns, number])[]): Steps {
  const at: number[] = [], value: number[] = [];
  let n = 0;
  for (const [t, by] of [...changes].sort((a, b) => a[0] - b[0])) {
    n += by;
    if (at[at.length - 1] === t) value[value.length - 1] = n;
    else {
      at.push(t);
      value.push(n);
    }
  }
  return { at: Float64Array.from(at), value: Int32Array.from(value) };
}
/** The number at a time; 0 before the first change. */
export function valueAt(steps: Steps, t: Ns): number {
  let low = 0, high = steps.at.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (steps.at[mid]! <= t) low = mid + 1;
    else high = mid;
  }
  return low === 0 ? 0 : steps.value[low - 1]!;
}
/** The earliest piece of work that is under way. */
export function workAt(load: HostLoad, t: Ns): Job | null {
  let low = 0, high = load.work.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (begin(load.work[mid]!) <= t) low = mid + 1;
    else high = mid;
  }
  let found: Job | null = null;
  for (let i = low - 1; i >= 0 && load.latest[i]! > t; i--) if (until(load.work[i]!.doneAt) > t) found = load.work[i]!;
  return found;
}
