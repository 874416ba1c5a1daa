/**
 * Why this event: the chain of causes from the start of its request to the event, in words. Law: a row for each stretch of time
 * (`pathTo`), none left out; a wait says who had the place until then. Steps that take no time are told by the stretch that follows.
 */
import type { Ns } from '../base/time';
import type { EventId } from '../model/ids';
import { holderBefore, owners, pathTo, type PathEdge, type TraceIndex } from '../trace/index';
import { en, type Catalogue } from './catalogue';
import { describeEvent, hostWords, linkWords } from './describe';
import { capital } from './format';

export interface ChainRow {
  readonly event: EventId;
  readonly time: Ns;
  /** What happened. */
  readonly text: string;
  /** How long it took since the row before; 0 for the first, and for an event of the same instant. */
  readonly ns: Ns;
  /** What that time went into; '' without any, and where the text says it. */
  readonly what: string;
  /** Who had what was waited for: the event that gave it back, and words for it. */
  readonly holder: { readonly event: EventId; readonly text: string } | null;
}

const WORK: readonly string[] = ['cpu', 'service', 'think', 'disk'];

/** From the request's start (the run's, for an event of no request) to the event itself; the times add up to what lies between. */
export function whyChain(index: TraceIndex, event: EventId, words: Catalogue = en): readonly ChainRow[] {
  const { trace } = index;
  const row = (at: EventId, edge: PathEdge | null): ChainRow => {
    const holder = edge ? holderBefore(index, at) : null;
    // the end of work says the same as the work
    const work = edge !== null && WORK.includes(edge.edge), what = edge ? edgeWords(index, edge, words) : '';
    return {
      event: at, time: trace.time.at(at), text: work ? `${capital(what)}.` : describeEvent(index, at, words), ns: edge ? edge.end - edge.start : 0, what: work ? '' : what,
      holder: holder && { event: holder.event, text: words.chain.holder(holder.what) },
    };
  };
  const path = pathTo(index, event);
  const first = trace.requests[owners(index)[event] ?? -1]?.startEvent ?? path[0]?.from ?? event;
  const rows = [...(first >= 0 && first !== path[0]?.to ? [row(first, null)] : []), ...path.map((edge) => row(edge.to, edge))];
  return rows[rows.length - 1]?.event === event ? rows : [...rows, row(event, null)];
}

/** What the time of an edge went into. */
function edgeWords(index: TraceIndex, edge: PathEdge, words: Catalogue): string {
  const { trace } = index;
  const host = hostWords(index, edge.toHost, words), { chain } = words;
  switch (edge.edge) {
    case 'link':
      return edge.pdu ? chain.way(linkWords(index, trace.links[edge.pdu.link]!.name, words), edge.pdu.queueNs, edge.pdu.serializationNs, edge.end - edge.start - edge.pdu.queueNs - edge.pdu.serializationNs) : chain.other(host);
    case 'timer':
      return chain.timer(host, edge.what, timerSet(index, edge.to) ?? 0);
    case 'queue':
      return trace.kind.at(edge.to) === index.kinds.claimGranted ? chain.place(host, trace.resources[trace.subject.at(edge.to)]!.name) : chain.core(host);
    case 'disk':
      return chain.disk(host, edge.what);
    case 'lock':
      return chain.lock(host);
    case 'cpu':
    case 'service':
    case 'think':
      return edge.what ? chain.work(host, edge.what) : chain.other(host);
    default:
      return chain.other(host);
  }
}

/** For how long a timer that fired with this event had been set; null for other events. */
export function timerSet(index: TraceIndex, event: EventId): Ns | null {
  if (index.trace.kind.at(event) !== index.kinds.fired) return null;
  const arming = index.timers.find((t) => t.endEvent === event)?.armings.slice(-1)[0];
  return arming ? arming.deadline - arming.at : null;
}
