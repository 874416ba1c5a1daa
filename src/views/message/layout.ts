/**
 * The measures of the message view as numbers: panes, columns of bytes, rows, and the pieces of a range in each row.
 * Law: pure, from widths, lengths and ranges; all lengths in CSS pixels, all ranges with an exclusive end.
 */
import { CLOSED, type Arrangement, type ByteRange, type Item } from './frames';

export interface Measures {
  /** Frames and bytes stand side by side. */
  readonly side: boolean;
  readonly framesWidth: number;
  readonly bytesWidth: number;
  /** Fields as a table of four columns; else two lines for each. */
  readonly table: boolean;
  readonly perRow: number;
  /** Digits of an offset, base 16. */
  readonly digits: number;
  readonly offset: number;
  readonly cell: number;
  readonly gap: number;
  readonly glyph: number;
}

/** Advance of a monospaced glyph as a share of its size: DejaVu Sans Mono, the widest of the stack. */
const ADVANCE = 0.605;
/** Room for a scroll bar, and between panes. */
const BAR = 10, BETWEEN = 16;
const TARGET = 24;

/** Panes and columns for a view of `width`, a buffer of `length` bytes and type of `type` pixels. */
export function measure(width: number, length: number, type = 12): Measures {
  const scale = type / 12;
  const side = width >= 700 * scale;
  const pad = side ? 8 : 4;
  const inner = Math.max(0, width - 2 * pad);
  const digits = Math.max(3, hexDigits(length - 1));
  const glyph = type * ADVANCE, gap = side ? 8 : 4, offset = digits * glyph + (side ? 8 : 4);
  const need = (n: number, cell: number): number => offset + n * cell + gap + n * glyph + BAR;
  const least = 300 * scale;
  const fits = (n: number, cell: number): boolean => need(n, cell) <= (side ? inner - BETWEEN - least : inner);
  const perRow = fits(16, TARGET * scale) ? 16 : side || fits(8, 18 * scale) ? 8 : 4;
  const room = side ? need(perRow, TARGET * scale) : inner;
  const cell = Math.max(18 * scale, Math.min(28 * scale, (room - offset - gap - BAR - perRow * glyph) / perRow));
  const framesWidth = side ? inner - BETWEEN - room : inner;
  return { side, framesWidth, bytesWidth: room, table: framesWidth >= 560 * scale, perRow, digits, offset, cell, gap, glyph };
}

/** Digits of a number, base 16. */
export const hexDigits = (n: number): number => (n < 16 ? 1 : 1 + hexDigits(Math.floor(n / 16)));
/** A byte or an offset, base 16. */
export const hex = (n: number, digits = 2): string => n.toString(16).padStart(digits, '0');
/** What ASCII prints for a byte; a middle dot where it prints nothing. */
export const glyphOf = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·');

/** A row of bytes, or a gap where rows are left out. */
export interface Strip {
  readonly start: number;
  readonly end: number;
  readonly gap: boolean;
}
/** Rows shown of a long buffer, and rows shown around what is chosen beyond them. */
export const FIRST_ROWS = 16, NEAR_ROWS = 6;

/** Rows of a buffer: all, or the first and those of `near`, with gaps that tell how much is left out. A gap never replaces fewer than three rows. */
export function strips(length: number, perRow: number, whole: boolean, near: readonly ByteRange[] = []): Strip[] {
  const total = Math.ceil(length / perRow);
  const around = near.map((n) => {
    const from = Math.floor(n.start / perRow);
    return { from, to: Math.min(Math.floor((Math.max(n.end, n.start + 1) - 1) / perRow), from + NEAR_ROWS - 1) };
  });
  const shown = (r: number): boolean => whole || r < FIRST_ROWS || around.some((n) => r >= n.from && r <= n.to);
  const list: Strip[] = [];
  for (let r = 0; r < total; ) {
    let to = r;
    while (to < total && !shown(to)) to++;
    const gap = to - r > 2;
    const next = gap ? to : r + 1;
    list.push({ start: r * perRow, end: Math.min(length, next * perRow), gap });
    r = next;
  }
  return list;
}

/** A piece of a range inside one row: columns from `from` up to `to`, and whether the range goes on before or after. */
export interface Cells {
  readonly from: number;
  readonly to: number;
  readonly begins: boolean;
  readonly ends: boolean;
}
/** The cells of the row [start, end) that belong to [from, to); null when none does. */
export function cellsOf(start: number, end: number, from: number, to: number): Cells | null {
  const a = Math.max(start, from), b = Math.min(end, to);
  return a < b ? { from: a - start, to: b - start, begins: from >= start, ends: to <= end } : null;
}

/** Which cells of the row [start, end) bound the range [from, to) above and below: those whose neighbour there is outside it. */
export function edgesOf(start: number, end: number, perRow: number, from: number, to: number): { above: Cells | null; below: Cells | null } {
  return { above: cellsOf(start, end, from, Math.min(to, from + perRow)), below: cellsOf(start, end, Math.max(from, to - perRow), to) };
}

/** The piece of one field in a row: what colours the bytes. */
export interface Bar extends Cells {
  readonly item: Item;
  readonly encrypted: boolean;
}
/** The fields along a row, from left to right; unexplained bytes have none. */
export function barsOf(a: Arrangement, buffer: number, start: number, end: number): Bar[] {
  const own = a.owners[buffer + 1];
  const list: Bar[] = [];
  for (let i = start; own && i < end; ) {
    const index = own[i]!;
    let to = i + 1;
    while (to < end && own[to] === index) to++;
    const item = a.items[index];
    if (item) list.push({ item, encrypted: item.gate !== CLOSED, from: i - start, to: to - start, begins: i === 0 || own[i - 1] !== index, ends: to === own.length || own[to] !== index });
    i = to;
  }
  return list;
}

/** Which of `count` cells of equal width lies at `x` pixels of a row that is `width` wide. */
export const cellAt = (x: number, width: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor((x / Math.max(1, width)) * count)));
/** Bytes from which on only the row with the cursor is made of single cells: thousands of elements would be slow. */
export const MANY_BYTES = 1024;

/** Where a key leads in the grid of bytes; null for keys that do not move. */
export function stepIn(key: string, ctrl: boolean, at: number, length: number, perRow: number): number | null {
  const row = at - (at % perRow);
  const to: Readonly<Record<string, number>> = {
    ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + perRow < length ? at + perRow : at, ArrowUp: at - perRow >= 0 ? at - perRow : at,
    PageDown: at + 8 * perRow < length ? at + 8 * perRow : at + perRow * Math.floor((length - 1 - at) / perRow), PageUp: at - 8 * perRow >= 0 ? at - 8 * perRow : at % perRow,
    Home: ctrl ? 0 : row, End: ctrl ? length - 1 : row + perRow - 1,
  };
  const next = to[key];
  return next === undefined ? null : Math.max(0, Math.min(length - 1, next));
}
