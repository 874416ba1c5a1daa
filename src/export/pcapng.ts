/**
 * A run as a packet capture: pcapng (draft-ietf-opsawg-pcapng) with raw IP, nanoseconds, the TLS keys inside, and comments on
 * packets that were lost or that a fault met. Law: what the file shows is what a sniffer at that place would have seen.
 */
import { en } from '../explain';
import { Fate, FATE_NAMES, type PduRow } from '../model/pdu';
import type { Trace } from '../model/trace';
import { clientHost, type Exporter } from './exporter';
import { wireOf } from './wire';

const words = en.exporters;
const BLOCK = { section: 0x0a0d0d0a, interface: 1, packet: 6, secrets: 10 } as const;
const OPTION = { end: 0, comment: 1, name: 2, flags: 2, description: 3, application: 4, resolution: 9 } as const;
const BYTE_ORDER = 0x1a2b3c4d;
/** LINKTYPE_RAW: an IP header comes first. */
const RAW_IP = 101;
/** "TLSK": an NSS key log. */
const TLS_KEY_LOG = 0x544c534b;
const NANOSECONDS = 9;
const INBOUND = 1, OUTBOUND = 2;
const utf8 = new TextEncoder();

/** Little-endian bytes with padding to four. */
class Block {
  private readonly parts: number[] = [];
  u16(v: number): this {
    this.parts.push(v & 255, (v >> 8) & 255);
    return this;
  }
  u32(v: number): this {
    return this.u16(v & 0xffff).u16(v >>> 16);
  }
  bytes(v: Uint8Array): this {
    for (const byte of v) this.parts.push(byte);
    while (this.parts.length % 4 !== 0) this.parts.push(0);
    return this;
  }
  option(code: number, value: Uint8Array): this {
    return this.u16(code).u16(value.length).bytes(value);
  }
  text(code: number, value: string): this {
    return value === '' ? this : this.option(code, utf8.encode(value));
  }
  /** With type and both lengths around it. */
  framed(type: number): Uint8Array {
    const length = this.parts.length + 12;
    return Uint8Array.from([...new Block().u32(type).u32(length).parts, ...this.parts, ...new Block().u32(length).parts]);
  }
}
/** A packet as seen at one place. */
export interface Sight {
  readonly pdu: PduRow;
  readonly at: number;
  /** Orders what is seen at one instant. */
  readonly event: number;
  readonly interface: number;
  /** 0 where the place is a link. */
  readonly way: 0 | typeof INBOUND | typeof OUTBOUND;
}

export const pcapng: Exporter = ({ runs, options }) => {
  const { trace } = runs[0]!.index;
  const atLinks = options.at === 'links';
  const host = options.at === undefined || atLinks ? clientHost(trace) : trace.hosts.findIndex((h) => h.name === options.at);
  const sights = atLinks ? inOrder(onLinks(trace)) : sightsAt(trace, host);
  const wire = wireOf(trace);
  const place = atLinks ? words.onLink : words.capture(trace.hosts[host]?.name ?? '');
  const section = new Block().u32(BYTE_ORDER).u16(1).u16(0).u32(0xffffffff).u32(0xffffffff);
  const blocks = [section.text(OPTION.comment, `${trace.title}. ${place}`).text(OPTION.application, 'Roundtrip').option(OPTION.end, new Uint8Array(0)).framed(BLOCK.section)];
  for (const name of atLinks ? trace.links.map((l) => l.name) : [trace.hosts[host]?.name ?? 'host']) {
    blocks.push(new Block().u16(RAW_IP).u16(0).u32(0).text(OPTION.name, name).option(OPTION.resolution, Uint8Array.of(NANOSECONDS)).option(OPTION.end, new Uint8Array(0)).framed(BLOCK.interface));
  }
  const keys = utf8.encode(wire.keyLog());
  if (keys.length > 0) blocks.push(new Block().u32(TLS_KEY_LOG).u32(keys.length).bytes(keys).framed(BLOCK.secrets));
  const epoch = BigInt(options.epochMs) * 1_000_000n;
  for (const sight of sights) blocks.push(packetBlock(trace, sight, epoch, wire.packet(sight.pdu.id, sight.way === INBOUND)));
  return joined(blocks);
};

const inOrder = (sights: Sight[]): Sight[] => sights.sort((a, b) => a.at - b.at || a.event - b.event);
/** What passes a host, in the order of the file: one packet for each. */
export const sightsAt = (trace: Trace, host: number): readonly Sight[] => inOrder(atHost(trace, host));

function atHost(trace: Trace, host: number): Sight[] {
  const sights: Sight[] = [];
  for (const pdu of trace.pdus) {
    if (pdu.from === host && pdu.copyOf < 0) sights.push({ pdu, at: pdu.sentAt, event: pdu.sentEvent, interface: 0, way: OUTBOUND });
    if (pdu.to === host && (pdu.fate === Fate.delivered || pdu.fate === Fate.corrupted)) sights.push({ pdu, at: pdu.fateAt, event: pdu.fateEvent, interface: 0, way: INBOUND });
  }
  return sights;
}
const onLinks = (trace: Trace): Sight[] => trace.pdus.map((pdu) => ({ pdu, at: pdu.sentAt, event: pdu.sentEvent, interface: pdu.link, way: 0 }));

function packetBlock(trace: Trace, { pdu, at, interface: id, way }: Sight, epoch: bigint, bytes: Uint8Array): Uint8Array {
  const damaged = pdu.fate === Fate.corrupted && way === INBOUND;
  const seen = damaged ? turned(bytes) : bytes;
  const ns = epoch + BigInt(Math.round(at));
  const block = new Block().u32(id).u32(Number(ns >> 32n)).u32(Number(ns & 0xffffffffn)).u32(seen.length).u32(seen.length).bytes(seen);
  if (way) block.option(OPTION.flags, Uint8Array.of(way, 0, 0, 0));
  for (const comment of comments(trace, pdu, way)) block.text(OPTION.comment, comment);
  return block.option(OPTION.end, new Uint8Array(0)).framed(BLOCK.packet);
}
/** One bit of the last byte is turned over: the checksum shows it. */
function turned(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[copy.length - 1]! ^= 1;
  return copy;
}
function comments(trace: Trace, pdu: PduRow, way: number): string[] {
  const said: string[] = [];
  const rule = trace.faults[pdu.rule];
  if (rule) said.push(words.fault(pdu.rule, typeof rule.verdict === 'string' ? rule.verdict : rule.verdict.do));
  if (way !== INBOUND && pdu.fate > Fate.delivered) said.push(words.fate(FATE_NAMES[pdu.fate], trace.links[pdu.link]?.name ?? ''));
  if (way === INBOUND && pdu.fate === Fate.corrupted) said.push(words.damaged);
  if (pdu.copyOf >= 0) said.push(words.copy);
  return said;
}
function joined(blocks: readonly Uint8Array[]): Uint8Array {
  const file = new Uint8Array(blocks.reduce((n, b) => n + b.length, 0));
  let at = 0;
  for (const block of blocks) {
    file.set(block, at);
    at += block.length;
  }
  return file;
}
