/** A request as spans: its phases and the waits inside them, for the waterfall. */
import type { Ns } from '../base/time';
import type { RequestId } from '../model/ids';
import type { Phase } from '../model/request';
import { attribution } from './causes';
import { once, type Span, type TraceIndex } from './trace-index';

export interface RequestSpan extends Span {
  /** `gap`: between two phases. */
  readonly phase: Phase | 'gap';
  /** Stretches of it that the critical path spends on a timer, in a queue or in a fixed wait: drawn dotted. */
  readonly waits: readonly { readonly start: Ns; readonly end: Ns; readonly why: string; readonly what: string }[];
}

const WAITS = new Set(['timer', 'queue', 'lock', 'peer-wait', 'service', 'think']);

/** Phases of a request in order, gaps included; together they cover it (up to the run's end when it has not ended). */
export function spans(index: TraceIndex, request: RequestId): readonly RequestSpan[] {
  return once(index, `spans ${request}`, () => {
    const { trace } = index;
    const row = trace.requests[request];
    if (!row) return [];
    const waits = attribution(index, request).filter((p) => WAITS.has(p.part));
    const list: RequestSpan[] = [];
    const add = (phase: Phase | 'gap', start: Ns, end: Ns, startEvent: number, endEvent: number): void => {
      const inside = waits
        .filter((w) => w.start < end && w.end > start)
        .map((w) => ({ start: Math.max(start, w.start), end: Math.min(end, w.end), why: w.why, what: w.what }));
      list.push({ phase, start, end, startEvent, endEvent, waits: inside });
    };
    const last = row.endEvent < 0 ? trace.endNs : row.endNs;
    let at = row.startNs, event = row.startEvent;
    for (const p of row.phases) {
      if (p.startNs > at) add('gap', at, p.startNs, event, p.startEvent);
      const end = p.endEvent < 0 ? last : p.endNs;
      add(p.phase, p.startNs, end, p.startEvent, p.endEvent);
      at = end;
      event = p.endEvent;
    }
    if (last > at) add('gap', at, last, event, row.endEvent);
    return list;
  });
}
