/** What a browser keeps, when it asks, and where it is sent on: RFC 9110, 9111, 6797 as Chromium and nginx do it. */
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../src/base/time';
import type { SiteResource } from '../../src/hosts/workload';
import { freshness, HttpCache } from '../../src/hosts/http-cache';
import { validatorOf, type ResponseHead, type ResponseInfo } from '../../src/model/http/response';
import { bodyLength, chunked, requestLines as requestHead, responseLines } from '../../src/protocols/http1/codec';
import { loadHosts } from '../../src/hosts/registry';
import { eventsOf, runWeb } from '../support/web';

await loadHosts();
const HEAD: ResponseHead = { status: 200, type: 'text/html', length: 1000, file: true, maxAge: -1, keepAlive: true };
const info = (head: Partial<ResponseHead>): ResponseInfo => {
  const whole = { ...HEAD, ...head };
  return { status: whole.status, contentLength: whole.length, type: whole.type, maxAge: whole.maxAge, keepAlive: true, links: [], head: whole };
};
const HTTP = 'http://www.lab.test', HTTPS = 'https://www.lab.test';

describe('how long an answer is fresh', () => {
  const cases: readonly [string, Partial<ResponseHead>, number | null][] = [
    ['max-age says so', { maxAge: 60 }, 60 * SECOND],
    ['a file without a lifetime: a tenth of its age, here a day', {}, 8640 * SECOND],
    ['neither a lifetime nor a tag: not kept', { file: false }, null],
    ['no-store', { maxAge: 60, caching: 'no-store' }, null],
    ['no-cache: kept, and asked about each time', { maxAge: 60, caching: 'no-cache' }, 0],
    ['must-revalidate: no guess', { caching: 'must-revalidate' }, 0],
    ['moved for good', { status: 301, file: false }, Infinity],
    ['moved for now', { status: 302, file: false }, null],
    ['not found', { status: 404, file: false, maxAge: 60 }, null],
  ];
  it.each(cases)('%s', (_, head, expected) => expect(freshness(info(head), 0, true)).toBe(expected));
  it('a client that does not guess keeps what has a lifetime only', () => expect([freshness(info({}), 0, false), freshness(info({ maxAge: 5 }), 0, false)]).toEqual([null, 5 * SECOND]));
  it('304 makes it fresh anew, with the lifetime that the 304 says', () => {
    const cache = new HttpCache(true);
    cache.store('u', info({ maxAge: 10 }), 0);
    expect(cache.lookUp('u', 11 * SECOND)).toMatchObject({ fresh: false, validator: validatorOf(HEAD) });
    expect(cache.refresh('u', info({ status: 304, length: 0, maxAge: 10 }), 11 * SECOND).contentLength).toBe(1000);
    expect(cache.lookUp('u', 20 * SECOND)).toMatchObject({ fresh: true });
    expect(cache.lookUp('u', 22 * SECOND)).toMatchObject({ fresh: false });
  });
});

describe('visits', () => {
  const run = (site: Record<string, Partial<SiteResource>>, visits: readonly (string | readonly [string, number])[], more = {}) => runWeb({ rttMs: 40, profile: 'browser', visits, site, ...more });
  const told = (trace: ReturnType<typeof run>) => trace.requests.map((r) => `${r.url.replace('www.lab.test', '')} ${r.status}${r.fromCache ? ' cache' : ''} ${r.bytesDown > 0 ? 'network' : ''}`.trim());
  it('going to the same address again is a reload: it asks, and the answer has no body', () => {
    const trace = run({ '/p': { bytes: 5000, maxAge: 3600 } }, [`${HTTP}/p`, [`${HTTP}/p`, 1000]]);
    expect(trace.requests.map((r) => r.status)).toEqual([200, 304]);
    expect(trace.requests[1]!.bytesDown).toBeLessThan(300);
    expect(trace.messages.filter((m) => m.name === 'GET').map((m) => (m.body as { text: string }).text.includes('Cache-Control: max-age=0'))).toEqual([false, true]);
  });
  it('a file that was changed meanwhile comes whole', () => {
    const trace = run({ '/p': { bytes: 5000, maxAge: 1, changedAt: 3 * SECOND } }, [`${HTTP}/p`, [`${HTTP}/p`, 2000], [`${HTTP}/p`, 4000], [`${HTTP}/p`, 6000]]);
    expect(trace.requests.map((r) => r.status)).toEqual([200, 304, 200, 304]);
  });
  it('301 is kept for good, 302 is asked for again', () => {
    const site = (status: 301 | 302) => ({ '/old': { redirect: { to: '/new', status } }, '/new': { caching: 'no-store' as const }, '/other': {} });
    const visits = [`${HTTP}/old`, [`${HTTP}/other`, 1000], [`${HTTP}/old`, 2000]] as const;
    expect(told(run(site(301), visits))).toEqual(['http:///old 301 network', 'http:///new 200 network', 'http:///other 200 network', 'http:///old 301 cache', 'http:///new 200 network']);
    expect(told(run(site(302), visits))[3]).toBe('http:///old 302 network');
  });
  it('the run is about the document that is shown in the end', () => expect(run({ '/old': { redirect: { to: '/new', status: 302 } }, '/new': {} }, [`${HTTP}/old`]).mainRequest).toBe(1));
  it('curl does not follow, unless it is told to', () => {
    const site = { '/old': { redirect: { to: '/new', status: 302 as const } }, '/new': {} };
    expect(told(run(site, [`${HTTP}/old`], { profile: 'curl' }))).toEqual(['http:///old 302 network']);
    expect(told(run(site, [`${HTTP}/old`], { profile: 'curl', client: { followRedirects: true } }))).toHaveLength(2);
  });
  it('two addresses that send to each other end after twenty', () => {
    const trace = run({ '/a': { redirect: { to: '/b', status: 302 } }, '/b': { redirect: { to: '/a', status: 302 } } }, [`${HTTP}/a`]);
    expect(trace.requests).toHaveLength(22);
    expect(trace.requests[21]!.error).toMatchObject({ code: 'TOO_MANY_REDIRECTS', browser: 'ERR_TOO_MANY_REDIRECTS', curl: 47 });
  });
  it('HSTS: the first visit is sent to TLS by the server, the next goes there by itself, and no packet goes to port 80', () => {
    const trace = run({ '/p': { caching: 'no-store' } }, [`${HTTP}/p`, [`${HTTP}/p`, 1000]], { server: { httpsOnly: true, hsts: 3600 } });
    expect(told(trace)).toEqual(['http:///p 301 network', 'https:///p 200 network', 'http:///p 307 cache', 'https:///p 200 network']);
    expect(trace.pdus.filter((p) => p.dstPort === 80 && p.sentAt > SECOND && (p.name === 'SYN' || p.payload > 0))).toEqual([]);
  });
  it('HSTS said without TLS, or run out, does not count', () => {
    const site = { '/p': { caching: 'no-store' as const } };
    expect(told(run(site, [`${HTTP}/p`, [`${HTTP}/p`, 1000]], { server: { hsts: 3600 } }))).toEqual(['http:///p 200 network', 'http:///p 200 network']);
    expect(eventsOf(run(site, [`${HTTPS}/p`, [`${HTTP}/p`, 3000]], { server: { hsts: 1 } }), 'page.upgraded')).toEqual([]);
  });
  it('compressed before: fewer bytes and a length; while it is sent: chunks; for curl neither', () => {
    const of = (gzip: 'static' | 'on-the-fly', profile: 'browser' | 'curl') => {
      const trace = run({ '/p': { bytes: 100_000, compressed: 20_000, gzip } }, [`${HTTP}/p`], { profile });
      const head = trace.messages.find((m) => m.name === '200')!;
      return [trace.messages.find((m) => m.name === 'body')!.bytes, /Content-Length: (\d+)/.exec((head.body as { text: string }).text)?.[1] ?? /Transfer-Encoding: (\w+)/.exec((head.body as { text: string }).text)?.[1]];
    };
    expect(of('static', 'browser')).toEqual([20_000, '20000']);
    expect(of('on-the-fly', 'browser')).toEqual([bodyLength({ length: 20_000, chunked: true }), 'chunked']);
    expect(of('static', 'curl')).toEqual([100_000, '100000']);
  });
});

describe('on the wire', () => {
  it('chunks are as long as they are counted, and end with an empty one', () => {
    for (const n of [0, 1, 8191, 8192, 8193, 20_000]) {
      const bytes = chunked(new Uint8Array(n).fill(120), (text) => [...Buffer.from(text)]);
      expect(bytes.length).toBe(bodyLength({ length: n, chunked: true }));
      const text = Buffer.from(bytes).toString('latin1');
      expect(text.endsWith('0\r\n\r\n')).toBe(true);
      expect(text.replace(/(^|\r\n)[0-9a-f]+\r\n/g, '').replaceAll('\r\n', '').length).toBe(n);
    }
  });
  it('304 names date and tag, and no type or length', () => {
    expect(responseLines({ ...HEAD, status: 304, length: 0, tag: validatorOf(HEAD).etag, maxAge: 60 }, 'nginx', 61 * SECOND)).toEqual([
      'HTTP/1.1 304 Not Modified', 'Server: nginx/1.22.1', 'Date: Tue, 24 Nov 2026 12:01:01 GMT', 'Last-Modified: Mon, 23 Nov 2026 12:00:00 GMT', 'Connection: keep-alive', `ETag: ${validatorOf(HEAD).etag}`, 'Cache-Control: max-age=60',
    ]);
  });
  it('a conditional request ends with what it asks by', () => {
    const lines = requestHead({ method: 'GET', path: '/', host: 'a', secure: false, client: 'browser', destination: 'document', referrer: null, keepAlive: true, validator: validatorOf(HEAD) });
    expect(lines.slice(-2)).toEqual([`If-None-Match: ${validatorOf(HEAD).etag}`, 'If-Modified-Since: Mon, 23 Nov 2026 12:00:00 GMT']);
  });
});
