/** One request after another over real TCP, DNS and TLS: times, phases and packets without loss, by arithmetic in round trips. */
import { describe, expect, it } from 'vitest';
import { connectionsOf, eventsOf, requestLines, runWeb } from '../support/web';

const HTTP = 'http://www.lab.test', HTTPS = 'https://www.lab.test';
const FREE = { tls: { keyShareCost: 0, keyDeriveCost: 0, ecdsaSignCost: 0, ecdsaVerifyCost: 0 } };

describe('a lone request', () => {
  it.each<[string, 'plain' | 'curl' | 'browser', string, string, number]>([
    ['http, 1 KB: name, connection, answer', 'curl', HTTP, '1.3', 3],
    ['TLS 1.3: one more', 'curl', HTTPS, '1.3', 4],
    ['TLS 1.2: two more', 'curl', HTTPS, '1.2', 5],
    ['plain client', 'plain', HTTP, '1.3', 3],
    ['browser', 'browser', HTTPS, '1.3', 4],
  ])('%s', (_name, profile, origin, version, trips) => {
    const trace = runWeb({ rttMs: 40, profile, visits: [`${origin}/1k`], stack: { tls: { ...FREE.tls, version } } });
    expect(trace.requests[0]!.endNs / 40e6).toBe(trips);
    expect(trace.requests[0]).toMatchObject({ status: 200, protocol: 'h1', error: null });
  });
  it.each([
    [14 * 1024, 4], // 254 + 14336 bytes are 11 segments: one more than the initial window
    [100 * 1024, 6], // 71 segments: 10 + 20 + 40 and one
  ])('http, %i bytes: %i round trips in all', (bytes, trips) => {
    const trace = runWeb({ rttMs: 40, profile: 'curl', visits: [`${HTTP}/big`], site: { '/big': { bytes, type: 'application/octet-stream' } } });
    expect(trace.requests[0]!.endNs / 40e6).toBe(trips);
  });
  it('https, 14 KB: the first byte comes after two round trips, because a record is read whole', () => {
    const trace = runWeb({ rttMs: 40, profile: 'curl', visits: [`${HTTPS}/big`], site: { '/big': { bytes: 14336 } }, stack: FREE });
    const phases = Object.fromEntries(trace.requests[0]!.phases.map((p) => [p.phase, (p.endNs - p.startNs) / 40e6]));
    expect(phases).toEqual({ dns: 1, connect: 1, tls: 1, send: 0, wait: 2, receive: 0 });
  });
  it('curl: packets, sizes and order as measured (base_http_1k_rtt30)', () => {
    const trace = runWeb({
      rttMs: 30, profile: 'curl', visits: [`${HTTP}/obj_1k`], site: { '/obj_1k': { type: 'application/octet-stream' } }, client: { closeCost: 2e6 },
    });
    expect(trace.pdus.map((p) => `${p.from === 0 ? '>' : '<'} ${p.name} ${p.bytes} ${p.payload} at ${p.sentAt / 1e6}`)).toEqual([
      '> query 58 30 at 0', '> query 58 30 at 0', '< answer 74 46 at 15', '< answer 58 30 at 15',
      '> SYN 60 0 at 30', '< SYN-ACK 60 0 at 45', '> ACK 52 0 at 60', '> data 134 82 at 60', '< ACK 52 0 at 75', '< data 1330 1278 at 75', '> ACK 52 0 at 90',
      '> FIN 52 0 at 92', '< FIN 52 0 at 107', '> ACK 52 0 at 122',
    ]);
  });
  it('the Host field names a port that is not the scheme’s own: five bytes more', () => {
    const sent = [80, 8080].map((port) => {
      const trace = runWeb({ rttMs: 10, profile: 'curl', visits: [`${HTTP}:${port}/1k`], server: { plainPorts: ['80', '8080'] } });
      return trace.requests[0]!.bytesUp;
    });
    expect(sent[1]! - sent[0]!).toBe(5);
  });
  it('costs of the client stand between the phases, and the request ends later by exactly their sum', () => {
    const cost = { startCost: 3e6, lookUpCost: 5e5, requestCost: 2e5 };
    const trace = runWeb({ rttMs: 40, profile: 'curl', visits: [`${HTTP}/1k`], client: cost });
    expect(trace.requests[0]!.endNs).toBe(120e6 + 3e6 + 5e5 + 2e5);
    expect(requestLines(trace)).toEqual(['/1k at 0: 200 after 123.7 (dns 40.5, connect 40, blocked 0.2, send 0, wait 40, receive 0)']);
  });
  it('think time and file cost are the server’s; a missing path costs neither', () => {
    const end = (path: string): number => {
      const site = { '/file': { file: true, think: 20e6 }, '/app': { file: false, think: 20e6 } };
      return runWeb({ rttMs: 40, visits: [`${HTTP}${path}`], site, server: { thinkTime: 5e6, fileCost: 1e6 } }).requests[0]!.endNs / 1e6 - 120;
    };
    expect([end('/file'), end('/app')]).toEqual([1, 25]);
    const missing = runWeb({ rttMs: 40, visits: [`${HTTP}/none`] });
    expect(missing.requests[0]).toMatchObject({ status: 404, error: null });
    expect(missing.outcome).toBe('ok');
  });
});

describe('several visits', () => {
  const twice = (atMs: number, more = {}): string[] => requestLines(runWeb({ rttMs: 40, visits: [`${HTTP}/1k`, [`${HTTP}/1k`, atMs]], ...more }));
  it('on the connection that is still open: one round trip', () => {
    expect(twice(3000)[1]).toBe('/1k at 3000: 200 after 40 (blocked 0, send 0, wait 40, receive 0)');
  });
  it('after the server’s keep-alive time: connected again, and the name asked for again after a minute', () => {
    expect(twice(74_000)[1]).toBe('/1k at 74000: 200 after 40 (blocked 0, send 0, wait 40, receive 0)');
    expect(twice(80_000)[1]).toBe('/1k at 80000: 200 after 120 (dns 40, connect 40, send 0, wait 40, receive 0)');
    expect(twice(30_000, { server: { keepAliveTimeout: 20e9 } })[1]).toBe('/1k at 30000: 200 after 80 (dns 0, connect 40, send 0, wait 40, receive 0)');
  });
  it('without keep-alive every request has its own connection, which the server closes', () => {
    const trace = runWeb({ rttMs: 40, visits: [`${HTTP}/1k`, [`${HTTP}/1k`, 3000]], server: { keepAliveTimeout: 0 } });
    expect(requestLines(trace)[1]).toBe('/1k at 3000: 200 after 80 (dns 0, connect 40, send 0, wait 40, receive 0)');
    expect(connectionsOf(trace)).toBe(2);
    const fins = trace.pdus.filter((p) => p.flags & 1);
    expect(fins.map((p) => trace.hosts[p.from]!.name)).toEqual(['server', 'client', 'server', 'client']);
  });
  it('the server closes while the request is under way: asked for once more, on a new connection (RFC 9112 §9.3.1)', () => {
    const trace = runWeb({ rttMs: 40, visits: [`${HTTP}/1k`, [`${HTTP}/1k`, 5110]], server: { keepAliveTimeout: 5e9 } });
    expect(eventsOf(trace, 'page.request_retried')).toHaveLength(1);
    expect(trace.requests[1]).toMatchObject({ status: 200, error: null });
    expect(connectionsOf(trace)).toBe(2);
  });
  it('a fresh answer comes from the memory of browsers, not of curl; a stale one from the server', () => {
    const cached = (profile: 'plain' | 'curl' | 'browser', atMs: number): boolean =>
      runWeb({ rttMs: 40, profile, visits: [`${HTTP}/1k`, [`${HTTP}/2k`, 5000], [`${HTTP}/1k`, atMs]], site: { '/1k': { maxAge: 10 }, '/2k': {} } }).requests[2]!.fromCache;
    expect([cached('browser', 9000), cached('plain', 9000), cached('curl', 9000), cached('browser', 10_200)]).toEqual([true, true, false, false]);
  });
  it('curl with two addresses: the second begins when the first has ended, on the same connection', () => {
    const trace = runWeb({ rttMs: 40, profile: 'curl', visits: [`${HTTP}/1k`, `${HTTP}/1k`], sequential: true });
    expect(requestLines(trace)).toEqual([
      '/1k at 0: 200 after 120 (dns 40, connect 40, send 0, wait 40, receive 0)', '/1k at 120: 200 after 40 (blocked 0, send 0, wait 40, receive 0)',
    ]);
    expect(connectionsOf(trace)).toBe(1);
  });
});
