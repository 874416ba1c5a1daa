/**
 * What every HTTP server has in common: ports that speak plainly and ports that end TLS, with the faults of a server that refuses or
 * shows a wrong certificate. Law: one `Http1Server`, or `Http2Server` where ALPN agreed on it, for each connection, whatever lies underneath; what is asked goes to the owner.
 */
import type { AnswerFault } from '../model/fault';
import type { HostId } from '../model/ids';
import type { World } from '../model/world';
import type { PriorityScheme } from '../model/http/priority';
import { badRequest, type HttpServerOwner } from '../model/http/exchange';
import { Http1Server } from '../protocols/http1/server';
import { tlsServer } from '../protocols/tls/server';
import { ServerSessions } from '../protocols/tls/session-store';
import { http2Ends } from './http2-slot';
import { http3Ends } from './http3-slot';
import { HOST_DEFAULTS, hostDefault } from './params';
import type { NetStack } from './stack';
import { movedTo } from './static-site';

/** How long connections of clients are kept, and how answers are written, by the host's parameters. */
export function listenerSettings(world: World, host: HostId): Required<Pick<HttpServerOwner, 'keepAliveTimeout' | 'headerTimeout' | 'writesApart' | 'hsts' | 'altSvc' | 'maxBodySize' | 'flushesHead' | 'priorities'>> {
  const { params } = world.hostOf(host);
  const of = (key: 'keepAliveTimeout' | 'headerTimeout' | 'hsts' | 'altSvc' | 'maxBodySize'): number => Number(params[key] ?? hostDefault(key));
  return { keepAliveTimeout: of('keepAliveTimeout'), headerTimeout: of('headerTimeout'), writesApart: params.writeApart === true, hsts: of('hsts'), altSvc: params.http3 === true ? of('altSvc') : 0, maxBodySize: of('maxBodySize'), flushesHead: params.http2FlushesHead === true, priorities: (params.priorities ?? HOST_DEFAULTS.priorities) as PriorityScheme };
}

/** Listens on the host's `plainPorts` and `tlsPorts`; on none while a fault has it refuse connections. */
export function listenHttp(world: World, host: HostId, stack: NetStack, owner: HttpServerOwner): void {
  const { params, name } = world.hostOf(host);
  const faulty = (verdict: AnswerFault['verdict']): boolean => world.plan.faults.some((f) => f.type === 'answer' && f.host === name && f.verdict === verdict);
  if (faulty('refuse-connections')) return;
  const certificate = {
    names: faulty('certificate-wrong-name') ? ['another.example'] : ((params.names ?? []) as readonly string[]),
    expired: faulty('certificate-expired'),
    issuerKnown: !faulty('certificate-unknown-issuer'),
  };
  const notSecure: HttpServerOwner = {
    keepAliveTimeout: 0, headerTimeout: 0, handle: (_request, respond) => respond(badRequest('The plain HTTP request was sent to HTTPS port')),
  };
  const noCertificate: HttpServerOwner = {
    keepAliveTimeout: 0, headerTimeout: owner.headerTimeout, handle: (_request, respond) => respond(badRequest('No required SSL certificate was sent')),
  };
  // one for all ports, as nginx's workers share it; a process that starts again has a new key
  const sessions = new ServerSessions(`${name} since ${world.now}`);
  // return 301 https://$host$request_uri
  const moved: HttpServerOwner = {
    keepAliveTimeout: owner.keepAliveTimeout, headerTimeout: owner.headerTimeout, maxBodySize: owner.maxBodySize ?? 0,
    handle: (request, respond) => respond(movedTo(`https://${request.host.split(':')[0]!}${request.path}`, 301)),
  };
  const plain = params.httpsOnly === true ? moved : owner;
  for (const port of (params.plainPorts ?? ['80']) as readonly string[]) stack.tcp.listen(Number(port), (socket) => new Http1Server(world, host, socket, plain));
  for (const port of (params.tlsPorts ?? ['443']) as readonly string[]) {
    if (params.http3 === true) http3Ends().listenHttp3(world, host, stack, Number(port), certificate, sessions, owner);
    stack.tcp.listen(Number(port), (socket) => {
      const nobody = { connected() {}, received() {}, ended() {}, failed() {} };
      const tls = tlsServer(world, host, socket, { certificate, alpn: params.http2 === true ? ['h2', 'http/1.1'] : 'http/1.1', sessions, plain: (below) => new Http1Server(world, host, below, notSecure) }, nobody);
      const served = (): HttpServerOwner => (tls.client === null && tls.needsClient ? noCertificate : owner);
      tls.handler = { connected: () => void (tls.alpn === 'h2' ? new (http2Ends().Http2Server)(world, host, tls, served()) : new Http1Server(world, host, tls, served())), received() {}, ended: () => tls.close(), failed() {} };
      return tls;
    });
  }
}
