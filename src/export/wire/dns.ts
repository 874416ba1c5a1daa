/** A DNS message taken apart from its bytes (RFC 1035 §4, name compression §4.1.4, EDNS RFC 6891 §6.1). */
import { en } from '../../explain';
import type { DissectionNode } from '../../model/dissection';
import { RCODES, RR_TYPES } from '../../protocols/dns/codec';
import { SVC_ALPN } from '../../protocols/dns/svcb';
import { hexNumber, Scan } from './scan';

const words = en.wire.dns;
const TYPES = new Map<number, string>(Object.entries(RR_TYPES).map(([name, code]) => [code, name]));
const POINTER = 0xc0;
const MOST_LABELS = 128;

/** The name at `at`, and where it ends in place. */
function nameAt(bytes: Uint8Array, at: number): { readonly name: string; readonly end: number; readonly compressed: boolean } {
  const labels: string[] = [];
  let end = -1;
  for (let i = 0; i < MOST_LABELS; i++) {
    const length = bytes[at] ?? 0;
    if (length >= POINTER) {
      if (end < 0) end = at + 2;
      at = ((length & 0x3f) << 8) | (bytes[at + 1] ?? 0);
    } else if (length === 0) break;
    else {
      labels.push(String.fromCharCode(...bytes.subarray(at + 1, at + 1 + length)));
      at += 1 + length;
    }
  }
  return { name: labels.length > 0 ? labels.join('.') : '.', end: end < 0 ? at + 1 : end, compressed: end >= 0 };
}
function name(scan: Scan, label: string, spec: string): string {
  const read = nameAt(scan.bytes, scan.at);
  scan.field(label, read.end - scan.at, { spec, value: read.name, meaning: read.compressed ? words.compressed : '' });
  return read.name;
}
const type = (scan: Scan, label: string): number => scan.number(label, 2, { spec: 'RFC 1035 §3.2.2', value: (n) => TYPES.get(n) ?? String(n), meaning: (n) => words.types[TYPES.get(n) ?? ''] ?? '' });

export function dissectDns(bytes: Uint8Array): DissectionNode {
  const scan = new Scan(bytes, 'names');
  const header = 'RFC 1035 §4.1.1';
  scan.number('ID', 2, { spec: header, value: (n) => hexNumber(n, 4), meaning: words.id });
  const high = bytes[2]!, low = bytes[3]!;
  const bit = (label: string, byte: number, place: number, meaning: string, spec = header): void => {
    const value = (bytes[byte]! >> (7 - place)) & 1;
    scan.bits(label, byte, 1, String(place), String(value), { spec, meaning: value ? meaning : '' });
  };
  const response = high >= 128;
  scan.bits('QR', 2, 1, '0', String(high >> 7), { spec: header, meaning: response ? words.response : words.query });
  scan.bits('OPCODE', 2, 1, '1–4', String((high >> 3) & 15), { spec: header, meaning: words.standard });
  bit('AA', 2, 5, words.aa);
  bit('TC', 2, 6, words.tc);
  bit('RD', 2, 7, words.rd);
  bit('RA', 3, 0, words.ra);
  bit('Z', 3, 1, '');
  bit('AD', 3, 2, '', 'RFC 4035 §3.2.3');
  bit('CD', 3, 3, '', 'RFC 4035 §3.2.2');
  scan.bits('RCODE', 3, 1, '4–7', RCODES[low & 15] ?? String(low & 15), { spec: header, meaning: response ? (words.rcodes[RCODES[low & 15] ?? ''] ?? '') : '' });
  scan.at = 4;
  const counts = ['QDCOUNT', 'ANCOUNT', 'NSCOUNT', 'ARCOUNT'].map((label) => scan.number(label, 2, { spec: header }));
  for (let i = 0; i < counts[0]!; i++) {
    const asked = nameAt(bytes, scan.at);
    scan.group('Question', asked.end - scan.at + 4, { spec: 'RFC 1035 §4.1.2', value: `${asked.name} ${TYPES.get((bytes[asked.end]! << 8) | bytes[asked.end + 1]!) ?? ''}` }, (inner) => {
      name(inner, 'QNAME', 'RFC 1035 §4.1.2');
      type(inner, 'QTYPE');
      inner.number('QCLASS', 2, { spec: 'RFC 1035 §3.2.4', value: 'IN' });
    });
  }
  ['Answer', 'Authority', 'Additional'].forEach((section, i) => {
    for (let n = 0; n < counts[i + 1]!; n++) record(scan, section);
  });
  return scan.whole('Domain Name System', { spec: 'RFC 1035 §4', value: response ? words.response : words.query });
}
function record(scan: Scan, section: string): void {
  const owner = nameAt(scan.bytes, scan.at);
  const code = (scan.bytes[owner.end]! << 8) | scan.bytes[owner.end + 1]!;
  const length = (scan.bytes[owner.end + 8]! << 8) | scan.bytes[owner.end + 9]!;
  const spec = 'RFC 1035 §4.1.3';
  scan.group(section, owner.end - scan.at + 10 + length, { spec, value: `${owner.name} ${TYPES.get(code) ?? code}` }, (inner) => {
    name(inner, 'NAME', spec);
    type(inner, 'TYPE');
    if (code === RR_TYPES.OPT) {
      inner.number('UDP payload size', 2, { spec: 'RFC 6891 §6.1.2', meaning: words.ednsSize });
      inner.number('Extended RCODE', 1, { spec: 'RFC 6891 §6.1.3' });
      inner.number('VERSION', 1, { spec: 'RFC 6891 §6.1.3' });
      inner.number('DO and Z', 2, { spec: 'RFC 6891 §6.1.4' });
    } else {
      inner.number('CLASS', 2, { spec: 'RFC 1035 §3.2.4', value: 'IN' });
      inner.number('TTL', 4, { spec, meaning: (n) => words.ttl(n) });
    }
    inner.number('RDLENGTH', 2, { spec });
    data(inner, code, length);
  });
}
function data(scan: Scan, code: number, length: number): void {
  const end = scan.at + length;
  if (code === RR_TYPES.A) scan.field('ADDRESS', 4, { spec: 'RFC 1035 §3.4.1', value: Array.from(scan.bytes.subarray(scan.at, end)).join('.') });
  else if (code === RR_TYPES.AAAA) {
    const groups = Array.from({ length: 8 }, (_, i) => ((scan.bytes[scan.at + 2 * i]! << 8) | scan.bytes[scan.at + 2 * i + 1]!).toString(16));
    scan.field('ADDRESS', 16, { spec: 'RFC 3596 §2.2', value: groups.join(':') });
  } else if (code === RR_TYPES.NS) name(scan, 'NSDNAME', 'RFC 1035 §3.3.11');
  else if (code === RR_TYPES.CNAME) name(scan, 'CNAME', 'RFC 1035 §3.3.1');
  else if (code === RR_TYPES.SOA) {
    const spec = 'RFC 1035 §3.3.13';
    name(scan, 'MNAME', spec);
    name(scan, 'RNAME', spec);
    for (const label of ['SERIAL', 'REFRESH', 'RETRY', 'EXPIRE']) scan.number(label, 4, { spec });
    scan.number('MINIMUM', 4, { spec: 'RFC 2308 §4', meaning: words.negativeTtl });
  }
  else if (code === RR_TYPES.HTTPS) {
    scan.number('SvcPriority', 2, { spec: 'RFC 9460 §2.4.1' });
    name(scan, 'TargetName', 'RFC 9460 §2.5');
    while (scan.at + 4 <= end) {
      const key = scan.number('SvcParamKey', 2, { spec: 'RFC 9460 §14.3.2', value: (n) => (n === SVC_ALPN ? 'alpn' : `key${n}`), meaning: (n) => (n === SVC_ALPN ? words.alpn : '') });
      const bytes = scan.number('SvcParamValue length', 2, { spec: 'RFC 9460 §2.2' }), until = scan.at + bytes;
      while (key === SVC_ALPN && scan.at < until) {
        scan.number('alpn-id length', 1, { spec: 'RFC 9460 §7.1.1' });
        scan.text('alpn-id', scan.bytes[scan.at - 1]!, { spec: 'RFC 9460 §7.1.1' });
      }
      if (scan.at < until) scan.field('SvcParamValue', until - scan.at, { spec: 'RFC 9460 §2.2' });
    }
  }
  if (scan.at < end) scan.field('RDATA', end - scan.at, { spec: 'RFC 1035 §4.1.3' });
}
