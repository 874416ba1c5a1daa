/**
 * Execution models: who does a request's work, and what he holds while he waits. Law: computing needs a core in every model;
 * what differs is the place that is held besides. `thread-pool`: a worker from beginning to end, waits included.
 * `event-loop`: the one loop, only while it computes. `process-per-request`: a process of its own, made for it and ended with it.
 */
import type { Ns } from '../base/time';
import type { ClaimId, EndpointId, HostId, ResourceId } from '../model/ids';
import type { ResourceHandler, World } from '../model/world';

export const EXECUTION_MODELS = ['thread-pool', 'event-loop', 'process-per-request'] as const;
export type ExecutionModelName = (typeof EXECUTION_MODELS)[number];

export interface ExecutionOptions {
  readonly model: ExecutionModelName;
  /** Threads of a pool, or processes at most. */
  readonly workers: number;
  /** Requests that may wait for a thread; one more is refused (by a closed connection or a 503, as its server has it). -1: any number. */
  readonly queueMax: number;
  /** CPU time to make and to end a process, ns. */
  readonly forkCost: Ns;
}
/** What one request holds. Made by `admit`. */
export interface Turn {
  claim: ClaimId;
  readonly endpoint: EndpointId;
}

/** Calls back when a resource answers: continuations by tag, each used once. */
export class Continuations implements ResourceHandler {
  private readonly waiting = new Map<number, () => void>();
  private next = 0;
  add(then: () => void): number {
    this.waiting.set(this.next, then);
    return this.next++;
  }
  drop(tag: number): void {
    this.waiting.delete(tag);
  }
  resourceDone(tag: number): void {
    const then = this.waiting.get(tag);
    this.waiting.delete(tag);
    then?.();
  }
}

/** Where a request's work is done. */
export interface Workplace {
  /** Somebody to do a request's work: `run` once there is, `refused` when the queue is full (at once). `what` names the request. */
  admit(what: string, endpoint: EndpointId, run: (turn: Turn) => void, refused: () => void): void;
  /** Computes for `ns`, on a core; then goes on. */
  compute(turn: Turn, ns: Ns, what: string, then: () => void): void;
  /** The request is over: what it holds is free for the next. */
  end(turn: Turn): void;
}

export class Execution implements Workplace {
  /** Name of the place in the trace. */
  readonly place: 'workers' | 'loop' | 'processes';
  private readonly resource: ResourceId;
  private readonly continuations = new Continuations();

  constructor(private readonly world: World, private readonly host: HostId, readonly options: ExecutionOptions) {
    const { model, workers, queueMax } = options;
    this.place = model === 'thread-pool' ? 'workers' : model === 'event-loop' ? 'loop' : 'processes';
    this.resource = world.resource(host, this.place, model === 'event-loop' ? 1 : workers, model === 'thread-pool' ? queueMax : -1);
  }
  /** How many are at work and how many wait. */
  get load(): { readonly busy: number; readonly waiting: number } {
    return this.world.load(this.resource);
  }

  admit(what: string, endpoint: EndpointId, run: (turn: Turn) => void, refused: () => void): void {
    const { world, options } = this;
    const turn: Turn = { claim: -1, endpoint };
    if (options.model === 'event-loop') return run(turn);
    const begin = (): void => {
      if (options.model === 'process-per-request' && options.forkCost > 0) this.onCore(turn, options.forkCost, 'fork a process', () => run(turn));
      else run(turn);
    };
    const tag = this.continuations.add(begin);
    turn.claim = world.acquire(this.resource, what, endpoint, this.continuations, tag);
    if (turn.claim < 0) {
      this.continuations.drop(tag);
      refused();
    }
  }
  compute(turn: Turn, ns: Ns, what: string, then: () => void): void {
    if (ns <= 0) return then();
    if (this.options.model !== 'event-loop') return this.onCore(turn, ns, what, then);
    const { world } = this;
    turn.claim = world.acquire(this.resource, what, turn.endpoint, this.continuations, this.continuations.add(() => {
      this.onCore(turn, ns, what, () => {
        // the callback runs on the loop to its end; what it starts is under way before the loop turns to the next
        const { claim } = turn;
        turn.claim = -1;
        then();
        world.release(claim);
      });
    }));
  }
  end(turn: Turn): void {
    const { claim } = turn;
    turn.claim = -1;
    if (claim >= 0) this.world.release(claim);
  }
  private onCore(turn: Turn, ns: Ns, what: string, then: () => void): void {
    const { world, host } = this;
    world.use(world.cpu(host), ns, what, turn.endpoint, this.continuations, this.continuations.add(then));
  }
}

/** For a request whose process is there already (it was made for its connection): its work needs nobody else's leave. */
export const ownProcess = (execution: Execution): Workplace => ({
  admit: (_what, endpoint, run) => run({ claim: -1, endpoint }),
  compute: (turn, ns, what, then) => execution.compute(turn, ns, what, then),
  end: () => {},
});
