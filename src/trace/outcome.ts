/** What a run comes to for its users, in one number. */
import type { Ns } from '../base/time';
import type { RequestId } from '../model/ids';
import type { RequestRow } from '../model/request';
import type { TraceIndex } from './trace-index';

/** So many documents are a crowd: told by percentiles, not by one path. */
export const CROWD = 5;

/** The value below or at which a share of them lies (nearest rank); `values` ascend. */
export const percentile = (values: readonly Ns[], share: number): Ns => values[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0;

export interface Outcome {
  /** The main request's time, or its page's; with a crowd, the time within which 95 % of the documents that came were there. -1: none came. */
  readonly ns: Ns;
  /** Until all that the document refers to was there, too. */
  readonly page: boolean;
  /** Until all that the user sees at first was there, which the page says (`inView`). */
  readonly screen: boolean;
  readonly crowd: boolean;
  /** Documents of a crowd that ended with an error or a status of 400 and above. */
  readonly failed: number;
}
/** When the user began to wait for a request: a redirect or a document loaded again goes on from the one before. */
export function beganAt(index: TraceIndex, row: RequestRow): Ns {
  const { requests } = index.trace;
  let first = row;
  while (first.resource === 'document' && requests[first.initiator]?.resource === 'document') first = requests[first.initiator]!;
  return first.startNs;
}
/** The main request, and whatever was asked for because of it, to the one that ended last. Empty without a main request that ended. */
export function pageOf(index: TraceIndex): readonly RequestRow[] {
  const { requests, mainRequest } = index.trace;
  const main = requests[mainRequest];
  if (!main || main.endNs < 0) return [];
  const of = new Set<RequestId>([main.id]);
  const rows = [main];
  // who is asked for because of another has the greater number
  for (const row of requests.slice(mainRequest + 1)) {
    if (!of.has(row.initiator)) continue;
    of.add(row.id);
    if (row.endNs >= 0) rows.push(row);
  }
  return rows.sort((a, b) => a.endNs - b.endNs);
}
/** How long it took: one user's document, or with `page` all that it refers to; the 95th percentile of a crowd's documents. */
export function outcomeOf(index: TraceIndex, page = false): Outcome {
  const { requests, mainRequest } = index.trace;
  const documents = requests.filter((r) => r.initiator < 0);
  if (documents.length < CROWD) {
    const main = requests[mainRequest], rows = page ? pageOf(index) : [];
    const end = rows[rows.length - 1] ?? main;
    return { ns: main && end && end.endNs >= 0 ? end.endNs - beganAt(index, main) : -1, page: page && rows.length > 1, screen: false, crowd: false, failed: 0 };
  }
  const ended = documents.filter((r) => r.endNs >= 0);
  const came = ended.filter((r) => r.error === null && (r.status ?? 0) < 400);
  const times = came.map((r) => r.endNs - r.startNs).sort((a, b) => a - b);
  return { ns: times.length > 0 ? percentile(times, 0.95) : -1, page: false, screen: false, crowd: true, failed: ended.length - came.length };
}
/** When the first screen of the main request's page was complete; -1: it has none, or it never was. */
export function firstScreenAt({ trace, kindByName }: TraceIndex): Ns {
  const kind = kindByName.get('page.first_screen_complete'), at = trace.kind.data.findIndex((k, e) => k === kind && trace.subject.data[e] === trace.mainRequest);
  return at < 0 ? -1 : trace.time.at(at);
}
/** So many times as much must pages differ to be told instead of their documents. */
const PAGES_TELL_MORE = 4;
const spread = (all: readonly Outcome[]): Ns => Math.max(...all.map((o) => o.ns)) - Math.min(...all.map((o) => o.ns));
/** Of runs that stand side by side: by their first screens where their pages have such; else by their documents; by their pages where these hardly differ and the pages do. */
export function outcomesOf(indexes: readonly TraceIndex[]): readonly Outcome[] {
  const documents = indexes.map((index) => outcomeOf(index));
  if (documents.length < 2 || documents.some((o) => o.crowd || o.ns < 0)) return documents;
  const screens = indexes.map(firstScreenAt);
  if (screens.every((at) => at >= 0)) return indexes.map((index, i) => ({ ...documents[i]!, ns: screens[i]! - beganAt(index, index.trace.requests[index.trace.mainRequest]!), screen: true }));
  const pages = indexes.map((index) => outcomeOf(index, true));
  return spread(pages) > PAGES_TELL_MORE * spread(documents) ? pages : documents;
}
