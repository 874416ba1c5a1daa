/** The idle time-out (RFC 9000 §10.1): the shorter of what both ends say, counted from the last that was heard; before that the patience of a client that hears nothing. */
import type { Ns } from '../../base/time';
import type { EndpointId, TimerId } from '../../model/ids';
import type { World } from '../../model/world';

export class IdleTimer {
  private readonly timer: TimerId;
  private lastHeard: Ns;
  constructor(private readonly world: World, endpoint: EndpointId, private timeout: Ns, private readonly own: Ns, private readonly over: () => void) {
    this.lastHeard = world.now;
    this.timer = world.timer(endpoint, 'quicIdle', { timerFired: () => this.fired() });
  }
  heard(): void {
    this.lastHeard = this.world.now;
  }
  /** The peer's own, ms; 0 = it has none. */
  agree(peer: number): void {
    this.timeout = peer > 0 ? Math.min(this.own, peer * 1e6) : this.own;
    this.stop();
  }
  /** Runs from now on. It is set once and looks again when it fires, so that packets do not each set it anew. */
  run(): void {
    if (this.world.deadline(this.timer) < 0) this.world.arm(this.timer, this.lastHeard + this.timeout);
  }
  private fired(): void {
    const at = this.lastHeard + this.timeout;
    if (at > this.world.now) this.world.arm(this.timer, at);
    else this.over();
  }
  stop(): void {
    this.world.cancel(this.timer);
  }
}
