/**
 * The bar of parts and the critical path as numbers. Law: a pure function of (trace, ledger, size); both share one true axis, time to the
 * right: a part is as wide as it is long. Crossings lead from host to host, waits are dotted, everything else stays on its host.
 */
import type { Ns } from '../../base/time';
import type { EventId, RequestId } from '../../model/ids';
import { hostOfEvent, type AttributionPart, type LedgerLine, type TraceIndex } from '../../trace';

/** Colour of a ledger line: that of its layer; `wait` is neutral. */
export type Colour = 'names' | 'transport' | 'security' | 'http' | 'compute' | 'storage' | 'wait';
const COLOUR: Readonly<Record<LedgerLine, Colour>> = {
  'look-up': 'names', tcp: 'transport', quic: 'transport', tls: 'security', exchange: 'http', compute: 'compute', service: 'compute', serialization: 'transport', disk: 'storage',
  timer: 'wait', 'link-queue': 'wait', queue: 'wait', delay: 'wait', other: 'wait', lock: 'wait', behind: 'wait', place: 'wait',
};
export const colourOf = (line: LedgerLine): Colour => COLOUR[line];

/** A line of the ledger, as far as pictures need it. */
export interface Line {
  readonly line: LedgerLine;
  readonly parts: readonly AttributionPart[];
}
/** A stretch of one line. */
export interface Stretch {
  /** Number of its ledger line. */
  readonly row: number;
  readonly x: number;
  readonly width: number;
  readonly ns: Ns;
  readonly colour: Colour;
}
/** A name on the bar: over stretches of one line that only slivers of others part. */
export interface BarLabel {
  readonly row: number;
  readonly x: number;
  readonly width: number;
  readonly ns: Ns;
}
export interface Step {
  readonly row: number;
  readonly path: string;
  readonly colour: Colour;
  readonly wait: boolean;
}
export interface HostLine {
  readonly y: number;
  /** Hosts of this row; several share a column (the name servers). */
  readonly hosts: readonly number[];
}
export interface WhyPicture {
  readonly left: number;
  readonly right: number;
  readonly bar: { readonly y: number; readonly height: number; readonly stretches: readonly Stretch[]; readonly labels: readonly BarLabel[] };
  readonly hosts: readonly HostLine[];
  readonly steps: readonly Step[];
  readonly ticks: readonly { readonly x: number; readonly ns: Ns }[];
  readonly height: number;
}

/** Narrower stretches have no name and part no name, px. */
const SLIVER = 4;
const WAITS: readonly string[] = ['queue', 'timer', 'lock', 'peer-wait', 'handshake-wait'];
const hostOf = (index: TraceIndex, part: AttributionPart): number => (part.pdu ? part.pdu.from : hostOfEvent(index, part.toEvent));

export function layoutWhy(index: TraceIndex, request: RequestId, rows: readonly Line[], width: number, type: number): WhyPicture {
  const { trace } = index;
  const { startNs, endNs } = trace.requests[request]!;
  const left = Math.round(Math.max(type * 8, Math.min(width * 0.24, type * 10))), right = width - type;
  const unit = (right - left) / Math.max(1, endNs - startNs);
  const x = (t: Ns): number => left + (t - startNs) * unit;
  const parts = rows.flatMap((r, row) => r.parts.map((part) => ({ part, row, colour: colourOf(r.line) }))).sort((a, b) => a.part.start - b.part.start);

  const stretches: Stretch[] = [];
  for (const { part, row, colour } of parts) {
    const last = stretches[stretches.length - 1];
    if (last && last.row === row) stretches[stretches.length - 1] = { ...last, width: x(part.end) - last.x, ns: last.ns + part.ns };
    else stretches.push({ row, x: x(part.start), width: part.ns * unit, ns: part.ns, colour });
  }
  const labels: BarLabel[] = [];
  for (const s of stretches.filter((s) => s.width > SLIVER)) {
    const last = labels[labels.length - 1];
    if (last && last.row === s.row && s.x - last.x - last.width < SLIVER) labels[labels.length - 1] = { ...last, width: s.x + s.width - last.x, ns: last.ns + s.ns };
    else labels.push({ row: s.row, x: s.x, width: s.width, ns: s.ns });
  }
  const bar = { y: 0, height: Math.round(type * 2), stretches, labels };

  const columns = new Map<number, number[]>();
  const met = new Set(parts.flatMap(({ part }) => [hostOf(index, part), part.pdu?.to ?? -1]).filter((h) => h >= 0));
  for (const h of [...met].sort((a, b) => trace.hosts[a]!.column - trace.hosts[b]!.column || a - b)) columns.set(trace.hosts[h]!.column, [...(columns.get(trace.hosts[h]!.column) ?? []), h]);
  const first = bar.height + type * 1.4, pitch = type * 1.5;
  const hosts = [...columns.values()].map((list, i): HostLine => ({ y: first + i * pitch, hosts: list }));
  const yOf = (host: number): number => hosts.find((h) => h.hosts.includes(host))?.y ?? first;

  const steps: Step[] = [];
  let on = -1;
  for (const { part, row, colour } of parts) {
    const from = yOf(hostOf(index, part)), to = part.part === 'propagation' && part.pdu && part.why === 'why.propagation' ? yOf(part.pdu.to) : from;
    const wait = WAITS.includes(part.part);
    const start = on < 0 || on === from || wait ? `M${r(x(part.start))} ${r(from)}` : `M${r(x(part.start))} ${r(on)}V${r(from)}`;
    steps.push({ row, colour, wait, path: `${start}L${r(x(part.end))} ${r(to)}` });
    on = to;
  }
  const bottom = first + Math.max(0, hosts.length - 1) * pitch + type;
  return { left, right, bar, hosts, steps, ticks: ticksOf(endNs - startNs, right - left, type).map((ns) => ({ ns, x: left + ns * unit })), height: Math.ceil(bottom + type * 1.5) };
}
const r = (n: number): number => Math.round(n * 100) / 100;

/** Round durations from 0 on, as many as have room. */
export function ticksOf(total: Ns, room: number, type: number): Ns[] {
  const least = total / Math.max(1, Math.floor(room / (type * 7)));
  let step = 1;
  while (step < least) step *= 10;
  if (step / 5 >= least) step /= 5;
  else if (step / 2 >= least) step /= 2;
  const list: Ns[] = [];
  for (let t = 0; t <= total; t += step) list.push(t);
  return list;
}
/** The last event of a ledger line. */
export const lastEvent = (line: Line): EventId => line.parts[line.parts.length - 1]?.toEvent ?? -1;
