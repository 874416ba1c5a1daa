/** A client's one connection to an origin for all its requests: what HTTP/2 makes of the pool. */
import type { RequestRow } from '../model/request';
import type { ResponseInfo } from '../model/http/response';
import type { StreamSocket } from '../model/stream';
import { Http2Client, type Http2ClientOwner } from '../protocols/http2/client';
import { CLIENT_PROFILES, withWindows } from '../protocols/http2/profiles';
import type { Job, OriginOwner } from './origin';

/** What the pool hears. */
export interface MultiplexedOwner {
  /** The connection takes no more requests. */
  sharedOver(shared: Multiplexed): void;
  sendAgain(job: Job): void;
}

export class Multiplexed implements Http2ClientOwner {
  private readonly http: Http2Client;
  private readonly jobs = new Map<RequestRow, Job>();
  private over = false;
  idleSince = 0;

  constructor(private readonly client: OriginOwner, socket: StreamSocket, private readonly owner: MultiplexedOwner) {
    const { stream, connection } = client.http2Windows;
    this.http = new Http2Client(client.world, client.host, socket, withWindows(CLIENT_PROFILES[client.profile], stream, connection), this);
  }
  /** It takes no more requests. */
  get leaving(): boolean {
    return this.over || this.http.leaving;
  }
  get idle(): boolean {
    return this.jobs.size === 0;
  }
  send(job: Job): void {
    const { client } = this;
    this.jobs.set(job.row, job);
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
  serverLeaves(): void {
    if (this.over) return;
    this.over = true;
    this.owner.sharedOver(this);
  }
  close(): void {
    this.http.close();
  }
  responseDone(_http: Http2Client, row: RequestRow, info: ResponseInfo): void {
    const job = this.jobs.get(row)!;
    this.jobs.delete(row);
    this.idleSince = this.client.world.now;
    this.client.done(job, info);
  }
  requestFailed(_http: Http2Client, row: RequestRow, code: string, unseen: boolean): void {
    const job = this.jobs.get(row);
    if (!job) return;
    // a connection that was used before may have ended before it saw the request
    if ((unseen || (this.http.served > 0 && row.status === null)) && !job.retried) return this.again(job);
    this.jobs.delete(row);
    this.client.failed(job, code);
  }
  private again(job: Job): void {
    this.jobs.delete(job.row);
    this.owner.sendAgain(job);
  }
}
