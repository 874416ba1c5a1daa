/** What our run says in the measuring program's own terms: curl's cumulative times, the OpenSSL client's marks. */
import type { RequestRow } from '../../src/model/request';
import type { Trace } from '../../src/model/trace';

/**
 * When curl last updated its progress before `ms`: a failed look-up is reported with that time. While its resolver
 * thread works curl wakes after a third of the time passed (up to 50 ms), then each 50 ms, then each 200 ms
 * (curl 7.88 lib/asyn-thread.c Curl_resolver_getsock).
 */
function lastProgress(ms: number): number {
  let at = 3;
  for (;;) {
    const next = at + (at <= 50 ? Math.max(1, Math.floor(at / 3)) : at <= 250 ? 50 : 200);
    if (next > ms) return at;
    at = next;
  }
}

/** When the client of a request had done its TLS handshake, ms after the request's start. */
function finishedAt(trace: Trace, row: RequestRow): number | undefined {
  const done = trace.kinds.find((k) => k.name === 'tls.handshake_done')?.id ?? -1;
  for (let e = row.startEvent; e < trace.kind.length; e++) {
    if (trace.kind.at(e) === done && trace.endpoints[trace.where.at(e)]?.host === row.host) return (trace.time.at(e) - row.startNs) / 1e6;
  }
  return undefined;
}

/** Metrics in ms, counted from the start of the request. Phases that did not happen are absent. */
export function metricsOf(trace: Trace, row: RequestRow, family: string): Record<string, number> {
  const ms = (ns: number): number => (ns - row.startNs) / 1e6;
  const end = (phase: string): number | undefined => {
    const p = row.phases.find((q) => q.phase === phase && q.endNs >= 0);
    return p && ms(p.endNs);
  };
  const begin = (phase: string): number | undefined => {
    const p = row.phases.find((q) => q.phase === phase);
    return p && ms(p.startNs);
  };
  const out: Record<string, number> = {};
  const put = (name: string, value: number | undefined): void => {
    if (value !== undefined) out[name] = value;
  };
  const resolved = trace.kinds.find((k) => k.name === 'dns.resolved')?.id ?? -1;
  let answer = -1;
  for (let e = row.startEvent; e < trace.kind.length && answer < 0; e++) if (trace.kind.at(e) === resolved) answer = e;
  // a name that is known costs curl the call itself
  const asked = trace.pdus.some((p) => p.dstPort === 53 && p.sentAt >= row.startNs);
  put('namelookup', asked ? (answer >= 0 ? ms(trace.time.at(answer)) : undefined) : 0.02);
  const connect = end('connect');
  put('connect', connect);
  if (family === 'quic-browser' || family === 'alt-svc') {
    // Navigation Timing: connectStart to connectEnd, TLS in it; requestStart to responseStart
    const from = begin('connect'), until = end('tls') ?? connect, asked = begin('send'), answered = begin('receive');
    if (from !== undefined && until !== undefined) out.connect = until - from;
    if (asked !== undefined && answered !== undefined) out.ttfb_wait = answered - asked;
  }
  put('appconnect', end('tls'));
  put('pretransfer', begin('send'));
  put('starttransfer', begin('receive'));
  if (row.endNs >= 0) out.total = row.error?.curl === 6 ? lastProgress(ms(row.endNs)) : ms(row.endNs);
  if (out.starttransfer !== undefined && out.pretransfer !== undefined) out.wait = out.starttransfer - out.pretransfer;
  // random loss is judged without the handshake, whose own losses cost a second
  if (out.total !== undefined && connect !== undefined) out.after_connect = out.total - connect;
  if (out.total !== undefined && out.namelookup !== undefined) out.after_dns = out.total - out.namelookup;
  out.exitCode = row.error?.curl ?? 0;
  if (family === 'flights') put('first_byte', begin('receive'));
  if (family === 'tls' && connect !== undefined) {
    const from = begin('connect') ?? 0;
    // early data goes before the handshake ends: SSL_connect returns with the client's Finished
    for (const [name, value] of Object.entries({ connect, handshake: finishedAt(trace, row) ?? end('tls'), first_byte: begin('receive'), total: ms(row.endNs) })) if (value !== undefined) out[name] = value - from;
  }
  const dns = row.phases.find((p) => p.phase === 'dns');
  if (dns && answer >= 0) out.query = (trace.time.at(answer) - dns.startNs) / 1e6;
  return out;
}
/** Of a page, in ms since its navigation began: when all of it was there, and nothing when a part never came. */
export function pageMetrics(trace: Trace, document: RequestRow): Record<string, number> {
  const ms = (ns: number): number => (ns - document.startNs) / 1e6;
  const parts = trace.requests.filter((r) => r.initiator === document.id);
  if ([document, ...parts].some((r) => r.endNs < 0 || r.error !== null || r.status !== 200)) return {};
  return { page_load: ms(Math.max(document.endNs, ...parts.map((r) => r.endNs))) };
}
