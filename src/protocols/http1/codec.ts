/** HTTP/1.1 on the wire (RFC 9112): start lines, the fields of one connection, chunks. */
import type { HeaderField } from '../../model/header-compression/field';
import { requestFields, type RequestHead } from '../../model/http/request';
import { REASONS, responseFields, type HeadWriter, type ResponseHead } from '../../model/http/response';

const line = ([name, value]: HeaderField): string => `${name}: ${value}`;

/** Header lines of a request, in order. */
export function requestLines(r: RequestHead): string[] {
  if (r.proxied) return proxiedLines(r, r.proxied);
  return [
    `${r.method} ${r.path} HTTP/1.1`, `Host: ${r.host}`, ...(r.client === 'browser' ? ['Connection: keep-alive'] : []), ...requestFields(r).map(line),
    ...(r.expect ? ['Expect: 100-continue'] : []), ...(r.keepAlive ? [] : ['Connection: close']),
  ];
}
/**
 * The head that nginx writes to an upstream (ngx_http_proxy_module.c: proxy_set_header Host $proxy_host, Connection close; with kept
 * connections Connection ""). Nothing tells the upstream who the client is, unless somebody configures it.
 */
function proxiedLines(r: RequestHead, version: '1.0' | '1.1'): string[] {
  return [`${r.method} ${r.path} HTTP/${version}`, `Host: ${r.host}`, ...(r.keepAlive ? [] : ['Connection: close']), ...requestFields(r).map(line)];
}
/** Header lines of a response; `now`: ns. */
export function responseLines(r: ResponseHead, writer: HeadWriter = 'nginx', now = 0): string[] {
  const { known, added } = responseFields(r, writer, now);
  return [
    `HTTP/1.1 ${r.status} ${REASONS[r.status] ?? ''}`, ...known.map(line), ...(r.chunked ? ['Transfer-Encoding: chunked'] : []),
    `Connection: ${r.keepAlive ? 'keep-alive' : 'close'}`, ...added.map(line),
  ];
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
/** A head as text: lines and the empty line, CRLF. ASCII, so one byte for each character. */
export const headText = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
