/** The summary of a run for programs (`simulate --format summary`): model/schemas/summary.schema.json, a shape that stays. */
import type { Ns } from '../base/time';
import type { Phase, RequestRow } from '../model/request';
import { PHASES } from '../model/request';
import type { Outcome } from '../model/trace';
import { attribution, roundTrips, type Part } from './causes';
import { traceHash } from './hash';
import { stepsOf } from './steps';
import { once, type TraceIndex } from './trace-index';

export interface Summary {
  readonly version: 1;
  readonly scenario: string;
  readonly seed: number;
  readonly runs: readonly RunSummary[];
}
export interface RunSummary {
  readonly name: string;
  readonly hash: string;
  readonly outcome: Outcome;
  readonly events: number;
  readonly packets: number;
  readonly endNs: Ns;
  /** The first 1,000. */
  readonly requests: readonly RequestSummary[];
  /** For load runs; null for a run at packet grain. */
  readonly aggregate: null;
}
export interface RequestSummary {
  readonly id: number;
  readonly url: string;
  readonly protocol: string | null;
  readonly status: number | null;
  readonly error: { readonly code: string; readonly text: string; readonly curl: number; readonly browser: string } | null;
  readonly startNs: Ns;
  /** -1 when it had not ended with the run. */
  readonly totalNs: Ns;
  /** ns with HAR's meaning, -1 if absent; `tls` lies inside `connect`. */
  readonly phases: Readonly<Record<Phase, Ns>>;
  readonly attribution: readonly { readonly part: Part; readonly where: string; readonly ns: Ns; readonly why: string }[];
  readonly counts: Counts;
}
export interface Counts {
  readonly packets: number;
  readonly retransmissions: number;
  readonly lost: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly roundTrips: number;
}

export interface SummaryMeta {
  readonly scenario: string;
  readonly seed: number;
  /** Sentence for an error, from the catalogue; the error's own key without it. */
  readonly errorText?: (row: RequestRow) => string;
  /** Sentence for a part's `why` key. */
  readonly whyText?: (why: string, what: string, where: string) => string;
}

/** Phases of a request with HAR's meaning: `connect` holds `tls`. */
export function phasesOf(request: RequestRow): Record<Phase, Ns> {
  const sums = Object.fromEntries(PHASES.map((p) => [p, -1])) as Record<Phase, Ns>;
  for (const p of request.phases) {
    if (p.endEvent < 0) continue;
    sums[p.phase] = Math.max(0, sums[p.phase]) + p.endNs - p.startNs;
  }
  if (sums.tls >= 0) sums.connect = Math.max(0, sums.connect) + sums.tls;
  return sums;
}

/** Packets that a request caused or that its connection carried for it, and what became of them. */
export function countsOf(index: TraceIndex, request: RequestRow): Counts {
  return once(index, `counts ${request.id}`, () => {
    const { trace } = index;
    const mine = new Set(stepsOf(index, request.id));
    let packets = 0, retransmissions = 0, lost = 0;
    for (const pdu of trace.pdus) {
      if (!mine.has(pdu.sentEvent)) continue;
      packets++;
      if (pdu.transmission > 1) retransmissions++;
      if (pdu.fateEvent >= 0 && trace.kind.at(pdu.fateEvent) === index.kinds.dropped) lost++;
    }
    return { packets, retransmissions, lost, bytesUp: request.bytesUp, bytesDown: request.bytesDown, roundTrips: roundTrips(index, request.id) };
  });
}

function requestSummary(index: TraceIndex, row: RequestRow, meta: SummaryMeta): RequestSummary {
  const parts: { part: Part; where: string; ns: Ns; why: string }[] = [];
  for (const p of attribution(index, row.id)) {
    const why = meta.whyText?.(p.why, p.what, p.where) ?? p.why;
    const last = parts[parts.length - 1];
    if (last && last.part === p.part && last.where === p.where && last.why === why) last.ns += p.ns;
    else parts.push({ part: p.part, where: p.where, ns: p.ns, why });
  }
  const error = row.error && { code: row.error.code, text: meta.errorText?.(row) ?? row.error.text, curl: row.error.curl, browser: row.error.browser };
  return {
    id: row.id, url: row.url, protocol: row.protocol, status: row.status, error, startNs: row.startNs, totalNs: row.endEvent < 0 ? -1 : row.endNs - row.startNs,
    phases: phasesOf(row), attribution: parts, counts: countsOf(index, row),
  };
}

/** The summary of one or several runs (lanes) of a scenario. */
export function summarise(runs: readonly { readonly name: string; readonly index: TraceIndex }[], meta: SummaryMeta): Summary {
  return {
    version: 1, scenario: meta.scenario, seed: meta.seed,
    runs: runs.map(({ name, index }) => ({
      name, hash: traceHash(index.trace), outcome: index.trace.outcome, events: index.trace.kind.length, packets: index.trace.pdus.length, endNs: index.trace.endNs,
      requests: index.trace.requests.slice(0, 1000).map((r) => requestSummary(index, r, meta)), aggregate: null,
    })),
  };
}
