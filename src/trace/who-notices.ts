/**
 * Who notices a loss, when, and who acts first: read from the trace alone. The repair is the next packet of the
 * same flow and direction that covers the lost bytes (or repeats the lost name); for a datagram, the next one with
 * the same question from the same sender.
 */
import type { Ns } from '../base/time';
import type { EventId, HostId } from '../model/ids';
import type { PduRow } from '../model/pdu';
import { causes } from './causes';
import { messagesOf } from './carried';
import { hostOfEvent, once, type TraceIndex } from './trace-index';

export interface Notice {
  readonly event: EventId;
  readonly time: Ns;
  readonly host: HostId;
  /** What it sees: a hole in the stream, a duplicate acknowledgement, it takes the packet for lost, a timer fires, it gives up. */
  readonly what: 'gap' | 'duplicate' | 'loss' | 'timer' | 'gave-up' | 'error';
  /** Name of the timer, for `timer`. */
  readonly timer: string;
}
export interface Repair {
  readonly pdu: PduRow;
  readonly time: Ns;
  readonly event: EventId;
  readonly host: HostId;
  /** Timer whose firing led to it (the sender's, or the peer's that asked again), or null when an arrival did. */
  readonly timer: string | null;
  readonly timerEvent: EventId;
  /** Host whose timer it was, or -1. */
  readonly timerHost: HostId;
  /** The nearest arrival in its chain of causes, or -1. */
  readonly arrivalEvent: EventId;
}
export interface LossStory {
  readonly pdu: PduRow;
  /** In order of time, each kind of thing once per host, until the repair (or the end). */
  readonly notices: readonly Notice[];
  /** First act by which the packet is sent again: a probe that covers it or a retransmission; null when nobody does. */
  readonly repair: Repair | null;
  /** Time between the loss and the first act that came of it (the repair, or giving up): nobody acts meanwhile. -1: nobody ever does. */
  readonly idleNs: Ns;
  /** The first act itself: an event of a host; -1 when nobody acts. */
  readonly firstAct: EventId;
  /** When the bytes (or the question) arrived after all, or -1. */
  readonly arrivedAt: Ns;
}

/** Kinds by which a protocol says that it noticed something missing. */
const NOTICES: Readonly<Record<string, Notice['what']>> = {
  'tcp.out_of_order_queued': 'gap', 'tcp.duplicate_ack': 'duplicate', 'tcp.loss_detected': 'loss', 'tcp.timeout_loss': 'loss', 'tcp.gave_up': 'gave-up',
  'dns.failed': 'gave-up',
};

const SYN_FIN_RST = 7;

/** Does `other` repeat what `lost` carried? */
function covers(index: TraceIndex, lost: PduRow, other: PduRow): boolean {
  if (other.copyOf === lost.id || other.id === lost.id) return false;
  if (other.flow === lost.flow && other.direction === lost.direction) {
    if (lost.streamStart >= 0) return other.payload > 0 && other.streamStart <= lost.streamStart && other.streamStart + other.payload > lost.streamStart;
    if (lost.protocol === 6) return (lost.flags & SYN_FIN_RST) !== 0 && (other.flags & SYN_FIN_RST) === (lost.flags & SYN_FIN_RST);
    return other.name === lost.name && other.key === lost.key;
  }
  if (lost.protocol !== 17 || other.protocol !== 17 || other.sender !== lost.sender || other.name !== lost.name) return false;
  const question = (p: PduRow): string => JSON.stringify((p.body as { message?: { body?: { question?: unknown } } } | null)?.message?.body?.question ?? messagesOf(index, p));
  return question(other) === question(lost);
}

/** The story of a lost packet; derived once. */
export function whoNotices(index: TraceIndex, lost: PduRow): LossStory {
  return once(index, `loss ${lost.id}`, () => {
    const { trace, kinds } = index;
    const sameWay = lost.protocol === 17 ? trace.pdus : index.pdusOfFlow[lost.flow]!;
    let again: PduRow | null = null;
    let arrivedAt = -1;
    for (const other of sameWay) {
      if (other.sentEvent <= lost.sentEvent || !covers(index, lost, other)) continue;
      if (!again && other.sentAt >= lost.sentAt) again = other;
      if (other.fateEvent >= 0 && trace.kind.at(other.fateEvent) === kinds.delivered) {
        arrivedAt = other.fateAt;
        break;
      }
    }
    const repair = again ? repairOf(index, lost, again) : null;
    const notices = noticesOf(index, lost, repair);
    const gaveUp = notices.find((n) => n.what === 'gave-up' || n.what === 'error');
    const firstAct = repair ? (repair.timerEvent >= 0 ? repair.timerEvent : repair.event) : (gaveUp?.event ?? -1);
    const idleNs = firstAct < 0 ? -1 : Math.max(0, trace.time.at(firstAct) - lost.fateAt);
    return { pdu: lost, notices, repair, idleNs, firstAct, arrivedAt };
  });
}

function repairOf(index: TraceIndex, lost: PduRow, pdu: PduRow): Repair {
  const { trace, kinds } = index;
  let timerEvent = -1, arrivalEvent = -1;
  for (const e of causes(trace, pdu.sentEvent)) {
    if (trace.time.at(e) <= lost.fateAt) break;
    const kind = trace.kind.at(e);
    if (kind === kinds.delivered && arrivalEvent < 0) arrivalEvent = e;
    // an acknowledgement that was merely delayed is an arrival, not a timer's doing
    if (kind === kinds.fired && trace.timers[trace.subject.at(e)]!.name !== 'delayedAck') {
      timerEvent = e;
      break;
    }
  }
  const timer = timerEvent < 0 ? null : trace.timers[trace.subject.at(timerEvent)]!;
  return {
    pdu, time: pdu.sentAt, event: pdu.sentEvent, host: pdu.from, timer: timer?.name ?? null, timerEvent, timerHost: timer ? trace.endpoints[timer.endpoint]!.host : -1, arrivalEvent,
  };
}

function noticesOf(index: TraceIndex, lost: PduRow, repair: Repair | null): Notice[] {
  const { trace, kinds } = index;
  const notices: Notice[] = [];
  const seen = new Set<string>();
  const last = repair ? repair.event : trace.kind.length - 1;
  const failures = new Set(trace.requests.filter((r) => r.error !== null && r.endEvent >= 0).map((r) => r.endEvent));
  for (let e = lost.fateEvent < 0 ? lost.sentEvent : lost.fateEvent; e <= last; e++) {
    const kind = trace.kind.at(e);
    const where = trace.where.at(e);
    const endpoint = where < 0 ? null : trace.endpoints[where]!;
    const host = hostOfEvent(index, e);
    let what: Notice['what'] | undefined;
    let timer = '';
    if (failures.has(e)) what = 'error';
    else if (repair?.timerEvent === e || (endpoint && (endpoint.flow === lost.flow || where === lost.sender))) {
      what = NOTICES[trace.kinds[kind]!.name];
      if (kind === kinds.fired && (repair === null || repair.timerEvent === e)) {
        what = 'timer';
        timer = trace.timers[trace.subject.at(e)]!.name;
      }
      // a hole counts only when it is the lost packet's
      if (what === 'gap' && lost.streamStart >= 0 && trace.a.at(e) > lost.streamStart + lost.payload) what = undefined;
    }
    if (!what) continue;
    const key = `${host} ${what} ${timer}`;
    if (seen.has(key)) continue;
    seen.add(key);
    notices.push({ event: e, time: trace.time.at(e), host, what, timer });
  }
  return notices;
}
