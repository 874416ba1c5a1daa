/**
 * Timers. Law: at most one deadline each; re-arming replaces. Moving a deadline later leaves the entry in the
 * queue where it is and looks again when it comes up (as Linux does), so an ACK costs no heap operation.
 */
import { f64, i32 } from '../base/column';
import type { Ns } from '../base/time';
import type { EventId, TimerId } from '../model/ids';
import type { TimerHandler } from '../model/world';

export class Timers {
  readonly handlers: TimerHandler[] = [];
  private readonly deadlines = f64(64);
  private readonly queued = f64(64);
  private readonly armEvents = i32(64);

  add(handler: TimerHandler): TimerId {
    this.handlers.push(handler);
    this.deadlines.push(-1);
    this.queued.push(-1);
    this.armEvents.push(-1);
    return this.handlers.length - 1;
  }
  deadline(id: TimerId): Ns {
    return this.deadlines.data[id]!;
  }
  armEvent(id: TimerId): EventId {
    return this.armEvents.data[id]!;
  }

  /** Sets the deadline. True when a queue entry at `at` must be pushed. */
  arm(id: TimerId, at: Ns, event: EventId): boolean {
    this.deadlines.data[id] = at;
    this.armEvents.data[id] = event;
    const queued = this.queued.data[id]!;
    if (queued >= 0 && queued <= at) return false;
    this.queued.data[id] = at;
    return true;
  }
  cancel(id: TimerId): void {
    this.deadlines.data[id] = -1;
  }

  /** A queue entry came up at `now`: `fire`, push again at the later deadline (`again`), or `stale`. */
  due(id: TimerId, now: Ns): 'fire' | 'again' | 'stale' {
    if (this.queued.data[id] !== now) return 'stale';
    const deadline = this.deadlines.data[id]!;
    if (deadline < 0) {
      this.queued.data[id] = -1;
      return 'stale';
    }
    if (deadline > now) {
      this.queued.data[id] = deadline;
      return 'again';
    }
    this.queued.data[id] = -1;
    this.deadlines.data[id] = -1;
    return 'fire';
  }
}
