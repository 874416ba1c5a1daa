/**
 * The client: takes the visits of the workload, resolves names, keeps connections, discovers what a document
 * refers to, and says what the user sees. Profiles: `plain` (one socket, no races), `curl`, `browser` (Chromium).
 */
import { SECOND } from '../base/time';
import type { EndpointId, EventId, HostId, TimerId } from '../model/ids';
import type { RequestRow } from '../model/request';
import type { HostKind, HostRuntime, ResourceHandler, World } from '../model/world';
import { TLS_FAILURES } from '../protocols/tls/errors';
import { StubResolver } from '../protocols/dns/stub';
import type { ReaderSetting } from '../protocols/tcp/slow-reader';
import type { Destination } from '../model/http/request';
import { VISIBLE_PICTURE } from '../model/http/priority';
import type { ResponseInfo } from '../model/http/response';
import { requestError } from './errors';
import { FirstScreen } from './first-screen';
import type { Http3Choice } from './http3-race';
import { HttpCache } from './http-cache';
import { BROWSER_KINDS } from './kinds';
import { Origin, type ClientCost, type Job, type KnownName, type OriginOwner } from './origin';
import { HOST_DEFAULTS, hostDefault } from './params';
import { NetStack } from './stack';
import { parseUrl, resolveUrl, type UrlParts } from './url';
import type { ClientProfile, Visit, Workload } from './workload';

/** What one user's browser knows and holds. */
interface Session {
  readonly origins: Map<string, Origin>;
  readonly names: Map<string, { addresses: readonly string[]; expires: number }>;
  readonly httpCache: HttpCache;
  /** Hosts that are asked over TLS only, and until when (RFC 6797). */
  readonly strict: Map<string, number>;
  /** Origins whose servers speak HTTP/3, and until when that is known (RFC 7838); and until when it is not tried again. */
  readonly alternatives: Map<string, number>;
  readonly broken: Map<string, number>;
  /** The same, known from the names' HTTPS records (RFC 9460 §9.3), by name. */
  readonly bound: Map<string, number>;
  /** By origin: the last round trip that was seen. */
  readonly roundTrips: Map<string, number>;
  /** The document on the screen: who goes to its address again reloads it, and a reload asks whether it still holds (Chromium ShouldTreatNavigationAsReload). */
  shown: string | null;
}
/** One visit: its document and what that refers to. */
interface Load {
  readonly visit: Visit;
  readonly session: Session;
  /** A redirect puts another in its place. */
  document: RequestRow;
  redirects: number;
  reloads: number;
  open: number;
  requests: number;
  /** Of a document that says which pictures are on its first screen. */
  screen?: FirstScreen<Job>;
}

/** Redirects in a row: Chromium net::URLRequest::kMaxRedirects, curl CURLOPT_MAXREDIRS. */
const MAX_REDIRECTS = { browser: 20, curl: 50, plain: 20 } as const;

class Browser implements HostRuntime, OriginOwner, ResourceHandler {
  readonly stack: NetStack;
  readonly profile: ClientProfile;
  readonly maxConnections: number;
  readonly pipelines: boolean;
  readonly connectTimeout: number;
  readonly handshakeTimeout: number;
  readonly unusedTimeout: number;
  readonly usedTimeout: number;
  readonly reading: ReaderSetting;
  readonly http2Windows;
  private readonly nameCacheTime: number;
  private readonly useHttp3: string;
  private readonly migrates: boolean;
  private readonly reloads: number;
  private readonly follows: boolean;
  private readonly caches: boolean;
  readonly coalesces: boolean;
  private readonly reprioritizes: boolean;
  private readonly asksHttps: boolean;
  readonly endpoint: EndpointId;
  private readonly kinds;
  private readonly workload: Workload;
  private readonly resolver: StubResolver | null;
  private readonly sessions = new Map<number, Session>();
  private readonly hostsFile: Readonly<Record<string, string>>;
  private readonly loads = new Map<number, Load>();
  private readonly limits = new Map<number, TimerId>();
  private readonly waiting: (() => void)[] = [];
  private nextVisit = 0;

  constructor(readonly world: World, readonly host: HostId) {
    const { name, params } = world.hostOf(host);
    this.kinds = world.kinds(BROWSER_KINDS);
    this.endpoint = world.endpoint(host, 'http', 'browser', name);
    this.workload = world.plan.workload as unknown as Workload;
    this.profile = this.workload.profile;
    const setting = (key: string): number => Number(params[key] ?? hostDefault(key));
    this.maxConnections = this.profile === 'browser' ? setting('maxConnections') : 1;
    this.pipelines = this.profile === 'plain' && params.pipelining === true;
    this.connectTimeout = this.workload.connectTimeout > 0 ? this.workload.connectTimeout : setting(this.profile === 'browser' ? 'browserConnectTimeout' : 'connectTimeout');
    this.handshakeTimeout = this.profile === 'browser' ? setting('browserHandshakeTimeout') : 0;
    this.unusedTimeout = setting('unusedSocketTimeout');
    this.usedTimeout = setting('usedSocketTimeout');
    this.reading = { rate: setting('readRate'), pauseAfter: setting('readPauseAfter'), pauseFor: setting('readPauseFor'), size: setting('readSize') };
    this.http2Windows = { stream: setting('http2StreamWindow'), connection: setting('http2ConnectionWindow') };
    this.nameCacheTime = setting('nameCacheTime');
    const use = String(params.useHttp3 ?? 'auto');
    this.useHttp3 = use !== 'auto' ? use : this.profile === 'browser' ? 'alt-svc' : 'off';
    this.migrates = params.migrates !== false;
    this.reloads = this.profile === 'browser' ? setting('reloads') : 0;
    const asks = params.httpsRecords ?? HOST_DEFAULTS.httpsRecords;
    this.asksHttps = this.profile === 'browser' && use === 'auto' && (asks === 'on' || (asks === 'auto' && hasBindings(world)));
    this.coalesces = this.profile === 'browser' && (params.coalesces ?? HOST_DEFAULTS.coalesces) === true;
    this.caches = this.profile !== 'curl';
    this.reprioritizes = (params.reprioritizes ?? HOST_DEFAULTS.reprioritizes) === true;
    this.follows = params.followRedirects === undefined ? this.profile !== 'curl' : params.followRedirects === true;
    // both ask a silent peer whether it is still there; the plain client does not
    const probe = this.profile === 'plain' ? 0 : setting(this.profile === 'browser' ? 'browserProbeAfter' : 'curlProbeAfter');
    this.stack = new NetStack(world, host, probe > 0 ? { keepAliveIdle: probe, keepAliveInterval: probe } : {});
    const server = typeof params.resolver === 'string' ? world.hostNamed(params.resolver) : -1;
    this.resolver = server >= 0 ? new StubResolver(world, host, this.stack.udp, server) : null;
    this.hostsFile = (params.hostsFile ?? {}) as Record<string, string>;
  }
  receive(pdu: Parameters<HostRuntime['receive']>[0]): void {
    this.stack.receive(pdu);
  }
  /** Only a browser listens for it; others find out by silence. */
  networkChanged(): void {
    if (this.profile !== 'browser') return;
    for (const { origins } of this.sessions.values()) for (const origin of origins.values()) origin.networkChanged(this.migrates);
  }
  stopped(): void {
    this.stack.stopped();
  }
  start(): void {
    if (this.workload.client !== this.world.hostOf(this.host).name) return;
    const { now } = this.world;
    if (this.workload.sequential && now === 0) return this.visitNext();
    // a machine that was switched on again makes the visits that are still to come
    for (const visit of this.workload.visits) if (visit.at >= now) this.at(visit.at, () => this.visit(visit));
  }
  private visitNext(): void {
    const visit = this.workload.visits[this.nextVisit++];
    if (visit) this.at(Math.max(visit.at, this.world.now), () => this.visit(visit));
  }
  private at(time: number, act: () => void): void {
    if (time <= this.world.now) act();
    else this.world.think(time - this.world.now, 'the user waits', this.endpoint, this, this.waiting.push(act) - 1);
  }
  resourceDone(tag: number): void {
    this.waiting[tag]!();
  }
  cost(key: ClientCost): number {
    return Number(this.world.hostOf(this.host).params[key] ?? hostDefault(key));
  }
  spend(key: ClientCost, what: string, then: () => void): void {
    const cost = this.cost(key);
    if (cost <= 0) then();
    else this.world.use(this.world.cpu(this.host), cost, what, this.endpoint, this, this.waiting.push(then) - 1);
  }

  private sessionOf(user: number): Session {
    let session = this.sessions.get(user);
    if (!session) {
      const names: Session['names'] = new Map();
      for (const [known, address] of Object.entries(this.hostsFile)) names.set(known, { addresses: [address], expires: Infinity });
      this.sessions.set(user, (session = { origins: new Map(), names, httpCache: new HttpCache(this.profile === 'browser'), strict: new Map(), alternatives: new Map(), broken: new Map(), bound: new Map(), roundTrips: new Map(), shown: null }));
    }
    return session;
  }
  private visit(visit: Visit): void {
    const { world } = this;
    const event = world.note(this.kinds.visit_started, this.endpoint, -1, world.text(visit.url));
    const row = world.request({ url: visit.url, method: visit.method ?? 'GET', host: this.host, endpoint: this.endpoint, resource: 'document', initiator: -1, ...(visit.main ? { main: true } : {}) }, event);
    const load: Load = { visit, session: this.sessionOf(visit.user ?? 1), document: row, redirects: 0, reloads: 0, open: 1, requests: 1 };
    const cause = world.cause;
    world.cause = event;
    this.fetch(row, load);
    world.cause = cause;
  }

  private fetch(row: RequestRow, load: Load): void {
    const { world, profile } = this;
    const navigation = row === load.document;
    const url = parseUrl(row.url);
    this.loads.set(row.id, load);
    if (!url) return this.fail(row, 'BAD_URL');
    const { session } = load;
    if (url.scheme === 'http' && (session.strict.get(url.host) ?? 0) > world.now) return this.upgrade(row, load);
    const cached = this.caches && row.method === 'GET' ? session.httpCache.lookUp(row.url, world.now) : null;
    const reload = navigation && profile === 'browser' && session.shown === row.url;
    if (cached?.fresh && !reload) {
      const event = world.note(this.kinds.served_from_cache, this.endpoint, row.id, world.text(row.url));
      row.fromCache = true;
      row.status = cached.info.status;
      row.protocol = 'h1';
      world.finish(row, event);
      return this.taken(row, cached.info);
    }
    if (cached?.validator) world.note(this.kinds.revalidating, this.endpoint, row.id, world.text(row.url));
    const job: Job = {
      row, retried: false,
      head: {
        method: row.method, path: url.path, host: url.authority, secure: url.scheme === 'https', client: profile, destination: row.resource as Destination,
        referrer: navigation ? null : load.document.url, keepAlive: true, ...bodyOf(load, row, profile), ...(cached?.validator ? { validator: cached.validator } : {}), ...(reload ? { reload } : {}),
      },
    };
    load.screen?.asks(row.url, job);
    if (this.workload.maxTime) this.limit(job, session, url, this.workload.maxTime);
    const go = (): void => this.originOf(session, url).add(job, navigation && profile === 'browser');
    if (navigation && !session.origins.has(url.origin)) this.spend('startCost', 'start', go);
    else go();
  }
  /** Gives the whole request up after a time (curl --max-time). */
  private limit(job: Job, session: Session, url: UrlParts, after: number): void {
    const { world } = this;
    const timer = world.timer(this.endpoint, 'maxTime', {
      timerFired: () => {
        this.originOf(session, url).cancel(job);
        this.fail(job.row, 'MAX_TIME');
      },
    });
    this.limits.set(job.row.id, timer);
    world.arm(timer, world.now + after);
  }
  private originOf(session: Session, url: UrlParts): Origin {
    let origin = session.origins.get(url.origin);
    if (!origin) session.origins.set(url.origin, (origin = new Origin(this, url, this.http3Of(session, url), () => session.origins.values())));
    return origin;
  }

  /** RFC 7838 §2.2: what a server has said of an origin is remembered; what did not work is not tried again for a while. */
  private http3Of({ alternatives, broken, bound, roundTrips }: Session, url: UrlParts): Http3Choice {
    const { origin } = url;
    const { world, useHttp3 } = this, { params } = world.hostOf(this.host);
    return {
      use: () => {
        if (useHttp3 === 'only' || useHttp3 === 'race') return useHttp3;
        const known = Math.max(alternatives.get(origin) ?? 0, (url.port === HTTPS_PORT ? bound.get(url.host) : undefined) ?? 0);
        return useHttp3 === 'alt-svc' && known > world.now && (broken.get(origin) ?? 0) <= world.now ? 'known' : 'no';
      },
      delay: (races) => {
        if (races) return Number(params.http3RaceDelay ?? hostDefault('http3RaceDelay'));
        const known = roundTrips.get(origin);
        return known !== undefined && params.http3Delay === undefined ? HEAD_START * known : Number(params.http3Delay ?? hostDefault('http3Delay'));
      },
      took: (roundTrip) => void roundTrips.set(origin, roundTrip),
      broken: () => void broken.set(origin, world.now + BROKEN_FOR),
    };
  }
  lookUp(name: string, row: RequestRow, done: (result: KnownName) => void): void {
    const { world } = this;
    const { names, bound } = this.loads.get(row.id)!.session;
    const known = names.get(name);
    if (known && known.expires > world.now) {
      world.note(this.kinds.name_cached, this.endpoint, row.id, world.text(name));
      return done({ addresses: known.addresses, error: null, cached: true });
    }
    if (!this.resolver) return world.unmodelled(`${world.hostOf(this.host).name} has no resolver and does not know ${name}`);
    const url = parseUrl(row.url);
    this.resolver.lookUp(name, (result) => {
      if (result.alpn.includes('h3')) bound.set(name, world.now + result.alpnTtl * 1e9);
      if (!result.error) names.set(name, { addresses: result.addresses, expires: world.now + Math.min(this.nameCacheTime, result.ttlSeconds * 1e9) });
      const cause = world.cause;
      world.cause = result.event;
      done({ addresses: result.addresses, error: result.error, cached: false });
      world.cause = cause;
    }, this.asksHttps && url?.scheme === 'https' && url.port === HTTPS_PORT);
  }

  done(job: Job, info: ResponseInfo): void {
    const { row } = job, { world, kinds, endpoint } = this;
    const { httpCache, strict, alternatives } = this.loads.get(row.id)!.session;
    const host = job.head.host.split(':')[0]!;
    if (info.head.hsts !== undefined && job.head.secure) strict.set(host, world.now + info.head.hsts * 1e9);
    if (info.head.altSvc !== undefined && job.head.secure) alternatives.set(parseUrl(row.url)!.origin, world.now + info.head.altSvc * 1e9);
    if (info.status === 304) {
      world.note(kinds.still_valid, endpoint, row.id, world.text(row.url));
      return this.taken(row, httpCache.refresh(row.url, info, world.now));
    }
    if (this.caches && row.method === 'GET') httpCache.store(row.url, info, world.now);
    this.taken(row, info);
  }
  /** RFC 6797 §8.3: a redirect of the browser's own (Chromium: 307 Internal Redirect). */
  private upgrade(row: RequestRow, load: Load): void {
    const { world } = this;
    const to = row.url.replace(/^http:/, 'https:').replace(/^(https:\/\/[^/:]+):80(?=\/|$)/, '$1');
    row.status = 307;
    row.fromCache = true;
    const event = world.note(this.kinds.upgraded, this.endpoint, row.id, world.text(to));
    world.finish(row, event);
    this.follow(row, load, to, event);
  }
  /** Asks again where an answer sends it (Fetch §4.4). */
  private redirected(row: RequestRow, load: Load, info: ResponseInfo): void {
    const { world } = this;
    const to = resolveUrl(parseUrl(row.url)!, info.head.location!);
    this.follow(row, load, to, world.note(this.kinds.redirected, this.endpoint, row.id, world.text(to), info.status));
  }
  private follow(row: RequestRow, load: Load, to: string, event: EventId): void {
    load.screen?.moved(row.url, to);
    // 301, 302 and 303 turn a POST into a GET (Fetch §4.4)
    const method = row.method === 'POST' && (row.status === 301 || row.status === 302) ? 'GET' : row.method;
    const { world } = this, { cause } = world;
    world.cause = event;
    if (++load.redirects > MAX_REDIRECTS[this.profile]) this.fail(this.another(row, load, to, method, event), 'TOO_MANY_REDIRECTS');
    else this.askInstead(row, load, to, method, event);
    world.cause = cause;
  }
  private askInstead(row: RequestRow, load: Load, to: string, method: string, event: EventId): void {
    const { world } = this, { cause } = world;
    world.cause = event;
    this.fetch(this.another(row, load, to, method, event), load);
    world.cause = cause;
  }
  /** The request that takes another's place. */
  private another(row: RequestRow, load: Load, to: string, method: string, event: EventId): RequestRow {
    const document = row === load.document;
    load.requests++;
    const next = this.world.request({ url: to, method, host: this.host, endpoint: this.endpoint, resource: row.resource, initiator: row.id, ...(document && (load.visit.main || row.id === 0) ? { main: true } : {}) }, event);
    if (document) load.document = next;
    this.loads.set(next.id, load);
    return next;
  }
  /** A response is complete, from the network or from the cache. */
  private taken(row: RequestRow, info: ResponseInfo): void {
    const load = this.loads.get(row.id)!;
    const document = row === load.document;
    this.unlimit(row);
    if (info.head.location !== undefined && this.follows) return this.redirected(row, load, info);
    if (document) {
      load.session.shown = row.url;
      this.world.note(this.kinds.shown, this.endpoint, row.id, this.world.text(row.url));
    }
    if (info.links.length === 0 || this.profile === 'curl' || !(document || REFERRING.includes(row.resource))) return this.complete(row, load);
    this.spend('parseDelay', document ? 'parse the document' : 'read what it refers to', () => {
      if (document && info.head.inView) load.screen = this.screenOf(row, load, info.head.inView);
      this.fetchAll(row, load, info.links);
      if (document) load.screen?.parsed();
      this.complete(row, load);
    });
  }
  private screenOf(row: RequestRow, load: Load, inView: readonly string[]): FirstScreen<Job> {
    const { world, kinds, endpoint } = this;
    const base = parseUrl(row.url)!;
    const screen: FirstScreen<Job> = new FirstScreen(inView.map((link) => resolveUrl(base, link)), {
      layOut: () => this.spend('layoutDelay', 'lay out the page', () => {
        const { cause } = world;
        world.cause = world.note(kinds.laid_out, endpoint, row.id, inView.length);
        screen.layoutDone();
        world.cause = cause;
      }),
      raise: (jobs) => {
        if (this.reprioritizes) for (const job of jobs) this.originOf(load.session, parseUrl(job.row.url)!).reprioritize(job, VISIBLE_PICTURE);
      },
      complete: () => void world.note(kinds.first_screen_complete, endpoint, row.id, world.text(row.url)),
    });
    return screen;
  }
  private complete(row: RequestRow, load: Load): void {
    if (row !== load.document) load.screen?.over(row.url, row.resource as Destination);
    this.ended(load);
  }
  /** Asks for what a document, stylesheet or script refers to, in its order, each address once. */
  private fetchAll(row: RequestRow, load: Load, links: readonly string[]): void {
    const { world } = this;
    const base = parseUrl(row.url)!;
    const addresses = new Set(links.map((link) => resolveUrl(base, link)));
    const cause = world.cause;
    world.cause = world.note(row === load.document ? this.kinds.document_parsed : this.kinds.references_found, this.endpoint, row.id, addresses.size);
    load.open += addresses.size;
    load.requests += addresses.size;
    for (const url of addresses) {
      const event = world.note(this.kinds.request_queued, this.endpoint, world.requests.length, world.text(url));
      load.screen?.needs(resourceOf(url));
      this.fetch(world.request({ url, method: 'GET', host: this.host, endpoint: this.endpoint, resource: resourceOf(url), initiator: row.id }, event), load);
    }
    world.cause = cause;
  }
  failed(job: Job, code: string): void {
    this.fail(job.row, code);
  }
  private fail(row: RequestRow, code: string): void {
    const { world } = this;
    const load = this.loads.get(row.id)!;
    this.unlimit(row);
    row.error = requestError(code);
    const event = world.note(this.kinds.request_failed, this.endpoint, row.id, world.text(code));
    world.finish(row, event);
    if (row !== load.document) return this.complete(row, load);
    world.note(this.kinds.error_shown, this.endpoint, row.id, world.text(row.error.browser));
    if (load.reloads >= this.reloads || row.method === 'POST' || TLS_FAILURES[code]) return this.complete(row, load);
    this.at(world.now + RELOAD_AFTER[load.reloads++]!, () => this.reload(row, load));
  }
  /** Again from the beginning, by itself. */
  private reload(row: RequestRow, load: Load): void {
    const { world } = this;
    const event = world.note(this.kinds.reloaded, this.endpoint, row.id, world.text(row.url), load.reloads);
    this.askInstead(row, load, row.url, row.method, event);
  }
  private unlimit(row: RequestRow): void {
    const timer = this.limits.get(row.id);
    if (timer !== undefined) this.world.cancel(timer);
  }
  private ended(load: Load): void {
    if (--load.open > 0) return;
    const { world } = this;
    world.note(this.kinds.load_ended, this.endpoint, load.document.id, world.text(load.visit.url), load.requests);
    if (this.workload.sequential && this.nextVisit < this.workload.visits.length) return this.visitNext();
    if (this.profile === 'curl') this.spend('closeCost', 'end of the process', () => load.session.origins.forEach((o) => o.closeIdle()));
  }
}

/** Chromium net_error_auto_reloader.cc. */
const RELOAD_AFTER = [1 * SECOND, 5 * SECOND, 30 * SECOND] as const;
/** What may need more than itself, beside a document: @import and url() of a stylesheet, what a script asks for. */
const REFERRING: readonly string[] = ['stylesheet', 'script'];
/** For other ports the name would be another (RFC 9460 §9.1). */
const HTTPS_PORT = 443;
/** Some host of the run knows an HTTPS record. */
function hasBindings({ plan }: World): boolean {
  const is = (r: unknown): boolean => (r as { type?: unknown }).type === 'HTTPS';
  return plan.hosts.some(({ params }) => [params.zones, params.localData].some((zones) => Object.values((zones ?? {}) as Record<string, readonly unknown[]>).some((records) => records.some(is))) || ((params.cache ?? []) as readonly unknown[]).some(is));
}
/** Chromium net/http/broken_alternative_services.cc: five minutes to begin with. */
const BROKEN_FOR = 300 * SECOND;
/** Measured with Chromium 156: where a round trip of 30 ms is known TCP begins 62 ms after QUIC (QuicSessionPool::GetTimeDelayForWaitingJob goes by the smoothed one). */
const HEAD_START = 2;
/** curl asks first when it has more than this to send (lib/http.h EXPECT_100_THRESHOLD). */
const EXPECT_THRESHOLD = 1_048_576;
/** The content of a visit's own request, which goes with a redirect that keeps the method. */
function bodyOf(load: Load, row: RequestRow, profile: ClientProfile): { body?: number; expect?: boolean } {
  const { body } = load.visit;
  if (body === undefined || row !== load.document || !WITH_CONTENT.includes(row.method)) return {};
  return profile === 'curl' && body > EXPECT_THRESHOLD ? { body, expect: true } : { body };
}
const WITH_CONTENT: readonly string[] = ['POST', 'PUT', 'PATCH'];

function resourceOf(link: string): Destination {
  if (/\.(png|jpe?g|svg|webp|gif|ico)(\?|$)/.test(link)) return 'image';
  if (/\.css(\?|$)/.test(link)) return 'stylesheet';
  return /\.m?js(\?|$)/.test(link) ? 'script' : 'other';
}

export const browser: HostKind = { id: 'browser', create: (world, host) => new Browser(world, host) };
