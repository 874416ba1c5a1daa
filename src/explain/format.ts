/**
 * Numbers for people. Law: no Intl, no locale, the same text everywhere; at most three significant digits, a unit on
 * every quantity, a no-break space between.
 */
import type { Ns } from '../base/time';

/** Between a number and its unit. */
export const NBSP = '\u00a0';
/** U+2212, as wide as a plus. */
export const MINUS = '\u2212';

/** At most three significant digits, without trailing zeros: 244.8 → 245, 22.04 → 22, 1.348 → 1.35. */
export function significant(x: number): string {
  if (!Number.isFinite(x)) return x > 0 ? '∞' : x < 0 ? `${MINUS}∞` : '–';
  const n = Math.abs(x);
  const digits = n >= 99.95 ? 0 : n >= 9.995 ? 1 : n >= 0.9995 ? 2 : 3;
  let text = n.toFixed(digits);
  if (text.includes('.')) text = text.replace(/0+$/, '').replace(/\.$/, '');
  return (x < 0 && text !== '0' ? MINUS : '') + text;
}

/** A duration with the unit that suits it: ns, µs, ms, s, min, h. 245 ms; 40 µs; 1.5 s. */
export function duration(ns: Ns): string {
  const n = Math.abs(ns);
  if (n === 0) return `0${NBSP}ms`;
  if (n < 1e3) return `${significant(ns)}${NBSP}ns`;
  if (n < 999_500) return `${significant(ns / 1e3)}${NBSP}µs`;
  if (n < 999_500_000) return `${significant(ns / 1e6)}${NBSP}ms`;
  if (n < 120e9) return `${significant(ns / 1e9)}${NBSP}s`;
  if (n < 7200e9) return `${significant(ns / 60e9)}${NBSP}min`;
  return `${significant(ns / 3600e9)}${NBSP}h`;
}

/** A moment on the clock: milliseconds with one decimal (244.8 ms); from 10 s on in seconds with three. */
export function clock(ns: Ns): string {
  if (Math.abs(ns) < 10e9) return `${fixed(ns / 1e6, 1)}${NBSP}ms`;
  return `${fixed(ns / 1e9, 3)}${NBSP}s`;
}
/** The number of `clock` alone, in ms, for tables whose head carries the unit. */
export const msNumber = (ns: Ns, digits = 1): string => fixed(ns / 1e6, digits);
/** Milliseconds with one decimal and the unit, whatever their size. */
export const ms = (ns: Ns): string => `${msNumber(ns)}${NBSP}ms`;

/** A fixed number of decimals (tabular). */
export function fixed(x: number, digits: number): string {
  const text = Math.abs(x).toFixed(digits);
  return (x < 0 && Number(text) !== 0 ? MINUS : '') + text;
}

/** Whole numbers in groups of three: 1 448; groups of four stay together below 10,000. */
export function whole(n: number): string {
  const text = String(Math.abs(Math.trunc(n)));
  const grouped = text.length > 4 ? text.replace(/\B(?=(\d{3})+$)/g, '\u202f') : text;
  return (n < 0 ? MINUS : '') + grouped;
}

/** Bytes: exact below 10,000 B, then kB and MB (powers of ten). */
export function bytes(n: number): string {
  if (Math.abs(n) < 10_000) return `${whole(n)}${NBSP}B`;
  if (Math.abs(n) < 999_500) return `${significant(n / 1e3)}${NBSP}kB`;
  return n < 999_500_000 ? `${significant(n / 1e6)}${NBSP}MB` : `${significant(n / 1e9)}${NBSP}GB`;
}

/** Bits per second; 0 is unlimited and has no number (null). */
export function rate(bitsPerSecond: number): string | null {
  if (bitsPerSecond <= 0) return null;
  if (bitsPerSecond < 1e6) return `${significant(bitsPerSecond / 1e3)}${NBSP}kbit/s`;
  return bitsPerSecond < 1e9 ? `${significant(bitsPerSecond / 1e6)}${NBSP}Mbit/s` : `${significant(bitsPerSecond / 1e9)}${NBSP}Gbit/s`;
}

/** A ratio as a percentage. */
export const percent = (ratio: number): string => `${significant(ratio * 100)}${NBSP}%`;

/** First letter raised, for the beginning of a sentence. */
export const capital = (text: string): string => (text === '' ? '' : text[0]!.toUpperCase() + text.slice(1));
