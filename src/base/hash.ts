/** Small portable hashes. Law: integer arithmetic only, the same on every engine. */

/** 32-bit avalanche (the finaliser of MurmurHash3). */
export function mix32(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Folds one integer within ±2^53 into a running hash. A fraction would count as the integer below it: traces hold none. */
export function fold(h: number, n: number): number {
  const high = Math.floor(n / 4294967296);
  const low = n - high * 4294967296;
  return mix32(Math.imul(h ^ (low | 0), 0x9e3779b1) ^ Math.imul((high | 0) + 0x7f4a7c15, 0x85ebca77));
}

/** FNV-1a over UTF-16 code units, avalanched. */
export function hashText(text: string, h = 0x811c9dc5): number {
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix32(h);
}
