/**
 * What a sentence about an event may use: names and numbers drawn from the trace, each on demand. Law: words know
 * the trace only through this, so a second language needs no logic.
 */
import type { EventId, HostId } from '../model/ids';
import type { PduRow } from '../model/pdu';
import type { QueryRow } from '../model/query';
import { bottomFlow, carriedBy, flowOfEvent, hostOfEvent, partOf, type TraceIndex } from '../trace/index';
import type { PacketWords } from './words/packets';

/** Facts of a packet, for titles and sentences. */
export interface PacketFacts {
  readonly name: string;
  /** Names of what it carries; empty for control packets. */
  readonly carries: readonly string[];
  readonly part: { readonly part: number; readonly of: number } | null;
  /** 1 = first transmission. */
  readonly transmission: number;
  readonly payload: number;
  readonly bytes: number;
  readonly isCopy: boolean;
  readonly datagram: boolean;
  /** Question or name a DNS message is about, or ''. */
  readonly about: string;
}

export function packetFacts(index: TraceIndex, pdu: PduRow): PacketFacts {
  const carried = carriedBy(index, pdu);
  const question = (carried.messages[0]?.body as { question?: { name: string; type: string } } | null)?.question;
  return {
    name: pdu.name, carries: carried.names, part: partOf(index, pdu), transmission: pdu.transmission, payload: pdu.payload, bytes: pdu.bytes,
    isCopy: pdu.copyOf >= 0, datagram: pdu.protocol === 17, about: question ? question.name : '',
  };
}

/** Lazily read facts of one event. */
export class EventFacts {
  constructor(readonly index: TraceIndex, readonly event: EventId, private readonly packetWords: PacketWords, private readonly hostWords: (title: string) => string) {}

  get a(): number {
    return this.index.trace.a.at(this.event);
  }
  get b(): number {
    return this.index.trace.b.at(this.event);
  }
  get time(): number {
    return this.index.trace.time.at(this.event);
  }
  get subject(): number {
    return this.index.trace.subject.at(this.event);
  }
  /** Column a (b) as a text of the trace. */
  get textA(): string {
    return this.index.trace.texts[this.a] ?? '';
  }
  get textB(): string {
    return this.index.trace.texts[this.b] ?? '';
  }
  /** `the browser` */
  get host(): string {
    return this.hostName(hostOfEvent(this.index, this.event));
  }
  /** The other end of the event's connection or packet. */
  get peer(): string {
    const { trace } = this.index;
    const here = hostOfEvent(this.index, this.event);
    const pdu = this.pdu;
    if (pdu) return this.hostName(pdu.from === here ? pdu.to : pdu.from);
    const flow = trace.flows[bottomFlow(trace, flowOfEvent(trace, this.event))];
    return flow ? this.hostName(flow.initiator === here ? flow.responder : flow.initiator) : '';
  }
  hostName(id: HostId): string {
    const host = this.index.trace.hosts[id];
    return host ? this.hostWords(host.title || host.name) : '';
  }
  get pdu(): PduRow | null {
    const { trace } = this.index;
    return trace.kinds[trace.kind.at(this.event)]!.subject === 'pdu' ? (trace.pdus[this.subject] ?? null) : null;
  }
  /** The packet inside a sentence: `ServerHello, Certificate (1 of 2)`, `the question A shop.example`. */
  get packet(): string {
    const { pdu } = this;
    return pdu ? this.packetWords.spoken(packetFacts(this.index, pdu)) : '';
  }
  get from(): string {
    return this.hostName(this.pdu?.from ?? -1);
  }
  get to(): string {
    return this.hostName(this.pdu?.to ?? -1);
  }
  get link(): string {
    const { pdu } = this;
    return pdu ? this.index.trace.links[pdu.link]!.name : (this.index.trace.links[this.a]?.name ?? '');
  }
  /** Name of the message that the event is about. */
  get message(): string {
    return this.index.trace.messages[this.subject]?.name ?? '';
  }
  /** Name of the timer that the event is about. */
  get timer(): string {
    return this.index.trace.timers[this.subject]?.name ?? '';
  }
  /** Name of the resource that the event is about. */
  get resource(): string {
    return this.index.trace.resources[this.subject]?.name ?? '';
  }
  /** The request that the event is about ended with an error. */
  get failed(): boolean {
    return (this.index.trace.requests[this.subject]?.error ?? null) !== null;
  }
  /** Statement that the event is about. */
  get query(): QueryRow | null {
    const { trace } = this.index;
    return trace.kinds[trace.kind.at(this.event)]!.subject === 'query' ? (trace.queries[this.subject] ?? null) : null;
  }
  get url(): string {
    return this.index.trace.requests[this.subject]?.url ?? '';
  }
  /** Path of that URL, or the whole when it has none. */
  get path(): string {
    return pathOf(this.url);
  }
  get endpointProtocol(): string {
    const where = this.index.trace.where.at(this.event);
    return where < 0 ? '' : this.index.trace.endpoints[where]!.protocol;
  }
  /** Name of leaf state number `state` of the event's endpoint. */
  state(state: number): string {
    const { trace } = this.index;
    const endpoint = trace.endpoints[trace.where.at(this.event)];
    return trace.charts[endpoint?.chart ?? -1]?.leaves[state] ?? '';
  }
  /** Name of event number `input` of the endpoint's chart. */
  input(input: number): string {
    const { trace } = this.index;
    const endpoint = trace.endpoints[trace.where.at(this.event)];
    return trace.charts[endpoint?.chart ?? -1]?.events[input] ?? '';
  }
}

/** `https://shop.example/orders/42` → `/orders/42`. */
export function pathOf(url: string): string {
  const slash = url.indexOf('/', url.indexOf('://') + 3);
  return url.includes('://') && slash >= 0 ? url.slice(slash) : url;
}
