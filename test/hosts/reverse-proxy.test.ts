/** A reverse proxy between client and servers: times by round trips, who is asked, what it answers itself, what is passed on. */
import { describe, expect, it } from 'vitest';
import { sequence } from '../../src/base/random';
import type { Fault } from '../../src/model/fault';
import type { ParamValue } from '../../src/model/plan';
import type { RequestHead } from '../../src/model/http/request';
import { requestLines } from '../../src/protocols/http1/codec';
import { attribution, criticalPath, indexTrace } from '../../src/trace';
import { traceHash } from '../../src/trace/hash';
import { ends, runProxy, story, type ProxyOptions } from '../support/proxy';
import { connectionsOf } from '../support/web';

const SECOND = 1000;
const phase = (o: ProxyOptions, name: string, request = 0): number => {
  const p = runProxy(o).requests[request]!.phases.find((x) => x.phase === name)!;
  return (p.endNs - p.startNs) / 1e6;
};
const refuses = (host: string): Fault => ({ type: 'answer', host, verdict: 'refuse-connections' });
const KEPT = { upstreamKeepalive: 8 };

describe('time by round trips: c 40 ms, u 10 ms, S 20 ms', () => {
  it.each<[string, ProxyOptions, number, number]>([
    ['a new connection to the upstream: c + 2u + S', { visits: ['/app'] }, 0, 80],
    ['a kept one: c + u + S', { visits: ['/app', ['/app', 500]], proxy: KEPT }, 1, 70],
    ['nginx 1.29.7 keeps by default', { visits: ['/app', ['/app', 500]], proxy: { proxyVersion: '1.29.7' } }, 1, 70],
    ['nginx 1.22.1 does not', { visits: ['/app', ['/app', 500]] }, 1, 80],
    ['TLS ends at the proxy', { visits: ['/app'], secure: true }, 0, 80],
    ['the proxy’s own work, twice', { visits: ['/app'], proxy: { proxyCost: 3e6 } }, 0, 86],
  ])('%s', (_name, o, request, wait) => expect(phase(o, 'wait', request)).toBeCloseTo(wait, 3));
});

describe('what the upstream is told', () => {
  const head: RequestHead = { method: 'GET', path: '/app', host: 'apps', secure: false, client: 'curl', destination: 'document', referrer: null, keepAlive: false, proxied: '1.0' };
  it('nginx’s lines, and the client’s own fields behind them', () => {
    expect(requestLines(head)).toEqual(['GET /app HTTP/1.0', 'Host: apps', 'Connection: close', 'User-Agent: curl/7.88.1', 'Accept: */*']);
    expect(requestLines({ ...head, keepAlive: true, proxied: '1.1' })).toEqual(['GET /app HTTP/1.1', 'Host: apps', 'User-Agent: curl/7.88.1', 'Accept: */*']);
    expect(requestLines({ ...head, client: 'browser', proxied: '1.1' }).filter((l) => l.startsWith('Connection'))).toEqual(['Connection: close']);
  });
  it('each hop has its own head', () => {
    const { messages, flows, hosts } = runProxy({ visits: ['/app'], profile: 'curl' });
    const heads = messages.filter((m) => m.name === 'GET').map((m) => `${hosts[flows[m.flow]!.responder]!.name}: ${m.fields[0]!.value} ${m.fields[1]!.value}`);
    expect(heads).toEqual(['proxy: GET /app HTTP/1.1 www.lab.test', 'a: GET /app HTTP/1.0 apps']);
  });
});

describe('errors of its own', () => {
  const silent = { '/app': { file: false, think: 300e9 } };
  const noSyn: Fault = { type: 'pdu', where: { link: 'upstream', select: 'SYN' }, nth: 1, count: -1, verdict: { do: 'drop' } };
  it.each<[string, Partial<ProxyOptions>, string, string]>([
    ['refused', { faults: [refuses('a')] }, '502 after 90', '502 ECONNREFUSED'],
    ['never answers', { site: silent, proxy: { proxyReadTimeout: 3e9 } }, '504 after 3090', '504 READ_TIMEOUT'],
    ['never answers, by default', { site: silent }, '504 after 60090', '504 READ_TIMEOUT'],
    ['SYNs are lost, by default', { faults: [noSyn] }, '504 after 60080', '504 CONNECT_TIMEOUT'],
    ['SYNs are lost', { faults: [noSyn], proxy: { proxyConnectTimeout: 2e9 } }, '504 after 2080', '504 CONNECT_TIMEOUT'],
    ['the server loses its power before it answers, and comes back', { site: silent, faults: [{ type: 'host', host: 'a', verdict: 'stop', from: 100e6, until: 200e6 }], proxy: { proxyReadTimeout: 5e9 } }, '504 after 5090', '504 READ_TIMEOUT'],
  ])('%s', (_name, o, end, error) => {
    const trace = runProxy({ visits: ['/app'], ...o });
    expect(ends(trace)).toEqual([end]);
    expect(story(trace, 'error_returned').map((line) => line.replace(/^\S+ error_returned /, ''))).toEqual([error]);
    expect(trace.outcome).toBe('ok');
  });
  it('a server that closes without an answer: 502', () => {
    // the server's own time limit for a request head ends the connection that the proxy's lost request never reached
    const lost: Fault = { type: 'pdu', where: { link: 'upstream', select: 'GET' }, nth: 1, count: -1, verdict: { do: 'drop' } };
    const trace = runProxy({ visits: ['/app'], faults: [lost], server: { headerTimeout: 2e9 } });
    expect(ends(trace)).toEqual(['502 after 2100']);
    expect(story(trace, 'error_returned')[0]).toMatch('EMPTY_RESPONSE');
  });
  it('the client’s connection survives an error and carries the next request', () => {
    const trace = runProxy({ visits: ['/app', ['/app', 500]], faults: [refuses('a')] });
    expect(ends(trace)).toEqual(['502 after 90', '502 after 50']);
    expect(trace.requests.map((r) => r.flow)).toEqual([trace.requests[0]!.flow, trace.requests[0]!.flow]);
  });
});

describe('a group of servers', () => {
  const visits = (n: number, every = 300): [string, number][] => Array.from({ length: n }, (_, i) => ['/app', i * every]);
  const chosen = (o: ProxyOptions): string => story(runProxy(o), 'upstream_chosen').map((line) => line.split(' ')[2]!.charAt(0)).join('');
  it('is asked in turn', () => expect(chosen({ visits: visits(7), servers: ['a', 'b', 'c'] })).toBe('abcabca'));
  it('by weight', () => {
    const servers = [{ host: 'a', port: 80, weight: 5 }, { host: 'b', port: 80 }, { host: 'c', port: 80 }];
    expect(chosen({ visits: visits(7), servers: ['a', 'b', 'c'], group: { servers } })).toBe('aabacaa');
  });
  it('least connections avoids the slow one while it works', () => {
    const each = { a: { thinkTime: 2000e6 } };
    expect(chosen({ visits: visits(5), profile: 'browser', servers: ['a', 'b'], group: { balance: 'least-conn' }, each })).toBe('abbbb');
    expect(chosen({ visits: visits(5), profile: 'browser', servers: ['a', 'b'], each })).toBe('ababa');
  });
  it('at random: the same for the same seed, all are asked', () => {
    const o = (seed: number): ProxyOptions => ({ visits: visits(30), servers: ['a', 'b', 'c'], group: { balance: 'random' }, seed });
    expect(chosen(o(1))).toBe(chosen(o(1)));
    expect(chosen(o(1))).not.toBe(chosen(o(2)));
    expect(new Set(chosen(o(1)))).toEqual(new Set(['a', 'b', 'c']));
  });
  it('a refused connection costs one round trip, the next server answers, the failed one is passed over for 10 s and has to regain its weight', () => {
    const trace = runProxy({ visits: [...visits(4), ['/app', 12 * SECOND], ['/app', 13 * SECOND], ['/app', 14 * SECOND]], servers: ['a', 'b'], faults: [refuses('a')] });
    expect(ends(trace)).toEqual(['200 after 130', ...Array(5).fill('200 after 80'), '200 after 90']);
    expect(story(trace, 'upstream_failed', 'upstream_marked_down').map((l) => l.replace(/^\S+ /, ''))).toEqual(Array(2).fill(['upstream_failed a:80 ECONNREFUSED', 'upstream_marked_down a:80 10000000000']).flat());
  });
  it('no live upstreams: 502 at once, until fail_timeout is over', () => {
    const trace = runProxy({ visits: [['/app', 0], ['/app', 500], ['/app', 12 * SECOND]], servers: ['a', 'b'], faults: [refuses('a'), refuses('b')] });
    expect(ends(trace)).toEqual(['502 after 100', '502 after 40', '502 after 60']);
    expect(story(trace, 'error_returned').map((l) => l.split(' ')[3])).toEqual(['ECONNREFUSED', 'NO_LIVE_UPSTREAMS', 'ECONNREFUSED']);
  });
  it.each<[string, Partial<ProxyOptions>, string]>([
    ['next server after a time-out', {}, '200 after 1130'],
    ['not when only errors count', { proxy: { proxyReadTimeout: 1e9, proxyNextUpstream: ['error'] } }, '504 after 1090'],
    ['not after one try', { proxy: { proxyReadTimeout: 1e9, proxyNextUpstreamTries: 1 } }, '504 after 1090'],
  ])('%s', (_name, o, end) => {
    const trace = runProxy({ visits: ['/app'], servers: ['a', 'b'], each: { a: { thinkTime: 300e9 } }, proxy: { proxyReadTimeout: 1e9 }, ...o });
    expect(ends(trace)).toEqual([end]);
  });
});

describe('kept connections', () => {
  const opened = (trace: ReturnType<typeof runProxy>): number => connectionsOf(trace) - 1; // without the client's own
  it('at most N are idle; the one idle for longest makes room', () => {
    // three users at once need three connections
    const trace = runProxy({ visits: ['/app', '/app', '/app'], profile: 'browser', group: { keepalive: 2 } });
    expect(story(trace, 'connection_kept', 'connection_dropped').map((l) => l.replace(/^\S+ /, '')).slice(0, 4)).toEqual([
      'connection_kept a:80 1', 'connection_kept a:80 2', 'connection_dropped a:80 FULL', 'connection_kept a:80 2',
    ]);
  });
  it('for 60 s', () => {
    const trace = runProxy({ visits: ['/app'], group: { keepalive: 2 } });
    expect(story(trace, 'connection_dropped')).toEqual(['60100 connection_dropped a:80 IDLE_TIMEOUT']);
  });
  it('for so many requests', () => {
    const visits = Array.from({ length: 5 }, (_, i): [string, number] => ['/app', i * 500]);
    expect(opened(runProxy({ visits, proxy: { ...KEPT, upstreamKeepaliveRequests: 2 } }))).toBe(3);
    expect(opened(runProxy({ visits, proxy: KEPT }))).toBe(1);
  });
  it('until the server closes', () => {
    const trace = runProxy({ visits: ['/app', ['/app', 3 * SECOND]], proxy: KEPT, server: { keepAliveTimeout: 1e9 } });
    expect(story(trace, 'connection_dropped')[0]).toMatch('CLOSED');
    expect(ends(trace)).toEqual(['200 after 120', '200 after 80']);
  });
  it('a request that crosses the server’s close is sent again on a new connection, even to the only server', () => {
    // the server closes 1 s after its answer left at 95 ms; its FIN is on the way while the request is
    const trace = runProxy({ visits: ['/app', ['/app', 1076]], proxy: KEPT, server: { keepAliveTimeout: 1e9 } });
    expect(story(trace, 'upstream_failed')).toHaveLength(1);
    expect(ends(trace)[1]).toMatch(/^200 after 8/);
  });
});

describe('an answer that is lost just before the server’s FIN', () => {
  it('is sent again by the reordering timer: the proxy reports the FIN like a byte (SACK), as Linux does', () => {
    const lost: Fault = { type: 'pdu', where: { link: 'upstream', select: '200' }, nth: 1, count: 1, verdict: { do: 'drop' } };
    const trace = runProxy({ visits: ['/app'], faults: [lost] });
    const upstream = trace.links.findIndex((l) => l.name === 'upstream');
    const data = trace.pdus.filter((p) => p.link === upstream && p.payload > 0 && trace.hosts[p.from]!.name === 'a');
    const report = trace.pdus.find((p) => p.link === upstream && trace.hosts[p.from]!.name === 'proxy' && (p.body as { sack: readonly number[] | null }).sack)!;
    expect((report.body as { sack: readonly number[] }).sack).toEqual([data[0]!.payload + 1, data[0]!.payload + 2]);
    expect(data).toHaveLength(2);
    expect((data[1]!.sentAt - data[0]!.sentAt) / 1e6).toBeLessThan(30); // with nothing to report it would be a round trip and 200 ms
  });
});

describe('who leaves early', () => {
  it('the client: 499, the upstream’s connection is closed, nobody is answered', () => {
    const trace = runProxy({ visits: ['/app'], profile: 'curl', maxTimeMs: 1000, site: { '/app': { file: false, think: 5e9 } } });
    expect(story(trace, 'client_gone', 'error_returned', 'upstream_failed')).toEqual(['1020 client_gone 1']);
    const upstream = trace.links.findIndex((l) => l.name === 'upstream');
    const fin = trace.pdus.find((p) => p.link === upstream && p.name === 'FIN')!;
    expect([trace.hosts[fin.from]!.name, fin.sentAt / 1e6]).toEqual(['proxy', 1020]);
  });
  describe('the client, while an answer is on its way that the cache may keep', () => {
    const gone = (site: object, proxy: Record<string, ParamValue> = { proxyCache: true }): string[] =>
      story(runProxy({ visits: ['/app', ['/app', 4000]], sequential: false, profile: 'curl', maxTimeMs: 1000, site: { '/app': { file: false, think: 2e9, ...site } }, proxy }), 'client_gone', 'answer_kept', 'answered_from_cache');
    it('the upstream is let finish, and the next one is served from the cache', () => expect(gone({ maxAge: 60 })).toEqual(['1020 client_gone 2', '2080 answer_kept /app 60', '4060 answered_from_cache /app']));
    it('without a cache its connection is closed', () => expect(gone({ maxAge: 60 }, {})).toEqual(['1020 client_gone 1', '5020 client_gone 1']));
    it('an answer that turns out not to be kept ends there: nothing of it is passed on or remembered', () => expect(gone({ maxAge: -1 })).toEqual(['1020 client_gone 2', '5020 client_gone 2']));
  });
  it('the client before any upstream was asked', () => {
    const trace = runProxy({ visits: ['/app'], profile: 'curl', maxTimeMs: 1000, proxy: { proxyCost: 2e9 } });
    expect(story(trace, 'client_gone', 'upstream_chosen')).toEqual(['1020 client_gone 0']);
  });
  it('the client while the proxy connects', () => {
    const lost: Fault = { type: 'pdu', where: { link: 'upstream', select: 'SYN' }, nth: 1, count: -1, verdict: { do: 'drop' } };
    const trace = runProxy({ visits: ['/app'], profile: 'curl', maxTimeMs: 1500, faults: [lost] });
    expect(story(trace, 'client_gone', 'error_returned', 'upstream_failed')).toEqual(['1520 client_gone 1']);
    expect(trace.endNs / 1e9).toBeLessThan(70);
  });
  it.each<[string, Fault, Partial<ProxyOptions>, string]>([
    ['the upstream falls silent in the middle', { type: 'host', host: 'a', verdict: 'silent', from: 95e6, until: null }, { proxy: { proxyReadTimeout: 2e9 } }, 'READ_TIMEOUT'],
    ['the upstream loses its power in the middle and comes back', { type: 'host', host: 'a', verdict: 'stop', from: 92e6, until: 94e6 }, {}, 'ECONNRESET'],
  ])('%s: the status is out, so the client gets less than announced', (_name, fault, o, reason) => {
    const trace = runProxy({ visits: ['/app'], profile: 'curl', site: { '/app': { file: false, bytes: 300_000 } }, faults: [fault], ...o });
    expect(trace.requests[0]).toMatchObject({ status: 200, error: { code: 'PARTIAL', curl: 18 } });
    expect(story(trace, 'response_cut', 'error_returned').map((l) => l.split(' ').slice(1).join(' '))).toEqual([`response_cut ${reason}`]);
  });
});

describe('buffering', () => {
  const slow = (proxy: ProxyOptions['proxy']) => {
    const trace = runProxy({ visits: ['/app'], rate: 1e6, site: { '/app': { file: false, bytes: 100_000 } }, ...(proxy ? { proxy } : {}) });
    const { phases, endNs } = trace.requests[0]!;
    const receive = phases.find((p) => p.phase === 'receive')!;
    return { first: receive.startNs / 1e6, last: endNs / 1e6 };
  };
  it('the first byte waits for a whole buffer, the last does not', () => {
    const on = slow({}), off = slow({ proxyBuffering: false });
    // 4096 bytes are three segments: two more than the first, 12 ms each at 1 Mbit/s
    expect(on.first - off.first).toBeGreaterThan(23);
    expect(on.first - off.first).toBeLessThan(26);
    expect(Math.abs(on.last - off.last)).toBeLessThan(1);
  });
  it('what is passed on arrives complete, however it is cut', () => {
    for (const bytes of [0, 1, 3900, 4096, 8192, 100_000]) {
      for (const proxyBuffering of [true, false]) {
        const trace = runProxy({ visits: ['/app'], secure: true, site: { '/app': { file: false, bytes } }, proxy: { proxyBuffering, proxyCost: 1e6 } });
        expect([trace.requests[0]!.status, trace.outcome], String(bytes)).toEqual([200, 'ok']);
      }
    }
  });
});

describe('what passes through', () => {
  it('references and lifetimes: a page behind the proxy loads as one before it', () => {
    const site = { '/p': { links: ['/a.css', '/b.png'], file: false }, '/a.css': { maxAge: 3600 }, '/b.png': { bytes: 30_000, maxAge: 3600 } };
    const trace = runProxy({ visits: ['/p', ['/p', 5000]], profile: 'browser', site });
    expect(trace.requests.map((r) => `${r.url.replace(/.*test/, '')} ${r.status}${r.fromCache ? ' cache' : ''}`)).toEqual(['/p 200', '/a.css 200', '/b.png 200', '/p 200', '/a.css 200 cache', '/b.png 200 cache']);
  });
  it('a site of its own beside the routes; the longest prefix wins; 404 for the rest', () => {
    const routes = [{ prefix: '/app', upstream: 'apps' }, { prefix: '/app/static', upstream: 'nobody' }];
    const proxy = { site: { '/logo.png': { bytes: 10, type: 'image/png', think: 0, links: [], maxAge: -1, file: true } } };
    const trace = runProxy({ visits: ['/app', '/logo.png', '/app/static/x', '/none'], routes, proxy, sequential: true });
    expect(trace.requests.map((r) => r.status)).toEqual([200, 200, 404, 404]);
    expect(story(trace, 'request_forwarded')).toHaveLength(1);
  });
  it('an error of the upstream’s own is passed on as it is', () => {
    const trace = runProxy({ visits: ['/none'], servers: ['a', 'b'] });
    expect(ends(trace)).toEqual(['404 after 100']);
    expect(story(trace, 'upstream_failed', 'error_returned')).toEqual([]);
  });
});

describe('where the time went', () => {
  const cases: [string, ProxyOptions, readonly string[]][] = [
    ['a new connection', { visits: ['/app'], proxy: { proxyCost: 1e6 } }, ['service a', 'cpu proxy', 'propagation upstream', 'propagation client']],
    ['kept, TLS, buffers', { visits: ['/app', ['/app', 500]], secure: true, site: { '/app': { file: false, bytes: 10_000, think: 5e6 } }, rate: 10e6, proxy: KEPT }, ['service a', 'serialization upstream']],
    ['read time-out', { visits: ['/app'], site: { '/app': { file: false, think: 300e9 } } }, ['timer proxy']],
    ['the next server', { visits: ['/app'], servers: ['a', 'b'], faults: [refuses('a')] }, ['service b', 'propagation upstream']],
    ['a lost answer', { visits: ['/app'], faults: [{ type: 'pdu', where: { link: 'upstream', select: '200' }, nth: 1, count: 1, verdict: { do: 'drop' } }] }, ['timer a']],
  ];
  it.each(cases)('%s: sums exactly, names the upstream’s parts', (_name, o, named) => {
    const trace = runProxy(o);
    const index = indexTrace(trace);
    for (const r of trace.requests) {
      const parts = attribution(index, r.id);
      expect(parts.reduce((sum, p) => sum + p.ns, 0)).toBe(r.endNs - r.startNs);
      expect(parts.filter((p) => p.why === 'why.unnamed')).toEqual([]);
      const path = criticalPath(index, r.id);
      for (let i = 1; i < path.length; i++) expect(path[i]!.start).toBe(path[i - 1]!.end);
      const found = new Set(parts.map((p) => `${p.part} ${p.where}`));
      for (const part of named) expect(found).toContain(part);
    }
    expect(trace.requests).toHaveLength(o.visits.length);
  });
  it.each<[string, ProxyOptions]>([
    ['kept', { visits: ['/app', ['/app', 500]], proxy: KEPT }], ['new', { visits: ['/app', ['/app', 500]] }], ['refused', { visits: ['/app'], servers: ['a', 'b'], faults: [refuses('a')] }],
    ['cut', { visits: ['/app'], site: { '/app': { bytes: 300_000 } }, faults: [{ type: 'host', host: 'a', verdict: 'stop', from: 92e6, until: 94e6 }] }],
  ])('%s: no machine of the proxy hears what it has no use for', (_name, o) => {
    const trace = runProxy(o);
    const proxy = trace.hosts.findIndex((h) => h.name === 'proxy');
    const ignored: string[] = [];
    for (let e = 0; e < trace.kind.length; e++) {
      const endpoint = trace.endpoints[trace.where.at(e)];
      if (trace.kinds[trace.kind.at(e)]!.name === 'state.input_ignored' && endpoint?.host === proxy) ignored.push(`${endpoint.title} ${trace.charts[endpoint.chart]!.events[trace.b.at(e)]}`);
    }
    expect(ignored).toEqual([]);
  });
});

describe('200 random runs with faults', () => {
  it('every request ends, its time is accounted for, every choice of a server ends in one way, and the same run is the same', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = sequence(seed);
      const int = (n: number): number => Math.floor(random() * n);
      const pick = <T>(a: readonly T[]): T => a[int(a.length)]!;
      const servers = ['a', 'b', 'c'].slice(0, 1 + int(3));
      const fault = (): Fault => {
        const from = int(2000) * 1e6, until = from + 1 + int(4000) * 1e6;
        if (int(3) === 0) return { type: 'host', host: pick(servers), verdict: pick(['stop', 'silent']), from, until };
        if (int(4) === 0) return refuses(pick(servers));
        const where = { link: pick(['client', 'upstream']), ...pick([{}, { select: 'SYN' }, { select: 'GET' }, { select: '200' }, { select: 'FIN' }] as const) };
        return { type: 'pdu', where, nth: 1 + int(20), count: pick([1, 2, 30]), verdict: pick([{ do: 'drop' }, { do: 'delay', by: int(400) * 1e6 }, { do: 'duplicate' }] as const) };
      };
      const o: ProxyOptions = {
        visits: Array.from({ length: 1 + int(6) }, () => [pick(['/app', '/big', '/none']), int(6000)] as const), profile: pick(['curl', 'browser']), secure: int(2) === 0, servers, seed,
        site: { '/app': { file: false, think: int(200) * 1e6 }, '/big': { bytes: 1 + int(200_000) } }, maxTimeMs: pick([0, 0, 700]), rate: pick([0, 1e6]),
        group: { balance: pick(['round-robin', 'least-conn', 'random', 'random-two'] as const), ...(int(2) === 0 ? { keepalive: int(3) } : {}) }, faults: Array.from({ length: int(4) }, fault),
        proxy: { proxyCost: pick([0, 1e6]), proxyBuffering: int(2) === 0, proxyReadTimeout: pick([500e6, 60e9]), proxyConnectTimeout: pick([300e6, 60e9]), upstreamMaxConns: pick([0, 0, 1]) },
        server: { keepAliveTimeout: pick([0, 500e6, 75e9]) },
      };
      const trace = runProxy(o);
      const where = `seed ${seed}`;
      expect(['ok', 'error'], where).toContain(trace.outcome);
      const index = indexTrace(trace);
      for (const r of trace.requests) {
        expect(r.endEvent, where).toBeGreaterThan(0);
        expect(attribution(index, r.id).reduce((sum, p) => sum + p.ns, 0), where).toBe(r.endNs - r.startNs);
      }
      // each choice ends in exactly one way
      const counted = (name: string): number => story(trace, name).length;
      const [chosen, ended] = [counted('upstream_chosen'), counted('response_received') + counted('upstream_failed')];
      expect(chosen, where).toBeGreaterThanOrEqual(ended);
      expect(chosen, where).toBeLessThanOrEqual(ended + counted('client_gone'));
      if (seed % 20 === 0) expect(traceHash(runProxy(o)), where).toBe(traceHash(trace));
    }
  });
});
