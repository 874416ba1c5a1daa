/**
 * What travels on a link: one IP packet. Law: its length is the length of its encoding (headers from the
 * protocols' codecs, payload from the messages it carries), never a number typed in by hand.
 */
import type { Ns } from '../base/time';
import type { EndpointId, EventId, FlowId, HostId, LinkId, PduId } from './ids';

/** IANA protocol numbers. */
export const IP_ICMP = 1;
export const IP_TCP = 6;
export const IP_UDP = 17;
export type IpProtocol = typeof IP_ICMP | typeof IP_TCP | typeof IP_UDP;

/** What became of a PDU. */
export const Fate = { inFlight: 0, delivered: 1, lostRandom: 2, queueFull: 3, droppedByRule: 4, corrupted: 5, linkDown: 6, hostStopped: 7, tooBig: 8, noMapping: 9 } as const;
export type Fate = (typeof Fate)[keyof typeof Fate];
/** Names for words and exports, by fate. */
export const FATE_NAMES = ['in flight', 'delivered', 'lost', 'queue full', 'dropped', 'corrupted', 'link down', 'host stopped', 'too big', 'no mapping'] as const;

/**
 * A packet before it is sent. `fields` are the protocol's numbers in the order of its `PduSchema.fields`
 * (TCP: flags, seq, ack, window, length, tsval, tsecr, sack blocks …), relative sequence numbers, exact integers.
 */
export interface Pdu {
  readonly protocol: IpProtocol;
  readonly flow: FlowId;
  /** 0 = from the flow's initiator, 1 = towards it. */
  readonly direction: 0 | 1;
  readonly from: HostId;
  readonly to: HostId;
  /** Endpoint that sent it. */
  readonly sender: EndpointId;
  readonly srcPort: number;
  readonly dstPort: number;
  /** Length of the IP packet in bytes. */
  readonly bytes: number;
  /** Bytes above the transport header. */
  readonly payload: number;
  /** First byte of the payload in the flow's stream of this direction (TCP), or -1. Not counting SYN: stream offset 0 is the first data byte. */
  readonly streamStart: number;
  /** TCP control bits as on the wire (FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128); 0 for UDP. */
  readonly flags: number;
  /** ECN field of the IP header: 2 = ECT(0), absent = not capable (RFC 3168 §5). */
  readonly ecn?: number;
  /** What else tells it apart for keyed random draws (TCP: the acknowledgement number; UDP: 0). The same bytes sent again have the same key. */
  readonly key: number;
  /** Receive window that it offers, bytes after scaling (TCP; RFC 7323 §2.3). */
  readonly window?: number;
  /** Name by which selectors and captions know it: `SYN`, `SYN-ACK`, `ACK`, `data`, `FIN`, `RST`, `query`, `answer` … */
  readonly name: string;
  /** 1 = first transmission of these bytes, 2 = sent again … */
  readonly transmission: number;
  /** The protocol's own content, read by the receiving protocol only. */
  readonly body: unknown;
}

/** What a NAT has done to a packet: the ports that its sender wrote, and the host whose address stands outside for that of the inside. */
export interface Translation {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly nat: HostId;
}
/** One row of the trace's PDU table. Times are ns; the parts of a delivered PDU's way sum to arrival − sent. */
export interface PduRow extends Omit<Pdu, 'srcPort' | 'dstPort'> {
  /** Ports as its receiver sees them. */
  srcPort: number;
  dstPort: number;
  /** A NAT on the way has changed a port: how it was sent, and the address outside that stands for the inside's (RFC 4787 §4). */
  translated: Translation | null;
  readonly id: PduId;
  readonly link: LinkId;
  /** 0 = from the link's a side, 1 = from its b side. */
  readonly linkDirection: 0 | 1;
  readonly sentEvent: EventId;
  readonly sentAt: Ns;
  queueNs: Ns;
  serializationNs: Ns;
  propagationNs: Ns;
  /** Delay injected by a fault or by jitter. */
  extraNs: Ns;
  /** When its fate is met (arrival, or the moment and place of loss); -1 while unknown. */
  fateAt: Ns;
  fate: Fate;
  fateEvent: EventId;
  /** How far along the link it was lost, 0 to 1; 1 when delivered. */
  fatePosition: number;
  /** The PDU it is a copy of (duplication), or -1. */
  copyOf: PduId;
  /** A full queue has marked it: it arrives with CE. */
  marked: boolean;
  /** A router on the way has put this MSS in the place of a greater one in a SYN; 0 = it has not. */
  clampedMss: number;
  /** Fault rule that met it, or -1. */
  rule: number;
}
