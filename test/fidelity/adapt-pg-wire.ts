/**
 * From a measured session with PostgreSQL to a run and its metrics: connect, authenticate, the same statement twice, Terminate.
 * Law: conditions are translated, never special-cased; a key or value that is not covered is named.
 */
import { simulate } from '../../src/engine/simulate';
import { databaseWith } from '../../src/hosts/database';
import type { Workload } from '../../src/hosts/workload';
import { SYN } from '../../src/protocols/tcp/segment';
import type { StatementRunner } from '../../src/model/statement';
import type { Trace } from '../../src/model/trace';
import { MEASURED_POSTGRES, MEASURED_PSQL, MEASURED_TCP } from '../../src/scenario/presets/measured-host';
import { psqlHost } from '../support/psql-host';
import { fault, host, link, plan } from './adapt';
import type { MeasuredCase } from './case';

export type PgRun = { readonly trace: Trace; readonly client: number; readonly predicted: Readonly<Record<string, number>> } | { readonly unsupported: string };
const KNOWN = new Set(['upstreamRttMs', 'rateMbit', 'queuePackets', 'loss', 'rules', 'authentication', 'tls']);
/** What the measured statement and its answer are long: 28 characters, one column of one letter with 128 bytes. */
const STATEMENT = 'SELECT v FROM t WHERE id = 7';
const ANSWER: StatementRunner = { run: (_statement, respond) => respond({ columns: [{ name: 'v', type: 'text' }], rows: [[128]], tag: 'SELECT 1' }) };
/** Names as long as the measured ones. */
const USER = 'lab', DATABASE = 'lab_app', PASSWORD = 'secret';

export function predictPgWire(c: MeasuredCase): PgRun {
  const g = c.given;
  for (const key of Object.keys(g)) if (!KNOWN.has(key)) return { unsupported: key };
  const authentication = String(g.authentication ?? 'scram-sha-256');
  if (authentication !== 'scram-sha-256' && authentication !== 'trust') return { unsupported: `authentication ${authentication}` };
  if (typeof g.tls !== 'boolean') return { unsupported: `tls ${String(g.tls)}` };
  const rules = g.rules ?? [];
  for (const r of rules) if (!['drop', 'delay', 'dup'].includes(r.action)) return { unsupported: `rule ${r.action}` };
  const num = (key: string, otherwise = 0): number => (typeof g[key] === 'number' ? (g[key] as number) : otherwise);
  const { connectCost, readyCost, nextCost, postgres, tls } = MEASURED_PSQL;
  const hosts = [
    host('client', 'psql', '10.0.0.1', {
      server: 'server', user: USER, database: DATABASE, password: PASSWORD, statements: [STATEMENT, STATEMENT], connectCost, readyCost, nextCost, tls,
      postgres: { ...postgres, sslMode: g.tls ? 'require' : 'disable' },
    }),
    host('server', 'database', '10.0.0.2', {
      names: ['www.lab.test', '*.lab.test'], roles: { [USER]: { password: PASSWORD, superuser: true } }, tls: { ...MEASURED_POSTGRES.tls, certificate: 'rsa' },
      postgres: { ...MEASURED_POSTGRES.postgres, authentication, ssl: g.tls },
    }),
  ];
  const links = [link('upstream', 'client', ['server'], num('upstreamRttMs'), num('rateMbit') * 1e6, num('queuePackets', 1000), num('loss'))];
  const given = plan(c.id, hosts, links, { tcp: MEASURED_TCP, tls: {} }, {} as Workload, rules.map(fault));
  const trace = simulate(given, (id) => (id === 'psql' ? psqlHost() : databaseWith(() => ANSWER)));
  return { trace, client: trace.hosts.findIndex((h) => h.name === 'client'), predicted: metricsOf(trace) };
}

/** From the link log at the client: SYN sent to first query sent; each query sent to its answer delivered, in ms. */
function metricsOf(trace: Trace): Record<string, number> {
  const out: Record<string, number> = {};
  const at = (kind: string): number[] => {
    const id = trace.kinds.findIndex((k) => k.name === kind);
    const times: number[] = [];
    for (let e = 0; e < trace.kind.length; e++) if (trace.kind.at(e) === id) times.push(trace.time.at(e) / 1e6);
    return times;
  };
  const syn = trace.pdus.find((p) => p.flags & SYN)!.sentAt / 1e6;
  const sent = at('pg.statement_sent'), done = at('pg.statement_done');
  if (sent.length > 0) out.connect_and_auth = sent[0]! - syn;
  done.forEach((end, i) => (out[`query${i + 1}`] = end - sent[i]!));
  return out;
}
