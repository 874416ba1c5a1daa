/** What the scenarios about HTTP/2 claim, in numbers. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../src/base/time';
import type { Frame } from '../../src/model/http2/frame';
import type { Trace } from '../../src/model/trace';
import { lanesOf } from '../support/lanes';

const end = (t: Trace): number => Math.max(...t.requests.map((r) => r.endNs)) / MS;
const tcpConnections = (t: Trace): number => t.flows.filter((f) => f.protocol === 'tcp').length;
const frames = (t: Trace): Frame[] => t.messages.filter((m) => m.protocol === 'http2').flatMap((m) => (m.body as { frame?: Frame }).frame ?? []);
const request = (t: Trace, path: string) => t.requests.find((r) => r.url.endsWith(path))!;
const noted = (t: Trace, name: string): { a: number; b: number }[] => {
  const kind = t.kinds.find((k) => k.name === name)?.id;
  return Array.from({ length: t.time.length }, (_, i) => i).filter((i) => t.kind.at(i) === kind).map((i) => ({ a: t.a.at(i), b: t.b.at(i) }));
};

describe('multiplexing', () => {
  it('one connection carries what six do, and nobody queues', async () => {
    const { h2, six, one } = await lanesOf('multiplexing');
    expect(h2!.requests.every((r) => r.protocol === 'h2' && r.status === 200)).toBe(true);
    expect(six!.requests.every((r) => r.protocol === 'h1' && r.status === 200)).toBe(true);
    expect([tcpConnections(h2!), tcpConnections(six!), tcpConnections(one!)]).toEqual([2, 6, 1]); // the spare connection is given up
    const pictures = (t: Trace): number => Math.max(...t.requests.filter((r) => r.url.endsWith('.svg')).map((r) => r.endNs)) / MS;
    expect(pictures(six!) - pictures(h2!)).toBeGreaterThan(60);
    expect(end(one!) - end(six!)).toBeGreaterThan(300);
    // asked for first, answered last
    expect(request(h2!, '/report.json').endNs).toBeGreaterThan(request(h2!, '/p12.svg').endNs);
  });
  it('later heads are short: the table has said the rest', async () => {
    const { h2, six } = await lanesOf('multiplexing');
    expect(request(h2!, '/p12.svg').bytesUp * 10).toBeLessThan(request(six!, '/p12.svg').bytesUp);
    const ids = frames(h2!).filter((f) => f.type === 'HEADERS').map((f) => f.stream);
    expect([...new Set(ids)]).toEqual(Array.from({ length: 14 }, (_, i) => 2 * i + 1));
    expect(ids).toHaveLength(28);
  });
  it('every stream is closed at both ends, and every byte of content is in a frame', async () => {
    const { h2 } = await lanesOf('multiplexing');
    const states = h2!.endpoints.filter((e) => e.title.startsWith('stream '));
    expect(states).toHaveLength(28);
    const content = frames(h2!).reduce((sum, f) => sum + (f.type === 'DATA' ? f.content : 0), 0);
    expect(content).toBe(3000 + 4000 + 12 * 2500);
  });
});

describe('head-of-line', () => {
  it('one lost packet holds up one connection, or all streams of one', async () => {
    const lanes = await lanesOf('head-of-line');
    const late = (lost: string, clean: string): number[] => lanes[clean]!.requests.slice(1).map((r, i) => (lanes[lost]!.requests[i + 1]!.endNs - r.endNs) / MS);
    expect(lanes.h2!.pdus.every((p) => p.fate === 1)).toBe(true);
    for (const name of ['h2-lost', 'h1-lost']) expect(lanes[name]!.pdus.filter((p) => p.fate !== 1)).toHaveLength(1);
    expect(late('h1-lost', 'h1').filter((ms) => ms > 40)).toHaveLength(1);
    expect(Math.min(...late('h2-lost', 'h2'))).toBeGreaterThan(80);
  });
  it('what came behind the gap is read all at once when it is filled', async () => {
    const { 'h2-lost': trace } = await lanesOf('head-of-line');
    const queued = noted(trace!, 'tcp.out_of_order_queued').length;
    expect(queued).toBeGreaterThan(5);
  });
});

describe('h2-flow-control', () => {
  it('a window for each round trip, for each stream or for all', async () => {
    const { stream, connection, wide } = await lanesOf('h2-flow-control');
    const films = 400_000, window = 65_535;
    // the windows open in two halves, so that a little less than a window waits each time
    expect(end(connection!) - end(wide!)).toBeGreaterThan(((3 * films) / window - 8) * 100);
    expect(end(connection!) - end(stream!)).toBeGreaterThan(((2 * films) / window - 4) * 100);
    expect(noted(wide!, 'http2.stream_blocked')).toEqual([]);
    expect(noted(stream!, 'http2.stream_blocked').length).toBeGreaterThan(3);
    expect(noted(stream!, 'http2.connection_blocked')).toEqual([]);
    expect(noted(connection!, 'http2.connection_blocked').length).toBeGreaterThan(10);
  });
  it('never more than both windows is out', async () => {
    for (const trace of Object.values(await lanesOf('h2-flow-control'))) {
      const settings = frames(trace).find((f) => f.type === 'SETTINGS' && !f.ack);
      const said = settings?.type === 'SETTINGS' ? settings.settings.find(([name]) => name === 'INITIAL_WINDOW_SIZE')![1] : 0;
      const credit = new Map<number, number>([[0, 65_535]]);
      // in the order in which the frames were made; a window is opened before the frame that uses it is made
      for (const f of frames(trace)) {
        if (f.type === 'WINDOW_UPDATE') credit.set(f.stream, (credit.get(f.stream) ?? said) + f.increment);
        if (f.type !== 'DATA') continue;
        for (const id of [0, f.stream]) {
          credit.set(id, (credit.get(id) ?? said) - f.content);
          expect(credit.get(id)).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });
});
