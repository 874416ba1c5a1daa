/** English: what happens inside an app server. */
import { capital, duration } from '../format';
import type { EventFacts } from '../facts';
import { possessive } from './link';

const reasons: Readonly<Record<string, string>> = {
  QUEUE_FULL: 'all workers are busy and the queue for them is full', POOL_TIMEOUT: 'no connection of the pool came in time', NOT_FOUND: 'it has nothing at that path',
};
const reason = (code: string): string => reasons[code] ?? code;
/** Why a connection to the database failed, by errno or by the database's own words. */
const failures: Readonly<Record<string, string>> = { ECONNREFUSED: 'it refuses connections', ETIMEDOUT: 'it does not answer', ECONNRESET: 'it reset the connection' };
const failure = (code: string): string => failures[code.split(' ')[0]!] ?? code;
/** `POOL_TIMEOUT ECONNREFUSED`: the pool's own reason, and why its last attempt failed. */
const because = (code: string): string => (code.startsWith('POOL_TIMEOUT ') ? `${reason('POOL_TIMEOUT')}, and none could be opened (${failure(code.slice('POOL_TIMEOUT '.length))})` : reason(code));

export const computeEvents = {
  'app.request_taken': (e: EventFacts): string => `${capital(e.host)} takes the request for ${e.textA}.`,
  'app.statement_sent': (e: EventFacts): string => `${capital(e.host)} asks its database: ${e.textA}`,
  'app.rows_received': (e: EventFacts): string => `${capital(e.host)} has ${e.a === 1 ? 'one row' : `${e.a} rows`} for: ${e.textB}`,
  'app.statement_failed': (e: EventFacts): string => `${capital(possessive(e.host))} statement fails (${e.textB}): ${e.textA}`,
  'app.connect_failed': (e: EventFacts): string => `${capital(possessive(e.host))} pool could not open a connection (${failure(e.textA)}): it tries again in ${duration(e.b)}, if somebody still waits.`,
  'app.connection_dropped': (e: EventFacts): string => `${capital(e.host)} closes the connection unread: ${reason(e.textA)}.`,
  'app.error_answered': (e: EventFacts): string => `${capital(e.host)} answers ${e.a}: ${because(e.textB)}.`,
};
