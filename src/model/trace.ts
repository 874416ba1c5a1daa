/**
 * The trace: the only bridge between the engine and everything that looks at a run. Law: append-only columns
 * plus small side tables; it describes itself. Never put one into reactive state.
 */
import type { Column } from '../base/column';
import type { Ns } from '../base/time';
import type { Chart } from './chart';
import type { Fault } from './fault';
import type { EndpointId, EventId, FlowId, HostId, KindId, Layer, LinkId, RequestId, ResourceId, TimerId } from './ids';
import type { KindSpec } from './kinds';
import type { PduRow } from './pdu';
import type { PlanHost, PlanLink } from './plan';
import type { RequestRow } from './request';
import type { QueryRow } from './query';
import type { Flow, Message } from './stream';

export interface TraceKind extends KindSpec {
  readonly id: KindId;
  /** Full name, e.g. `tcp.segment_sent`. */
  readonly name: string;
}
export interface TraceHost extends PlanHost {
  readonly id: HostId;
}
export interface TraceLink extends PlanLink {
  readonly id: LinkId;
}
export interface EndpointRow {
  readonly id: EndpointId;
  readonly host: HostId;
  readonly flow: FlowId;
  readonly layer: Layer;
  /** `tcp`, `tls`, `http`, `dns-stub`, `browser` … */
  readonly protocol: string;
  /** For people: `browser :49152 → edge :443`. */
  readonly title: string;
  /** Index into `charts`, or -1. */
  readonly chart: number;
  readonly createdAt: Ns;
  /** Event under way when it was made. */
  readonly createdEvent: EventId;
}
export interface TimerRow {
  readonly id: TimerId;
  readonly endpoint: EndpointId;
  /** The standard's name: `rto`, `tlp`, `delayedAck`, `timeWait` … */
  readonly name: string;
}
export interface ResourceRow {
  readonly id: ResourceId;
  readonly host: HostId;
  /** `cpu`, `disk`, `workers`, `connections` … */
  readonly name: string;
  /** How many at once: cores, workers, connections. */
  readonly servers: number;
  /** How many may wait; -1 = any number. */
  readonly queueMax: number;
}

export type Outcome = 'ok' | 'error' | 'timeout' | 'budget' | 'unmodelled';

export interface Trace {
  readonly version: 1;
  readonly scenario: string;
  readonly title: string;
  readonly seed: number;
  readonly hosts: readonly TraceHost[];
  readonly links: readonly TraceLink[];
  readonly faults: readonly Fault[];
  readonly kinds: readonly TraceKind[];
  readonly charts: readonly Chart[];
  readonly endpoints: readonly EndpointRow[];
  readonly flows: readonly Flow[];
  readonly timers: readonly TimerRow[];
  readonly resources: readonly ResourceRow[];
  readonly pdus: readonly PduRow[];
  readonly messages: readonly Message[];
  readonly requests: readonly RequestRow[];
  /** Statements that databases ran, in order. */
  readonly queries: readonly QueryRow[];
  /** Short texts that events refer to by number (what a CPU was used for, the reason of an error …). */
  readonly texts: readonly string[];

  // The columns, one row per event, in order of (time, sequence).
  readonly time: Column<Float64Array>;
  readonly kind: Column<Uint16Array>;
  /** Endpoint at which it happened, or -1 (links, faults). */
  readonly where: Column<Int32Array>;
  /** The last enabler, or -1 for the start of the run. Always smaller than the event's own id. */
  readonly cause: Column<Int32Array>;
  /** What it is about; meaning by the kind's `subject`. */
  readonly subject: Column<Int32Array>;
  readonly a: Column<Float64Array>;
  readonly b: Column<Float64Array>;
  /** Further causes of an event (both answers of a look-up), in order. */
  readonly joined: ReadonlyMap<EventId, readonly EventId[]>;

  /** Names of the numbers in `Pdu.body.fields`, by protocol (`tcp`, `udp`): only what views show. */
  readonly endNs: Ns;
  readonly outcome: Outcome;
  /** For `budget`, `timeout` and `unmodelled`: what stopped the run, or why it is over although somebody still waits, as a sentence. */
  readonly stopReason: string | null;
  /** The request that the run is about: the one that its client names, else the first; -1 if none. */
  readonly mainRequest: RequestId;
}
