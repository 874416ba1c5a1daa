/**
 * Why: chains of causes, the critical path and the attribution of a request (model decision 1). Law: the chain back
 * from a request's end is contiguous in time, each edge splits into integer parts, and the parts sum exactly to the
 * request's duration. Time before the request began is clipped.
 */
import type { Ns } from '../base/time';
import type { EventId, HostId, Layer, RequestId } from '../model/ids';
import type { Edge } from '../model/kinds';
import type { PduRow } from '../model/pdu';
import type { Phase, RequestRow } from '../model/request';
import type { Trace } from '../model/trace';
import { layerOf } from './carried';
import { owners } from './steps';
import { hostOfEvent, once, type TraceIndex } from './trace-index';

/** The event and its causes, back to the start of the run. */
export function causes(trace: Trace, event: EventId): EventId[] {
  const chain: EventId[] = [];
  for (let e = event; e >= 0; e = trace.cause.at(e)) chain.push(e);
  return chain;
}

export type Part = 'propagation' | 'serialization' | 'queue' | 'service' | 'cpu' | 'disk' | 'lock' | 'timer' | 'handshake-wait' | 'peer-wait' | 'think';

/** One edge of a request's critical path: what lies between an event and its cause, clipped to the request. */
export interface PathEdge {
  readonly from: EventId;
  readonly to: EventId;
  readonly start: Ns;
  readonly end: Ns;
  readonly edge: Edge;
  /** Packet that travelled, for `link`. */
  readonly pdu: PduRow | null;
  readonly fromHost: HostId;
  readonly toHost: HostId;
  /** What for: name of the timer, of the work, of the packet. */
  readonly what: string;
  readonly layer: Layer;
}

/** Edges of the path from a request's start to its end, in order, those that take time only. Empty while it has not ended. */
export function criticalPath(index: TraceIndex, request: RequestId): readonly PathEdge[] {
  return once(index, `path ${request}`, () => {
    const row = index.trace.requests[request];
    return row && row.endEvent >= 0 ? pathBack(index, row.endEvent, row.startNs) : [];
  });
}

/**
 * Edges from the start of the request that an event belongs to (of the run, when it belongs to none) to the event, in order, those that
 * take time only. Contiguous: the first begins with the request, each begins where the one before ended, the last ends with the event.
 */
export function pathTo(index: TraceIndex, event: EventId): readonly PathEdge[] {
  return once(index, `path to ${event}`, () => {
    const row = index.trace.requests[owners(index)[event] ?? -1];
    return pathBack(index, event, row ? row.startNs : 0);
  });
}

/** What ended so that a wait could end: the work or the claim that had the place before. */
export interface Holder {
  readonly event: EventId;
  /** What for: `GET /orders/14`. */
  readonly what: string;
  readonly host: HostId;
}
/** Who had what a grant gives, until that very moment (the joined cause); null for events that are no grant, and where nobody had to wait. */
export function holderBefore(index: TraceIndex, event: EventId): Holder | null {
  const { trace, kinds } = index;
  const kind = trace.kind.at(event);
  const before = kind === kinds.granted || kind === kinds.claimGranted ? trace.joined.get(event)?.[0] : undefined;
  return before === undefined ? null : { event: before, what: trace.texts[trace.b.at(before)] ?? '', host: hostOfEvent(index, before) };
}

function pathBack(index: TraceIndex, from: EventId, startNs: Ns): PathEdge[] {
  const { trace } = index;
  const path: PathEdge[] = [];
  for (let e = from; e >= 0 && trace.time.at(e) > startNs; e = trace.cause.at(e)) {
    const cause = trace.cause.at(e);
    const end = trace.time.at(e);
    const start = Math.max(startNs, cause < 0 ? 0 : trace.time.at(cause));
    if (end > start) path.push(edgeOf(index, cause, e, start, end));
  }
  return path.reverse();
}

function edgeOf(index: TraceIndex, from: EventId, to: EventId, start: Ns, end: Ns): PathEdge {
  const { trace, kinds } = index;
  const kind = trace.kind.at(to);
  const spec = trace.kinds[kind]!;
  const subject = trace.subject.at(to);
  const edge: Edge = spec.edge ?? 'instant';
  const pdu = edge === 'link' ? (trace.pdus[subject] ?? null) : null;
  let what = '';
  let layer = spec.layer;
  if (pdu) {
    what = pdu.name;
    layer = layerOf(index, pdu);
  } else if (kind === kinds.fired) {
    const timer = trace.timers[subject]!;
    what = timer.name;
    layer = trace.endpoints[timer.endpoint]!.layer;
  } else if (kind === kinds.done || kind === kinds.ioDone || kind === kinds.preempted || kind === kinds.granted || kind === kinds.claimGranted || kind === kinds.waited) what = trace.texts[trace.b.at(to)] ?? '';
  const fromHost = pdu ? pdu.from : from < 0 ? -1 : hostOfEvent(index, from);
  return { from, to, start, end, edge, pdu, fromHost, toHost: hostOfEvent(index, to), what, layer };
}

/** One part of a request's duration. */
export interface AttributionPart {
  readonly part: Part;
  /** Name of the link, host or resource. */
  readonly where: string;
  readonly ns: Ns;
  /** Key of its sentence in the catalogue: `why.<…>`. */
  readonly why: string;
  /** What for: name of the timer, of the work, of the packet; the rule's number for an injected delay. */
  readonly what: string;
  readonly start: Ns;
  readonly end: Ns;
  readonly fromEvent: EventId;
  readonly toEvent: EventId;
  readonly layer: Layer;
  /** Phase of the request in which it ends. */
  readonly phase: Phase | null;
  readonly pdu: PduRow | null;
}

const PART_OF_EDGE: Readonly<Record<Exclude<Edge, 'link'>, Part>> = {
  instant: 'peer-wait', timer: 'timer', cpu: 'cpu', queue: 'queue', service: 'service', think: 'think', disk: 'disk', lock: 'lock', 'peer-wait': 'peer-wait',
};

/** The parts of a request's duration in order; their sum is exactly `endNs - startNs`. Empty while it has not ended. */
export function attribution(index: TraceIndex, request: RequestId): readonly AttributionPart[] {
  return once(index, `attribution ${request}`, () => {
    const row = index.trace.requests[request]!;
    const parts: AttributionPart[] = [];
    const path = criticalPath(index, request);
    const behind = queuedBehind(index, row, path);
    if (behind) parts.push(behind.part);
    for (const edge of path) {
      if (!behind || edge.start >= behind.until) addParts(index, row, edge, parts);
      else if (edge.end > behind.until) addParts(index, row, { ...edge, start: behind.until }, parts);
    }
    return parts;
  });
}

/** Time at the front that the request spent waiting for a connection on which another request was under way: that one's work, not its own. */
function queuedBehind(index: TraceIndex, row: RequestRow, path: readonly PathEdge[]): { readonly part: AttributionPart; readonly until: Ns } | null {
  const { trace } = index;
  const blocked = row.phases[0];
  if (!blocked || blocked.phase !== 'blocked' || blocked.endNs <= blocked.startNs || blocked.startNs !== row.startNs) return null;
  let other: RequestRow | undefined;
  let last: EventId = -1;
  for (let e = blocked.endEvent; e >= 0 && trace.time.at(e) >= blocked.startNs; e = trace.cause.at(e)) {
    if (trace.kinds[trace.kind.at(e)]!.subject !== 'request' || trace.subject.at(e) === row.id) continue;
    const found = trace.requests[trace.subject.at(e)];
    if (!found || found.flow < 0 || found.endEvent < 0 || found.endNs > blocked.endNs) continue;
    other = found;
    last = e;
    break;
  }
  const first = path[0];
  if (!other || !first) return null;
  const where = trace.flows[other.flow]!.name;
  return {
    until: blocked.endNs,
    part: {
      part: 'queue', where, ns: blocked.endNs - row.startNs, why: 'why.behind', what: other.url, start: row.startNs, end: blocked.endNs, fromEvent: first.from, toEvent: last, layer: 'http', phase: 'blocked', pdu: null,
    },
  };
}

function addParts(index: TraceIndex, row: RequestRow, edge: PathEdge, parts: AttributionPart[]): void {
  const { trace } = index;
  let at = edge.start;
  const add = (part: Part, where: string, ns: Ns, why: string, what = edge.what): void => {
    if (ns <= 0) return;
    const start = at;
    at += ns;
    const last = parts[parts.length - 1];
    if (last && part !== 'disk' && last.pdu === edge.pdu && last.part === part && last.where === where && last.why === why && last.what === what && last.end === start && last.phase === phaseAt(row, at)) {
      parts[parts.length - 1] = { ...last, ns: last.ns + ns, end: at, toEvent: edge.to };
      return;
    }
    parts.push({ part, where, ns, why, what, start, end: at, fromEvent: edge.from, toEvent: edge.to, layer: edge.layer, phase: phaseAt(row, at), pdu: edge.pdu });
  };
  // a place that was waited for is named with its host: `app workers`
  const granted = trace.kind.at(edge.to) === index.kinds.claimGranted || trace.kind.at(edge.to) === index.kinds.granted;
  const resource = granted ? trace.resources[trace.subject.at(edge.to)]!.name : 'cpu';
  const claimed = resource === 'cpu' ? '' : ` ${resource}`;
  const hostName = `${trace.hosts[edge.toHost]?.name ?? ''}${claimed}`;
  if (edge.pdu) {
    // clipped at the front: what of the edge lies before the request's start is taken off its first parts
    const { pdu } = edge;
    const link = trace.links[pdu.link]!.name;
    let before = edge.start - (edge.end - (pdu.queueNs + pdu.serializationNs + pdu.propagationNs + pdu.extraNs));
    const left = (ns: Ns): Ns => {
      const off = Math.max(0, Math.min(before, ns));
      before -= off;
      return ns - off;
    };
    const rule = pdu.rule >= 0 ? trace.faults[pdu.rule] : undefined;
    const delay = rule?.type === 'pdu' && rule.verdict.do === 'delay' ? Math.min(rule.verdict.by, pdu.extraNs) : 0;
    add('queue', link, left(pdu.queueNs), 'why.link_queue');
    add('serialization', link, left(pdu.serializationNs), 'why.serialization');
    add('propagation', link, left(pdu.propagationNs), 'why.propagation');
    add('propagation', link, left(pdu.extraNs - delay), 'why.jitter');
    add('queue', link, left(delay), 'why.injected_delay');
    // a copy or a loss on the path may have taken longer or shorter: the rest is named for what it is
    if (edge.end > at) add('peer-wait', link, edge.end - at, 'why.unnamed');
    return;
  }
  const part = PART_OF_EDGE[edge.edge as Exclude<Edge, 'link'>];
  const why = edge.edge === 'instant' ? 'why.unnamed' : edge.edge === 'timer' ? `why.timer.${edge.what}` : `why.${edge.edge}`;
  add(part, hostName, edge.end - edge.start, why);
}

function phaseAt(row: RequestRow, at: Ns): Phase | null {
  for (const p of row.phases) if (p.startNs < at && (p.endEvent < 0 || at <= p.endNs)) return p.phase;
  return null;
}

/** Round trips on the critical path: pairs of crossings of one way out and back (nested ones count each). */
export function roundTrips(index: TraceIndex, request: RequestId): number {
  const open: PathEdge[] = [];
  let n = 0;
  for (const edge of criticalPath(index, request)) {
    if (!edge.pdu) continue;
    const top = open[open.length - 1];
    if (top && top.pdu!.from === edge.pdu.to && top.pdu!.to === edge.pdu.from) {
      open.pop();
      n++;
    } else open.push(edge);
  }
  return n;
}

/** Where a ledger line belongs: one line of "Where the time went". */
export type LedgerLine =
  | 'look-up' | 'tcp' | 'quic' | 'tls' | 'exchange' | 'compute' | 'timer' | 'service' | 'serialization' | 'link-queue' | 'queue' | 'delay' | 'other' | 'disk' | 'lock' | 'behind' | 'place';

export interface LedgerRow {
  readonly line: LedgerLine;
  /** Host, link or timer that sets it apart from its like. */
  readonly where: string;
  readonly what: string;
  readonly ns: Ns;
  readonly parts: readonly AttributionPart[];
  readonly layer: Layer;
}

/** The attribution gathered into lines that a person thinks in, in order of first appearance; sums exactly as well. */
export function ledger(index: TraceIndex, request: RequestId): readonly LedgerRow[] {
  return once(index, `ledger ${request}`, () => {
    const rows = new Map<string, { line: LedgerLine; where: string; what: string; ns: Ns; parts: AttributionPart[]; layer: Layer }>();
    // QUIC's handshake is TLS's as well: one line for both
    const overQuic = index.trace.requests[request]?.protocol === 'h3';
    for (const p of attribution(index, request)) {
      const line = lineOf(p, overQuic);
      const apart = line === 'timer' ? `${p.what} ${p.where}` : line === 'compute' || line === 'service' || line === 'link-queue' || line === 'queue' || line === 'place' || line === 'disk' || line === 'delay' || line === 'exchange' ? p.where : '';
      const key = `${line} ${line === 'compute' ? p.phase : ''} ${apart}`;
      const row = rows.get(key);
      if (row) {
        row.ns += p.ns;
        row.parts.push(p);
        if (row.what !== p.what) row.what = '';
      } else rows.set(key, { line, where: p.where, what: p.what, ns: p.ns, parts: [p], layer: p.layer });
    }
    return [...rows.values()];
  });
}

function lineOf(p: AttributionPart, overQuic: boolean): LedgerLine {
  if (p.part === 'timer') return 'timer';
  if (p.why === 'why.injected_delay') return 'delay';
  if (p.why === 'why.behind') return 'behind';
  if (p.phase === 'dns') return 'look-up';
  switch (p.part) {
    case 'cpu':
      return 'compute';
    case 'service':
    case 'think':
      return 'service';
    case 'disk':
    case 'lock':
      return p.part;
    case 'serialization':
      return 'serialization';
    case 'queue':
      return p.why === 'why.link_queue' ? 'link-queue' : p.why === 'why.behind' ? 'behind' : p.where.includes(' ') ? 'place' : 'queue';
    case 'propagation':
      if (overQuic && (p.phase === 'connect' || p.phase === 'tls')) return 'quic';
      return p.phase === 'connect' ? 'tcp' : p.phase === 'tls' ? 'tls' : 'exchange';
    default:
      return 'other';
  }
}
