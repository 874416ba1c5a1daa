/** Places texts greedily: what comes first keeps its place, what would overlap is dropped. Law: no two placed boxes touch. */

/** A text's box: its middle, its size and its turn in degrees. */
export interface TextBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

const NARROW = /[iljftI.,:;'’|!()[\] ]/;
const WIDE = /[A-Z0-9×…–mw]/;
/** About how wide a text is, px (system fonts differ by a few per cent; on the safe side). */
export function textWidth(text: string, type: number): number {
  let em = 0;
  for (const c of text) em += NARROW.test(c) ? 0.34 : WIDE.test(c) ? 0.68 : 0.56;
  return em * type;
}

const corners = (b: TextBox): readonly (readonly [number, number])[] => {
  const a = (b.angle * Math.PI) / 180, cos = Math.cos(a), sin = Math.sin(a), w = b.width / 2, h = b.height / 2;
  return [[-w, -h], [w, -h], [w, h], [-w, h]].map(([dx, dy]) => [b.x + dx! * cos - dy! * sin, b.y + dx! * sin + dy! * cos] as const);
};

/** Do two turned boxes overlap? (Separating axes.) */
export function overlap(p: TextBox, q: TextBox): boolean {
  const a = corners(p), b = corners(q);
  for (const angle of [p.angle, p.angle + 90, q.angle, q.angle + 90]) {
    const rad = (angle * Math.PI) / 180, ux = Math.cos(rad), uy = Math.sin(rad);
    const along = (list: typeof a): number[] => list.map(([x, y]) => x * ux + y * uy);
    const da = along(a), db = along(b);
    if (Math.max(...da) <= Math.min(...db) + 0.01 || Math.max(...db) <= Math.min(...da) + 0.01) return false;
  }
  return true;
}

/** Is a point inside a box? */
export function contains(b: TextBox, x: number, y: number): boolean {
  const a = (-b.angle * Math.PI) / 180, dx = x - b.x, dy = y - b.y;
  return Math.abs(dx * Math.cos(a) - dy * Math.sin(a)) <= b.width / 2 && Math.abs(dx * Math.sin(a) + dy * Math.cos(a)) <= b.height / 2;
}

export interface Placer {
  /** Takes the first candidate that is inside and free; null when there is none. */
  place<T extends { readonly box: TextBox }>(candidates: readonly T[]): T | null;
  /** Keeps a place free without asking. */
  keep(box: TextBox): void;
  readonly taken: readonly TextBox[];
}
/** A placer for an area from (0, 0) to (width, height). */
export function placer(width: number, height: number, margin = 0): Placer {
  const taken: TextBox[] = [];
  const inside = (b: TextBox): boolean => corners(b).every(([x, y]) => x >= -margin && x <= width + margin && y >= -margin && y <= height + margin);
  return {
    taken,
    keep: (box) => void taken.push(box),
    place(candidates) {
      for (const c of candidates) {
        if (!inside(c.box) || taken.some((t) => overlap(t, c.box))) continue;
        taken.push(c.box);
        return c;
      }
      return null;
    },
  };
}
