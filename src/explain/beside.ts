/**
 * What is beside the critical path (model decision 1): work that ran while the request waited for something slower, and
 * the window that had to open. Law: read from the trace alone; nothing listed here is part of the ledger's sum.
 */
import type { Ns } from '../base/time';
import type { RequestId } from '../model/ids';
import { criticalPath, hostOfEvent, owners, type PathEdge, type TraceIndex } from '../trace/index';
import { once } from '../trace/trace-index';
import { en, type Catalogue } from './catalogue';
import { hostWords, packetSpoken } from './describe';
import { capital } from './format';

/** Shorter than this share of the request is not worth a line. */
const SHARE_MIN = 0.01;

export interface BesideRow {
  readonly ns: Ns;
  readonly text: string;
  /** When it was done. */
  readonly endNs: Ns;
}

/** Work for the request that is not on its path, with what hides it; the longest first. */
export function besideRequest(index: TraceIndex, request: RequestId, words: Catalogue = en): readonly BesideRow[] {
  const row = index.trace.requests[request];
  if (!row || row.endEvent < 0) return [];
  const path = criticalPath(index, request);
  const onPath = new Set(path.map((e) => e.to));
  const owner = owners(index);
  const found: BesideRow[] = [];
  for (const job of index.jobs) {
    if (job.doneEvent < 0 || job.doneAt > row.endNs || job.requestedAt < row.startNs || owner[job.requestedEvent] !== request) continue;
    const ns = job.doneAt - Math.max(job.grantedAt, job.requestedAt);
    if (onPath.has(job.doneEvent) || ns < (row.endNs - row.startNs) * SHARE_MIN) continue;
    const edge = hiding(path, job.requestedAt, job.doneAt);
    if (edge) found.push({ ns, endNs: job.doneAt, text: words.beside.work(capital(hostWords(index, job.host, words)), job.what, ns, edgeWords(index, edge, words)) });
  }
  return found.sort((a, b) => b.ns - a.ns || a.endNs - b.endNs);
}

/** The edge of the path that covers most of a stretch of time. */
function hiding(path: readonly PathEdge[], start: Ns, end: Ns): PathEdge | null {
  let best: PathEdge | null = null;
  let most = 0;
  for (const e of path) {
    const shared = Math.min(end, e.end) - Math.max(start, e.start);
    if (shared <= most) continue;
    most = shared;
    best = e;
  }
  return best;
}
function edgeWords(index: TraceIndex, edge: PathEdge, words: Catalogue): string {
  const host = hostWords(index, edge.toHost, words);
  if (edge.pdu) return words.beside.way(packetSpoken(index, edge.pdu, words), host);
  return edge.edge === 'timer' ? words.beside.timer(host, edge.what) : words.beside.busy(host, edge.what);
}

/**
 * The window that kept data back on the request's path: where a bare acknowledgement arrives and data leaves because of
 * it. The receiver's, when the sender had said that it was closed (RFC 9293 §3.8.6); else the sender's own (RFC 5681).
 */
export function windowThatOpened(index: TraceIndex, request: RequestId): 'congestion' | 'receive' | '' {
  return once(index, `window ${request}`, () => {
    const { trace } = index;
    const path = criticalPath(index, request).filter((e) => e.pdu);
    const opened = index.kindByName.get('tcp.window_opened');
    for (let i = 0; i + 1 < path.length; i++) {
      const ack = path[i]!.pdu!, data = path[i + 1]!.pdu!;
      if (ack.payload > 0 || (ack.flags & 7) !== 0 || ack.protocol !== 6 || data.flow !== ack.flow || data.from !== ack.to || data.payload === 0 || data.transmission > 1 || path[i]!.end !== path[i + 1]!.start) continue;
      for (let e = path[i]!.to; opened !== undefined && e < trace.kind.length && trace.time.at(e) === path[i]!.end; e++) {
        if (trace.kind.at(e) === opened && hostOfEvent(index, e) === data.from) return 'receive';
      }
      return 'congestion';
    }
    return '';
  });
}
