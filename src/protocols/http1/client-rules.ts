/** Effects of an HTTP/1.1 client connection. */
import type { Rules } from '../../machines/table';

export interface HttpContext {
  /** Requests answered on this connection. */
  served: number;
}
export interface HttpEvent {
  readonly type: string;
}
export const HTTP_CLIENT_EFFECTS = ['writeRequest', 'startExpect', 'writeBody', 'tellHead', 'tellDone', 'tellBroken'] as const;
export const httpClientRules: Rules<HttpContext, HttpEvent> = { guards: {}, assigns: { countServed: { served: (c) => c.served + 1 } } };
