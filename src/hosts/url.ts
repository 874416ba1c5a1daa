/** The parts of a URL that a client needs (RFC 3986, http and https only). No DOM: pure. */
export interface UrlParts {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly origin: string;
}
/** Null when it is not an absolute http(s) URL. */
export function parseUrl(url: string): UrlParts | null {
  const match = /^(https?):\/\/([a-z0-9.-]+)(?::(\d{1,5}))?(\/[^#\s]*)?$/i.exec(url);
  if (!match) return null;
  const scheme = match[1]!.toLowerCase() as 'http' | 'https';
  const port = match[3] ? Number(match[3]) : scheme === 'https' ? 443 : 80;
  const host = match[2]!.toLowerCase();
  return { scheme, host, port, path: match[4] ?? '/', origin: `${scheme}://${host}:${port}` };
}
/** A reference in a document, absolute. */
export const resolveUrl = (base: UrlParts, reference: string): string =>
  /^https?:/.test(reference) ? reference : `${base.scheme}://${base.host}${base.port === (base.scheme === 'https' ? 443 : 80) ? '' : `:${base.port}`}${reference}`;
