/** What a reverse proxy is set to: nginx's directives, by the host's parameters and the defaults of its version. Times in ns. */
import type { PlanHost } from '../model/plan';
import { hostDefault } from './params';

/** What counts as a reason to ask the next server (nginx proxy_next_upstream). */
export const NEXT_UPSTREAM = ['error', 'timeout'] as const;
export type NextUpstream = (typeof NEXT_UPSTREAM)[number];
/** Which defaults towards upstreams hold: from 1.29.7 on connections are kept and HTTP/1.1 is spoken. */
export const PROXY_VERSIONS = ['1.22.1', '1.29.7'] as const;
const BY_VERSION: Readonly<Record<string, { readonly keepalive: number; readonly http: '1.0' | '1.1' }>> = { '1.22.1': { keepalive: 0, http: '1.0' }, '1.29.7': { keepalive: 32, http: '1.1' } };

export interface ProxySettings {
  readonly connectTimeout: number;
  /** Between two reads. */
  readonly readTimeout: number;
  /** Whole buffers are passed on; off: every read at once. */
  readonly buffering: boolean;
  readonly bufferSize: number;
  readonly next: readonly NextUpstream[];
  /** Servers asked for one request at most; 0: all of the group. */
  readonly tries: number;
  /** CPU time for a request, and again for the head of its response. */
  readonly cost: number;
  /** HTTP version towards an upstream whose connections are not kept. */
  readonly http: '1.0' | '1.1';
  readonly keepalive: number;
  readonly keepaliveTimeout: number;
  readonly keepaliveRequests: number;
  readonly maxFails: number;
  readonly failTimeout: number;
  readonly maxConns: number;
}
export function proxySettings({ params }: PlanHost): ProxySettings {
  const number = (key: string): number => Number(params[key] ?? hostDefault(key));
  const version = BY_VERSION[String(params.proxyVersion ?? PROXY_VERSIONS[0])] ?? BY_VERSION[PROXY_VERSIONS[0]]!;
  const keepalive = number('upstreamKeepalive');
  return {
    connectTimeout: number('proxyConnectTimeout'), readTimeout: number('proxyReadTimeout'), buffering: number('proxyBuffering') === 1, bufferSize: number('proxyBufferSize'),
    next: (params.proxyNextUpstream ?? NEXT_UPSTREAM) as readonly NextUpstream[], tries: number('proxyNextUpstreamTries'), cost: number('proxyCost'), http: version.http,
    keepalive: keepalive >= 0 ? keepalive : version.keepalive, keepaliveTimeout: number('upstreamKeepaliveTimeout'), keepaliveRequests: number('upstreamKeepaliveRequests'),
    maxFails: number('upstreamMaxFails'), failTimeout: number('upstreamFailTimeout'), maxConns: number('upstreamMaxConns'),
  };
}
