/** Two runs side by side: where they part and what differs. Law: symmetric, from the traces alone. */
import type { Ns } from '../base/time';
import type { EventId } from '../model/ids';
import type { Trace } from '../model/trace';
import { roundTrips } from './causes';
import { beganAt } from './outcome';
import type { TraceIndex } from './trace-index';

export interface Parting {
  /** First event that differs, the same number in both; in a run that is shorter there is none (its length). */
  readonly event: EventId;
  readonly timeA: Ns;
  readonly timeB: Ns;
}

/** First event at which two traces part, byte for byte; null when they are equal. For forks: the past before it is shared. */
export function firstDifference(a: Trace, b: Trace): Parting | null {
  const n = Math.min(a.kind.length, b.kind.length);
  for (let e = 0; e < n; e++) {
    const same =
      a.time.at(e) === b.time.at(e) && a.where.at(e) === b.where.at(e) && a.cause.at(e) === b.cause.at(e) && a.subject.at(e) === b.subject.at(e) &&
      a.a.at(e) === b.a.at(e) && a.b.at(e) === b.b.at(e) && a.kinds[a.kind.at(e)]!.name === b.kinds[b.kind.at(e)]!.name;
    if (!same) return { event: e, timeA: a.time.at(e), timeB: b.time.at(e) };
  }
  if (a.kind.length === b.kind.length) return null;
  const at = (t: Trace): Ns => (n < t.kind.length ? t.time.at(n) : t.endNs);
  return { event: n, timeA: at(a), timeB: at(b) };
}

/** A packet of either run at the place where the runs' conversations part. */
export interface StepParting {
  /** How many packets the two have in common (same hosts, same name, same transmission), in order. */
  readonly common: number;
  /** Id of the first packet that differs; -1 when that run has no more. */
  readonly pduA: number;
  readonly pduB: number;
}

/** First packet in which two conversations part, whatever the times (for lanes with other parameters); null when all are alike. */
export function firstDifferentPacket(a: Trace, b: Trace): StepParting | null {
  const like = (t: Trace, i: number): string => {
    const p = t.pdus[i]!;
    return `${t.hosts[p.from]!.name}>${t.hosts[p.to]!.name} ${p.name} ${p.transmission} ${p.payload} ${p.fate}`;
  };
  const n = Math.max(a.pdus.length, b.pdus.length);
  for (let i = 0; i < n; i++) {
    const inA = i < a.pdus.length, inB = i < b.pdus.length;
    if (inA && inB && like(a, i) === like(b, i)) continue;
    return { common: i, pduA: inA ? i : -1, pduB: inB ? i : -1 };
  }
  return null;
}

export interface Measures {
  readonly totalNs: Ns;
  readonly packets: number;
  readonly lost: number;
  readonly retransmissions: number;
  readonly bytes: number;
  readonly roundTrips: number;
  readonly requests: number;
  readonly errors: number;
}

/** What a run comes to: its main request and its packets while work lasted. */
export function measures(index: TraceIndex): Measures {
  const { trace } = index;
  const main = trace.requests[trace.mainRequest];
  let packets = 0, retransmissions = 0, bytes = 0;
  for (const p of trace.pdus) {
    if (p.sentAt > index.workEndNs) break;
    packets++;
    bytes += p.bytes;
    if (p.transmission > 1) retransmissions++;
  }
  return {
    totalNs: main && main.endEvent >= 0 ? main.endNs - beganAt(index, main) : -1, packets, retransmissions, bytes,
    lost: index.lost.filter((p) => p.sentAt <= index.workEndNs).length, roundTrips: main ? roundTrips(index, main.id) : 0,
    requests: trace.requests.length, errors: trace.requests.filter((r) => r.error !== null).length,
  };
}

export interface Differing {
  readonly measure: keyof Measures;
  readonly a: number;
  readonly b: number;
}
/** The measures in which two runs differ. */
export function differences(a: TraceIndex, b: TraceIndex): readonly Differing[] {
  const ma = measures(a), mb = measures(b);
  return (Object.keys(ma) as (keyof Measures)[]).filter((k) => ma[k] !== mb[k]).map((k) => ({ measure: k, a: ma[k], b: mb[k] }));
}
