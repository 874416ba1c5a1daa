/**
 * What a request says, in whatever version of HTTP (RFC 9110): its head as data, and its header fields as the named clients write
 * them. The fields of one connection (Host, Connection, Expect; RFC 9110 §7.6.1) and pseudo-header fields belong to the versions.
 */
import type { HeaderField } from '../header-compression/field';

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
  /** Value of its `priority` field, where the client says one (RFC 9218 §5). */
  readonly priority?: string;
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


/** Fields of a request, in order. The clients' sets are those of the measured versions; only secure origins get Sec-* and all encodings. */
export function requestFields(r: RequestHead): HeaderField[] {
  const content: HeaderField[] = r.body === undefined ? [] : [['Content-Length', String(r.body)]];
  const form: HeaderField[] = r.body === undefined ? [] : [['Content-Type', 'application/x-www-form-urlencoded']];
  const validator: HeaderField[] = r.validator ? [['If-None-Match', r.validator.etag], ['If-Modified-Since', r.validator.lastModified]] : [];
  if (r.client === 'curl') return [['User-Agent', 'curl/7.88.1'], ['Accept', '*/*'], ...content, ...form, ...validator];
  if (r.client === 'plain') return [['Accept', ACCEPT[r.destination]], ...content, ...form, ...validator];
  const navigation = r.destination === 'document';
  const fields: HeaderField[] = [...content];
  if (r.reload) fields.push(['Cache-Control', 'max-age=0']);
  if (r.secure) fields.push(['sec-ch-ua', BRANDS], ['sec-ch-ua-mobile', '?0'], ['sec-ch-ua-platform', '"Linux"']);
  if (navigation) fields.push(['Upgrade-Insecure-Requests', '1']);
  if (r.body !== undefined) fields.push(['Origin', `${r.secure ? 'https' : 'http'}://${r.host}`], ...form);
  fields.push(['User-Agent', CHROMIUM], ['Accept', ACCEPT[r.destination]]);
  if (r.secure) {
    fields.push(['Sec-Fetch-Site', navigation ? 'none' : 'same-origin'], ['Sec-Fetch-Mode', navigation ? 'navigate' : 'no-cors']);
    if (navigation) fields.push(['Sec-Fetch-User', '?1']);
    fields.push(['Sec-Fetch-Dest', FETCH_DEST[r.destination]]);
  }
  if (r.referrer !== null) fields.push(['Referer', r.referrer]);
  fields.push(['Accept-Encoding', `gzip, deflate${r.secure ? ', br, zstd' : ''}`], ['Accept-Language', 'en-US,en;q=0.9'], ...validator);
  return fields;
}
