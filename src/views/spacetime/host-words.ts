/** Words above the hosts, row by row. Law: none touches another or leaves the picture; the heavier one keeps the longer form. */
import { textWidth } from '../../ui/place';

/** What may stand over a host: the longest form first, none for nothing. */
export interface Wanted {
  readonly x: number;
  readonly forms: readonly string[];
  readonly weight: number;
}
export interface Placed {
  readonly text: string;
  /** Middle of the text, px. */
  readonly x: number;
}

/** Places one row, hosts in the order of x. `bold`: letters are an eighth wider. Widths are estimates: a wide system font gets its twelfth. */
export function placeRow(row: readonly Wanted[], width: number, type: number, bold = false): readonly (Placed | null)[] {
  const long = (text: string): number => textWidth(text, type) * (bold ? 1.16 : 1.08);
  const room = Math.max(8, type * 0.5);
  const asked = row.map((_, i) => i).filter((i) => row[i]!.forms.length > 0);
  const spot = (i: number, text: string): { text: string; x: number; from: number; to: number } | null => {
    const half = long(text) / 2;
    if (half * 2 > width - 4) return null;
    const x = Math.max(half + 2, Math.min(width - half - 2, row[i]!.x));
    return { text, x, from: x - half, to: x + half };
  };
  const placed: ReturnType<typeof spot>[] = row.map(() => null);
  const free = (i: number, s: { from: number; to: number }): boolean => placed.every((p, k) => k === i || !p || s.to + room <= p.from || s.from - room >= p.to);
  const byWeight = [...asked].sort((a, b) => row[b]!.weight - row[a]!.weight || a - b);
  const take = (i: number, forms: readonly string[]): boolean => {
    for (const text of forms) {
      const s = spot(i, text);
      if (!s || !free(i, s)) continue;
      placed[i] = s;
      return true;
    }
    return false;
  };
  // first what leaves the neighbours their half of the gap, then what is left over
  for (const i of byWeight) {
    const at = asked.indexOf(i);
    const gap = Math.min(...[asked[at - 1], asked[at + 1]].map((k) => (k === undefined ? Infinity : Math.abs(row[k]!.x - row[i]!.x))));
    const forms = row[i]!.forms;
    if (!take(i, forms.filter((f) => long(f) + room <= gap))) take(i, forms.slice(-1));
  }
  for (const i of byWeight) take(i, placed[i] ? row[i]!.forms.slice(0, row[i]!.forms.indexOf(placed[i]!.text)) : row[i]!.forms);
  return placed.map((p) => (p ? { text: p.text, x: p.x } : null));
}
