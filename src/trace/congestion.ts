/**
 * One direction of a TCP connection as its sender lives it: window, bytes on the way, round trips, losses, and what the receiver offers. Law: a pure
 * function of the trace. cwnd and ssthresh are recorded; all else follows from segments sent, acknowledgements that arrived and the windows in them.
 */
import type { Ns } from '../base/time';
import type { EventId, FlowId, HostId, PduId } from '../model/ids';
import { Fate, IP_TCP, type PduRow } from '../model/pdu';
import type { TraceIndex } from './trace-index';

/** A value from a moment on. */
export interface Step {
  readonly at: Ns;
  readonly value: number;
}
export type PhaseName = 'slow start' | 'congestion avoidance' | 'recovery' | 'loss';
export interface SenderPhase {
  readonly name: PhaseName;
  readonly start: Ns;
  readonly end: Ns;
}
export type MarkName = 'lost' | 'retransmitted' | 'probe' | 'timeout' | 'undone' | 'marked' | 'zero window' | 'window opened';
/** Something that happened to the sender, at a packet where there is one. */
export interface SenderMark {
  readonly name: MarkName;
  readonly at: Ns;
  readonly event: EventId;
  readonly pdu: PduId;
}
export interface Sending {
  readonly flow: FlowId;
  readonly direction: 0 | 1;
  readonly from: HostId;
  readonly to: HostId;
  /** Most payload bytes of a segment: what cwnd is counted in. */
  readonly segmentBytes: number;
  /** When the first data left and the last acknowledgement came. */
  readonly start: Ns;
  readonly end: Ns;
  readonly bytes: number;
  /** In segments. */
  readonly cwnd: readonly Step[];
  readonly ssthresh: readonly Step[];
  /** Bytes sent and not acknowledged. */
  readonly inFlight: readonly Step[];
  /** Measured round trips, ns. */
  readonly rtt: readonly Step[];
  /** Least round trip; 0 when none was measured. */
  readonly minRtt: Ns;
  /** What the receiver offered with the newest acknowledgement that arrived, bytes. */
  readonly window: readonly Step[];
  /** Bytes that the receiver holds and cannot give to its application: something before them is missing. */
  readonly outOfOrder: readonly Step[];
  readonly phases: readonly SenderPhase[];
  readonly marks: readonly SenderMark[];
  /** Segments sent in each round trip, counted from the first; retransmissions included. */
  readonly perRoundTrip: readonly number[];
}

/** Connections that carried data, and in which direction: the one with most bytes first. */
export function sendings(index: TraceIndex): readonly { readonly flow: FlowId; readonly direction: 0 | 1; readonly bytes: number }[] {
  const bytes = new Map<number, number>();
  for (const p of index.trace.pdus) if (p.protocol === IP_TCP && p.payload > 0 && p.copyOf < 0) bytes.set(2 * p.flow + p.direction, Math.max(bytes.get(2 * p.flow + p.direction) ?? 0, p.streamStart + p.payload));
  return [...bytes].map(([key, n]) => ({ flow: key >> 1, direction: (key & 1) as 0 | 1, bytes: n })).sort((a, b) => b.bytes - a.bytes || a.flow - b.flow);
}

interface Happening {
  readonly at: Ns;
  readonly event: EventId;
  readonly pdu: PduRow;
  readonly what: 'sent' | 'acknowledged' | 'arrived';
}
/** All that `Sending` says, for one direction of a flow; null when it carried nothing. */
export function sendingOf(index: TraceIndex, flow: FlowId, direction: 0 | 1): Sending | null {
  const { trace } = index;
  const all = trace.pdus.filter((p) => p.flow === flow && p.protocol === IP_TCP);
  const data = all.filter((p) => p.direction === direction && p.payload > 0 && p.copyOf < 0);
  const first = data[0];
  if (!first) return null;
  const acks = all.filter((p) => p.direction !== direction && p.fate === Fate.delivered && p.key > 0);
  const list: Happening[] = [
    ...data.map((pdu) => ({ at: pdu.sentAt, event: pdu.sentEvent, pdu, what: 'sent' as const })),
    ...acks.map((pdu) => ({ at: pdu.fateAt, event: pdu.fateEvent, pdu, what: 'acknowledged' as const })),
    ...all.filter((p) => p.direction === direction && p.payload > 0 && p.fate === Fate.delivered).map((pdu) => ({ at: pdu.fateAt, event: pdu.fateEvent, pdu, what: 'arrived' as const })),
  ].sort((a, b) => a.at - b.at || a.event - b.event);

  const inFlight: Step[] = [], window: Step[] = [], outOfOrder: Step[] = [], rtt: Step[] = [];
  const put = (steps: Step[], at: Ns, value: number): void => {
    const last = steps[steps.length - 1];
    if (last?.value === value) return;
    if (last?.at === at) steps[steps.length - 1] = { at, value };
    else steps.push({ at, value });
  };
  /** Sent once, not acknowledged yet, in order: their round trips can be told (Karn). */
  const clean: { readonly end: number; readonly at: Ns }[] = [];
  const resent = new Set<number>();
  const total = data.reduce((most, p) => Math.max(most, p.streamStart + p.payload), 0);
  let una = 0, next = 0, received = 0;
  const held: [number, number][] = [];
  for (const { at, pdu, what } of list) {
    const end = pdu.streamStart + pdu.payload;
    if (what === 'sent') {
      if (pdu.transmission > 1) resent.add(end);
      else clean.push({ end, at });
      next = Math.max(next, end);
      put(inFlight, at, next - una);
    } else if (what === 'acknowledged') {
      if (una > 0 && una >= total && pdu.key - 1 <= una) continue; // after the last byte
      if (pdu.window !== undefined) put(window, at, pdu.window);
      const upTo = Math.min(next, pdu.key - 1);
      if (upTo <= una) continue;
      let newest: Ns = -1;
      while (clean.length > 0 && clean[0]!.end <= upTo) {
        const sent = clean.shift()!;
        newest = resent.has(sent.end) ? newest : sent.at;
      }
      if (newest >= 0) rtt.push({ at, value: at - newest });
      una = upTo;
      put(inFlight, at, next - una);
    } else {
      received = take(held, received, pdu.streamStart, end);
      put(outOfOrder, at, held.reduce((sum, [a, b]) => sum + b - a, 0));
    }
  }
  // a connection may stay open long after its last byte
  const start = first.sentAt, end = Math.max(inFlight[inFlight.length - 1]!.at, data[data.length - 1]!.sentAt + 1);
  const minRtt = rtt.reduce((least, s) => Math.min(least, s.value), handshakeRtt(all, direction) || Infinity);
  const told = recorded(index, flow, first.from, start, end, data);
  return {
    flow, direction, from: first.from, to: first.to, segmentBytes: data.reduce((most, p) => Math.max(most, p.payload), 0), start, end, bytes: next, inFlight, window, outOfOrder, rtt,
    minRtt: minRtt === Infinity ? 0 : minRtt, ...told, perRoundTrip: roundTripCounts(data, start, minRtt === Infinity ? 0 : minRtt),
  };
}
/** Puts an arrival among what is held and gives what follows on; the new end of what is in order. */
function take(held: [number, number][], received: number, from: number, to: number): number {
  if (to <= received) return received;
  held.push([Math.max(from, received), to]);
  held.sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < held.length; ) {
    if (held[i]![0] <= held[i - 1]![1]) held[i - 1]![1] = Math.max(held[i - 1]![1], held.splice(i, 1)[0]![1]);
    else i++;
  }
  return held[0]![0] <= received ? held.shift()![1] : received;
}
/** The first round trip that the sender saw: its SYN or SYN-ACK until that was acknowledged; 0 when it was sent again. */
function handshakeRtt(all: readonly PduRow[], direction: 0 | 1): Ns {
  const SYN = 2;
  const syns = all.filter((p) => p.direction === direction && (p.flags & SYN) !== 0);
  if (syns.length !== 1) return 0;
  const answer = all.find((p) => p.direction !== direction && p.fate === Fate.delivered && p.key >= 1 && p.fateAt > syns[0]!.sentAt);
  return answer ? answer.fateAt - syns[0]!.sentAt : 0;
}
/** Segments by round trip: bins as long as the least round trip, from the first segment on. */
function roundTripCounts(data: readonly PduRow[], start: Ns, minRtt: Ns): number[] {
  if (minRtt <= 0) return [data.length];
  const bins: number[] = [];
  for (const p of data) {
    const bin = Math.floor((p.sentAt - start) / minRtt);
    while (bins.length <= bin) bins.push(0);
    bins[bin]!++;
  }
  return bins;
}

const MARKS: Readonly<Record<string, MarkName>> = { loss_detected: 'lost', probe_sent: 'probe', timeout_loss: 'timeout', undone: 'undone', ecn_reduced: 'marked', window_closed: 'zero window', window_opened: 'window opened' };
/** What the sender told: windows, phases, moments. */
function recorded(index: TraceIndex, flow: FlowId, from: HostId, start: Ns, end: Ns, data: readonly PduRow[]): Pick<Sending, 'cwnd' | 'ssthresh' | 'phases' | 'marks'> {
  const { trace } = index;
  const cwnd: Step[] = [], ssthresh: Step[] = [], marks: SenderMark[] = [], phases: { name: PhaseName; start: Ns; end: Ns }[] = [];
  const kinds = new Map<number, string>();
  for (const name of ['cwnd_changed', 'recovery_entered', 'recovery_left', 'slow_start_left', ...Object.keys(MARKS)]) {
    const id = index.kindByName.get(`tcp.${name}`);
    if (id !== undefined) kinds.set(id, name);
  }
  const put = (steps: Step[], at: Ns, value: number): void => {
    const last = steps[steps.length - 1];
    if (last?.at === at) steps[steps.length - 1] = { at, value };
    else if (last?.value !== value) steps.push({ at, value });
  };
  const enter = (name: PhaseName, at: Ns): void => {
    const last = phases[phases.length - 1];
    if (last?.name === name) return;
    if (last) last.end = at;
    if (last && last.start === at) phases.pop();
    phases.push({ name, start: at, end });
  };
  enter('slow start', start);
  let most = Infinity;
  for (let e = 0; e < trace.kind.length; e++) {
    const name = kinds.get(trace.kind.at(e));
    if (name === undefined || trace.time.at(e) > end || trace.subject.at(e) !== flow || trace.endpoints[trace.where.at(e)]?.host !== from) continue;
    const at = trace.time.at(e), a = trace.a.at(e), b = trace.b.at(e);
    if (MARKS[name]) marks.push({ name: MARKS[name], at, event: e, pdu: -1 });
    if (name === 'cwnd_changed') {
      put(cwnd, at, a);
      if (b < 1e9) put(ssthresh, at, b);
      most = b < 1e9 ? b : Infinity;
      const last = phases[phases.length - 1]!.name;
      if (last === 'slow start' && a >= most) enter('congestion avoidance', at);
      else if (last === 'congestion avoidance' && a < most) enter('slow start', at);
    } else if (name === 'recovery_entered') enter('recovery', at);
    else if (name === 'timeout_loss') enter('loss', at);
    else if (name === 'recovery_left' || name === 'undone') enter(a < most ? 'slow start' : 'congestion avoidance', at);
    else if (name === 'slow_start_left' || name === 'ecn_reduced') enter('congestion avoidance', at);
  }
  for (const p of data) if (p.transmission > 1) marks.push({ name: 'retransmitted', at: p.sentAt, event: p.sentEvent, pdu: p.id });
  marks.sort((x, y) => x.at - y.at || x.event - y.event);
  return { cwnd, ssthresh, phases: phases.filter((p) => p.end > p.start), marks };
}

/** The value of a series at `t`; null before its first. */
export function valueAt(steps: readonly Step[], t: Ns): number | null {
  let low = 0, high = steps.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (steps[mid]!.at <= t) low = mid + 1;
    else high = mid;
  }
  return low === 0 ? null : steps[low - 1]!.value;
}
