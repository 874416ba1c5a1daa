/** What a proxy remembers of its upstreams' answers (nginx proxy_cache): GET, 200, fresh by Cache-Control. Law: an answer is kept when it is whole, and served until it is stale (RFC 9111 §3, §4.2). */
import { SECOND, type Ns } from '../base/time';
import type { ServerResponse } from '../model/http/exchange';
import type { RequestHead } from '../model/http/request';
import type { ResponseInfo } from '../model/http/response';

export class ProxyCache {
  private readonly entries = new Map<string, { readonly expires: Ns; readonly response: ServerResponse }>();

  /** The kept answer to a request, or null. */
  lookUp(request: RequestHead, now: Ns): ServerResponse | null {
    const entry = request.method === 'GET' ? this.entries.get(keyOf(request)) : undefined;
    return entry && entry.expires > now ? entry.response : null;
  }
  /** Whether an answer may be kept; before its head (`null`), whether any answer to this request may. */
  mayKeep(request: RequestHead, info: ResponseInfo | null): boolean {
    return request.method === 'GET' && (!info || (info.status === 200 && info.maxAge > 0 && info.head.caching !== 'no-store' && info.head.caching !== 'no-cache'));
  }
  /** Keeps an answer that may be kept. */
  keep(request: RequestHead, info: ResponseInfo, now: Ns): void {
    this.entries.set(keyOf(request), { expires: now + info.maxAge * SECOND, response: { head: { ...info.head, keepAlive: true }, links: info.links } });
  }
}
/** nginx proxy_cache_key $scheme$proxy_host$request_uri. */
const keyOf = (request: RequestHead): string => `${request.secure ? 'https' : 'http'} ${request.host} ${request.path}`;
