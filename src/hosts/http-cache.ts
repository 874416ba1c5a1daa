/**
 * A client's private cache (RFC 9111): what it may keep, how long that is fresh, and what it asks when it is stale. Law: as Chromium does it
 * (net/http/http_response_headers.cc GetFreshnessLifetimes, http_cache_transaction.cc). Simplifications: no Vary, no limit of size.
 */
import { SECOND, type Ns } from '../base/time';
import type { Validator } from '../model/http/request';
import { unchangedFor, validatorOf, type ResponseInfo } from '../model/http/response';

interface Entry {
  readonly info: ResponseInfo;
  /** Fresh until then. */
  readonly expires: Ns;
}
/** Answers that may be kept without being told so: for ever when the thing has moved for good. */
const MOVED_FOR_GOOD: readonly number[] = [301, 308];
/** Without a lifetime an answer is taken to be fresh for a tenth of the time that it has not been changed (RFC 9111 §4.2.2). */
const HEURISTIC = 0.1;

/** How long an answer that comes now is fresh, ns; null: it may not be kept. `guesses`: also when nobody said (a browser does). */
export function freshness(info: ResponseInfo, now: Ns, guesses: boolean): Ns | null {
  const { head, status, maxAge } = info;
  if (head.caching === 'no-store' || (status !== 200 && !MOVED_FOR_GOOD.includes(status))) return null;
  if (head.caching === 'no-cache') return 0;
  if (maxAge >= 0) return maxAge * SECOND;
  if (!guesses) return null;
  if (head.caching !== 'must-revalidate') {
    if (MOVED_FOR_GOOD.includes(status)) return Infinity;
    if (head.file) return Math.floor(unchangedFor(head, now) * HEURISTIC) * SECOND;
  }
  // neither a lifetime nor anything to ask with
  return head.file ? 0 : null;
}

export class HttpCache {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly guesses: boolean) {}

  /** What is kept, whether it is fresh, and what to ask with when it is not. */
  lookUp(url: string, now: Ns): { readonly info: ResponseInfo; readonly fresh: boolean; readonly validator: Validator | null } | null {
    const entry = this.entries.get(url);
    return entry ? { info: entry.info, fresh: entry.expires > now, validator: entry.info.head.file ? validatorOf(entry.info.head) : null } : null;
  }
  /** An answer is here: keeps it if it may. */
  store(url: string, info: ResponseInfo, now: Ns): void {
    const lifetime = freshness(info, now, this.guesses);
    if (lifetime === null) this.entries.delete(url);
    else this.entries.set(url, { info, expires: now + lifetime });
  }
  /** What was kept still holds (304): the answer that is used, fresh anew. */
  refresh(url: string, notModified: ResponseInfo, now: Ns): ResponseInfo {
    const entry = this.entries.get(url)!;
    this.entries.set(url, { info: entry.info, expires: now + (freshness({ ...entry.info, maxAge: notModified.maxAge, head: { ...entry.info.head, ...(notModified.head.caching ? { caching: notModified.head.caching } : {}) } }, now, this.guesses) ?? 0) });
    return entry.info;
  }
}
