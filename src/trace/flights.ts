/**
 * Flights: what one side sends in one go. A flight is a longest run of packets of one flow and direction, of one
 * class (control, data or bare acknowledgement; first transmissions apart from repeats), in which each was sent by
 * the same event as the one before or less than a quarter of the link's round trip after it.
 */
import type { Ns } from '../base/time';
import type { FlowId } from '../model/ids';
import type { PduRow } from '../model/pdu';
import { once, type TraceIndex } from './trace-index';

export interface Flight {
  readonly flow: FlowId;
  readonly direction: 0 | 1;
  /** In the order sent; at least one. */
  readonly pdus: readonly PduRow[];
  readonly start: Ns;
  /** When the last of them was sent. */
  readonly lastSent: Ns;
}

const CONTROL = 1 | 2 | 4; // FIN, SYN, RST
const classOf = (pdu: PduRow): number => (pdu.flags & CONTROL ? 0 : pdu.payload > 0 ? 1 : 2) * 2 + (pdu.transmission > 1 ? 1 : 0);

/** All flights, in the order of their first packet. */
export function flights(index: TraceIndex): readonly Flight[] {
  return once(index, 'flights', () => {
    const { trace } = index;
    const all: Flight[] = [];
    for (const list of index.pdusOfFlow) {
      const open: ({ flight: Flight; pdus: PduRow[] } | null)[] = [null, null];
      for (const pdu of list) {
        const last = open[pdu.direction];
        const before = last?.pdus[last.pdus.length - 1];
        const latency = trace.links[pdu.link]!.latencyNs;
        const joins = before !== undefined && classOf(before) === classOf(pdu) &&
          (trace.cause.at(before.sentEvent) === trace.cause.at(pdu.sentEvent) || (pdu.sentAt - before.sentAt) * 4 < latency[0] + latency[1]);
        if (last && joins) {
          last.pdus.push(pdu);
          (last.flight as { lastSent: Ns }).lastSent = pdu.sentAt;
        } else {
          const pdus = [pdu];
          const flight: Flight = { flow: pdu.flow, direction: pdu.direction, pdus, start: pdu.sentAt, lastSent: pdu.sentAt };
          open[pdu.direction] = { flight, pdus };
          all.push(flight);
        }
      }
    }
    return all.sort((a, b) => a.pdus[0]!.id - b.pdus[0]!.id);
  });
}

/** The flight of a packet and its place in it (from 1). */
export function flightOf(index: TraceIndex, pdu: PduRow): { flight: Flight; place: number } {
  const table = once(index, 'flightOf', () => {
    const of: { flight: Flight; place: number }[] = [];
    for (const flight of flights(index)) flight.pdus.forEach((p, i) => (of[p.id] = { flight, place: i + 1 }));
    return of;
  });
  return table[pdu.id]!;
}
