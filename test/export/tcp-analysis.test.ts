/**
 * Captures before an independent judge, where tshark is installed (`npm run test:long` installs it on Debian, and takes every scenario): nothing
 * malformed at any host, and its TCP analysis finds exactly the retransmissions that a host sent and the gaps that losses left.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pcapng, sightsAt } from '../../src/export/pcapng';
import { Fate, IP_TCP } from '../../src/model/pdu';
import type { Trace } from '../../src/model/trace';
import type { Segment } from '../../src/protocols/tcp/segment';
import { hasTshark } from '../support/tshark.mjs';
import { everyRun, input, traceOf } from './runs';

const LONG = process.env.ROUNDTRIP_LONG === '1';
const folder = mkdtempSync(join(tmpdir(), 'roundtrip-captures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const FIELDS = ['frame.number', '_ws.malformed', '_ws.expert.severity', '_ws.expert.message', 'ip.checksum.status', 'tcp.checksum.status', 'udp.checksum.status',
  'tcp.analysis.retransmission', 'tcp.analysis.fast_retransmission', 'tcp.analysis.spurious_retransmission', 'tcp.analysis.out_of_order', 'tcp.analysis.lost_segment', 'tcp.analysis.keep_alive', 'tcp.analysis.zero_window_probe', 'tcp.analysis.ack_lost_segment', 'tcp.analysis.reused_ports'];
const PREFERENCES = ['ip.check_checksum:TRUE', 'tcp.check_checksum:TRUE', 'udp.check_checksum:TRUE', 'tcp.analyze_sequence_numbers:TRUE', 'tcp.reassemble_out_of_order:TRUE'];
const ERROR = 8388608;

interface Dissected {
  readonly malformed: string[];
  readonly again: Set<number>;
  readonly gaps: Set<number>;
}
function dissect(file: string): Dissected {
  const done = spawnSync('tshark', ['-n', '-2', ...PREFERENCES.flatMap((p) => ['-o', p]), '-r', file, '-T', 'fields', '-E', 'separator=\t', '-E', 'occurrence=a', '-E', 'aggregator=|', ...FIELDS.flatMap((f) => ['-e', f])], { encoding: 'utf8', maxBuffer: 1 << 30 });
  expect(done.status).toBe(0);
  const malformed: string[] = [], again = new Set<number>(), gaps = new Set<number>();
  for (const line of done.stdout.split('\n').filter(Boolean)) {
    const cells = line.split('\t');
    const cell = (name: string): string => cells[FIELDS.indexOf(name)] ?? '';
    const n = Number(cell('frame.number'));
    if (cell('_ws.malformed')) malformed.push(`${n}: malformed`);
    cell('_ws.expert.severity').split('|').forEach((severity, i) => Number(severity) >= ERROR && malformed.push(`${n}: ${cell('_ws.expert.message').split('|')[i]}`));
    for (const layer of ['ip', 'tcp', 'udp']) if (cell(`${layer}.checksum.status`).split('|').includes('0')) malformed.push(`${n}: ${layer} checksum`);
    const probe = cell('tcp.analysis.keep_alive') || cell('tcp.analysis.zero_window_probe');
    if (!probe && ['retransmission', 'fast_retransmission', 'spurious_retransmission', 'out_of_order'].some((f) => cell(`tcp.analysis.${f}`))) again.add(n);
    if (cell('tcp.analysis.lost_segment')) gaps.add(n);
  }
  return { malformed, again, gaps };
}
/** What the run itself says: frames that a host sent again, and arrivals beyond what had come before them. */
function expected(trace: Trace, host: number): { again: Set<number>; gaps: Set<number>; outgoing: Set<number>; damaged: Set<number> } {
  const again = new Set<number>(), gaps = new Set<number>(), outgoing = new Set<number>(), damaged = new Set<number>();
  const highest = new Map<string, number>();
  sightsAt(trace, host).forEach(({ pdu, way }, i) => {
    const n = i + 1, mine = way === 2;
    if (mine) outgoing.add(n);
    if (!mine && pdu.fate === Fate.corrupted) return void damaged.add(n);
    if (pdu.protocol !== IP_TCP) return;
    const FIN = 1, SYN = 2, RST = 4;
    const carries = pdu.payload > 0 || (pdu.flags & (FIN | SYN)) !== 0;
    if (pdu.flags & RST) return;
    if (carries && mine && (pdu.transmission > 1 || pdu.copyOf >= 0)) again.add(n);
    const flow = `${pdu.flow} ${pdu.from}`;
    if (pdu.flags & SYN) return void (highest.has(flow) || highest.set(flow, pdu.payload)); // Fast Open: a SYN may carry data
    // a FIN or a bare acknowledgement shows a gap as well: what is numbered before it has not come
    const from = (pdu.body as Segment).seq - 1, end = from + pdu.payload + (pdu.flags & FIN ? 1 : 0);
    const so = highest.get(flow);
    if (!mine && so !== undefined && from > so) gaps.add(n);
    highest.set(flow, Math.max(so ?? 0, end));
  });
  return { again, gaps, outgoing, damaged };
}

const runs = await everyRun({ load: LONG });
/** Every scenario in the long run; the one with a loss else, because each takes seconds. */
const dissected = LONG ? runs : runs.filter(({ name }) => /^lost-packet/.test(name));

describe.skipIf(!hasTshark()).each(dissected)('tshark analyses $name', ({ name, run }) => {
  it('and finds its losses and retransmissions and no others, at every host', { timeout: 120_000 }, () => {
    const trace = traceOf(run);
    for (const [host, { name: at }] of trace.hosts.entries()) {
      if (sightsAt(trace, host).length === 0) continue;
      const file = join(folder, 'run.pcapng');
      writeFileSync(file, pcapng(input([run], at)) as Uint8Array);
      const found = dissect(file), ours = expected(trace, host);
      const sent = (frames: Set<number>): number[] => [...frames].filter((n) => ours.outgoing.has(n)), came = (frames: Set<number>): number[] => [...frames].filter((n) => !ours.outgoing.has(n));
      expect({ name, at, malformed: found.malformed.filter((m) => !ours.damaged.has(Number(m.split(':')[0]))) }).toEqual({ name, at, malformed: [] });
      expect({ name, at, again: sent(found.again) }).toEqual({ name, at, again: [...ours.again] });
      expect({ name, at, gaps: came(found.gaps) }).toEqual({ name, at, gaps: [...ours.gaps] });
    }
  });
});
