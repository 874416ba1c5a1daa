/** A client's one connection for all its requests, in whatever version of HTTP, and who owns it. */
import type { RequestRow } from '../request';
import type { Urgency } from './priority';
import type { RequestHead } from './request';
import type { ResponseInfo } from './response';

export interface MultiplexedClient {
  /** It takes no more requests. */
  readonly leaving: boolean;
  /** Requests answered. */
  readonly served: number;
  request(row: RequestRow, head: RequestHead): void;
  /** Gives a request up: the server is told, the connection stays. */
  cancel(row: RequestRow): void;
  /** How urgent an answer that has not come yet is from now on (RFC 9218 §7). */
  reprioritize(row: RequestRow, urgency: Urgency): void;
  /** Nothing more is wanted of it. */
  close(): void;
}
export interface MultiplexedClientOwner {
  responseDone(row: RequestRow, info: ResponseInfo): void;
  /** The request got no whole answer. `unseen`: the server has not looked at it, so it may go out again (RFC 9113 §8.7, RFC 9114 §4.1.1). */
  requestFailed(row: RequestRow, code: string, unseen: boolean): void;
  /** No more requests: the server leaves, or the connection is gone. */
  serverLeaves(): void;
}
