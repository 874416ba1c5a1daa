/** HTTP/1.1 heads on the wire (RFC 9112 §3, §4), as the named clients and nginx write them. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly client: 'plain' | 'curl' | 'browser';
  readonly accept: string;
  readonly keepAlive: boolean;
}
const CHROMIUM =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/** Header lines of a request, in order. */
export function requestLines(r: RequestHead): string[] {
  const lines = [`${r.method} ${r.path} HTTP/1.1`, `Host: ${r.host}`];
  if (r.client === 'curl') lines.push('User-Agent: curl/7.88.1', 'Accept: */*');
  else if (r.client === 'plain') lines.push(`Accept: ${r.accept}`);
  else {
    lines.push(
      'Connection: keep-alive', 'Upgrade-Insecure-Requests: 1', `User-Agent: ${CHROMIUM}`,
      `Accept: ${r.accept}`, 'Accept-Encoding: gzip, deflate', 'Accept-Language: en-US,en;q=0.9',
    );
  }
  if (!r.keepAlive) lines.push('Connection: close');
  return lines;
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
export const REASONS: Readonly<Record<number, string>> = { 200: 'OK', 304: 'Not Modified', 404: 'Not Found', 500: 'Internal Server Error', 503: 'Service Unavailable' };

/** Header lines as nginx 1.22 writes them. The date is fixed: a run knows no calendar. */
export function responseLines(r: ResponseHead): string[] {
  const lines = [
    `HTTP/1.1 ${r.status} ${REASONS[r.status] ?? ''}`, 'Server: nginx/1.22.1', 'Date: Tue, 24 Nov 2026 12:00:00 GMT', `Content-Type: ${r.type}`, `Content-Length: ${r.length}`,
  ];
  if (r.file) lines.push('Last-Modified: Mon, 23 Nov 2026 12:00:00 GMT');
  lines.push(`Connection: ${r.keepAlive ? 'keep-alive' : 'close'}`);
  if (r.file) lines.push(`ETag: "6a0e1cc0-${r.length.toString(16)}"`);
  if (r.maxAge >= 0) lines.push(`Cache-Control: max-age=${r.maxAge}`);
  if (r.file) lines.push('Accept-Ranges: bytes');
  return lines;
}
/** A head as text: lines and the empty line, CRLF. ASCII, so one byte for each character. */
export const headText = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
