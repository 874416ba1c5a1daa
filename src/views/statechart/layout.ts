/** A statechart as numbers: states in ranks by distance from the initial one, edges as curves. Pure, from the chart alone. */
import type { Chart } from '../../model/chart';
import { textWidth } from '../../ui/place';

export interface StateBox {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly lines: readonly string[];
  /** Type size, px. */
  readonly size: number;
  readonly spec: string;
  readonly description: string;
  readonly final: boolean;
}
export interface EdgeCurve {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly events: readonly string[];
  readonly guard: string | null;
  readonly path: string;
  readonly label: readonly [number, number];
}
/** Height of a state's box for a type size: two lines fit. */
export const boxHeight = (type: number): number => Math.round(type * 2.9);

/** A key in at most two lines, parted at a hyphen, an underscore or a space, and the type size at which it fits. */
export function keyLines(key: string, room: number, type: number): { lines: readonly string[]; size: number } {
  if (textWidth(key, type) * BOLD <= room) return { lines: [key], size: type };
  const parts = key.split(/(?<=[-_ ])/);
  let best: readonly string[] = [key];
  let widest = textWidth(key, type);
  for (let i = 1; i < parts.length; i++) {
    const lines = [parts.slice(0, i).join(''), parts.slice(i).join('')];
    const wide = Math.max(...lines.map((l) => textWidth(l, type)));
    if (wide < widest) [best, widest] = [lines, wide];
  }
  return { lines: best, size: Math.min(type, (type * room) / (widest * BOLD)) };
}
const BOLD = 1.08;

/** States in columns by their distance from the first; every key stays inside its box. */
export function layoutChart(chart: Chart, width: number, height: number, type = 12): { boxes: StateBox[]; edges: EdgeCurve[] } {
  const rank = new Map<string, number>([[chart.initial, 0]]);
  const queue = [chart.initial];
  for (let i = 0; i < queue.length; i++) {
    for (const e of chart.edges) {
      if (e.source !== queue[i] || !e.target || rank.has(e.target)) continue;
      rank.set(e.target, rank.get(queue[i]!)! + 1);
      queue.push(e.target);
    }
  }
  const leaves = chart.states.filter((s) => s.leaf);
  for (const s of leaves) if (!rank.has(s.key)) rank.set(s.key, 0);
  const last = Math.max(...rank.values());
  const columns = Array.from({ length: last + 1 }, (_, r) => leaves.filter((s) => rank.get(s.key) === r));
  const step = width / columns.length;
  const boxes: StateBox[] = columns.flatMap((column, r) =>
    column.map((s, i) => {
      const w = Math.min(step - type * 1.6, Math.max(type * 6, textWidth(s.key, type) * BOLD + type * 1.5));
      return { key: s.key, x: step * (r + 0.5), y: (height / column.length) * (i + 0.5), width: w, ...keyLines(s.key, w - type * 0.8, type), spec: s.spec, description: s.description, final: s.final };
    }),
  );
  const box = new Map(boxes.map((b) => [b.key, b]));
  const joined = new Map<string, { source: string; target: string; events: string[]; guard: string | null }>();
  for (const e of chart.edges) {
    if (!e.target || e.target === e.source) continue;
    const id = `${e.source}>${e.target}`;
    const known = joined.get(id);
    if (known) known.events.push(e.event);
    else joined.set(id, { source: e.source, target: e.target, events: [e.event], guard: e.guard });
  }
  const edges = [...joined].map(([id, e]): EdgeCurve => {
    const a = box.get(e.source)!, b = box.get(e.target)!;
    const forward = b.x >= a.x;
    const same = Math.abs(b.x - a.x) < 1;
    const x0 = a.x + (same ? a.width / 2 : (forward ? 1 : -1) * (a.width / 2));
    const x1 = b.x + (same ? b.width / 2 : (forward ? -1 : 1) * (b.width / 2));
    const bow = same ? 34 : forward ? (x1 - x0) / 2 : -Math.max(40, (x0 - x1) / 3);
    const lift = forward && !same ? 0 : same ? 0 : 34;
    const path = same
      ? `M${x0} ${a.y}C${x0 + bow} ${a.y} ${x1 + bow} ${b.y} ${x1} ${b.y}`
      : `M${x0} ${a.y + lift / 4}C${x0 + bow} ${a.y + lift} ${x1 - bow} ${b.y + lift} ${x1} ${b.y + lift / 4}`;
    const label: readonly [number, number] = same ? [x0 + 28, (a.y + b.y) / 2] : [(x0 + x1) / 2, (a.y + b.y) / 2 + lift * 0.75 - 4];
    return { id, ...e, path, label };
  });
  return { boxes, edges };
}
