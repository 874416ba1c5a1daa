/** What fails, when, and how it is reported: by client, against what curl 7.88 and Chromium 156 said. */
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/model/fault';
import { sequence } from '../../src/base/random';
import { eventsOf, runWeb, type WebOptions } from '../support/web';

const HTTP = 'http://www.lab.test', HTTPS = 'https://www.lab.test';
const BIG = { '/big': { bytes: 102_400 } };
const answer = (verdict: Extract<Fault, { type: 'answer' }>['verdict'], host = 'server'): Fault => ({ type: 'answer', host, verdict });
const server = (verdict: 'stop' | 'silent', fromMs: number, untilMs: number | null = null): Fault =>
  ({ type: 'host', host: 'server', verdict, from: fromMs * 1e6, until: untilMs === null ? null : untilMs * 1e6 });
const failure = (o: Partial<WebOptions>) => {
  const trace = runWeb({ rttMs: 40, profile: 'curl', visits: [`${HTTP}/1k`], ...o });
  const { error, status, endNs } = trace.requests[0]!;
  return { ms: Math.round(endNs / 1e4) / 100, code: error?.code, curl: error?.curl, browser: error?.browser, status };
};

describe('curl, 40 ms (errors.json: exit code, and time within 5 ms)', () => {
  it.each<[string, Partial<WebOptions>, number, number]>([
    ['refused', { visits: [`${HTTP}:81/`] }, 7, 81.1],
    ['firewall drops, --connect-timeout 5', { connectTimeoutMs: 5000, faults: [{ type: 'pdu', where: { from: 'client', toPort: 80 }, nth: 1, count: -1, verdict: { do: 'drop' } }] }, 28, 5001.1],
    ['certificate expired', { visits: [`${HTTPS}/1k`], faults: [answer('certificate-expired')] }, 60, 125.5],
    ['certificate for another name', { visits: [`${HTTPS}/1k`], faults: [answer('certificate-wrong-name')] }, 60, 127.1],
    ['unknown issuer', { visits: [`${HTTPS}/1k`], faults: [answer('certificate-unknown-issuer')] }, 60, 126.5],
    ['no such name', { visits: ['http://nope.lab.test/'] }, 6, 39.3],
    ['TLS to a plain port', { visits: ['https://www.lab.test:80/'] }, 35, 124.3],
    ['plain HTTP to a TLS port: answered, with 400', { visits: ['http://www.lab.test:443/'] }, 0, 122.3],
    ['the server falls silent, --max-time 6', { visits: [`${HTTP}/big`], site: BIG, maxTimeMs: 6000, faults: [server('silent', 150)] }, 28, 6001.6],
    ['a hanging application, --max-time 1', { site: { '/1k': { file: false, think: 30e9 } }, maxTimeMs: 1000 }, 28, 1001.4],
  ])('%s', (_name, o, exit, ms) => {
    const said = failure(o);
    expect(said.curl ?? 0).toBe(exit);
    // the measured machine's own costs are about 1.5 ms for a connection and 3 ms more for TLS
    expect(Math.abs(said.ms - ms)).toBeLessThan(Math.max(7, ms * 0.05));
  });
});

describe('what each client reports', () => {
  it.each<[string, Partial<WebOptions>, object]>([
    ['refused by fault', { faults: [answer('refuse-connections')] }, { code: 'ECONNREFUSED', curl: 7, browser: 'ERR_CONNECTION_REFUSED' }],
    ['certificate expired', { visits: [`${HTTPS}/1k`], faults: [answer('certificate-expired')] }, { code: 'CERT_EXPIRED', browser: 'NET::ERR_CERT_DATE_INVALID' }],
    ['name server fails', { faults: [answer('servfail', 'names')] }, { curl: 6, browser: 'ERR_NAME_NOT_RESOLVED' }],
    ['no answer from the name server', { faults: [answer('no-answer', 'names')] }, { curl: 6, browser: 'ERR_NAME_NOT_RESOLVED' }],
    ['an address that is none', { visits: ['gopher://x/'] }, { code: 'BAD_URL', curl: 3, browser: 'ERR_INVALID_URL' }],
    ['power off in mid-response, on again: the probe after 60 s is answered by RST', { visits: [`${HTTP}/big`], site: BIG, faults: [server('stop', 150, 300)] }, { code: 'ECONNRESET', curl: 56, status: 200 }],
    ['power off in mid-response for good: nine probes, then given up', { visits: [`${HTTP}/big`], site: BIG, endMs: 1e6, faults: [server('stop', 150)] }, { code: 'ETIMEDOUT', curl: 28, status: 200 }],
  ])('%s', (_name, o, report) => expect(failure(o)).toMatchObject(report));
  it('the user sees an error page for the document, none for an image', () => {
    const site = { '/page': { links: ['/a.png', 'http://ghost-port.lab.test/x'] }, '/a.png': {} };
    const trace = runWeb({ rttMs: 40, profile: 'browser', visits: [`${HTTP}/page`, `${HTTP}:81/`], site });
    expect(trace.requests.map((r) => r.error?.code ?? null)).toEqual([null, 'ECONNREFUSED', null, 'EAI_NONAME']);
    expect(eventsOf(trace, 'page.error_shown').map((e) => trace.texts[e.a])).toEqual(['ERR_CONNECTION_REFUSED']);
    expect(eventsOf(trace, 'page.shown')).toHaveLength(1);
    expect(eventsOf(trace, 'page.load_ended')).toHaveLength(2);
    expect(trace.outcome).toBe('error');
  });
  it('one failing connection leaves the others’ requests alone', () => {
    const links = Array.from({ length: 8 }, (_, i) => `/${i}`);
    const site = { '/page': { links }, ...Object.fromEntries(links.map((l) => [l, { bytes: 30_000 }])) };
    // the third connection's SYNs never arrive
    const faults: Fault[] = [{ type: 'pdu', where: { flow: 'client>server:80#3' }, nth: 1, count: -1, verdict: { do: 'drop' } }];
    const trace = runWeb({ rttMs: 40, profile: 'browser', visits: [`${HTTP}/page`], site, faults, connectTimeoutMs: 3000 });
    expect(trace.requests.filter((r) => r.error === null).length).toBe(9);
  });
  it('a plain client waits for ever when the server is gone, and the run says so', () => {
    const trace = runWeb({ rttMs: 40, profile: 'plain', visits: [`${HTTP}/big`], site: BIG, faults: [server('stop', 150)] });
    expect(trace.outcome).toBe('timeout');
    expect(trace.requests[0]!.endEvent).toBe(-1);
  });
});

describe('500 random runs with faults', () => {
  const fault = (int: (n: number) => number, pick: <T>(a: readonly T[]) => T): Fault => {
    const from = int(900) * 1e6, until = from + 1 + int(3000) * 1e6;
    switch (int(4)) {
      case 0:
        return { type: 'host', host: pick(['server', 'names']), verdict: pick(['stop', 'silent']), from, until };
      case 1:
        return { type: 'link', link: pick(['client', 'names']), verdict: 'down', from, until };
      default: {
        const where = pick([{ from: 'client' }, { from: 'server' }, { select: 'SYN' }, { select: 'FIN' }, { select: '200' }, { select: 'GET' }, { protocol: 'udp' }, {}] as const);
        const verdict = pick([{ do: 'drop' }, { do: 'drop', at: 0.5 }, { do: 'delay', by: int(300) * 1e6 }, { do: 'duplicate' }, { do: 'corrupt' }] as const);
        return { type: 'pdu', where, nth: 1 + int(40), count: pick([1, 1, 2, 5, 30]), verdict };
      }
    }
  };
  it.each([0, 100, 200, 300, 400])('every request ends, with an answer or a reason, and its phases follow one another: the hundred from seed %i', (first) => {
    for (let seed = first; seed < first + 100; seed++) {
      const random = sequence(seed);
      const int = (n: number): number => Math.floor(random() * n);
      const pick = <T>(a: readonly T[]): T => a[int(a.length)]!;
      const links = Array.from({ length: int(20) }, (_, i) => `/${i}.png`);
      const site = { '/p': { bytes: 1 + int(30_000), links, file: false, think: int(3) * 20e6 }, ...Object.fromEntries(links.map((l) => [l, { bytes: int(40_000), maxAge: pick([-1, 3600]) }])) };
      const origin = pick([HTTP, HTTPS]);
      const trace = runWeb({
        rttMs: 1 + int(100), profile: pick(['curl', 'browser']), visits: [`${origin}/p`, [`${origin}/p`, int(100_000)], [`${HTTP}/none`, int(2000)]], site, seed,
        faults: Array.from({ length: int(4) }, () => fault(int, pick)), rate: pick([0, 1e6, 10e6]), queue: pick([5, 1000]), loss: pick([0, 0, 0.02]), sequential: int(3) === 0,
        connectTimeoutMs: pick([0, 5000]), client: { parseDelay: pick([0, 5e6]), requestCost: pick([0, 3e5]) }, server: { keepAliveTimeout: pick([5e8, 5e9, 75e9]) }, endMs: 2e6,
      });
      const where = `seed ${seed}`;
      expect(['ok', 'error'], where).toContain(trace.outcome);
      for (const r of trace.requests) {
        expect(r.endEvent, where).toBeGreaterThan(0);
        expect((r.status !== null) || (r.error !== null), where).toBe(true);
        let at = r.startNs;
        for (const p of r.phases) {
          expect(p.startNs, where).toBeGreaterThanOrEqual(at);
          expect(p.endNs, where).toBeGreaterThanOrEqual(p.startNs);
          at = p.endNs;
        }
        expect(at, where).toBeLessThanOrEqual(r.endNs);
      }
    }
  });
});
