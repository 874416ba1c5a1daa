/** Packets of whole runs as bytes: lengths that the runs counted with, headers that read back, checksums that hold. */
import { describe, expect, it } from 'vitest';
import { dissect, packetBytes, wireOf } from '../../src/export/wire';
import { IP_ICMP, IP_TCP, IP_UDP, type PduRow } from '../../src/model/pdu';
import type { Message } from '../../src/model/stream';
import { decodeDns } from '../../src/protocols/dns/codec';
import type { Segment } from '../../src/protocols/tcp/segment';
import { tlsPair, type TlsPairOptions } from '../support/tls-pair';
import { everyRun, firstVisit, traceOf } from './runs';

const runs = await everyRun({ load: true });

/** RFC 1071, written again: the sum over data with its checksum is all ones. */
function ones(...parts: Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) for (let i = 0; i < part.length; i += 2) sum += part[i]! * 256 + (part[i + 1] ?? 0);
  return sum % 0xffff === 0 && sum > 0 ? 0xffff : sum % 0xffff;
}
const u16 = (b: Uint8Array, at: number): number => b[at]! * 256 + b[at + 1]!;
const u32 = (b: Uint8Array, at: number): number => u16(b, at) * 65536 + u16(b, at + 2);

describe.each(runs)('$name', ({ run }) => {
  const trace = traceOf(run);
  const all = trace.pdus.map((pdu) => ({ pdu, bytes: packetBytes(trace, pdu.id) }));
  const tcp = all.filter(({ pdu }) => pdu.protocol === IP_TCP) as { pdu: PduRow & { body: Segment }; bytes: Uint8Array }[];

  /** Names as the sender writes them: its address on this link, and for a host behind a NAT the NAT’s. */
  const asSent = (p: PduRow): (string | number)[] => {
    const link = trace.links[p.link]!, nat = trace.hosts.find((h) => h.kind === 'nat' && h.name === link.via?.router);
    const inside = link.address ?? trace.hosts[p.linkDirection === 0 ? p.from : p.to]!.address;
    const far = trace.hosts[p.linkDirection === 0 ? p.to : p.from]!.address;
    return [...(p.linkDirection === 0 ? [inside, far] : [far, nat?.address ?? inside]), p.translated?.srcPort ?? p.srcPort, p.translated?.dstPort ?? p.dstPort];
  };
  it('every packet is as long as it was simulated', () => {
    expect(all.length).toBeGreaterThan(4);
    expect(all.filter(({ pdu, bytes }) => bytes.length !== pdu.bytes || u16(bytes, 2) !== pdu.bytes).map(({ pdu }) => pdu.id)).toEqual([]);
  });
  it('checksums of IP, UDP and TCP hold', () => {
    const wrong = all.filter(({ bytes }) => {
      if (bytes[9] === IP_ICMP) return ones(bytes.subarray(0, 20)) !== 0xffff || ones(bytes.subarray(20)) !== 0xffff;
      const length = bytes.length - 20;
      return ones(bytes.subarray(0, 20)) !== 0xffff || ones(bytes.subarray(12, 20), Uint8Array.of(0, bytes[9]!, length >> 8, length & 255), bytes.subarray(20)) !== 0xffff;
    });
    expect(wrong.map(({ pdu }) => pdu.id)).toEqual([]);
  });
  it('addresses, ports and flags read back', () => {
    const ported = all.filter(({ bytes }) => bytes[9] !== IP_ICMP);
    const read = ported.map(({ bytes }) => [[...bytes.subarray(12, 16)].join('.'), [...bytes.subarray(16, 20)].join('.'), u16(bytes, 20), u16(bytes, 22), bytes[9] === IP_TCP ? bytes[33] : 0].join(' '));
    expect(read).toEqual(ported.map(({ pdu: p }) => [...asSent(p), p.flags].join(' ')));
  });
  it('absolute sequence numbers differ from relative ones by one number for each end of a flow', () => {
    const isns = new Map<string, Set<number>>();
    const add = (key: string, isn: number): void => void isns.set(key, (isns.get(key) ?? new Set()).add(isn >>> 0));
    for (const { pdu, bytes } of tcp) {
      if (pdu.sender < 0) continue; // a port that nobody listens on counts from zero
      add(`${pdu.flow}/${pdu.direction}`, u32(bytes, 24) - pdu.body.seq);
      if (pdu.flags & 16) add(`${pdu.flow}/${1 - pdu.direction}`, u32(bytes, 28) - pdu.body.ack);
    }
    expect([...isns.values()].every((s) => s.size === 1)).toBe(true);
    expect(new Set([...isns.values()].flatMap((s) => [...s])).size, 'no two alike').toBe(isns.size);
  });
  it('the same bytes of a stream are the same whenever they are sent', () => {
    const streams = new Map<string, number>();
    for (const { pdu, bytes } of tcp) {
      const data = bytes.subarray(bytes.length - pdu.payload);
      data.forEach((byte, i) => {
        const key = `${pdu.flow}/${pdu.direction}/${pdu.streamStart + i}`;
        if ((streams.get(key) ?? byte) !== byte) expect.unreachable(key);
        streams.set(key, byte);
      });
    }
  });
  it('DNS messages read back', () => {
    for (const { pdu, bytes } of all.filter(({ pdu }) => pdu.protocol === IP_UDP)) {
      const { message } = pdu.body as { message: Message };
      if (message.protocol !== 'dns') continue;
      expect(decodeDns(bytes.subarray(28))).toEqual(message.body);
    }
  });
});

it('a RST from a port that nobody listens on has sequence number 0 and acknowledges the SYN', async () => {
  const trace = traceOf(await firstVisit((s) => void (s.faults = [{ do: 'refuse-connections', host: 'edge' }])));
  const [syn, rst] = ['SYN', 'RST'].map((name) => packetBytes(trace, trace.pdus.find((p) => p.name === name)!.id)) as [Uint8Array, Uint8Array];
  expect([u32(rst, 24), u32(rst, 28)]).toEqual([0, (u32(syn, 24) + 1) >>> 0]);
});
it('another seed gives other sequence numbers, shares and tickets; the same seed the same bytes', async () => {
  const [a, again, other] = await Promise.all([{}, {}, { seed: 9 }].map((extra) => firstVisit((s) => void Object.assign(s, extra))));
  const hello = (run: typeof a): string => {
    const trace = traceOf(run!);
    return Buffer.from(packetBytes(trace, trace.pdus.find((p) => p.name === 'data')!.id)).toString('hex');
  };
  expect(hello(a)).toBe(hello(again));
  expect(hello(a).slice(48, 56)).not.toBe(hello(other).slice(48, 56));
  expect(hello(a).slice(-64)).not.toBe(hello(other).slice(-64));
  expect(wireOf(traceOf(a!)).keyLog()).not.toBe(wireOf(traceOf(other!)).keyLog());
});

const NAME = `${'a'.repeat(60)}.example`;
it.each<[string, TlsPairOptions, keys: number]>([
  ['a client without TLS', { plainClient: true }, 0],
  ['a server without TLS', { plainServer: true }, 0],
  ['no version in common', { serverTls: { version: '1.3', versionMin: '1.3' }, clientTls: { version: '1.2' } }, 0],
  ['no protocol in common', { client: { alpn: ['h2'] }, server: { alpn: ['http/1.1'] } }, 0],
  ['a certificate that has expired, in 1.2', { serverTls: { version: '1.2' }, server: { certificate: { expired: true } } }, 1],
  ['an unknown authority that nobody minds', { server: { certificate: { issuerKnown: false } }, client: { verify: 'none' } }, 5],
  ['small records', { serverTls: { recordBytes: 512 }, responseBytes: 5000 }, 5],
  ['four tickets', { serverTls: { tickets: 4 } }, 5],
  ['a long name', { client: { serverName: NAME }, server: { certificate: { names: [NAME] } } }, 5],
  ['a server that closes', { serverCloses: true }, 5],
])('TLS with %s: every packet has its length and can be taken apart', (_, options, keys) => {
  const { trace } = tlsPair(options);
  for (const pdu of trace.pdus) expect(dissect(trace, pdu.id).bytes).toHaveLength(pdu.bytes);
  expect(wireOf(trace).keyLog().split('\n').length - 1).toBe(keys);
});
