/**
 * Keys as an invertible permutation of row numbers: the base of a table of any size without memory for its rows.
 * Law: `row(key(r)) = r` for all r in [0, size); a balanced Feistel network of four rounds, walked along its cycle until it is inside.
 */
import { mix32 } from '../base/hash';

const ROUNDS = 4;

/** A permutation of the integers from 0 to `size` - 1. */
export interface Permutation {
  /** Where `x` goes. */
  forward(x: number): number;
  /** Where `y` comes from. */
  inverse(y: number): number;
}

/** Rows in the order of their keys. */
export const IDENTITY: Permutation = { forward: (x) => x, inverse: (y) => y };

/** A seeded permutation of [0, size); size at most 2^40. */
export function permutation(size: number, seed: number): Permutation {
  let half = 2; // a power of two whose square is not below the size
  while (half * half < size) half *= 2;
  const round = (i: number, x: number): number => mix32(Math.imul(x + 1, 0x9e3779b1) ^ mix32(seed + Math.imul(i + 1, 0x85ebca77))) & (half - 1);
  const step = (x: number): number => {
    let left = Math.floor(x / half), right = x - left * half;
    for (let i = 0; i < ROUNDS; i++) [left, right] = [right, left ^ round(i, right)];
    return left * half + right;
  };
  const back = (y: number): number => {
    let left = Math.floor(y / half), right = y - left * half;
    for (let i = ROUNDS - 1; i >= 0; i--) [left, right] = [right ^ round(i, left), left];
    return left * half + right;
  };
  const inside = (move: (x: number) => number) => (x: number): number => {
    let at = move(x);
    while (at >= size) at = move(at);
    return at;
  };
  return { forward: inside(step), inverse: inside(back) };
}
