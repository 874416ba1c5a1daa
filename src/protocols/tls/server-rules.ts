/** Guards and effects of the TLS server. */
import type { Rules } from '../../machines/table';
import type { TlsContext, TlsEvent } from './client-rules';

export const SERVER_EFFECTS = ['negotiate', 'sendRetry', 'computeFlight', 'sendFlight', 'refuse', 'finish', 'sendTickets', 'sendFinished', 'tellConnected'] as const;
export const serverRules: Rules<TlsContext, TlsEvent> = { guards: { isTls13: (context) => context.tls13 }, assigns: {} };
