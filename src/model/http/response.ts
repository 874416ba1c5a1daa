/**
 * What a response says, in whatever version of HTTP (RFC 9110): its head as data, its header fields as nginx 1.22 and the measured
 * application write them, nginx's error pages, validators.
 */
import { imfFixdate } from '../../base/calendar';
import type { HeaderField } from '../header-compression/field';
import type { Validator } from './request';

export interface ResponseHead {
  readonly status: number;
  readonly type: string;
  readonly length: number;
  readonly file: boolean;
  /** Seconds of freshness; -1 without Cache-Control. */
  readonly maxAge: number;
  readonly keepAlive: boolean;
  /** When the file was changed last, s after the run's beginning; a day before when absent. */
  readonly modified?: number;
  /** Its tag, where it does not follow from time and length: of a 304, whose content is not there, or of what is compressed while it is sent. */
  readonly tag?: string;
  /** Directives of Cache-Control beside max-age (RFC 9111 §5.2.2). */
  readonly caching?: CacheDirective;
  /** Where to ask instead (RFC 9110 §10.2.2). */
  readonly location?: string;
  /** Seconds for which this host is asked over TLS only (RFC 6797); 0 = not said. */
  readonly hsts?: number;
  /** Seconds for which it may be asked with HTTP/3 on the same port (RFC 7838 §3); 0 = not said. */
  readonly altSvc?: number;
  /** Of a document: which pictures are on the first screen. Not on the wire: who reads its content and lays it out knows. */
  readonly inView?: readonly string[];
  /** The content is compressed, and `length` is what is left of it. */
  readonly gzip?: boolean;
  /** The length is not known when the head is written (RFC 9112 §7.1). */
  readonly chunked?: boolean;
}
export const CACHE_DIRECTIVES = ['no-store', 'no-cache', 'must-revalidate', 'immutable'] as const;
export type CacheDirective = (typeof CACHE_DIRECTIVES)[number];
export const REASONS: Readonly<Record<number, string>> = { 200: 'OK', 301: 'Moved Permanently', 302: 'Moved Temporarily', 307: 'Temporary Redirect', 308: 'Permanent Redirect', 304: 'Not Modified', 405: 'Not Allowed', 413: 'Request Entity Too Large', 400: 'Bad Request', 404: 'Not Found', 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable',
  504: 'Gateway Time-out' };

/** What a response's head tells the client. */
export interface ResponseInfo {
  readonly status: number;
  /** Bytes of the body on the wire; in chunks their lengths among them. */
  readonly contentLength: number;
  readonly type: string;
  readonly maxAge: number;
  readonly keepAlive: boolean;
  /** What the document refers to. */
  readonly links: readonly string[];
  /** All that the head says. */
  readonly head: ResponseHead;
}

/** Who writes a head: nginx, which says its name and the date, or an application that says only what is needed. */
export type HeadWriter = 'nginx' | 'application';
/** When each run begins: a run knows no calendar, but its clock goes on from here. */
const EPOCH_S = 1_795_521_600; // Tue, 24 Nov 2026 12:00:00 GMT
const DAY_S = 86_400;
const imfDate = (seconds: number): string => imfFixdate(EPOCH_S + Math.floor(seconds));
/** ETag and Last-Modified of a file as nginx makes them: from its time and length. */
export function validatorOf(r: Pick<ResponseHead, 'modified' | 'length' | 'tag'>): Validator {
  const modified = r.modified ?? -DAY_S;
  return { etag: r.tag ?? `"${(EPOCH_S + modified).toString(16)}-${r.length.toString(16)}"`, lastModified: imfDate(modified) };
}
/** How long a file had not been changed when it was sent, s. */
export const unchangedFor = (r: Pick<ResponseHead, 'modified'>, now: number): number => now / 1e9 - (r.modified ?? -DAY_S);
/**
 * Fields in nginx's order: those it knows (ngx_http_header_filter, ngx_http_v2_header_filter), then those that were added to its
 * list. Those of the connection stand between the two in HTTP/1.1, and nowhere in HTTP/2. `now`: ns.
 */
export function responseFields(r: ResponseHead, writer: HeadWriter = 'nginx', now = 0): { readonly known: readonly HeaderField[]; readonly added: readonly HeaderField[] } {
  const known: HeaderField[] = [], added: HeaderField[] = [];
  if (writer === 'nginx') known.push(['Server', 'nginx/1.22.1'], ['Date', imfDate(now / 1e9)]);
  if (r.status !== 304) {
    known.push(['Content-Type', r.type]);
    if (!r.chunked) known.push(['Content-Length', String(r.length)]);
  }
  const validator = r.file ? validatorOf(r) : null;
  if (validator) known.push(['Last-Modified', validator.lastModified]);
  if (r.location !== undefined) known.push(['Location', r.location]);
  if (validator) added.push(['ETag', validator.etag]);
  const directives = [...(r.maxAge >= 0 ? [`max-age=${r.maxAge}`] : []), ...(r.caching ? [r.caching] : [])];
  if (directives.length > 0) added.push(['Cache-Control', directives.join(', ')]);
  if (r.hsts) added.push(['Strict-Transport-Security', `max-age=${r.hsts}`]);
  if (r.altSvc) added.push(['Alt-Svc', `h3=":443"; ma=${r.altSvc}`]);
  if (r.gzip) added.push(['Content-Encoding', 'gzip']);
  if (r.file && r.status !== 304 && !r.chunked) added.push(['Accept-Ranges', 'bytes']);
  return { known, added };
}
/** The page that nginx 1.22.1 sends with an error (ngx_http_special_response.c); `why` is the longer reason of its own codes. */
export function errorPage(status: number, why = ''): string {
  const name = `${status} ${REASONS[status] ?? ''}`;
  const lines = [
    '<html>', `<head><title>${why ? `${status} ${why}` : name}</title></head>`, '<body>', `<center><h1>${name}</h1></center>`, ...(why ? [`<center>${why}</center>`] : []),
    '<hr><center>nginx/1.22.1</center>', '</body>', '</html>', '',
  ];
  return lines.join('\r\n');
}
