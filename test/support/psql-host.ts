/**
 * A client like psql for tests: connects, asks one statement after another, says Terminate. Params: `server` (host name),
 * `user`, `database`, `password`, `statements`, `readyCost` and `nextCost` (ns before the first statement and each further one),
 * `stay` (keeps the session), `startAt` (ns), `connections` (how many, one after the other at once).
 */
import { carriedNames } from '../../src/model/carried';
import type { Fault } from '../../src/model/fault';
import type { ParamValue, Plan, PlanHost } from '../../src/model/plan';
import type { Cell } from '../../src/model/statement';
import type { Trace } from '../../src/model/trace';
import type { HostKind, World } from '../../src/model/world';
import { MS } from '../../src/base/time';
import { simulate } from '../../src/engine/simulate';
import { databaseWith, type MakeRunner } from '../../src/hosts/database';
import { NetStack } from '../../src/hosts/stack';
import { PgClient, type PgOutcome } from '../../src/protocols/postgres-wire/client';
import { hostPgOptions } from '../../src/protocols/postgres-wire/params';
import { tlsClient } from '../../src/protocols/tls/client';

export interface Heard {
  readonly atNs: number;
  readonly what: string;
}
/** A statement, or one with parameters. */
export type Ask = string | { readonly sql: string; readonly parameters: readonly Cell[] };
const outcomeText = (o: PgOutcome): string => (o.error ? `${o.error.code} ${o.error.message}` : `${o.tag} ${o.status}`);

/** A host kind of this sort; what its sessions hear goes into `heard`. */
export function psqlHost(heard: Heard[] = []): HostKind {
  return { id: 'psql', create: (world, host) => new Psql(world, host, heard) };
}
class Psql {
  private readonly stack: NetStack;
  private readonly endpoint;
  private readonly params;
  private readonly waiting: (() => void)[] = [];
  constructor(private readonly world: World, private readonly host: number, private readonly heard: Heard[]) {
    this.stack = new NetStack(world, host);
    this.endpoint = world.endpoint(host, 'compute', 'psql', 'psql');
    this.params = world.hostOf(host).params as Record<string, unknown>;
  }
  receive(pdu: Parameters<NetStack['receive']>[0]): void {
    this.stack.receive(pdu);
  }
  stopped(): void {
    this.stack.stopped();
  }
  start(): void {
    for (let i = 0; i < Number(this.params.connections ?? 1); i++) this.later(Number(this.params.startAt ?? 0), 'wait', () => this.session());
  }
  private say(what: string): void {
    this.heard.push({ atNs: this.world.now, what });
  }
  private later(ns: number, what: string, then: () => void): void {
    if (ns <= 0) return then();
    const tag = this.waiting.push(then) - 1;
    this.world.think(ns, what, this.endpoint, { resourceDone: (t) => this.waiting[t]!() }, tag);
  }
  private session(): void {
    const { world, host, params } = this;
    const text = (key: string, otherwise: string): string => String(params[key] ?? otherwise);
    const asks = [...((params.statements ?? []) as readonly Ask[])];
    const next = (client: PgClient): void => {
      const ask = asks.shift();
      if (ask === undefined) {
        if (!params.stay) client.close();
        return;
      }
      const { sql, parameters } = typeof ask === 'string' ? { sql: ask, parameters: [] } : ask;
      client.query(sql, parameters, (outcome) => {
        this.say(`${outcomeText(outcome)} rows ${outcome.rows} bytes ${outcome.bytes}`);
        if (client.idle) this.later(Number(params.nextCost ?? 0), 'read the answer', () => next(client));
      });
    };
    const server = world.hostNamed(text('server', 'db'));
    let client: PgClient | null = null;
    const socket = this.stack.tcp.connect(server, hostPgOptions(world, server).port, {
      connected: () => {
        client = new PgClient(world, host, socket, { user: text('user', 'app'), database: text('database', 'shop'), password: text('password', ''), applicationName: 'psql' }, {
          ready: (c) => {
            this.say('ready');
            this.later(Number(params.readyCost ?? 0), 'make the statement', () => next(c));
          },
          broken: (_c, error) => this.say(`broken ${error.code} ${error.message}`),
          secure: (below, after, handler) => {
            const tls = tlsClient(world, host, below, { serverName: '', alpn: [], profile: 'openssl', verify: 'none', after }, handler);
            tls.connected();
            return tls;
          },
        });
        this.later(Number(params.connectCost ?? 0), 'begin', () => client!.connected());
      },
      received() {}, ended() {}, failed: (code) => this.say(`failed ${code}`),
    });
  }
}

export interface PgRunOptions {
  readonly rttMs?: number;
  /** Params of the client, of the server, and of both as `stack.postgres`; costs are zero unless they say otherwise. */
  readonly client?: Record<string, unknown>;
  readonly server?: Record<string, unknown>;
  readonly stack?: Record<string, ParamValue>;
  /** Further clients with their own params. */
  readonly others?: readonly Record<string, unknown>[];
  readonly runner?: MakeRunner;
  readonly faults?: readonly Fault[];
  readonly seed?: number;
  /** Chance of each packet to be lost, both ways. */
  readonly loss?: number;
}
export interface PgRunResult {
  readonly trace: Trace;
  /** `80 ready`: what the clients heard, with whole milliseconds. */
  readonly heard: readonly string[];
}
const FREE_PG = { scramIterationCost: 0, scramVerifyCost: 0, forkCost: 0, startupCost: 0, sessionCost: 0, firstStatementCost: 0, statementCost: 0 };
const FREE_TLS = { keyShareCost: 0, keyDeriveCost: 0, p256ShareCost: 0, p256DeriveCost: 0, ecdsaSignCost: 0, ecdsaVerifyCost: 0 };
const ONE_ROW: MakeRunner = () => ({ run: (_s, respond) => respond({ columns: [{ name: 'v', type: 'text' }], rows: [['abc']], tag: 'SELECT 1' }) });

/** Clients and a database on one link. */
export function pgRun(o: PgRunOptions = {}): PgRunResult {
  const heard: Heard[] = [];
  const half = ((o.rttMs ?? 40) * MS) / 2;
  const host = (name: string, kind: string, address: string, params: Record<string, unknown>): PlanHost =>
    ({ name, kind, title: name, address, cores: 2, column: 0, params: { ...(params as PlanHost['params']) } });
  const clients = [o.client ?? {}, ...(o.others ?? [])].map((params, i) => host(i === 0 ? 'client' : `client-${i + 1}`, 'psql', `10.0.1.${i + 1}`, params));
  const plan: Plan = {
    version: 1, id: 'pg', title: 'pg', seed: o.seed ?? 1, hosts: [...clients, host('db', 'database', '10.0.0.2', o.server ?? {})],
    links: clients.map(({ name }) => ({ name: `link-${name}`, a: name, b: ['db'], latencyNs: [half, half], jitterNs: 0, rate: [0, 0], queuePackets: 1000, loss: [o.loss ?? 0, o.loss ?? 0], mtu: 1500, perPacketNs: 0 })),
    stack: { tcp: {}, tls: FREE_TLS, postgres: { ...FREE_PG, ...o.stack } }, workload: {}, faults: o.faults ?? [], limits: { events: 200_000, endNs: 400e9 },
  };
  const trace = simulate(plan, (id) => (id === 'psql' ? psqlHost(heard) : databaseWith(o.runner ?? ONE_ROW)));
  return { trace, heard: heard.map(({ atNs, what }) => `${Math.floor(atNs / MS)} ${what}`) };
}
/** Packets with a payload: `c2s 57 StartupMessage`. */
export const pgPackets = ({ trace }: PgRunResult): string[] =>
  trace.pdus.filter((p) => p.payload > 0).map((p) => `${p.direction === 0 ? 'c2s' : 's2c'} ${p.payload} ${carriedNames(p, trace.flows[p.flow]!).join(', ')}`);
/** What the first session's end on a host heard `<`, said `>`, the states it came to `=` and what it ignored `!`. */
export function pgTranscript({ trace }: PgRunResult, host: string): string {
  const endpoint = trace.endpoints.findIndex((e) => e.protocol === 'postgres' && trace.hosts[e.host]!.name === host);
  const chart = trace.charts[trace.endpoints[endpoint]!.chart]!;
  const lines: string[] = [];
  for (let i = 0; i < trace.time.length; i++) {
    const { name } = trace.kinds[trace.kind.at(i)]!;
    if (name === 'state.entered' && trace.subject.at(i) === endpoint) lines.push(`= ${chart.leaves[trace.b.at(i)]}`);
    if (name === 'state.input_ignored' && trace.subject.at(i) === endpoint) lines.push(`! ${chart.events[trace.b.at(i)]}`);
    if (trace.where.at(i) !== endpoint) continue;
    if (name === 'pg.message_received') lines.push(`< ${trace.texts[trace.a.at(i)]}`);
    if (name === 'pg.message_sent') lines.push(`> ${trace.texts[trace.a.at(i)]}`);
    if (name === 'pg.rows_sent') lines.push(`> rows ${trace.a.at(i)}`);
    if (name === 'pg.rows_received') lines.push(`< rows ${trace.a.at(i)}`);
  }
  return lines.join(' ');
}
