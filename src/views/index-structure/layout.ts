/**
 * Pages as numbers. Law: a pure function of (levels, size). One square is one page wherever they fit; where they do not, one square
 * stands for a stated number of pages. Leaves, heap and the scan beside them share one scale, so that areas compare.
 */
import type { LevelRow, Step } from './walk';

export interface PanelSize {
  readonly width: number;
  readonly height: number;
  /** Size of the labels, px. */
  readonly type: number;
}
/** How pages are drawn: squares of `cell` px, each for `per` pages. */
export interface PageScale {
  readonly cell: number;
  readonly per: number;
}
/** Squares row by row. */
export interface Grid extends PageScale {
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly squares: number;
  readonly rows: number;
}
export interface MarkBox {
  readonly step: Step;
  /** Middle, and the square's side. */
  readonly x: number;
  readonly y: number;
  readonly side: number;
  /** Outline of all its squares when it has more than one or stands in a crowd, else empty. */
  readonly area: string;
  /** Where there is room for its label, and how much, px. */
  readonly label: 'inside' | 'right' | 'left' | 'none';
  readonly room: number;
}
export interface LevelBox {
  readonly row: LevelRow;
  readonly top: number;
  readonly height: number;
  /** Few pages: each a box of its own, as [x, width]. */
  readonly boxes: readonly (readonly [number, number])[];
  readonly grid: Grid | null;
  readonly marks: readonly MarkBox[];
  /** So many accesses that they are drawn together, as outlines. */
  readonly crowded: boolean;
}
export interface WalkPicture {
  readonly left: number;
  readonly scale: PageScale;
  readonly levels: readonly LevelBox[];
  /** Elbows from access to access, in order; empty when there are too many to follow. */
  readonly links: readonly { readonly step: Step; readonly path: string }[];
  readonly height: number;
}

const CELLS = [14, 12, 10, 8, 7, 6, 5, 4, 3, 2];
const PER = [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000];
/** A square for each page is worth so much more height; the view scrolls. */
const STRETCH = 2;
/** Levels with at most so many pages are drawn as boxes. */
const BOXES = 40;
/** Accesses of one level at most that get a large mark; paths at most that are drawn. */
export const LARGE_MARKS = 10;
const LINKS = 24;
/** Accesses of one level that are marks of their own, with focus and label; beyond it they are joined. */
const MARKS = 400;

/** Between a mark and its label, px; width of a character as a share of its size: bold DejaVu Sans, the widest of the stack, in the mean. */
export const LABEL_GAP = 8;
const CHARACTER = 0.66;
/** The first of these wordings, longest first, that has room; the last where none has. */
export const fitting = (wordings: readonly string[], room: number, type: number): string => wordings.find((w) => w.length * type * CHARACTER <= room) ?? wordings[wordings.length - 1]!;

export const gridOf = (pages: number, x: number, y: number, width: number, scale: PageScale): Grid => {
  const squares = Math.max(1, Math.ceil(pages / scale.per)), columns = Math.max(1, Math.floor(width / scale.cell));
  return { ...scale, x, y, columns: Math.min(columns, squares), squares, rows: Math.ceil(squares / columns) };
};
/** The largest scale at which every panel's grids fit, stacked. */
export function scaleFor(panels: readonly { readonly width: number; readonly height: number; readonly pages: readonly number[] }[]): PageScale {
  const fits = (scale: PageScale, stretch = 1): boolean =>
    panels.every((p) => p.pages.reduce((sum, n) => sum + gridOf(n, 0, 0, p.width, scale).rows * scale.cell, 0) <= p.height * stretch);
  for (const cell of CELLS) if (fits({ cell, per: 1 })) return { cell, per: 1 };
  if (fits({ cell: 2, per: 1 }, STRETCH)) return { cell: 2, per: 1 };
  for (const per of PER) if (fits({ cell: 2, per })) return { cell: 2, per };
  return { cell: 2, per: PER[PER.length - 1]! };
}
/** Outline of squares `from` up to and without `to`, row by row: at most three rectangles. */
export function squaresPath(grid: Grid, from: number, to: number): string {
  const { x, y, cell, columns } = grid;
  const end = Math.min(Math.max(to, from + 1), grid.squares);
  const part = (row: number, a: number, b: number, rows = 1): string => (b > a ? `M${x + a * cell} ${y + row * cell}H${x + b * cell}V${y + (row + rows) * cell}H${x + a * cell}Z` : '');
  const first = Math.floor(from / columns), last = Math.floor((end - 1) / columns);
  const a = from - first * columns, b = end - last * columns;
  if (first === last) return part(first, a, b);
  const head = a === 0 ? first : first + 1, tail = b === columns ? last + 1 : last;
  return `${a === 0 ? '' : part(first, a, columns)}${tail > head ? part(head, 0, columns, tail - head) : ''}${b === columns ? '' : part(last, 0, b)}`;
}
/** Which of a level's pages a block is: blocks are numbered through all levels, so a level's pages stand in the order of their numbers. */
export function ordinal(row: LevelRow, block: number): number {
  if (row.pages < 0) return 0;
  const place = row.kind === 'heap' ? block : Math.floor((block * row.pages) / Math.max(1, row.blocks));
  return Math.max(0, Math.min(row.pages - 1, place));
}

const narrow = (width: number): boolean => width < 520;
export const gutter = (width: number, type: number): number => (narrow(width) ? type : Math.round(Math.max(116, type * 9)));
const isBoxed = (row: LevelRow): boolean => row.pages <= BOXES;
/** Height of a row of boxes, and of the name above a grid on a narrow screen. */
const boxHeight = (type: number): number => Math.round(type * 2);
const nameHeight = (width: number, type: number): number => (narrow(width) ? Math.round(type * 2.1) : 0);
const gapOf = (type: number): number => Math.round(type * (type >= LARGE_TYPE ? 1.25 : 1.5));

/** What grids of these levels have for themselves, px. */
export function gridRoom(rows: readonly LevelRow[], { width, height, type }: PanelSize): { readonly width: number; readonly height: number; readonly pages: readonly number[] } {
  const fixed = rows.reduce((sum, r) => sum + gapOf(type) + nameHeight(width, type) + (isBoxed(r) ? boxHeight(type) : 0), 0);
  // a grid of few rows still needs the height of its mark and of its name
  const grids = rows.filter((r) => !isBoxed(r));
  return { width: width - gutter(width, type) - type, height: Math.max(40, height - fixed - grids.length * type), pages: grids.map((r) => r.pages) };
}

export function layoutWalk(rows: readonly LevelRow[], steps: readonly Step[], size: PanelSize, scale: PageScale): WalkPicture {
  const { width, type } = size;
  const left = gutter(width, type), inner = width - left - type;
  let y = Math.round(type * 0.6);
  const levels = rows.map((row): LevelBox => {
    const top = y + nameHeight(width, type);
    const boxed = isBoxed(row);
    const count = row.pages < 0 ? Math.max(1, Math.min(BOXES, row.steps.length)) : row.pages;
    const wide = Math.min(type * 4.6, inner / count - 4);
    const boxes = boxed ? Array.from({ length: count }, (_, i) => [left + (inner / count) * (i + 0.5) - wide / 2, wide] as const) : [];
    const grid = boxed ? null : gridOf(row.pages, left, top, inner, scale);
    const height = Math.max(boxHeight(type), grid ? grid.rows * grid.cell : 0);
    y = top + height + gapOf(type);
    return { row, top, height, boxes, grid, marks: marksOf(row, boxes, grid, top, left + inner, type), crowded: grid !== null && row.steps.length > MARKS };
  });
  return { left, scale, levels, links: steps.length <= LINKS ? linksOf(levels, steps, type) : [], height: y };
}

function marksOf(row: LevelRow, boxes: LevelBox['boxes'], grid: Grid | null, top: number, right: number, type: number): readonly MarkBox[] {
  const large = row.steps.length <= LARGE_MARKS;
  const labelled: number[] = [];
  return row.steps.map((step, i): MarkBox => {
    const { block, count } = step.run;
    if (!grid) {
      const n = row.pages < 0 ? Math.min(i, boxes.length - 1) : ordinal(row, block);
      const [x, wide] = boxes[n]!;
      const fresh = large && !labelled.includes(n);
      labelled.push(n);
      return { step, x: x + wide / 2, y: top + boxHeight(type) / 2, side: boxHeight(type), area: '', label: !fresh ? 'none' : boxes.length === 1 ? 'right' : wide >= type * 4 ? 'inside' : 'none', room: right - (x + wide + LABEL_GAP) };
    }
    const from = Math.floor(ordinal(row, block) / grid.per), to = Math.floor(ordinal(row, block + count - 1) / grid.per) + 1;
    const x = grid.x + ((from % grid.columns) + 0.5) * grid.cell, y = grid.y + (Math.floor(from / grid.columns) + 0.5) * grid.cell;
    const free = large && !labelled.some((other) => Math.abs(other - y) < type * 1.5);
    if (free) labelled.push(y);
    const side = large ? Math.max(grid.cell, Math.round(type * 1.4)) : Math.max(grid.cell, 4);
    const onRight = x < right - type * 22 || x < grid.x + (right - grid.x) / 2;
    const room = (onRight ? right - x : x - grid.x) - side / 2 - LABEL_GAP;
    return { step, x, y, side, area: count > 1 || row.steps.length > MARKS ? squaresPath(grid, from, to) : '', label: !free ? 'none' : onRight ? 'right' : 'left', room };
  });
}

/** From each access to the next: down out of the one, across, into the other. */
function linksOf(levels: readonly LevelBox[], steps: readonly Step[], type: number): WalkPicture['links'] {
  const placed = new Map<Step, { mark: MarkBox; box: LevelBox }>();
  for (const box of levels) for (const mark of box.marks) placed.set(mark.step, { mark, box });
  const links: { step: Step; path: string }[] = [];
  for (let i = 1; i < steps.length; i++) {
    const a = placed.get(steps[i - 1]!), b = placed.get(steps[i]!);
    if (!a || !b) continue;
    const down = b.mark.y >= a.mark.y ? 1 : -1;
    const from = a.mark.y + (down * a.mark.side) / 2, to = b.mark.y - (down * b.mark.side) / 2;
    if (a.box === b.box && Math.abs(a.mark.y - b.mark.y) < a.mark.side) {
      links.push({ step: b.mark.step, path: `M${a.mark.x} ${a.mark.y}H${b.mark.x}` });
      continue;
    }
    if (a.box === b.box && (a.mark.area || b.mark.area)) continue;
    const border = down > 0 ? a.box.top + a.box.height + type * 0.5 : a.box.top - type * 0.6;
    const across = a.box === b.box ? (from + to) / 2 : down > 0 ? Math.min(to, Math.max(from, border)) : border;
    links.push({ step: b.mark.step, path: `M${a.mark.x} ${from}V${across}H${b.mark.x}V${to}` });
  }
  return links;
}

/** Where the picture stands: two panels side by side, or one above the other. */
export interface Panels {
  readonly beside: boolean;
  readonly walk: PanelSize;
  readonly scan: PanelSize | null;
}
/** What the pictures may take of a view of this height: the head above and the sums below do not depend on time, so nothing slides. */
/** Letters for a hall, px: the picture has the room, words above it are few. */
export const LARGE_TYPE = 20;
export const pictureHeight = (width: number, height: number, type: number): number => Math.round(type >= LARGE_TYPE ? Math.max(type * 12, height - type * 4.5) : Math.max(type * 20, width < type * 62 ? height * 0.62 : height - Math.max(36, type * 2.2) - type * 12));
export function panelsOf(width: number, height: number, type: number, scan: boolean): Panels {
  const beside = scan && width >= type * 62;
  const wide = beside ? Math.round(width * 0.6) : width;
  return { beside, walk: { width: wide, height, type }, scan: scan ? { width: beside ? width - wide : width, height, type } : null };
}
/** The scan's grid and the height it takes, under a head of `head` px. */
export const scanGrid = (pages: number, size: PanelSize, scale: PageScale, head: number): Grid => gridOf(pages, Math.round(size.type), head, size.width - 2 * size.type, scale);
