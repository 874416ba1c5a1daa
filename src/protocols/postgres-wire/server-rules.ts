/** Guards and effects of a PostgreSQL backend. */
import type { Rules } from '../../machines/table';
import type { PgEvent } from './client-rules';

export interface PgServerContext {
  /** `ssl = on`. */
  readonly ssl: boolean;
  /** pg_hba.conf asks for a password. */
  readonly scram: boolean;
}
export const PG_SERVER_EFFECTS = [
  'answerNo', 'answerYes', 'openSession', 'sendMechanisms', 'sendContinue', 'checkProof', 'refuse', 'initialise', 'sendReady', 'run', 'sendResult', 'queueStep', 'queueResult', 'flush', 'end', 'lost',
] as const;
export const pgServerRules: Rules<PgServerContext, PgEvent> = { guards: { speaksTls: (c) => c.ssl, asksPassword: (c) => c.scram }, assigns: {} };
