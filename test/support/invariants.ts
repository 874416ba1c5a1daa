/** What must hold of every run, whatever the scenario: causality, conservation of packets and places, exact attribution. */
import { Fate } from '../../src/model/pdu';
import type { Trace } from '../../src/model/trace';
import { attribution, indexTrace } from '../../src/trace';

/** Per link, bytes sent + duplicated = delivered + dropped + in flight, the ends counted by the link's events and not by the rows' own word. */
function lostBytes({ links, pdus, kinds, kind, subject, outcome }: Trace): string | null {
  const idOf = (name: string): number => kinds.find((k) => k.name === name)?.id ?? -1;
  const delivered = idOf('link.pdu_delivered'), dropped = idOf('link.pdu_dropped');
  const ends = new Uint8Array(pdus.length);
  const ended = links.map(() => 0), entered = links.map(() => 0), under = links.map(() => 0);
  for (let e = 0; e < kind.length; e++) {
    if (kind.at(e) !== delivered && kind.at(e) !== dropped) continue;
    const pdu = pdus[subject.at(e)]!;
    if (++ends[pdu.id]! > 1) return `packet ${pdu.id} ends twice`;
    if ((pdu.fate === Fate.delivered) !== (kind.at(e) === delivered)) return `packet ${pdu.id} says ${pdu.fate}, its event says otherwise`;
    ended[pdu.link]! += pdu.bytes;
  }
  for (const pdu of pdus) {
    const original = pdu.copyOf < 0 ? pdu : pdus[pdu.copyOf]!;
    if (original.copyOf >= 0 || original.bytes !== pdu.bytes || original.sentEvent !== pdu.sentEvent) return `packet ${pdu.id} is no copy of ${original.id}`;
    entered[pdu.link]! += pdu.bytes;
    if (ends[pdu.id] === 0) under[pdu.link]! += pdu.bytes;
  }
  for (const { id, name } of links) {
    if (entered[id] !== ended[id]! + under[id]!) return `link ${name}: ${entered[id]} bytes entered, ${ended[id]} ended, ${under[id]} under way`;
    if (under[id]! > 0 && outcome !== 'budget' && outcome !== 'timeout') return `link ${name}: the run is over and ${under[id]} bytes are still under way`;
  }
  return null;
}

/** What must hold of every run; returns the first thing that does not. */
export function broken(trace: Trace): string | null {
  const { time, cause, kind } = trace;
  for (let e = 0; e < kind.length; e++) {
    const c = cause.at(e);
    if (c >= e) return `event ${e} has the later cause ${c}`;
    if (c >= 0 && time.at(c) > time.at(e)) return `event ${e} happens before its cause`;
    if (e > 0 && time.at(e) < time.at(e - 1)) return `event ${e} goes back in time`;
  }
  const lost = lostBytes(trace);
  if (lost) return lost;
  const index = indexTrace(trace);
  for (const r of trace.requests) {
    if (r.endNs < 0) continue;
    const parts = attribution(index, r.id);
    const sum = parts.reduce((s, p) => s + p.ns, 0);
    if (sum !== r.endNs - r.startNs) return `request ${r.id}: parts sum to ${sum}, it took ${r.endNs - r.startNs}`;
    if (parts.some((p) => p.ns < 0 || !Number.isInteger(p.ns))) return `request ${r.id}: a part is negative or not whole`;
  }
  const crowded = crowding(trace);
  if (crowded) return crowded;
  if (trace.outcome === 'unmodelled') return `not modelled: ${trace.stopReason}`;
  if ((trace.outcome === 'budget' || trace.outcome === 'timeout') && trace.stopReason === null && trace.outcome === 'budget') return 'a stop without a reason';
  return null;
}


/** Never more at once on a resource than it has places, and no work done that was not asked for. */
function crowding(trace: Trace): string | null {
  const index = indexTrace(trace);
  const edges = trace.resources.map((): [number, number][] => []);
  const turn = (resource: number, start: number, end: number): void => void edges[resource]!.push([start, 1], [end < 0 ? Infinity : end, -1]);
  for (const c of index.claims) if (c.grantedAt >= 0) turn(c.resource, c.grantedAt, c.endAt);
  for (const j of index.jobs) {
    if (j.resource < 0) continue;
    for (const r of j.runs) turn(j.resource, r.start, r.end);
    const ran = j.runs.reduce((sum, r) => sum + (r.end < 0 ? 0 : r.end - r.start), 0);
    if (j.doneAt >= 0 && ran !== j.amountNs) return `work "${j.what}" took ${ran} of ${j.amountNs}`;
  }
  // a host that was switched off keeps what was under way in its books
  const stopped = new Set(trace.faults.flatMap((f) => (f.type === 'host' && f.verdict === 'stop' ? [f.host] : [])));
  for (const { id, host, name, servers } of trace.resources) {
    if (stopped.has(trace.hosts[host]!.name)) continue;
    let busy = 0;
    for (const [, step] of edges[id]!.sort((p, q) => p[0] - q[0] || p[1] - q[1])) {
      busy += step;
      if (busy > servers) return `${busy} at once on the ${servers} places of ${trace.hosts[host]!.name} ${name}`;
    }
  }
  return null;
}
