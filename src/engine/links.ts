/**
 * Links. Order on each direction, as in the measured topology: fault rules, random loss, drop-tail queue,
 * serialization of the whole IP packet at the link's rate, propagation. Jitter never reorders; injected delay may.
 */
import { serializationNs, type Ns } from '../base/time';
import type { HostId, LinkId } from '../model/ids';
import type { Plan, PlanLink } from '../model/plan';

/** One direction of one link: when it is free again, and who still waits. */
class Direction {
  /** When the last packet's last bit is on the wire. */
  freeAt: Ns = 0;
  /** Arrival of the packet before, so that jitter keeps order. */
  lastArrival: Ns = 0;
  /** When each waiting packet begins to be serialized, oldest first (a ring by head index). */
  private starts: Ns[] = [];
  private head = 0;

  /** Packets that wait for the wire at `now` (the one on the wire not counted). */
  waiting(now: Ns): number {
    while (this.head < this.starts.length && this.starts[this.head]! <= now) this.head++;
    if (this.head > 1024 && this.head * 2 > this.starts.length) {
      this.starts = this.starts.slice(this.head);
      this.head = 0;
    }
    return this.starts.length - this.head;
  }

  enter(start: Ns, now: Ns): void {
    if (start > now) this.starts.push(start);
  }
}

/** How long each part of one packet's way takes. */
export interface Passage {
  queueNs: Ns;
  serializationNs: Ns;
  propagationNs: Ns;
  extraNs: Ns;
}

export class Links {
  readonly plan: readonly PlanLink[];
  /** Up or down by a fault. */
  readonly down: boolean[];
  private readonly directions: Direction[] = [];
  /** The router on each link's way, or -1. */
  readonly routers: Int32Array;
  private readonly route: Int32Array;
  private readonly hostCount: number;
  private readonly ends: readonly { readonly a: HostId; readonly b: readonly HostId[] }[];

  constructor(plan: Plan) {
    this.plan = plan.links;
    this.hostCount = plan.hosts.length;
    this.route = new Int32Array(this.hostCount * this.hostCount).fill(-1);
    this.down = plan.links.map(() => false);
    this.routers = Int32Array.from(plan.links, (link) => (link.via ? plan.hosts.findIndex((h) => h.name === link.via!.router) : -1));
    const host = (name: string): HostId => plan.hosts.findIndex((h) => h.name === name);
    this.ends = plan.links.map((link) => ({ a: host(link.a), b: link.b.map(host) }));
    for (const _ of plan.links) this.directions.push(new Direction(), new Direction());
    this.routeAgain();
  }
  /**
   * Which link joins which hosts now: of several between the same two the first that is up, as a client takes another network when the
   * first is gone; the first of all when none is. Returns the hosts with several networks whose way has changed.
   */
  routeAgain(): readonly HostId[] {
    const { route, hostCount, ends, routers } = this;
    const before = route.slice();
    route.fill(-1);
    for (const wanted of [false, true]) {
      ends.forEach(({ a, b }, id) => {
        if (this.down[id] !== wanted) return;
        for (const to of b) {
          if (route[a * hostCount + to]! >= 0) continue;
          route[a * hostCount + to] = id * 2;
          route[to * hostCount + a] = id * 2 + 1;
          // what a router itself says goes the rest of the way
          const router = routers[id]!;
          if (router < 0) continue;
          route[router * hostCount + to] = id * 2;
          route[router * hostCount + a] = id * 2 + 1;
        }
      });
    }
    return [...new Set(ends.filter(({ a, b }) => b.some((to) => before[a * hostCount + to] !== route[a * hostCount + to])).map(({ a }) => a))];
  }

  /** Link and direction from one host to a neighbour, as `link * 2 + direction`; -1 when none joins them. */
  between(from: HostId, to: HostId): number {
    return this.route[from * this.hostCount + to]!;
  }

  /** False when the drop-tail queue has no room for one more. */
  hasRoom(way: number, now: Ns): boolean {
    const link = this.plan[way >> 1]!;
    if (link.rate[(way & 1) as 0 | 1] <= 0) return true;
    return this.directions[way]!.waiting(now) < link.queuePackets;
  }

  /** Packets that wait in one direction. */
  waiting(way: number, now: Ns): number {
    return this.directions[way]!.waiting(now);
  }

  /** Which part of a link's way lies before its router, in this direction. */
  beforeRouter(way: number): number {
    const { at } = this.plan[way >> 1]!.via!;
    return way & 1 ? 1 - at : at;
  }

  /** Takes a packet in and says when it arrives. `jitter` is 0…1, `delay` an injected one, `share` the part of the way that it goes. */
  pass(way: number, bytes: number, now: Ns, jitter: number, delay: Ns, into: Passage, share = 1): Ns {
    const link = this.plan[way >> 1]!;
    const side = (way & 1) as 0 | 1;
    const direction = this.directions[way]!;
    const start = direction.freeAt > now ? direction.freeAt : now;
    const serialization = serializationNs(bytes, link.rate[side]);
    direction.enter(start, now);
    direction.freeAt = start + serialization;
    const whole = link.latencyNs[side] + link.perPacketNs, propagation = share === 1 ? whole : Math.floor(whole * share);
    let extra = link.jitterNs > 0 ? Math.floor(jitter * link.jitterNs) : 0;
    let arrival = start + serialization + propagation + extra;
    if (arrival < direction.lastArrival) {
      extra += direction.lastArrival - arrival;
      arrival = direction.lastArrival;
    }
    direction.lastArrival = arrival;
    into.queueNs = start - now;
    into.serializationNs = serialization;
    into.propagationNs = propagation;
    into.extraNs = extra + delay;
    return arrival + delay;
  }

  linkOf(way: number): LinkId {
    return way >> 1;
  }
}
