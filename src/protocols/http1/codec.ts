/** HTTP/1.1 heads on the wire (RFC 9112 §3, §4), as the named clients and nginx write them. */
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
  /** A reverse proxy passes it on, in this version of HTTP: its own Host and Connection first, then the client's other fields. */
  readonly proxied?: '1.0' | '1.1';
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
  if (r.client === 'curl') lines.push('User-Agent: curl/7.88.1', 'Accept: */*');
  else if (r.client === 'plain') lines.push(`Accept: ${ACCEPT[r.destination]}`);
  else {
    const navigation = r.destination === 'document';
    lines.push('Connection: keep-alive');
    if (r.secure) lines.push(`sec-ch-ua: ${BRANDS}`, 'sec-ch-ua-mobile: ?0', 'sec-ch-ua-platform: "Linux"');
    if (navigation) lines.push('Upgrade-Insecure-Requests: 1');
    lines.push(`User-Agent: ${CHROMIUM}`, `Accept: ${ACCEPT[r.destination]}`);
    if (r.secure) {
      lines.push(`Sec-Fetch-Site: ${navigation ? 'none' : 'same-origin'}`, `Sec-Fetch-Mode: ${navigation ? 'navigate' : 'no-cors'}`);
      if (navigation) lines.push('Sec-Fetch-User: ?1');
      lines.push(`Sec-Fetch-Dest: ${FETCH_DEST[r.destination]}`);
    }
    if (r.referrer !== null) lines.push(`Referer: ${r.referrer}`);
    lines.push(`Accept-Encoding: gzip, deflate${r.secure ? ', br, zstd' : ''}`, 'Accept-Language: en-US,en;q=0.9');
  }
  if (!r.keepAlive) lines.push('Connection: close');
  return lines;
}
/**
 * The head that nginx writes to an upstream (ngx_http_proxy_module.c: proxy_set_header Host $proxy_host, Connection close; with kept
 * connections Connection ""). Nothing tells the upstream who the client is, unless somebody configures it.
 */
function proxiedLines({ proxied: _, ...head }: RequestHead, version: '1.0' | '1.1'): string[] {
  const passed = requestLines({ ...head, keepAlive: true }).slice(2).filter((line) => !line.startsWith('Connection:'));
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
}
export const REASONS: Readonly<Record<number, string>> = { 200: 'OK', 304: 'Not Modified', 400: 'Bad Request', 404: 'Not Found', 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable',
  504: 'Gateway Time-out' };

/** Who writes a head: nginx, which says its name and the date, or an application that says only what is needed. */
export type HeadWriter = 'nginx' | 'application';
/** Header lines as nginx 1.22 and the measured application write them. The date is fixed: a run knows no calendar. */
export function responseLines(r: ResponseHead, writer: HeadWriter = 'nginx'): string[] {
  const lines = [
    `HTTP/1.1 ${r.status} ${REASONS[r.status] ?? ''}`, ...(writer === 'nginx' ? ['Server: nginx/1.22.1', 'Date: Tue, 24 Nov 2026 12:00:00 GMT'] : []), `Content-Type: ${r.type}`, `Content-Length: ${r.length}`,
  ];
  if (r.file) lines.push('Last-Modified: Mon, 23 Nov 2026 12:00:00 GMT');
  lines.push(`Connection: ${r.keepAlive ? 'keep-alive' : 'close'}`);
  if (r.file) lines.push(`ETag: "6a0e1cc0-${r.length.toString(16)}"`);
  if (r.maxAge >= 0) lines.push(`Cache-Control: max-age=${r.maxAge}`);
  if (r.file) lines.push('Accept-Ranges: bytes');
  return lines;
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
