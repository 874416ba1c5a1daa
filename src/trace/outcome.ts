/** What a run comes to for its users, in one number. */
import type { Ns } from '../base/time';
import type { TraceIndex } from './trace-index';

/** So many documents are a crowd: told by percentiles, not by one path. */
export const CROWD = 5;

/** The value below or at which a share of them lies (nearest rank); `values` ascend. */
export const percentile = (values: readonly Ns[], share: number): Ns => values[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0;

export interface Outcome {
  /** The main request's time; with a crowd, the time within which 95 % of the documents that came were there. -1: none came. */
  readonly ns: Ns;
  readonly crowd: boolean;
  /** Documents of a crowd that ended with an error or a status of 400 and above. */
  readonly failed: number;
}
/** How long it took: one user's document, or the 95th percentile of a crowd's. */
export function outcomeOf(index: TraceIndex): Outcome {
  const { requests, mainRequest } = index.trace;
  const documents = requests.filter((r) => r.initiator < 0);
  if (documents.length < CROWD) {
    const main = requests[mainRequest];
    return { ns: main && main.endNs >= 0 ? main.endNs - main.startNs : -1, crowd: false, failed: 0 };
  }
  const ended = documents.filter((r) => r.endNs >= 0);
  const came = ended.filter((r) => r.error === null && (r.status ?? 0) < 400);
  const times = came.map((r) => r.endNs - r.startNs).sort((a, b) => a - b);
  return { ns: times.length > 0 ? percentile(times, 0.95) : -1, crowd: true, failed: ended.length - came.length };
}
