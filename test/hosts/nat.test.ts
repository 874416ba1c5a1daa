/** A NAT on the way: ports outside, how long they are kept, and what comes for nobody (RFC 4787, RFC 5382). */
import { describe, expect, it } from 'vitest';
import { Fate, IP_TCP, IP_UDP, type PduRow } from '../../src/model/pdu';
import type { Trace } from '../../src/model/trace';
import { catalogueRuns } from '../export/runs';

const SECOND = 1e9;
async function run(lane: string, set: Record<string, string> = {}): Promise<Trace> {
  const runs = await catalogueRuns('nat-rebinding', set);
  return runs.find((r) => r.name === lane)!.index.trace;
}
const out = (t: Trace, protocol: number): PduRow[] => t.pdus.filter((p) => p.protocol === protocol && p.linkDirection === 0 && p.translated);

describe('mappings', () => {
  it('one port outside for each connection, its own for the answer', async () => {
    const t = await run('tcp');
    const ports = new Map<number, Set<number>>();
    for (const p of out(t, IP_TCP)) ports.set(p.translated!.srcPort, (ports.get(p.translated!.srcPort) ?? new Set()).add(p.srcPort));
    expect([...ports.values()].every((s) => s.size === 1)).toBe(true);
    expect(new Set([...ports.values()].map((s) => [...s][0])).size).toBe(ports.size);
    for (const p of t.pdus.filter((q) => q.linkDirection === 1 && q.fate === Fate.delivered)) expect([...ports.get(p.dstPort)!][0]).toBe(p.translated!.dstPort);
  });
  it.each([['20 s', 2], ['26 s', 1]])('kept for %s of silence: %d port(s) for UDP', async (kept, ports) => {
    const t = await run('quic', { 'network.hosts.router.params.natUdpStreamTimeout': kept, 'network.hosts.router.params.natUdpTimeout': kept });
    expect(new Set(out(t, IP_UDP).map((p) => p.srcPort)).size).toBe(ports);
  });
  it('a flow that was answered for less than two seconds is no stream: it has the shorter time', async () => {
    const t = await run('quic', { 'network.hosts.router.params.natUdpStreamTimeout': '3600 s', 'network.hosts.router.params.natUdpTimeout': '10 s' });
    expect(new Set(out(t, IP_UDP).map((p) => p.srcPort)).size).toBe(2);
  });
});
it('what comes for a port that is forgotten is dropped at the NAT, without a word', async () => {
  const t = await run('quic');
  const dropped = t.pdus.filter((p) => p.fate === Fate.noMapping);
  expect(dropped.length).toBeGreaterThan(0);
  for (const p of dropped) {
    expect(p.sentAt / SECOND).toBeGreaterThan(25);
    expect(p.fatePosition).toBeCloseTo(0.9);
    // it is there after nine tenths of the way
    expect((p.fateAt - p.sentAt) / 1e6).toBeCloseTo(27, 0);
  }
  expect(t.pdus.every((p) => p.name !== 'ICMP too big')).toBe(true);
});
