/** Numbers of the congestion view: panels on one time axis. Pure: (sending, time window, size) to lengths in px. */
import { max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { Ns } from '../../base/time';
import type { Sending, Step } from '../../trace';

export type PanelName = 'window' | 'trips' | 'rtt' | 'receiver';
export interface Tick {
  readonly at: number;
  /** px along the axis. */
  readonly px: number;
}
export interface Panel {
  readonly name: PanelName;
  readonly top: number;
  readonly height: number;
  /** Largest value on the axis: segments, segments, ns, bytes. */
  readonly most: number;
  readonly ticks: readonly Tick[];
}
export interface Bar {
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly height: number;
  readonly count: number;
  /** Its count has room above it. */
  readonly labelled: boolean;
}
export interface Band {
  readonly name: Sending['phases'][number]['name'];
  readonly x: number;
  readonly width: number;
  readonly labelled: boolean;
}
export interface Picture {
  readonly left: number;
  readonly right: number;
  readonly height: number;
  readonly start: number;
  readonly end: number;
  readonly panels: readonly Panel[];
  readonly ticks: readonly Tick[];
  readonly bands: readonly Band[];
  readonly bars: readonly Bar[];
}
export interface Size {
  /** When what was asked for was there: the axis ends with it, though a connection may stay open much longer. */
  readonly until: number;
  readonly width: number;
  readonly height: number;
  readonly type: number;
}
/** Shares of the height; the last go first when there is little room. */
const SHARES: Readonly<Record<PanelName, number>> = { window: 5, trips: 2.6, rtt: 2.4, receiver: 2.4 };
const LEAST = 34;

/** px of a time, and back. */
export const timeX = (p: Pick<Picture, 'left' | 'right' | 'start' | 'end'>, t: number): number => p.left + ((t - p.start) / (p.end - p.start)) * (p.right - p.left);
export const xTime = (p: Pick<Picture, 'left' | 'right' | 'start' | 'end'>, x: number): number => p.start + ((Math.max(p.left, Math.min(p.right, x)) - p.left) / (p.right - p.left)) * (p.end - p.start);
/** px of a value in its panel. */
export const valueY = (panel: Panel, value: number): number => panel.top + panel.height - (Math.min(value, panel.most) / panel.most) * panel.height;

/** Moments at the axis, as many as have room for their words (`30000 ms`). */
function timeTicks(start: Ns, end: Ns, width: number, type: number): number[] {
  const scale = scaleLinear().domain([start, end]);
  const word = type * 0.62 * (String(Math.round(end / 1e6)).length + 4);
  let wanted = Math.max(2, Math.floor(width / word));
  let times = scale.ticks(wanted);
  while (wanted > 1 && times.length > 1 && ((times[1]! - times[0]!) / (end - start)) * width < word) times = scale.ticks(--wanted);
  return times;
}
function scaleOf(most: number, height: number, type: number): { most: number; ticks: number[] } {
  const wanted = Math.max(1, Math.min(5, Math.floor(height / (type * 2.2))));
  const scale = scaleLinear().domain([0, Math.max(most, 1)]).nice(wanted);
  return { most: scale.domain()[1]!, ticks: scale.ticks(wanted).filter((v) => v > 0) };
}

/** How far a run beside this one may stretch the scale; what is above is cut. */
const BESIDE = 2;

/** `others`: the same direction in other runs; they share the scales, up to `BESIDE` times this one's. */
export function layoutCongestion(s: Sending, others: readonly Sending[], { until, width, height, type }: Size): Picture {
  const all = [s, ...others];
  const left = Math.round(type * 5), right = width - Math.round(type * 1.2), axis = Math.round(type * 2), head = Math.round(type * 3.2);
  const start = Math.min(...all.map((o) => o.start)), end = Math.max(Math.min(Math.max(...all.map((o) => o.end)), Math.max(until, s.start)), start + 1);
  const room = height - axis - head;
  const gap = Math.round(type * 1.7);
  let names: PanelName[] = ['window', 'trips', 'rtt', 'receiver'];
  while (names.length > 1 && names.some((n) => ((room - gap * (names.length - 1)) * SHARES[n]) / names.reduce((sum, m) => sum + SHARES[m], 0) < LEAST)) names = names.slice(0, -1);
  const shares = names.reduce((sum, n) => sum + SHARES[n], 0), drawn = Math.max(30, room - gap * (names.length - 1));
  const size = s.segmentBytes;
  const steps = (list: readonly Step[]): number => max(list, (p) => p.value) ?? 0;
  const among = (of: (o: Sending) => number): number => Math.min(Math.max(...all.map(of)), BESIDE * of(s));
  const largest: Readonly<Record<PanelName, number>> = {
    window: among((o) => Math.max(steps(o.cwnd), steps(o.inFlight) / size)), trips: max(s.perRoundTrip) ?? 0, rtt: steps(s.rtt), receiver: Math.max(steps(s.window), steps(s.outOfOrder)),
  };
  let top = head;
  const panels = names.map((name): Panel => {
    const h = Math.floor((drawn * SHARES[name]) / shares);
    const { most, ticks } = scaleOf(largest[name], h, type);
    const panel: Panel = { name, top, height: h, most, ticks: ticks.map((at) => ({ at, px: top + h - (at / most) * h })) };
    top += h + gap;
    return panel;
  });
  const frame = { left, right, start, end };
  const times = timeTicks(start, end, right - left, type);
  const bands = s.phases.filter((p) => p.start < end).map((p): Band => {
    const x = timeX(frame, p.start), w = timeX(frame, Math.min(end, p.end)) - x;
    return { name: p.name, x, width: w, labelled: w > p.name.length * type * 0.62 };
  });
  const trips = panels.find((p) => p.name === 'trips');
  const bars = !trips || s.minRtt <= 0 ? [] : s.perRoundTrip.filter((_, i) => s.start + i * s.minRtt < end).map((count, i): Bar => {
    const x = timeX(frame, s.start + i * s.minRtt), w = Math.max(1, timeX(frame, Math.min(end, s.start + (i + 1) * s.minRtt)) - x);
    const y = valueY(trips, count);
    return { x, width: w, y, height: trips.top + trips.height - y, count, labelled: count > 0 && w > String(count).length * type * 0.66 + 2 };
  });
  return { ...frame, height, panels, ticks: times.map((at) => ({ at, px: timeX(frame, at) })), bands, bars };
}

/** A path of steps: flat until the next value. Starts at the first value and goes on to the end of the picture. */
export function stepPath(p: Picture, panel: Panel, steps: readonly Step[], unit = 1): string {
  if (steps.length === 0) return '';
  let d = '';
  steps.forEach((s, i) => {
    const x = timeX(p, Math.max(p.start, s.at)).toFixed(1), y = valueY(panel, s.value / unit).toFixed(1);
    d += i === 0 ? `M${x} ${y}` : `H${x}V${y}`;
  });
  return `${d}H${p.right.toFixed(1)}`;
}
/** The same as an area down to the axis. */
export function stepArea(p: Picture, panel: Panel, steps: readonly Step[], unit = 1): string {
  const line = stepPath(p, panel, steps, unit);
  const floor = (panel.top + panel.height).toFixed(1);
  return line === '' ? '' : `${line}V${floor}H${timeX(p, Math.max(p.start, steps[0]!.at)).toFixed(1)}Z`;
}
