/** Effects of an HTTP/1.1 server connection. */
import type { Rules } from '../../machines/table';
import type { HttpContext, HttpEvent } from './client-rules';

export const HTTP_SERVER_EFFECTS = ['handle', 'readBody', 'refuse', 'refuseLarge', 'linger', 'writeResponse', 'writeHead', 'writeBody', 'startIdle', 'tellGone', 'closeIdle'] as const;
export const httpServerRules: Rules<HttpContext, HttpEvent> = { guards: {}, assigns: { countServed: { served: (c) => c.served + 1 } } };
