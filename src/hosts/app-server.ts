/**
 * An application server: takes requests over HTTP/1.1, does their work under one of three execution models on its cores, asks its
 * database through a pool of connections, answers. Law: nobody waits by decree; queues form where places are few.
 */
import { Execution, EXECUTION_MODELS, ownProcess, type ExecutionModelName } from '../compute/execution';
import { ConnectionPool } from '../compute/connection-pool';
import { COMPUTE_KINDS } from '../compute/kinds';
import { RequestWork, type StatementConnection, type Step } from '../compute/request-work';
import type { AnswerFault } from '../model/fault';
import type { EndpointId, HostId } from '../model/ids';
import type { Flow, Message, StreamHandler, StreamSocket } from '../model/stream';
import type { HostKind, HostRuntime, World } from '../model/world';
import type { HttpServerOwner, ServerExchange, ServerResponse } from '../model/http/exchange';
import type { RequestHead } from '../model/http/request';
import { errorPage } from '../model/http/response';
import { Http1Server } from '../protocols/http1/server';
import { openStatementConnection } from './database-client';
import { listenHttp } from './http-listener';
import { hostDefault } from './params';
import { findResource } from './site';
import { NetStack } from './stack';
import type { Site, SiteResource } from './workload';

class AppServer implements HostRuntime, HttpServerOwner {
  readonly keepAliveTimeout: number;
  readonly headerTimeout: number;
  readonly writer = 'application';
  /** A thread or a process that works on a request reads nothing; a loop hears everything between two callbacks. */
  readonly blocking: boolean;
  private readonly whenFull: string;
  private readonly stack: NetStack;
  private readonly endpoint: EndpointId;
  private readonly kinds;
  private readonly site: Site;
  private readonly execution: Execution;
  private readonly pool: ConnectionPool<StatementConnection> | null;
  private readonly model: ExecutionModelName;

  constructor(private readonly world: World, private readonly host: HostId) {
    const { params, name } = world.hostOf(host);
    const setting = (key: string): number => Number(params[key] ?? hostDefault(key));
    this.stack = new NetStack(world, host);
    this.kinds = world.kinds(COMPUTE_KINDS);
    this.endpoint = world.endpoint(host, 'compute', 'app-server', name);
    this.site = (params.site ?? {}) as unknown as Site;
    const model = String(params.model ?? 'thread-pool') as ExecutionModelName;
    this.model = EXECUTION_MODELS.includes(model) ? model : 'thread-pool';
    this.blocking = this.model !== 'event-loop';
    this.whenFull = String(params.whenFull ?? 'close');
    // a process serves one request and ends
    this.keepAliveTimeout = this.model === 'process-per-request' ? 0 : setting('appKeepAliveTimeout');
    this.headerTimeout = setting('headerTimeout');
    this.execution = new Execution(world, host, {
      model: this.model, workers: setting(this.model === 'process-per-request' ? 'maxProcesses' : 'workers'), queueMax: setting('queueMax'), forkCost: setting('forkCost'),
    });
    const database = typeof params.databaseHost === 'string' ? world.hostNamed(params.databaseHost) : -1;
    this.pool = database < 0 ? null : new ConnectionPool<StatementConnection>(world, host, { size: setting('poolSize'), timeout: setting('poolTimeout'), retry: setting('poolRetry'), retryMax: setting('poolRetryMax') },
      (_endpoint, ready, failed) => openStatementConnection(world, host, this.stack, database, ready, failed));
  }
  receive(pdu: Parameters<HostRuntime['receive']>[0]): void {
    this.stack.receive(pdu);
  }
  stopped(): void {
    this.stack.stopped();
    this.pool?.stopped();
  }
  start(): void {
    const { world, host, stack } = this;
    const { params, name } = world.hostOf(host);
    if (world.plan.faults.some((f) => f.type === 'answer' && f.host === name && (f as AnswerFault).verdict === 'refuse-connections')) return;
    // in front of its clients it ends TLS itself
    if (params.tlsPorts && this.model !== 'process-per-request') return listenHttp(world, host, stack, this);
    const port = Number(params.port ?? hostDefault('appPort'));
    if (this.model !== 'process-per-request') return stack.tcp.listen(port, (socket) => new Http1Server(world, host, socket, this));
    // each connection waits in the accept queue until there is a process for it
    stack.tcp.listen(port, () => {
      this.execution.admit('a connection', this.endpoint, (turn) => {
        const socket = stack.tcp.accept(port);
        if (!socket) return this.execution.end(turn);
        socket.takeOver(new Http1Server(world, host, new WatchedSocket(socket, () => this.execution.end(turn)), this));
      }, () => {});
      return null;
    });
  }

  handle(request: RequestHead, respond: (response: ServerResponse) => void, exchange: ServerExchange): void {
    const { world, host, execution, pool } = this;
    const path = request.path.split('?')[0]!;
    const found = findResource(this.site, path);
    world.note(this.kinds.request_taken, this.endpoint, -1, world.text(path));
    if (!found) return this.error(404, 'NOT_FOUND', respond);
    const { resource, parameters } = found;
    const answer = (): void =>
      respond({ head: { status: 200, type: resource.type, length: resource.bytes, file: resource.file, maxAge: resource.maxAge, keepAlive: true, ...(resource.caching ? { caching: resource.caching } : {}), ...(resource.inView ? { inView: resource.inView } : {}) }, links: resource.links });
    const inProcess = this.model === 'process-per-request' ? ownProcess(execution) : execution;
    new RequestWork({ world, host, execution: inProcess, pool }, `${request.method} ${path}`, stepsOf(resource, parameters, path, Number(world.hostOf(host).params.thinkTime ?? 0)), (outcome, code) => {
      if (outcome === 'done') answer();
      else if (outcome === 'refused' && this.whenFull === 'close') {
        world.cause = world.note(this.kinds.connection_dropped, this.endpoint, exchange.message, world.text(code));
        exchange.reset();
      }
      else this.error(outcome === 'refused' ? 503 : 500, code, respond);
    }).start();
  }
  private error(status: number, reason: string, respond: (response: ServerResponse) => void): void {
    const { world } = this;
    if (status >= 500) world.cause = world.note(this.kinds.error_answered, this.endpoint, -1, status, world.text(reason));
    respond({ head: { status, type: 'text/html', length: errorPage(status).length, file: false, maxAge: -1, keepAlive: true }, links: [] });
  }
}
/** What a handler does for a resource: computes, asks, waits, renders. */
export function stepsOf(resource: SiteResource, parameters: Readonly<Record<string, string>>, path: string, thinkTime: number): Step[] {
  const steps: Step[] = [];
  const cpu = (ns: number, what: string): void => void (ns > 0 && steps.push({ do: 'cpu', ns, what }));
  cpu(resource.cpu ?? 0, `handle ${path}`);
  for (const sql of resource.queries ?? []) steps.push({ do: 'query', sql: sql.replace(/:([a-z]\w*)/g, (whole, key: string) => parameters[key] ?? whole) });
  const wait = resource.think + thinkTime;
  if (wait > 0) steps.push({ do: 'wait', ns: wait, what: `wait for others to make ${path}` });
  cpu(resource.render ?? 0, `render ${path}`);
  return steps;
}

/** A socket which tells, once, when this end closes or loses it. */
class WatchedSocket implements StreamSocket {
  readonly flow: Flow;
  readonly side: 0 | 1;
  private over = false;

  constructor(private readonly socket: StreamSocket, private readonly closed: () => void) {
    this.flow = socket.flow;
    this.side = socket.side;
  }
  get handler(): StreamHandler {
    return this.socket.handler;
  }
  set handler(inner: StreamHandler) {
    this.socket.handler = {
      connected: () => inner.connected(),
      received: (upTo) => inner.received(upTo),
      ended: () => inner.ended(),
      failed: (code) => {
        inner.failed(code);
        this.tell();
      },
      writable: () => inner.writable?.(),
    };
  }
  write(messages: readonly Message[]): void {
    this.socket.write(messages);
  }
  get blocked(): boolean {
    return this.socket.blocked;
  }
  shutdown(): void {
    this.socket.shutdown();
  }
  close(): void {
    this.socket.close();
    this.tell();
  }
  abort(): void {
    this.socket.abort();
    this.tell();
  }
  private tell(): void {
    if (!this.over) this.closed();
    this.over = true;
  }
}

export const appServer: HostKind = { id: 'app-server', create: (world, host) => new AppServer(world, host) };
