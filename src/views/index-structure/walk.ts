/**
 * A statement's way through its pages, as facts: each access with its time, sums up to a moment, the levels it passed.
 * Law: a pure function of (trace index, statement); it reads `Trace.queries` and never the structures themselves.
 */
import type { Ns } from '../../base/time';
import type { EventId, QueryId } from '../../model/ids';
import type { PageKind, PageRun, QueryRow, RelationShape } from '../../model/query';
import type { TraceIndex } from '../../trace';
import { once } from '../../trace/trace-index';

/** One access: from `since`, when the one before it was over, to `at`, when the pages were there. */
export interface Step {
  readonly number: number;
  readonly run: PageRun;
  readonly event: EventId;
  readonly since: Ns;
  readonly at: Ns;
  readonly found: Found;
}
/** Where its pages were: in shared buffers, on the disk, or some here and some there. */
export type Found = 'hit' | 'read' | 'mixed';
export interface Walk {
  readonly query: QueryRow;
  readonly start: Ns;
  /** Of a statement that never ended, the run's end. */
  readonly end: Ns;
  readonly ended: boolean;
  /** Accesses of the chosen index and of the table, in order: the path through the structure. */
  readonly steps: readonly Step[];
  /** What planning touched, and the catalogue: no part of the structure. Their `number` is -1. */
  readonly aside: readonly Step[];
  /** Both, in order of time. */
  readonly all: readonly Step[];
  /** Pages of the index and of the table. */
  readonly of: number;
}
/** Running sums. */
export interface Sums {
  /** Accesses that are over. */
  readonly steps: number;
  readonly hits: number;
  readonly reads: number;
  /** Different pages; one that is met twice counts once. */
  readonly pages: number;
  /** Since the statement began, never beyond its end. */
  readonly ns: Ns;
}
/** What lies beside the path, up to a moment: accesses that are over. */
export interface AsideSums {
  /** Different meta pages read to plan, and pages of the catalogue. */
  readonly metas: number;
  readonly catalogue: number;
  readonly hits: number;
  readonly reads: number;
  /** What they took together, the planner's own time included. */
  readonly ns: Ns;
}
/** A level of a B+tree, a heap, or pages beside them. */
export interface LevelRow {
  readonly key: string;
  readonly relation: string;
  readonly kind: PageKind;
  readonly level: number;
  /** How many there are; -1: not known. */
  readonly pages: number;
  /** Pages of the whole relation: blocks are numbered through all levels. */
  readonly blocks: number;
  readonly steps: readonly Step[];
}

const foundOf = (run: PageRun): Found => (run.reads === 0 ? 'hit' : run.hits === 0 ? 'read' : 'mixed');

export function walkOf(index: TraceIndex, id: QueryId): Walk | null {
  const query = index.trace.queries[id];
  if (!query) return null;
  return once(index, `walk ${id}`, () => {
    const { time } = index.trace;
    const start = time.at(query.startEvent), ended = query.endEvent >= 0;
    const end = ended ? time.at(query.endEvent) : index.trace.endNs;
    let since = start;
    let number = 0;
    const all = query.runs.filter((r) => r.event >= 0).map((run): Step => {
      const step = { number: onPath(query, run) ? number++ : -1, run, event: run.event, since, at: time.at(run.event), found: foundOf(run) };
      since = step.at;
      return step;
    });
    const steps = all.filter((s) => s.number >= 0);
    return { query, start, end, ended, steps, aside: all.filter((s) => s.number < 0), all, of: levelsOf(query, steps).reduce((sum, l) => sum + Math.max(0, l.kind === 'meta' ? 0 : l.pages), 0) };
  });
}
/** Whether an access belongs to the structure: of the chosen index or of the table, while the statement runs. */
function onPath({ chosen }: QueryRow, run: PageRun): boolean {
  return run.phase === 'execution' && (!chosen || run.relation === chosen.relation || run.relation === chosen.index);
}
export function asideAt(walk: Walk, t: Ns): AsideSums {
  const over = walk.aside.filter((s) => s.at <= t);
  const metas = over.filter((s) => s.run.kind === 'meta'), rest = over.filter((s) => s.run.kind !== 'meta');
  return {
    metas: distinctPages(metas), catalogue: distinctPages(rest), hits: over.reduce((n, s) => n + s.run.hits, 0), reads: over.reduce((n, s) => n + s.run.reads, 0), ns: over.reduce((n, s) => n + s.at - s.since, 0),
  };
}
/** The statement that belongs to `t`: the last that had begun, else the first. -1 when there are none. */
export function statementAt(index: TraceIndex, t: Ns): QueryId {
  let found = index.trace.queries[0]?.id ?? -1;
  for (const q of index.trace.queries) if (index.trace.time.at(q.startEvent) <= t) found = q.id;
  return found;
}

/** How many different pages these accesses met. */
export function distinctPages(steps: readonly Step[]): number {
  const ranges = steps.map(({ run }) => ({ relation: `${run.relation}/${run.kind === 'vm' ? 'vm' : ''}`, from: run.block, to: run.block + run.count }));
  ranges.sort((a, b) => (a.relation < b.relation ? -1 : a.relation > b.relation ? 1 : a.from - b.from));
  let pages = 0, relation = '', reached = 0;
  for (const r of ranges) {
    if (r.relation !== relation) reached = 0;
    relation = r.relation;
    pages += Math.max(0, r.to - Math.max(r.from, reached));
    reached = Math.max(reached, r.to);
  }
  return pages;
}
export function sumsAt(walk: Walk, t: Ns): Sums {
  const over = walk.steps.filter((s) => s.at <= t);
  return {
    steps: over.length, hits: over.reduce((n, s) => n + s.run.hits, 0), reads: over.reduce((n, s) => n + s.run.reads, 0), pages: distinctPages(over),
    ns: Math.max(0, Math.min(t, walk.end) - walk.start),
  };
}
/** `done`: its pages are there; `doing`: under way at `t`; `ahead`: not yet. */
export const stepState = (walk: Walk, step: Step, t: Ns): 'done' | 'doing' | 'ahead' => (step.at <= t ? 'done' : step.since <= t && t >= walk.start ? 'doing' : 'ahead');

/** Shapes of the chosen index and of the table, index first; of all that was touched where no plan is known. */
export function shapesInView(query: QueryRow): readonly RelationShape[] {
  const { chosen } = query;
  const touched = new Set(query.runs.map((r) => r.relation).filter((name) => !chosen || name === chosen.relation || name === chosen.index));
  if (chosen) for (const name of [chosen.index, chosen.relation]) if (name) touched.add(name);
  const shapes = query.shapes.filter((s) => touched.has(s.name));
  return [...shapes.filter((s) => s.kind === 'btree'), ...shapes.filter((s) => s.kind === 'heap')];
}
/** Rows from top to bottom: each tree from its root to its leaves, then visibility map, then heap. */
export function levelsOf(query: QueryRow, steps: readonly Step[]): readonly LevelRow[] {
  const rows: LevelRow[] = [];
  const shapes = shapesInView(query);
  const rest = new Set(steps);
  const take = (fits: (r: PageRun) => boolean): Step[] => {
    const found = [...rest].filter((s) => fits(s.run));
    for (const s of found) rest.delete(s);
    return found;
  };
  const aside = (relation: string, kind: 'meta' | 'vm', blocks: number): void => {
    const found = take((r) => r.relation === relation && r.kind === kind);
    if (found.length > 0) rows.push({ key: `${relation} ${kind}`, relation, kind, level: -1, pages: kind === 'meta' ? 1 : -1, blocks, steps: found });
  };
  for (const s of shapes) {
    if (s.kind === 'btree') {
      aside(s.name, 'meta', s.pages);
      for (let level = s.levels.length - 1; level >= 0; level--) {
        const kind = level === s.levels.length - 1 ? 'root' : level > 0 ? 'internal' : 'leaf';
        rows.push({ key: `${s.name} ${level}`, relation: s.name, kind, level, pages: s.levels[level]!, blocks: s.pages, steps: take((r) => r.relation === s.name && r.kind !== 'vm' && r.level === level) });
      }
    } else {
      aside(s.name, 'vm', s.pages);
      rows.push({ key: s.name, relation: s.name, kind: 'heap', level: 0, pages: s.pages, blocks: s.pages, steps: take((r) => r.relation === s.name) });
    }
  }
  // a relation without a shape: only what was touched is known
  for (const relation of new Set([...rest].map((s) => s.run.relation))) {
    const found = take((r) => r.relation === relation);
    rows.push({ key: `${relation} ?`, relation, kind: found[0]!.run.kind, level: 0, pages: -1, blocks: -1, steps: found });
  }
  return rows;
}
/** The heap that a sequential scan would read instead; null when the plan is one, or the heap is not known. */
export function scannedInstead(query: QueryRow): RelationShape | null {
  if (!query.chosen || query.chosen.node === 'Seq Scan') return null;
  return query.shapes.find((s) => s.kind === 'heap' && s.name === query.chosen!.relation) ?? null;
}
