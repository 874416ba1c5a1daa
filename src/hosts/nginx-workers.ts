/**
 * The worker processes of an nginx: each is one loop, so it computes on one core, one piece of work to its end after the other, and while it reads a file from disk it
 * does nothing else (aio off, sendfile). Law: `coresOf` gives the cores that they can use and whether they share them; where a disk can block them, `NginxWorkers` holds
 * a worker for each piece of work. Simplifications: connections are spread evenly over several workers; a handshake's crypto is not held up by a disk.
 */
import type { EndpointId, HostId, ResourceId } from '../model/ids';
import type { World } from '../model/world';
import { Continuations } from '../compute/execution';
import { hostDefault } from './params';

/** Cores that so many workers (0: one for each core) can use at once; alone on a core a worker is never interrupted. */
export function coresOf(cores: number, workerProcesses: number, schedulerSliceNs: number): { readonly cores: number; readonly schedulerSliceNs: number } {
  const workers = workerProcesses === 0 ? cores : workerProcesses;
  return { cores: Math.min(cores, workers), schedulerSliceNs: workers <= cores ? 0 : schedulerSliceNs };
}

export class NginxWorkers {
  private readonly continuations = new Continuations();
  /** Workers to hold; none where nothing can block them: then the cores alone say who waits. */
  private readonly loop: ResourceId;

  constructor(private readonly world: World, private readonly host: HostId, private readonly endpoint: EndpointId) {
    const { params, cores } = world.hostOf(host);
    const workers = Number(params.workerProcesses ?? hostDefault('workerProcesses'));
    this.loop = params.pageCache === 'cold' ? world.resource(host, 'loop', workers === 0 ? cores : workers) : -1;
  }
  /** Computes for `ns` on a worker, then goes on. */
  compute(ns: number, what: string, then: () => void): void {
    this.hold(what, (over) => this.use(this.world.cpu(this.host), ns, what, over), then);
  }
  /** Reads from `disk` for `diskNs`, by a worker that waits for it, and computes for `ns`. */
  read(disk: ResourceId, diskNs: number, ns: number, path: string, then: () => void): void {
    this.hold(`read ${path}`, (over) => this.use(disk, diskNs, `fetch ${path}`, () => this.use(this.world.cpu(this.host), ns, `read ${path}`, over)), then);
  }
  private use(resource: ResourceId, ns: number, what: string, then: () => void): void {
    if (ns <= 0) return then();
    this.world.use(resource, ns, what, this.endpoint, this.continuations, this.continuations.add(then));
  }
  private hold(what: string, work: (over: () => void) => void, then: () => void): void {
    const { world } = this;
    if (this.loop < 0) return work(then);
    const claim = world.acquire(this.loop, what, this.endpoint, this.continuations, this.continuations.add(() =>
      work(() => {
        then();
        world.release(claim);
      })));
  }
}
