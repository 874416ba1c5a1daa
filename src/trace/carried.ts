/** What a packet carries, by name and layer: labels, captions and the inspector ask here. */
import { carriedMessages, carriedNames, childrenOf } from '../model/carried';
import type { Layer } from '../model/ids';
import type { PduRow } from '../model/pdu';
import type { Message } from '../model/stream';
import { flightOf } from './flights';
import type { TraceIndex } from './trace-index';

/** A packet's contents, once per packet. */
export interface Carried {
  /** Messages of the transport flow whose bytes it carries (records for TLS). */
  readonly messages: readonly Message[];
  /** Their names, and those of the messages inside them that the packet touches. */
  readonly names: readonly string[];
  /** Layer of what it carries: the highest of its messages and of the parts inside; without any, transport. */
  readonly layer: Layer;
  /** A higher layer's message travels inside a record of the security layer. */
  readonly encrypted: boolean;
}

const RANK: Readonly<Record<Layer, number>> = { network: 0, transport: 1, security: 2, names: 3, http: 4, compute: 5, storage: 6 };

/** Messages, names and layer of a packet; derived once. */
export function carriedBy(index: TraceIndex, pdu: PduRow): Carried {
  let table = index.memo.get('carried') as (Carried | undefined)[] | undefined;
  if (!table) index.memo.set('carried', (table = []));
  const known = table[pdu.id];
  if (known) return known;
  const flow = index.trace.flows[pdu.flow]!;
  const messages = carriedMessages(pdu, flow);
  let layer: Layer = 'transport';
  let secured = false;
  // a packet with no more than a record's frame (its header, its authentication tag) goes by the record's last part
  const names = carriedNames(pdu, flow);
  const raise = (to: Layer): void => {
    if (RANK[to] > RANK[layer]) layer = to;
  };
  for (const m of messages) {
    raise(m.layer);
    secured ||= m.layer === 'security';
    const from = pdu.streamStart - m.start;
    for (const child of childrenOf(m)) if (child.layer && child.start < from + pdu.payload && child.end > from) raise(child.layer);
  }
  return (table[pdu.id] = { messages, names: names.length > 0 ? names : messages.flatMap((m) => childrenOf(m).slice(-1).map((c) => c.name)), layer, encrypted: secured && RANK[layer] > RANK.security });
}

/** Names of the messages (and of the parts inside) that the packet carries bytes of. */
export const messagesOf = (index: TraceIndex, pdu: PduRow): readonly string[] => carriedBy(index, pdu).names;

/** Layer by which a packet is coloured and marked. */
export const layerOf = (index: TraceIndex, pdu: PduRow): Layer => carriedBy(index, pdu).layer;

/** Which of how many segments of its flight a data segment is; null when none of its messages goes on in a neighbour. */
export function partOf(index: TraceIndex, pdu: PduRow): { part: number; of: number } | null {
  if (pdu.streamStart < 0) return null;
  const { flight, place } = flightOf(index, pdu);
  const mine = carriedBy(index, pdu).messages;
  const shares = (other: PduRow | undefined): boolean => other !== undefined && carriedBy(index, other).messages.some((m) => mine.includes(m));
  return shares(flight.pdus[place - 2]) || shares(flight.pdus[place]) ? { part: place, of: flight.pdus.length } : null;
}
