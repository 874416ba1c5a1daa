/** Links: time on the wire, queues, jitter, keyed loss, MTU. 1,250 bytes at 1 Mbit/s are 10 ms. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../src/base/time';
import { Fate, IP_UDP, type Pdu } from '../../src/model/pdu';
import type { Trace } from '../../src/model/trace';
import { arrivalsOf, eventOf, quiet, runTiny, type Tiny, type TinyOptions } from '../support/tiny';

/** Sends packets at these times (ms). */
const sent = (times: readonly (number | readonly [at: number, p: Partial<Pdu>])[], o: Partial<TinyOptions> = {}): Trace =>
  runTiny({
    hosts: {
      a: (t) => ({
        start: () => times.forEach((entry) => {
          const [at, p] = typeof entry === 'number' ? [entry, {}] : entry;
          t.after(at * MS, () => void t.send('b', p));
        }),
      }),
      b: quiet,
    },
    ...o,
  });
const many = (n: number, everyMs: number): (readonly [number, Partial<Pdu>])[] => Array.from({ length: n }, (_, key) => [key * everyMs, { key }] as const);

describe('the way', () => {
  it('without a rate: latency alone', () => expect(arrivalsOf(sent([0, 0, 3]))).toEqual([10, 10, 13]));
  it('with a rate: one after the other, each wholly on the wire before it travels', () => {
    const trace = sent([0, 0, 0, 50], { link: { rate: [1e6, 0], perPacketNs: 2 * MS } });
    expect(arrivalsOf(trace)).toEqual([22, 32, 42, 72]);
    expect(trace.pdus.map((p) => [p.queueNs / MS, p.serializationNs / MS, p.propagationNs / MS, p.extraNs])).toEqual([[0, 10, 12, 0], [10, 10, 12, 0], [20, 10, 12, 0], [0, 10, 12, 0]]);
  });
  it('each direction has its own rate, latency and wire', () => {
    const trace = runTiny({
      hosts: { a: (t) => ({ start: () => [1, 2].forEach((key) => void t.send('b', { key })) }), b: (t) => ({ start: () => [1, 2].forEach((key) => void t.send('a', { key })) }) },
      link: { rate: [1e6, 2e6], latencyNs: [10 * MS, 1 * MS] },
    });
    expect(arrivalsOf(trace)).toEqual([20, 30, 6, 11]);
  });
  it('hosts at the far side share the wire', () => {
    const hosts = { a: (t: Tiny) => ({ start: () => ['b', 'c'].forEach((to) => void t.send(to)) }), b: quiet, c: quiet };
    expect(arrivalsOf(runTiny({ hosts, link: { rate: [1e6, 0] } }))).toEqual([20, 30]);
    expect(arrivalsOf(runTiny({ hosts, links: [{ name: 'one', b: ['b'], rate: [1e6, 0] }, { name: 'two', b: ['c'], rate: [1e6, 0] }] }))).toEqual([20, 20]);
  });
  it('the parts of every way sum to its time', () => {
    const trace = sent(many(300, 1.3), { link: { rate: [1e6, 0], jitterNs: 7 * MS, queuePackets: 20, loss: [0.1, 0] } });
    const delivered = trace.pdus.filter((p) => p.fate === Fate.delivered);
    expect(delivered.length).toBeGreaterThan(50);
    for (const p of delivered) expect(p.queueNs + p.serializationNs + p.propagationNs + p.extraNs).toBe(p.fateAt - p.sentAt);
  });
  it('the cause of an arrival is the event that sent it', () => {
    const trace = sent([0, 5]);
    for (const p of trace.pdus) expect(trace.cause.at(p.fateEvent)).toBe(p.sentEvent);
    expect(trace.cause.at(eventOf(trace, 'tiny.sent', 2))).toBe(eventOf(trace, 'timer.fired', 2));
  });
});
describe('the queue', () => {
  it('counts who waits, not who is on the wire; one more is dropped at the tail', () => {
    const link = { rate: [1e6, 0], queuePackets: 2 } as const;
    expect(arrivalsOf(sent([0, 0, 0, 0], { link }))).toEqual([20, 30, 40, 'queue full']);
    // the second begins to be sent at 10 ms: from then on there is room
    expect(arrivalsOf(sent([0, 0, 0, 9, 10], { link }))).toEqual([20, 30, 40, 'queue full', 50]);
  });
  it('a dropped one does not use the wire', () => expect(arrivalsOf(sent([0, 0, 0, 25], { link: { rate: [1e6, 0], queuePackets: 1 } }))).toEqual([20, 30, 'queue full', 45]));
  it('holds its count over thousands of packets', () => {
    const trace = sent(many(5000, 1), { link: { rate: [1e6, 0], queuePackets: 5 } });
    const through = trace.pdus.filter((p) => p.fate === Fate.delivered);
    for (const p of through) expect(p.queueNs).toBeLessThanOrEqual(5 * 10 * MS);
    // 5 s at one packet each 10 ms, and the queue that is left at the end
    expect(through.length).toBe(505);
  });
});

describe('jitter', () => {
  it('delays, differently, and keeps order', () => {
    const trace = sent(many(200, 0.5), { link: { jitterNs: 20 * MS } });
    const arrivals = trace.pdus.map((p) => p.fateAt);
    expect(arrivals).toEqual([...arrivals].sort((x, y) => x - y));
    expect(new Set(trace.pdus.map((p) => p.extraNs)).size).toBeGreaterThan(20);
    for (const p of trace.pdus) expect(p.extraNs).toBeGreaterThanOrEqual(0);
  });
  it('alone on its way a packet is delayed by at most the jitter, uniformly', () => {
    const extras = sent(many(1000, 100), { link: { jitterNs: 20 * MS } }).pdus.map((p) => p.extraNs / MS);
    expect(Math.max(...extras)).toBeLessThan(20);
    expect(Math.abs(extras.reduce((a, b) => a + b, 0) / 1000 - 10)).toBeLessThan(0.8);
  });
});

describe('random loss', () => {
  const link = { loss: [0.2, 0] } as const;
  const lost = (trace: Trace): number[] => trace.pdus.filter((p) => p.fate === Fate.lostRandom).map((p) => p.key);
  it('happens as the packet enters, as often as it should', () => {
    const trace = sent(many(2000, 1), { link });
    expect(Math.abs(lost(trace).length / 2000 - 0.2)).toBeLessThan(0.03);
    for (const p of trace.pdus) if (p.fate === Fate.lostRandom) expect([p.fateAt, p.fatePosition]).toEqual([p.sentAt, 0]);
  });
  it('one more packet, or another order, reshuffles nothing', () => {
    const plain = many(500, 1);
    const first = lost(sent(plain, { link }));
    expect(first.length).toBeGreaterThan(60);
    expect(lost(sent([[0, { key: 9999 }], ...plain], { link })).filter((k) => k !== 9999)).toEqual(first);
    expect(lost(sent(plain.map(([, p], i) => [500 - i, p] as const), { link })).sort((x, y) => x - y)).toEqual(first);
  });
  it('the same bytes sent again have a chance of their own', () => {
    const trace = sent(Array.from({ length: 400 }, (_, i) => [i, { key: 5, transmission: i + 1 }] as const), { link });
    expect(Math.abs(lost(trace).length / 400 - 0.2)).toBeLessThan(0.07);
  });
  it('another seed loses others; a jittery link loses the same', () => {
    const first = lost(sent(many(300, 1), { link }));
    expect(lost(sent(many(300, 1), { link, seed: 2 }))).not.toEqual(first);
    expect(lost(sent(many(300, 1), { link: { ...link, jitterNs: 5 * MS } }))).toEqual(first);
  });
  it('0 loses nothing, 1 everything; each direction has its own', () => {
    expect(lost(sent(many(200, 1), { link: { loss: [0, 1] } }))).toHaveLength(0);
    expect(lost(sent(many(200, 1), { link: { loss: [1, 0] } }))).toHaveLength(200);
  });
});

describe('what a link does not take', () => {
  it('a segment larger than the MTU is lost, as with DF set', () => {
    const trace = sent([[0, { bytes: 1500 }], [0, { bytes: 1501 }]]);
    expect(arrivalsOf(trace)).toEqual([10, 'too big']);
    expect(trace.outcome).toBe('ok');
  });
  it('a datagram larger than the MTU would be fragmented: the run stops and says so', () => {
    const trace = sent([[0, { bytes: 577, protocol: IP_UDP }], 5], { link: { mtu: 576 } });
    expect(trace.outcome).toBe('unmodelled');
    expect(trace.stopReason).toMatch(/577 bytes is larger than the 576 bytes that the link line takes/);
    expect(trace.endNs).toBe(0);
  });
  it('hosts that no link joins are known as such', () => {
    const trace = runTiny({ hosts: { a: (t) => ({ start: () => [1, 2].forEach((to) => void t.note(Number(t.world.linked(t.host, to)))) }), b: quiet, c: quiet }, links: [{ b: ['b'] }] });
    expect([1, 2].map((n) => trace.a.at(eventOf(trace, 'tiny.noted', n)))).toEqual([1, 0]);
  });
});
