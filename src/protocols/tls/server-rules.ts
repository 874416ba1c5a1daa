/** Guards and effects of the TLS server. */
import type { Rules } from '../../machines/table';
import type { TlsContext, TlsEvent } from './client-rules';

export const SERVER_EFFECTS = ['negotiate', 'sendRetry', 'computeFlight', 'sendFlight', 'refuse', 'finish', 'sendTickets', 'sendFinished', 'tellConnected', 'askNothing', 'verifyClientChain', 'verifyClientSignature'] as const;
/** What the server has settled on. */
export interface ServerContext extends TlsContext {
  /** It takes the early data. */
  readonly early: boolean;
  /** It asks for a certificate of the client. */
  readonly asks: boolean;
}
export const serverRules: Rules<ServerContext, TlsEvent> = { guards: { isTls13: (context) => context.tls13, isResumed: (context) => context.resumed, takesEarlyData: (context) => context.early, asksClient: (context) => context.asks }, assigns: {} };
