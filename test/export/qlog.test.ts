/** qlog: both versions say the same; what one end logs fits with what the other does; faults are marked. */
import { describe, expect, it } from 'vitest';
import { qlog, qlogCurrent } from '../../src/export/qlog';
import { catalogueRuns, firstVisit, input } from './runs';

interface Frame {
  readonly frame_type: string;
  readonly acked_ranges?: readonly (readonly number[])[];
}
interface Event {
  readonly time: number;
  readonly name: string;
  readonly data: { readonly header?: { readonly packet_type: string; readonly packet_number: number }; readonly frames?: readonly Frame[]; readonly raw?: { readonly length: number }; readonly message?: string };
}
interface Log {
  readonly qlog_version?: string;
  readonly file_schema?: string;
  readonly traces: readonly { readonly error_description?: string; readonly vantage_point: { readonly type: string }; readonly common_fields: { readonly group_id: string }; readonly event_schemas?: readonly string[]; readonly events: readonly Event[] }[];
}
const runs = await catalogueRuns('head-of-line');
const logs: [string, Log][] = [['0.3', JSON.parse(qlog(input(runs)) as string)], ['current', JSON.parse(qlogCurrent(input(runs)) as string)]];
const space = (type: string): string => (type.endsWith('RTT') ? 'app' : type);
const key = (e: Event): string => `${space(e.data.header!.packet_type)} ${e.data.header!.packet_number}`;

describe.each(logs)('version %s', (version, log) => {
  it('has both ends of each connection', () => {
    expect(log.traces.map((t) => t.vantage_point.type)).toEqual(['client', 'server', 'client', 'server']);
    expect(log.traces[0]!.common_fields.group_id).toBe(log.traces[1]!.common_fields.group_id);
    expect(log.qlog_version ?? log.file_schema).toBe(version === '0.3' ? '0.3' : 'urn:ietf:params:qlog:file:contained');
  });
  it('goes forward in time and in packet numbers', () => {
    for (const { events } of log.traces) {
      expect(events.every((e, i) => i === 0 || e.time >= events[i - 1]!.time)).toBe(true);
      const last = new Map<string, number>();
      for (const e of events.filter((x) => x.name.endsWith('packet_sent'))) {
        const { packet_type, packet_number } = e.data.header!;
        expect(packet_number).toBeGreaterThan(last.get(space(packet_type)) ?? -1);
        last.set(space(packet_type), packet_number);
      }
    }
  });
  it('receives only what the other end sent, and acknowledges only what it received', () => {
    for (const [mine, other] of [[0, 1], [1, 0], [2, 3], [3, 2]] as const) {
      const sent = new Map(log.traces[other]!.events.filter((e) => e.name.endsWith('packet_sent')).map((e) => [key(e), e]));
      const received = new Set<string>();
      for (const e of log.traces[mine]!.events) {
        if (e.name.endsWith('packet_received')) {
          expect(sent.get(key(e))!.time).toBeLessThan(e.time);
          expect(sent.get(key(e))!.data.frames).toEqual(e.data.frames);
          received.add(key(e));
        }
        if (!e.name.endsWith('packet_sent')) continue;
        for (const f of e.data.frames!) for (const [low, high = low] of f.acked_ranges ?? []) for (let n = low!; n <= high!; n++) expect(received.has(`${space(e.data.header!.packet_type)} ${n}`)).toBe(true);
      }
    }
  });
  it('frames of HTTP/3: what one end makes the other reads later, once, and as long', () => {
    for (const [client, server] of [[0, 1], [2, 3]] as const) {
      for (const [from, to] of [[client, server], [server, client]] as const) {
        const of = (trace: number, what: string) => log.traces[trace]!.events.filter((e) => e.name.endsWith(`:${what}`)).map((e) => ({ at: e.time, said: JSON.stringify(e.data) }));
        const made = of(from, 'frame_created'), read = of(to, 'frame_parsed');
        expect(made.length).toBeGreaterThan(5);
        expect(read.map((r) => r.said).sort()).toEqual(made.map((m) => m.said).sort());
        for (const m of made) expect(read.some((r) => r.said === m.said && r.at > m.at)).toBe(true);
      }
    }
  });
  it('how urgent each picture is, said on the control stream before its request', () => {
    const said = log.traces[0]!.events.map((e) => (e.data as { frame?: { frame_type: string; stream_id: number; priority_field_value: string } }).frame).filter((f) => f?.frame_type === 'priority_update');
    expect(said.slice(0, 2).map((f) => [f!.stream_id, f!.priority_field_value])).toEqual([[0, 'u=0, i'], [4, 'i']]);
  });
  it('lengths fill the packets, as qvis wants them in 0.3', () => {
    for (const { events } of version === '0.3' ? log.traces : []) {
      for (const { data } of events.filter((e) => e.name === 'transport:packet_sent')) {
        const { frames, raw } = data as unknown as { frames: { frame_size: number }[]; raw: { payload_length: number } };
        expect(frames.reduce((sum, f) => sum + f.frame_size, 0)).toBe(raw.payload_length - 16);
      }
    }
  });
  it('marks the fault, and the sender notices the loss', () => {
    const [, server] = log.traces;
    const marker = server!.events.find((e) => e.name === 'simulation:marker')!;
    expect(marker.data.message).toMatch(/^dropped on link client: server, 1-RTT, \d+$/);
    const lost = server!.events.filter((e) => e.name.endsWith('packet_lost'));
    expect(lost.map((e) => String(e.data.header!.packet_number))).toEqual([marker.data.message!.split(' ').at(-1)]);
    expect(lost[0]!.time).toBeGreaterThan(marker.time);
  });
  it('announces the namespaces that it uses', () => {
    if (version === '0.3') return;
    const names = new Set(log.traces.flatMap((t) => t.events.map((e) => e.name.split(':')[0])));
    for (const name of names) expect(log.traces[0]!.event_schemas!.some((u) => new RegExp(`:${name}(-|$)`).test(u))).toBe(true);
  });
});
it('says so when there is no QUIC', async () => {
  const log = JSON.parse(qlog(input([await firstVisit(() => {})])) as string) as Log;
  expect(log.traces).toEqual([{ error_description: 'This run has no QUIC connection.' }]);
});
