/**
 * One request on its way through a reverse proxy: chooses a server, connects or reuses a connection, forwards, passes the response on,
 * asks the next server after a failure, answers 502 or 504 itself. Law: nginx 1.22, ngx_http_upstream.c and ngx_event_pipe.c.
 */
import type { EventId, TimerId } from '../model/ids';
import type { TimerHandler } from '../model/world';
import type { ExchangeUser, ServerExchange, ServerResponse } from '../model/http/exchange';
import type { RequestHead } from '../model/http/request';
import type { ResponseInfo } from '../model/http/response';
import { PROXY_KINDS } from './kinds';
import { pageFor } from './static-site';
import type { ConnectionUser, UpstreamConnection, UpstreamGroup } from './upstream';

/** Methods whose request is not sent a second time (RFC 9110 §9.2.2; nginx proxy_next_upstream without non_idempotent). */
const NOT_REPEATED: readonly string[] = ['POST', 'LOCK', 'PATCH'];
const FORWARD = 0, PASS = 1;

/** Where answers are kept (nginx proxy_cache). */
export interface AnswerCache {
  /** Whether this answer, or before its head (`null`) any answer to the request, may be kept (nginx u->cacheable). */
  mayKeep(info: ResponseInfo | null): boolean;
  keep(info: ResponseInfo): void;
}
const STAYED = 0, CLOSED_UPSTREAM = 1, GOES_ON = 2;

export class ProxiedRequest implements ConnectionUser, ExchangeUser, TimerHandler {
  private readonly kinds;
  private readonly connectTimer: TimerId;
  private readonly readTimer: TimerId;
  private readonly tried = new Set<number>();
  /** Servers that may still be asked. */
  private tries: number;
  private peer = -1;
  private connection: UpstreamConnection | null = null;
  private reused = false;
  private sent = false;
  private over = false;
  /** The client has left, and the upstream is let finish for the cache. */
  private alone = false;
  // the response: its head, what has come of the body, what was passed on (-1: not even the head)
  private info: ResponseInfo | null = null;
  private headBytes = 0;
  private received = 0;
  private passed = -1;
  private ready = false;
  /** All has come that will come: nothing is held back any more. */
  private complete = false;
  /** Why the rest will not come. */
  private broken = '';

  constructor(private readonly group: UpstreamGroup, private readonly request: RequestHead, private readonly respond: (response: ServerResponse) => void, private readonly exchange: ServerExchange, private readonly cache: AnswerCache | null = null) {
    const { world, endpoint, settings } = group.owner;
    this.kinds = world.kinds(PROXY_KINDS);
    this.connectTimer = world.timer(endpoint, 'proxyConnectTimeout', this);
    this.readTimer = world.timer(endpoint, 'proxyReadTimeout', this);
    this.tries = settings.tries > 0 ? Math.min(settings.tries, group.peers.length) : group.peers.length;
    exchange.user = this;
  }
  start(): void {
    this.spend(`forward ${this.request.path}`, FORWARD);
  }
  private spend(what: string, tag: number): void {
    const { workers, settings } = this.group.owner;
    workers.compute(settings.cost, what, () => this.resourceDone(tag));
  }
  private resourceDone(tag: number): void {
    if (this.over) return;
    if (tag === FORWARD) return this.tryNext();
    this.ready = true;
    this.pass();
    if (this.broken && !this.alone) this.cut();
  }
  private note(kind: Exclude<keyof typeof PROXY_KINDS.kinds, 'upstream_marked_down' | 'connection_kept' | 'connection_dropped' | 'answer_kept' | 'answered_from_cache'>, a = 0, b = 0): EventId {
    const { world, endpoint } = this.group.owner;
    return world.note(this.kinds[kind], endpoint, this.exchange.message, a, b);
  }
  /** Acts with `event` as the cause of what follows. */
  private after(event: EventId, act: () => void): void {
    const { world } = this.group.owner;
    const { cause } = world;
    world.cause = event;
    act();
    world.cause = cause;
  }
  private text(text: string): number {
    return this.group.owner.world.text(text);
  }
  private get server(): number {
    return this.text(this.group.titles[this.peer]!);
  }

  // --- asking a server -----------------------------------------------------------------------------------

  private tryNext(): void {
    const { group } = this;
    const { world, settings } = group.owner;
    this.peer = group.choose(this.tried);
    if (this.peer < 0) return this.answer(502, 'NO_LIVE_UPSTREAMS');
    this.tried.add(this.peer);
    this.sent = false;
    this.note('upstream_chosen', this.server, this.text(group.balance));
    this.connection = group.reuse(this.peer, this, this.exchange.message);
    this.reused = this.connection !== null;
    if (this.reused) return this.forward();
    this.after(this.note('upstream_connecting', this.server), () => {
      world.arm(this.connectTimer, world.now + settings.connectTimeout);
      this.connection = group.connect(this.peer, this);
    });
  }
  connected(): void {
    this.group.owner.world.cancel(this.connectTimer);
    this.note('upstream_connected', this.server);
    this.forward();
  }
  private forward(): void {
    const { group, request } = this;
    const { world, settings } = group.owner;
    const keepAlive = group.keepalive > 0;
    this.sent = true;
    this.after(this.note('request_forwarded', this.server, this.text(request.path)), () => {
      this.connection!.send({ ...request, expect: false, host: group.name, keepAlive, proxied: keepAlive ? '1.1' : settings.http });
      world.arm(this.readTimer, world.now + settings.readTimeout);
    });
  }
  timerFired(timer: TimerId): void {
    const reason = timer === this.connectTimer ? 'CONNECT_TIMEOUT' : 'READ_TIMEOUT';
    this.after(this.note('upstream_failed', this.server, this.text(reason)), () => this.upstreamFailed(reason, true));
  }
  failed(code: string): void {
    this.after(this.note('upstream_failed', this.server, this.text(code)), () => this.upstreamFailed(code, false));
  }
  /** What an upstream's failure means: another try, an answer of the proxy's own, or the end of a response that is under way. */
  private upstreamFailed(reason: string, timeout: boolean): void {
    const { group, request } = this;
    const { settings } = group.owner;
    this.leave();
    if (this.info) {
      group.release(this.peer, false);
      this.broken = reason;
      this.complete = true;
      if (this.alone) return void (this.over = true);
      return this.ready ? this.cut() : undefined;
    }
    group.release(this.peer, true);
    // nobody waits any more: no other server is asked
    if (this.alone) return void (this.over = true);
    this.tries = group.peers.length === 1 ? 0 : this.tries - 1;
    // a kept connection that closed says little about its server: the try is given back
    if (this.reused && !timeout) this.tries++;
    const allowed = settings.next.includes(timeout ? 'timeout' : 'error') && !(this.sent && NOT_REPEATED.includes(request.method));
    if (this.tries > 0 && allowed) return this.tryNext();
    this.answer(timeout ? 504 : 502, reason);
  }
  /** Lets the connection and the timers go. */
  private leave(): void {
    const { world } = this.group.owner;
    world.cancel(this.connectTimer);
    world.cancel(this.readTimer);
    this.connection?.close();
    this.connection = null;
  }
  private answer(status: number, reason: string): void {
    this.over = true;
    this.after(this.note('error_returned', status, this.text(reason)), () => this.respond(pageFor(status)));
  }
  /** A status that is out cannot be taken back: what is there is passed on, then the client's connection is closed. */
  private cut(): void {
    this.over = true;
    this.after(this.note('response_cut', this.text(this.broken)), () => {
      this.pass();
      this.exchange.cut();
    });
  }
  /** nginx 499: the upstream's connection is closed as well, unless its answer is for the cache (ngx_http_upstream_check_broken_connection). */
  clientGone(): void {
    if (this.over || this.alone) return;
    const asked = this.peer >= 0 && !this.complete, goesOn = asked && (this.cache?.mayKeep(this.info) ?? false);
    this.after(this.note('client_gone', goesOn ? GOES_ON : this.connection ? CLOSED_UPSTREAM : STAYED), () => {
      if (goesOn) this.alone = true;
      else this.giveUp(asked);
    });
  }
  private giveUp(asked: boolean): void {
    this.over = true;
    this.leave();
    if (asked) this.group.release(this.peer, false);
  }

  // --- passing the response on ---------------------------------------------------------------------------

  head(info: ResponseInfo, bytes: number): void {
    this.info = info;
    this.headBytes = bytes;
    // it may not be kept after all
    if (this.alone && !this.cache!.mayKeep(info)) return this.giveUp(true);
    this.after(this.note('response_head_received', info.status, info.contentLength), () => this.spend(`pass ${this.request.path} on`, PASS));
  }
  body(received: number): void {
    const { world, settings } = this.group.owner;
    this.received = received;
    if (received >= this.info!.contentLength) return;
    world.arm(this.readTimer, world.now + settings.readTimeout);
    this.pass();
  }
  done(info: ResponseInfo, reusable: boolean): void {
    const { group } = this;
    const { world } = group.owner;
    const connection = this.connection!;
    this.complete = true;
    world.cancel(this.readTimer);
    this.connection = null;
    group.release(this.peer, false);
    this.after(this.note('response_received', info.status, info.contentLength), () => {
      if (this.cache?.mayKeep(info)) this.cache.keep(info);
      this.pass();
      if (reusable) group.keep(connection);
      else connection.close();
    });
  }
  /** With buffering whole buffers only, the first with the head in it, until all is there; without it what has come. */
  private pass(): void {
    const { info, exchange, received, headBytes } = this;
    const { buffering, bufferSize } = this.group.owner.settings;
    if (!info || !this.ready || this.alone) return;
    const upTo = buffering && !this.complete ? Math.floor((headBytes + received) / bufferSize) * bufferSize - headBytes : received;
    if (upTo < 0 || upTo <= this.passed) return this.finish();
    const { passed } = this;
    this.passed = upTo;
    if (passed >= 0) exchange.more(upTo - passed);
    else {
      exchange.begin({ head: { ...info.head, keepAlive: true }, links: info.links }, upTo);
    }
    this.finish();
  }
  private finish(): void {
    if (this.passed === this.info!.contentLength) this.over = true;
  }
}
