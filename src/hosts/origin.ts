/**
 * A client's connections to one origin: look-up, connect, TLS, the queue of requests that wait, the limit of
 * connections, reuse. A request takes whichever connection is ready first (late binding, as in Chromium).
 */
import type { HostId, TimerId } from '../model/ids';
import type { RequestRow } from '../model/request';
import type { StreamHandler, StreamSocket } from '../model/stream';
import type { World } from '../model/world';
import type { LookUpResult } from '../protocols/dns/stub';
import { Http1Client, type HttpClientOwner, type ResponseInfo } from '../protocols/http1/client';
import type { RequestHead } from '../protocols/http1/codec';
import { tlsClient } from '../protocols/tls/client';
import { BROWSER_KINDS } from './kinds';
import type { NetStack } from './stack';
import type { UrlParts } from './url';
import type { ClientProfile } from './workload';

export interface Job {
  readonly row: RequestRow;
  readonly head: RequestHead;
  retried: boolean;
}
/** What an origin needs of its client. */
export interface OriginOwner {
  readonly world: World;
  readonly host: HostId;
  readonly stack: NetStack;
  readonly profile: ClientProfile;
  readonly maxConnections: number;
  readonly connectTimeout: number;
  lookUp(name: string, row: RequestRow, done: (result: Pick<LookUpResult, 'addresses' | 'error'>) => void): void;
  /** Spends CPU of the client, then goes on. */
  spend(key: 'lookUpCost' | 'requestCost' | 'closeCost', what: string, then: () => void): void;
  done(job: Job, info: ResponseInfo): void;
  failed(job: Job, code: string): void;
}

interface Attempt {
  owner: Job | null;
  socket: StreamSocket | null;
  http: Http1Client | null;
  job: Job | null;
}

export class Origin implements HttpClientOwner {
  private readonly attempts: Attempt[] = [];
  private readonly queue: Job[] = [];
  private readonly kinds;
  private address: HostId = -1;
  private resolving = false;
  private readonly timers = new Map<TimerId, Job>();

  constructor(private readonly owner: OriginOwner, private readonly url: UrlParts) {
    this.kinds = owner.world.kinds(BROWSER_KINDS);
  }

  /** Adds a request; `speculative` opens a second socket beside the first (Chromium on navigation). */
  add(job: Job, speculative: boolean): void {
    const { world } = this.owner;
    const idle = this.attempts.find((a) => a.http?.idle && !a.job);
    if (idle) {
      const event = world.note(this.kinds.connection_reused, -1, job.row.id);
      world.phase(job.row, 'blocked', event);
      return this.send(idle, job);
    }
    this.queue.push(job);
    if (this.attempts.length < this.owner.maxConnections) {
      this.open(job);
      if (speculative && this.owner.maxConnections > 1) this.open(null);
    } else world.phase(job.row, 'blocked', world.cause);
  }

  private open(job: Job | null): void {
    const { world } = this.owner;
    const attempt: Attempt = { owner: job, socket: null, http: null, job: null };
    this.attempts.push(attempt);
    if (job && this.owner.connectTimeout > 0) this.watch(job);
    if (this.address >= 0) return this.connect(attempt);
    if (job) world.phase(job.row, 'dns', world.cause);
    if (this.resolving) return;
    this.resolving = true;
    this.owner.lookUp(this.url.host, job!.row, (result) => {
      this.resolving = false;
      if (result.error) return this.failAll(result.error);
      this.owner.spend('lookUpCost', 'use the address', () => {
        this.address = world.hostAt(result.addresses[0]!);
        if (this.address < 0) return world.unmodelled(`${this.url.host} is at ${result.addresses[0]}, and no host of this scenario has that address`);
        for (const waiting of this.attempts) if (!waiting.socket) this.connect(waiting);
      });
    });
  }
  private watch(job: Job): void {
    const { world, connectTimeout } = this.owner;
    const timer = world.timer(job.row.endpoint, 'connectTimeout', {
      timerFired: () => {
        if (!this.queue.includes(job)) return;
        this.queue.splice(this.queue.indexOf(job), 1);
        for (const a of this.attempts) if (a.owner === job) a.socket?.abort();
        this.owner.failed(job, 'CONNECT_TIMEOUT');
      },
    });
    this.timers.set(timer, job);
    world.arm(timer, world.now + connectTimeout);
  }
  private unwatch(job: Job): void {
    for (const [timer, watched] of this.timers) {
      if (watched !== job) continue;
      this.owner.world.cancel(timer);
      this.timers.delete(timer);
    }
  }

  private connect(attempt: Attempt): void {
    const { world, host, stack, profile } = this.owner;
    const job = attempt.owner;
    const event = world.note(this.kinds.connecting, -1, job?.row.id ?? -1, world.text(this.url.origin));
    if (job) world.phase(job.row, 'connect', event);
    const failed = (code: string): void => this.attemptFailed(attempt, code);
    const secure = this.url.scheme === 'https';
    const below: StreamHandler = {
      connected: () => {
        const tcp = attempt.socket!;
        const done = world.note(this.kinds.connected, -1, job?.row.id ?? -1);
        if (!secure) return this.ready(attempt, tcp);
        if (job && this.queue.includes(job)) world.phase(job.row, 'tls', done);
        const above: StreamHandler = {
          connected: () => {
            world.note(this.kinds.secured, -1, job?.row.id ?? -1);
            this.ready(attempt, attempt.socket!);
          },
          received() {}, ended() {}, failed,
        };
        const tls = tlsClient(world, host, tcp, { serverName: this.url.host, alpn: profile === 'plain' ? ['http/1.1'] : ['h2', 'http/1.1'], padded: profile !== 'plain' }, above);
        attempt.socket = tls;
        tls.connected();
      },
      received() {}, ended() {}, failed,
    };
    attempt.socket = stack.tcp.connect(this.address, this.url.port, below);
  }
  private attemptFailed(attempt: Attempt, code: string): void {
    this.attempts.splice(this.attempts.indexOf(attempt), 1);
    if (this.attempts.some((a) => !a.http || a.http.idle) && this.attempts.length > 0 && !code.startsWith('CERT')) return; // another socket may still serve it
    this.failAll(code);
  }
  private failAll(code: string): void {
    for (const job of this.queue.splice(0)) {
      this.unwatch(job);
      this.owner.failed(job, code);
    }
    for (const a of this.attempts.splice(0)) a.socket?.abort();
  }

  private ready(attempt: Attempt, socket: StreamSocket): void {
    attempt.http = new Http1Client(this.owner.world, this.owner.host, socket, this);
    this.next(attempt);
  }
  private next(attempt: Attempt): void {
    const job = this.queue.shift();
    if (!job) return;
    this.unwatch(job);
    this.send(attempt, job);
  }
  private send(attempt: Attempt, job: Job): void {
    attempt.job = job;
    const { below, id } = attempt.socket!.flow;
    job.row.flow = below >= 0 ? below : id;
    this.owner.spend('requestCost', 'write the request', () => attempt.http!.request(job.row, job.head));
  }

  responseDone(http: Http1Client, row: RequestRow, info: ResponseInfo, reusable: boolean): void {
    const attempt = this.attempts.find((a) => a.http === http)!;
    const job = attempt.job!;
    attempt.job = null;
    if (!reusable) this.drop(attempt);
    this.owner.done(job, info);
    if (reusable && !attempt.job) this.next(attempt);
    void row;
  }
  broken(http: Http1Client, row: RequestRow | null, code: string): void {
    const attempt = this.attempts.find((a) => a.http === http);
    if (!attempt) return;
    const { job } = attempt;
    this.attempts.splice(this.attempts.indexOf(attempt), 1);
    if (!job || !row) return this.refill();
    const reused = http.context.served > 0;
    if (reused && !job.retried && row.status === null) {
      job.retried = true;
      this.owner.world.note(this.kinds.request_retried, -1, row.id);
      return this.add(job, false);
    }
    this.owner.failed(job, code);
    this.refill();
  }
  private refill(): void {
    if (this.queue.length > 0 && this.attempts.length < this.owner.maxConnections) this.open(this.queue[0]!);
  }
  private drop(attempt: Attempt): void {
    this.attempts.splice(this.attempts.indexOf(attempt), 1);
    attempt.socket?.close();
  }
  /** Closes every idle connection (the process ends). */
  closeIdle(): void {
    for (const attempt of [...this.attempts]) if (attempt.http?.idle || !attempt.http) this.drop(attempt);
  }
}
