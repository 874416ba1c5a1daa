/** Scenarios of QUIC and HTTP/3: what they say is what happens. */
import { describe, expect, it } from 'vitest';
import type { Trace } from '../../src/model/trace';
import { lanesOf } from '../support/lanes';

const count = (t: Trace, name: string): number => {
  const kind = t.kinds.find((k) => k.name === name)?.id ?? -1;
  return Array.from({ length: t.kind.length }, (_, i) => i).filter((i) => t.kind.at(i) === kind).length;
};
const took = (t: Trace, i: number): number => (t.requests[i]!.endNs - t.requests[i]!.startNs) / 1e6;
const pageEnd = (t: Trace): number => Math.max(...t.requests.map((r) => r.endNs)) / 1e6;

describe('many-ways-to-https', () => {
  it('takes as many round trips as the RFCs imply', async () => {
    const lanes = await lanesOf('many-ways-to-https');
    const trips = Object.fromEntries(Object.entries(lanes).map(([name, t]) => [name, Math.round(took(t, 1) / 100)]));
    expect(trips).toEqual({ tls12: 4, tls13: 3, resumed: 3, early: 2, 'fast-open': 2, quic: 2, 'quic-early': 1 });
    for (const t of Object.values(lanes)) expect(t.requests.map((r) => r.status)).toEqual([200, 200]);
  });
});
describe('head-of-line', () => {
  it('over QUIC one picture waits for the lost packet, the others come as if nothing were lost', async () => {
    const { 'h3-lost': lost, h3 } = await lanesOf('head-of-line');
    const later = lost!.requests.filter((r, i) => (r.endNs - h3!.requests[i]!.endNs) / 1e6 > 5).map((r) => r.url);
    expect(later).toEqual(['https://shop.example/p1.jpg']);
    expect(count(lost!, 'quic.stream_waits')).toBe(1);
  });
  it('over TCP all that share the connection wait', async () => {
    const { 'h2-lost': lost, h2 } = await lanesOf('head-of-line');
    expect(lost!.requests.slice(1).every((r, i) => r.endNs - h2!.requests[i + 1]!.endNs > 100e6)).toBe(true);
  });
});
describe('udp-blocked', () => {
  it('falls back to TCP after twice a round trip, and remembers', async () => {
    const { blocked, open, only } = await lanesOf('udp-blocked');
    expect(blocked!.requests.map((r) => r.protocol)).toEqual(['h2', 'h2', 'h2', 'h2', 'h2', 'h2']);
    expect(took(blocked!, 3) - took(blocked!, 0)).toBeCloseTo(80, -1);
    expect(open!.requests[3]!.protocol).toBe('h3');
    expect(only!.requests[0]!.error).toMatchObject({ browser: 'ERR_QUIC_PROTOCOL_ERROR' });
    expect(took(only!, 0)).toBe(4000);
  });
});
describe('alt-svc', () => {
  it('goes over QUIC the second time, a round trip quicker, and only when it was told', async () => {
    const { told, silent } = await lanesOf('alt-svc');
    expect([told!.requests[3]!.protocol, silent!.requests[3]!.protocol]).toEqual(['h3', 'h2']);
    expect(took(told!, 0) - took(told!, 3)).toBeCloseTo(80, -1);
  });
  it('goes over QUIC the first time where the name system says so, and needs no other word', async () => {
    const { told, record } = await lanesOf('alt-svc');
    expect(record!.requests.map((r) => r.protocol)).toEqual(['h3', 'h3', 'h3', 'h3', 'h3', 'h3']);
    expect(record!.flows.some((f) => f.protocol === 'tcp')).toBe(false);
    expect(took(told!, 0) - took(record!, 0)).toBeCloseTo(80, -1);
    expect([count(told!, 'dns.protocols_known'), count(record!, 'dns.protocols_known')]).toEqual([0, 1]);
  });
});
describe('amplification-limit', () => {
  it('a long certificate costs a round trip, a Retry as much', async () => {
    const { long, retry } = await lanesOf('amplification-limit');
    expect(count(long!, 'quic.amplification_limited')).toBeGreaterThan(0);
    expect(count(retry!, 'quic.amplification_limited')).toBe(0);
    expect(count(retry!, 'quic.retry_received')).toBe(1);
    for (const t of [long!, retry!]) expect(Math.round(took(t, 0) / 80)).toBe(3);
  });
});
describe('page-load', () => {
  it('QUIC suffers least from losses, one TCP connection most', async () => {
    const lanes = await lanesOf('page-load');
    const of = (name: string): number => pageEnd(lanes[name]!);
    expect(of('h3')).toBeLessThan(of('h2'));
    expect(of('h3-loss') / of('h3')).toBeLessThan(1.3);
    expect(of('h2-loss')).toBeGreaterThan(1.5 * of('h1-loss'));
  });
});
describe('network-switch', () => {
  it('QUIC goes on, TCP starts again, and QUIC without a spare id does, too', async () => {
    const lanes = await lanesOf('network-switch');
    const shown = (name: string): number => pageEnd(lanes[name]!);
    expect(lanes.quic!.requests.map((r) => [r.status, r.error])).toEqual([[200, null]]);
    // the report takes 1.5 s to make; Wi-Fi is gone after 0.8 s
    expect(shown('quic')).toBeLessThan(1700);
    for (const name of ['tcp', 'no-id']) {
      expect(lanes[name]!.requests.map((r) => r.error?.browser ?? r.status)).toEqual(['ERR_NETWORK_CHANGED', 200]);
      expect(count(lanes[name]!, 'page.reloaded')).toBe(1);
      // gone, a second’s wait, and 1.5 s again
      expect(shown(name)).toBeGreaterThan(800 + 1000 + 1500);
    }
    expect(count(lanes['no-id']!, 'quic.migration_refused')).toBe(1);
  });
});
describe('nat-rebinding', () => {
  it('QUIC does not mind, TCP is reset, and a NAT that remembers disturbs neither', async () => {
    const lanes = await lanesOf('nat-rebinding');
    for (const t of Object.values(lanes)) expect(t.requests.map((r) => r.status)).toEqual([200, 200]);
    expect(count(lanes.quic!, 'quic.peer_rebound')).toBe(1);
    expect(count(lanes.quic!, 'quic.connection_started')).toBe(1);
    const resets = (t: Trace): number => t.pdus.filter((p) => p.name === 'RST' && p.sentAt / 1e6 > 25_000 && p.sentAt / 1e6 < 25_100).length;
    expect([resets(lanes['tcp-forgotten']!), resets(lanes.tcp!)]).toEqual([1, 0]);
    const trips = Object.fromEntries(Object.entries(lanes).map(([name, t]) => [name, Math.round(took(t, 1) / 60)]));
    // the answer is longer than three times the request: its end waits for the number; a new TCP connection takes TCP, TLS taken up, request
    expect(trips).toEqual({ quic: 2, 'tcp-forgotten': 4, tcp: 1 });
  });
});
