/**
 * Who begins with QUIC, and when TCP follows: curl races both (lib/cf-https-connect.c), Chromium gives QUIC a head start where the server
 * has said that it speaks it (RFC 7838; net/http/http_stream_factory_job_controller.cc).
 */
import type { Ns } from '../base/time';
import type { TimerId } from '../model/ids';
import type { World } from '../model/world';

/** How a request to an origin may go. `known`: its server has said that it speaks HTTP/3. */
export type Http3Use = 'no' | 'known' | 'race' | 'only';

/** What the client knows of HTTP/3 at one origin. */
export interface Http3Choice {
  use(): Http3Use;
  /** How long TCP waits for QUIC. */
  delay(races: boolean): Ns;
  /** A connection took so long to be opened: a round trip. */
  took(roundTrip: Ns): void;
  /** QUIC did not come through where TCP may. */
  broken(): void;
}
/** curl: with an answer of QUIC's the whole of its patience, not a quarter of it. */
const ANSWERED = 4;

/** Waits for the moment when TCP begins as well. */
export class TcpHeadStart {
  private readonly timer: TimerId | null = null;
  private readonly begun: Ns;
  constructor(private readonly world: World, endpoint: number, private readonly use: Http3Use, private readonly choice: Http3Choice, private readonly start: () => void) {
    this.begun = world.now;
    if (use === 'only') return;
    this.timer = world.timer(endpoint, 'http3Fallback', { timerFired: () => this.start() });
    world.arm(this.timer, this.begun + this.delay);
  }
  private get delay(): Ns {
    return this.choice.delay(this.use === 'race');
  }
  answered(): void {
    const { world } = this;
    if (this.timer !== null && this.use === 'race' && world.deadline(this.timer) >= 0) world.arm(this.timer, Math.max(world.now, this.begun + ANSWERED * this.delay));
  }
  cancel(): void {
    if (this.timer !== null) this.world.cancel(this.timer);
  }
}
