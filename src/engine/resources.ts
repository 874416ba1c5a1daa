/** Resources that work waits for (a host's cores): first come, first served; no preemption at this grain. */
import type { Ns } from '../base/time';
import type { EndpointId, EventId, ResourceId } from '../model/ids';
import type { ResourceHandler } from '../model/world';

/** One piece of work asked of a resource, or a plain wait (`resource` -1). */
export interface Job {
  readonly resource: ResourceId;
  readonly amount: Ns;
  readonly what: number;
  readonly endpoint: EndpointId;
  readonly handler: ResourceHandler;
  readonly tag: number;
  /** Event that asked for it; replaced by the one that granted it. */
  event: EventId;
  abandoned: boolean;
}

export class Pool {
  busy = 0;
  private readonly queue: number[] = [];
  private head = 0;
  constructor(readonly servers: number) {}

  /** True when the job may begin now; else it waits. */
  ask(job: number): boolean {
    if (this.busy < this.servers) {
      this.busy++;
      return true;
    }
    this.queue.push(job);
    return false;
  }
  /** A job ended: the next one to begin, or -1. */
  release(): number {
    if (this.head < this.queue.length) return this.queue[this.head++]!;
    this.busy--;
    return -1;
  }
}
