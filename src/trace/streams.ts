/**
 * Answers on shared connections: which packet brought which bytes of which answer, and what came but waits because something before it
 * is missing. Law: a pure function of the trace. Over TCP all that lies behind a hole waits, whoever it is for (RFC 9293 §3.4); over QUIC
 * only the rest of the stream that has the hole (RFC 9000 §2.2). That a TLS record is read as a whole is not counted as waiting.
 */
import type { Ns } from '../base/time';
import { RangeSet } from '../model/quic/ranges';
import type { FlowId, PduId, RequestId } from '../model/ids';
import { Fate, type PduRow } from '../model/pdu';
import type { RequestRow } from '../model/request';
import type { Step } from './congestion';
import { partsOfAnswers, type AnswerPiece } from './answer-pieces';
import { once, type TraceIndex } from './trace-index';

/** Bytes of one answer in one packet. */
export interface AnswerPart {
  readonly pdu: PduId;
  readonly bytes: number;
  readonly sentAt: Ns;
  /** When it arrived, or was lost. */
  readonly at: Ns;
  readonly lost: boolean;
  /** Some of it was sent before. */
  readonly again: boolean;
}
/** One answer on its connection. */
export interface Answer {
  readonly request: RequestRow;
  /** Stream of HTTP/2 or QUIC; -1 in HTTP/1.1. */
  readonly stream: number;
  readonly parts: readonly AnswerPart[];
  /** Bytes that have come and cannot be read yet. */
  readonly waiting: readonly Step[];
  /** Of these moments: bytes of this very answer are missing; the others wait for somebody else's. */
  readonly missing: readonly Step[];
  readonly bytes: number;
}
/** A connection that carries answers to a client. */
export interface SharedConnection {
  readonly flow: FlowId;
  readonly protocol: 'h1' | 'h2' | 'h3';
  /** In the order of the requests. */
  readonly answers: readonly Answer[];
}

/** All connections that brought answers to clients, the first that did so first; in each the answers in the order they were asked for. */
export const sharedConnections = (index: TraceIndex): readonly SharedConnection[] => once(index, 'sharedConnections', () => derive(index));

interface Building {
  readonly request: RequestRow;
  readonly stream: number;
  readonly parts: AnswerPart[];
  readonly waiting: Step[];
  readonly missing: Step[];
  readonly seen: RangeSet;
  bytes: number;
}
function derive(index: TraceIndex): SharedConnection[] {
  const { trace } = index;
  const list: SharedConnection[] = [];
  for (const carrier of partsOfAnswers(index)) {
    const answers = new Map<RequestId, Building>();
    const of = (request: RequestId, stream: number): Building => {
      let answer = answers.get(request);
      if (!answer) answers.set(request, (answer = { request: trace.requests[request]!, stream, parts: [], waiting: [], missing: [], seen: new RangeSet(), bytes: 0 }));
      return answer;
    };
    for (const { pdu, pieces } of carrier.packets) {
      const lost = pdu.fate !== Fate.delivered;
      const mine = new Map<Building, { bytes: number; again: boolean }>();
      for (const p of pieces) {
        if (p.request < 0) continue;
        const answer = of(p.request, p.stream), fresh = answer.seen.add(p.from, p.to);
        const sum = mine.get(answer) ?? { bytes: 0, again: false };
        mine.set(answer, { bytes: sum.bytes + p.to - p.from, again: sum.again || fresh < p.to - p.from });
        answer.bytes += fresh;
      }
      for (const [answer, { bytes, again }] of mine) answer.parts.push({ pdu: pdu.id, bytes, sentAt: pdu.sentAt, at: pdu.fateAt, lost, again });
    }
    buffers(carrier.packets, carrier.shared, answers);
    const inOrder = [...answers.values()].sort((a, b) => a.request.id - b.request.id);
    if (inOrder.length > 0) list.push({ flow: carrier.flow, protocol: carrier.protocol, answers: inOrder });
  }
  return list.sort((a, b) => a.answers[0]!.request.id - b.answers[0]!.request.id);
}

/** What the receiver holds over time. `shared`: one order for all (TCP), else one for each stream. */
function buffers(packets: readonly { readonly pdu: PduRow; readonly pieces: readonly AnswerPiece[] }[], shared: boolean, answers: ReadonlyMap<RequestId, Building>): void {
  const arrivals = packets.filter(({ pdu }) => pdu.fate === Fate.delivered).sort((a, b) => a.pdu.fateAt - b.pdu.fateAt || a.pdu.id - b.pdu.id);
  /** By order: what came, and up to where it is complete; whose bytes stand where. */
  const orders = new Map<number, { readonly came: RangeSet; next: number; holding: boolean; readonly owners: AnswerPiece[] }>();
  for (const { pieces } of packets) {
    for (const p of pieces) {
      const key = shared ? 0 : p.order, order = orders.get(key) ?? { came: new RangeSet(), next: 0, holding: false, owners: [] };
      orders.set(key, order);
      order.owners.push(p);
    }
  }
  for (const { pdu, pieces } of arrivals) {
    const touched = new Set<number>();
    for (const p of pieces) {
      const key = shared ? 0 : p.order, order = orders.get(key)!;
      order.came.add(p.start, p.end);
      touched.add(key);
    }
    for (const key of touched) {
      const order = orders.get(key)!;
      const first = order.came.list[0];
      if (first && first[0] <= order.next) order.next = Math.max(order.next, first[1]);
      const held = order.came.list.filter(([start]) => start > order.next);
      if (held.length === 0 && !order.holding) continue;
      order.holding = held.length > 0;
      const waiting = new Map<RequestId, number>(), missing = new Set<RequestId>();
      const gapEnd = held[0]?.[0] ?? order.next;
      const counted = new RangeSet();
      for (const p of order.owners) {
        if (p.request < 0 || p.end <= order.next) continue;
        if (p.start < gapEnd && held.length > 0) missing.add(p.request);
        for (const [start, end] of held) {
          const from = Math.max(p.start, start), to = Math.min(p.end, end);
          if (from < to) waiting.set(p.request, (waiting.get(p.request) ?? 0) + counted.add(from, to));
        }
      }
      for (const answer of answers.values()) {
        if (!shared && !order.owners.some((p) => p.request === answer.request.id)) continue;
        step(answer.waiting, pdu.fateAt, waiting.get(answer.request.id) ?? 0);
        step(answer.missing, pdu.fateAt, missing.has(answer.request.id) ? 1 : 0);
      }
    }
  }
}
function step(steps: Step[], at: Ns, value: number): void {
  const last = steps[steps.length - 1];
  if ((last?.value ?? 0) === value) return;
  if (last?.at === at) steps.pop();
  steps.push({ at, value });
}
