/**
 * The caption: one sentence in the present tense for the moment, and the one thing that it speaks about. Ranking:
 *  1. what is selected (an event that was stepped to, a packet, a timer);
 *  2. failures: the error page, a run that had to stop;
 *  3. a loss whose consequence is still open: who acts first, when, by which timer;
 *  4. a moment that has just been reached (for a fifth of the time to the next one, at most half of the edge that begins there);
 *  5. what the request waits for: the edge of its critical path at t (packet, CPU, queue, timer, think time);
 *  6. anything else on its way; else what the run has come to.
 */
import type { Ns } from '../base/time';
import type { EndpointId, EventId, HostId, PduId, RequestId, TimerId } from '../model/ids';
import type { PduRow } from '../model/pdu';
import type { RequestRow } from '../model/request';
import {
  causes, criticalPath, fateTime, hostOfEvent, inFlightAt, moments, stateAt, whoNotices, type InFlight, type Moment, type PathEdge, type TraceIndex,
} from '../trace/index';
import { core, type Core } from './core';
import { describeEvent, describePdu, describeTimer, errorPage, hostWords, linkWords, packetBrief, packetsSpoken } from './describe';
import { pathOf } from './facts';
import { capital } from './format';

export interface Caption {
  readonly text: string;
  readonly tone: 'normal' | 'failure' | 'wait';
  /** Events that the sentence is about. */
  readonly events: readonly EventId[];
  /** The one thing to emphasise; at most one of these. */
  readonly pdu?: PduId;
  readonly timer?: TimerId;
  readonly endpoint?: EndpointId;
  readonly host?: HostId;
  readonly request?: RequestId;
}
/** What is selected, or the event that was stepped to. */
export interface CaptionSelection {
  readonly event?: EventId;
  readonly pdu?: PduId;
  readonly timer?: TimerId;
}

/** The caption at `t`. */
export function captionAt(index: TraceIndex, t: Ns, selection: CaptionSelection = {}, words: Core = core): Caption {
  const request = speakingRequest(index, t);
  return (
    ofSelection(index, t, selection, words) ?? ofFailure(index, t, words) ?? ofLoss(index, t, words) ?? (request ? ofMoment(index, t, request, words) : null) ??
    (request ? ofPath(index, t, request, words) : null) ?? ofRest(index, t, words)
  );
}

/** The request that the caption follows: the main one while it is under way, then the open one that ends last. */
export function speakingRequest(index: TraceIndex, t: Ns): RequestRow | null {
  const { trace } = index;
  const open = (r: RequestRow): boolean => r.startNs <= t && (r.endEvent < 0 || t < r.endNs);
  const main = trace.requests[trace.mainRequest];
  if (main && open(main)) return main;
  let last: RequestRow | null = null;
  for (const r of trace.requests) if (open(r) && (!last || last.endEvent >= 0) && (r.endEvent < 0 || !last || r.endNs > last.endNs)) last = r;
  return last;
}

function ofSelection(index: TraceIndex, t: Ns, s: CaptionSelection, words: Core): Caption | null {
  const { trace } = index;
  if (s.event !== undefined && s.event >= 0 && s.event < trace.kind.length) return eventCaption(index, s.event, words);
  const pdu = s.pdu === undefined ? undefined : trace.pdus[s.pdu];
  if (pdu && pdu.sentAt <= t) return { text: describePdu(index, pdu, words), tone: index.lost.includes(pdu) ? 'failure' : 'normal', events: [pdu.sentEvent], pdu: pdu.id };
  const span = s.timer === undefined ? undefined : index.timers.find((x) => x.timer === s.timer && x.start <= t && t <= x.end);
  if (span) return { text: describeTimer(index, span, words), tone: 'wait', events: [span.startEvent], timer: span.timer };
  return null;
}

/** An event as a caption: its sentence, tone and thing. */
export function eventCaption(index: TraceIndex, event: EventId, words: Core = core): Caption {
  const { trace, kinds } = index;
  const kind = trace.kind.at(event);
  const spec = trace.kinds[kind]!;
  const subject = trace.subject.at(event);
  const failed = kind === kinds.dropped || spec.name.startsWith('fault.') || trace.requests.some((r) => r.error !== null && r.endEvent === event);
  const tone: Caption['tone'] = failed || /refused|failed|gave_up|reset|alert_|error_|loss/.test(spec.name) && !/close_notify/.test(trace.texts[trace.a.at(event)] ?? '') ? 'failure' : spec.edge === 'timer' || spec.edge === 'queue' ? 'wait' : 'normal';
  const text = spec.name === 'dns.resolved' ? resolved(index, event, words) : describeEvent(index, event, words);
  const where = trace.where.at(event);
  const thing = spec.subject === 'pdu' ? { pdu: subject } : spec.subject === 'timer' ? { timer: subject } : spec.subject === 'request' && subject >= 0 ? { request: subject } : where >= 0 ? { endpoint: where } : {};
  return { text, tone, events: [event], ...thing };
}

/** `shop.example is 203.0.113.7, after 4 questions.`: the questions on the chain of causes. */
function resolved(index: TraceIndex, event: EventId, words: Core): string {
  const { trace, kinds } = index;
  const started = index.kindByName.get('dns.look_up_started');
  let questions = 0;
  for (const e of causes(trace, event)) {
    if (trace.kind.at(e) === kinds.delivered && trace.pdus[trace.subject.at(e)]!.name === 'query') questions++;
    if (trace.kind.at(e) === started) break;
  }
  return words.resolvedAfter(trace.texts[trace.a.at(event)] ?? '', trace.texts[trace.b.at(event)] ?? '', questions);
}

function ofFailure(index: TraceIndex, t: Ns, words: Core): Caption | null {
  const { trace } = index;
  const main = trace.requests[trace.mainRequest];
  if (main?.error && main.endEvent >= 0 && t >= main.endNs) {
    const page = errorPage(main, words)!;
    return { text: words.caption.failed(page.sentence, page.code), tone: 'failure', events: [main.endEvent], request: main.id };
  }
  if (trace.stopReason !== null && t >= trace.endNs) return { text: words.caption.stopped(trace.stopReason), tone: 'failure', events: [trace.kind.length - 1] };
  return null;
}

function ofLoss(index: TraceIndex, t: Ns, words: Core): Caption | null {
  const { trace } = index;
  let best: { pdu: PduRow; until: Ns; actAt: Ns } | null = null;
  for (const pdu of index.lost) {
    if (pdu.fateAt > t) break;
    if (pdu.payload === 0 && (pdu.flags & 7) === 0) continue; // a bare acknowledgement: the next one says the same
    const story = whoNotices(index, pdu);
    // what waits behind a packet that is being sent again is not the one to tell of
    if (!story.repair && pdu.payload > 0 && index.lost.some((other) => other.flow === pdu.flow && other.direction === pdu.direction && other.payload > 0 && other.streamStart < pdu.streamStart && other.transmission > 1 && other.sentAt >= pdu.sentAt)) continue;
    const until = story.arrivedAt >= 0 ? story.arrivedAt : story.firstAct >= 0 ? trace.time.at(story.firstAct) : pdu.fateAt + 1;
    const actAt = story.firstAct >= 0 ? trace.time.at(story.firstAct) : Infinity;
    // of several that were lost together, the one that is acted upon first
    const together = best !== null && pdu.flow === best.pdu.flow && pdu.direction === best.pdu.direction && pdu.fateAt === best.pdu.fateAt;
    if (t < until && (!best || (together ? actAt < best.actAt : pdu.fateAt < best.pdu.fateAt || best.until < until))) best = { pdu, until, actAt };
  }
  if (!best) return null;
  const { pdu } = best;
  const story = whoNotices(index, pdu);
  const { repair, firstAct } = story;
  const about = { tone: 'failure' as const, pdu: pdu.id };
  if (firstAct < 0) return { ...about, text: lossText(index, pdu, words), events: [pdu.fateEvent] };
  const events = [pdu.fateEvent, firstAct];
  if (t < trace.time.at(firstAct)) return { ...about, text: lossText(index, pdu, words), events };
  if (repair && repair.time <= t && t < repair.pdu.fateAt) return onItsWay(index, repair.pdu, t, words);
  return null;
}

/** What is to be told of a loss: who sees it, who acts first, by which timer. The same sentence in caption and rail. */
export function lossText(index: TraceIndex, pdu: PduRow, words: Core = core): string {
  const { trace } = index;
  const title = packetBrief(index, pdu, words);
  const { repair, firstAct, notices } = whoNotices(index, pdu);
  if (firstAct < 0) return words.caption.lostNobody(title);
  const actAt = trace.time.at(firstAct);
  const host = hostWords(index, repair ? repair.host : hostOfEvent(index, firstAct), words);
  if (!repair) return words.caption.lostThenGivesUp(title, actAt, host);
  // a receiver that sees a hole sends a duplicate acknowledgement at once: that is acting
  const gap = notices.find((n) => n.what === 'gap' && n.host === pdu.to && n.time < actAt);
  if (!repair.timer) return gap ? words.caption.lostGapSender(title, hostWords(index, gap.host, words), gap.time, host, actAt) : words.caption.lostThenSender(title, actAt, host);
  const timerHost = hostWords(index, repair.timerHost, words);
  if (gap) return words.caption.lostGapTimer(title, hostWords(index, gap.host, words), gap.time, timerHost, repair.timer, actAt);
  const span = index.timers.find((s) => s.endEvent === repair.timerEvent);
  return words.caption.lostThenTimer(title, span ? span.end - span.armings[span.armings.length - 1]!.at : actAt - pdu.fateAt, timerHost, repair.timer);
}

/** Of packets on their way the one to tell about: what carries data before bare acknowledgements, the one that will be lost before all. */
function foremost(flying: readonly InFlight[]): InFlight | undefined {
  const rank = (f: InFlight): number => (f.pdu.fate > 1 ? 0 : f.pdu.payload > 0 || (f.pdu.flags & 7) !== 0 || f.pdu.protocol === 17 ? 1 : 2);
  return [...flying].sort((a, b) => rank(a) - rank(b) || a.pdu.id - b.pdu.id)[0];
}

function ofMoment(index: TraceIndex, t: Ns, request: RequestRow, words: Core): Caption | null {
  const list = moments(index, { request: request.id, weightAtLeast: 2 });
  let at = -1;
  for (let i = 0; i < list.length && list[i]!.time <= t; i++) at = i;
  if (at < 0) return null;
  const { time } = list[at]!;
  const next = list[at + 1]?.time ?? (request.endEvent < 0 ? index.trace.endNs : request.endNs);
  const edge = criticalPath(index, request.id).find((e) => e.end > time);
  const hold = Math.min((next - time) / 5, edge ? (edge.end - edge.start) / 2 : Infinity);
  if (t > time && t >= time + hold) return null;
  let best: Moment | null = null;
  for (let i = at; i >= 0 && list[i]!.time === time; i--) {
    const m = list[i]!;
    const rank = weightOf(index, m, request);
    if (rank > 0 && (!best || rank > weightOf(index, best, request))) best = m;
  }
  return best ? eventCaption(index, best.event, words) : null;
}

/** Which of several moments at one instant speaks: what a person would tell. 0: it says nothing by itself. */
function weightOf(index: TraceIndex, m: Moment, request: RequestRow): number {
  const { name } = index.trace.kinds[index.trace.kind.at(m.event)]!;
  if (m.type === 'loss') return 9;
  if (name === 'fault.rule_applied') return 0;
  if (m.weight === 3) return 8;
  const told = ['page.shown', 'page.load_ended', 'tls.certificate_refused', 'dns.resolved', 'http.head_received', 'tls.handshake_done', 'page.secured', 'tcp.connection_opened'];
  // what a handshake means is told where the request waits for it
  if (/connection_opened|handshake_done/.test(name) && hostOfEvent(index, m.event) !== request.host) return 0;
  const rank = told.indexOf(name);
  return rank >= 0 ? 7 - rank / 10 : m.type === 'mark' ? 2 : 1;
}

function ofPath(index: TraceIndex, t: Ns, request: RequestRow, words: Core): Caption | null {
  const path = criticalPath(index, request.id);
  let low = 0, high = path.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (path[mid]!.end <= t) low = mid + 1;
    else high = mid;
  }
  const edge = path[low];
  if (!edge || t < edge.start) return null;
  return edge.pdu ? onItsWay(index, edge.pdu, t, words) : waiting(index, edge, t, words);
}

function onItsWay(index: TraceIndex, pdu: PduRow, t: Ns, words: Core): Caption {
  const title = packetsSpoken(index, pdu, words);
  const to = hostWords(index, pdu.to, words);
  const entered = pdu.sentAt + pdu.queueNs;
  const toGo = fateTime(pdu) - t;
  const about = { events: [pdu.sentEvent], pdu: pdu.id };
  if (t < entered) {
    let ahead = 0;
    for (const f of inFlightAt(index, pdu.sentAt)) if (f.pdu.id < pdu.id && f.pdu.link === pdu.link && f.pdu.linkDirection === pdu.linkDirection && f.phase !== 'travelling') ahead++;
    return { ...about, tone: 'wait', text: words.caption.queued(title, ahead, linkWords(index, index.trace.links[pdu.link]!.name, words)) };
  }
  // only where putting it on the wire is a matter of its own
  if (t < entered + pdu.serializationNs && pdu.serializationNs * 4 > pdu.propagationNs) {
    return { ...about, tone: 'normal', text: words.caption.entering(title, hostWords(index, pdu.from, words), toGo) };
  }
  return { ...about, tone: 'normal', text: words.caption.onItsWay(title, to, toGo) };
}

function waiting(index: TraceIndex, edge: PathEdge, t: Ns, words: Core): Caption {
  const host = hostWords(index, edge.toHost, words);
  const where = index.trace.where.at(edge.to);
  const about = { events: [edge.from, edge.to], ...(where >= 0 ? { endpoint: where } : {}) };
  const toGo = edge.end - t;
  switch (edge.edge) {
    case 'cpu':
      return { ...about, tone: 'normal', text: words.caption.works(host, edge.what, edge.end - edge.start) };
    case 'timer': {
      // while what the timer guards is still on its way, that speaks
      const guarded = foremost(inFlightAt(index, t).filter((f) => f.pdu.from === edge.toHost || f.pdu.to === edge.toHost));
      if (guarded) return onItsWay(index, guarded.pdu, t, words);
      // others may be at work all the same
      const alone = inFlightAt(index, t).length === 0;
      return { events: about.events, timer: index.trace.subject.at(edge.to), tone: 'wait', text: (alone ? words.caption.timerRuns : words.caption.timerWaits)(host, edge.what, toGo) };
    }
    case 'queue':
      return { ...about, tone: 'wait', text: words.caption.queuesForCpu(host, edge.what) };
    default:
      return { ...about, tone: 'wait', text: words.caption.thinks(host, edge.what, toGo) };
  }
}

function ofRest(index: TraceIndex, t: Ns, words: Core): Caption {
  const { trace } = index;
  const main = trace.requests[trace.mainRequest];
  if (main && t < main.startNs) return { text: words.caption.before(main.startNs - t, !(trace.pdus[0] && trace.pdus[0].sentAt <= t)), tone: 'normal', events: [], request: main.id };
  const timers = index.timers.filter((s) => s.start <= t && t < s.end);
  // a later visit speaks for itself
  const later = main && trace.requests.findLast((r) => r.resource === 'document' && r.startNs <= t && r.startNs >= main.endNs && main.endEvent >= 0);
  if (later && later.endEvent >= 0 && t >= later.endNs && t < index.workEndNs && !later.fromCache) return { text: words.caption.ended(pathOf(later.url), later.endNs - later.startNs), tone: 'normal', events: [later.endEvent], request: later.id };
  if (main && main.endEvent >= 0 && t >= main.endNs) {
    const allDone = t >= index.workEndNs;
    if (allDone) {
      const ok = trace.requests.filter((r) => r.endEvent >= 0).length;
      return { text: main.error !== null ? words.caption.over(index.workEndNs - main.startNs) : trace.requests.filter((r) => r.initiator < 0).length > 1 ? words.caption.answered(ok, index.workEndNs - trace.requests[0]!.startNs) : words.caption.loaded(ok, index.workEndNs - main.startNs), tone: 'normal', events: [main.endEvent], request: main.id };
    }
    return { text: words.caption.ended(pathOf(main.url), main.endNs - main.startNs), tone: 'normal', events: [main.endEvent], request: main.id };
  }
  const first = foremost(inFlightAt(index, t));
  if (first) return onItsWay(index, first.pdu, t, words);
  const next = timers.filter((s) => s.outcome === 'fired').sort((a, b) => a.end - b.end)[0];
  if (next) return { text: words.caption.timerRuns(hostWords(index, next.host, words), next.name, next.end - t), tone: 'wait', events: [next.startEvent], timer: next.timer };
  if (!main && trace.endpoints.length > 0) {
    const last = trace.endpoints[trace.endpoints.length - 1]!;
    const state = stateAt(index, last.id, t);
    if (state) return { text: words.caption.closing(hostWords(index, last.host, words), state.name), tone: 'normal', events: [state.startEvent], endpoint: last.id };
  }
  return { text: capital(words.caption.idle), tone: 'normal', events: [] };
}
