/** Effects of a PostgreSQL client connection. */
import type { Rules } from '../../machines/table';

export interface PgClientContext {
  /** Statements answered on this connection. */
  answered: number;
}
export interface PgEvent {
  readonly type: string;
}
export const PG_CLIENT_EFFECTS = [
  'sendSslRequest', 'startTls', 'sendStartup', 'makeNonce', 'sendInitialResponse', 'computeProof', 'sendResponse', 'tellReady', 'sendParse', 'sendQuery', 'noteError', 'tellDone', 'tellRefused',
  'sendTerminate', 'tellBroken',
] as const;
export const pgClientRules: Rules<PgClientContext, PgEvent> = { guards: {}, assigns: { countAnswered: { answered: (c) => c.answered + 1 } } };
