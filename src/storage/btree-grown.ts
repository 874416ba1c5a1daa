/**
 * Levels grown by items that came in random order. Law: page by page the process of real growth: a leaf with `k` rows and the share `w`
 * of the keys is full after a time whose mean is (max + 1 - k) / w insertions; it splits as `FillRule` says, its parent gets a downlink and
 * may split in turn. Large trees repeat: one twice as large is two side by side, so that a profile of bounded size serves any number of rows.
 */
import { fold } from '../base/hash';
import { sequence } from '../base/random';
import type { FillRule } from './btree-fill';
import { firstWhere, type Level } from './btree-level';

/**
 * Of so many growths the one with the middle number of leaves is taken: chance in the first few splits moves the rhythm of a whole tree
 * (full leaves all split within one doubling of the rows) by one or two per cent, and the profile is to be that of a typical tree.
 */
const GROWTHS = 5;

/** A page of the profile. */
interface Page {
  readonly level: number;
  /** When it was made, counted on its level. */
  readonly order: number;
  parent: Page | null;
  /** At the right edge of its level. */
  edge: boolean;
  readonly children: Page[];
  /** Of a leaf: its share of the keys, the rows it began with and how many there were then, its most rows and when it is too full. */
  low: number;
  width: number;
  began: number;
  beganAt: number;
  max: number;
  splitAt: number;
}

/** Leaves by the time of their split, the next one first: a binary heap. */
function push(heap: Page[], page: Page): void {
  let i = heap.push(page) - 1;
  for (let up = (i - 1) >> 1; i > 0 && heap[up]!.splitAt > page.splitAt; i = up, up = (i - 1) >> 1) heap[i] = heap[up]!;
  heap[i] = page;
}
/** Puts the first of the heap where it belongs, after its time has changed. */
function sink(heap: Page[]): void {
  const moved = heap[0]!;
  let i = 0;
  for (let down = 1; down < heap.length; down = 2 * i + 1) {
    if (down + 1 < heap.length && heap[down + 1]!.splitAt < heap[down]!.splitAt) down++;
    if (heap[down]!.splitAt >= moved.splitAt) break;
    heap[i] = heap[down]!;
    i = down;
  }
  heap[i] = moved;
}

/** A level that is `tiles` times a profile: where its pages begin (as a share), in what order and when they were made. */
function tiled(items: number, tiles: number, starts: Float64Array, orders: readonly number[], made: readonly number[]): Level {
  const count = orders.length, pages = count * tiles;
  const start = (p: number): number => {
    if (p >= pages) return items;
    const tile = Math.floor(p / count);
    return Math.floor(((tile + starts[p - tile * count]!) * items) / tiles + 1e-6);
  };
  return {
    items, pages, start,
    pageOf: (item) => {
      const at = (item * tiles) / items, tile = Math.min(tiles - 1, Math.floor(at));
      let p = tile * count + Math.max(0, firstWhere(count, (i) => starts[i]! > at - tile) - 1);
      while (p + 1 < pages && start(p + 1) <= item) p++;
      while (start(p) > item) p--;
      return p;
    },
    order: (p) => {
      const tile = Math.floor(p / count);
      return orders[p - tile * count]! * tiles + tile;
    },
    madeAt: (order) => Math.min(items, Math.ceil(made[Math.floor(order / tiles)]! * tiles)),
    pagesAt: (k) => firstWhere(made.length, (i) => made[i]! * tiles > k) * tiles,
  };
}

/** The levels of a tree of `rows` rows that came in random order: leaves first, the root last. The profile has about `profilePages` leaves at most. */
export function grownLevels(rows: number, leaf: FillRule, upper: FillRule, seed: number, profilePages: number): Level[] {
  let tiles = 1;
  while (rows / tiles / leaf.innerLeft > profilePages) tiles *= 2;
  const grown = Array.from({ length: GROWTHS }, (_, k) => profileOf(rows / tiles, leaf, upper, fold(seed, k)));
  const typical = grown.sort((a, b) => a[0]!.orders.length - b[0]!.orders.length)[Math.floor(GROWTHS / 2)]!;
  const levels = typical.map((p, level, all) =>
    tiled(level === 0 ? rows : all[level - 1]!.orders.length * tiles, tiles, p.starts, p.orders, p.made));
  if (tiles === 1) return levels;
  levels.pop(); // the profile's own root: above so many pages there is more than one
  while (levels[levels.length - 1]!.pages > 1) {
    const below = levels[levels.length - 1]!;
    // children of a level come at random like rows: the same growth, with the rule of the level
    const p = profileOf(below.pages, upper, upper, fold(seed, GROWTHS + levels.length))[0]!;
    levels.push(tiled(below.pages, 1, p.starts, p.orders, p.made.map((at, i) => (i === 0 ? 2 : at))));
  }
  return levels;
}

interface Profile {
  readonly starts: Float64Array;
  readonly orders: readonly number[];
  readonly made: readonly number[];
}

function profileOf(n: number, leaf: FillRule, upper: FillRule, seed: number): Profile[] {
  const uniform = sequence(seed);
  const deviate = (): number => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3); // about normal, variance 1
  /** For each level, how many items (rows, or pages below) there were when its pages were made. */
  const made: number[][] = [];
  const make = (level: number, at: number, edge: boolean): Page => {
    const times = (made[level] ??= []);
    return { level, order: times.push(at) - 1, parent: null, edge, children: [], low: 0, width: 1, began: 0, beganAt: 0, max: 0, splitAt: 0 };
  };
  const begin = (page: Page, low: number, width: number, began: number, at: number): void => {
    page.low = low;
    page.width = width;
    page.began = began;
    page.beganAt = at;
    page.max = page.edge ? leaf.edgeMax : leaf.innerMax;
    const wanted = page.max + 1 - began;
    page.splitAt = at + Math.max(wanted, (wanted + deviate() * Math.sqrt(wanted * (1 - width))) / width);
  };
  /** The parent learns of a new page to the right of an old one. */
  const link = (old: Page, page: Page): void => {
    if (!old.parent) {
      const root = make(old.level + 1, 2, true);
      root.children.push(old);
      old.parent = root;
    }
    const parent = old.parent;
    page.parent = parent;
    parent.children.splice(parent.children.indexOf(old) + 1, 0, page);
    if (parent.children.length <= (parent.edge ? upper.edgeMax : upper.innerMax)) return;
    const right = make(parent.level, made[page.level]!.length, parent.edge);
    right.children.push(...parent.children.splice(parent.edge ? upper.edgeLeft : upper.innerLeft));
    for (const child of right.children) child.parent = right;
    parent.edge = false;
    link(parent, right);
  };

  const first = make(0, 0, true);
  begin(first, 0, 1, 0, 0);
  const heap = [first];
  while (heap[0]!.splitAt <= n) {
    const page = heap[0]!, { low, width, splitAt, edge } = page;
    const all = page.max + 1, left = edge ? leaf.edgeLeft : leaf.innerLeft;
    // the border is the first key on the right: an order statistic of evenly drawn keys
    const mean = (left + 1) / (all + 1), share = Math.min(0.999, Math.max(0.001, mean + deviate() * Math.sqrt((mean * (1 - mean)) / (all + 2))));
    const right = make(0, splitAt, edge);
    page.edge = false;
    begin(page, low, width * share, left, splitAt);
    begin(right, low + width * share, width * (1 - share), all - left, splitAt);
    sink(heap);
    push(heap, right);
    link(page, right);
  }

  const profiles: Profile[] = [];
  let pages = heap.sort((a, b) => a.low - b.low);
  // how far each leaf has come on its way to its split
  let sizes = pages.map((p) => p.began + ((p.max - p.began) * (n - p.beganAt)) / Math.max(1, p.splitAt - p.beganAt));
  for (;;) {
    const starts = new Float64Array(pages.length + 1), sum = Math.max(1, sizes.reduce((a, b) => a + b, 0));
    sizes.reduce((at, size, i) => (starts[i + 1] = (at + size) / sum) * sum, 0);
    profiles.push({ starts, orders: pages.map((p) => p.order), made: made[pages[0]!.level]! });
    if (pages.length === 1) return profiles;
    pages = pages.map((p) => p.parent!).filter((parent, i, list) => i === 0 || parent !== list[i - 1]);
    sizes = pages.map((p) => p.children.length);
  }
}
