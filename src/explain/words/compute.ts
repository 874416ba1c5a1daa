/** English: what happens inside an app server. */
import { capital } from '../format';
import type { EventFacts } from '../facts';
import { possessive } from './link';

const reasons: Readonly<Record<string, string>> = {
  QUEUE_FULL: 'all workers are busy and the queue for them is full', POOL_TIMEOUT: 'no pooled connection came free in time', NOT_FOUND: 'it has nothing at that path',
};
const reason = (code: string): string => reasons[code] ?? code;

export const computeEvents = {
  'app.request_taken': (e: EventFacts): string => `${capital(e.host)} takes the request for ${e.textA}.`,
  'app.statement_sent': (e: EventFacts): string => `${capital(e.host)} asks its database: ${e.textA}`,
  'app.rows_received': (e: EventFacts): string => `${capital(e.host)} has ${e.a === 1 ? 'one row' : `${e.a} rows`} for: ${e.textB}`,
  'app.statement_failed': (e: EventFacts): string => `${capital(possessive(e.host))} statement fails (${e.textB}): ${e.textA}`,
  'app.error_answered': (e: EventFacts): string => `${capital(e.host)} answers ${e.a}: ${reason(e.textB)}.`,
};
