/**
 * A reverse proxy and load balancer in the manner of nginx: ends the clients' connections, TLS too, forwards by the longest prefix of
 * the path to a group of upstream servers, and serves what no route takes from its own site. Law: one worker, so one pool of connections.
 */
import type { EndpointId, HostId } from '../model/ids';
import type { HostKind, HostRuntime, World } from '../model/world';
import type { HttpServerOwner, ServerExchange, ServerResponse } from '../model/http/exchange';
import type { PriorityScheme } from '../model/http/priority';
import type { RequestHead } from '../model/http/request';
import { listenerSettings, listenHttp } from './http-listener';
import { PROXY_KINDS } from './kinds';
import { NginxWorkers } from './nginx-workers';
import { ProxiedRequest } from './proxied-request';
import { ProxyCache } from './proxy-cache';
import { proxySettings, type ProxySettings } from './proxy-settings';
import { NetStack } from './stack';
import { StaticSite } from './static-site';
import { UpstreamGroup, type UpstreamOwner, type UpstreamPlan } from './upstream';

/** Which requests go where: the longest prefix wins (nginx location). */
export interface Route {
  readonly prefix: string;
  readonly upstream: string;
}
/** The route of a path, or null. */
export function routeOf(routes: readonly Route[], path: string): Route | null {
  let best: Route | null = null;
  for (const route of routes) if (path.startsWith(route.prefix) && (!best || route.prefix.length > best.prefix.length)) best = route;
  return best;
}

class ReverseProxy implements HostRuntime, HttpServerOwner, UpstreamOwner {
  readonly keepAliveTimeout: number;
  readonly headerTimeout: number;
  readonly hsts: number;
  readonly altSvc: number;
  readonly flushesHead: boolean;
  readonly priorities: PriorityScheme;
  readonly maxBodySize: number;
  readonly endpoint: EndpointId;
  readonly stack: NetStack;
  readonly settings: ProxySettings;
  readonly workers: NginxWorkers;
  private readonly site: StaticSite;
  private readonly routes: readonly Route[];
  private readonly cache: ProxyCache | null;
  private readonly kinds;
  private readonly groups = new Map<string, UpstreamGroup>();

  constructor(readonly world: World, readonly host: HostId) {
    const plan = world.hostOf(host);
    this.stack = new NetStack(world, host);
    this.endpoint = world.endpoint(host, 'http', 'reverse-proxy', plan.name);
    this.settings = proxySettings(plan);
    this.kinds = world.kinds(PROXY_KINDS);
    this.cache = plan.params.proxyCache === true ? new ProxyCache() : null;
    this.workers = new NginxWorkers(world, host, this.endpoint);
    this.site = new StaticSite(world, host, this.endpoint, this.workers);
    this.routes = (plan.params.routes ?? []) as unknown as readonly Route[];
    for (const [name, group] of Object.entries((plan.params.upstreams ?? {}) as Record<string, UpstreamPlan>)) this.groups.set(name, new UpstreamGroup(this, name, group));
    ({ keepAliveTimeout: this.keepAliveTimeout, headerTimeout: this.headerTimeout, hsts: this.hsts, altSvc: this.altSvc, flushesHead: this.flushesHead, priorities: this.priorities, maxBodySize: this.maxBodySize } = listenerSettings(world, host));
  }
  receive(pdu: Parameters<HostRuntime['receive']>[0]): void {
    this.stack.receive(pdu);
  }
  stopped(): void {
    this.stack.stopped();
    this.site.stopped();
  }
  start(): void {
    listenHttp(this.world, this.host, this.stack, this);
  }
  handle(request: RequestHead, respond: (response: ServerResponse) => void, exchange: ServerExchange): boolean | void {
    const route = routeOf(this.routes, request.path.split('?')[0]!);
    const group = route && this.groups.get(route.upstream);
    if (!group) return this.site.answer(request, respond);
    const { cache } = this;
    const kept = cache?.lookUp(request, this.world.now);
    if (kept) return this.fromCache(request, exchange, () => respond(kept));
    new ProxiedRequest(group, request, respond, exchange, cache && {
      mayKeep: (info) => cache.mayKeep(request, info),
      keep: (info) => {
        cache.keep(request, info, this.world.now);
        this.world.note(this.kinds.answer_kept, this.endpoint, exchange.message, this.world.text(request.path), info.maxAge);
      },
    }).start();
  }
  private fromCache(request: RequestHead, exchange: ServerExchange, answer: () => void): void {
    const { world } = this;
    world.cause = world.note(this.kinds.answered_from_cache, this.endpoint, exchange.message, world.text(request.path));
    this.workers.compute(this.settings.cost, `answer ${request.path} from its cache`, answer);
  }
}

export const reverseProxy: HostKind = { id: 'reverse-proxy', create: (world, host) => new ReverseProxy(world, host) };
