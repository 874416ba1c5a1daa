/** English: the PostgreSQL protocol, and what its clients and backends do. */
import type { EventFacts } from '../facts';
import { bytes, capital } from '../format';
import { possessive } from './link';
import type { ParamWords } from './params';

const rows = (n: number): string => (n === 1 ? 'one row' : `${n} rows`);
const sentence = (text: string): string => text.replace(/[.;\s]+$/, '') || 'nothing (an empty statement)';

export const postgresEvents = {
  'pg.message_sent': (e: EventFacts): string => `${capital(e.host)} writes ${e.textA}.`,
  'pg.message_received': (e: EventFacts): string => `${capital(e.host)} reads ${e.textA}.`,
  'pg.rows_sent': (e: EventFacts): string => `${capital(e.host)} writes ${rows(e.a)} (${bytes(e.b)}).`,
  'pg.rows_received': (e: EventFacts): string => `${capital(e.host)} reads ${rows(e.a)} (${bytes(e.b)}).`,
  'pg.backend_started': (e: EventFacts): string => `${capital(e.host)} has forked a backend for this connection: process ${e.a}.`,
  'pg.authenticated': (e: EventFacts): string => `${capital(e.host)} believes that this is ${e.textA}.`,
  'pg.session_refused': (e: EventFacts): string => `${capital(e.host)} ends the session with ${e.textA}: ${sentence(e.textB)}.`,
  'pg.session_ready': (e: EventFacts): string => `${capital(possessive(e.host))} session is ready: statements may go.`,
  'pg.backend_ended': (e: EventFacts): string => `${capital(possessive(e.host))} backend ${e.a} ends.`,
  'pg.statement_sent': (e: EventFacts): string => `${capital(e.host)} asks: ${sentence(e.textA)}.`,
  'pg.statement_begun': (e: EventFacts): string => `${capital(e.host)} begins with: ${sentence(e.textA)}.`,
  'pg.statement_done': (e: EventFacts): string => `${capital(e.host)} has the whole answer: ${e.textA === '' ? 'nothing was asked' : e.textA}, ${rows(e.b)}.`,
  'pg.error_received': (e: EventFacts): string => `${capital(e.host)} hears the error ${e.textA}: ${sentence(e.textB)}.`,
  'pg.connection_lost': (e: EventFacts): string => `${capital(e.host)} has lost its connection to the database${e.textA === 'closed' ? '' : ` (${e.textA})`}.`,
};

const p = (name: string, help: string): ParamWords => ({ name, help });
/** Names and help of `stack.postgres.*`. */
export const postgresParams: Readonly<Record<string, ParamWords>> = {
  'pg.port': p('database port', 'Where the database listens.'),
  'pg.maxConnections': p('max_connections', 'How many sessions the database lets in; each is a process of its own. One more is refused with 53300.'),
  'pg.reservedConnections': p('reserved connections', 'The last of them are for superusers only.'),
  'pg.authentication': p('authentication', 'How the database makes sure who asks: by a password (SCRAM: two round trips more), or not at all.'),
  'pg.ssl': p('TLS at the database', 'Whether the database speaks TLS.'),
  'pg.sslMode': p('TLS to the database', 'Whether the client asks for TLS first: one round trip, and the handshake when the answer is yes.'),
  'pg.queryMode': p('query protocol', 'Simple: one message. Extended: parse, bind, execute in one write. Prepared: parsed once, one round trip more for the first time.'),
  'pg.scramIterations': p('SCRAM iterations', 'How often the password is hashed; it makes guessing slow, and each login too.'),
  'pg.scramIterationCost': p('cost of an iteration', 'CPU time of the client for one of them.'),
  'pg.scramVerifyCost': p('cost of the check', 'CPU time of the server to check the proof; it keeps keys, so it need not iterate.'),
  'pg.cryptoStartCost': p('first use of crypto', 'CPU time of a new client process for starting its crypto library.'),
  'pg.forkCost': p('fork of a backend', 'CPU time from the new connection until its process reads.'),
  'pg.startupCost': p('start of a session', 'CPU time of the backend before it asks for a password.'),
  'pg.sessionCost': p('opening the database', 'CPU time of the backend between the proof and its readiness.'),
  'pg.firstStatementCost': p('first statement', 'CPU time that a new backend spends on its caches with its first statement.'),
  'pg.statementCost': p('cost of a statement', 'CPU time for reading, parsing and answering a statement, without its plan.'),
  'pg.exitCost': p('end of a backend', 'CPU time of a backend for ending its process.'),
  'pg.recoveryTime': p('recovery', 'How long the database replays its log after a start; it refuses connections with 57P03.'),
};
