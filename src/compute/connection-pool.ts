/**
 * A pool of connections in the manner of HikariCP 4: whoever asks gets an idle one or waits in line; one adder opens connections, one after the other, as
 * long as somebody waits and there are fewer than `size`; the first in line gets whichever is ready first, a new one or one given back. A failed attempt is
 * told to nobody: the adder tries again after a pause that grows. Law: whoever asks hears exactly once, after `timeout` at the latest; a connection that
 * broke never comes back. Simplifications: none is opened before somebody asks (minimumIdle 0), none is tested or retired for its age.
 * Source: HikariCP, HikariPool.java (getConnection, PoolEntryCreator) and ConcurrentBag.java.
 */
import type { Ns } from '../base/time';
import type { ClaimId, EndpointId, HostId, ResourceId, TimerId } from '../model/ids';
import type { World } from '../model/world';
import { Continuations } from './execution';
import { COMPUTE_KINDS } from './kinds';

/** What is pooled. */
export interface Pooled {
  /** Open and free. */
  readonly usable: boolean;
  /** Lets go of it. */
  close(): void;
}
export interface PoolOptions {
  readonly size: number;
  /** How long somebody waits for a connection, its making included; 0: for ever. */
  readonly timeout: Ns;
  /** Pause of the adder after a first failed attempt, and the longest one. */
  readonly retry: Ns;
  readonly retryMax: Ns;
}
/** A connection that somebody has taken out. */
export interface Lease<C> {
  readonly connection: C;
  /** Puts it back, if it is still usable; ends the claim in any case. */
  giveBack(): void;
}
/** The adder's pauses grow by half (PoolEntryCreator: sleepBackoff * 1.5). */
const GROWTH = 1.5;

export class ConnectionPool<C extends Pooled> {
  private readonly resource: ResourceId;
  private readonly endpoint: EndpointId;
  private readonly kinds;
  private readonly continuations = new Continuations();
  private readonly retryTimer: TimerId;
  private idle: C[] = [];
  /** Connections there are, taken out or idle. */
  private total = 0;
  /** The adder is at work, or pauses. */
  private adding = false;
  private pause: Ns = 0;
  private lastFailure = '';
  /** Rises when the host loses its power: what belongs to the time before is not heard any more. */
  private life = 0;

  /** `open` makes one connection and says `ready` or `failed` with a code. */
  constructor(
    private readonly world: World, host: HostId, private readonly options: PoolOptions,
    private readonly open: (endpoint: EndpointId, ready: (connection: C) => void, failed: (code: string) => void) => void,
  ) {
    this.resource = world.resource(host, 'connections', options.size);
    world.resize(this.resource, 0);
    this.endpoint = world.endpoint(host, 'compute', 'pool', 'connection pool');
    this.kinds = world.kinds(COMPUTE_KINDS);
    this.retryTimer = world.timer(this.endpoint, 'poolRetry', { timerFired: () => this.attempt(-1) });
  }
  get load(): { readonly busy: number; readonly waiting: number } {
    return this.world.load(this.resource);
  }

  /** Takes a connection out: `ready` with a lease, or `failed` with `POOL_TIMEOUT` and, behind it, why the last attempt to open one failed, if one did. */
  take(what: string, endpoint: EndpointId, ready: (lease: Lease<C>) => void, failed: (code: string) => void): void {
    const { world, options } = this;
    let timer: TimerId = -1;
    let claim: ClaimId = -1;
    const ask = (): void => {
      claim = world.acquire(this.resource, what, endpoint, this.continuations, this.continuations.add(() => {
        const connection = this.usable();
        if (connection) {
          if (timer >= 0) world.cancel(timer);
          return ready(this.lease(connection, claim));
        }
        // those that were idle have broken meanwhile: back into the line
        world.release(claim);
        ask();
      }));
      this.add(claim);
    };
    ask();
    if (options.timeout <= 0) return;
    timer = world.timer(endpoint, 'poolTimeout', {
      timerFired: () => {
        world.release(claim);
        failed(this.lastFailure ? `POOL_TIMEOUT ${this.lastFailure}` : 'POOL_TIMEOUT');
      },
    });
    world.arm(timer, world.now + options.timeout);
  }
  private lease(connection: C, claim: ClaimId): Lease<C> {
    const { life } = this;
    return {
      connection,
      giveBack: () => {
        if (life !== this.life) return;
        if (connection.usable) this.idle.push(connection);
        else this.shrink();
        this.world.release(claim);
        this.add(-1);
      },
    };
  }
  /** An idle connection, the one given back last; the broken ones before it are forgotten. */
  private usable(): C | null {
    for (let connection = this.idle.pop(); connection; connection = this.idle.pop()) {
      if (connection.usable) return connection;
      this.shrink();
    }
    return null;
  }
  private shrink(): void {
    this.world.resize(this.resource, --this.total);
  }

  /** Sets the adder to work, if there is need and room. `direct`: the claim that made it necessary just now. */
  private add(direct: ClaimId): void {
    if (this.adding || !this.wanted) return;
    this.adding = true;
    this.pause = this.options.retry;
    this.attempt(direct);
  }
  private get wanted(): boolean {
    return this.total < this.options.size && this.load.waiting > 0;
  }
  private attempt(direct: ClaimId): void {
    const { world, life, options } = this;
    this.adding = this.wanted;
    if (!this.adding) return;
    this.open(
      this.endpoint,
      (connection) => {
        if (life !== this.life) return;
        this.adding = false;
        this.lastFailure = '';
        this.idle.push(connection);
        world.resize(this.resource, ++this.total, direct);
        this.add(-1);
      },
      (code) => {
        if (life !== this.life) return;
        this.lastFailure = code;
        world.cause = world.note(this.kinds.connect_failed, this.endpoint, -1, world.text(code), this.pause);
        world.arm(this.retryTimer, world.now + this.pause);
        this.pause = Math.min(options.retryMax, options.timeout > 0 ? options.timeout : options.retryMax, Math.floor(this.pause * GROWTH));
      },
    );
  }
  /** The host has lost its power, and with it every connection. */
  stopped(): void {
    this.life++;
    this.idle = [];
    this.total = 0;
    this.adding = false;
    this.lastFailure = '';
    this.world.cancel(this.retryTimer);
    this.world.resize(this.resource, 0);
  }
}
