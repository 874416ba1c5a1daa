/**
 * Time. Law: inside a run, time is an integer number of nanoseconds since the run began
 * (exact to 104 days in a double). Rounding happens here and nowhere else.
 */

/** Integer nanoseconds. */
export type Ns = number;

export const US = 1_000;
export const MS = 1_000_000;
export const SECOND = 1_000_000_000;

/** Milliseconds (any finite number) to integer nanoseconds, rounded half up. */
export const fromMs = (ms: number): Ns => Math.floor(ms * MS + 0.5);
/** Seconds to integer nanoseconds, rounded half up. */
export const fromSeconds = (s: number): Ns => Math.floor(s * SECOND + 0.5);
/** Nanoseconds to (fractional) milliseconds, for display and exports only. */
export const toMs = (ns: Ns): number => ns / MS;

/**
 * Time to put `bytes` on a medium of `bitsPerSecond`; 0 (or less) means unlimited and costs nothing.
 * Rounded up: a bit is on the wire only when it is wholly there.
 */
export function serializationNs(bytes: number, bitsPerSecond: number): Ns {
  return bitsPerSecond > 0 ? Math.ceil((bytes * 8 * SECOND) / bitsPerSecond) : 0;
}
