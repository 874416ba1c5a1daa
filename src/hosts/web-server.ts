/** A web server in the manner of nginx: static files at their cost, everything else after a fixed think time. */
import type { AnswerFault } from '../model/fault';
import type { EndpointId, HostId } from '../model/ids';
import type { HostKind, HostRuntime, ResourceHandler, World } from '../model/world';
import { badRequest, Http1Server, type HttpServerOwner, type ServerResponse } from '../protocols/http1/server';
import { errorPage, type RequestHead } from '../protocols/http1/codec';
import { tlsServer } from '../protocols/tls/server';
import { hostDefault } from './params';
import { NetStack } from './stack';
import type { Site, SiteResource } from './workload';

class WebServer implements HostRuntime, HttpServerOwner, ResourceHandler {
  readonly keepAliveTimeout: number;
  readonly headerTimeout: number;
  private readonly stack: NetStack;
  private readonly endpoint: EndpointId;
  private readonly site: Site;
  private readonly faults: readonly AnswerFault[];
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly world: World, private readonly host: HostId) {
    const { params, name } = world.hostOf(host);
    this.stack = new NetStack(world, host);
    this.endpoint = world.endpoint(host, 'compute', 'web-server', name);
    this.site = (params.site ?? {}) as unknown as Site;
    this.keepAliveTimeout = Number(params.keepAliveTimeout ?? hostDefault('keepAliveTimeout'));
    this.headerTimeout = Number(params.headerTimeout ?? hostDefault('headerTimeout'));
    this.faults = world.plan.faults.filter((f): f is AnswerFault => f.type === 'answer' && f.host === name);
  }
  receive(pdu: Parameters<HostRuntime['receive']>[0]): void {
    this.stack.receive(pdu);
  }
  stopped(): void {
    this.stack.stopped();
  }
  start(): void {
    if (this.faulty('refuse-connections')) return;
    const { world, host } = this;
    const { params } = world.hostOf(host);
    const names = (params.names ?? []) as readonly string[];
    const certificate = {
      names: this.faulty('certificate-wrong-name') ? ['another.example'] : names,
      expired: this.faulty('certificate-expired'),
      issuerKnown: !this.faulty('certificate-unknown-issuer'),
    };
    const notSecure: HttpServerOwner = {
      keepAliveTimeout: 0, headerTimeout: 0, handle: (_request, respond) => respond(badRequest('The plain HTTP request was sent to HTTPS port')),
    };
    const serve = (socket: Parameters<typeof tlsServer>[2]): Http1Server => new Http1Server(world, host, socket, this);
    for (const port of (params.plainPorts ?? ['80']) as readonly string[]) this.stack.tcp.listen(Number(port), (socket) => serve(socket));
    for (const port of (params.tlsPorts ?? ['443']) as readonly string[]) {
      this.stack.tcp.listen(Number(port), (socket) => {
        const nobody = { connected() {}, received() {}, ended() {}, failed() {} };
        const tls = tlsServer(world, host, socket, { certificate, alpn: 'http/1.1', plain: (below) => new Http1Server(world, host, below, notSecure) }, nobody);
        tls.handler = { connected: () => void serve(tls), received() {}, ended: () => tls.close(), failed() {} };
        return tls;
      });
    }
  }
  private faulty(verdict: AnswerFault['verdict']): boolean {
    return this.faults.some((f) => f.verdict === verdict);
  }

  handle(request: RequestHead, respond: (response: ServerResponse) => void): void {
    const { world, host } = this;
    const { params } = world.hostOf(host);
    const path = request.path.split('?')[0]!;
    const found: SiteResource | undefined = this.site[path];
    const status = found ? 200 : 404;
    const resource: SiteResource = found ?? { bytes: errorPage(status).length, type: 'text/html', think: 0, links: [], maxAge: -1, file: false };
    const answer = (): void =>
      respond({
        head: { status, type: resource.type, length: resource.bytes, file: resource.file, maxAge: resource.maxAge, keepAlive: true },
        links: resource.links,
      });
    const tag = this.waiting.push(answer) - 1;
    const file = Number(params.fileCost ?? hostDefault('fileCost'));
    const think = resource.file || !found ? 0 : resource.think + Number(params.thinkTime ?? hostDefault('thinkTime'));
    if (think > 0) world.think(think, `make ${path}`, this.endpoint, this, tag);
    else if (file > 0) world.use(world.cpu(host), file, `read ${path}`, this.endpoint, this, tag);
    else answer();
  }
  resourceDone(tag: number): void {
    this.waiting[tag]!();
  }
}

export const webServer: HostKind = { id: 'web-server', create: (world, host) => new WebServer(world, host) };
