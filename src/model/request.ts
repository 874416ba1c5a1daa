/** A client's own requests and the phases they pass through. Phases have HAR's meaning. */
import type { Ns } from '../base/time';
import type { EndpointId, EventId, FlowId, HostId, RequestId } from './ids';

export const PHASES = ['blocked', 'dns', 'connect', 'tls', 'send', 'wait', 'receive'] as const;
export type Phase = (typeof PHASES)[number];

/** What the client reports when a request fails: our word, a sentence key, curl's exit code, the browser's net error. */
export interface RequestError {
  /** errno or protocol word: ENOTFOUND, ECONNREFUSED, ETIMEDOUT, CERT_EXPIRED … */
  readonly code: string;
  /** Key in the message catalogue. */
  readonly text: string;
  readonly curl: number;
  readonly browser: string;
}

export interface PhaseSpan {
  readonly phase: Phase;
  readonly startEvent: EventId;
  readonly startNs: Ns;
  endEvent: EventId;
  endNs: Ns;
}

export interface RequestRow {
  readonly id: RequestId;
  readonly url: string;
  readonly method: string;
  readonly host: HostId;
  readonly endpoint: EndpointId;
  /** `document`, `image`, `script` … or `look-up` for a bare name look-up. */
  readonly resource: string;
  /** Request whose response made the client ask for this one, or -1. */
  readonly initiator: RequestId;
  readonly startEvent: EventId;
  readonly startNs: Ns;
  endEvent: EventId;
  endNs: Ns;
  /** `h1`, or `null` until known. */
  protocol: string | null;
  status: number | null;
  error: RequestError | null;
  /** Connection it was sent on (the transport flow), or -1. */
  flow: FlowId;
  fromCache: boolean;
  bytesUp: number;
  bytesDown: number;
  readonly phases: PhaseSpan[];
}
