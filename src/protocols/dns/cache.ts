/** A cache of resource records with their time to live (RFC 1034 §5.3.3, RFC 2308 for negative answers). Times in ns. */
import type { Record_, RrType } from './codec';

export interface CacheEntry {
  readonly records: readonly Record_[];
  /** True for "there is none" (NODATA) or "no such name". */
  readonly negative: 'nodata' | 'nxdomain' | null;
  /** The SOA that came with a negative answer and goes out with it again (RFC 2308 §6). */
  readonly soa: readonly Record_[];
  readonly expires: number;
}

export class DnsCache {
  private readonly entries = new Map<string, CacheEntry>();
  get size(): number {
    return this.entries.size;
  }
  put(name: string, type: RrType, records: readonly Record_[], ttlSeconds: number, now: number, negative: CacheEntry['negative'] = null, soa: readonly Record_[] = []): void {
    this.entries.set(key(name, type), { records, negative, soa, expires: now + ttlSeconds * 1e9 });
  }
  /** A fresh entry, or null. An entry lives until, not at, its expiry. */
  find(name: string, type: RrType, now: number): CacheEntry | null {
    const entry = this.entries.get(key(name, type));
    return entry && entry.expires > now ? entry : null;
  }
  clear(): void {
    this.entries.clear();
  }
}

const key = (name: string, type: RrType): string => `${type} ${name.toLowerCase()}`;
