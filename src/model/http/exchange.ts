/** Between a server's connections, of whatever version of HTTP, and who answers their requests. */
import type { MessageId } from '../ids';
import type { PriorityScheme } from './priority';
import type { RequestHead } from './request';
import { errorPage, type HeadWriter, type ResponseHead } from './response';

export interface ServerResponse {
  readonly head: ResponseHead;
  readonly links: readonly string[];
}
/** The connection of a request, for who answers piece by piece or wants to know that the client has left. */
export interface ServerExchange {
  /** The request's head. */
  readonly message: MessageId;
  /** Begins the response: its head and the first `bytes` of the body that it announces. */
  begin(response: ServerResponse, bytes: number): void;
  /** Further bytes of the body. */
  more(bytes: number): void;
  /** What was announced will not come: the connection is closed. */
  cut(): void;
  /** The connection is thrown away, as by somebody who closes it without having read what came: a reset. */
  reset(): void;
  /** Who hears when the client leaves before its response is complete (nginx 499). */
  user: ExchangeUser | null;
}
/** An object, not a bare closure: V8 holds a closure stored in a property, and with it the whole run, until a full garbage collection. */
export interface ExchangeUser {
  clientGone(): void;
}
export interface HttpServerOwner {
  /**
   * Answers by calling `respond` once, now or later, or piece by piece through `exchange`. True: the answer costs time, but comes within
   * this turn of the server's loop.
   */
  handle(request: RequestHead, respond: (response: ServerResponse) => void, exchange: ServerExchange): boolean | void;
  /** ns that an idle connection is kept after a response; 0: every response is the last (nginx keepalive_timeout). */
  readonly keepAliveTimeout: number;
  /** ns that a new connection may wait for its first request; 0: for ever. */
  readonly headerTimeout: number;
  /** Whoever handles a request reads nothing meanwhile: that the client has left is noticed when the answer has been written (a blocking servlet). */
  readonly blocking?: boolean;
  /** Writes head and body with two calls (an application that does not buffer). */
  readonly writesApart?: boolean;
  /** Greatest content of a request, bytes; 0 or absent = any (nginx client_max_body_size). */
  readonly maxBodySize?: number;
  /** Seconds for which clients of its TLS ports are told to use nothing else (add_header Strict-Transport-Security). */
  readonly hsts?: number;
  /** In HTTP/2 a head goes out before its content is there (nginx 1.26.3; 1.22.1 waits). */
  readonly flushesHead?: boolean;
  /** Seconds for which clients of its TLS ports are told that it speaks HTTP/3 on the same port (RFC 7838); 0 or absent = not said. */
  readonly altSvc?: number;
  /** By what it orders answers that share a connection; as nginx when absent. */
  readonly priorities?: PriorityScheme;
  /** Who writes the heads of its responses; nginx when absent. */
  readonly writer?: HeadWriter;
}
/** nginx adds headers to these only (add_header without always). */
const ADDED_TO: readonly number[] = [200, 201, 204, 206, 301, 302, 303, 304, 307, 308];
/** A head with what the server adds to every answer on its TLS ports. */
export function withAdded(head: ResponseHead, { hsts = 0, altSvc = 0 }: Pick<HttpServerOwner, 'hsts' | 'altSvc'>): ResponseHead {
  if ((hsts === 0 && altSvc === 0) || !ADDED_TO.includes(head.status)) return head;
  return { ...head, ...(hsts > 0 ? { hsts } : {}), ...(altSvc > 0 ? { altSvc } : {}) };
}
/** 400 with nginx's page; `why` as for HTTP on a TLS port. */
export const badRequest = (why = ''): ServerResponse => ({
  head: { status: 400, type: 'text/html', length: errorPage(400, why).length, file: false, maxAge: -1, keepAlive: false }, links: [],
});
/** 413 with nginx's page. */
export const tooLarge = (): ServerResponse => ({ head: { status: 413, type: 'text/html', length: errorPage(413).length, file: false, maxAge: -1, keepAlive: false }, links: [] });
