/**
 * Keyed random draws. Law: a draw is a pure function of (seed, purpose, keys…), never of how many draws
 * came before, so that one more packet reshuffles nothing (model decision 2).
 */
import { fold, hashText, mix32 } from './hash';

/** Uniform in [0, 1) with 53 bits, keyed by what it decides. */
export function draw(seed: number, purpose: string, k0 = 0, k1 = 0, k2 = 0, k3 = 0): number {
  let h = hashText(purpose, mix32(seed ^ 0x2545f491));
  h = fold(fold(fold(fold(h, k0), k1), k2), k3);
  const high = mix32(h ^ 0x9e3779b9) >>> 5;
  const low = mix32(h ^ 0x3c6ef372) >>> 6;
  return (high * 67108864 + low) / 9007199254740992;
}

/** A small sequential generator (mulberry32) for tests and for walks that have no natural key. */
export function sequence(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
