/** From a click to a fault: the selector that names this very packet by meaning. */
import type { PduRow } from '../model/pdu';
import type { ScenarioFault } from '../scenario/schema';
import type { TraceIndex } from '../trace';

type Selector = Extract<ScenarioFault, { do: 'drop' }>['where'];

/** The selector of one packet, and which match of it is meant. */
export function selectorOf(index: TraceIndex, pdu: PduRow): { where: Selector; nth: number } {
  const { trace } = index;
  const link = trace.links[pdu.link]!.name;
  const from = trace.hosts[pdu.from]!.name;
  const flow = trace.flows[pdu.flow]!.name;
  if (pdu.streamStart >= 0) return { where: { link, from, flow, range: [pdu.streamStart, pdu.streamStart + 1], transmission: pdu.transmission }, nth: 1 };
  const alike = trace.pdus.filter((p) => p.flow === pdu.flow && p.direction === pdu.direction && p.name === pdu.name && p.transmission === pdu.transmission && p.copyOf < 0);
  return { where: { link, from, flow, select: pdu.name, transmission: pdu.transmission }, nth: alike.indexOf(pdu) + 1 };
}
/** A fault on exactly this packet. `at` is how far along the link it is lost. */
export function faultOn(index: TraceIndex, pdu: PduRow, verdict: 'drop' | 'delay' | 'duplicate' | 'corrupt', at: number): ScenarioFault {
  const { where, nth } = selectorOf(index, pdu);
  const which = nth > 1 ? { nth } : {};
  if (verdict === 'drop') return { do: 'drop', where, ...which, at: Math.round(at * 100) / 100 };
  if (verdict === 'delay') return { do: 'delay', where, ...which, by: '100 ms' };
  return { do: verdict, where, ...which };
}
