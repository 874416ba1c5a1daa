/**
 * Faults are rules with verdicts. A selector names its victims by meaning, so that "this packet" survives a
 * change of parameters and fits in a URL. Verdict names follow Toxiproxy where it has one.
 */
import type { Ns } from '../base/time';

/** All given conditions must hold. Host and link are plan names. */
export interface PduSelector {
  readonly link?: string;
  /** Host that sent it. */
  readonly from?: string;
  readonly protocol?: 'tcp' | 'udp' | 'icmp';
  readonly fromPort?: number;
  readonly toPort?: number;
  /** `Flow.name` of the transport flow, e.g. `browser>edge:443#2`. */
  readonly flow?: string;
  /** Name of the PDU (`SYN`, `data` …) or of a message that it carries some bytes of (`ClientHello`, `200` …). */
  readonly select?: string;
  /** TCP flag letters that must be set / unset, e.g. `S`, `FA`. */
  readonly tcpFlags?: string;
  readonly tcpFlagsUnset?: string;
  readonly payloadAtLeast?: number;
  readonly payloadAtMost?: number;
  /** Payload overlaps these stream bytes [from, to) of its direction. */
  readonly range?: readonly [number, number];
  /** Which transmission of the bytes; 1 = the first. */
  readonly transmission?: number;
}

export type Verdict =
  | { readonly do: 'drop'; /** 0 to 1 along the link; 0 = as it enters. */ readonly at?: number }
  | { readonly do: 'delay'; readonly by: Ns }
  | { readonly do: 'duplicate' }
  | { readonly do: 'corrupt' };

export interface PduFault {
  readonly type: 'pdu';
  readonly where: PduSelector;
  /** The nth match (from 1) and the `count - 1` after it; count -1 = all from the nth on. */
  readonly nth: number;
  readonly count: number;
  readonly verdict: Verdict;
}
/** A host: `stop` (power off: nothing is answered, state is lost), `silent` (packets are dropped both ways, state is kept). */
export interface HostFault {
  readonly type: 'host';
  readonly host: string;
  readonly verdict: 'stop' | 'silent';
  readonly from: Ns;
  readonly until: Ns | null;
}
export interface LinkFault {
  readonly type: 'link';
  readonly link: string;
  readonly verdict: 'down';
  readonly from: Ns;
  readonly until: Ns | null;
}
/** Something wrong in what a host says: DNS answers, certificates. `host` answers so for every matching question. */
export interface AnswerFault {
  readonly type: 'answer';
  readonly host: string;
  readonly verdict: 'nxdomain' | 'servfail' | 'refused' | 'no-answer' | 'certificate-expired' | 'certificate-wrong-name' | 'certificate-unknown-issuer' | 'refuse-connections';
  /** DNS: question name it applies to (all if absent). */
  readonly name?: string;
}
export type Fault = PduFault | HostFault | LinkFault | AnswerFault;
