/** Whole HTTP/2 connections between a client and a server that really run: limits, ends, failures, and what HTTP means on top. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../../src/base/time';
import type { Frame } from '../../../src/model/http2/frame';
import type { Trace } from '../../../src/model/trace';
import { loadScenario } from '../../../src/scenario/load';
import { runScenario } from '../../../src/scenario/run';
import type { Scenario } from '../../../src/scenario/schema';

type Edit = (s: { network: { hosts: Record<string, { params: Record<string, unknown> }> }; workload: Record<string, unknown>; lanes?: unknown; faults?: unknown }) => void;
/** The scenario `id` with HTTP/2 on its server, changed by `edit`. */
async function run(edit: Edit, id = 'multiplexing'): Promise<Trace> {
  const loaded = await loadScenario(id);
  if (!loaded.ok) throw new Error(id);
  const scenario = JSON.parse(JSON.stringify(loaded.value)) as Parameters<Edit>[0];
  delete scenario.lanes;
  scenario.network.hosts.server!.params.http2 = true;
  edit(scenario);
  const runs = runScenario(scenario as unknown as Scenario);
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  const { trace } = runs.value[0]!;
  expect(['ok', 'error', 'timeout']).toContain(trace.outcome);
  return trace;
}
const frames = (t: Trace, direction?: 0 | 1): Frame[] =>
  t.messages.filter((m) => m.protocol === 'http2' && (direction === undefined || m.direction === direction)).flatMap((m) => (m.body as { frame?: Frame }).frame ?? []);
const count = (t: Trace, name: string): number => {
  const kind = t.kinds.find((k) => k.name === name)?.id ?? -1;
  return Array.from({ length: t.kind.length }, (_, i) => i).filter((i) => t.kind.at(i) === kind).length;
};
const site = (paths: Record<string, unknown>): Edit => (s) => void (s.network.hosts.server!.params.site = paths);
const FILE = { bytes: '1000 B', type: 'image/svg+xml' };

describe('limits', () => {
  it('no more streams at once than the server takes; the rest wait and are served', async () => {
    const paths = Array.from({ length: 150 }, (_, i) => `/i${i}.svg`);
    const trace = await run(site({ '/': { bytes: '9000 B', type: 'text/html', links: paths }, ...Object.fromEntries(paths.map((p) => [p, FILE])) }));
    expect(trace.requests).toHaveLength(151);
    expect(trace.requests.every((r) => r.status === 200)).toBe(true);
    expect(count(trace, 'http2.stream_waits')).toBe(150 - 128);
    let open = 0, most = 0;
    for (const m of trace.messages) {
      const f = (m.body as { frame?: Frame } | null)?.frame;
      if (m.protocol !== 'http2' || !f) continue;
      if (f.type === 'HEADERS' && m.direction === 0) most = Math.max(most, ++open);
      if (m.direction === 1 && (f.type === 'DATA' || f.type === 'HEADERS') && f.endStream) open--;
    }
    expect(most).toBeLessThanOrEqual(128);
    expect(open).toBe(0);
  });
  it('content of a request waits for the server’s window, 64 KB to begin with', async () => {
    const trace = await run((s) => {
      site({ '/form': { bytes: '100 B', type: 'text/html', think: '1 ms' } })(s);
      s.workload.visits = [{ url: 'https://shop.example/form', method: 'POST', body: '300000 B' }];
    });
    expect(trace.requests[0]!.status).toBe(200);
    const sent = frames(trace, 0).reduce((sum, f) => sum + (f.type === 'DATA' ? f.content : 0), 0);
    expect(sent).toBe(300_000);
    expect(count(trace, 'http2.stream_blocked')).toBeGreaterThan(0);
    expect(frames(trace, 1).some((f) => f.type === 'WINDOW_UPDATE' && f.stream === 1)).toBe(true);
  });
});

describe('ends', () => {
  it('an idle server says GOAWAY, and the next visit connects anew', async () => {
    const trace = await run((s) => {
      site({ '/': { bytes: '900 B', type: 'text/html' } })(s);
      s.network.hosts.server!.params.keepAliveTimeout = '1 s';
      s.workload.visits = [{ url: 'https://shop.example/' }, { url: 'https://shop.example/?again', at: '3 s' }];
    });
    expect(trace.requests.map((r) => r.status)).toEqual([200, 200]);
    expect(frames(trace, 1).filter((f) => f.type === 'GOAWAY')[0]).toMatchObject({ lastStream: 1, error: 'NO_ERROR' });
    expect(count(trace, 'http2.going_away')).toBeGreaterThan(0);
    expect(new Set(trace.requests.map((r) => r.flow)).size).toBe(2);
  });
  it('a server without keep-alive ends the connection with what was asked, and loses nothing of it', async () => {
    const trace = await run((s) => {
      site({ '/': { bytes: '50000 B', type: 'text/html', links: ['/a.svg'] }, '/a.svg': FILE })(s);
      s.network.hosts.server!.params.keepAliveTimeout = '0 s';
    });
    expect(trace.requests.map((r) => r.status)).toEqual([200, 200]);
    expect(trace.requests[0]!.bytesDown).toBeGreaterThan(50_000);
    expect(new Set(trace.requests.map((r) => r.flow)).size).toBe(2);
    expect(frames(trace, 1).filter((f) => f.type === 'GOAWAY').length).toBeGreaterThanOrEqual(2);
  });
  it('who gives up says CANCEL, and the connection goes on', async () => {
    const trace = await run((s) => {
      site({ '/slow': { bytes: '100 B', type: 'text/html', think: '5 s' } })(s);
      s.workload.maxTime = '500 ms';
      s.workload.visits = [{ url: 'https://shop.example/slow' }];
    });
    expect(trace.requests[0]!.error).toMatchObject({ code: 'MAX_TIME', curl: 28 });
    expect(frames(trace, 0).filter((f) => f.type === 'RST_STREAM')).toEqual([{ type: 'RST_STREAM', stream: 1, error: 'CANCEL' }]);
    expect(count(trace, 'http2.stream_reset')).toBe(1);
  });
  it('a server that starts again knows nothing of the connection: what was under way goes out once more', async () => {
    const trace = await run((s) => void (s.faults = [{ do: 'stop', host: 'server', from: '230 ms', until: '1 s' }]));
    expect(count(trace, 'tcp.reset_received')).toBeGreaterThan(0);
    expect(count(trace, 'page.request_retried')).toBeGreaterThan(3);
    expect(trace.requests.every((r) => r.status === 200)).toBe(true);
  });
  it('too much content is answered with 413, and the stream is given up', async () => {
    const trace = await run((s) => {
      site({ '/form': { bytes: '100 B', type: 'text/html', think: '1 ms' } })(s);
      s.workload.visits = [{ url: 'https://shop.example/form', method: 'POST', body: '3000000 B' }];
    });
    expect(trace.requests[0]!.status).toBe(413);
    const content = frames(trace, 0).reduce((sum, f) => sum + (f.type === 'DATA' ? f.content : 0), 0);
    expect(content).toBeLessThan(3_000_000);
    expect(frames(trace, 1)).toContainEqual({ type: 'RST_STREAM', stream: 1, error: 'NO_ERROR' });
  });
});

describe('what HTTP means does not depend on its version', () => {
  it('caches, validation, redirects: the same answers as in HTTP/1.1', async () => {
    const secure = (s: Parameters<Edit>[0]): void => {
      const visits = s.workload.visits as { url: string }[];
      for (const visit of visits) visit.url = visit.url.replace('http://', 'https://');
    };
    const one = await run((s) => {
      secure(s);
      s.network.hosts.server!.params.http2 = false;
    }, 'cache-and-304');
    const two = await run(secure, 'cache-and-304');
    const story = (t: Trace): unknown => t.requests.map((r) => [r.url, r.status, r.fromCache]);
    expect(story(two)).toEqual(story(one));
    expect(two.requests.filter((r) => !r.fromCache).every((r) => r.protocol === 'h2')).toBe(true);
  });
  it('HEAD has no content', async () => {
    const trace = await run((s) => {
      site({ '/a.svg': FILE })(s);
      s.workload.visits = [{ url: 'https://shop.example/a.svg', method: 'HEAD' }];
    });
    expect(trace.requests[0]!.status).toBe(200);
    expect(frames(trace, 1).filter((f) => f.type === 'DATA')).toEqual([]);
    expect(frames(trace, 1).some((f) => f.type === 'HEADERS' && f.endStream)).toBe(true);
  });
});

it('a longer way costs as many round trips as the exchange has, to the nanosecond', async () => {
  const took = async (rtt: string): Promise<number> => {
    const trace = await run((s) => {
      site({ '/a.svg': FILE })(s);
      (s.network as unknown as { links: { client: { rtt: string } } }).links.client.rtt = rtt;
      s.workload.visits = [{ url: 'https://shop.example/a.svg' }];
    });
    return trace.requests[0]!.endNs;
  };
  // TCP, TLS 1.3, request: three
  expect((await took('80 ms')) - (await took('60 ms'))).toBe(3 * 20 * MS);
});
