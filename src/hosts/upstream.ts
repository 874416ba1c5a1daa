/**
 * A group of upstream servers as a reverse proxy sees it: who is asked next, who is passed over after failures, which connections
 * are kept for the next request. Law: nginx 1.22 (ngx_http_upstream_round_robin.c, ngx_http_upstream_keepalive_module.c).
 */
import { hashText } from '../base/hash';
import type { EndpointId, HostId, MessageId, TimerId } from '../model/ids';
import type { StreamSocket } from '../model/stream';
import type { TimerHandler, World } from '../model/world';
import type { RequestHead } from '../model/http/request';
import type { ResponseInfo } from '../model/http/response';
import { Http1Client, type HttpClientOwner } from '../protocols/http1/client';
import { choose, isDown, newPeer, release, type Balance, type Peer } from './balancing';
import { PROXY_KINDS } from './kinds';
import type { NginxWorkers } from './nginx-workers';
import type { ProxySettings } from './proxy-settings';
import type { NetStack } from './stack';

/** What scenario files compile to; what is absent has the host's own value. */
export interface UpstreamServer {
  readonly host: string;
  readonly port: number;
  readonly weight?: number;
  readonly maxFails?: number;
  readonly failTimeout?: number;
  readonly maxConns?: number;
}
export interface UpstreamPlan {
  readonly servers: readonly UpstreamServer[];
  readonly balance?: Balance;
  readonly keepalive?: number;
}
/** What a group needs of its proxy. */
export interface UpstreamOwner {
  readonly world: World;
  readonly host: HostId;
  readonly endpoint: EndpointId;
  readonly stack: NetStack;
  readonly settings: ProxySettings;
  readonly workers: NginxWorkers;
}
/** Who uses a connection; hears how it goes. */
export interface ConnectionUser {
  connected(): void;
  head(info: ResponseInfo, bytes: number): void;
  body(received: number): void;
  done(info: ResponseInfo, reusable: boolean): void;
  /** `code`: errno, EMPTY_RESPONSE or PARTIAL. */
  failed(code: string): void;
}

const second = (ns: number): number => Math.floor(ns / 1e9);

export class UpstreamGroup {
  readonly peers: readonly Peer[];
  readonly titles: readonly string[];
  readonly balance: Balance;
  /** Idle connections that are kept at most; 0: each request has one of its own. */
  readonly keepalive: number;
  /** Idle connections, the one used last first. */
  private idle: UpstreamConnection[] = [];
  private choices = 0;
  private readonly kinds;

  constructor(readonly owner: UpstreamOwner, readonly name: string, private readonly plan: UpstreamPlan) {
    const { settings, world } = owner;
    this.kinds = world.kinds(PROXY_KINDS);
    this.balance = plan.balance ?? 'round-robin';
    this.keepalive = plan.keepalive ?? settings.keepalive;
    this.titles = plan.servers.map((s) => `${s.host}:${s.port}`);
    this.peers = plan.servers.map((s) =>
      newPeer({ weight: s.weight ?? 1, maxFails: s.maxFails ?? settings.maxFails, failTimeout: second(s.failTimeout ?? settings.failTimeout), maxConns: s.maxConns ?? settings.maxConns }));
  }
  private get seconds(): number {
    return second(this.owner.world.now);
  }
  /** The server for a request, -1 when none may be asked. */
  choose(tried: ReadonlySet<number>): number {
    const { world, host } = this.owner;
    const choice = this.choices++;
    return choose(this.balance, this.peers, tried, this.seconds, (pick) => world.draw('balance', host, hashText(this.name), choice * 32 + pick));
  }
  /** A request at this server is over. In a group of one failures do not count, for there is nobody else. */
  release(peer: number, failed: boolean): void {
    const { world, endpoint } = this.owner;
    const p = this.peers[peer]!;
    const counts = failed && this.peers.length > 1;
    release(p, counts, this.seconds);
    if (counts && isDown(p, this.seconds)) world.note(this.kinds.upstream_marked_down, endpoint, -1, world.text(this.titles[peer]!), p.failTimeout * 1e9);
  }

  // --- connections -------------------------------------------------------------------------------------

  /** An idle connection to this server, the one used last; null when there is none. */
  reuse(peer: number, user: ConnectionUser, message: MessageId): UpstreamConnection | null {
    const connection = this.idle.find((c) => c.peer === peer);
    if (!connection) return null;
    this.idle = this.idle.filter((c) => c !== connection);
    const { world, endpoint } = this.owner;
    connection.take(user);
    world.note(this.kinds.upstream_reused, endpoint, message, world.text(this.titles[peer]!), connection.requests);
    return connection;
  }
  /** Opens a connection; null when the run cannot go on. */
  connect(peer: number, user: ConnectionUser): UpstreamConnection | null {
    const { world, host } = this.owner;
    const { host: name, port } = this.plan.servers[peer]!;
    const server = world.hostNamed(name);
    if (server < 0 || !world.linked(host, server)) {
      world.unmodelled(`no link joins ${world.hostOf(host).name} and its upstream server ${name}; a way over several links is not modelled`);
      return null;
    }
    return new UpstreamConnection(this, peer, server, port, user);
  }
  /** Keeps a connection after its response, or closes it; the one idle for longest makes room. */
  keep(connection: UpstreamConnection): void {
    const { settings } = this.owner;
    if (this.keepalive === 0 || connection.requests >= settings.keepaliveRequests) return connection.close();
    if (this.idle.length >= this.keepalive) this.idle.pop()!.drop('FULL');
    this.idle.unshift(connection);
    connection.rest();
    this.tell('connection_kept', connection, this.idle.length);
  }
  /** An idle connection is over. */
  lost(connection: UpstreamConnection, reason: string): void {
    if (!this.idle.includes(connection)) return;
    this.idle = this.idle.filter((c) => c !== connection);
    connection.drop(reason);
  }
  tell(kind: 'connection_kept' | 'connection_dropped', connection: UpstreamConnection, b: number): void {
    const { world, endpoint } = this.owner;
    world.note(this.kinds[kind], endpoint, connection.flow, world.text(this.titles[connection.peer]!), b);
  }
}

/** One connection to an upstream server, from its SYN to its end. */
export class UpstreamConnection implements HttpClientOwner, TimerHandler {
  /** Requests that it has carried. */
  requests = 0;
  private user: ConnectionUser | null;
  private http: Http1Client | null = null;
  /** It ended or broke: there is nothing left to close. */
  private over = false;
  private readonly socket: StreamSocket;
  private readonly timer: TimerId;

  constructor(private readonly group: UpstreamGroup, readonly peer: number, server: HostId, port: number, user: ConnectionUser) {
    const { world, host, stack, endpoint } = group.owner;
    this.user = user;
    this.timer = world.timer(endpoint, 'upstreamKeepAlive', this);
    this.socket = stack.tcp.connect(server, port, {
      connected: () => {
        this.http = new Http1Client(world, host, this.socket, this);
        this.user?.connected();
      },
      received() {},
      ended() {},
      failed: (code) => this.broken(null, null, code),
    });
  }
  get flow(): number {
    return this.socket.flow.id;
  }
  send(head: RequestHead): void {
    this.requests++;
    this.http!.request(null, head);
  }
  take(user: ConnectionUser): void {
    this.group.owner.world.cancel(this.timer);
    this.user = user;
  }
  /** Waits for the next request, as long as nginx's keepalive_timeout allows. */
  rest(): void {
    const { world, settings } = this.group.owner;
    this.user = null;
    world.arm(this.timer, world.now + settings.keepaliveTimeout);
  }
  timerFired(): void {
    this.group.lost(this, 'IDLE_TIMEOUT');
  }
  /** Closes an idle connection, and says why. */
  drop(reason: string): void {
    this.group.tell('connection_dropped', this, this.group.owner.world.text(reason));
    this.close();
  }
  /** Nobody needs it any more, whatever state it is in. */
  close(): void {
    this.user = null;
    this.group.owner.world.cancel(this.timer);
    this.http?.abandon();
    if (!this.over) this.socket.close();
  }

  headReceived(_http: Http1Client, info: ResponseInfo, bytes: number): void {
    this.user?.head(info, bytes);
  }
  bodyReceived(_http: Http1Client, received: number): void {
    this.user?.body(received);
  }
  responseDone(_http: Http1Client, _row: null, info: ResponseInfo, reusable: boolean): void {
    this.user?.done(info, reusable);
  }
  broken(_http: Http1Client | null, _row: null, code: string): void {
    this.over = true;
    if (this.user) this.user.failed(code);
    else this.group.lost(this, code);
  }
}
