/** Parameter table of the PostgreSQL protocol and of the server's own settings. Costs are CPU time of the host that spends it; `params.postgres` of a host overrides the stack's. */
import { MS, SECOND, US } from '../../base/time';
import type { HostId } from '../../model/ids';
import { paramDefaults, paramValues, type ParamSpec } from '../../model/params';
import type { World } from '../../model/world';

const cost = (key: string, value: number, source: string): ParamSpec => ({ path: `stack.postgres.${key}`, type: 'duration', default: value, min: 0, max: SECOND, source, words: `pg.${key}` });

export const PG_PARAMS: readonly ParamSpec[] = [
  { path: 'stack.postgres.port', type: 'integer', default: 5432, min: 1, max: 65535, source: 'PostgreSQL 15 port', words: 'pg.port' },
  { path: 'stack.postgres.maxConnections', type: 'integer', default: 100, min: 1, max: 10000, slider: { min: 5, max: 500, step: 1, log: true }, source: 'PostgreSQL 15 max_connections', words: 'pg.maxConnections' },
  { path: 'stack.postgres.reservedConnections', type: 'integer', default: 3, min: 0, max: 100, source: 'PostgreSQL 15 superuser_reserved_connections', words: 'pg.reservedConnections' },
  { path: 'stack.postgres.authentication', type: 'choice', default: 'scram-sha-256', choices: ['scram-sha-256', 'trust'], source: 'PostgreSQL 15 pg_hba.conf and password_encryption', words: 'pg.authentication' },
  { path: 'stack.postgres.ssl', type: 'switch', default: false, source: 'PostgreSQL 15 ssl = off', words: 'pg.ssl' },
  { path: 'stack.postgres.sslMode', type: 'choice', default: 'prefer', choices: ['disable', 'prefer', 'require'], source: 'libpq 15 sslmode', words: 'pg.sslMode' },
  { path: 'stack.postgres.queryMode', type: 'choice', default: 'simple', choices: ['simple', 'extended', 'prepared'], source: 'pgbench --protocol', words: 'pg.queryMode' },
  { path: 'stack.postgres.scramIterations', type: 'integer', default: 4096, min: 1, max: 1000000, slider: { min: 1024, max: 131072, step: 1, log: true }, source: 'PostgreSQL 15 SCRAM_DEFAULT_ITERATIONS; RFC 7677 §4 at least 4096', words: 'pg.scramIterations' },
  cost('scramIterationCost', 800, 'client: one HMAC-SHA-256 of PBKDF2 (RFC 5802 §2.2 Hi) in libpq 15 with OpenSSL 3.0: 4096 took 3.2 ms'),
  cost('scramVerifyCost', 10 * US, 'server: two HMACs and a hash with the stored keys, no iterations (RFC 5802 §3)'),
  cost('cryptoStartCost', 0, 'client: first use of the crypto library; a measured host has its own'),
  cost('forkCost', 1 * MS, 'server: the postmaster forks and the backend begins to read; order of magnitude, a measured host has its own'),
  cost('startupCost', 500 * US, 'server: from the StartupMessage to the question for a password; order of magnitude'),
  cost('sessionCost', 500 * US, 'server: from the proof to ReadyForQuery (InitPostgres); order of magnitude'),
  cost('firstStatementCost', 500 * US, 'server: a new backend fills its catalogue caches with its first statement; order of magnitude'),
  cost('statementCost', 50 * US, 'server: reading the message, parsing and answering, without what the plan does; order of magnitude'),
  cost('exitCost', 0, 'server: the backend ends its process after Terminate; a measured host has its own'),
  {
    path: 'stack.postgres.recoveryTime', type: 'duration', default: 0, min: 0, max: 600 * SECOND, slider: { min: 0, max: 30 * SECOND, step: 100 * MS },
    source: 'server: after a start, connections are refused (57P03) for so long; a clean start takes next to nothing', words: 'pg.recoveryTime',
  },
];

/** Options of one end. Durations in ns. */
export interface PgOptions {
  readonly port: number;
  readonly maxConnections: number;
  readonly reservedConnections: number;
  readonly authentication: 'scram-sha-256' | 'trust';
  readonly ssl: boolean;
  readonly sslMode: 'disable' | 'prefer' | 'require';
  readonly queryMode: 'simple' | 'extended' | 'prepared';
  readonly scramIterations: number;
  readonly scramIterationCost: number;
  readonly scramVerifyCost: number;
  readonly cryptoStartCost: number;
  readonly forkCost: number;
  readonly startupCost: number;
  readonly sessionCost: number;
  readonly firstStatementCost: number;
  readonly statementCost: number;
  readonly exitCost: number;
  readonly recoveryTime: number;
}
const DEFAULTS = paramDefaults(PG_PARAMS);
/** Options from records that may leave some out, then from the table. */
export const pgOptions = (...records: readonly (Readonly<Record<string, unknown>> | undefined)[]): PgOptions => paramValues(DEFAULTS, records) as unknown as PgOptions;
/** Options of a host in this run. */
export const hostPgOptions = (world: World, host: HostId): PgOptions => pgOptions(world.hostOf(host).params.postgres as Record<string, unknown> | undefined, world.plan.stack.postgres);
