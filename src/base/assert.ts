/** Assertions are for our own bugs; people's input gets a `Result` with a cure. */

/** Throws when an invariant of the program does not hold. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`internal error: ${message}`);
}
