/** Small integer names for the things of one run. All index side tables of the trace; -1 means none. */

export type HostId = number;
export type LinkId = number;
export type FlowId = number;
/** One end of one protocol on one host: a TCP connection end, a TLS session end, a stub resolver, a browser … */
export type EndpointId = number;
export type PduId = number;
export type MessageId = number;
export type TimerId = number;
export type RequestId = number;
export type EventId = number;
export type KindId = number;
export type ResourceId = number;
export type QueryId = number;
/** A place held in a resource until it is given back: a worker, a pooled connection, a place in an accept queue. */
export type ClaimId = number;
export const NONE = -1;

/** The layers of the interface, in the order of `design/visual.md`; each has its colour and mark. */
export type Layer = 'names' | 'transport' | 'security' | 'http' | 'compute' | 'storage' | 'network';
