/** Requests with content: Expect and 100, what is too large, methods that a file does not take; and requests that do not wait for each other. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../src/base/time';
import { simulate } from '../../src/engine/simulate';
import { hostKind, loadHosts } from '../../src/hosts/registry';
import type { Visit } from '../../src/hosts/workload';
import { eventsOf, webPlan, type WebOptions } from '../support/web';

await loadHosts();
const URL_ = 'http://www.lab.test/form';
function run(visit: Partial<Visit>, o: Partial<WebOptions> = {}) {
  const plan = webPlan({ rttMs: 40, profile: 'curl', visits: [URL_], site: { '/form': { file: false, think: 0 }, '/file': {} }, ...o });
  const workload = plan.workload as unknown as { visits: Visit[] };
  return simulate({ ...plan, workload: { ...plan.workload, visits: workload.visits.map((v) => ({ ...v, ...visit })) } }, (id) => hostKind(id)!);
}
const took = (t: ReturnType<typeof run>): number => (t.requests[0]!.endNs - t.requests[0]!.startNs) / MS;

describe('content of a request', () => {
  it('goes with the head, and is handled when all of it is there', () => {
    const trace = run({ method: 'POST', body: 200_000 });
    expect(trace.requests[0]).toMatchObject({ status: 200, method: 'POST', error: null });
    expect(trace.messages.filter((m) => m.protocol === 'http').map((m) => m.name)).toEqual(['POST', 'content', '200', 'body']);
    const content = trace.messages.find((m) => m.name === 'content')!, answer = trace.messages.find((m) => m.name === '200')!;
    expect(content.bytes).toBe(200_000);
    expect(answer.writtenEvent).toBeGreaterThan(content.writtenEvent);
    expect(took(trace)).toBeGreaterThan(120);
  });
  it('is announced with its length and type', () => {
    const text = (run({ method: 'POST', body: 10 }).messages.find((m) => m.name === 'POST')!.body as { text: string }).text;
    expect(text.split('\r\n').slice(0, 6)).toEqual(['POST /form HTTP/1.1', 'Host: www.lab.test', 'User-Agent: curl/7.88.1', 'Accept: */*', 'Content-Length: 10', 'Content-Type: application/x-www-form-urlencoded']);
  });
  it('of more than a megabyte waits for 100 (curl): one round trip', () => {
    const trace = run({ method: 'POST', body: 2_000_000 }, { server: { maxBodySize: 0 } });
    const [awaited] = eventsOf(trace, 'http.content_awaited'), [sent] = eventsOf(trace, 'http.content_sent');
    expect(sent!.ms - awaited!.ms).toBe(40);
    expect(sent!.b).toBe(1);
    expect(trace.requests[0]!.status).toBe(200);
    expect(trace.messages.filter((m) => m.name === '100')).toHaveLength(1);
  });
  it('waits a second at most: without a 100 it goes out unasked', () => {
    const drop = { type: 'pdu' as const, where: { from: 'server', payloadAtLeast: 1 }, nth: 1, count: 3, verdict: { do: 'drop' as const } };
    const [awaited, sent] = eventsOf(run({ method: 'POST', body: 2_000_000 }, { server: { maxBodySize: 0 }, faults: [drop] }), 'http.content_awaited', 'http.content_sent');
    expect(sent!.ms - awaited!.ms).toBe(1000);
    expect(sent!.b).toBe(0);
  });
  it('that is too large is refused before it is sent: 413, no 100, no content', () => {
    const trace = run({ method: 'POST', body: 2_000_000 });
    expect(trace.requests[0]!.status).toBe(413);
    expect(trace.messages.filter((m) => m.name === 'content' || m.name === '100')).toEqual([]);
  });
  it('that is too large and comes unasked is read and dropped, so that the 413 is not lost to a reset', () => {
    const trace = run({ method: 'POST', body: 1_048_000 }, { server: { maxBodySize: 100_000 } });
    expect(trace.requests[0]).toMatchObject({ status: 413, error: null });
    expect(trace.pdus.filter((p) => p.name === 'RST')).toEqual([]);
  });
  it('is not for a file: 405', () => expect(run({ method: 'POST', body: 10, url: 'http://www.lab.test/file' }).requests[0]!.status).toBe(405));
  it('goes again where a 307 sends it; after a 302 only a GET goes', () => {
    const of = (status: 302 | 307) => run({ method: 'POST', body: 5000 }, { profile: 'browser', site: { '/form': { redirect: { to: '/other', status }, file: false }, '/other': { file: false } } });
    expect(of(307).requests.map((r) => `${r.method} ${r.status} ${r.bytesUp > 5000}`)).toEqual(['POST 307 true', 'POST 200 true']);
    expect(of(302).requests.map((r) => `${r.method} ${r.status} ${r.bytesUp > 5000}`)).toEqual(['POST 302 true', 'GET 200 false']);
  });
});
it('HEAD is answered with the length and without the content', () => {
  const trace = run({ method: 'HEAD' }, { site: { '/form': { bytes: 5000 } } });
  expect(trace.requests[0]!.status).toBe(200);
  expect(trace.messages.filter((m) => m.name === 'body')).toEqual([]);
  expect((trace.messages.find((m) => m.name === '200')!.body as { text: string }).text).toContain('Content-Length: 5000');
});
describe('pipelining', () => {
  const site = { '/p': { links: ['/slow', '/a', '/b'] }, '/slow': { file: false, think: 300 * MS, bytes: 3000 }, '/a': { bytes: 50 }, '/b': { bytes: 3000 } };
  const piped = (o: Partial<WebOptions> = {}) => run({ url: 'http://www.lab.test/p' }, { profile: 'plain', site, client: { pipelining: true }, ...o });
  it('asks without waiting, and is answered in order', () => {
    const trace = piped();
    expect(eventsOf(trace, 'page.pipelined').map((e) => e.a)).toEqual([1, 2]);
    const ends = trace.requests.map((r) => r.endNs);
    expect([...ends].sort((a, b) => a - b)).toEqual([ends[0], ends[1], ends[2], ends[3]]);
    expect(ends[3]! - ends[1]!).toBeLessThan(20 * MS);
    expect(trace.requests.every((r) => r.status === 200)).toBe(true);
  });
  it('a connection that the server closes after an answer leaves the others to be asked for again', () => {
    const trace = piped({ server: { keepAliveTimeout: 0 } });
    expect(trace.requests.every((r) => r.status === 200 && r.error === null)).toBe(true);
  });
});
