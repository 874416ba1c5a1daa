/** "Why 652 ms?": the ledger of a request in words, and who notices a loss. Law: numbers come from `trace/causes` and sum exactly. */
import type { Ns } from '../base/time';
import type { EventId, Layer, RequestId } from '../model/ids';
import type { PduRow } from '../model/pdu';
import { bottomFlow, carriedBy, holderBefore, ledger, whoNotices, type AttributionPart, type LedgerLine, type LedgerRow, type TraceIndex } from '../trace/index';
import { windowThatOpened } from './beside';
import { en, type Catalogue } from './catalogue';
import { hostWords, linkWords } from './describe';
import { capital } from './format';
import { timerSet } from './why-chain';
import type { Share, WhyFacts } from './words/why';

export interface WhyRow {
  readonly line: LedgerLine;
  readonly name: string;
  readonly sentence: string;
  /** The sentence, or less where it is long. */
  readonly brief: string;
  readonly formula: string;
  /** Section of a standard, or the parameter that it comes from. */
  readonly spec: string;
  readonly ns: Ns;
  readonly layer: Layer;
  readonly parts: readonly AttributionPart[];
}

/** Where a request's time went, line by line; the lines sum exactly to its duration. Empty while it has not ended. */
export function whyRequest(index: TraceIndex, request: RequestId, words: Catalogue = en): readonly WhyRow[] {
  return ledger(index, request).map((row) => {
    const w = words.ledger[row.line]!;
    const facts = factsOf(index, request, row, words);
    const sentence = w.sentence(facts);
    return {
      line: row.line, name: capital(w.name(facts)), sentence, brief: w.brief?.(facts) ?? sentence, formula: w.formula(facts), spec: w.spec(facts), ns: row.ns, layer: row.layer, parts: row.parts,
    };
  });
}

function factsOf(index: TraceIndex, request: RequestId, row: LedgerRow, words: Catalogue): WhyFacts {
  const { trace } = index;
  const { parts } = row;
  const pdus = parts.flatMap((p) => p.pdu ?? []);
  const crossings = parts.filter((p) => p.part === 'propagation');
  const onLink = parts[0]!.pdu !== null;
  const [hostName = '', ...place] = row.where.split(' ');
  const host = onLink ? undefined : trace.hosts.find((h) => h.name === row.where) ?? trace.hosts.find((h) => h.name === hostName);
  const outward = crossings[0]?.pdu;
  const sizes = new Map<number, number>();
  for (const p of parts) if (p.pdu) sizes.set(rateOf(index, p.pdu), (sizes.get(rateOf(index, p.pdu)) ?? 0) + p.pdu.bytes);
  return {
    where: host ? words.packets.host(host.title || host.name) : linkWords(index, row.where, words), place: host && host.name !== row.where ? place.join(' ') : '', what: row.what, ns: row.ns, n: parts.length,
    ways: alike(row.line === 'disk' ? parts : crossings), pieces: piecesOf(parts), sizes: [...sizes].map(([rate, bytes]) => ({ bytes, rate })), ahead: aheadOf(index, row.line === 'link-queue' ? pdus : []),
    before: parts.flatMap((p) => holderBefore(index, p.toEvent)?.what ?? []), taken: takenBefore(index, longest(parts).toEvent), set: parts.flatMap((p) => timerSet(index, p.toEvent) ?? []),
    asked: pdus.filter((p) => outward && p.from === outward.from && p.to === outward.to).map((p) => carriedBy(index, p).names[0] ?? p.name),
    window: row.line === 'exchange' && onClientLink(index, request, pdus) ? windowThatOpened(index, request) : '',
    questions: crossings.filter((p) => p.pdu?.name === 'query').length, roundTrips: pairs(crossings),
  };
}

const longest = (parts: readonly AttributionPart[]): AttributionPart => parts.reduce((a, b) => (b.ns > a.ns ? b : a));
const rateOf = (index: TraceIndex, pdu: PduRow): number => index.trace.links[pdu.link]!.rate[pdu.linkDirection];
const onClientLink = (index: TraceIndex, request: RequestId, pdus: readonly PduRow[]): boolean => {
  const flow = bottomFlow(index.trace, index.trace.requests[request]!.flow);
  return pdus.some((p) => p.flow === flow);
};
/** How many took how long each, in order of first appearance. */
function alike(parts: readonly AttributionPart[]): Share[] {
  const shares = new Map<number, number>();
  for (const p of parts) shares.set(p.ns, (shares.get(p.ns) ?? 0) + 1);
  return [...shares].map(([ns, n]) => ({ n, ns }));
}
/** What the time was for, the longest first; equal ones in order of time. */
function piecesOf(parts: readonly AttributionPart[]): WhyFacts['pieces'] {
  const pieces = new Map<string, { what: string; n: number; ns: number }>();
  for (const p of parts) {
    const piece = pieces.get(p.what);
    if (!piece) pieces.set(p.what, { what: p.what, n: 1, ns: p.ns });
    else {
      piece.n++;
      piece.ns += p.ns;
    }
  }
  return [...pieces.values()].sort((a, b) => b.ns - a.ns);
}
/** Packets that had not left when these were sent on the same link, the same way. */
function aheadOf(index: TraceIndex, pdus: readonly PduRow[]): WhyFacts['ahead'] {
  const before = new Map<number, boolean>();
  for (const p of pdus) {
    for (let i = p.id - 1; i >= 0; i--) {
      const q = index.trace.pdus[i]!;
      if (q.link === p.link && q.linkDirection === p.linkDirection && q.sentAt + q.queueNs + q.serializationNs > p.sentAt) before.set(i, q.flow === p.flow);
    }
  }
  const ids = [...before.keys()];
  return { packets: ids.length, own: ids.filter((id) => before.get(id)).length, bytes: ids.reduce((sum, id) => sum + index.trace.pdus[id]!.bytes, 0) };
}
/** How full a place or the cores were when a wait for them began; null for events that grant nothing, and where something was free. */
function takenBefore(index: TraceIndex, event: EventId): WhyFacts['taken'] {
  const { trace, kinds, claims, jobs } = index;
  const kind = trace.kind.at(event);
  const servers = trace.resources[trace.subject.at(event)]?.servers ?? 0;
  const over = (end: Ns, at: Ns): boolean => end >= 0 && end <= at;
  if (kind === kinds.claimGranted) {
    const mine = claims.find((c) => c.grantedEvent === event)!, at = mine.requestedAt;
    const others = claims.filter((c) => c.resource === mine.resource && c.requestedEvent < mine.requestedEvent && !over(c.endAt, at));
    const busy = others.filter((c) => c.grantedAt >= 0 && c.grantedAt <= at).length;
    return busy < servers ? null : { busy, servers, queued: others.length - busy };
  }
  const mine = kind === kinds.granted ? jobs.find((j) => j.grantedEvent === event) : undefined;
  if (!mine) return null;
  const at = mine.requestedAt;
  const others = jobs.filter((j) => j.resource === mine.resource && j.requestedEvent < mine.requestedEvent && !over(j.doneAt, at));
  const busy = others.filter((j) => j.runs.some((r) => r.start <= at && !over(r.end, at))).length;
  return busy < servers ? null : { busy, servers, queued: others.length - busy };
}

/** Pairs of crossings there and back. */
function pairs(crossings: readonly AttributionPart[]): number {
  let n = 0;
  const open: PduRow[] = [];
  for (const { pdu } of crossings) {
    const top = open[open.length - 1];
    if (top && pdu && top.from === pdu.to && top.to === pdu.from) {
      open.pop();
      n++;
    } else if (pdu) open.push(pdu);
  }
  return n;
}

export interface NoticeRow {
  readonly time: Ns;
  readonly text: string;
  readonly event: EventId;
  /** The first act: what ends the wait. */
  readonly first: boolean;
}

/** "Who notices, and when": the rows of a lost packet's rail, in order of time. Empty for a packet that was not lost. */
export function noticeRows(index: TraceIndex, pdu: PduRow, words: Catalogue = en): readonly NoticeRow[] {
  if (!index.lost.includes(pdu)) return [];
  const story = whoNotices(index, pdu);
  const rows: NoticeRow[] = story.notices.map((n) => {
    const host = hostWords(index, n.host, words);
    const text = n.what === 'timer' ? words.notices.timer(host, n.timer) : words.notices[n.what](host);
    return { time: n.time, text, event: n.event, first: n.event === story.firstAct };
  });
  const { repair } = story;
  if (repair) {
    rows.push({ time: repair.time, text: words.notices.again(hostWords(index, repair.host, words)), event: repair.event, first: repair.event === story.firstAct });
    if (story.arrivedAt >= 0) rows.push({ time: story.arrivedAt, text: words.notices.arrives(hostWords(index, pdu.to, words)), event: repair.pdu.fateEvent, first: false });
  } else rows.push({ time: pdu.fateAt, text: words.notices.nobody, event: pdu.fateEvent, first: false });
  return rows.sort((a, b) => a.time - b.time || a.event - b.event);
}
