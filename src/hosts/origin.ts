/**
 * A client's connections to one origin: look-up, connect, TLS, the queue of requests that wait, the limit of
 * connections, reuse. Law: late binding, as in Chromium (net/socket/client_socket_pool.cc): a request takes whichever
 * connection is ready first, and the attempt that was begun for it is left to the next one.
 */
import type { EndpointId, HostId, TimerId } from '../model/ids';
import type { RequestRow } from '../model/request';
import type { StreamHandler, StreamSocket } from '../model/stream';
import type { HelloProfile } from '../model/tls/client-hello';
import type { World } from '../model/world';
import { priorityValue, type Urgency } from '../model/http/priority';
import type { RequestHead } from '../model/http/request';
import type { ResponseInfo } from '../model/http/response';
import { Http1Client, type HttpClientOwner } from '../protocols/http1/client';
import { slowReader, type ReaderSetting } from '../protocols/tcp/slow-reader';
import { tlsClient } from '../protocols/tls/client';
import { SessionStore } from '../protocols/tls/session-store';
import { BROWSER_KINDS } from './kinds';
import { http2Ends } from './http2-slot';
import type { Http3Attempt } from './http3-ends';
import { TcpHeadStart, type Http3Choice, type Http3Use } from './http3-race';
import { http3Ends } from './http3-slot';
import type { Multiplexed, MultiplexedOwner } from './multiplexed';
import type { NetStack } from './stack';
import type { UrlParts } from './url';
import type { ClientProfile } from './workload';

export interface Job {
  readonly row: RequestRow;
  head: RequestHead;
  retried: boolean;
}
/** What the client knows of a name. */
export interface KnownName {
  readonly addresses: readonly string[];
  /** Our code of the failure, or null. */
  readonly error: string | null;
  /** Nobody was asked. */
  readonly cached: boolean;
}
/** Steps of a client that may cost time (`network.hosts.*.params`). */
export type ClientCost = 'startCost' | 'lookUpCost' | 'requestCost' | 'closeCost' | 'parseDelay' | 'layoutDelay';
/** What an origin needs of its client. */
export interface OriginOwner {
  readonly world: World;
  readonly host: HostId;
  readonly endpoint: EndpointId;
  readonly stack: NetStack;
  readonly profile: ClientProfile;
  readonly maxConnections: number;
  /** Writes further requests before the one in hand is answered (RFC 9112 §9.3.2). */
  readonly pipelines: boolean;
  readonly connectTimeout: number;
  /** Limit of a TLS handshake alone, counted from its start in place of what is left of the other; 0 = none. */
  readonly handshakeTimeout: number;
  /** How long a connection that never carried a request is kept, and one that did; looked at when the next request comes. */
  readonly unusedTimeout: number;
  readonly usedTimeout: number;
  /** Windows that it opens in HTTP/2, bytes; 0 = those of its profile. */
  readonly http2Windows: { readonly stream: number; readonly connection: number };
  /** One HTTP/2 connection may serve several origins. */
  readonly coalesces: boolean;
  /** How fast its application reads. */
  readonly reading: ReaderSetting;
  lookUp(name: string, row: RequestRow, done: (result: KnownName) => void): void;
  /** CPU time of the client for a step, in ns. */
  cost(key: ClientCost): number;
  /** Spends that time, then goes on; at once when it is none. */
  spend(key: ClientCost, what: string, then: () => void): void;
  done(job: Job, info: ResponseInfo): void;
  failed(job: Job, code: string): void;
}

/** What each client says in its ClientHello. */
const HELLO: Readonly<Record<ClientProfile, { profile: HelloProfile; alpn: readonly string[] }>> = {
  plain: { profile: 'openssl', alpn: ['http/1.1'] },
  curl: { profile: 'curl', alpn: ['h2', 'http/1.1'] },
  browser: { profile: 'chromium', alpn: ['h2', 'http/1.1'] },
};

/** RFC 9110 §9.2.1. */
const SAFE: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

/** One connection, from its look-up on. */
interface Attempt {
  /** The waiting request whose phases follow this attempt; null once it was served elsewhere, or for a speculative one. */
  owner: Job | null;
  /** Somebody tries to reach the server for it. */
  begun: boolean;
  socket: StreamSocket | null;
  /** QUIC, while it is tried and when it carries everything; and when TCP follows. */
  quic: Http3Attempt | null;
  headStart: TcpHeadStart | null;
  http: Http1Client | null;
  /** It carries all requests at once (HTTP/2, HTTP/3). */
  shared: Multiplexed | null;
  /** Where it leads, and whether its certificate is for a name as well; of HTTP/2. */
  server: HostId;
  covers: ((name: string) => boolean) | null;
  /** The request that it serves, and those that are written behind it. */
  job: Job | null;
  behind: Job[];
  idleSince: number;
  /** The limit of its TLS handshake, while that lasts. */
  handshake: TimerId | null;
}

export class Origin implements HttpClientOwner, MultiplexedOwner {
  private attempts: Attempt[] = [];
  private queue: Job[] = [];
  private readonly kinds;
  private resolving = false;
  private readonly timers = new Map<Job, TimerId>();
  /** Connections that came as far as TLS. */
  private secured = 0;
  /** TLS sessions with this origin. */
  private readonly sessions: SessionStore;
  private readonly quicSessions: SessionStore;
  private readonly quicTokens: string[] = [];

  constructor(private readonly owner: OriginOwner, private readonly url: UrlParts, private readonly http3: Http3Choice, private readonly siblings: () => Iterable<Origin>) {
    this.kinds = owner.world.kinds(BROWSER_KINDS);
    this.sessions = new SessionStore(owner.profile === 'browser');
    this.quicSessions = new SessionStore(owner.profile === 'browser');
  }

  /** Adds a request; `speculative` opens a second socket beside the first one to an origin (Chromium on navigation). */
  add(job: Job, speculative: boolean): void {
    const { world } = this.owner;
    this.dropStale();
    const shared = this.attempts.find((a) => a.shared && !a.shared.leaving);
    if (shared) return this.share(shared, job);
    const idle = this.attempts.find((a) => a.http?.idle && !a.job);
    if (idle) {
      const event = world.note(this.kinds.connection_reused, this.owner.endpoint, job.row.id);
      world.phase(job.row, 'blocked', event);
      return this.send(idle, job);
    }
    if (this.owner.pipelines && SAFE.includes(job.head.method)) {
      const busy = this.attempts.find((a) => a.http && a.job);
      if (busy) return this.sendBehind(busy, job);
    }
    this.queue.push(job);
    const connecting = this.attempts.find((a) => !a.http && !a.shared && !a.owner);
    if (connecting) {
      connecting.owner = job;
      world.phase(job.row, connecting.begun ? 'connect' : 'dns', world.cause);
      return this.watch(job);
    }
    if (this.attempts.length >= this.owner.maxConnections) return world.phase(job.row, 'blocked', world.cause);
    const first = this.attempts.length === 0;
    this.open(job);
    if (speculative && first && this.http3Use === 'no' && this.attempts.length === 1 && this.owner.maxConnections > 1) this.open(null);
  }
  /** Gives a request up, with what it occupies. */
  cancel(job: Job): void {
    this.unwatch(job);
    this.queue = this.queue.filter((j) => j !== job);
    for (const attempt of this.attempts) attempt.shared?.cancel(job);
    for (const attempt of this.attempts.filter((a) => a.job === job || (a.owner === job && !a.http && !a.shared))) {
      attempt.http?.abandon();
      this.drop(attempt);
    }
    this.refill();
  }
  /** A request that is not answered yet becomes more or less urgent; with HTTP/1.1 nobody can be told. */
  reprioritize(job: Job, urgency: Urgency): void {
    job.head = { ...job.head, priority: priorityValue(urgency) };
    for (const { shared } of this.attempts) shared?.reprioritize(job, urgency);
  }
  /** Closes every connection that serves nobody (the process ends). */
  closeIdle(): void {
    for (const attempt of this.attempts.filter((a) => !a.job && (a.shared?.idle ?? true))) this.drop(attempt);
  }

  /**
   * The client's host has another network: QUIC goes on from there where it may, whatever is on TCP is over (Chromium
   * quic_connection_migration_manager.cc; ClientSocketPool::FlushWithError and SpdySessionPool::OnIPAddressChanged with ERR_NETWORK_CHANGED).
   */
  networkChanged(migrates: boolean): void {
    for (const attempt of this.attempts.filter((a) => a.begun)) {
      if (attempt.shared && attempt.quic && migrates && attempt.quic.migrate()) continue;
      const jobs = attempt.shared?.abandon() ?? [attempt.job ?? (attempt.http ? null : attempt.owner), ...attempt.behind].filter((job) => job !== null);
      attempt.http?.abandon();
      attempt.headStart?.cancel();
      this.unlimitHandshake(attempt);
      this.attempts = this.attempts.filter((a) => a !== attempt);
      attempt.quic?.close();
      attempt.socket?.abort();
      for (const job of jobs) this.giveUp(job, 'NETWORK_CHANGED');
    }
    this.refill();
  }

  // --- connecting --------------------------------------------------------------------------------------

  private open(job: Job | null): void {
    const { owner } = this;
    const { world } = owner;
    this.attempts.push({ owner: job, begun: false, socket: null, quic: null, headStart: null, http: null, shared: null, server: -1, covers: null, job: null, behind: [], idleSince: -1, handshake: null });
    if (job) {
      this.watch(job);
      world.phase(job.row, 'dns', world.cause);
    }
    if (this.resolving) return;
    this.resolving = true;
    owner.lookUp(this.url.host, (job ?? this.queue[0]!).row, (result) => {
      if (result.error) {
        this.resolving = false;
        return this.failUnresolved(result.error);
      }
      const go = (): void => {
        this.resolving = false;
        const address = result.addresses[0]!;
        const server = world.hostAt(address);
        if (server < 0) return world.unmodelled(`${this.url.host} is at ${address}, and no host of this scenario has that address`);
        if (!world.linked(owner.host, server)) {
          return world.unmodelled(`no link joins ${world.hostOf(owner.host).name} and ${world.hostOf(server).name}; a way over several links is not modelled`);
        }
        const lent = this.lent(server);
        if (lent) return this.borrow(lent);
        // where QUIC goes first there is no spare connection
        if (this.http3Use !== 'no') this.attempts = this.attempts.filter((a) => a.begun || a.owner);
        for (const waiting of this.attempts.filter((a) => !a.begun)) this.begin(waiting, server);
      };
      if (result.cached) go();
      else owner.spend('lookUpCost', 'use the address', go);
    });
  }
  /** A connection of another origin that leads to the same address and whose certificate is for this name, too (Chromium net/spdy/spdy_session_pool.cc). */
  private lent(server: HostId): Attempt | null {
    if (!this.owner.coalesces || this.url.scheme !== 'https' || this.http3Use !== 'no') return null;
    for (const other of this.siblings()) {
      const attempt = other === this || other.url.port !== this.url.port ? undefined : other.attempts.find((a) => a.shared && !a.shared.leaving && a.server === server && a.covers?.(this.url.host));
      if (attempt) return attempt;
    }
    return null;
  }
  /** RFC 9113 §9.1.1: what waits goes out on it, without a handshake. */
  private borrow({ shared, socket, server, covers }: Attempt): void {
    const [attempt] = this.attempts.filter((a) => !a.begun);
    this.attempts = this.attempts.filter((a) => a.begun || a === attempt);
    const { world, endpoint } = this.owner;
    world.note(this.kinds.connection_coalesced, endpoint, attempt!.owner?.row.id ?? -1, world.text(this.url.host));
    Object.assign(attempt!, { begun: true, socket, server, covers });
    shared!.lendTo(this);
    this.readyShared(attempt!, shared!);
  }
  /** RFC 7838 §2.4: only to an origin of https. */
  private get http3Use(): Http3Use {
    return this.url.scheme === 'https' ? this.http3.use() : 'no';
  }
  private begin(attempt: Attempt, server: HostId): void {
    attempt.begun = true;
    const use = this.http3Use;
    if (use === 'no') this.connect(attempt, server);
    else this.connectQuic(attempt, server, use);
  }
  /** QUIC first; TCP follows after a while, unless it must not. Whichever is ready first carries the requests. */
  private connectQuic(attempt: Attempt, server: HostId, use: Http3Use): void {
    const { owner } = this, { world, endpoint } = owner;
    const row = (): number => attempt.owner?.row.id ?? -1;
    const event = world.note(this.kinds.connecting, endpoint, row(), world.text(this.url.origin));
    if (attempt.owner) world.phase(attempt.owner.row, 'connect', event);
    const follow = (): void => {
      attempt.headStart?.cancel();
      if (!attempt.socket && !attempt.shared && this.attempts.includes(attempt)) this.connect(attempt, server);
    };
    attempt.headStart = new TcpHeadStart(world, endpoint, use, this.http3, follow);
    attempt.quic = new (http3Ends().Http3Attempt)(
      owner,
      { server, port: this.url.port, name: this.url.host, sessions: this.quicSessions, tokens: this.quicTokens, later: this.secured++ > 0, mayBeEarly: () => this.queue.length > 0 && SAFE.includes(this.queue[0]!.head.method) },
      {
        answered: () => {
          attempt.headStart?.answered();
          const heard = world.note(this.kinds.connected, endpoint, row());
          if (attempt.owner && !attempt.socket) world.phase(attempt.owner.row, 'tls', heard);
        },
        ready: () => {
          attempt.headStart?.cancel();
          attempt.socket?.abort();
          attempt.socket = null;
          this.unlimitHandshake(attempt);
          world.note(this.kinds.secured, endpoint, row());
          if (this.attempts.some((a) => a.shared && !a.shared.leaving)) this.spare(attempt);
          else this.readyShared(attempt, attempt.quic!.share(this));
        },
        failed: (code) => {
          attempt.quic = null;
          if (use === 'only') return this.attemptFailed(attempt, code);
          this.http3.broken();
          follow();
        },
      },
    );
  }
  /** TCP was quicker: QUIC is not needed. */
  private dropQuic(attempt: Attempt): void {
    attempt.headStart?.cancel();
    if (!attempt.quic) return;
    attempt.quic.close();
    attempt.quic = null;
    this.http3.broken();
  }
  private connect(attempt: Attempt, server: HostId): void {
    const { world, host, stack, profile, endpoint, reading } = this.owner;
    const row = (): number => attempt.owner?.row.id ?? -1;
    const phase = (name: 'connect' | 'tls', event: number): void => {
      if (attempt.owner) world.phase(attempt.owner.row, name, event);
    };
    const begun = world.note(this.kinds.connecting, endpoint, row(), world.text(this.url.origin));
    if (!attempt.headStart) phase('connect', begun); // else QUIC has begun it
    const failed = (code: string): void => {
      attempt.socket = null;
      if (!attempt.quic) this.attemptFailed(attempt, code);
    };
    const below: StreamHandler = {
      connected: () => {
        const tcp = attempt.socket!;
        this.http3.took(world.now - dialled);
        const event = world.note(this.kinds.connected, endpoint, row());
        if (this.url.scheme === 'http') return this.ready(attempt, tcp);
        phase('tls', event);
        this.limitHandshake(attempt);
        const above: StreamHandler = {
          connected: () => {
            this.unlimitHandshake(attempt);
            world.note(this.kinds.secured, endpoint, row());
            this.dropQuic(attempt);
            if (tls.alpn !== 'h2') this.ready(attempt, tls);
            else if (this.attempts.some((a) => a.shared && !a.shared.leaving)) this.spare(attempt);
            else this.readyShared(Object.assign(attempt, { server, covers: (name: string) => tls.covers(name) }), http2Ends().multiplexedHttp2(this.owner, tls, this));
          },
          received() {}, ended() {}, failed,
        };
        const tls = tlsClient(world, host, tcp, {
          serverName: this.url.host, ...HELLO[profile], sessions: this.sessions, later: this.secured > 0,
          // only what is safe to do twice goes with the hello (RFC 8446 §E.5, RFC 8470 §4)
          mayBeEarly: () => this.queue.length > 0 && SAFE.includes(this.queue[0]!.head.method),
        }, above);
        this.secured++;
        attempt.socket = tls;
        tls.connected();
      },
      received() {}, ended() {}, failed,
    };
    const dialled = world.now;
    const connection = stack.tcp.connect(server, this.url.port, below);
    connection.reading.pace = slowReader(reading);
    attempt.socket = connection;
  }
  /** The request that waits for this very attempt fails with it; others wait on. */
  private attemptFailed(attempt: Attempt, code: string): void {
    if (!this.attempts.includes(attempt)) return;
    this.attempts = this.attempts.filter((a) => a !== attempt);
    this.unlimitHandshake(attempt);
    const job = attempt.owner;
    if (job) this.giveUp(job, code);
    this.refill();
  }
  /** The name has no address: everything that waited for it fails. */
  private failUnresolved(code: string): void {
    const unresolved = this.attempts.filter((a) => !a.begun);
    this.attempts = this.attempts.filter((a) => a.begun);
    const jobs = this.attempts.length > 0 ? unresolved.flatMap((a) => a.owner ?? []) : this.queue;
    for (const job of [...jobs]) this.giveUp(job, code);
    this.refill();
  }
  private giveUp(job: Job, code: string): void {
    this.queue = this.queue.filter((j) => j !== job);
    this.unwatch(job);
    this.owner.failed(job, code);
  }
  /** Opens what waiting requests still need. */
  private refill(): void {
    for (const job of this.queue) {
      if (this.attempts.length >= this.owner.maxConnections) return;
      if (!this.attempts.some((a) => a.owner === job)) this.open(job);
    }
  }
  private watch(job: Job): void {
    const { world, connectTimeout } = this.owner;
    if (connectTimeout <= 0 || this.timers.has(job)) return;
    const timer = world.timer(job.row.endpoint, 'connectTimeout', {
      timerFired: () => {
        this.cancel(job);
        this.owner.failed(job, 'CONNECT_TIMEOUT');
      },
    });
    this.timers.set(job, timer);
    world.arm(timer, world.now + connectTimeout);
  }
  /** Chromium SSLConnectJob: once the transport is there, the handshake has a time limit of its own, and only that. */
  private limitHandshake(attempt: Attempt): void {
    const { world, handshakeTimeout, endpoint } = this.owner;
    if (handshakeTimeout <= 0) return;
    if (attempt.owner) this.unwatch(attempt.owner);
    attempt.handshake = world.timer(attempt.owner?.row.endpoint ?? endpoint, 'handshakeTimeout', {
      timerFired: () => {
        attempt.handshake = null;
        attempt.socket?.abort();
        this.attemptFailed(attempt, 'HANDSHAKE_TIMEOUT');
      },
    });
    world.arm(attempt.handshake, world.now + handshakeTimeout);
  }
  private unlimitHandshake(attempt: Attempt): void {
    if (attempt.handshake !== null) this.owner.world.cancel(attempt.handshake);
    attempt.handshake = null;
  }
  private unwatch(job: Job): void {
    const timer = this.timers.get(job);
    if (timer === undefined) return;
    this.owner.world.cancel(timer);
    this.timers.delete(job);
  }

  // --- using -------------------------------------------------------------------------------------------

  private ready(attempt: Attempt, socket: StreamSocket): void {
    attempt.http = new Http1Client(this.owner.world, this.owner.host, socket, this);
    this.next(attempt);
  }
  /** The other connection carries everything: this one is closed as soon as its handshake is done, as measured with Chromium. */
  private spare(attempt: Attempt): void {
    this.attempts = this.attempts.filter((a) => a !== attempt);
    attempt.socket?.close();
    attempt.quic?.close();
  }
  /** One connection for all: what waits goes out on it. */
  private readyShared(attempt: Attempt, shared: Multiplexed): void {
    attempt.shared = shared;
    attempt.owner = null;
    for (const job of this.queue.splice(0)) {
      this.unwatch(job);
      this.share(attempt, job, false);
    }
  }
  private share(attempt: Attempt, job: Job, again = true): void {
    const { world, endpoint } = this.owner;
    if (again) {
      const event = world.note(this.kinds.connection_reused, endpoint, job.row.id);
      world.phase(job.row, 'blocked', event);
    }
    job.row.flow = flowUnder(attempt);
    attempt.shared!.send(job, this);
  }
  sharedOver(shared: Multiplexed): void {
    this.attempts = this.attempts.filter((a) => a.shared !== shared);
    this.refill();
  }
  /** The server has not looked at it: it goes out again on another connection (RFC 9113 §8.7). */
  sendAgain(job: Job): void {
    const { world, endpoint } = this.owner;
    job.retried = true;
    world.note(this.kinds.request_retried, endpoint, job.row.id);
    this.add(job, false);
  }
  /** Serves the request that has waited longest; the attempt begun for it is left to the one that this attempt was begun for. */
  private next(attempt: Attempt): void {
    const job = this.queue.shift();
    if (job) {
      const own = this.attempts.find((a) => a.owner === job && a !== attempt);
      if (own) own.owner = attempt.owner === job ? null : attempt.owner;
      this.unwatch(job);
      this.send(attempt, job);
    } else attempt.idleSince = this.owner.world.now;
    attempt.owner = null;
  }
  private send(attempt: Attempt, job: Job): void {
    const { world } = this.owner;
    attempt.job = job;
    job.row.flow = flowUnder(attempt);
    const phases = job.row.phases;
    if (this.owner.cost('requestCost') > 0 && phases[phases.length - 1]?.phase !== 'blocked') world.phase(job.row, 'blocked', world.cause);
    this.owner.spend('requestCost', 'write the request', () => {
      if (attempt.job === job && this.attempts.includes(attempt)) attempt.http!.request(job.row, job.head);
    });
  }

  /** Behind another on the same connection: its answer comes after the other's, however quick it is. */
  private sendBehind(attempt: Attempt, job: Job): void {
    const { world } = this.owner;
    world.note(this.kinds.pipelined, this.owner.endpoint, job.row.id, attempt.behind.length + 1);
    attempt.behind.push(job);
    job.row.flow = flowUnder(attempt);
    attempt.http!.request(job.row, job.head);
  }

  responseDone(http: Http1Client, _row: RequestRow, info: ResponseInfo, reusable: boolean): void {
    const attempt = this.attempts.find((a) => a.http === http)!;
    const job = attempt.job!;
    attempt.job = attempt.behind.shift() ?? null;
    if (attempt.job) attempt.owner = null;
    else if (reusable) this.next(attempt);
    else this.drop(attempt);
    this.owner.done(job, info);
    this.refill();
  }
  broken(http: Http1Client, row: RequestRow | null, code: string): void {
    const attempt = this.attempts.find((a) => a.http === http);
    if (!attempt) return;
    const { job } = attempt;
    this.attempts = this.attempts.filter((a) => a !== attempt);
    // what was written behind it is asked for again, one after the other
    for (const other of attempt.behind) {
      this.owner.world.note(this.kinds.request_retried, this.owner.endpoint, other.row.id);
      this.queue.push(other);
    }
    if (job && !row) this.queue.unshift(job); // it was not written yet
    else if (job && http.context.served > 0 && !job.retried && job.row.status === null) {
      // RFC 9112 §9.3.1: a reused connection that closes may never have seen the request
      job.retried = true;
      this.owner.world.note(this.kinds.request_retried, this.owner.endpoint, job.row.id);
      return this.add(job, false);
    } else if (job) this.owner.failed(job, code);
    this.refill();
  }
  private drop(attempt: Attempt): void {
    this.unlimitHandshake(attempt);
    this.attempts = this.attempts.filter((a) => a !== attempt);
    attempt.headStart?.cancel();
    if (attempt.shared) attempt.shared.close();
    else attempt.quic?.close();
    if (attempt.http) attempt.socket!.close();
    else if (!attempt.shared) attempt.socket?.abort();
  }
  private dropStale(): void {
    const { world, unusedTimeout, usedTimeout } = this.owner;
    for (const a of this.attempts) {
      if (a.shared?.idle && world.now - a.shared.idleSince >= usedTimeout) this.drop(a);
      if (!a.http || a.job) continue;
      const limit = a.http.context.served > 0 ? usedTimeout : unusedTimeout;
      if (world.now - a.idleSince >= limit) this.drop(a);
    }
  }
}
/** The transport's flow that carries its requests. */
function flowUnder({ quic, socket }: Attempt): number {
  const flow = quic?.path ?? socket!.flow;
  return quic || flow.below < 0 ? flow.id : flow.below;
}
