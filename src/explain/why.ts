/** "Why 652 ms?": the ledger of a request in words, and who notices a loss. Law: numbers come from `trace/causes` and sum exactly. */
import type { Ns } from '../base/time';
import type { EventId, Layer, RequestId } from '../model/ids';
import type { PduRow } from '../model/pdu';
import { ledger, whoNotices, type AttributionPart, type LedgerLine, type LedgerRow, type TraceIndex } from '../trace/index';
import { windowThatOpened } from './beside';
import { en, type Catalogue } from './catalogue';
import { hostWords, linkWords } from './describe';
import { capital } from './format';
import type { WhyFacts } from './words/why';

export interface WhyRow {
  readonly line: LedgerLine;
  readonly name: string;
  readonly sentence: string;
  /** Empty when there is none. */
  readonly formula: string;
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
    return {
      line: row.line, name: capital(w.name(facts)), sentence: w.sentence(facts), formula: w.formula(facts), spec: w.spec, ns: row.ns, layer: row.layer, parts: row.parts,
    };
  });
}

function factsOf(index: TraceIndex, request: RequestId, row: LedgerRow, words: Catalogue): WhyFacts {
  const { trace } = index;
  const host = trace.hosts.find((h) => h.name === row.where);
  const crossings = row.parts.filter((p) => p.part === 'propagation');
  const first = crossings[0];
  const alike = first !== undefined && crossings.every((p) => p.ns === first.ns);
  const links = new Set(row.parts.map((p) => p.pdu?.link ?? -1));
  const link = links.size === 1 ? trace.links[[...links][0]!] : undefined;
  let n = 0;
  for (const p of row.parts) if (p.part === 'propagation' || row.line !== 'look-up') n++;
  return {
    where: host ? words.packets.host(host.title || host.name) : linkWords(index, row.where, words), what: row.what, ns: row.ns, n, onewayNs: alike ? first.ns : -1,
    bytes: row.parts.reduce((sum, p) => sum + (p.pdu?.bytes ?? 0), 0), bitsPerSecond: link && link.rate[0] === link.rate[1] ? link.rate[0] : 0,
    window: row.line === 'exchange' ? windowThatOpened(index, request) : '',
    questions: crossings.filter((p) => p.pdu?.name === 'query').length, roundTrips: pairs(crossings),
  };
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
