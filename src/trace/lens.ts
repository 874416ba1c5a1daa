/**
 * The time lens: a piecewise linear map from true time to the unit interval that gives short steps room. Law: it
 * depends on the run and the window only, never on the playhead, so nothing slides while it plays.
 */
import type { Ns } from '../base/time';
import { fateTime } from './at';
import { once, type TraceIndex } from './trace-index';

/** A stretch of time that is looked at together: one document's request, or what follows it. */
export interface TimeWindow {
  readonly start: Ns;
  readonly end: Ns;
}
/** Borders: `at[i]` lies at `x[i]` (0…1). */
export interface Lens {
  readonly window: TimeWindow;
  readonly at: readonly Ns[];
  readonly x: readonly number[];
  readonly bent: boolean;
}

/** How near the camera stands: `true` gives the look-up a window of its own, `close` the handshakes as well (small screens, the back row). */
export type Nearness = boolean | 'close';

/**
 * Windows of a run: for each document the request itself (parted for a nearer camera), then what it made the client ask for.
 * Of a crowd, whose requests overlap, the first that begins when a window has ended has the next one: windows never overlap.
 */
export function timeWindows(index: TraceIndex, near: Nearness = false): readonly TimeWindow[] {
  return once(index, `windows ${near}`, () => {
    const { requests } = index.trace;
    const windows: TimeWindow[] = [];
    const documents = requests.filter((r) => r.initiator < 0);
    const crowded = documents.some((r, i) => i > 0 && (documents[i - 1]!.endNs < 0 || r.startNs < documents[i - 1]!.endNs));
    for (const r of documents) {
      const end = r.endNs >= 0 ? r.endNs : index.workEndNs;
      const before = windows[windows.length - 1]?.end ?? -1;
      if (crowded && r.startNs < before) continue;
      // among others there is no gap between windows: somebody is always under way
      let start = before >= 0 && crowded ? before : r.startNs;
      // in this order, so that a connection without keys ends its window with the handshake of the transport
      const borders = !near ? [] : near === 'close' ? (['dns', r.phases.some((p) => p.phase === 'tls') ? 'tls' : 'connect'] as const) : (['dns'] as const);
      for (const name of borders) {
        const phase = r.phases.find((p) => p.phase === name && p.endNs > Math.max(start, r.startNs) && p.endNs < end);
        if (!phase) continue;
        windows.push({ start, end: phase.endNs });
        start = phase.endNs;
      }
      if (end > start) windows.push({ start, end });
      const later = requests.filter((c) => c.initiator === r.id);
      const last = Math.max(end, ...later.map((c) => (c.endNs >= 0 ? c.endNs : index.workEndNs)));
      if (last - end > 1_000_000) windows.push({ start: end, end: last });
    }
    if (windows.length === 0) windows.push({ start: 0, end: Math.max(1, index.workEndNs) });
    const { end: reached } = windows[windows.length - 1]!;
    if (crowded && index.workEndNs - reached > 1_000_000) windows.push({ start: reached, end: index.workEndNs });
    return windows;
  });
}
/** The window that `t` belongs to: the last that has begun. */
export function windowAt(index: TraceIndex, t: Ns, near: Nearness = false): TimeWindow {
  const windows = timeWindows(index, near);
  let found = windows[0]!;
  for (const w of windows) if (w.start <= t) found = w;
  return found;
}

/** The window of several runs on one clock: as long as the longest of them. */
export function sharedWindow(indexes: readonly TraceIndex[], t: Ns, near: Nearness = false): TimeWindow {
  const windows = indexes.map((i) => windowAt(i, t, near));
  if (windows.length === 1) return windows[0]!;
  const start = Math.min(...windows.map((w) => w.start)), end = Math.max(...windows.map((w) => w.end));
  return once(indexes[0]!, `shared ${start} ${end}`, () => ({ start, end }));
}
/** Hosts between which packets travel in a window. */
export function hostsIn(index: TraceIndex, window: TimeWindow): readonly number[] {
  return once(index, `hosts in ${window.start} ${window.end}`, () => {
    const found = new Set<number>();
    for (const pdu of index.trace.pdus) {
      if (pdu.sentAt < window.start || pdu.sentAt >= window.end) continue;
      found.add(pdu.from);
      found.add(pdu.to);
      const via = index.trace.links[pdu.link]?.via;
      if (via) found.add(index.trace.hosts.findIndex((h) => h.name === via.router));
    }
    if (found.size === 0) for (const h of index.trace.hosts) found.add(h.id);
    return [...found].sort((a, b) => a - b);
  });
}

/** Gaps shorter than this are one border. */
const MERGE = 20_000;

/** The lens of a window; `bent` false gives the true axis. `others`: runs on the same clock, which share the lens. */
export function lensOf(index: TraceIndex, window: TimeWindow, bent: boolean, others: readonly TraceIndex[] = []): Lens {
  const key = `lens ${window.start} ${window.end} ${bent} ${others.map((o) => `${o.trace.title}/${o.trace.kind.length}/${o.workEndNs}`).join()}`;
  return once(index, key, () => {
    if (!bent) return { window, at: [window.start, window.end], x: [0, 1], bent };
    const times: Ns[] = [window.start, window.end];
    const inside = (t: Ns): void => {
      if (t > window.start && t < window.end) times.push(t);
    };
    for (const { trace, jobs, timers } of [index, ...others]) {
      for (const pdu of trace.pdus) {
        if (pdu.payload === 0 && (pdu.flags & 7) === 0) continue; // a bare acknowledgement makes no border
        inside(pdu.sentAt);
        inside(fateTime(pdu));
      }
      for (const job of jobs) {
        inside(job.grantedAt);
        inside(job.doneAt);
      }
      for (const span of timers) if (span.outcome === 'fired') inside(span.end);
    }
    times.sort((a, b) => a - b);
    const at: Ns[] = [];
    for (const t of times) if (at.length === 0 || t - at[at.length - 1]! >= MERGE) at.push(t);
    if (at[at.length - 1] !== window.end) at[at.length - 1] = window.end;
    // room grows with the square root of the length: a step a hundred times shorter gets a tenth of the room
    const total = window.end - window.start;
    let sum = 0;
    const marks = [0];
    for (let i = 1; i < at.length; i++) {
      sum += Math.sqrt(at[i]! - at[i - 1]! + total / 400);
      marks.push(sum);
    }
    return { window, at, x: marks.map((m) => m / sum), bent };
  });
}

/** Place of a time, 0…1 within the window (clamped). */
export function toLens(lens: Lens, t: Ns): number {
  const { at, x } = lens;
  if (t <= at[0]!) return 0;
  if (t >= at[at.length - 1]!) return 1;
  let low = 0, high = at.length - 1;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (at[mid]! <= t) low = mid;
    else high = mid;
  }
  return x[low]! + ((x[high]! - x[low]!) * (t - at[low]!)) / (at[high]! - at[low]!);
}
/** The time at a place, inverse of `toLens`, rounded to a nanosecond. */
export function fromLens(lens: Lens, place: number): Ns {
  const { at, x } = lens;
  const p = place <= 0 ? 0 : place >= 1 ? 1 : place;
  let i = 1;
  while (i < x.length - 1 && x[i]! < p) i++;
  return Math.floor(at[i - 1]! + ((at[i]! - at[i - 1]!) * (p - x[i - 1]!)) / (x[i]! - x[i - 1]!) + 0.5);
}
/** Borders strictly between two times: a straight stroke bends there. */
export function bordersBetween(lens: Lens, from: Ns, to: Ns): readonly Ns[] {
  return lens.bent ? lens.at.filter((t) => t > from && t < to) : [];
}
