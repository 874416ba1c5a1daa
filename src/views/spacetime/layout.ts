/**
 * The space-time diagram as numbers. Law: a pure function of (index, window, lens, size, orientation). `along` is
 * time, `across` is the path; the stage lets time run down, the ladder to the right.
 */
import type { Ns } from '../../base/time';
import { FATE_NAMES, type PduRow } from '../../model/pdu';
import type { Layer } from '../../model/ids';
import type { EndpointRow } from '../../model/trace';
import { strokeLabels } from '../../explain/words/packets';
import { bordersBetween, bottomFlow, carriedBy, lensOf, owners, toLens, type Lens, type TimeWindow, type TraceIndex } from '../../trace';
import type { Focus } from './focus';
import { grouped } from './groups';
import { placeWords, type Label, type Note } from './words';

export interface DiagramSize {
  /** Length of the time axis and of the path axis, px. */
  readonly along: number;
  readonly across: number;
  /** Room at both ends of the path axis. */
  readonly before: number;
  readonly after: number;
  /** Size of the labels, px. */
  readonly type: number;
  /** Time runs down (the default) or to the right. */
  readonly down?: boolean;
  /** Only these hosts are in the picture (a nearer camera); absent: all. */
  readonly hosts?: readonly number[];
}
/** Room around the lifelines: name servers share the first column and need some. */
export function roomFor(across: number, type: number, hosts?: readonly number[]): Pick<DiagramSize, 'before' | 'after'> {
  const near = hosts !== undefined;
  // a lane among several: half of it for the hosts at least
  if (near && across < type * 27) return { before: type * 3.2, after: Math.max(type * 3.2, across * 0.12) };
  return { before: Math.max(near ? type * 5 : 62, across * 0.05), after: Math.max(near ? type * 5 : 116, across * 0.06) };
}
export interface Lifeline {
  readonly host: number;
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  readonly across: number;
  /** Shares its column with others. */
  readonly small: boolean;
}
/** A run of packets sent together, drawn as one stroke as broad as its time on the wire. */
export interface Stroke {
  readonly id: number;
  readonly pdus: readonly PduRow[];
  /** The one that matters most: of the highest layer, the earliest. */
  readonly main: PduRow;
  readonly layer: Layer;
  readonly from: number;
  readonly to: number;
  /** Points (along, across) of the leading edge and of the trailing edge. */
  readonly lead: readonly (readonly [number, number])[];
  readonly trail: readonly (readonly [number, number])[];
  /** The longest first; the shorter ones where there is less room. */
  readonly labels: readonly string[];
  readonly minor: boolean;
  readonly lost: boolean;
  readonly lostAt: readonly [number, number] | null;
  readonly lostWord: string;
  readonly again: number;
  readonly startAlong: number;
  readonly endAlong: number;
}
export interface Band {
  readonly id: string;
  readonly across: number;
  readonly from: number;
  readonly to: number;
  readonly layer: Layer;
  readonly open: boolean;
  readonly name: string;
  readonly endpoint: number;
}
export interface Bracket {
  readonly id: string;
  readonly across: number;
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly fired: boolean;
  readonly timer: number;
  readonly ns: Ns;
}
export interface Block {
  readonly id: string;
  readonly across: number;
  readonly from: number;
  readonly to: number;
  readonly what: string;
  readonly ns: Ns;
}
export interface Diagram {
  readonly notes: readonly Note[];
  readonly lens: Lens;
  readonly lifelines: readonly Lifeline[];
  readonly strokes: readonly Stroke[];
  readonly bands: readonly Band[];
  readonly brackets: readonly Bracket[];
  readonly blocks: readonly Block[];
  readonly labels: readonly Label[];
  /** Words beside the crosses, by stroke. */
  readonly crosses: readonly Label[];
  readonly size: DiagramSize;
}

const HANDSHAKES = new Set(['CLOSED', 'LISTEN', 'SYN-SENT', 'SYN-RECEIVED', 'START', 'WAIT_SH', 'WAIT_EE', 'WAIT_CERT_CR', 'WAIT_CV', 'WAIT_FINISHED', 'VERIFYING', 'RECVD_CH', 'WAIT_FLIGHT2', 'FINISHING', 'WAIT_CERT', 'WAIT_SKE', 'WAIT_SHD', 'WAIT_CCS', 'WAIT_FINISHED_12', 'WAIT_CKE', 'INITIAL', 'HANDSHAKE']);
/** Timers that guard idleness: they say nothing about this request. */
const QUIET_TIMERS = new Set(['keepAliveTimeout', 'timeWait', 'connectTimeout', 'keepAlive', 'idleTimeout', 'headerTimeout', 'quicIdle', 'closing']);

/** Ends of TCP, QUIC or TLS on this transport flow; of QUIC the connection’s, not its streams’. */
export function isOfConnection({ trace }: TraceIndex, e: EndpointRow, connection: number): boolean {
  if (e.protocol !== 'tcp' && e.protocol !== 'tls' && (e.protocol !== 'quic' || trace.flows[e.flow]?.protocol !== 'quic')) return false;
  return e.flow >= 0 && bottomFlow(trace, e.flow) === connection;
}

/** Where each host's lifeline stands: columns in path order, longer links with wider gaps. */
export function lifelinesOf(index: TraceIndex, size: DiagramSize): readonly Lifeline[] {
  const { links } = index.trace;
  const hosts = size.hosts ? index.trace.hosts.filter((h) => size.hosts!.includes(h.id)) : index.trace.hosts;
  const columns = [...new Set(hosts.map((h) => h.column))].sort((a, b) => a - b);
  const gaps = columns.slice(1).map((column, i) => {
    const left = columns[i]!;
    const longest = Math.max(1, ...links.filter((l) => {
      const a = hosts.find((h) => h.name === l.a)?.column, bs = l.b.map((n) => hosts.find((h) => h.name === n)?.column);
      return (a === left && bs.includes(column)) || (a === column && bs.includes(left));
    }).map((l) => l.latencyNs[0] / 1e6));
    // where there is little room, every gap keeps enough for its hosts
    return 1 + Math.min(size.across < size.type * 27 ? 0.4 : 1.6, longest / 30);
  });
  const whole = gaps.reduce((sum, g) => sum + g, 0) || 1;
  const room = size.across - size.before - size.after;
  const at: number[] = [size.before];
  gaps.forEach((g, i) => at.push(at[i]! + (room * g) / whole));
  return hosts.map((h) => {
    const place = columns.indexOf(h.column);
    const mates = hosts.filter((o) => o.column === h.column);
    // mates stay clear of the columns beside theirs
    const beside = Math.min(place > 0 ? at[place]! - at[place - 1]! - 30 : size.before - 9, place < at.length - 1 ? at[place + 1]! - at[place]! - 30 : size.after - 9);
    const spread = mates.length < 2 ? 0 : size.down === false ? size.type * 1.3 : Math.max(8, Math.min(38, place > 0 && place < at.length - 1 ? 38 : ((place > 0 ? size.after : size.before) * 1.7) / mates.length, (beside * 2) / (mates.length - 1)));
    const across = at[place]! + (mates.indexOf(h) - (mates.length - 1) / 2) * spread;
    return { host: h.id, name: h.name, title: h.title, kind: h.kind, across, small: mates.length > 1 };
  });
}

/** Where each host stands across, by its id; NaN when it is not in the picture. */
export function placesOf(index: TraceIndex, lifelines: readonly Lifeline[]): readonly number[] {
  const place: number[] = index.trace.hosts.map(() => NaN);
  for (const l of lifelines) place[l.host] = l.across;
  return place;
}

/**
 * Lays a window out. `connection` is the transport flow whose states are drawn (the main request's, or the selected).
 * With a `focus` (in a crowd) only what belongs to it is laid out; the others are `crowdOf`'s.
 */
export function layoutDiagram(
  index: TraceIndex, window: TimeWindow, bent: boolean, size: DiagramSize, connection: number, others: readonly TraceIndex[] = [], focus: Focus | null = null,
): Diagram {
  const lens = lensOf(index, window, bent, others);
  const along = (t: Ns): number => toLens(lens, t) * size.along;
  const lifelines = lifelinesOf(index, size);
  const place = placesOf(index, lifelines);
  const seen = (host: number): boolean => !Number.isNaN(place[host]!);
  const groups = grouped(index, window).filter((g) => seen(g[0]!.from) && seen(g[0]!.to) && (!focus || g.some((p) => focus.pdus.has(p.id))));
  const strokes = groups.map((group) => strokeOf(index, group, lens, size.along, place));
  const { endpoints } = index.trace;
  const owner = focus ? owners(index) : null;
  const ours = (event: number): boolean => !focus || owner![event] === focus.request;

  const bands: Band[] = [];
  for (const e of endpoints) {
    if (!isOfConnection(index, e, connection) || !seen(e.host)) continue;
    const side = e.protocol === 'tls' ? 4 : -4;
    for (const s of index.states[e.id]!) {
      if (s.name === 'CLOSED' || s.name === 'START' || s.end <= window.start || s.start >= window.end || s.end <= s.start) continue;
      bands.push({
        id: `${e.id}-${s.startEvent}`, across: place[e.host]! + side, from: along(s.start), to: along(s.end), layer: e.layer, open: !HANDSHAKES.has(s.name), name: s.name, endpoint: e.id,
      });
    }
  }
  const brackets: Bracket[] = [];
  const used = new Map<number, number>();
  for (const span of index.timers) {
    if (span.outcome !== 'fired' || QUIET_TIMERS.has(span.name) || !seen(span.host) || !ours(span.startEvent) || span.end <= window.start || span.end > window.end) continue;
    const armed = span.armings[span.armings.length - 1]!.at;
    if (span.name === 'delayedAck' && span.end - armed < 1) continue;
    const slot = used.get(span.host) ?? 0;
    used.set(span.host, slot + 1);
    const outward = place[span.host]! > size.across / 2 ? 1 : -1;
    brackets.push({
      id: `${span.timer}-${span.startEvent}`, across: place[span.host]! + outward * (16 + (slot % 3) * 7), from: along(armed), to: along(span.end), name: span.name, fired: true, timer: span.timer, ns: span.end - armed,
    });
  }

  const blocks: Block[] = [];
  for (const job of index.jobs) {
    if (job.grantedAt < 0 && job.resource >= 0) continue;
    const start = job.resource < 0 ? job.requestedAt : job.grantedAt;
    const end = job.doneAt < 0 ? window.end : job.doneAt;
    if (end <= window.start || start >= window.end || job.what === 'the user waits' || !seen(job.host) || !ours(job.requestedEvent)) continue;
    blocks.push({ id: `${job.requestedEvent}`, across: place[job.host]!, from: along(start), to: along(end), what: job.what, ns: end - start });
  }
  return { lens, lifelines, strokes, bands, brackets, blocks, ...placeWords(strokes, brackets, blocks, size), size };
}

/** A group of packets as a stroke; `length` of the time axis in px. */
export function strokeOf(index: TraceIndex, group: readonly PduRow[], lens: Lens, length: number, place: readonly number[]): Stroke {
  const along = (t: Ns): number => toLens(lens, t) * length;
  const first = group[0]!, last = group[group.length - 1]!;
  const from = place[first.from]!, to = place[first.to]!;
  const lost = first.fate > 1;
  const edge = (pdu: PduRow, tail: boolean): (readonly [number, number])[] => {
    const start = pdu.sentAt + pdu.queueNs + (tail ? pdu.serializationNs : 0);
    const way = Math.max(1, pdu.propagationNs + pdu.extraNs);
    const reach = lost ? pdu.fatePosition : 1;
    const stop = lost && pdu.fatePosition === 0 ? start : start + way * reach;
    const at = (t: Ns): readonly [number, number] => [along(t), from + ((to - from) * (t - start)) / way];
    return [at(start), ...bordersBetween(lens, start, stop).map(at), at(stop)];
  };
  const carried = carriedBy(index, first);
  const names = [...new Set(group.flatMap((p) => carriedBy(index, p).names))];
  const lead = edge(first, false), trail = edge(last, true);
  const end = lead[lead.length - 1]!;
  // a packet lost as it enters the link gets a short stub, so that its cross stands on the link and not on the host
  const stub: readonly [number, number] = [end[0], from + (to - from) * Math.max(0.06, first.fatePosition)];
  const minor = first.payload === 0 && (first.flags & 7) === 0;
  const labels = minor ? ['ACK'] : strokeLabels(names, first.name, group.length, first.transmission);
  const layers = group.map((p) => carriedBy(index, p).layer);
  const layer = layers.includes('http') ? 'http' : carried.layer;
  return {
    id: first.id, pdus: group, main: group[Math.max(0, layers.indexOf(layer))]!, layer, from: first.from, to: first.to, lead, trail, labels, minor, lost, lostAt: lost ? stub : null, lostWord: lost ? FATE_NAMES[first.fate] : '',
    again: first.transmission, startAlong: lead[0]![0], endAlong: Math.max(end[0], trail[trail.length - 1]![0]),
  };
}

/** Points as an SVG path. `down`: time runs down (x = across, y = along). */
export function pathOf(points: readonly (readonly [number, number])[], down: boolean): string {
  return points.map(([a, c], i) => `${i === 0 ? 'M' : 'L'}${down ? `${fix(c)} ${fix(a)}` : `${fix(a)} ${fix(c)}`}`).join('');
}
/** Leading and trailing edge as a closed shape. */
export function ribbonOf(s: Stroke, down: boolean): string {
  return `${pathOf(s.lead, down)}${pathOf([...s.trail].reverse(), down).replace('M', 'L')}Z`;
}
const fix = (n: number): string => String(Math.round(n * 10) / 10);
