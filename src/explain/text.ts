/** Text equivalents: the run as a table that reads well aloud, and the stage at a moment as sentences. */
import type { Ns } from '../base/time';
import type { EventId, HostId, Layer } from '../model/ids';
import { carriedBy, eventsUntil, hostOfEvent, inFlightAt, requestsAt, resourceBusyAt, stateAt, timersAt, type TraceIndex } from '../trace/index';
import { core, type Core } from './core';
import { describeEvent, hostWords, packetSpoken } from './describe';
import { pathOf } from './facts';
import { capital, clock } from './format';

export interface TranscriptRow {
  readonly event: EventId;
  readonly time: Ns;
  /** Name of the host, or of the link for what happens between hosts. */
  readonly host: string;
  readonly layer: Layer;
  /** Name of the kind, e.g. `tcp.segment_sent`. */
  readonly what: string;
  readonly words: string;
}

/** Bookkeeping that a reader can do without: told in full only when asked for. */
const QUIET = new Set([
  'timer.armed', 'timer.cancelled', 'resource.requested', 'resource.granted', 'resource.wait_began', 'tcp.cwnd_changed', 'tcp.data_delivered', 'tls.data_decrypted',
  'state.input_ignored', 'dns.query_sent', 'dns.answer_sent', 'dns.query_received', 'dns.cache_miss', 'sim.run_started',
]);

/** The run in words, in order. `all`: every event; else without bookkeeping. */
export function transcript(index: TraceIndex, all = false, words: Core = core): readonly TranscriptRow[] {
  const rows: TranscriptRow[] = [];
  for (let e = 0; e < index.trace.kind.length; e++) {
    if (!all && QUIET.has(index.trace.kinds[index.trace.kind.at(e)]!.name)) continue;
    rows.push(transcriptRow(index, e, words));
  }
  return rows;
}
/** Events of the transcript, without making words (for a list that draws only what is seen). */
export function transcriptEvents(index: TraceIndex, all = false): readonly EventId[] {
  const events: EventId[] = [];
  for (let e = 0; e < index.trace.kind.length; e++) if (all || !QUIET.has(index.trace.kinds[index.trace.kind.at(e)]!.name)) events.push(e);
  return events;
}
/** One row of it. */
export function transcriptRow(index: TraceIndex, event: EventId, words: Core = core): TranscriptRow {
  const { trace, kinds } = index;
  const kind = trace.kinds[trace.kind.at(event)]!;
  const host = hostOfEvent(index, event);
  const pdu = kind.subject === 'pdu' ? trace.pdus[trace.subject.at(event)] : undefined;
  const where = trace.where.at(event);
  const layer = pdu ? carriedBy(index, pdu).layer : kind.name.startsWith('state.') || kind.name.startsWith('timer.') ? (trace.endpoints[where]?.layer ?? kind.layer) : kind.layer;
  const place = pdu && kind.id === kinds.dropped ? trace.links[pdu.link]!.name : (trace.hosts[host]?.name ?? '');
  return { event, time: trace.time.at(event), host: place, layer, what: kind.name, words: describeEvent(index, event, words) };
}
/** The transcript as lines: `  244.8 ms  edge  …` (for `--format text`). */
export function transcriptText(index: TraceIndex, all = false, words: Core = core): string {
  const rows = transcript(index, all, words);
  const width = rows.reduce((w, r) => Math.max(w, r.host.length), 0);
  return rows.map((r) => `${clock(r.time).padStart(12)}  ${r.host.padEnd(width)}  ${r.words}`).join('\n');
}

/** The stage at `t` in sentences: hosts and their states, messages in flight, timers, requests. */
export function summaryAt(index: TraceIndex, t: Ns, words: Core = core): readonly string[] {
  const { trace } = index;
  const lines: string[] = [];
  for (const { request, phase } of requestsAt(index, t)) lines.push(words.stage.request(pathOf(request.url), words.phases[phase?.phase ?? 'gap']!.name));
  for (const host of trace.hosts) lines.push(words.stage.host(hostWords(index, host.id, words), hostNow(index, host.id, t, words)));
  const flying = inFlightAt(index, t);
  for (const f of flying) {
    const title = packetSpoken(index, f.pdu, words);
    lines.push(
      f.phase === 'queued'
        ? words.stage.queued(title, trace.links[f.pdu.link]!.name)
        : words.stage.inFlight(title, hostWords(index, f.pdu.from, words), hostWords(index, f.pdu.to, words), Math.round(f.position * 100)),
    );
  }
  if (flying.length === 0) lines.push(words.stage.nothingInFlight);
  for (const timer of timersAt(index, t)) lines.push(words.stage.timer(hostWords(index, timer.span.host, words), timer.span.name, timer.toGoNs));
  return lines.map(capital);
}

/** What a host is doing at `t`: states of its open endpoints, work under way, work that waits. */
export function hostNow(index: TraceIndex, host: HostId, t: Ns, words: Core = core): readonly string[] {
  const { trace } = index;
  const said: string[] = [];
  for (const endpoint of index.endpointsOfHost[host] ?? []) {
    const row = trace.endpoints[endpoint]!;
    const span = row.createdAt <= t ? stateAt(index, endpoint, t) : null;
    if (!span || span.start > t || (span.endEvent >= 0 && span.end <= t) || IDLE.has(span.name)) continue;
    const flow = trace.flows[row.flow];
    const peer = flow ? trace.hosts[flow.initiator === host ? flow.responder : flow.initiator]!.name : '';
    said.push(words.stage.state(words.protocolName(row.protocol), span.name, peer));
  }
  const { busy, waiting } = resourceBusyAt(index, host, t);
  for (const job of busy) said.push(words.stage.busy(job.what));
  if (waiting.length > 0) said.push(words.stage.waiting(waiting.length));
  return said;
}
const IDLE = new Set(['CLOSED', 'IDLE', 'DONE', 'START', 'INIT']);

/** Events that have happened by `t` and the number of all: `Event 12 of 40`. */
export const progressAt = (index: TraceIndex, t: Ns): { readonly event: number; readonly of: number } => ({ event: eventsUntil(index, t), of: index.trace.kind.length });
