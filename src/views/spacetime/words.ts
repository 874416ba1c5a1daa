/**
 * The words of the space-time diagram: labels on strokes, words beside losses, timers and work. Law: nothing overlaps;
 * a stroke's shorter label is tried before it goes without.
 */
import { duration } from '../../explain/format';
import { ui } from '../../explain/words/ui';
import type { Ns } from '../../base/time';
import type { Block, Bracket, DiagramSize, Stroke } from './layout';
import { contains, placer, textWidth, type TextBox } from '../../ui/place';

export interface Label {
  readonly stroke: number;
  readonly text: string;
  /** Baseline's middle, px, and its turn in degrees. */
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly along: number;
  readonly box: TextBox;
}
/** A word beside a timer or a piece of work. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly ns: Ns;
  readonly x: number;
  readonly y: number;
  readonly end: boolean;
  readonly along: number;
  readonly box: TextBox;
}

/** Places losses first, then what was sent again, waits, the rest; bare acknowledgements have no label. */
export function placeWords(strokes: readonly Stroke[], brackets: readonly Bracket[], blocks: readonly Block[], size: DiagramSize): { labels: Label[]; crosses: Label[]; notes: Note[] } {
  const { type, down = true } = size;
  const width = down ? size.across : size.along, height = down ? size.along : size.across;
  const free = placer(width, height, 3);
  const xy = (along: number, across: number): [number, number] => (down ? [across, along] : [along, across]);
  const box = (text: string, x: number, y: number, angle = 0): TextBox => ({ x, y, width: textWidth(text, type) + 6, height: type * 1.15, angle });

  const lost = strokes.filter((s) => s.lostAt);
  for (const s of lost) {
    const [x, y] = xy(s.lostAt![0], s.lostAt![1]);
    free.keep({ x, y, width: type * 1.1, height: type * 1.1, angle: 0 });
  }
  const crosses: Label[] = [];
  for (const s of lost) {
    const text = ui.fate[s.lostWord as keyof typeof ui.fate] ?? s.lostWord;
    const [x, y] = xy(s.lostAt![0], s.lostAt![1]);
    const half = textWidth(text, type) / 2 + type * 0.9;
    // of those that stand together one says it for all
    if (crosses.some((c) => c.text === text && Math.hypot(c.box.x - x, c.box.y - y) < half + 2 * type)) continue;
    const found = free.place([[half, -0.75], [-half, -0.75], [half, 0.75], [-half, 0.75]].map(([dx, dy]) => ({ dx: dx!, dy: dy! * type, box: box(text, x + dx!, y + dy! * type) })));
    if (found) crosses.push({ stroke: s.id, text, x: x + found.dx, y: y + found.dy + type * 0.35, angle: 0, along: s.lostAt![0], box: found.box });
  }

  const labels: Label[] = [];
  const labelled = (wanted: readonly Stroke[]): void => {
    for (const s of wanted) {
      const label = labelOf(s);
      if (label) labels.push(label);
    }
  };
  function labelOf(s: Stroke): Label | null {
    const [a0, c0] = s.lead[0]!;
    const [a1, c1] = s.lostAt ?? s.lead[s.lead.length - 1]!;
    const [x0, y0] = xy(a0, c0), [x1, y1] = xy(a1, c1);
    const length = Math.hypot(x1 - x0, y1 - y0);
    let angle = (Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI;
    if (angle > 90) angle -= 180;
    if (angle < -90) angle += 180;
    const rad = (angle * Math.PI) / 180;
    for (const text of s.labels) {
      if (textWidth(text, type) + type > length) continue;
      // above its stroke; only where there is no room, below
      for (const lift of [-0.55, 0.75]) {
        const candidates = [0.5, 0.36, 0.64, 0.25, 0.75].map((share) => {
          const at = pointAt(s, share), [px, py] = xy(at[0], at[1]);
          const x = px - Math.sin(rad) * lift * type, y = py + Math.cos(rad) * lift * type;
          return { share, along: at[0], box: box(text, x, y, angle) };
        }).filter((c) => Math.min(c.share, 1 - c.share) * length > textWidth(text, type) / 2);
        const found = free.place(candidates);
        if (found) return { stroke: s.id, text, x: found.box.x - Math.sin(rad) * type * 0.33, y: found.box.y + Math.cos(rad) * type * 0.33, angle, along: found.along, box: found.box };
      }
    }
    return null;
  }
  const named = strokes.filter((s) => !s.minor);
  labelled(named.filter((s) => s.lost || s.again > 1));
  labelled(named.filter((s) => !s.lost && s.again === 1 && s.pdus[0]!.protocol !== 17));

  const notes: Note[] = [];
  const wanted = [
    ...brackets.map((b) => ({ id: `t${b.id}`, text: `${ui.timer(b.name)}, ${duration(b.ns)}`, ns: b.ns, across: b.across, gap: 6, at: [b.to - type * 0.4, (b.from + b.to) / 2, b.from + type * 0.6] })),
    ...blocks.filter((b) => b.to - b.from > type).map((b) => ({ id: `w${b.id}`, text: `${b.what}, ${duration(b.ns)}`, ns: b.ns, across: b.across, gap: 14, at: [(b.from + b.to) / 2] })),
  ];
  for (const w of wanted) {
    const long = textWidth(w.text, type) + 6;
    const found = free.place(w.at.flatMap((along) => [false, true].map((end) => {
      const [x, y] = down ? [w.across + (end ? -w.gap : w.gap), along] : [along + (end ? -2 : 2), w.across + w.gap + type * 0.6];
      return { along, end, x, y, box: { x: x + (end ? -long : long) / 2, y, width: long, height: type * 1.15, angle: 0 } };
    })));
    if (found) notes.push({ id: w.id, text: w.text, ns: w.ns, x: found.x, y: found.y + type * 0.35, end: found.end, along: found.along, box: found.box });
  }
  labelled(named.filter((s) => !s.lost && s.again === 1 && s.pdus[0]!.protocol === 17));
  return { labels, crosses, notes };
}

/** The point at a share of a stroke's leading edge, (along, across). */
function pointAt(s: Stroke, share: number): readonly [number, number] {
  const last = s.lead[s.lead.length - 1]!, first = s.lead[0]!;
  const across = first[1] + ((s.lostAt?.[1] ?? last[1]) - first[1]) * share;
  for (let i = 1; i < s.lead.length; i++) {
    const p = s.lead[i - 1]!, q = s.lead[i]!;
    if ((across - p[1]) * (across - q[1]) > 0 || p[1] === q[1]) continue;
    return [p[0] + ((q[0] - p[0]) * (across - p[1])) / (q[1] - p[1]), across];
  }
  return [last[0], across];
}

/** Reach of a stroke, px to each side of its middle: a target of 24 px at least. */
export const REACH = 13;
/** The same in a crowd: those in ink first, the others only where the pointer is upon them, so that the stage can still be dragged. */
export const CROWD_REACH = { ink: 6, others: 3 } as const;
/** The stroke under a point of the diagram (px, inside its margins): the nearest within reach, a label's own, in a crowd one of the others; null for none. */
export function strokeAt(
  diagram: { readonly strokes: readonly Stroke[]; readonly labels: readonly Label[]; readonly crosses: readonly Label[]; readonly size: DiagramSize }, x: number, y: number,
  others: ((along: number, across: number, reach: number) => Stroke | null) | null = null,
): Stroke | null {
  const label = [...diagram.crosses, ...diagram.labels].find((l) => contains(l.box, x, y));
  if (label) return diagram.strokes.find((s) => s.id === label.stroke) ?? null;
  const { down = true } = diagram.size;
  const [along, across] = down ? [y, x] : [x, y];
  let best: Stroke | null = null;
  let reach: number = others ? CROWD_REACH.ink : REACH;
  for (const s of diagram.strokes) {
    const points = s.lostAt ? [...s.lead, s.lostAt] : s.lead;
    for (const line of [points, s.trail]) {
      for (let i = 1; i < line.length; i++) {
        // a bare acknowledgement gives way to what stands beside it
        const d = distance(line[i - 1]!, line[i]!, along, across) + (s.minor ? 4 : 0);
        if (d >= reach) continue;
        reach = d;
        best = s;
      }
    }
  }
  return best ?? others?.(along, across, CROWD_REACH.others) ?? null;
}
/** From a point (along, across) to the line between two others, px. */
export function distance(p: readonly [number, number], q: readonly [number, number], along: number, across: number): number {
  const da = q[0] - p[0], dc = q[1] - p[1], square = da * da + dc * dc;
  const share = square === 0 ? 0 : Math.max(0, Math.min(1, ((along - p[0]) * da + (across - p[1]) * dc) / square));
  return Math.hypot(along - p[0] - share * da, across - p[1] - share * dc);
}
