/**
 * A dissection as nested frames and rows: what carries what, which field owns a byte, which rows are to be seen. Law: pure,
 * from the dissection alone; it knows layers and ranges, no protocol.
 */
import type { Dissection, DissectionNode } from '../../model/dissection';
import type { Layer } from '../../model/ids';

/** The number of the buffer that is the packet itself; others index `Dissection.plain`. */
export const WIRE = -1;

/** A range of bytes that is shown or chosen; `end` is exclusive. */
export interface ByteRange {
  readonly buffer: number;
  readonly start: number;
  readonly end: number;
  /** Key of the field that is meant, where several share the bytes; without it the range alone decides. */
  readonly field?: string;
}

/** One row: the head of a frame, or a field. */
export interface Item {
  /** Made of names, so that it stays the same from packet to packet. */
  readonly key: string;
  readonly node: DissectionNode;
  /** Level in the tree as it is read aloud: heads of frames 1, their fields 2 and more. */
  readonly level: number;
  /** How deep the node lies in what was dissected. */
  readonly depth: number;
  readonly parent: Item | null;
  readonly frame: Frame;
  readonly children: Item[];
  /** Its place in the order of the picture. */
  index: number;
  /** Rows of the same level under the same parent; for heads of frames, all heads. */
  siblings: readonly Item[];
  /** Buffer that shows these bytes opened; −2 where nothing is to be opened. */
  gate: number;
}

/** A layer: its own fields, then what it carries. Folding hides fields, never what is carried. */
export interface Frame {
  readonly item: Item;
  readonly within: Frame | null;
  /** Frames around this one. */
  readonly nest: number;
  readonly inner: Frame[];
}

export interface Arrangement {
  readonly dissection: Dissection;
  readonly outer: readonly Frame[];
  /** All rows in the order of the picture. */
  readonly items: readonly Item[];
  readonly byKey: ReadonlyMap<string, Item>;
  /** For each buffer (index = buffer + 1) and byte: index in `items` of the field that owns it, −1 where none does. */
  readonly owners: readonly Int32Array[];
}

/** No buffer opens these bytes. */
export const CLOSED = -2;

/** How far up a layer stands: a higher one may be carried by a lower one. */
const RANK: Readonly<Partial<Record<Layer, number>>> = { network: 0, transport: 1, security: 2 };
const rank = (layer: Layer): number => RANK[layer] ?? 3;
const size = (n: DissectionNode): number => n.end - n.start;

/** Whether `inner`, which stands beside `outer` in the list, is drawn inside it: it lies in its bytes, or on a higher layer. */
export function nests(outer: DissectionNode, inner: DissectionNode): boolean {
  const contained = outer.buffer === inner.buffer && inner.start >= outer.start && inner.end <= outer.end && size(inner) < size(outer);
  return contained || rank(inner.layer) > rank(outer.layer);
}

/**
 * Same layer, same buffer, and yet carried: one run of groups that fills more than half of a node, behind a header (a message
 * in a record) or, when they only group, before a trailer. Ciphertext is not: what it hides is.
 */
function payloadOf(node: DissectionNode): ReadonlySet<DissectionNode> {
  const isGroup = (c: DissectionNode): boolean => c.children.length > 0 && c.children.every((inner) => inner.buffer === c.buffer);
  const first = node.children.findIndex((c) => c.children.length > 0);
  const run = node.children.filter((c) => c.children.length > 0);
  const last = first + run.length - 1;
  const whole = first >= 0 && node.children.slice(first, last + 1).every(isGroup);
  const placed = first > 0 ? last === node.children.length - 1 : last < node.children.length - 1 && run.every((c) => c.value === '');
  return new Set(whole && placed && run.reduce((sum, c) => sum + size(c), 0) * 2 > size(node) ? run : []);
}
const changes = (node: DissectionNode, parent: DissectionNode): boolean => node.layer !== parent.layer || node.buffer !== parent.buffer;

/** Frames and rows of a dissection. Nodes of the outermost list nest by range, else by layer. */
export function arrange(dissection: Dissection): Arrangement {
  const used = new Map<string, number>();
  const keyOf = (base: string, name: string): string => {
    const key = `${base}/${name}`;
    const n = used.get(key) ?? 0;
    used.set(key, n + 1);
    return n === 0 ? key : `${key}#${n + 1}`;
  };
  const openFrame = (node: DissectionNode, within: Frame | null, depth: number, payload: boolean): Frame => {
    const item: { -readonly [K in keyof Item]: Item[K] } = {
      key: keyOf(within?.item.key ?? '', node.name), node, level: 1, depth, parent: null, frame: null as unknown as Frame, children: [], index: -1, siblings: [], gate: CLOSED,
    };
    const frame: Frame = { item, within, nest: within ? within.nest + 1 : 0, inner: [] };
    item.frame = frame;
    const carried = payload ? new Set<DissectionNode>() : payloadOf(node);
    for (const child of node.children) place(child, item, carried);
    return frame;
  };
  const place = (node: DissectionNode, parent: Item, carried: ReadonlySet<DissectionNode>): void => {
    const { frame } = parent;
    if (node.buffer !== parent.node.buffer) parent.gate = node.buffer;
    const changed = node.children.length > 0 && changes(node, parent.node);
    if (changed || carried.has(node)) {
      frame.inner.push(openFrame(node, frame, parent.depth + 1, !changed));
      return;
    }
    const item: Item = { key: keyOf(parent.key, node.name), node, level: parent.level + 1, depth: parent.depth + 1, parent, frame, children: [], index: -1, siblings: [], gate: CLOSED };
    parent.children.push(item);
    for (const child of node.children) place(child, item, new Set());
  };

  const outer: Frame[] = [];
  const around: Frame[] = [];
  for (const node of dissection.nodes) {
    while (around.length > 0 && !nests(around[around.length - 1]!.item.node, node)) around.pop();
    const within = around[around.length - 1] ?? null;
    const frame = openFrame(node, within, within ? within.item.depth + 1 : 0, false);
    if (within && node.buffer !== within.item.node.buffer && within.item.gate === CLOSED) within.item.gate = node.buffer;
    (within ? within.inner : outer).push(frame);
    around.push(frame);
  }
  const items = outer.flatMap(rowsOf);
  const heads = items.filter((i) => i.level === 1);
  items.forEach((item, index) => {
    item.index = index;
    item.siblings = item.parent?.children ?? heads;
  });
  return { dissection, outer, items, byKey: new Map(items.map((i) => [i.key, i])), owners: ownersOf(dissection, items) };
}

const withChildren = (item: Item): Item[] => [item, ...item.children.flatMap(withChildren)];
const rowsOf = (frame: Frame): Item[] => [...withChildren(frame.item), ...frame.inner.flatMap(rowsOf)];

/** The smallest field around each byte; of equal ones the deepest, of those the first. */
function ownersOf(dissection: Dissection, items: readonly Item[]): Int32Array[] {
  const owners = [dissection.bytes, ...dissection.plain].map((b) => new Int32Array(b.length).fill(-1));
  items.forEach((item, index) => {
    const own = owners[item.node.buffer + 1];
    if (!own) return;
    const last = Math.min(own.length, item.node.end);
    for (let i = Math.max(0, item.node.start); i < last; i++) {
      const now = items[own[i]!];
      if (!now || size(item.node) < size(now.node) || (size(item.node) === size(now.node) && item.depth > now.depth)) own[i] = index;
    }
  });
  return owners;
}

/** The bytes of a buffer; none for a number that is not there. */
export const bufferOf = (d: Dissection, buffer: number): Uint8Array => (buffer === WIRE ? d.bytes : d.plain[buffer]) ?? new Uint8Array(0);

/** The fields that own byte `i`: one, or all those that share it bit by bit; none where the bytes are unexplained. */
export function fieldsAt(a: Arrangement, buffer: number, i: number): Item[] {
  const owner = a.items[a.owners[buffer + 1]?.[i] ?? -1];
  if (!owner) return [];
  const { start, end } = owner.node;
  return a.items.filter((x) => x.node.buffer === buffer && x.node.start === start && x.node.end === end && x.depth === owner.depth && x.parent === owner.parent);
}

/** The field that a click on byte `i` means: of fields that share their bytes, the one that groups them. */
export function fieldMeant(a: Arrangement, buffer: number, i: number): Item | null {
  return meant(fieldsAt(a, buffer, i));
}

function meant(sharing: readonly Item[]): Item | null {
  const first = sharing[0] ?? null;
  const group = first?.parent;
  return sharing.length > 1 && group && sameBytes(group.node, first.node) ? group : first;
}

const sameBytes = (x: { buffer: number; start: number; end: number }, y: { buffer: number; start: number; end: number }): boolean =>
  x.buffer === y.buffer && x.start === y.start && x.end === y.end;

/** The row that a range means: by its key, else the deepest with these bytes (the group, where several share them), else the field of its first byte. */
export function itemOf(a: Arrangement, range: ByteRange | null): Item | null {
  if (!range) return null;
  const named = range.field === undefined ? undefined : a.byKey.get(range.field);
  if (named && sameBytes(named.node, range)) return named;
  const exact = a.items.filter((x) => sameBytes(x.node, range));
  const deepest = Math.max(...exact.map((x) => x.depth));
  return meant(exact.filter((x) => x.depth === deepest)) ?? fieldMeant(a, range.buffer, range.start);
}

/** The range of a row, with its key. */
export const rangeOf = (item: Item): ByteRange => ({ buffer: item.node.buffer, start: item.node.start, end: item.node.end, field: item.key });

/** Where a range is to be found in `buffer`: itself, or the encrypted bytes around it; null when it lies elsewhere. */
export function seenIn(item: Item, buffer: number): ByteRange | null {
  if (item.node.buffer === buffer) return rangeOf(item);
  for (let frame: Frame | null = item.frame; frame; frame = frame.within) {
    const gate = withChildren(frame.item).reverse().find((x) => x.node.buffer === buffer && x.gate === item.node.buffer);
    if (gate) return rangeOf(gate);
  }
  return null;
}

/** Characters of a value that are shown before it is cut. */
export const LONG_VALUE = 96;
/** Whether a row can be opened: it has rows below, or more text than is shown. */
export const opens = (item: Item): boolean => item.children.length > 0 || item.node.value.length > LONG_VALUE;

/** Whether a row is open before anybody touches it: what a message says, but only on wide pages the headers that carry it. */
export function openFirst(item: Item, wide: boolean): boolean {
  return item.level === 1 && (wide || item.frame.inner.length === 0 || rank(item.node.layer) >= 2);
}

/** The rows in sight, in order. */
export function rowsInSight(a: Arrangement, open: (item: Item) => boolean): Item[] {
  const below = (item: Item): Item[] => [item, ...(open(item) ? item.children.flatMap(below) : [])];
  const all = (frame: Frame): Item[] => [...below(frame.item), ...frame.inner.flatMap(all)];
  return a.outer.flatMap(all);
}

/** The row itself or, when it is folded away, the nearest one around it that is in sight. */
export function inSight(item: Item, open: (item: Item) => boolean): Item {
  let seen = item;
  for (let up = item.parent; up; up = up.parent) if (!open(up)) seen = up;
  return seen;
}

/** Whether its bytes are ciphertext that a buffer shows opened. */
export const isEncrypted = (item: Item): boolean => item.gate !== CLOSED;
/** Whether a frame stands first in a buffer of its own: this is where the lock is opened. */
export const isOpened = (frame: Frame): boolean => frame.item.node.buffer !== WIRE && frame.within?.item.node.buffer !== frame.item.node.buffer;
/** Whether a frame holds ciphertext, itself or in one of its fields. */
export const holdsEncrypted = (frame: Frame): boolean => withChildren(frame.item).some(isEncrypted);
