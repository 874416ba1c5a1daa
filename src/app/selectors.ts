/** From a click to a fault: the selector that names this very packet by meaning. */
import type { PduRow } from '../model/pdu';
import type { ScenarioFault } from '../scenario/schema';
import type { TraceIndex } from '../trace';
import type { Selection } from './store';

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

/**
 * What is selected, by meaning, as it stands in an address: a packet by its connection, direction and bytes (or its name), a host or link
 * by its name, a request by its path. The same words find the same thing after a parameter changed, or nothing.
 */
export function selectionText({ trace }: TraceIndex, selection: NonNullable<Selection>): string {
  const { type, id } = selection;
  const pdu = type === 'pdu' ? trace.pdus[id] : undefined;
  if (pdu) {
    const flow = trace.flows[pdu.flow]!.name;
    if (pdu.streamStart >= 0 && pdu.payload > 0) return `packet:${flow}/${pdu.direction}/${pdu.streamStart}.${pdu.transmission}${pdu.copyOf >= 0 ? 'c' : ''}`;
    const alike = trace.pdus.filter((p) => p.flow === pdu.flow && p.direction === pdu.direction && p.name === pdu.name);
    return `packet:${flow}/${pdu.direction}/${pdu.name}.${alike.indexOf(pdu) + 1}`;
  }
  if (type === 'host') return `host:${trace.hosts[id]?.name ?? ''}`;
  if (type === 'link') return `link:${trace.links[id]?.name ?? ''}`;
  if (type === 'request') {
    const url = trace.requests[id]?.url ?? '';
    return `request:${url}.${trace.requests.filter((r) => r.url === url && r.id <= id).length}`;
  }
  return `${type}:${id}`;
}
/** What those words mean in this run; null when there is no such thing any more. */
export function selectionOf({ trace }: TraceIndex, text: string): Selection {
  const colon = text.indexOf(':');
  const type = text.slice(0, colon), what = text.slice(colon + 1);
  const found = (kind: NonNullable<Selection>['type'], id: number): Selection => (id >= 0 ? { type: kind, id } : null);
  if (type === 'packet') {
    const match = /^(.*)\/([01])\/(?:(\d+)\.(\d+)(c?)|(.+)\.(\d+))$/.exec(what);
    if (!match) return null;
    const [, flow, direction, start, transmission, copy, name, nth] = match;
    const among = trace.pdus.filter((p) => trace.flows[p.flow]!.name === flow && p.direction === Number(direction));
    const pdu = name !== undefined ? among.filter((p) => p.name === name)[Number(nth) - 1]
      : among.find((p) => p.payload > 0 && p.streamStart <= Number(start) && p.streamStart + p.payload > Number(start) && p.transmission === Number(transmission) && (p.copyOf >= 0) === (copy === 'c'));
    return found('pdu', pdu?.id ?? -1);
  }
  if (type === 'host') return found('host', trace.hosts.findIndex((h) => h.name === what));
  if (type === 'link') return found('link', trace.links.findIndex((l) => l.name === what));
  if (type === 'request') {
    const dot = what.lastIndexOf('.');
    return found('request', trace.requests.filter((r) => r.url === what.slice(0, dot))[Number(what.slice(dot + 1)) - 1]?.id ?? -1);
  }
  const id = /^\d{1,9}$/.test(what) ? Number(what) : -1;
  if (type === 'pdu') return found('pdu', trace.pdus[id] ? id : -1);
  if (type === 'timer') return found('timer', trace.timers[id] ? id : -1);
  if (type === 'endpoint') return found('endpoint', trace.endpoints[id] ? id : -1);
  return type === 'event' ? found('event', id < trace.kind.length ? id : -1) : null;
}
