/** The first parameters in one row above the stage: as many as fit, the rest stands in the drawer. Law: the order is the scenario's; none is cut. */
import { textWidth } from '../ui/place';

/** Sizes of a lever's parts, px: as `Parameters.svelte` sets them. */
const SMALL = 12, BODY = 14, LEAST = 104, GAP = 16;

/** How wide a lever is: a slider under its name and value, or the buttons of a choice. */
export function leverWidth(row: { readonly name: string; readonly spec: { readonly type: string } }, choices: readonly string[] | null, value: string): number {
  const name = textWidth(row.name, SMALL);
  if (choices) return Math.max(name, choices.reduce((sum, c) => sum + textWidth(c, BODY) + 18, 0));
  if (row.spec.type === 'switch') return Math.max(24, name);
  return Math.max(LEAST, name + 8 + textWidth(value, BODY) * 1.1);
}
/** How many of them fit, in order; all while the room is not yet known. */
export function leversThatFit(widths: readonly number[], room: number): number {
  if (room <= 0) return widths.length;
  let at = 16;
  for (let i = 0; i < widths.length; i++) {
    at += widths[i]! + (i > 0 ? GAP : 0);
    if (at > room) return i;
  }
  return widths.length;
}
