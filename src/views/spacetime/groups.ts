/** What is one stroke: packets that left together. Law: a pure function of (index, window); every packet of the window is in exactly one group. */
import type { PduRow } from '../../model/pdu';
import { carriedBy, fateTime, type TimeWindow, type TraceIndex } from '../../trace';
import { once } from '../../trace/trace-index';

/** Packets of a window that left together: same flow, direction and fate, at most 60 µs (or a serialization time) apart. Derived once. */
export const grouped = (index: TraceIndex, window: TimeWindow): readonly (readonly PduRow[])[] => once(index, `groups ${window.start} ${window.end}`, () => groupsOf(index, window));

function groupsOf(index: TraceIndex, window: TimeWindow): PduRow[][] {
  const groups: PduRow[][] = [];
  const open = new Map<string, PduRow[]>();
  for (const pdu of index.trace.pdus) {
    if (fateTime(pdu) < window.start || pdu.sentAt > window.end) continue;
    // questions that leave together (A and AAAA) are one stroke
    const question = pdu.protocol === 17 && !isQuic(pdu);
    const key = question ? `${pdu.from}>${pdu.to}/${pdu.sentAt}/${pdu.fateAt}` : `${pdu.flow}/${pdu.direction}`;
    const group = open.get(key);
    const last = group?.[group.length - 1];
    const alike = last && last.fate === pdu.fate && last.fate < 2 && last.payload > 0 === pdu.payload > 0 && last.transmission === pdu.transmission && (last.flags & 7) === (pdu.flags & 7)
      && pdu.sentAt - last.sentAt <= 60_000 + last.serializationNs && (question || alikeInside(index, last, pdu));
    if (alike) group!.push(pdu);
    else {
      const fresh = [pdu];
      open.set(key, fresh);
      groups.push(fresh);
    }
  }
  return groups;
}

/** A datagram that only acknowledges. */
export const onlyAcknowledges = (index: TraceIndex, pdu: PduRow): boolean => isQuic(pdu) && carriedBy(index, pdu).names.every((name) => name === 'ACK');
const isQuic = (pdu: PduRow): boolean => (pdu.body as { message?: { protocol: string } } | null)?.message?.protocol === 'quic';
/** The same message goes on, or (in one go) what an endpoint wrote together: a Finished and the request after it. */
function alikeInside(index: TraceIndex, last: PduRow, pdu: PduRow): boolean {
  const a = carriedBy(index, last), b = carriedBy(index, pdu);
  return a.names[0] === b.names[0] || a.names[a.names.length - 1] === b.names[0] || (pdu.sentAt === last.sentAt && pdu.payload > 0);
}
