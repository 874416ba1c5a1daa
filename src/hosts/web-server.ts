/** A web server in the manner of nginx: static files at their cost, everything else after a fixed think time. */
import type { HostId } from '../model/ids';
import type { HostKind, HostRuntime, World } from '../model/world';
import type { HttpServerOwner, ServerResponse } from '../model/http/exchange';
import type { PriorityScheme } from '../model/http/priority';
import type { RequestHead } from '../model/http/request';
import { listenerSettings, listenHttp } from './http-listener';
import { NginxWorkers } from './nginx-workers';
import { NetStack } from './stack';
import { StaticSite } from './static-site';

class WebServer implements HostRuntime, HttpServerOwner {
  readonly keepAliveTimeout: number;
  readonly headerTimeout: number;
  readonly writesApart: boolean;
  readonly hsts: number;
  readonly altSvc: number;
  readonly flushesHead: boolean;
  readonly priorities: PriorityScheme;
  readonly maxBodySize: number;
  private readonly stack: NetStack;
  private readonly site: StaticSite;

  constructor(private readonly world: World, private readonly host: HostId) {
    this.stack = new NetStack(world, host);
    const endpoint = world.endpoint(host, 'compute', 'web-server', world.hostOf(host).name);
    this.site = new StaticSite(world, host, endpoint, new NginxWorkers(world, host, endpoint));
    ({ keepAliveTimeout: this.keepAliveTimeout, headerTimeout: this.headerTimeout, writesApart: this.writesApart, hsts: this.hsts, altSvc: this.altSvc, flushesHead: this.flushesHead, priorities: this.priorities, maxBodySize: this.maxBodySize } = listenerSettings(world, host));
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
  handle(request: RequestHead, respond: (response: ServerResponse) => void): boolean {
    return this.site.answer(request, respond);
  }
}

export const webServer: HostKind = { id: 'web-server', create: (world, host) => new WebServer(world, host) };
