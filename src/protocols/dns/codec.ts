/** DNS messages on the wire (RFC 1035 §4.1, name compression §4.1.4, EDNS RFC 6891): encode and decode. */
import { addressBytes } from '../../model/ip';
import { bindingBytes, bindingOf } from './svcb';

/** Longest message over UDP when the asker does not say otherwise by EDNS (RFC 1035 §4.2.1, RFC 6891 §6.2.5). */
export const UDP_MESSAGE_MAX = 512;
export const RR_TYPES = { A: 1, NS: 2, CNAME: 5, SOA: 6, AAAA: 28, OPT: 41, HTTPS: 65 } as const;
export type RrType = keyof typeof RR_TYPES;
export const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const;
export type Rcode = (typeof RCODES)[number];

/** A resource record; `data` is an address, a name, for SOA the negative TTL, for HTTPS what RFC 9460 §2.1 writes. */
export interface Record_ {
  readonly name: string;
  readonly type: RrType;
  readonly ttl: number;
  readonly data: string;
}
export interface DnsMessage {
  readonly id: number;
  readonly response: boolean;
  readonly authoritative: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  readonly rcode: Rcode;
  readonly question: { readonly name: string; readonly type: RrType };
  readonly answers: readonly Record_[];
  readonly authority: readonly Record_[];
  readonly additional: readonly Record_[];
  /** Advertised UDP size, or 0 without an OPT record. */
  readonly edns: number;
}

/** Encodes with compression of every repeated suffix. */
export function encodeDns(m: DnsMessage): Uint8Array {
  const out: number[] = [];
  const suffixes = new Map<string, number>();
  const u16 = (v: number): void => void out.push((v >> 8) & 255, v & 255);
  const u32 = (v: number): void => {
    u16(Math.floor(v / 65536));
    u16(v & 0xffff);
  };
  const name = (text: string): void => {
    let rest = text === '.' ? '' : text.replace(/\.$/, '').toLowerCase();
    while (rest !== '') {
      const at = suffixes.get(rest);
      if (at !== undefined) return u16(0xc000 | at);
      if (out.length < 0x4000) suffixes.set(rest, out.length);
      const dot = rest.indexOf('.');
      const label = dot < 0 ? rest : rest.slice(0, dot);
      out.push(label.length, ...[...label].map((c) => c.charCodeAt(0)));
      rest = dot < 0 ? '' : rest.slice(dot + 1);
    }
    out.push(0);
  };
  const record = (r: Record_): void => {
    name(r.name);
    u16(RR_TYPES[r.type]);
    u16(1);
    u32(r.ttl);
    const lengthAt = out.length;
    u16(0);
    if (r.type === 'A') out.push(...addressBytes(r.data));
    else if (r.type === 'AAAA') out.push(...ipv6Bytes(r.data));
    else if (r.type === 'HTTPS') out.push(...bindingBytes(r.data));
    else if (r.type === 'SOA') {
      name(`ns1.${r.name}`);
      name(`hostmaster.${r.name}`);
      for (const v of [1, 7200, 3600, 1209600, Number(r.data)]) u32(v);
    } else name(r.data);
    const length = out.length - lengthAt - 2;
    out[lengthAt] = length >> 8;
    out[lengthAt + 1] = length & 255;
  };
  u16(m.id);
  u16(
    (m.response ? 0x8000 : 0) | (m.authoritative ? 0x0400 : 0) | (m.recursionDesired ? 0x0100 : 0) | (m.recursionAvailable ? 0x0080 : 0) | RCODES.indexOf(m.rcode),
  );
  u16(1);
  u16(m.answers.length);
  u16(m.authority.length);
  u16(m.additional.length + (m.edns > 0 ? 1 : 0));
  name(m.question.name);
  u16(RR_TYPES[m.question.type]);
  u16(1);
  for (const r of [...m.answers, ...m.authority, ...m.additional]) record(r);
  if (m.edns > 0) {
    out.push(0);
    u16(RR_TYPES.OPT);
    u16(m.edns);
    u32(0);
    u16(0);
  }
  return Uint8Array.from(out);
}

/** Decodes what `encodeDns` writes; throws on a malformed message. */
export function decodeDns(bytes: Uint8Array): DnsMessage {
  let at = 0;
  const u8 = (): number => {
    if (at >= bytes.length) throw new Error('DNS message ends early');
    return bytes[at++]!;
  };
  const u16 = (): number => u8() * 256 + u8();
  const u32 = (): number => u16() * 65536 + u16();
  const name = (): string => {
    const labels: string[] = [];
    let back = -1;
    for (let hops = 0; hops < 64; hops++) {
      const length = u8();
      if (length >= 0xc0) {
        const target = (length & 0x3f) * 256 + u8();
        if (back < 0) back = at;
        at = target;
      } else if (length === 0) {
        if (back >= 0) at = back;
        return labels.length === 0 ? '.' : labels.join('.');
      } else labels.push(String.fromCharCode(...Array.from({ length }, u8)));
    }
    throw new Error('DNS name does not end');
  };
  const typeName = (code: number): RrType => (Object.keys(RR_TYPES) as RrType[]).find((k) => RR_TYPES[k] === code) ?? 'A';
  const id = u16(), flags = u16(), qd = u16(), an = u16(), ns = u16(), ar = u16();
  if (qd !== 1) throw new Error('DNS message without exactly one question');
  const question = { name: name(), type: typeName(u16()) };
  u16();
  let edns = 0;
  const records = (count: number): Record_[] => {
    const list: Record_[] = [];
    for (let i = 0; i < count; i++) {
      const owner = name(), type = typeName(u16()), cls = u16(), ttl = u32(), length = u16(), end = at + length;
      if (type === 'OPT') edns = cls;
      else {
        let data = '';
        if (type === 'A') data = Array.from({ length: 4 }, u8).join('.');
        else if (type === 'AAAA') data = Array.from({ length: 8 }, () => u16().toString(16)).join(':');
        else if (type === 'HTTPS') data = bindingOf(bytes.subarray(at, end));
        else if (type === 'SOA') {
          name();
          name();
          for (let k = 0; k < 4; k++) u32();
          data = String(u32());
        } else data = name();
        list.push({ name: owner, type, ttl, data });
      }
      at = end;
    }
    return list;
  };
  return {
    id, response: (flags & 0x8000) !== 0, authoritative: (flags & 0x0400) !== 0, recursionDesired: (flags & 0x0100) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0, rcode: RCODES[flags & 15] ?? 'SERVFAIL', question, answers: records(an), authority: records(ns),
    additional: records(ar), edns,
  };
}

function ipv6Bytes(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const words = (part: string): number[] => (part === '' ? [] : part.split(':').map((w) => parseInt(w, 16) || 0));
  const first = words(head), last = tail === undefined ? [] : words(tail);
  const all = [...first, ...Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => 0), ...last].slice(0, 8);
  return all.flatMap((w) => [w >> 8, w & 255]);
}
