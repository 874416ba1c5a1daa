/** HTTP/1.1 heads on the wire (RFC 9112 §3, §4), as the named clients and nginx write them. */
import { imfFixdate } from '../../base/calendar';

/** What a request is for: decides Accept and Sec-Fetch-Dest (Fetch §2.2.7). */
export type Destination = 'document' | 'image' | 'stylesheet' | 'script' | 'other';
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  /** Host and, when it is not the scheme's own, port (RFC 9112 §3.2). */
  readonly host: string;
  readonly secure: boolean;
  readonly client: 'plain' | 'curl' | 'browser';
  readonly destination: Destination;
  /** Address of the document that refers to it, or null. */
  readonly referrer: string | null;
  readonly keepAlive: boolean;
  /** Bytes of its content; absent without any. */
  readonly body?: number;
  /** The client asks before it sends the content (RFC 9110 §10.1.1). */
  readonly expect?: boolean;
  /** The client has an answer of this date and asks whether it still holds (RFC 9110 §13.1). */
  readonly validator?: Validator;
  /** The user loads it again: no cache on the way may answer by itself. */
  readonly reload?: boolean;
  /** A reverse proxy passes it on, in this version of HTTP: its own Host and Connection first, then the client's other fields. */
  readonly proxied?: '1.0' | '1.1';
}
/** What tells one version of a file from another (RFC 9110 §8.8). */
export interface Validator {
  readonly etag: string;
  readonly lastModified: string;
}
/** Chromium 156 as it was measured: headless, on Linux. */
const CHROMIUM = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36';
const BRANDS = '"Chromium";v="156", "Not)A;Brand";v="8"';
const ACCEPT: Readonly<Record<Destination, string>> = {
  document: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
  image: 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
  stylesheet: 'text/css,*/*;q=0.1', script: '*/*', other: '*/*',
};
const FETCH_DEST: Readonly<Record<Destination, string>> = { document: 'document', image: 'image', stylesheet: 'style', script: 'script', other: 'empty' };

/** Header lines of a request, in order. The clients' sets are those of the measured versions; only secure origins get Sec-* and all encodings. */
export function requestLines(r: RequestHead): string[] {
  if (r.proxied) return proxiedLines(r, r.proxied);
  const lines = [`${r.method} ${r.path} HTTP/1.1`, `Host: ${r.host}`];
  const content = r.body === undefined ? [] : [`Content-Length: ${r.body}`], form = r.body === undefined ? [] : ['Content-Type: application/x-www-form-urlencoded'];
  if (r.client === 'curl') lines.push('User-Agent: curl/7.88.1', 'Accept: */*', ...content, ...form, ...(r.expect ? ['Expect: 100-continue'] : []));
  else if (r.client === 'plain') lines.push(`Accept: ${ACCEPT[r.destination]}`, ...content, ...form);
  else {
    const navigation = r.destination === 'document';
    lines.push('Connection: keep-alive', ...content);
    if (r.reload) lines.push('Cache-Control: max-age=0');
    if (r.secure) lines.push(`sec-ch-ua: ${BRANDS}`, 'sec-ch-ua-mobile: ?0', 'sec-ch-ua-platform: "Linux"');
    if (navigation) lines.push('Upgrade-Insecure-Requests: 1');
    if (r.body !== undefined) lines.push(`Origin: ${r.secure ? 'https' : 'http'}://${r.host}`, ...form);
    lines.push(`User-Agent: ${CHROMIUM}`, `Accept: ${ACCEPT[r.destination]}`);
    if (r.secure) {
      lines.push(`Sec-Fetch-Site: ${navigation ? 'none' : 'same-origin'}`, `Sec-Fetch-Mode: ${navigation ? 'navigate' : 'no-cors'}`);
      if (navigation) lines.push('Sec-Fetch-User: ?1');
      lines.push(`Sec-Fetch-Dest: ${FETCH_DEST[r.destination]}`);
    }
    if (r.referrer !== null) lines.push(`Referer: ${r.referrer}`);
    lines.push(`Accept-Encoding: gzip, deflate${r.secure ? ', br, zstd' : ''}`, 'Accept-Language: en-US,en;q=0.9');
  }
  if (r.validator) lines.push(`If-None-Match: ${r.validator.etag}`, `If-Modified-Since: ${r.validator.lastModified}`);
  if (!r.keepAlive) lines.push('Connection: close');
  return lines;
}
/**
 * The head that nginx writes to an upstream (ngx_http_proxy_module.c: proxy_set_header Host $proxy_host, Connection close; with kept
 * connections Connection ""). Nothing tells the upstream who the client is, unless somebody configures it.
 */
function proxiedLines({ proxied: _, ...head }: RequestHead, version: '1.0' | '1.1'): string[] {
  const passed = requestLines({ ...head, keepAlive: true }).slice(2).filter((line) => !/^(Connection|Expect):/.test(line));
  return [`${head.method} ${head.path} HTTP/${version}`, `Host: ${head.host}`, ...(head.keepAlive ? [] : ['Connection: close']), ...passed];
}
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
  /** The content is compressed, and `length` is what is left of it. */
  readonly gzip?: boolean;
  /** The length is not known when the head is written (RFC 9112 §7.1). */
  readonly chunked?: boolean;
}
export const CACHE_DIRECTIVES = ['no-store', 'no-cache', 'must-revalidate', 'immutable'] as const;
export type CacheDirective = (typeof CACHE_DIRECTIVES)[number];
export const REASONS: Readonly<Record<number, string>> = { 200: 'OK', 301: 'Moved Permanently', 302: 'Moved Temporarily', 307: 'Temporary Redirect', 308: 'Permanent Redirect', 304: 'Not Modified', 405: 'Not Allowed', 413: 'Request Entity Too Large', 400: 'Bad Request', 404: 'Not Found', 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable',
  504: 'Gateway Time-out' };

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
/** Header lines as nginx 1.22 and the measured application write them, in nginx's order (ngx_http_header_filter); `now`: ns. */
export function responseLines(r: ResponseHead, writer: HeadWriter = 'nginx', now = 0): string[] {
  const lines = [`HTTP/1.1 ${r.status} ${REASONS[r.status] ?? ''}`];
  if (writer === 'nginx') lines.push('Server: nginx/1.22.1', `Date: ${imfDate(now / 1e9)}`);
  if (r.status !== 304) {
    lines.push(`Content-Type: ${r.type}`);
    if (!r.chunked) lines.push(`Content-Length: ${r.length}`);
  }
  const validator = r.file ? validatorOf(r) : null;
  if (validator) lines.push(`Last-Modified: ${validator.lastModified}`);
  if (r.location !== undefined) lines.push(`Location: ${r.location}`);
  if (r.chunked) lines.push('Transfer-Encoding: chunked');
  lines.push(`Connection: ${r.keepAlive ? 'keep-alive' : 'close'}`);
  if (validator) lines.push(`ETag: ${validator.etag}`);
  const directives = [...(r.maxAge >= 0 ? [`max-age=${r.maxAge}`] : []), ...(r.caching ? [r.caching] : [])];
  if (directives.length > 0) lines.push(`Cache-Control: ${directives.join(', ')}`);
  if (r.hsts) lines.push(`Strict-Transport-Security: max-age=${r.hsts}`);
  if (r.gzip) lines.push('Content-Encoding: gzip');
  if (r.file && r.status !== 304 && !r.chunked) lines.push('Accept-Ranges: bytes');
  return lines;
}
/** Bytes that one write of a response without a length carries: nginx gzip_buffers 16 8k, Tomcat's response buffer 8 KB. */
export const CHUNK_BYTES = 8192;
const LAST_CHUNK = '0\r\n\r\n';
/** How long a body is on the wire: in chunks each piece has its length before it and a line's end after it (RFC 9112 §7.1). */
export function bodyLength(r: Pick<ResponseHead, 'length' | 'chunked'>): number {
  if (!r.chunked) return r.length;
  const full = Math.floor(r.length / CHUNK_BYTES), rest = r.length % CHUNK_BYTES;
  const chunk = (size: number): number => size.toString(16).length + 2 + size + 2;
  return full * chunk(CHUNK_BYTES) + (rest > 0 ? chunk(rest) : 0) + LAST_CHUNK.length;
}
/** Content in chunks, as `bodyLength` counts it. `ascii` makes bytes of text. */
export function chunked(content: Uint8Array, ascii: (text: string) => readonly number[]): Uint8Array {
  const out = new Uint8Array(bodyLength({ length: content.length, chunked: true }));
  let at = 0;
  const put = (bytes: ArrayLike<number>): void => {
    out.set(bytes, at);
    at += bytes.length;
  };
  for (let from = 0; from < content.length; from += CHUNK_BYTES) {
    const piece = content.subarray(from, from + CHUNK_BYTES);
    put(ascii(`${piece.length.toString(16)}\r\n`));
    put(piece);
    put(ascii('\r\n'));
  }
  put(ascii(LAST_CHUNK));
  return out;
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
/** A head as text: lines and the empty line, CRLF. ASCII, so one byte for each character. */
export const headText = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
