/** HTTP archives: what HAR 1.2 asks of every file, and that the numbers are the run's. */
import { describe, expect, it } from 'vitest';
import { har } from '../../src/export/har';
import { isoDate } from '../../src/export/exporter';
import { countsOf, phasesOf } from '../../src/trace';
import { catalogueRuns, everyRun, firstVisit, input, traceOf } from './runs';

interface Entry {
  readonly pageref?: string;
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: { readonly url: string; readonly httpVersion: string; readonly headers: readonly { name: string; value: string }[]; readonly headersSize: number; readonly bodySize: number; readonly queryString: readonly { name: string; value: string }[] };
  readonly response: { readonly status: number; readonly statusText: string; readonly bodySize: number; readonly headersSize: number; readonly content: { size: number; mimeType: string }; readonly headers: readonly { name: string; value: string }[]; readonly _error?: string };
  readonly timings: Readonly<Record<'blocked' | 'dns' | 'connect' | 'send' | 'wait' | 'receive' | 'ssl', number>>;
  readonly serverIPAddress?: string;
  readonly connection?: string;
  readonly _fromCache?: string;
}
interface Log {
  readonly version: string;
  readonly pages: readonly { id: string; startedDateTime: string; pageTimings: { onContentLoad: number; onLoad: number } }[];
  readonly entries: readonly Entry[];
}
const logOf = (runs: Parameters<typeof input>[0]): Log => (JSON.parse(har(input(runs)) as string) as { log: Log }).log;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

describe.each(await everyRun())('$name', ({ run }) => {
  const log = logOf([run]);
  const { requests } = traceOf(run);
  it('has an entry for each request, in order, on a page that is there', () => {
    expect(log.version).toBe('1.2');
    expect(log.entries).toHaveLength(requests.length);
    expect(log.entries.every((e, i) => i === 0 || e.startedDateTime >= log.entries[i - 1]!.startedDateTime)).toBe(true);
    expect(log.entries.every((e) => log.pages.some((p) => p.id === e.pageref && p.startedDateTime <= e.startedDateTime))).toBe(true);
    for (const { startedDateTime } of [...log.pages, ...log.entries]) expect(startedDateTime).toMatch(ISO);
  });
  it('has times that add up to the request’s, ssl inside connect, -1 only where it may be', () => {
    for (const [i, e] of log.entries.entries()) {
      const row = [...requests].sort((a, b) => a.startNs - b.startNs)[i]!;
      const { blocked, dns, connect, send, wait, receive, ssl } = e.timings;
      expect(e.time).toBeCloseTo([blocked, dns, connect, send, wait, receive].reduce((sum, t) => sum + Math.max(0, t), 0), 9);
      expect(e.time).toBeCloseTo((row.endNs - row.startNs) / 1e6, 6);
      expect([send, wait, receive].every((t) => t >= 0)).toBe(true);
      expect([blocked, dns, connect, ssl].every((t) => t >= 0 || t === -1)).toBe(true);
      expect(ssl === -1 || ssl <= connect).toBe(true);
      const phases = phasesOf(row);
      expect([dns, connect, ssl].map((t) => (t < 0 ? -1 : Math.round(t * 1e6)))).toEqual([phases.dns, phases.connect, phases.tls]);
    }
  });
  it('has sizes that agree with what was sent', () => {
    for (const [i, e] of log.entries.entries()) {
      const row = [...requests].sort((a, b) => a.startNs - b.startNs)[i]!;
      if (row.fromCache || row.status === null) continue;
      expect(e.request.headersSize + e.request.bodySize).toBe(row.bytesUp);
      expect(e.response.headersSize + e.response.bodySize).toBe(row.bytesDown);
      // a 304 has no content, and what is sent in chunks says no length
      const length = e.response.headers.find((h) => h.name.toLowerCase() === 'content-length')?.value, chunks = e.response.headers.some((h) => h.name === 'Transfer-Encoding');
      const framed = row.protocol !== 'h1';
      if (!chunks && e.response.status !== 304) expect(length).toBe(String(e.response.bodySize));
      else expect(length).toBeUndefined();
      expect(e.request.headers.find((h) => h.name === (framed ? ':authority' : 'Host'))?.value).toBe(new URL(e.request.url).host);
    }
  });
});

it('opens a connection once and says what is reused, cached, failed', async () => {
  const [visit] = await catalogueRuns('repeat-visit');
  const log = logOf([visit!]);
  expect(log.entries.filter((e) => e.timings.connect > 0)).toHaveLength(1);
  expect(new Set(log.entries.flatMap((e) => e.connection ?? [])).size).toBe(1);
  expect(log.entries.filter((e) => e._fromCache).length).toBeGreaterThan(0);
  expect(log.pages).toHaveLength(2);
  expect(log.pages.every((p) => p.pageTimings.onLoad >= p.pageTimings.onContentLoad)).toBe(true);
  const failed = logOf([await firstVisit((s) => void (s.faults = [{ do: 'nxdomain', host: 'auth' }]))]).entries[0]!;
  expect([failed.response.status, failed.response._error, failed.connection]).toEqual([0, 'ERR_NAME_NOT_RESOLVED', undefined]);
});
it('tells the answer and the query string as they were', async () => {
  const [e] = logOf([await firstVisit((s) => void (s.workload.visits[0]!.url = 'https://shop.example/nowhere?a=1&b=x%20y'))]).entries;
  expect([e!.response.status, e!.response.statusText, e!.response.content.mimeType, e!.serverIPAddress]).toEqual([404, 'Not Found', 'text/html', '203.0.113.7']);
  expect(e!.request.queryString).toEqual([{ name: 'a', value: '1' }, { name: 'b', value: 'x y' }]);
});
it('keeps the runs of several lanes apart', async () => {
  const runs = await catalogueRuns('tls-1.2-or-1.3');
  const log = logOf(runs);
  expect(new Set(log.pages.map((p) => p.id)).size).toBe(2);
  expect(new Set(log.entries.map((e) => e.connection)).size).toBe(2);
  expect(countsOf(runs[0]!.index, traceOf(runs[0]!).requests[0]!).packets).toBeGreaterThan(0);
});
it('dates are exact to the microsecond', () => {
  expect(isoDate(Date.UTC(2026, 10, 24, 12), 0)).toBe('2026-11-24T12:00:00.000000Z');
  expect(isoDate(Date.UTC(2026, 10, 24, 12) + 999, 1_001_234)).toBe('2026-11-24T12:00:01.000001Z');
  expect(isoDate(0, 86_400e9)).toBe('1970-01-02T00:00:00.000000Z');
});
