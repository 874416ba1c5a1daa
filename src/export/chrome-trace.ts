/**
 * The run as trace events (Trace Event Format: chrome://tracing, Perfetto, DevTools): requests with their phases, packets on
 * links, work on CPUs, timers, places held, moments. Times in µs. Law: slices of one track never overlap without nesting.
 */
import { describeEvent, en, packetTitle } from '../explain';
import { FATE_NAMES } from '../model/pdu';
import { fateTime, moments, spans, type TraceIndex } from '../trace';
import type { Exporter, ExportRun } from './exporter';

const US = 1e3;
interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly [key: string]: unknown;
}
/** Collects events of one run; process numbers begin at `base`. */
class Tracks {
  readonly events: TraceEvent[] = [];
  private readonly free = new Map<string, { tid: number; until: number }[]>();
  constructor(private readonly base: number, private readonly prefix: string) {}
  process(pid: number, name: string, order: number): void {
    this.meta('process_name', pid, 0, { name: this.prefix + name });
    this.meta('process_sort_index', pid, 0, { sort_index: this.base + order });
  }
  thread(pid: number, tid: number, name: string): void {
    this.meta('thread_name', pid, tid, { name });
  }
  private meta(name: string, pid: number, tid: number, args: unknown): void {
    this.events.push({ ph: 'M', name, pid: this.base + pid, tid, args });
  }
  slice(cat: string, name: string, pid: number, tid: number, start: number, end: number, args: unknown): void {
    this.events.push({ ph: 'X', name, cat, pid: this.base + pid, tid, ts: start / US, dur: (end - start) / US, args });
  }
  /** May overlap others of its track. */
  span(cat: string, name: string, id: string, pid: number, tid: number, start: number, end: number, args: unknown): void {
    const common = { name, cat, id: `${this.base} ${id}`, pid: this.base + pid, tid };
    this.events.push({ ph: 'b', ...common, ts: start / US, args }, { ph: 'e', ...common, ts: end / US });
  }
  instant(cat: string, name: string, pid: number, tid: number, at: number): void {
    this.events.push({ ph: 'i', s: 'p', name, cat, pid: this.base + pid, tid, ts: at / US });
  }
  /** A thread of `kind` that is free from `start` on; a new one when all are taken. `first` is the number of the first. */
  lane(pid: number, kind: string, first: number, start: number, end: number): number {
    const key = `${pid} ${kind}`;
    const lanes = this.free.get(key) ?? [];
    this.free.set(key, lanes);
    let lane = lanes.find((l) => l.until <= start);
    if (!lane) {
      lanes.push((lane = { tid: first + lanes.length, until: 0 }));
      this.thread(pid, lane.tid, lanes.length === 1 ? kind : `${kind} ${lanes.length}`);
    }
    lane.until = end;
    return lane.tid;
  }
}
/** Room for process numbers of one run, and for threads of one kind. */
const RUN = 10_000, KIND = 1_000;

export const chromeTrace: Exporter = ({ scenario, runs }) => {
  const events = runs.flatMap((run, i) => runEvents(run, i, runs.length > 1));
  return `${JSON.stringify({ displayTimeUnit: 'ns', otherData: { producer: 'Roundtrip', scenario: scenario.id }, traceEvents: events })}\n`;
};

function runEvents(run: ExportRun, i: number, several: boolean): TraceEvent[] {
  const { index } = run;
  const { trace } = index;
  const tracks = new Tracks(1 + i * RUN, several ? `${run.name}: ` : '');
  tracks.process(0, 'requests', 0);
  trace.hosts.forEach((host) => tracks.process(1 + host.id, host.title || host.name, 1 + host.id));
  const firstLink = 1 + trace.hosts.length;
  trace.links.forEach((link) => {
    tracks.process(firstLink + link.id, link.name, firstLink + link.id);
    tracks.thread(firstLink + link.id, 0, `from ${link.a}`);
    tracks.thread(firstLink + link.id, 1, `to ${link.a}`);
  });
  requests(tracks, index);
  packets(tracks, index, firstLink);
  hosts(tracks, index);
  return tracks.events;
}
function requests(tracks: Tracks, index: TraceIndex): void {
  for (const row of index.trace.requests) {
    const end = row.endEvent < 0 ? index.trace.endNs : row.endNs;
    const tid = tracks.lane(0, 'request', 1, row.startNs, end);
    tracks.slice('request', `${row.method} ${row.url}`, 0, tid, row.startNs, end, { status: row.status, error: row.error?.code ?? null, bytesUp: row.bytesUp, bytesDown: row.bytesDown });
    for (const span of spans(index, row.id)) if (span.phase !== 'gap') tracks.slice('phase', span.phase, 0, tid, span.start, span.end, {});
  }
}
function packets(tracks: Tracks, index: TraceIndex, firstLink: number): void {
  for (const pdu of index.trace.pdus) {
    const end = Math.max(pdu.sentAt, Math.min(fateTime(pdu), index.trace.endNs));
    tracks.span('packet', packetTitle(index, pdu), `packet ${pdu.id}`, firstLink + pdu.link, pdu.linkDirection, pdu.sentAt, end, {
      bytes: pdu.bytes, payload: pdu.payload, fate: FATE_NAMES[pdu.fate], transmission: pdu.transmission, queueNs: pdu.queueNs, serializationNs: pdu.serializationNs, propagationNs: pdu.propagationNs,
    });
  }
}
function hosts(tracks: Tracks, index: TraceIndex): void {
  const { trace } = index;
  for (const job of index.jobs) {
    const resource = trace.resources[job.resource];
    const runs = resource ? job.runs.map((r) => ({ start: r.start, end: r.end < 0 ? trace.endNs : r.end })) : [{ start: job.requestedAt, end: job.doneAt < 0 ? trace.endNs : job.doneAt }];
    const kind = resource?.name ?? 'wait';
    for (const { start, end } of runs) {
      const tid = tracks.lane(1 + job.host, kind, 1 + KIND * (1 + (resource?.id ?? -1)), start, end);
      tracks.slice(resource ? 'work' : 'wait', en.workName(job.what), 1 + job.host, tid, start, end, { amountNs: job.amountNs });
    }
  }
  index.timers.forEach((timer, i) => {
    tracks.span('timer', timer.name, `timer ${i}`, 1 + timer.host, 0, timer.start, timer.end, { outcome: timer.outcome });
  });
  index.claims.forEach((claim) => {
    const end = claim.endAt < 0 ? trace.endNs : claim.endAt;
    const resource = trace.resources[claim.resource];
    if (claim.grantedAt >= 0 && resource) tracks.span('claim', `${resource.name}: ${claim.what}`, `claim ${claim.id}`, 1 + resource.host, 0, claim.grantedAt, end, { outcome: claim.outcome });
  });
  for (const { event, time } of moments(index)) {
    const endpoint = trace.endpoints[trace.where.at(event)];
    if (endpoint) tracks.instant(trace.kinds[trace.kind.at(event)]!.name, describeEvent(index, event), 1 + endpoint.host, 0, time);
  }
}
