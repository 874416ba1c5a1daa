/**
 * A B+tree as PostgreSQL 15 stores it: meta page (block 0), root, internal pages, leaves. Law: shape and block numbers are functions of
 * (rows, sizes, how it was built, seed); pages get their blocks in the order in which the build or the inserts made them.
 */
import type { PageKind } from '../model/query';
import { builtPerPage, builtWithDuplicates, fillRule } from './btree-fill';
import { grownLevels } from './btree-grown';
import { regularLevel, type Level } from './btree-level';
import { indexTupleBytes, type ColumnLayout } from './layout';

export interface BTreeSpec {
  readonly rows: number;
  readonly columns: readonly ColumnLayout[];
  /** CREATE INDEX on existing rows; inserts in key order; inserts in random order. */
  readonly build: 'bulk' | 'ascending' | 'random';
  /** Rows for each key; 1 if unique. */
  readonly copies: number;
  /** Per cent. */
  readonly fillfactor: number;
  readonly profilePages: number;
}
/** A page on the way from the root to a leaf. */
export interface PathStep {
  readonly kind: PageKind;
  /** 0 = leaf. */
  readonly level: number;
  readonly block: number;
  readonly items: number;
}
export interface BTree {
  /** Leaves first; the last has one page, the root. */
  readonly levels: readonly Level[];
  /** Level of the root: 0 = a single leaf. */
  readonly height: number;
  /** All pages, the meta page among them. */
  readonly pages: number;
  readonly internalPages: number;
  /** Block of a page, counted along its level. */
  blockOf(level: number, page: number): number;
  kindOf(level: number): PageKind;
  itemsOn(level: number, page: number): number;
  /** From the root to the leaf of this rank (0-based, in index order). */
  path(rank: number): PathStep[];
}

/** Levels of a tree: leaves first, the root last. */
function levelsOf(spec: BTreeSpec, seed: number): Level[] {
  const tuple = indexTupleBytes(spec.columns);
  const leaf = fillRule(tuple, true, spec.fillfactor), upper = fillRule(tuple, false, spec.fillfactor);
  if (spec.build === 'random') return grownLevels(spec.rows, leaf, upper, seed, spec.profilePages);
  const bulk = spec.build === 'bulk', many = spec.copies > 1;
  const onLeaf = many ? builtWithDuplicates(tuple, spec.copies, spec.fillfactor) : builtPerPage(tuple, true, spec.fillfactor);
  const above = builtPerPage(tuple, false, spec.fillfactor);
  const levels = [bulk
    ? regularLevel(spec.rows, onLeaf, Math.ceil(onLeaf) + (many ? 0 : 1), 0, onLeaf + 2)
    : regularLevel(spec.rows, leaf.edgeLeft, leaf.edgeMax, 0, leaf.edgeMax + 1)];
  for (let below = levels[0]!; below.pages > 1; below = levels[levels.length - 1]!) {
    // in a build a child gets its downlink when its right sibling has been begun, in a split as soon as it is there
    levels.push(bulk ? regularLevel(below.pages, above, above + 1, 2, above + 3) : regularLevel(below.pages, upper.edgeLeft, upper.edgeMax, 2, upper.edgeMax + 1));
  }
  return levels;
}

/** Trees made before: they never change, and a run that is repeated with another latency has the same ones. */
const kept = new Map<string, BTree>();
const KEPT = 64;

export function btree(spec: BTreeSpec, seed: number): BTree {
  const { rows, build, copies, fillfactor, profilePages } = spec;
  const key = [rows, build, copies, fillfactor, profilePages, seed, ...spec.columns.map((c) => `${c.type} ${c.bytes ?? 0}`)].join();
  const known = kept.get(key);
  if (known) return known;
  if (kept.size >= KEPT) kept.clear();
  const made = grow(spec, seed);
  kept.set(key, made);
  return made;
}

function grow(spec: BTreeSpec, seed: number): BTree {
  const levels = levelsOf(spec, seed);
  const height = levels.length - 1;
  const total = levels.reduce((sum, level) => sum + level.pages, 0);

  /** Pages that stood before this one was made, over all levels, and the meta page. */
  const blockOf = (level: number, page: number): number => {
    const order = levels[level]!.order(page);
    let before = 1 + order, count = order;
    for (let up = level + 1; up <= height; up++) before += count = levels[up]!.pagesAt(count);
    count = order;
    for (let down = level - 1; down >= 0; down--) {
      const pages = levels[down + 1]!.madeAt(count);
      before += pages;
      count = pages - 1;
    }
    return before;
  };
  const kindOf = (level: number): PageKind => (level === height ? 'root' : level === 0 ? 'leaf' : 'internal');
  const itemsOn = (level: number, page: number): number => levels[level]!.start(page + 1) - levels[level]!.start(page);
  return {
    levels, height, pages: total + 1, internalPages: total - levels[0]!.pages, blockOf, kindOf, itemsOn,
    path: (rank) => {
      const steps: PathStep[] = [];
      let item = Math.min(Math.max(0, rank), spec.rows - 1);
      for (let level = 0; level <= height; level++) {
        const page = levels[level]!.pageOf(item);
        steps.push({ kind: kindOf(level), level, block: blockOf(level, page), items: itemsOn(level, page) });
        item = page;
      }
      return steps.reverse();
    },
  };
}
