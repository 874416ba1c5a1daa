/**
 * The client: takes the visits of the workload, resolves names, keeps connections, discovers what a document
 * refers to, and says what the user sees. Profiles: `plain` (one socket, no races), `curl`, `browser` (Chromium).
 */
import type { EndpointId, EventId, HostId } from '../model/ids';
import type { RequestRow } from '../model/request';
import type { HostKind, HostRuntime, ResourceHandler, World } from '../model/world';
import { StubResolver, type LookUpResult } from '../protocols/dns/stub';
import type { ResponseInfo } from '../protocols/http1/client';
import { requestError } from './errors';
import { BROWSER_KINDS } from './kinds';
import { Origin, type Job, type OriginOwner } from './origin';
import { hostDefault } from './params';
import { NetStack } from './stack';
import { parseUrl, resolveUrl, type UrlParts } from './url';
import type { ClientProfile, Visit, Workload } from './workload';

const ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8';
/** Chromium keeps what the system resolver said for a minute; so does curl in one process. */
const NAME_CACHE_NS = 60e9;

interface Load {
  readonly visit: Visit;
  readonly document: RequestRow | null;
  open: number;
  requests: number;
  failed: boolean;
}

class Browser implements HostRuntime, OriginOwner, ResourceHandler {
  readonly stack: NetStack;
  readonly profile: ClientProfile;
  readonly maxConnections: number;
  readonly connectTimeout: number;
  private readonly endpoint: EndpointId;
  private readonly kinds;
  private readonly workload: Workload;
  private readonly resolver: StubResolver | null;
  private readonly origins = new Map<string, Origin>();
  private readonly names = new Map<string, { addresses: readonly string[]; expires: number }>();
  private readonly httpCache = new Map<string, { expires: number; info: ResponseInfo }>();
  private readonly loads = new Map<number, Load>();
  private readonly waiting: (() => void)[] = [];
  private nextVisit = 0;

  constructor(readonly world: World, readonly host: HostId) {
    const { name, params } = world.hostOf(host);
    this.stack = new NetStack(world, host);
    this.kinds = world.kinds(BROWSER_KINDS);
    this.endpoint = world.endpoint(host, 'http', 'browser', name);
    this.workload = world.plan.workload as unknown as Workload;
    this.profile = this.workload.profile;
    this.maxConnections = this.profile === 'browser' ? Number(params.maxConnections ?? hostDefault('maxConnections')) : 1;
    this.connectTimeout = this.workload.connectTimeout > 0 ? this.workload.connectTimeout : this.profile === 'browser' ? 240e9 : 300e9;
    const server = typeof params.resolver === 'string' ? world.hostNamed(params.resolver) : -1;
    this.resolver = server >= 0 ? new StubResolver(world, host, this.stack.udp, server) : null;
    for (const [known, address] of Object.entries((params.hostsFile ?? {}) as Record<string, string>)) this.names.set(known, { addresses: [address], expires: Infinity });
  }
  receive(pdu: Parameters<HostRuntime['receive']>[0]): void {
    this.stack.receive(pdu);
  }
  stopped(): void {
    this.stack.stopped();
  }
  start(): void {
    if (this.workload.client !== this.world.hostOf(this.host).name) return;
    if (this.workload.sequential) return this.visitNext();
    for (const visit of this.workload.visits) this.at(visit.at, () => this.visit(visit));
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
  spend(key: 'lookUpCost' | 'requestCost' | 'closeCost' | 'startCost', what: string, then: () => void): void {
    const cost = Number(this.world.hostOf(this.host).params[key] ?? 0);
    if (cost <= 0) then();
    else this.world.use(this.world.cpu(this.host), cost, what, this.endpoint, this, this.waiting.push(then) - 1);
  }

  private visit(visit: Visit): void {
    const { world } = this;
    const event = world.note(this.kinds.visit_started, this.endpoint, -1, world.text(visit.url));
    const row = world.request({ url: visit.url, method: 'GET', host: this.host, endpoint: this.endpoint, resource: 'document', initiator: -1 }, event);
    const load: Load = { visit, document: row, open: 1, requests: 1, failed: false };
    this.loads.set(row.id, load);
    const cause = world.cause;
    world.cause = event;
    this.fetch(row, load, true);
    world.cause = cause;
  }

  private fetch(row: RequestRow, load: Load, navigation: boolean): void {
    const { world } = this;
    const url = parseUrl(row.url);
    this.loads.set(row.id, load);
    if (!url) return this.fail(row, load, 'BAD_URL');
    const cached = this.httpCache.get(row.url);
    if (cached && cached.expires > world.now && !navigation) {
      const event = world.note(this.kinds.served_from_cache, this.endpoint, row.id, world.text(row.url));
      row.fromCache = true;
      row.status = cached.info.status;
      row.protocol = 'h1';
      world.finish(row, event);
      return this.ended(load);
    }
    const job: Job = {
      row, retried: false,
      head: { method: row.method, path: url.path, host: url.host, client: this.profile, accept: navigation ? ACCEPT : '*/*', keepAlive: true },
    };
    const first = navigation && !this.origins.has(url.origin);
    const go = (): void => this.originOf(url).add(job, first && this.profile === 'browser');
    if (first) this.spend('startCost', 'start', go);
    else go();
  }
  private originOf(url: UrlParts): Origin {
    let origin = this.origins.get(url.origin);
    if (!origin) this.origins.set(url.origin, (origin = new Origin(this, url)));
    return origin;
  }

  lookUp(name: string, row: RequestRow, done: (result: Pick<LookUpResult, 'addresses' | 'error'>) => void): void {
    const { world } = this;
    const known = this.names.get(name);
    if (known && known.expires > world.now) {
      world.note(this.kinds.name_cached, this.endpoint, row.id, world.text(name));
      return done({ addresses: known.addresses, error: null });
    }
    if (!this.resolver) return world.unmodelled(`${world.hostOf(this.host).name} has no resolver and does not know ${name}`);
    this.resolver.lookUp(name, (result) => {
      if (!result.error) this.names.set(name, { addresses: result.addresses, expires: world.now + Math.min(NAME_CACHE_NS, result.ttlSeconds * 1e9) });
      const cause = world.cause;
      world.cause = result.event;
      done(result);
      world.cause = cause;
    });
  }

  done(job: Job, info: ResponseInfo): void {
    const { world } = this;
    const { row } = job;
    const load = this.loads.get(row.id)!;
    const url = parseUrl(row.url)!;
    if (info.maxAge > 0) this.httpCache.set(row.url, { expires: world.now + info.maxAge * 1e9, info });
    if (row === load.document) world.note(this.kinds.shown, this.endpoint, row.id, world.text(row.url));
    if (row === load.document && info.links.length > 0) {
      const delay = Number(world.hostOf(this.host).params.parseDelay ?? hostDefault('parseDelay'));
      const act = (): void => {
        const parsed = world.note(this.kinds.document_parsed, this.endpoint, row.id, info.links.length);
        for (const link of info.links) {
          const address = resolveUrl(url, link);
          const event = world.note(this.kinds.request_queued, this.endpoint, world.requests.length, world.text(address));
          const child = world.request({ url: address, method: 'GET', host: this.host, endpoint: this.endpoint, resource: resourceOf(link), initiator: row.id }, event);
          load.open++;
          load.requests++;
          this.fetch(child, load, false);
        }
        void parsed;
        this.ended(load);
      };
      if (delay > 0) return world.use(world.cpu(this.host), delay, 'parse the document', this.endpoint, this, this.waiting.push(act) - 1);
      return act();
    }
    this.ended(load);
  }
  failed(job: Job, code: string): void {
    this.fail(job.row, this.loads.get(job.row.id)!, code);
  }
  private fail(row: RequestRow, load: Load, code: string): void {
    const { world } = this;
    row.error = requestError(code);
    const event = world.note(this.kinds.request_failed, this.endpoint, row.id, world.text(code));
    world.finish(row, event);
    if (row === load.document) {
      load.failed = true;
      world.note(this.kinds.error_shown, this.endpoint, row.id, world.text(row.error.browser));
    }
    this.ended(load);
  }
  private ended(load: Load): void {
    if (--load.open > 0) return;
    const { world } = this;
    world.note(this.kinds.load_ended, this.endpoint, -1, world.text(load.visit.url), load.requests);
    if (this.workload.sequential && this.nextVisit < this.workload.visits.length) return this.visitNext();
    if (this.profile === 'curl') this.spend('closeCost', 'end of the process', () => this.origins.forEach((o) => o.closeIdle()));
  }
}

function resourceOf(link: string): string {
  if (/\.(png|jpe?g|svg|webp|gif|ico)(\?|$)/.test(link)) return 'image';
  if (/\.css(\?|$)/.test(link)) return 'stylesheet';
  return /\.m?js(\?|$)/.test(link) ? 'script' : 'other';
}

export const browser: HostKind = { id: 'browser', create: (world, host) => new Browser(world, host) };
export type { EventId };
