/**
 * When a Linux timer really fires (kernel/time/timer.c): time is counted in ticks, a timer waits in a wheel of levels
 * of 64 slots, each level eight times coarser than the one before, and always fires at the slot boundary after its
 * time. So it is never early, and late by up to an eighth of its length. Ticks are counted from the start of the run.
 */

/** Below this many ticks ahead a timer is exact to the tick; every further level spans eight times more. */
const FIRST_LEVEL = 63;
const COARSER = 8;

/** Time (ns) at which a timer armed at `now` for `at` fires, with ticks of `tick` ns; 0 = an ideal clock. */
export function wheelExpiry(now: number, at: number, tick: number): number {
  if (tick <= 0 || at <= now) return at;
  const clock = Math.floor(now / tick);
  const expires = clock + Math.ceil((at - now) / tick);
  let span = FIRST_LEVEL, slot = 1;
  while (expires - clock >= span) {
    span *= COARSER;
    slot *= COARSER;
  }
  return (Math.floor(expires / slot) + 1) * slot * tick;
}
