/**
 * A pool of connections with a queue of its own, in the manner of HikariCP: at most `size` at once, made when needed, waited for at
 * most `timeout`. Law: whoever asks hears exactly once; a connection that broke never comes back.
 */
import type { Ns } from '../base/time';
import type { ClaimId, EndpointId, HostId, ResourceId, TimerId } from '../model/ids';
import type { World } from '../model/world';
import { Continuations } from './execution';

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
}
/** A connection that somebody has taken out. */
export interface Lease<C> {
  readonly connection: C;
  /** Puts it back, if it is still usable; ends the claim in any case. */
  giveBack(): void;
}

export class ConnectionPool<C extends Pooled> {
  private readonly resource: ResourceId;
  private readonly idle: C[] = [];
  private readonly continuations = new Continuations();

  /** `open` makes one connection and says `ready` or `failed` with a code. */
  constructor(
    private readonly world: World, host: HostId, private readonly options: PoolOptions,
    private readonly open: (endpoint: EndpointId, ready: (connection: C) => void, failed: (code: string) => void) => void,
  ) {
    this.resource = world.resource(host, 'connections', options.size);
  }
  get load(): { readonly busy: number; readonly waiting: number } {
    return this.world.load(this.resource);
  }

  /** Takes a connection out: `ready` with a lease, or `failed` with `POOL_TIMEOUT` or the code of the failed attempt. */
  take(what: string, endpoint: EndpointId, ready: (lease: Lease<C>) => void, failed: (code: string) => void): void {
    const { world, options } = this;
    let over = false;
    let timer: TimerId = -1;
    let claim: ClaimId = -1;
    const once = (act: () => void): void => {
      if (over) return;
      over = true;
      if (timer >= 0) world.cancel(timer);
      act();
    };
    const lease = (connection: C): Lease<C> => ({
      connection,
      giveBack: () => {
        if (connection.usable) this.idle.push(connection);
        world.release(claim);
      },
    });
    const granted = (): void => {
      const free = this.usable();
      if (free) return once(() => ready(lease(free)));
      this.open(
        endpoint,
        (connection) => (over ? this.keep(connection, claim) : once(() => ready(lease(connection)))),
        (code) => {
          world.release(claim);
          once(() => failed(code));
        },
      );
    };
    let has = false;
    claim = world.acquire(this.resource, what, endpoint, this.continuations, this.continuations.add(() => {
      has = true;
      if (over) world.release(claim);
      else granted();
    }));
    if (options.timeout <= 0) return;
    timer = world.timer(endpoint, 'poolTimeout', {
      timerFired: () =>
        once(() => {
          // one that is being made is kept for the next; one that waits in line leaves it
          if (!has) world.release(claim);
          failed('POOL_TIMEOUT');
        }),
    });
    world.arm(timer, world.now + options.timeout);
  }
  /** Nobody waits for it any more: it goes to the idle ones. */
  private keep(connection: C, claim: ClaimId): void {
    this.idle.push(connection);
    this.world.release(claim);
  }
  private usable(): C | null {
    for (let connection = this.idle.pop(); connection; connection = this.idle.pop()) if (connection.usable) return connection;
    return null;
  }
}
