/** Guards and effects of the TLS client. */
import type { Rules } from '../../machines/table';

export interface TlsContext {
  readonly tls13: boolean;
}
export interface TlsEvent {
  readonly type: string;
}
export const CLIENT_EFFECTS = [
  'sendHello', 'retryHello', 'deriveKeys', 'verifyChain', 'verifySignature', 'computeFlight', 'sendFinished', 'sendKeys', 'tellConnected', 'refuse', 'storeTicket',
] as const;
export const clientRules: Rules<TlsContext, TlsEvent> = { guards: { isTls13: (context) => context.tls13 }, assigns: {} };
