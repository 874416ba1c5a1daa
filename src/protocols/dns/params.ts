/** Parameter table of name resolution. */
import { MS, SECOND } from '../../base/time';
import { paramDefaults, paramValues, type ParamSpec } from '../../model/params';

export const DNS_PARAMS: readonly ParamSpec[] = [
  { path: 'stack.dns.timeout', type: 'duration', default: 5 * SECOND, min: 10 * MS, max: 30 * SECOND, source: 'glibc RES_TIMEOUT', words: 'dnsTimeout' },
  { path: 'stack.dns.attempts', type: 'integer', default: 2, min: 1, max: 5, source: 'glibc RES_DFLRETRY', words: 'dnsAttempts' },
  { path: 'stack.dns.ipv6', type: 'switch', default: true, source: 'getaddrinfo(3): AF_UNSPEC asks for A and AAAA', words: 'dnsIpv6' },
  { path: 'stack.dns.edns', type: 'bytes', default: 1232, min: 0, max: 4096, source: 'Unbound edns-buffer-size; between resolver and servers', words: 'dnsEdns' },
  { path: 'stack.dns.qnameMinimisation', type: 'switch', default: true, source: 'RFC 9156; Unbound qname-minimisation yes', words: 'qnameMinimisation' },
  { path: 'stack.dns.resolverRto', type: 'duration', default: 376 * MS, min: 50 * MS, max: 120 * SECOND, source: 'Unbound UNKNOWN_SERVER_NICENESS: first timeout for an unknown server', words: 'resolverRto' },
  { path: 'stack.dns.resolverTries', type: 'integer', default: 5, min: 1, max: 32, source: 'Unbound outbound-msg-retry 5', words: 'resolverTries' },
  { path: 'stack.dns.negativeTtl', type: 'duration', default: 3600 * SECOND, min: 0, max: 86400 * SECOND, source: 'RFC 2308 §5; Unbound max-negative-ttl', words: 'negativeTtl' },
  { path: 'stack.dns.httpsExtraShare', type: 'ratio', default: 0.2, min: 0, max: 10, source: 'Chromium UseDnsHttpsSvcbInsecureExtraTimePercent 20: how much longer an HTTPS record is waited for than the addresses took', words: 'httpsExtraShare' },
  { path: 'stack.dns.httpsExtraMin', type: 'duration', default: 5 * MS, min: 0, max: SECOND, source: 'Chromium UseDnsHttpsSvcbInsecureExtraTimeMin 5 ms', words: 'httpsExtraMin' },
  { path: 'stack.dns.httpsExtraMax', type: 'duration', default: 50 * MS, min: 0, max: SECOND, source: 'Chromium UseDnsHttpsSvcbInsecureExtraTimeMax 50 ms', words: 'httpsExtraMax' },
];

export interface DnsOptions {
  readonly timeout: number;
  readonly attempts: number;
  readonly ipv6: boolean;
  readonly edns: number;
  readonly qnameMinimisation: boolean;
  readonly resolverRto: number;
  readonly resolverTries: number;
  readonly negativeTtl: number;
  readonly httpsExtraShare: number;
  readonly httpsExtraMin: number;
  readonly httpsExtraMax: number;
}

const DEFAULTS = paramDefaults(DNS_PARAMS);
/** Options from records that may leave some out, then from the table. */
export const dnsOptions = (...records: readonly (Readonly<Record<string, unknown>> | undefined)[]): DnsOptions => paramValues(DEFAULTS, records) as unknown as DnsOptions;
