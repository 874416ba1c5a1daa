/** Dissections: nodes lie where they say, cover the packet, and say what the bytes say. */
import { describe, expect, it } from 'vitest';
import { dissect, packetBytes } from '../../src/export/wire';
import type { Dissection, DissectionNode } from '../../src/model/dissection';
import type { PduRow } from '../../src/model/pdu';
import type { Trace } from '../../src/model/trace';
import { everyRun, traceOf } from './runs';

const runs = await everyRun();
const named = (name: string): Trace => traceOf(runs.find((r) => r.name === name)!.run);

const flat = (nodes: readonly DissectionNode[]): DissectionNode[] => nodes.flatMap((n) => [n, ...flat(n.children)]);
const find = (d: Dissection, ...path: string[]): DissectionNode => {
  let nodes = d.nodes;
  let found: DissectionNode | undefined;
  for (const name of path) {
    found = flat(nodes).find((n) => n.name === name);
    if (!found) throw new Error(`no ${name} among ${flat(nodes).map((n) => n.name).join(', ')}`);
    nodes = found.children;
  }
  return found!;
};
const carrying = (trace: Trace, name: string): PduRow => {
  const message = trace.messages.find((m) => m.protocol === 'tls' && m.name === name)!;
  return trace.pdus.find((p) => p.flow === message.flow && p.direction === message.direction && p.payload > 0 && p.streamStart < message.end && p.streamStart + p.payload >= message.end)!;
};
const opened = (trace: Trace, name: string): Dissection => dissect(trace, carrying(trace, name).id);

/** The first packets of a run, where all kinds of them are, and each fifth of the many alike behind; all of them in a long search. */
const FIRST = 150;
const looked = (pdus: readonly PduRow[]): PduRow[] => pdus.filter((_, i) => i < FIRST || i % 5 === 0 || process.env.ROUNDTRIP_LONG === '1');
describe.each(runs)('$name', ({ run }) => {
  const trace = traceOf(run);
  const all = looked(trace.pdus).map((pdu) => ({ pdu, d: dissect(trace, pdu.id) }));

  it('holds the packet’s bytes', () => {
    expect(all.filter(({ pdu, d }) => Buffer.compare(d.bytes, packetBytes(trace, pdu.id)) !== 0).map(({ pdu }) => pdu.id)).toEqual([]);
  });
  it('every node lies in its buffer and inside its parent, in order', () => {
    const wrong: string[] = [];
    const check = (nodes: readonly DissectionNode[], parent: DissectionNode | null, d: Dissection, id: number): void => {
      let last = -1, lastEnd = 0, buffer = -2;
      for (const n of nodes) {
        const size = n.buffer < 0 ? d.bytes.length : (d.plain[n.buffer]?.length ?? -1);
        if (n.start < 0 || n.end > size || n.start > n.end) wrong.push(`${id} ${n.name} ${n.start}–${n.end} of ${size}`);
        if (parent && parent.buffer === n.buffer && (n.start < parent.start || n.end > parent.end)) wrong.push(`${id} ${n.name} outside ${parent.name}`);
        if (n.buffer === buffer && n.start < last) wrong.push(`${id} ${n.name} before its elder`);
        if (n.buffer === buffer && n.bits === '' && n.start < lastEnd) wrong.push(`${id} ${n.name} overlaps its elder`);
        [last, buffer] = [n.start, n.buffer];
        if (n.bits === '') lastEnd = n.end;
        check(n.children, n, d, id);
      }
    };
    for (const { pdu, d } of all) check(d.nodes, null, d, pdu.id);
    expect(wrong).toEqual([]);
  });
  it('every byte of the packet is told by some leaf, but for separators', () => {
    for (const { pdu, d } of all) {
      const told = new Uint8Array(d.bytes.length);
      for (const n of flat(d.nodes)) if (n.buffer < 0 && (n.children.length === 0 || n.children.every((c) => c.buffer >= 0))) told.fill(1, n.start, n.end);
      const untold: number[] = [];
      told.forEach((t, i) => !t && untold.push(d.bytes[i]!));
      // spaces and line ends of HTTP, and the tag and length in front of parts of a certificate
      if (!flat(d.nodes).some((n) => n.name.startsWith('Certificate ('))) expect(untold.filter((b) => ![0x20, 0x0d, 0x0a].includes(b)), `packet ${pdu.id} ${pdu.name}`).toEqual([]);
    }
  });
  it('top nodes are IP, transport, then what is carried; each says where it is defined', () => {
    for (const { pdu, d } of all) {
      expect(d.nodes[0]!.name).toBe('Internet Protocol');
      expect(d.nodes[1]!.name).toBe({ 1: 'Internet Control Message Protocol', 6: 'Transmission Control Protocol', 17: 'User Datagram Protocol' }[pdu.protocol]);
      expect(d.nodes.length > 2).toBe(pdu.payload > 0);
      expect(flat(d.nodes).filter((n) => n.spec === '').map((n) => n.name)).toEqual([]);
    }
  });
});

describe('fields', () => {
  const trace = named('first-visit main');
  it('of a SYN: options as Linux sends them, relative number beside the absolute one', () => {
    const d = dissect(trace, trace.pdus.find((p) => p.name === 'SYN')!.id);
    expect(find(d, 'Maximum Segment Size', 'Maximum Segment Size').value).toBe('1460');
    expect(find(d, 'Window Scale', 'shift.cnt').value).toBe('7');
    expect(find(d, 'SYN')).toMatchObject({ value: '1', bits: '6', start: 33, end: 34 });
    expect(find(d, 'ACK').value).toBe('0');
    const sequence = find(d, 'Sequence Number');
    expect(Number(sequence.value)).toBe(new DataView(d.bytes.buffer).getUint32(24));
    expect(sequence.meaning).toContain('0 counted from the SYN');
  });
  it('of a ClientHello: what the client offers', () => {
    const d = opened(trace, 'ClientHello');
    expect(find(d, 'server_name', 'HostName').value).toBe('shop.example');
    expect(find(d, 'supported_versions', 'version').value).toBe('TLS 1.3');
    expect(find(d, 'key_share', 'group').value).toBe('x25519');
    expect(find(d, 'application_layer_protocol_negotiation', 'ProtocolName').value).toBe('http/1.1');
    expect(flat(find(d, 'cipher_suites').children).map((n) => n.value).filter((v) => v.startsWith('0x'))).toEqual([]);
  });
  it('of encrypted messages: opened, with the true type behind', () => {
    const d = opened(trace, 'Certificate');
    expect(find(d, 'EncryptedExtensions').buffer).toBeGreaterThanOrEqual(0);
    const leaf = find(d, 'Certificate (leaf)');
    expect(find({ ...d, nodes: leaf.children }, 'issuer').value).toBe('Example Trust TLS Intermediate CA');
    expect(find({ ...d, nodes: leaf.children }, 'subject').value).toBe('shop.example');
    expect(find({ ...d, nodes: leaf.children }, 'notAfter').value).toBe('351231235959Z');
    const types = flat(d.nodes).filter((n) => n.name === 'type' && n.buffer >= 0);
    expect(types.every((n) => n.value === 'handshake (22)')).toBe(true);
  });
  it('of a request inside TLS, at its place in the opened record', () => {
    const pdu = trace.pdus.find((p) => p.direction === 0 && dissect(trace, p.id).nodes.some((n) => flat([n]).some((m) => m.name === 'Request line')))!;
    const d = dissect(trace, pdu.id);
    const line = find(d, 'Request line');
    expect(Buffer.from(d.plain[line.buffer]!.subarray(line.start, line.end)).toString()).toBe('GET /orders/42 HTTP/1.1\r\n');
    expect(find(d, 'Host').value).toBe('shop.example');
  });
  it('of TLS 1.2: its own names, the explicit nonce, the group', () => {
    const old = named('TLS 1.2 with P-256');
    const exchange = opened(old, 'ServerKeyExchange');
    expect(find(exchange, 'ServerKeyExchange', 'namedcurve').value).toBe('secp256r1');
    expect(find(opened(old, 'ServerHello'), 'server_version').value).toBe('TLS 1.2');
    expect(find(opened(old, 'Finished'), 'nonce_explicit').value).toBe('0000000000000000');
  });
  it('of a HelloRetryRequest: the group it asks for', () => {
    expect(find(opened(named('a second hello for P-256'), 'HelloRetryRequest'), 'key_share', 'selected_group').value).toBe('secp256r1');
  });
  it('of RSA: says that the signature is none', () => {
    expect(find(opened(named('curl and RSA'), 'CertificateVerify'), 'CertificateVerify', 'signature').meaning).toContain('right length');
  });
  it('of a piece: says which part of the message it is', () => {
    const big = trace.pdus.find((p) => p.direction === 1 && p.payload === 1448 && dissect(trace, p.id).nodes.some((n) => /bytes \d+ to \d+ of 16406/.test(n.meaning)));
    expect(big).toBeDefined();
  });
  it('of SACK blocks: absolute numbers of the data that arrived', () => {
    const lossy = named('lost-packet main');
    const withSack = lossy.pdus.map((p) => ({ p, d: dissect(lossy, p.id) })).find(({ d }) => flat(d.nodes).some((n) => n.name === 'Left Edge'))!;
    const blocks = (withSack.p.body as { sack: readonly number[]; ack: number });
    const isn = Number(find(withSack.d, 'Acknowledgment Number').value) - blocks.ack;
    expect(Number(find(withSack.d, 'Left Edge').value)).toBe((blocks.sack[0]! + isn) >>> 0);
  });
});
