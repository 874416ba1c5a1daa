/**
 * A PostgreSQL server: the postmaster listens, forks a backend for each connection, lets in at most max_connections, of which
 * the last few are for superusers. What a statement does is up to the runner that is joined to it. Source: PostgreSQL 15
 * postmaster.c, proc.c (InitProcess), postinit.c (InitPostgres).
 */
import type { ClaimId, EndpointId, HostId, ResourceId } from '../model/ids';
import type { PduRow } from '../model/pdu';
import type { SqlError, Statement, StatementAnswer, StatementRunner } from '../model/statement';
import type { StreamHandler, StreamSocket } from '../model/stream';
import type { HostKind, HostRuntime, World } from '../model/world';
import { SLOTS_RESERVED, STARTING_UP, TOO_MANY_CLIENTS } from '../protocols/postgres-wire/errors';
import { hostPgOptions, type PgOptions } from '../protocols/postgres-wire/params';
import { PgServer, type PgServerOwner, type Role } from '../protocols/postgres-wire/server';
import type { SecureSocket } from '../protocols/postgres-wire/session';
import { tlsServer } from '../protocols/tls/server';
import { NetStack } from './stack';

/** What runs the statements of a database host; made once for each start of it. */
export type MakeRunner = (world: World, host: HostId) => StatementRunner;
/** PostgreSQL 15 ssl_ecdh_curve prime256v1; secure_write hands OpenSSL what its buffer of 8 KB holds; no tickets (be-secure-openssl.c). */
const TLS_OF_POSTGRES = { curves: 'P-256', recordBytes: 8192, tickets: 0 } as const;
/** Process numbers of backends follow the postmaster's. */
const POSTMASTER = 1000;
/** The role that initdb makes. */
const BOOTSTRAP_ROLE = 'postgres';

class Database implements HostRuntime {
  readonly options: PgOptions;
  private stack: NetStack;
  private runner: StatementRunner;
  private readonly endpoint: EndpointId;
  private readonly slots: ResourceId;
  private readonly claims = new Map<PgServer, ClaimId>();
  private forked = 0;
  private startedAt = 0;

  constructor(private readonly world: World, private readonly host: HostId, private readonly makeRunner: MakeRunner) {
    this.options = hostPgOptions(world, host);
    this.stack = new NetStack(world, host);
    this.endpoint = world.endpoint(host, 'storage', 'database', world.hostOf(host).name);
    this.slots = world.resource(host, 'backends', this.options.maxConnections, 0);
    this.runner = makeRunner(world, host);
  }
  receive(pdu: PduRow): void {
    this.stack.receive(pdu);
  }
  start(): void {
    this.startedAt = this.world.now;
    const { name } = this.world.hostOf(this.host);
    if (this.world.plan.faults.some((f) => f.type === 'answer' && f.host === name && f.verdict === 'refuse-connections')) return;
    this.stack.tcp.listen(this.options.port, (socket) => new PgServer(this.world, this.host, socket, this.backend(++this.forked)));
  }
  /** Power off: every session is gone, and what the runner knew of them. */
  stopped(): void {
    for (const claim of this.claims.values()) this.world.release(claim);
    this.claims.clear();
    this.stack.stopped();
    this.runner = this.makeRunner(this.world, this.host);
  }

  private backend(ordinal: number): PgServerOwner {
    return {
      process: POSTMASTER + ordinal,
      admit: (session) => this.admit(session),
      role: (name) => this.role(name),
      authorise: (_session, role) => this.authorise(role),
      query: (statement: Statement, respond: (answer: StatementAnswer) => void) => this.runner.run(statement, respond),
      ended: (session) => this.ended(session),
      secure: (below, after, handler) => this.secure(below, after, handler),
    };
  }
  private admit(session: PgServer): SqlError | null {
    const { world, options, startedAt } = this;
    if (world.now - startedAt < options.recoveryTime) return STARTING_UP;
    const claim = world.acquire(this.slots, `session of ${session.user}`, this.endpoint, { resourceDone() {} });
    if (claim < 0) return TOO_MANY_CLIENTS;
    this.claims.set(session, claim);
    return null;
  }
  /** With `roles` only those exist; without, every role does, with any password, and only the first is a superuser. */
  private role(name: string): Role | null {
    const roles = this.world.hostOf(this.host).params.roles as Readonly<Record<string, { password?: string; superuser?: boolean }>> | undefined;
    if (!roles) return { password: null, superuser: name === BOOTSTRAP_ROLE };
    if (!Object.hasOwn(roles, name)) return null;
    return { password: roles[name]!.password ?? null, superuser: roles[name]!.superuser ?? false };
  }
  private authorise({ superuser }: Role): SqlError | null {
    const { maxConnections, reservedConnections } = this.options;
    return !superuser && maxConnections - this.claims.size < reservedConnections ? SLOTS_RESERVED : null;
  }
  private ended(session: PgServer): void {
    const claim = this.claims.get(session);
    if (claim === undefined) return;
    this.claims.delete(session);
    this.world.release(claim);
    this.runner.ended?.(session.endpoint);
  }
  private secure(below: StreamSocket, after: number, handler: StreamHandler): SecureSocket {
    const { world, host } = this;
    const names = (world.hostOf(host).params.names ?? [world.hostOf(host).name]) as readonly string[];
    return tlsServer(world, host, below, { certificate: { names, expired: false, issuerKnown: true }, alpn: '', after, application: TLS_OF_POSTGRES }, handler);
  }
}

/** The host kind with a runner of statements. */
export const databaseWith = (makeRunner: MakeRunner): HostKind => ({ id: 'database', create: (world, host) => new Database(world, host, makeRunner) });
