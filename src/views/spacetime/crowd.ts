/**
 * The others: hundreds of strokes as bare lines, and as a tint where they would become a wall. Law: derived once for
 * (run, window, size); playing changes only where it is clipped. Denser than one stroke for each 3 px of time in a gap
 * is a tint whose strength is their number.
 */
import type { Ns } from '../../base/time';
import type { PduRow } from '../../model/pdu';
import { fateTime, toLens, type Lens, type TimeWindow, type TraceIndex } from '../../trace';
import { once } from '../../trace/trace-index';
import { grouped, onlyAcknowledges } from './groups';
import { distance } from './words';

/** More strokes than this in a window are a crowd. */
export const CROWD = 400;
/** So many documents under way in a window are several users, and so many strokes of them a crowd. */
export const SEVERAL = 3;
export const CROWD_OF_USERS = 12;
/** Strokes for each px of time, above which lines of one gap become a tint. */
export const DENSEST = 1 / 3;
/** Height of a row of the tint, px of time. */
export const ROW = 4;
/** Strengths of the tint: each stands for twice as many strokes as the one before. */
export const TINTS = 4;

/** A stretch of a gap in which lines are not told apart. */
export interface Tint {
  readonly along: number;
  readonly length: number;
  readonly from: number;
  readonly to: number;
  /** 1 … `TINTS`. */
  readonly level: number;
}
export interface Crowd {
  readonly groups: readonly (readonly PduRow[])[];
  /** For each group six numbers: (along, across) of its first bit's departure, half-way point and end. */
  readonly points: Float32Array;
  /** 1 where the stroke stands in a tint and has no line of its own. */
  readonly dense: Uint8Array;
  /** 1 for a bare acknowledgement. */
  readonly minor: Uint8Array;
  readonly tints: readonly Tint[];
  /** Work of hosts: (across, from, to) along. */
  readonly work: readonly (readonly [number, number, number])[];
  /** Places of losses, (along, across). */
  readonly lost: readonly (readonly [number, number])[];
}

/** Is a window of the run a crowd? Many strokes are; of several users fewer already, since one of them speaks. */
export function isCrowd(index: TraceIndex, window: TimeWindow): boolean {
  const length = strokesIn(index, window);
  return length > CROWD || (length > CROWD_OF_USERS && usersIn(index, window) >= SEVERAL);
}
/** Datagrams of QUIC that only acknowledge do not count: a datagram for every two is no crowd. */
const strokesIn = (index: TraceIndex, window: TimeWindow): number => once(index, `strokes ${window.start} ${window.end}`, () => grouped(index, window).filter((g) => !onlyAcknowledges(index, g[0]!)).length);
const usersIn = (index: TraceIndex, window: TimeWindow): number =>
  once(index, `users ${window.start} ${window.end}`, () => index.trace.requests.filter((r) => r.initiator < 0 && r.startNs < window.end && (r.endEvent < 0 || r.endNs > window.start)).length);

/** The whole crowd of a window. `place`: where hosts stand across (`placesOf`); `length` of the time axis, px. */
export function crowdOf(index: TraceIndex, window: TimeWindow, lens: Lens, length: number, place: readonly number[]): Crowd {
  const groups = grouped(index, window).filter((g) => !Number.isNaN(place[g[0]!.from]!) && !Number.isNaN(place[g[0]!.to]!));
  const along = (t: Ns): number => toLens(lens, t) * length;
  const points = new Float32Array(groups.length * 6);
  const minor = new Uint8Array(groups.length);
  const lost: (readonly [number, number])[] = [];
  const rows = Math.max(1, Math.ceil(length / ROW));
  const gaps = new Map<string, { readonly from: number; readonly to: number; readonly counts: Float32Array; readonly members: number[] }>();
  groups.forEach((group, i) => {
    const p = group[0]!;
    const start = p.sentAt + p.queueNs, stop = p.fate > 1 ? Math.max(start, fateTime(p)) : start + Math.max(1, p.propagationNs + p.extraNs);
    const from = place[p.from]!, to = place[p.to]!, reach = p.fate > 1 ? Math.max(0.06, p.fatePosition) : 1;
    const end = from + (to - from) * reach;
    points.set([along(start), from, along((start + stop) / 2), (from + end) / 2, along(stop), end], i * 6);
    minor[i] = (p.payload === 0 && (p.flags & 7) === 0) || onlyAcknowledges(index, p) ? 1 : 0;
    if (p.fate > 1) lost.push([along(stop), end]);
    const key = p.from < p.to ? `${p.from} ${p.to}` : `${p.to} ${p.from}`;
    let gap = gaps.get(key);
    if (!gap) gaps.set(key, (gap = { from: Math.min(from, to), to: Math.max(from, to), counts: new Float32Array(rows), members: [] }));
    gap.counts[rowOf(points[i * 6 + 2]!, rows)]!++;
    gap.members.push(i);
  });
  const dense = new Uint8Array(groups.length);
  const tints: Tint[] = [];
  for (const gap of gaps.values()) {
    const density = smoothed(gap.counts);
    for (let r = 0; r < rows; r++) {
      if (density[r]! <= DENSEST) continue;
      const level = Math.max(1, Math.min(TINTS, 1 + Math.floor(Math.log2(density[r]! / DENSEST))));
      const last = tints[tints.length - 1];
      if (last && last.from === gap.from && last.to === gap.to && last.level === level && Math.abs(last.along + last.length - r * ROW) < 0.01) tints[tints.length - 1] = { ...last, length: Math.min(length, (r + 1) * ROW) - last.along };
      else tints.push({ along: r * ROW, length: Math.min(length - r * ROW, ROW), from: gap.from, to: gap.to, level });
    }
    for (const i of gap.members) dense[i] = density[rowOf(points[i * 6 + 2]!, rows)]! > DENSEST ? 1 : 0;
  }
  return { groups, points, dense, minor, tints, lost, work: workOf(index, window, along, place) };
}

const rowOf = (along: number, rows: number): number => Math.max(0, Math.min(rows - 1, Math.floor(along / ROW)));

/** Strokes for each px, over five rows: a single flight is no crowd. */
function smoothed(counts: Float32Array): Float32Array {
  return counts.map((_, r) => {
    let sum = 0, n = 0;
    for (let k = Math.max(0, r - 2); k <= Math.min(counts.length - 1, r + 2); k++) {
      sum += counts[k]!;
      n++;
    }
    return sum / (n * ROW);
  });
}

/** When each host is at work, joined where pieces touch or overlap. */
function workOf(index: TraceIndex, window: TimeWindow, along: (t: Ns) => number, place: readonly number[]): (readonly [number, number, number])[] {
  const byHost = new Map<number, [number, number][]>();
  for (const job of index.jobs) {
    if (job.resource < 0 || Number.isNaN(place[job.host]!)) continue;
    for (const run of job.runs) {
      const end = run.end < 0 ? window.end : run.end;
      if (end <= window.start || run.start >= window.end) continue;
      const spans = byHost.get(job.host);
      const span: [number, number] = [along(run.start), along(end)];
      if (spans) spans.push(span);
      else byHost.set(job.host, [span]);
    }
  }
  const joined: [number, number, number][] = [];
  for (const [host, spans] of byHost) {
    spans.sort((a, b) => a[0] - b[0]);
    let last: [number, number, number] | null = null;
    for (const [from, to] of spans) {
      if (last && from <= last[2] + 0.5) last[2] = Math.max(last[2], to);
      else joined.push((last = [place[host]!, from, to]));
    }
  }
  return joined;
}

/** The group nearest to a point (along, across) within `reach` px; -1 for none. */
export function crowdAt(crowd: Crowd, along: number, across: number, reach: number): number {
  const { points } = crowd;
  let best = -1, nearest = reach;
  for (let i = 0, o = 0; o < points.length; i++, o += 6) {
    if (Math.min(points[o]!, points[o + 4]!) > along + nearest || Math.max(points[o]!, points[o + 4]!) < along - nearest) continue;
    const a = [points[o]!, points[o + 1]!] as const, m = [points[o + 2]!, points[o + 3]!] as const, z = [points[o + 4]!, points[o + 5]!] as const;
    const d = Math.min(distance(a, m, along, across), distance(m, z, along, across));
    if (d < nearest) {
      nearest = d;
      best = i;
    }
  }
  return best;
}
