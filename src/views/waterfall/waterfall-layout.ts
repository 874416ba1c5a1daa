/**
 * The waterfall as numbers: columns, rows, bars, the path through them, the rows in view.
 * Law: a pure function of (index, view, order, size); the axis is true; the time at a place is found again at that place.
 */
import { ticks } from 'd3-array';
import { significant } from '../../explain/format';
import { waterfallView as words } from '../../explain/words/waterfall-view';
import type { Ns } from '../../base/time';
import type { RequestId } from '../../model/ids';
import type { RequestRow } from '../../model/request';
import { spans, type RequestSpan, type TraceIndex } from '../../trace';
import { textWidth } from '../../ui/place';
import type { Connection } from './connections';
import { failed, pathOf, shortOf } from './facts';
import type { PagePath, Stretch } from './page-path';

export interface Size {
  readonly width: number;
  /** Room for the rows. */
  readonly height: number;
  readonly type: number;
}
/** Columns and the axis. */
export interface Frame {
  /** Where time begins and how long it is, px. */
  readonly left: number;
  readonly length: number;
  readonly end: Ns;
  /** Columns for words; in a narrow picture they stand above their bar (`stacked`). */
  readonly stacked: boolean;
  readonly name: number;
  readonly note: number;
  readonly total: number;
  readonly type: number;
}
/** Bold letters are wider. */
const BOLD = 1.1;
/** The end of time in view: all requests' end. */
export const endOf = (index: TraceIndex): Ns => Math.max(1, index.workEndNs);
export function frameOf(index: TraceIndex, words: readonly { readonly name: string; readonly note: string }[], { width, type }: Size): Frame {
  const end = endOf(index), right = type * 1.5;
  if (width < type * 48) return { left: 8, length: Math.max(40, width - 8 - right), end, stacked: true, name: 0, note: 0, total: 0, type };
  const longest = (of: 'name' | 'note', least: number): number => words.reduce((most, w) => Math.max(most, textWidth(w[of], type) * BOLD), least);
  const name = Math.min(longest('name', type * 6) + type * 1.8, width * 0.24), note = Math.min(longest('note', type * 4) + type * 2.2, width * 0.16), total = type * 5.5;
  const left = name + note + total + type;
  return { left, length: Math.max(40, width - left - right), end, stacked: false, name, note, total, type };
}
export const xOf = (frame: Frame, at: Ns): number => frame.left + Math.max(0, Math.min(1, at / frame.end)) * frame.length;
export const timeAt = (frame: Frame, x: number): Ns => Math.max(0, Math.min(1, (x - frame.left) / frame.length)) * frame.end;

/** Ticks with their unit at the first. */
export function axisTicks(frame: Frame): readonly { readonly at: Ns; readonly x: number; readonly text: string }[] {
  const [unit, per] = frame.end >= 10e9 ? ['s', 1e9] : frame.end >= 1e6 ? ['ms', 1e6] : ['µs', 1e3];
  const room = textWidth(significant(frame.end / per), frame.type) + frame.type * 4;
  return ticks(0, frame.end, Math.max(2, Math.floor(frame.length / room))).map((at, i) => ({ at, x: xOf(frame, at), text: i === 0 ? `${significant(at / per)} ${unit}` : significant(at / per) }));
}

/** A row's place; what is in it is worked out when it comes into view. */
export interface Place {
  readonly top: number;
  readonly height: number;
  /** Of the bar, from the top of the list. */
  readonly barTop: number;
  readonly barHeight: number;
}
/** Waits drawn below a connection's bar, at most; the others are counted. */
export const WAITS_SHOWN = 3;
export const waitHeight = (type: number): number => Math.ceil(type * 1.25);
/** Rows share the room when there are few; none is lower than a finger needs. `waits`: lines below the bar, for each row. */
export function placesOf(waits: readonly number[], frame: Frame, height: number): readonly Place[] {
  const { type, stacked } = frame;
  const words = stacked ? Math.ceil(type * 1.6) : 0;
  const least = Math.max(24, Math.ceil(type * 2)) + words;
  const below = waits.reduce((sum, n) => sum + n * waitHeight(type), 0);
  const row = waits.length === 0 ? least : Math.max(least, Math.min(words + Math.ceil(type * 5), Math.floor((height - below) / waits.length)));
  const barHeight = Math.min(row - words - Math.ceil(type * 0.75), Math.ceil(type * 2.1));
  let top = 0;
  return waits.map((n) => {
    const lower = n * waitHeight(type), free = row - words - barHeight;
    const place = { top, height: row + lower, barTop: top + words + Math.floor(free / 2) - 1, barHeight };
    top += row + lower;
    return place;
  });
}
export const heightOf = (places: readonly Place[]): number => (places.length === 0 ? 0 : places[places.length - 1]!.top + places[places.length - 1]!.height);
/** First and last row (exclusive) that the window shows, with a few beside them. */
export function inView(places: readonly Place[], scroll: number, height: number): readonly [first: number, last: number] {
  const BESIDE = 4;
  const firstBelow = (y: number): number => {
    let low = 0, high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle]!.top + places[middle]!.height > y) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return [Math.max(0, firstBelow(scroll) - BESIDE), Math.min(places.length, firstBelow(scroll + height) + 1 + BESIDE)];
}

export interface Bar {
  readonly key: string;
  readonly request: RequestId;
  readonly phase: RequestSpan['phase'];
  readonly x: number;
  readonly width: number;
  readonly label: string;
  readonly title: string;
  /** Waits inside it, dotted. */
  readonly dots: readonly (readonly [number, number])[];
}
/** Widest of the texts that the bar has room for. */
const fitting = (texts: readonly string[], room: number, type: number): string => texts.find((t) => textWidth(t, type) < room - 6) ?? '';
function barOf(frame: Frame, barHeight: number, r: RequestRow, s: RequestSpan, prefix: string): Bar {
  const x = xOf(frame, s.start), width = Math.max(0.5, xOf(frame, s.end) - x), { type } = frame;
  const phase = words.phases[s.phase], name = shortOf(r.url);
  const labels = prefix === '' ? [words.phaseLabel(s.phase, s.end - s.start), phase] : [`${prefix} ${phase}`, prefix];
  const label = s.phase === 'gap' ? '' : fitting(labels, width, type);
  // in a low bar the dots make room for the word
  const half = label === '' || barHeight > type * 1.8 ? -1 : textWidth(label, type) / 2 + 2, middle = x + width / 2;
  const dots = s.waits
    .map((w) => [xOf(frame, w.start), xOf(frame, w.end)] as const)
    .flatMap(([a, b]) => (half < 0 || b < middle - half || a > middle + half ? [[a, b] as const] : [[a, middle - half] as const, [middle + half, b] as const]))
    .filter(([a, b]) => b - a > 9);
  return { key: `${r.id}-${s.phase}-${s.start}`, request: r.id, phase: s.phase, x, width, label, title: words.phaseTitle(name, s.phase, s.start, s.end), dots };
}

/** What a row shows. */
export interface Row {
  readonly bars: readonly Bar[];
  /** The connection while it is open. */
  readonly open: readonly [number, number] | null;
  readonly waits: readonly { readonly request: RequestId; readonly x: number; readonly width: number; readonly lane: number; readonly label: string; readonly title: string; readonly labelX: number; readonly anchor: 'start' | 'end' }[];
  /** Where failures ended. */
  readonly crosses: readonly { readonly x: number; readonly title: string }[];
}
export function requestRow(index: TraceIndex, frame: Frame, barHeight: number, r: RequestRow): Row {
  const bars = spans(index, r.id).filter((s) => s.end > s.start).map((s) => barOf(frame, barHeight, r, s, ''));
  const name = pathOf(r.url);
  return { bars, open: null, waits: [], crosses: failed(r) ? [{ x: xOf(frame, r.endNs), title: `${name}: ${words.status(r.status, r.error?.code ?? null, true)}` }] : [] };
}
const OPENING = new Set(['blocked', 'dns', 'connect', 'tls', 'gap']);
export function connectionRow(index: TraceIndex, frame: Frame, barHeight: number, c: Connection): Row {
  const bars: Bar[] = [], name = words.connectionName(c.ordinal, c.host, c.port);
  const add = (phase: 'dns' | 'connect' | 'tls', start: Ns, end: Ns): void => {
    if (start < 0 || start >= frame.end || end <= start) return;
    const x = xOf(frame, start), width = xOf(frame, end) - x;
    bars.push({ key: `${phase}-${c.flow}`, request: -1, phase, x, width, label: fitting([words.phases[phase]], width, frame.type), title: words.phaseTitle(name, phase, start, end), dots: [] });
  };
  const lookUp = c.requests[0]?.phases.find((p) => p.phase === 'dns' && p.endEvent >= 0 && p.endNs <= c.start);
  if (lookUp) add('dns', lookUp.startNs, lookUp.endNs);
  add('connect', c.start, c.connected < 0 ? c.end : c.connected);
  if (c.tlsStart >= 0) add('tls', c.tlsStart, c.secured < 0 ? c.end : c.secured);
  for (const r of c.requests) {
    const own = spans(index, r.id).filter((s) => s.end > s.start && !OPENING.has(s.phase));
    const called = r.resource === 'document' ? pathOf(r.url) : shortOf(r.url);
    const first = own.find((s) => fitting([called], xOf(frame, s.end) - xOf(frame, s.start), frame.type) !== '');
    for (const s of own) bars.push(barOf(frame, barHeight, r, s, s === first ? called : ''));
  }
  const waits = c.waiters.slice(0, WAITS_SHOWN).map((w, lane) => {
    const x = xOf(frame, w.start), end = xOf(frame, w.end), more = c.waiters.length - WAITS_SHOWN;
    const title = words.waiter(shortOf(w.request.url), w.end - w.start);
    const longest = lane === WAITS_SHOWN - 1 && more > 0 ? `${title}; ${words.moreWaiters(more)}` : title;
    const after = (text: string): boolean => end + 6 + textWidth(text, frame.type) < frame.left + frame.length, before = (text: string): boolean => x - 6 - textWidth(text, frame.type) > frame.left;
    const label = [longest, title, shortOf(w.request.url)].find((text) => after(text) || before(text)) ?? '';
    const right = after(label);
    return { request: w.request.id, x, width: end - x, lane, label, title: longest, labelX: right ? end + 6 : x - 6, anchor: right ? ('start' as const) : ('end' as const) };
  });
  const crosses = c.requests.filter(failed).map((r) => ({ x: xOf(frame, r.endNs), title: `${pathOf(r.url)}: ${words.status(r.status, r.error?.code ?? null, true)}` }));
  const from = c.connected < 0 ? c.start : c.secured >= 0 ? c.secured : c.connected;
  return { bars, open: from < frame.end && c.connected >= 0 ? [xOf(frame, from), xOf(frame, Math.min(frame.end, c.end))] : null, waits, crosses };
}

/** The path in the picture: thick along rows, threads between them. */
export interface PathPicture {
  /** `ahead`: before its request began. */
  readonly lines: readonly { readonly key: string; readonly ahead: boolean; readonly row: number; readonly x1: number; readonly x2: number; readonly y: number }[];
  readonly threads: readonly { readonly key: string; readonly d: string }[];
}
/** `rowOf`: the row of a stretch or of a request, or -1. */
export function pathPicture(path: PagePath, frame: Frame, places: readonly Place[], rowOf: (request: RequestId, stretch: Stretch | null) => number): PathPicture {
  const yOf = (row: number): number => places[row]!.barTop + places[row]!.barHeight + Math.ceil(frame.type * 0.27);
  const lines = path.stretches.flatMap((s) => {
    const row = s.request < 0 && !s.ahead ? -1 : rowOf(s.request, s);
    return row < 0 || !places[row] ? [] : [{ key: `${s.request}-${s.start}`, ahead: s.ahead, row, x1: xOf(frame, s.start), x2: xOf(frame, s.end), y: yOf(row) }];
  });
  const threads = path.threads.flatMap((t) => {
    const from = rowOf(t.from, null), to = rowOf(t.to, null);
    if (from < 0 || to < 0 || !places[from] || !places[to]) return [];
    const x1 = xOf(frame, t.at), x2 = xOf(frame, t.until), y1 = yOf(from), y2 = yOf(to);
    return [{ key: `${t.from}-${t.to}`, d: from === to ? `M${x1} ${y1}H${x2}` : `M${x1} ${y1}H${x2}V${y2}` }];
  });
  return { lines, threads };
}
