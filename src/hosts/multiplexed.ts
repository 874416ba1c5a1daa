/** A client's one connection to an origin for all its requests: what HTTP/2 and HTTP/3 make of the pool. */
import type { RequestRow } from '../model/request';
import type { Urgency } from '../model/http/priority';
import type { ResponseInfo } from '../model/http/response';
import type { MultiplexedClient, MultiplexedClientOwner } from '../model/http/multiplexing';
import type { Job, OriginOwner } from './origin';

/** What the pool hears. */
export interface MultiplexedOwner {
  /** The connection takes no more requests. */
  sharedOver(shared: Multiplexed): void;
  sendAgain(job: Job): void;
}

export class Multiplexed implements MultiplexedClientOwner {
  private readonly http: MultiplexedClient;
  private readonly jobs = new Map<RequestRow, Job>();
  private over = false;
  idleSince = 0;
  /** Origins that it was lent to, and who asked for what. */
  private readonly borrowers = new Set<MultiplexedOwner>();
  private readonly askedBy = new WeakMap<Job, MultiplexedOwner>();

  constructor(private readonly client: OriginOwner, make: (owner: MultiplexedClientOwner) => MultiplexedClient, private readonly owner: MultiplexedOwner) {
    this.http = make(this);
  }
  /** It takes no more requests. */
  get leaving(): boolean {
    return this.over || this.http.leaving;
  }
  get idle(): boolean {
    return this.jobs.size === 0;
  }
  /** Another origin of the same server uses it as well (RFC 9113 §9.1.1). */
  lendTo(borrower: MultiplexedOwner): void {
    this.borrowers.add(borrower);
  }
  send(job: Job, owner = this.owner): void {
    const { client } = this;
    this.jobs.set(job.row, job);
    this.askedBy.set(job, owner);
    const { phases } = job.row;
    if (client.cost('requestCost') > 0 && phases[phases.length - 1]?.phase !== 'blocked') client.world.phase(job.row, 'blocked', client.world.cause);
    client.spend('requestCost', 'write the request', () => {
      if (!this.jobs.has(job.row)) return;
      if (this.leaving) this.again(job);
      else this.http.request(job.row, job.head);
    });
  }
  cancel(job: Job): void {
    if (this.jobs.delete(job.row)) this.http.cancel(job.row);
  }
  /** Nothing more is heard of it; what was under way is left to whoever asks. */
  abandon(): Job[] {
    const jobs = [...this.jobs.values()];
    this.jobs.clear();
    this.over = true;
    return jobs;
  }
  /** It is more or less urgent than when it was asked for. */
  reprioritize(job: Job, urgency: Urgency): void {
    if (this.jobs.has(job.row)) this.http.reprioritize(job.row, urgency);
  }
  serverLeaves(): void {
    if (this.over) return;
    this.over = true;
    this.owner.sharedOver(this);
    for (const borrower of this.borrowers) borrower.sharedOver(this);
  }
  close(): void {
    this.http.close();
  }
  responseDone(row: RequestRow, info: ResponseInfo): void {
    const job = this.jobs.get(row)!;
    this.jobs.delete(row);
    this.idleSince = this.client.world.now;
    this.client.done(job, info);
  }
  requestFailed(row: RequestRow, code: string, unseen: boolean): void {
    const job = this.jobs.get(row);
    if (!job) return;
    // a connection that was used before may have ended before it saw the request
    if ((unseen || (this.http.served > 0 && row.status === null)) && !job.retried) return this.again(job);
    this.jobs.delete(row);
    this.client.failed(job, code);
  }
  private again(job: Job): void {
    this.jobs.delete(job.row);
    (this.askedBy.get(job) ?? this.owner).sendAgain(job);
  }
}
