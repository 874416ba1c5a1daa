/** The parts of a URL that a client needs (RFC 3986, http and https only). No DOM: pure. */
export interface UrlParts {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly origin: string;
  /** Host, and the port when it is not the scheme's own: the Host field. */
  readonly authority: string;
}
const OWN_PORT = { http: 80, https: 443 } as const;
/** Null when it is not an absolute http(s) URL. */
export function parseUrl(url: string): UrlParts | null {
  const match = /^(https?):\/\/([a-z0-9.-]+)(?::(\d{1,5}))?(\/[^#\s]*)?$/i.exec(url);
  if (!match) return null;
  const scheme = match[1]!.toLowerCase() as 'http' | 'https';
  const own = OWN_PORT[scheme];
  const port = match[3] ? Number(match[3]) : own;
  if (port < 1 || port > 65535) return null;
  const host = match[2]!.toLowerCase();
  return { scheme, host, port, path: match[4] ?? '/', origin: `${scheme}://${host}:${port}`, authority: port === own ? host : `${host}:${port}` };
}
/** A reference in a document, absolute (RFC 3986 §5.2; dot segments are kept as they are). */
export function resolveUrl(base: UrlParts, reference: string): string {
  if (/^https?:/i.test(reference)) return reference;
  if (reference.startsWith('//')) return `${base.scheme}:${reference}`;
  const path = reference.startsWith('/') ? reference : `${base.path.slice(0, base.path.split('?')[0]!.lastIndexOf('/') + 1)}${reference}`;
  return `${base.scheme}://${base.authority}${path}`;
}
