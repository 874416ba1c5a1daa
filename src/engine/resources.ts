/**
 * What work waits for. A host's cores and disks serve jobs of a known amount; workers, pools and queues are places that are
 * claimed and given back. Law: first come, first served; cores share their time in slices when more is to do than there are cores.
 */
import type { Ns } from '../base/time';
import { RESOURCE_KINDS } from '../model/kinds';
import type { ClaimId, EndpointId, EventId, HostId, KindId, ResourceId } from '../model/ids';
import type { ResourceHandler } from '../model/world';

/** What the resources need of the simulation. */
export interface ResourceWorld {
  readonly now: Ns;
  cause: EventId;
  note(kind: KindId, where: EndpointId, subject?: number, a?: number, b?: number): EventId;
  join(event: EventId, causes: readonly EventId[]): void;
  kinds<K extends string>(set: { readonly prefix: string; readonly kinds: Readonly<Record<K, object>> }): Readonly<Record<K, KindId>>;
  /** Puts an entry into the event queue: a job's end, the end of a slice, a claim that is granted. */
  schedule(at: Ns, what: 'job' | 'slice' | 'claim', index: number): void;
}

/** One piece of work asked of a resource, or a plain wait (`resource` -1). */
interface Job {
  readonly resource: ResourceId;
  readonly amount: Ns;
  readonly what: number;
  readonly endpoint: EndpointId;
  readonly handler: ResourceHandler;
  readonly tag: number;
  /** What is still to do when it is not running. */
  left: Ns;
  /** When it got the core it runs on, and when it will be done; -1 while it waits. */
  startedAt: Ns;
  endAt: Ns;
  /** Event that asked for it; replaced by the one that granted it. */
  event: EventId;
  abandoned: boolean;
}
const WAITS = 0, HOLDS = 1, OVER = 2;
interface Claim {
  readonly resource: ResourceId;
  readonly what: number;
  readonly endpoint: EndpointId;
  readonly handler: ResourceHandler;
  readonly tag: number;
  /** Event that asked for it; replaced by the one that granted it. */
  event: EventId;
  state: typeof WAITS | typeof HOLDS | typeof OVER;
}

/** Servers and the line before them. */
class Pool {
  busy = 0;
  readonly running: number[] = [];
  private queue: number[] = [];
  private head = 0;
  constructor(readonly host: HostId, public servers: number, readonly queueMax: number, readonly disk: boolean, /** 0 = no slices. */ readonly slice: Ns) {}
  get waiting(): number {
    return this.queue.length - this.head;
  }
  enqueue(index: number): void {
    this.queue.push(index);
  }
  next(): number {
    if (this.head === this.queue.length) return -1;
    const index = this.queue[this.head++]!;
    if (this.head > 256 && this.head * 2 > this.queue.length) {
      this.queue = this.queue.slice(this.head);
      this.head = 0;
    }
    return index;
  }
  remove(index: number): void {
    this.queue = this.queue.slice(this.head).filter((i) => i !== index);
    this.head = 0;
  }
  reset(): void {
    this.busy = 0;
    this.running.length = 0;
    this.queue = [];
    this.head = 0;
  }
}

export class Resources {
  private readonly pools: Pool[] = [];
  private readonly jobs: Job[] = [];
  private readonly claims: Claim[] = [];
  private readonly kinds;

  constructor(private readonly world: ResourceWorld) {
    this.kinds = world.kinds(RESOURCE_KINDS);
  }

  /** `id` is the next resource's; `slice` is how long a job keeps a core while others wait (0: to its end). */
  add(host: HostId, servers: number, queueMax: number, edge: 'cpu' | 'disk', slice: Ns): void {
    this.pools.push(new Pool(host, servers, queueMax, edge === 'disk', slice));
  }
  load(resource: ResourceId): { readonly busy: number; readonly waiting: number } {
    const { busy, waiting } = this.pools[resource]!;
    return { busy, waiting };
  }

  // --- work of a known amount ----------------------------------------------------------------------------

  use(resource: ResourceId, amount: Ns, what: number, endpoint: EndpointId, handler: ResourceHandler, tag: number): void {
    const { world, kinds } = this;
    const event = world.note(kinds.requested, endpoint, resource, amount, what);
    const index = this.jobs.push({ resource, amount, what, endpoint, handler, tag, left: amount, startedAt: -1, endAt: -1, event, abandoned: false }) - 1;
    const pool = this.pools[resource]!;
    if (pool.busy < pool.servers) return this.grant(index, -1);
    pool.enqueue(index);
    if (pool.slice > 0) for (const other of pool.running) this.scheduleSlice(other, pool);
  }
  think(amount: Ns, what: number, endpoint: EndpointId, handler: ResourceHandler, tag: number): void {
    const { world } = this;
    const event = world.note(this.kinds.wait_began, endpoint, -1, amount, what);
    const endAt = world.now + amount;
    const index = this.jobs.push({ resource: -1, amount, what, endpoint, handler, tag, left: 0, startedAt: world.now, endAt, event, abandoned: false }) - 1;
    world.schedule(endAt, 'job', index);
  }

  /** `after` is the event that freed the server, or -1. */
  private grant(index: number, after: EventId): void {
    const { world } = this;
    const job = this.jobs[index]!;
    const pool = this.pools[job.resource]!;
    pool.busy++;
    pool.running.push(index);
    const { cause } = world;
    world.cause = job.event;
    job.event = world.note(this.kinds.granted, job.endpoint, job.resource, job.left, job.what);
    world.cause = cause;
    if (after >= 0) world.join(job.event, [after]);
    job.startedAt = world.now;
    job.endAt = world.now + job.left;
    world.schedule(job.endAt, 'job', index);
    if (pool.slice > 0 && pool.waiting > 0) this.scheduleSlice(index, pool);
  }
  /** The next border of a running job's slices, if it runs that long. */
  private scheduleSlice(index: number, pool: Pool): void {
    const job = this.jobs[index]!;
    const { now } = this.world;
    const border = job.startedAt + Math.max(1, Math.ceil((now - job.startedAt) / pool.slice)) * pool.slice;
    if (border < job.endAt) this.world.schedule(border, 'slice', index);
  }
  /** A slice ends: others' turn, if others wait. */
  sliceEnded(index: number): void {
    const { world } = this;
    const job = this.jobs[index]!;
    const pool = this.pools[job.resource]!;
    if (job.abandoned || job.startedAt < 0 || pool.waiting === 0 || world.now >= job.endAt || world.now === job.startedAt) return;
    job.left = job.endAt - world.now;
    job.startedAt = job.endAt = -1;
    world.cause = job.event;
    job.event = world.note(this.kinds.preempted, job.endpoint, job.resource, job.left, job.what);
    pool.enqueue(index);
    this.free(pool, index, job.event);
  }
  jobEnded(index: number): void {
    const { world, kinds } = this;
    const job = this.jobs[index]!;
    if (job.abandoned || job.endAt !== world.now) return;
    const pool = this.pools[job.resource];
    world.cause = job.event;
    const done = world.note(pool ? (pool.disk ? kinds.io_done : kinds.done) : kinds.waited, job.endpoint, job.resource, job.amount, job.what);
    world.cause = done;
    job.startedAt = job.endAt = -1;
    if (pool) this.free(pool, index, done);
    world.cause = done;
    job.handler.resourceDone(job.tag);
  }
  private free(pool: Pool, index: number, event: EventId): void {
    pool.busy--;
    pool.running.splice(pool.running.indexOf(index), 1);
    const next = pool.next();
    if (next >= 0) this.grant(next, event);
  }

  // --- places --------------------------------------------------------------------------------------------

  acquire(resource: ResourceId, what: number, endpoint: EndpointId, handler: ResourceHandler, tag: number): ClaimId {
    const { world, kinds } = this;
    const pool = this.pools[resource]!;
    const id = this.claims.length;
    const event = world.note(kinds.claim_requested, endpoint, resource, id, what);
    this.claims.push({ resource, what, endpoint, handler, tag, event, state: WAITS });
    if (pool.busy < pool.servers) this.grantClaim(id, -1);
    else if (pool.queueMax >= 0 && pool.waiting >= pool.queueMax) {
      this.claims[id]!.state = OVER;
      world.note(kinds.claim_refused, endpoint, resource, id, what);
      return -1;
    } else pool.enqueue(id);
    return id;
  }
  private grantClaim(id: ClaimId, after: EventId): void {
    const { world } = this;
    const claim = this.claims[id]!;
    this.pools[claim.resource]!.busy++;
    const { cause } = world;
    world.cause = claim.event;
    claim.event = world.note(this.kinds.claim_granted, claim.endpoint, claim.resource, id, claim.what);
    world.cause = cause;
    if (after >= 0) world.join(claim.event, [after]);
    claim.state = HOLDS;
    world.schedule(world.now, 'claim', id);
  }
  /** The holder hears of it. */
  claimGranted(id: ClaimId): void {
    const claim = this.claims[id]!;
    if (claim.state !== HOLDS) return;
    this.world.cause = claim.event;
    claim.handler.resourceDone(claim.tag);
  }
  release(id: ClaimId): void {
    const { world, kinds } = this;
    const claim = this.claims[id];
    if (!claim || claim.state === OVER) return;
    const pool = this.pools[claim.resource]!;
    const held = claim.state === HOLDS;
    claim.state = OVER;
    const event = world.note(held ? kinds.claim_released : kinds.claim_abandoned, claim.endpoint, claim.resource, id, claim.what);
    if (!held) return pool.remove(id);
    pool.busy--;
    const next = pool.busy < pool.servers ? pool.next() : -1;
    if (next >= 0) this.grantClaim(next, event);
  }
  /** So many places there are from now on; who waits gets what is free. `direct`: the claim for which the new place was made, whose grant follows from that alone. */
  resize(resource: ResourceId, servers: number, direct: ClaimId): void {
    const { world } = this, pool = this.pools[resource]!;
    pool.servers = servers;
    while (pool.busy < pool.servers) {
      const next = pool.next();
      if (next < 0) return;
      if (next === direct) this.claims[next]!.event = world.cause;
      this.grantClaim(next, next === direct ? -1 : world.cause);
    }
  }

  /** Power off: no work of these endpoints ends any more, and the host's resources stand empty. */
  forget(host: HostId, ofHost: (endpoint: EndpointId) => boolean): void {
    for (const job of this.jobs) if (job.endpoint >= 0 && ofHost(job.endpoint)) job.abandoned = true;
    for (const claim of this.claims) if (ofHost(claim.endpoint)) claim.state = OVER;
    for (const pool of this.pools) if (pool.host === host) pool.reset();
  }
}
