/** ICMP on the wire: type, code, MTU, the packet that did not pass; a clamped MSS and a mark are seen where they arrive, not where they left. */
import { describe, expect, it } from 'vitest';
import { checksum } from '../../src/model/ip';
import { wireOf } from '../../src/export/wire/wire';
import { dissect } from '../../src/export/wire/dissect';
import { loadScenario } from '../../src/scenario/load';
import { prepare, runScenario } from '../../src/scenario/run';
import { tcpPair } from '../support/tcp-pair';

const loaded = await loadScenario('mtu-black-hole');
if (!loaded.ok) throw new Error('mtu-black-hole');
await prepare(loaded.value);
const runs = runScenario(loaded.value);
if (!runs.ok) throw new Error('mtu-black-hole');
const lane = (name: string) => runs.value.find((r) => r.name === name)!.trace;

describe('fragmentation needed', () => {
  const trace = lane('said'), wire = wireOf(trace), pdu = trace.pdus.find((p) => p.protocol === 1)!, packet = wire.packet(pdu.id);
  it('is RFC 1191’s message', () => {
    expect(packet.length).toBe(56);
    expect([packet[9], ...packet.subarray(20, 22)]).toEqual([1, 3, 4]);
    expect((packet[26]! << 8) | packet[27]!).toBe(1400);
    expect(checksum(packet.subarray(20))).toBe(0);
  });
  it('returns the beginning of the packet that it is about', () => {
    const about = wire.packet(trace.pdus.find((p) => p.fate === 8)!.id);
    expect(Array.from(packet.subarray(28))).toEqual(Array.from(about.subarray(0, 28)));
  });
  it('is told field by field', () => expect(dissect(trace, pdu.id).nodes[1]!.children!.map((n) => n.name)).toEqual(['Type', 'Code', 'Checksum', 'Unused', 'Next-Hop MTU', 'Packet']));
});
it('a lowered MSS is in the SYN that arrives, with a right checksum', () => {
  const trace = lane('clamped'), wire = wireOf(trace), syn = trace.pdus.find((p) => p.name === 'SYN')!;
  const mss = (packet: Uint8Array): number => (packet[42]! << 8) | packet[43]!;
  expect([mss(wire.packet(syn.id)), mss(wire.packet(syn.id, true))]).toEqual([1460, 1360]);
});
it('a mark is in the packet that arrives', () => {
  const trace = tcpPair({ rttMs: 40, bytes: 1_000_000, rate: 10e6, queue: 100, markAbove: 20, tcp: { ecn: true } }), wire = wireOf(trace), pdu = trace.pdus.find((p) => p.marked)!;
  expect([wire.packet(pdu.id)[1]! & 3, wire.packet(pdu.id, true)[1]! & 3]).toEqual([2, 3]);
});
