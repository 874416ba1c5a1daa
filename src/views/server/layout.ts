/**
 * The server view as numbers. Law: a pure function of (interior, lens, size); `t` only asks for the marks at now. Time runs to the
 * right; each resource is a bay: its queue as a stack that can be counted, its lanes beneath.
 */
import { ticks } from 'd3-array';
import type { Ns } from '../../base/time';
import { serverView as words } from '../../explain/words/server-view';
import type { HostId } from '../../model/ids';
import { fromLens, lensOf, toLens, type Lens, type TimeWindow, type TraceIndex } from '../../trace';
import { textWidth } from '../../ui/place';
import { interior, runsWithin, waitingAt, type Bay, type Hold, type QueuePlace, type Stay } from './interior';

export interface ServerSize {
  readonly width: number;
  /** What is there; the picture may need more and then scrolls. */
  readonly height: number;
  /** Size of the labels, px. */
  readonly type: number;
}
export interface HoldBox {
  readonly hold: Hold;
  readonly x: number;
  readonly width: number;
  /** Empty when there is no room for it. */
  readonly label: string;
  /** Parts in which it computes, as [x, width]. */
  readonly runs: readonly (readonly [number, number])[];
}
export interface LaneBox {
  readonly top: number;
  readonly height: number;
  readonly holds: readonly HoldBox[];
  /** So many holds are too narrow to be told apart and are drawn as these stretches, as [x, width, how many]. */
  readonly dense: readonly (readonly [number, number, number])[];
}
export interface Cross {
  readonly stay: Stay;
  readonly x: number;
  readonly y: number;
}
export interface QueueBox {
  readonly top: number;
  readonly height: number;
  /** Height of one waiting. */
  readonly unit: number;
  /** Outline of the count over time. */
  readonly area: string;
  /** Everybody's strip through the queue, empty when they are too thin to be told apart. */
  readonly strips: readonly { readonly stay: Stay; readonly path: string }[];
  /** Refused or given up: where. */
  readonly crosses: readonly Cross[];
  /** All of them, also those whose crosses would cover each other. */
  readonly away: readonly Stay[];
}
export interface BayBox {
  readonly bay: Bay;
  /** Baseline of its heading. */
  readonly heading: number;
  readonly queue: QueueBox | null;
  readonly lanes: readonly LaneBox[];
  /** Lanes that nobody ever used and that are not drawn. */
  readonly unused: number;
  /** Lanes too many to draw: their count over time instead. */
  readonly crowd: { readonly top: number; readonly height: number; readonly area: string; readonly most: number } | null;
}
export interface ServerPicture {
  readonly lens: Lens;
  /** Left end of the time axis, its length, its height with both rulers. */
  readonly left: number;
  readonly length: number;
  readonly axis: number;
  readonly bays: readonly BayBox[];
  readonly height: number;
}

/** More lanes than this are drawn as a count. */
export const LANES_SHOWN = 64;
/** More that wait at once than this are a number: nobody counts more marks. */
export const MARKS_SHOWN = 60;
/** Lanes of a resource that stand empty are drawn up to this number; in large letters only one, the others are counted. */
const EMPTY_SHOWN = 8;

/** All that happened at the host, from the first request for something to the last end. */
export function hostWindow(index: TraceIndex, host: HostId): TimeWindow {
  let start = Infinity, end = 0;
  for (const bay of interior(index, host)) {
    for (const s of bay.stays) {
      start = Math.min(start, s.asked);
      end = Math.max(end, s.end);
    }
  }
  if (!(start < end)) return { start: 0, end: Math.max(1, index.workEndNs) };
  const margin = Math.max(1, Math.round((end - start) / 50));
  return { start: Math.max(0, start - margin), end: end + margin };
}

/** What the lanes may take of a view of this height: the head does not depend on time, so nothing slides. */
export const pictureHeight = (width: number, height: number, type: number): number => Math.max(160, Math.round(height - (type >= LARGE_TYPE ? type * 3.6 : type * (width < 520 ? 17 : 9) + 40)));
/** Letters for a hall, px: the picture has the room, words above it are few. */
export const LARGE_TYPE = 20;
export const axisHeight = (bent: boolean, type: number): number => Math.round(type * (bent ? 4.4 : 1.9));
/** Left of time: room for the longest name of a lane, where names of lanes are shown at all. */
export const gutter = (width: number, type: number, names: readonly string[] = []): number => (width < 520 ? Math.round(type * 1.2) : Math.round(Math.min(width * 0.3, names.reduce((most, n) => Math.max(most, textWidth(n, type) * 1.08 + type * 1.5), Math.max(76, type * 7)))));

export function layoutServer(index: TraceIndex, host: HostId, window: TimeWindow, bent: boolean, size: ServerSize, others: readonly TraceIndex[] = []): ServerPicture {
  const { width, height, type } = size;
  const lens = lensOf(index, window, bent, others);
  const axis = axisHeight(bent, type);
  const bays = interior(index, host).filter((b) => b.stays.length > 0 || b.kind !== 'disk');
  const large = type >= LARGE_TYPE;
  const shown = bays.map((b) => Math.max(b.lanes.length, Math.min(b.servers, large ? 1 : EMPTY_SHOWN)));
  const names = bays.map((b, i) => (b.servers > 0 && shown[i]! > 0 ? words.lane(b.name, shown[i]!, b.servers) : ''));
  const left = gutter(width, type, names), length = Math.max(60, width - left - Math.round(type * 1.4));
  const x = (at: Ns): number => left + toLens(lens, at) * length;
  const heading = Math.round(type * (large ? 1.4 : 1.9)), gap = Math.round(type * (large ? 0.2 : 0.9));
  const laneCount = shown.reduce((sum, n) => sum + (n > LANES_SHOWN ? 4 : n), 0);
  const room = height - axis - bays.length * (heading + gap);
  const comfortable = Math.max(24, Math.round(type * 2.8)), least = Math.round(type * 1.2);
  const wants = bays.map((b) => Math.min(type * (b.kind === 'places' ? 12 : 4), Math.round(b.most * type * 1.5)));
  const away = bays.map((b) => (turnedAway(b).length > 0 ? type * 1.5 : 0));
  const total = (list: readonly number[]): number => list.reduce((sum, n) => sum + n, 0);
  const scale = Math.min(1, Math.max(type * 8, room - laneCount * least - total(away)) / Math.max(1, total(wants)));
  const strips = wants.map((want, i) => (want > 0 ? Math.round(want * scale) : 0) + away[i]!);
  const laneRoom = (room - total(strips)) / Math.max(1, laneCount);
  const laneHeight = Math.max(shown.some((n) => n > 24) ? 6 : least, Math.min(comfortable, Math.floor(laneRoom)));

  let y = axis;
  const boxes = bays.map((bay, i): BayBox => {
    const headingAt = y + heading - Math.round(type * (large ? 0.35 : 0.5));
    y += heading;
    const queue = strips[i]! > 0 ? queueBox(bay, y, strips[i]!, x, type) : null;
    if (queue) y += queue.height + 4;
    const lanes: LaneBox[] = [];
    let crowd: BayBox['crowd'] = null;
    if (shown[i]! > LANES_SHOWN) {
      const top = y, tall = laneHeight * 4;
      crowd = { top, height: tall, most: bay.lanes.length, area: areaPath(busySteps(bay), tall / bay.lanes.length, top + tall, x, window) };
      y += tall;
    } else {
      for (let n = 0; n < shown[i]!; n++) {
        lanes.push(laneBox(index, host, bay, bay.lanes[n] ?? [], y, laneHeight, x, type));
        y += laneHeight;
      }
    }
    y += gap;
    return { bay, heading: headingAt, queue, lanes, unused: Math.max(0, bay.servers - shown[i]!), crowd };
  });
  return { lens, left, length, axis, bays: boxes, height: y };
}

/** Who never got a place: refused, or gave up. */
const turnedAway = (bay: Bay): readonly Stay[] => bay.stays.filter((s) => s.outcome === 'refused' || s.outcome === 'abandoned');

function busySteps(bay: Bay): readonly { at: Ns; count: number }[] {
  const turns = bay.lanes.flat().flatMap((h) => [{ at: h.start, by: 1 }, { at: h.end, by: -1 }]).sort((a, b) => a.at - b.at || a.by - b.by);
  let count = 0;
  return turns.map((s) => ({ at: s.at, count: (count += s.by) }));
}

/** A count over time as a closed outline standing on `base`. */
function areaPath(steps: readonly { readonly at: Ns; readonly count: number }[], unit: number, base: number, x: (at: Ns) => number, window: TimeWindow): string {
  let path = '', before = 0;
  steps.forEach((s, i) => {
    const to = px(x(steps[i + 1]?.at ?? window.end));
    if (s.count > 0) path += `${before > 0 ? '' : `M${px(x(s.at))} ${px(base)}`}V${px(base - s.count * unit)}H${to}${(steps[i + 1]?.count ?? 0) > 0 ? '' : `V${px(base)}Z`}`;
    before = s.count;
  });
  return path;
}
const px = (n: number): number => Math.round(n * 100) / 100;

function apart(crosses: readonly Cross[], least: number): readonly Cross[] {
  const kept: Cross[] = [];
  for (const c of crosses) if (kept.length === 0 || c.x - kept[kept.length - 1]!.x >= least) kept.push(c);
  return kept;
}

/** One strip down through the queue: a closed outline for each wait without a gap. */
function stairs(places: readonly QueuePlace[], unit: number, base: number, x: (at: Ns) => number): string {
  let path = '', back = '';
  places.forEach((p, i) => {
    const joined = i > 0 && places[i - 1]!.end === p.start;
    if (i > 0 && !joined) {
      path += `${back}Z`;
      back = '';
    }
    const upper = px(base - (p.place + 1) * unit), lower = px(base - p.place * unit);
    path += joined ? `V${upper}H${px(x(p.end))}` : `M${px(x(p.start))} ${upper}H${px(x(p.end))}`;
    back = `V${lower}H${px(x(p.start))}${back}`;
  });
  return `${path}${back}Z`;
}

function queueBox(bay: Bay, top: number, height: number, x: (at: Ns) => number, type: number): QueueBox {
  const away = turnedAway(bay);
  const unit = (height - (away.length > 0 ? type * 1.5 : 0)) / Math.max(1, bay.most), base = top + height;
  const window = { start: 0, end: bay.queue[bay.queue.length - 1]?.at ?? 0 };
  const strips: { stay: Stay; path: string }[] = [];
  if (unit >= 5) {
    const byStay = new Map<Stay, QueuePlace[]>();
    for (const p of bay.places) if (byStay.get(p.stay)?.push(p) === undefined) byStay.set(p.stay, [p]);
    for (const [stay, places] of byStay) strips.push({ stay, path: stairs(places, unit, base, x) });
  }
  const crosses = apart(away.map((stay) => ({ stay, x: x(stay.end), y: top + type * 0.7 })), type * 0.7);
  return { top, height, unit, area: areaPath(bay.queue, unit, base, x, window), strips, crosses, away };
}

function laneBox(index: TraceIndex, host: HostId, bay: Bay, holds: readonly Hold[], top: number, height: number, x: (at: Ns) => number, type: number): LaneBox {
  const boxes: HoldBox[] = [];
  const dense: [number, number, number][] = [];
  for (const hold of holds) {
    const from = x(hold.start), width = x(hold.end) - from;
    const last = dense[dense.length - 1];
    if (width < 1) {
      if (last && from - (last[0] + last[1]) < 1) {
        last[1] = Math.max(last[1], from + width - last[0]);
        last[2]++;
      } else dense.push([from, Math.max(0.75, width), 1]);
      continue;
    }
    const runs = bay.kind === 'places' ? runsWithin(index, host, hold).map((r) => [x(r.start), Math.max(0.5, x(r.end) - x(r.start))] as const) : [];
    const { what } = hold.stay;
    boxes.push({ hold, x: from, width, label: height >= type * 1.15 && width >= what.length * type * 0.56 + 10 ? what : '', runs });
  }
  return { top, height, holds: boxes, dense };
}

/** Marks of those who wait at `t`: small squares beside the now-line, while they can be counted. */
export function waitingMarks(bay: Bay, queue: QueueBox, nowX: number, t: Ns, left: number, length: number, type: number): readonly { readonly stay: Stay; readonly x: number; readonly y: number; readonly side: number }[] {
  const waiting = waitingAt(bay, t);
  if (waiting.length > MARKS_SHOWN) return [];
  const side = Math.max(5, Math.min(Math.max(12, type), queue.unit - 3));
  const rows = queue.unit >= 5 ? Infinity : Math.max(1, Math.floor(queue.height / (side + 2)));
  const step = side + 2, leftwards = nowX - left > length / 2 ? -1 : 1;
  return waiting.map((stay, i) => {
    const column = rows === Infinity ? 0 : Math.floor(i / rows), row = rows === Infinity ? i : i % rows;
    const pitch = rows === Infinity ? queue.unit : step;
    return { stay, side, x: nowX + leftwards * (4 + column * step) + (leftwards < 0 ? -side : 0), y: queue.top + queue.height - (row + 0.5) * pitch - side / 2 };
  });
}

export interface AxisTick {
  readonly at: Ns;
  readonly x: number;
}
/** Ticks of the true ruler over the whole length, of the bent one beneath, and the threads between them. */
export function axisTicks(picture: ServerPicture, type: number): { readonly straight: readonly AxisTick[]; readonly bent: readonly AxisTick[]; readonly threads: readonly (readonly [number, number])[] } {
  const { lens, left, length } = picture;
  const { start, end } = lens.window;
  const linear = (at: Ns): number => left + ((at - start) / (end - start)) * length;
  const straight = ticks(start, end, Math.max(2, Math.floor(length / (type * 6)))).map((at) => ({ at, x: linear(at) }));
  if (!lens.bent) return { straight, bent: [], threads: [] };
  const bent: AxisTick[] = [];
  lens.at.forEach((at, i) => {
    const x = left + lens.x[i]! * length;
    if (bent.length === 0 || x - bent[bent.length - 1]!.x >= type * 4.2) bent.push({ at, x });
  });
  return { straight, bent, threads: bent.map((k) => [linear(k.at), k.x]) };
}
/** The time at a place of the picture. */
export const timeAt = (picture: ServerPicture, x: number): Ns => fromLens(picture.lens, (x - picture.left) / picture.length);
/** Where a time stands. */
export const placeOf = (picture: ServerPicture, t: Ns): number => picture.left + toLens(picture.lens, t) * picture.length;
