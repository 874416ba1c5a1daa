/** Sentences about single things of a trace: events, packets, messages, timers, states, faults, errors, parameters. */
import type { EventId, HostId, MessageId } from '../model/ids';
import type { Fault } from '../model/fault';
import { linkTitle } from '../model/link-name';
import type { PduRow } from '../model/pdu';
import type { RequestRow } from '../model/request';
import { carriedBy, type StateSpan, type TimerSpan, type TraceIndex } from '../trace/index';
import { core, type Core } from './core';
import { EventFacts, packetFacts } from './facts';
import { bytes, capital, clock, duration } from './format';

/** `the web server` */
export function hostWords(index: TraceIndex, host: HostId, words: Core = core): string {
  const row = index.trace.hosts[host];
  return row ? words.packets.host(row.title || row.name) : '';
}

/** `browser – web server` */
export function linkWords(index: TraceIndex, link: string, words: Core = core): string {
  const row = index.trace.links.find((l) => l.name === link);
  const title = (name: string): string => index.trace.hosts.find((h) => h.name === name)?.title || name;
  return row ? linkTitle(index.trace.links, row, title, words.ui.linkName) : link;
}

/** One sentence for an event. Every kind has words (tested over all kinds). */
export function describeEvent(index: TraceIndex, event: EventId, words: Core = core): string {
  const { trace } = index;
  const kind = trace.kinds[trace.kind.at(event)]!;
  const say = words.events[kind.words ?? kind.name];
  if (!say) return `${kind.name}.`;
  return say(new EventFacts(index, event, words.packets, words.packets.host));
}

/** A packet as a head: `ServerHello, Certificate … (1 of 2)`. */
export const packetTitle = (index: TraceIndex, pdu: PduRow, words: Core = core): string => words.packets.title(packetFacts(index, pdu));
/** A packet inside a sentence. */
export const packetSpoken = (index: TraceIndex, pdu: PduRow, words: Core = core): string => words.packets.spoken(packetFacts(index, pdu));
/** A packet inside a sentence, by its foremost name. */
export const packetBrief = (index: TraceIndex, pdu: PduRow, words: Core = core): string => words.packets.brief(packetFacts(index, pdu));
/** A packet with those that leave with it and arrive beside it, inside a sentence: `GET, Finished`; `the questions A and AAAA shop.example`. */
export function packetsSpoken(index: TraceIndex, pdu: PduRow, words: Core = core): string {
  const { pdus } = index.trace;
  // rows stand in the order sent: those of one instant are neighbours
  let from = pdu.id, to = pdu.id + 1;
  while (pdus[from - 1]?.sentAt === pdu.sentAt) from--;
  while (pdus[to]?.sentAt === pdu.sentAt) to++;
  const mates = pdus.slice(from, to).filter((p) => p.from === pdu.from && p.to === pdu.to && p.protocol === pdu.protocol && p.transmission === pdu.transmission && p.copyOf < 0
    && (pdu.protocol === 17 ? p.fateAt === pdu.fateAt : p.flow === pdu.flow && p.payload > 0 && pdu.payload > 0 && p.fate === pdu.fate && carriedBy(index, p).names.join() !== carriedBy(index, pdu).names.join()));
  return words.packets.together(mates.includes(pdu) ? mates.map((p) => packetFacts(index, p)) : [pdu, ...mates].map((p) => packetFacts(index, p)));
}
/** A packet as a label on its stroke. */
export const packetLabel = (index: TraceIndex, pdu: PduRow, words: Core = core): string => words.packets.label(packetFacts(index, pdu));

/** A packet in one sentence. */
export function describePdu(index: TraceIndex, pdu: PduRow, words: Core = core): string {
  const end = pdu.fateEvent >= 0 ? describeEvent(index, pdu.fateEvent, words) : '';
  return `${capital(packetTitle(index, pdu, words))}, ${bytes(pdu.bytes)}, ${hostWords(index, pdu.from, words)} to ${hostWords(index, pdu.to, words)}, sent at ${clock(pdu.sentAt)}. ${end}`.trim();
}

/** A message in one sentence. */
export function describeMessage(index: TraceIndex, message: MessageId, words: Core = core): string {
  const m = index.trace.messages[message]!;
  const flow = index.trace.flows[m.flow]!;
  const from = m.direction === 0 ? flow.initiator : flow.responder, to = m.direction === 0 ? flow.responder : flow.initiator;
  return `${m.name}, ${bytes(m.bytes)}, ${hostWords(index, from, words)} to ${hostWords(index, to, words)}.`;
}

/** A timer's span in one sentence, with what it is for. */
export function describeTimer(index: TraceIndex, span: TimerSpan, words: Core = core): string {
  const help = (words.timers as Readonly<Record<string, { help: string }>>)[span.name]?.help ?? '';
  const end = span.outcome === 'fired' ? `fires at ${clock(span.end)}` : span.outcome === 'cancelled' ? `is stopped at ${clock(span.end)}` : 'still runs';
  const due = span.armings[span.armings.length - 1]!;
  return `${capital(words.possessive(hostWords(index, span.host, words)))} ${words.timerName(span.name)}: set at ${clock(due.at)} for ${duration(due.deadline - due.at)}; it ${end}. ${help}`.trim();
}

/** A state in one sentence: the chart's own description and section. */
export function describeState(index: TraceIndex, span: StateSpan, words: Core = core): string {
  const row = index.trace.endpoints[span.endpoint]!;
  const state = index.trace.charts[row.chart]?.states.find((s) => s.key === span.name);
  const until = span.endEvent < 0 ? '' : ` until ${clock(span.end)}`;
  return `${capital(words.possessive(hostWords(index, row.host, words)))} ${words.protocolName(row.protocol)} is in ${span.name} from ${clock(span.start)}${until}. ${state?.description ?? ''} ${state?.spec ? `(${state.spec})` : ''}`.trim();
}

/** A fault as a short phrase: `drop data from edge (first)`. */
export function faultWords(fault: Fault): string {
  if (fault.type === 'pdu') {
    const w = fault.where;
    const what = w.select ?? (w.flow ? `a packet of ${w.flow}` : 'a packet');
    const verdict = fault.verdict.do === 'delay' ? `delay by ${duration(fault.verdict.by)}:` : `${fault.verdict.do}:`;
    const which = fault.count < 0 ? (fault.nth > 1 ? `from the ${ordinal(fault.nth)} on` : 'all') : fault.count > 1 ? `${fault.count} from the ${ordinal(fault.nth)}` : `the ${ordinal(fault.nth)}`;
    return `${verdict} ${what}${w.from ? ` from ${w.from}` : ''}${w.link ? ` on ${w.link}` : ''}, ${which}${w.transmission && w.transmission > 1 ? `, transmission ${w.transmission}` : ''}`;
  }
  const when = fault.type === 'answer' ? '' : ` from ${clock(fault.from)}${fault.until === null ? '' : ` to ${clock(fault.until)}`}`;
  if (fault.type === 'host') return `${fault.host} ${fault.verdict === 'stop' ? 'stops' : 'is silent'}${when}`;
  if (fault.type === 'link') return `link ${fault.link} is down${when}`;
  return `${fault.host} answers ${fault.verdict}${fault.name ? ` for ${fault.name}` : ''}`;
}
const ordinal = (n: number): string => `${n}${n % 100 >= 11 && n % 100 <= 13 ? 'th' : n % 10 === 1 ? 'st' : n % 10 === 2 ? 'nd' : n % 10 === 3 ? 'rd' : 'th'}`;

/** What the user sees of a failed request. */
export interface ErrorPage {
  readonly title: string;
  readonly sentence: string;
  /** Chromium's name of the error. */
  readonly code: string;
  /** The whole line that curl prints. */
  readonly curl: string;
  readonly cure: string;
}
/** Null while the request has not failed. */
export function errorPage(request: RequestRow, words: Core = core): ErrorPage | null {
  const { error } = request;
  if (!error) return null;
  const host = /^[a-z]+:\/\/([^/:]+)/.exec(request.url)?.[1] ?? request.url;
  const w = words.errors[error.text] ?? words.errors['error.other']!;
  return { title: w.title, sentence: w.sentence(host), code: error.browser, curl: `curl: (${error.curl}) ${w.curl(host)}`, cure: w.cure };
}
