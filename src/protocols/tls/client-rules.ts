/** Guards and effects of the TLS client. */
import type { Rules } from '../../machines/table';

export interface TlsContext {
  readonly tls13: boolean;
  /** An earlier session is taken up. */
  readonly resumed: boolean;
}
export interface TlsEvent {
  readonly type: string;
}
export const CLIENT_EFFECTS = [
  'sendHello', 'retryHello', 'deriveKeys', 'verifyChain', 'verifySignature', 'computeFlight', 'sendFinished', 'sendKeys', 'sendFinished12', 'tellConnected', 'refuse', 'storeTicket', 'earlyAnswer', 'noteRequest',
] as const;
export const clientRules: Rules<TlsContext, TlsEvent> = { guards: { isTls13: (context) => context.tls13, isResumed: (context) => context.resumed }, assigns: {} };
