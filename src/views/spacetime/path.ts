/**
 * A chain of causes as one line through the picture: crossings on their strokes, waits along the lifeline of the host
 * that waited. Law: contiguous in time, as the chain is; dotted always means waiting (for a timer, in a queue, for a lock).
 */
import type { Ns } from '../../base/time';
import type { Edge } from '../../model/kinds';
import { bordersBetween, toLens, type Lens, type PathEdge } from '../../trace';

/** One piece: points (along, across), px. */
export interface PathPiece {
  readonly points: readonly (readonly [number, number])[];
  readonly waits: boolean;
}
const WAITS: ReadonlySet<Edge> = new Set(['timer', 'queue', 'lock', 'think']);

/** Pieces of the chain inside the lens' window; `place`: where hosts stand across, NaN when they are not in the picture. */
export function pathPieces(path: readonly PathEdge[], lens: Lens, length: number, place: readonly number[]): readonly PathPiece[] {
  const along = (t: Ns): number => toLens(lens, t) * length;
  const pieces: PathPiece[] = [];
  const add = (points: readonly (readonly [number, number])[], waits: boolean): void => {
    if (points.some(([, across]) => Number.isNaN(across))) return;
    const last = pieces[pieces.length - 1], end = last?.points[last.points.length - 1], from = points[0]!;
    if (last && last.waits === waits && end![0] === from[0] && end![1] === from[1]) pieces[pieces.length - 1] = { points: [...last.points, ...points.slice(1)], waits };
    else pieces.push({ points, waits });
  };
  for (const edge of path) {
    if (edge.end < lens.window.start || edge.start > lens.window.end) continue;
    const start = Math.max(edge.start, lens.window.start), end = Math.min(edge.end, lens.window.end);
    const to = place[edge.toHost] ?? NaN;
    if (!edge.pdu) {
      add([[along(start), to], [along(end), to]], WAITS.has(edge.edge));
      continue;
    }
    const from = place[edge.fromHost] ?? NaN;
    const leaves = Math.max(start, Math.min(end, edge.pdu.sentAt + edge.pdu.queueNs));
    if (leaves > start) add([[along(start), from], [along(leaves), from]], true);
    const at = (t: Ns): readonly [number, number] => [along(t), edge.end === leaves ? to : from + ((to - from) * (t - leaves)) / (edge.end - leaves)];
    add([at(leaves), ...bordersBetween(lens, leaves, end).map(at), at(end)], false);
  }
  return pieces;
}
