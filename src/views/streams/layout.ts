/** Numbers of the streams view: rows of answers on one time axis. Pure: (connections, time window, size) to lengths in px. */
import { scaleLinear } from 'd3-scale';
import type { Ns } from '../../base/time';
import type { Answer, SharedConnection } from '../../trace';
import { textWidth } from '../../ui/place';

export interface HeadingRow {
  readonly kind: 'heading';
  readonly text: string;
  readonly y: number;
}
/** Between two connections. */
export interface RuleRow {
  readonly kind: 'rule';
  readonly y: number;
}
export interface AnswerRow {
  readonly kind: 'answer';
  readonly answer: Answer;
  readonly label: string;
  readonly y: number;
}
export interface StreamsPicture {
  readonly left: number;
  readonly right: number;
  readonly start: Ns;
  readonly end: Ns;
  readonly width: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly rows: readonly (HeadingRow | RuleRow | AnswerRow)[];
  readonly ticks: readonly { readonly at: Ns; readonly px: number }[];
  /** Most bytes that wait in one row: what fills it. */
  readonly most: number;
}
export interface StreamsSize {
  readonly width: number;
  /** Room; the picture is higher where its rows need more. */
  readonly height: number;
  readonly type: number;
  readonly start: Ns;
  readonly end: Ns;
  /** Most bytes that wait, in this run and those beside it. */
  readonly most: number;
}
interface Words {
  heading(protocol: SharedConnection['protocol'], connections: number): string;
  row(path: string, stream: number): string;
  tick(ns: number): string;
}
/** Heights of a row, in heights of its letters. */
const LEAST_ROW = 1.12, MOST_ROW = 2.2;
/** What waits is seen, however little it is. */
const LEAST_AREA = 5;

/** The last part of an address, which tells answers of one site apart. */
export const pathOf = (url: string): string => url.replace(/^https?:\/\/[^/]+/, '') || '/';
export const timeX = (p: Pick<StreamsPicture, 'left' | 'right' | 'start' | 'end'>, t: Ns): number => p.left + ((t - p.start) / (p.end - p.start)) * (p.right - p.left);
export const xTime = (p: Pick<StreamsPicture, 'left' | 'right' | 'start' | 'end'>, x: number): Ns => p.start + ((Math.max(p.left, Math.min(p.right, x)) - p.left) / (p.right - p.left)) * (p.end - p.start);
/** When the first answer was asked for and when the last was there. */
export function spanOf(connections: readonly SharedConnection[]): readonly [start: Ns, end: Ns] {
  const answers = connections.flatMap((c) => c.answers);
  // what is repeated for a client that is gone does not stretch the picture
  const ends = answers.map((a) => (a.request.endNs >= 0 ? a.request.endNs : Math.max(...a.parts.map((p) => p.at))));
  return [Math.min(...answers.map((a) => askedAt(a))), Math.max(...ends)];
}
/** When a request had its connection and was written. */
export const askedAt = ({ request }: Answer): Ns => (request.phases.find((p) => p.phase === 'send') ?? request.phases.find((p) => p.phase === 'wait'))?.startNs ?? request.startNs;
/** Most bytes that wait in one row. */
export const mostWaiting = (connections: readonly SharedConnection[]): number => connections.reduce((most, c) => c.answers.reduce((m, a) => a.waiting.reduce((n, s) => Math.max(n, s.value), m), most), 0);

export function layoutStreams(connections: readonly SharedConnection[], size: StreamsSize, words: Words): StreamsPicture {
  const { width, type, start } = size, end = Math.max(size.end, start + 1);
  const axis = Math.round(type * 1.8), heading = Math.round(type * 1.7), gap = Math.round(type * 0.45);
  const count = connections.reduce((n, c) => n + c.answers.length, 0);
  const headings = connections.filter((c, i) => c.protocol !== connections[i - 1]?.protocol).length;
  const room = size.height - axis - heading * headings - gap * (connections.length - headings);
  const rowHeight = Math.max(Math.ceil(LEAST_ROW * type), Math.min(Math.round(MOST_ROW * type), Math.floor(room / Math.max(1, count))));
  const longest = Math.max(0, ...connections.flatMap((c) => c.answers.map((a) => textWidth(words.row(pathOf(a.request.url), a.stream), type))));
  const left = Math.round(Math.min(longest + 12, width * 0.34)), right = width - Math.round(type * 0.8);
  const rows: StreamsPicture['rows'][number][] = [];
  let y = 0;
  connections.forEach((c, i) => {
    if (c.protocol !== connections[i - 1]?.protocol) {
      rows.push({ kind: 'heading', text: words.heading(c.protocol, connections.filter((o) => o.protocol === c.protocol).length), y });
      y += heading;
    } else {
      rows.push({ kind: 'rule', y: y + gap / 2 });
      y += gap;
    }
    for (const answer of c.answers) {
      rows.push({ kind: 'answer', answer, label: fitted(answer, left - 10, type, words), y });
      y += rowHeight;
    }
  });
  const frame = { left, right, start, end };
  const scale = scaleLinear().domain([start, end]);
  const ticks = scale.ticks(Math.max(2, Math.floor((right - left) / (type * 6))));
  return { ...frame, width, height: y + axis, rowHeight, rows, most: Math.max(1, size.most), ticks: ticks.map((at) => ({ at, px: timeX(frame, at) })).filter(({ at, px }) => px + textWidth(words.tick(at), type) / 2 <= width) };
}
/** The label, shortened from its front where it is too long: what tells paths apart stands at their end. */
function fitted(answer: Answer, room: number, type: number, words: Words): string {
  const path = pathOf(answer.request.url);
  for (const text of [words.row(path, answer.stream), path]) if (textWidth(text, type) <= room) return text;
  let short = path;
  while (short.length > 3 && textWidth(`…${short}`, type) > room) short = short.slice(1);
  return `…${short}`;
}
/** What waits in a row over time, as an area; empty where nothing does. */
export function waitingArea(p: StreamsPicture, { answer, y }: AnswerRow): string {
  const floor = y + p.rowHeight - 1, full = p.rowHeight - 3;
  let d = '';
  answer.waiting.forEach((s, i) => {
    if (s.value === 0) return;
    const next = answer.waiting[i + 1]?.at ?? p.end;
    const top = floor - Math.max(Math.min(LEAST_AREA, full), (s.value / p.most) * full);
    d += `M${timeX(p, s.at).toFixed(1)} ${floor}V${top.toFixed(1)}H${timeX(p, next).toFixed(1)}V${floor}Z`;
  });
  return d;
}
