/** Captures: block structure, order, keys, comments; and, where tshark is installed, what it finds in them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pcapng } from '../../src/export/pcapng';
import type { ExportRun } from '../../src/export/exporter';
import { packetBytes, wireOf } from '../../src/export/wire';
import { Fate } from '../../src/model/pdu';
import type { DatagramBody } from '../../src/model/quic/packet';
import type { Trace } from '../../src/model/trace';
import { hasTshark } from '../support/tshark.mjs';
import { everyRun, firstVisit, input, traceOf } from './runs';

interface Block {
  readonly type: number;
  readonly body: DataView;
}
interface Packet {
  readonly interface: number;
  readonly ns: bigint;
  readonly bytes: Uint8Array;
  readonly comments: readonly string[];
  readonly way: number;
}
function blocksOf(file: Uint8Array): Block[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const blocks: Block[] = [];
  for (let at = 0; at < file.length; ) {
    const length = view.getUint32(at + 4, true);
    expect(length % 4).toBe(0);
    expect(view.getUint32(at + length - 4, true), 'both lengths agree').toBe(length);
    blocks.push({ type: view.getUint32(at, true), body: new DataView(file.buffer, file.byteOffset + at + 8, length - 12) });
    at += length;
  }
  return blocks;
}
const raw = (v: DataView, at: number, length: number): Uint8Array => new Uint8Array(v.buffer, v.byteOffset + at, length);
function options(v: DataView, from: number): [number, Uint8Array][] {
  const list: [number, Uint8Array][] = [];
  for (let at = from; at + 4 <= v.byteLength; ) {
    const code = v.getUint16(at, true), length = v.getUint16(at + 2, true);
    if (code === 0) break;
    list.push([code, raw(v, at + 4, length)]);
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  return list;
}
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
function packetsOf(file: Uint8Array): Packet[] {
  return blocksOf(file).filter((b) => b.type === 6).map(({ body }) => {
    const length = body.getUint32(12, true);
    const told = options(body, 20 + length + ((4 - (length % 4)) % 4));
    return {
      interface: body.getUint32(0, true), ns: (BigInt(body.getUint32(4, true)) << 32n) + BigInt(body.getUint32(8, true)), bytes: raw(body, 20, length),
      comments: told.filter(([c]) => c === 1).map(([, v]) => text(v)), way: told.find(([c]) => c === 2)?.[1][0] ?? 0,
    };
  });
}
const capture = (run: ExportRun, at?: string): Uint8Array => pcapng(input([run], at)) as Uint8Array;
const runs = await everyRun();
const main = runs.find((r) => r.name === 'first-visit main')!.run;

describe.each(runs)('$name', ({ run }) => {
  const trace = traceOf(run);
  const file = capture(run);
  const packets = packetsOf(file);

  it('is a section with one interface in nanoseconds, the keys before the packets', () => {
    const blocks = blocksOf(file);
    expect(blocks[0]!.type).toBe(0x0a0d0d0a);
    expect(blocks[0]!.body.getUint32(0, true)).toBe(0x1a2b3c4d);
    expect([blocks[1]!.type, blocks[1]!.body.getUint16(0, true)]).toEqual([1, 101]);
    expect(options(blocks[1]!.body, 8).map(([c, v]) => (c === 9 ? v[0] : text(v)))).toEqual(['browser', 9]);
    const keys = wireOf(trace).keyLog();
    const secrets = blocks.filter((b) => b.type === 10);
    expect(secrets.map(({ body }) => [body.getUint32(0, true), text(raw(body, 8, body.getUint32(4, true)))])).toEqual(keys === '' ? [] : [[0x544c534b, keys]]);
    if (secrets[0]) expect(blocks.indexOf(secrets[0])).toBeLessThan(blocks.findIndex((b) => b.type === 6));
  });
  it('shows what a sniffer at the client sees: all that it sent, what arrived, in order of time', () => {
    const host = trace.hosts.findIndex((h) => h.name === 'browser');
    const sent = trace.pdus.filter((p) => p.from === host).length, arrived = trace.pdus.filter((p) => p.to === host && p.fate === Fate.delivered).length;
    expect([packets.filter((p) => p.way === 2).length, packets.filter((p) => p.way === 1).length]).toEqual([sent, arrived]);
    expect(packets.every((p, i) => i === 0 || p.ns >= packets[i - 1]!.ns)).toBe(true);
    expect(packets[0]!.ns - BigInt(input([run]).options.epochMs) * 1_000_000n).toBe(BigInt(Math.min(...trace.pdus.filter((p) => p.from === host).map((p) => p.sentAt))));
  });
});

describe('a capture', () => {
  it('at another host shows its traffic; at the links everything once, by link', () => {
    const trace = traceOf(main);
    expect(packetsOf(capture(main, 'auth'))).toHaveLength(4);
    const all = packetsOf(capture(main, 'links'));
    expect(all).toHaveLength(trace.pdus.length);
    expect(all.filter((p) => p.interface === 0)).toHaveLength(trace.pdus.filter((p) => p.link === 0).length);
    expect(blocksOf(capture(main, 'links')).filter((b) => b.type === 1)).toHaveLength(trace.links.length);
  });
  it('says which packets a fault met, where it saw them leave', async () => {
    const run = await firstVisit((s) => void (s.faults = [{ do: 'drop', where: { select: 'ClientHello' } }]));
    const said = packetsOf(capture(run)).filter((p) => p.comments.length > 0).map((p) => p.comments);
    expect(said).toEqual([['Roundtrip: fault 1 (drop) met this packet', expect.stringContaining('dropped on the link client')]]);
  });
  it('shows a damaged packet damaged, a copied one twice', async () => {
    const run = await firstVisit((s) => void (s.faults = [{ do: 'corrupt', where: { select: 'Certificate' } }, { do: 'duplicate', where: { select: 'SYN-ACK' } }]));
    const trace = traceOf(run);
    const packets = packetsOf(capture(run));
    const damaged = packets.find((p) => p.comments.some((c) => c.includes('damaged')))!;
    const whole = packetBytes(trace, trace.pdus.find((p) => p.fate === Fate.corrupted)!.id);
    expect([...damaged.bytes].filter((b, i) => b !== whole[i])).toHaveLength(1);
    const copies = packets.filter((p) => p.bytes[33] === 18);
    expect(copies).toHaveLength(2);
    expect(copies[0]!.bytes).toEqual(copies[1]!.bytes);
    expect(copies.flatMap((p) => p.comments)).toContain('Roundtrip: a copy made on the way');
  });
});

const tshark = hasTshark();
const scratch = mkdtempSync(join(tmpdir(), 'roundtrip-pcap-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
/** What is true of the run, not of the file: resets, holes where packets were lost, closed windows, HTTP on the port of HTTPS, a ClientHello on the port of HTTP. */
const TRUE_WARNINGS = /^(Connection reset|Previous segment|This frame is a \(suspected\) out-of-order|Unencrypted HTTP|D-SACK|TCP Zero Window|TCP window specified by the receiver is now completely full|Trailing stray characters|Illegal characters found in header name)/;

/** A client whose hello takes two datagrams gets a Retry for each and drops the second (RFC 9000 §17.2.5.2); tshark takes its keys from it, and finds its tag wrong. */
const SECOND_RETRY = /^(Retry Integrity Tag verification failure|Failed to create decryption context|Decryption failed)/;
const datagramsOf = (trace: Trace): { readonly direction: number; readonly body: DatagramBody }[] =>
  trace.pdus.flatMap((p) => {
    const body = (p.body as { message?: { body?: Partial<DatagramBody> } } | null)?.message?.body;
    return body?.packets || body?.bare ? [{ direction: p.direction, body: body as DatagramBody }] : [];
  });
/** HEADERS of HTTP/3 that are not carried whole in one STREAM frame: cut over two packets, or said again. */
function oddHeads(trace: Trace): number {
  const frames = datagramsOf(trace).flatMap(({ direction, body }) => (body.packets ?? []).flatMap((p) => p.frames.flatMap((f) => (f.type === 'STREAM' ? [{ ...f, direction }] : []))));
  const streams = trace.flows.flatMap((f) => (f.protocol.startsWith('quic-stream-') ? [{ id: Number(f.protocol.slice('quic-stream-'.length)), content: f.content }] : []));
  return streams.reduce((sum, { id, content }) => sum + ([0, 1] as const).reduce<number>((n, direction) => {
    const mine = frames.filter((f) => f.stream === id && f.direction === direction);
    return n + content[direction].messages.filter((m) => m.name === 'HEADERS' && mine.filter((f) => f.offset <= m.start && f.offset + f.length >= m.end).length !== 1).length;
  }, 0), 0);
}
/** Every scenario in the long run; one of each kind else, because each takes seconds. */
const dissected = process.env.ROUNDTRIP_LONG ? runs : runs.filter(({ name }) => /^(whole-chain|lost-packet|tls-1.2-or-1.3|proxy-timeouts|multiplexing|HTTP\/3)/.test(name));
describe.skipIf(!tshark).each(dissected)('tshark reads $name', ({ run }) => {
  const file = join(scratch, `${runs.findIndex((r) => r.run === run)}.pcapng`);
  const ask = (...fields: string[]): string[][] => {
    const checks = ['ip.check_checksum', 'tcp.check_checksum', 'udp.check_checksum', 'tcp.reassemble_out_of_order'].flatMap((p) => ['-o', `${p}:TRUE`]);
    const out = execFileSync('tshark', ['-n', '-2', ...checks, '-r', file, '-T', 'fields', '-E', 'aggregator=|', ...fields.flatMap((f) => ['-e', f])], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return out.split('\n').filter(Boolean).map((l) => l.split('\t'));
  };
  it('without faults of form, and decrypts it', () => {
    writeFileSync(file, capture(run));
    const rows = ask('_ws.malformed', '_ws.expert.severity', '_ws.expert.message', 'ip.checksum.status', 'tcp.checksum.status', 'udp.checksum.status', 'http.response.code', 'dns.a', 'http3.frame_type', 'quic.decryption_failed', 'http2.headers.status');
    const list = (column: number): string[] => rows.flatMap((r) => (r[column] ?? '').split('|')).filter(Boolean);
    expect(list(0)).toEqual([]);
    expect(new Set([...list(3), ...list(4), ...list(5)])).toEqual(new Set(['1']));
    const warned = rows.flatMap((r) => (r[1] ?? '').split('|').flatMap((s, i) => (Number(s) >= 6291456 ? [(r[2] ?? '').split('|')[i]!] : [])));
    const retries = datagramsOf(traceOf(run)).filter((d) => d.body.bare?.bare === 'Retry').length;
    expect(warned.filter((w) => !TRUE_WARNINGS.test(w) && !(retries > 1 && SECOND_RETRY.test(w)))).toEqual([]);
    const answered = traceOf(run).requests.filter((r) => r.status !== null && !r.fromCache && r.protocol !== 'h3').map((r) => String(r.status));
    // a server of HTTP answers what is not HTTP, and the client does not take that for an answer
    const { flows } = traceOf(run);
    const unasked = flows.filter((f) => f.content[0].messages[0]?.protocol === 'tls').flatMap((f) => f.content[1].messages.filter((m) => m.protocol === 'http' && (m.body as { response?: unknown }).response !== undefined).map((m) => m.name));
    // HTTP/3: this tshark tells frames, no fields; behind a loss it may leave some out, and of one that is cut over two packets or said again it tells none or two
    const h3 = traceOf(run).requests.filter((r) => r.protocol === 'h3').length, heads = list(8).filter((type) => type === '1').length;
    if (retries < 2) expect(list(9)).toEqual([]);
    if (h3 > 0 && traceOf(run).pdus.every((p) => p.fate === Fate.delivered)) expect(Math.abs(heads - 2 * h3)).toBeLessThanOrEqual(oddHeads(traceOf(run)));
    else if (h3 > 0) expect(heads).toBeGreaterThan(h3);
    expect([...list(6), ...list(10)].sort()).toEqual([...answered, ...unasked].sort());
    const asked = traceOf(run).pdus.filter((p) => p.srcPort === 53 && p.to === traceOf(run).hosts.findIndex((h) => h.name === 'browser')).length;
    expect(list(7)).toEqual(asked > 0 ? ['203.0.113.7'] : []);
  });
});
