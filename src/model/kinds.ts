/**
 * Kinds of trace events. Law: a kind describes itself (layer, what its columns mean, how the time since its
 * cause is to be named), so that views, words and attribution need no protocol. Names are `layer.noun_verb`.
 */
import type { Layer } from './ids';

/** What an event's `subject` column refers to. */
export type SubjectType = 'none' | 'pdu' | 'timer' | 'request' | 'message' | 'flow' | 'endpoint' | 'resource' | 'query' | 'fault';

/**
 * How the time between an event and its cause is attributed:
 * `instant` (must be 0 ns) · `link` (split by the PDU's queue, serialization and propagation columns) ·
 * the others name one part for the whole edge (`fault`: a delay that was injected; shown as part `queue` of the fault).
 */
export type Edge = 'instant' | 'link' | 'timer' | 'cpu' | 'queue' | 'service' | 'think' | 'disk' | 'lock' | 'peer-wait';

/** What a picture does with it. `moment` puts a mark on the scrubber. */
export interface KindSpec {
  readonly layer: Layer;
  readonly subject?: SubjectType;
  /** Names of the numeric columns a and b (with unit when bare: `cwndSegments`, `deadlineNs`). */
  readonly a?: string;
  readonly b?: string;
  readonly edge?: Edge;
  readonly moment?: boolean;
  /** Key in the message catalogue when it is not the kind's own name. */
  readonly words?: string;
  /** Where the rule stands: RFC section or kernel file. */
  readonly spec?: string;
}

/** A named set of kinds, e.g. all of TCP's. Keys are local names; full names are `<layer or protocol>.<key>`. */
export interface KindSet<K extends string = string> {
  readonly prefix: string;
  readonly kinds: { readonly [P in K]: KindSpec };
}

export const defineKinds = <K extends string>(prefix: string, kinds: { readonly [P in K]: KindSpec }): KindSet<K> => ({ prefix, kinds });

/** Kinds that the engine itself writes. */
export const ENGINE_KINDS = defineKinds('sim', {
  run_started: { layer: 'network' },
  /** The run stopped before it was quiet; `a`: 1 event budget, 2 time budget, 3 not modelled. */
  run_stopped: { layer: 'network', a: 'reason', moment: true },
});
export const LINK_KINDS = defineKinds('link', {
  /** The PDU reached the far host; cause is the event that sent it. */
  pdu_delivered: { layer: 'network', subject: 'pdu', edge: 'link' },
  /** The PDU was lost; `a` = fate (see `Fate`), `b` = index of the fault rule or -1. */
  pdu_dropped: { layer: 'network', subject: 'pdu', a: 'fate', b: 'fault', edge: 'link', moment: true },
  pdu_marked: { layer: 'network', subject: 'pdu', spec: 'RFC 3168 §5' },
});
export const TIMER_KINDS = defineKinds('timer', {
  /** Armed or re-armed (which cancels what was armed before); `a` = deadline. */
  armed: { layer: 'transport', subject: 'timer', a: 'deadlineNs' },
  fired: { layer: 'transport', subject: 'timer', edge: 'timer', moment: true },
  cancelled: { layer: 'transport', subject: 'timer' },
});
export const RESOURCE_KINDS = defineKinds('resource', {
  /** Somebody asked for service; `a` = amount in ns, `b` = text id of what for. */
  requested: { layer: 'compute', subject: 'resource', a: 'amountNs', b: 'what' },
  /** Service began; cause is the request, joined by the end of the job that stood before it. */
  granted: { layer: 'compute', subject: 'resource', a: 'amountNs', b: 'what', edge: 'queue' },
  done: { layer: 'compute', subject: 'resource', a: 'amountNs', b: 'what', edge: 'cpu' },
  /** The same for a disk. */
  io_done: { layer: 'storage', subject: 'resource', a: 'amountNs', b: 'what', edge: 'disk' },
  /** Its time slice is over and others wait: it queues again; `a` = what is left of its amount. */
  preempted: { layer: 'compute', subject: 'resource', a: 'leftNs', b: 'what', edge: 'cpu' },
  /** Somebody asks for a place and holds it until it is given back (a worker, a pooled connection); `a` = claim, `b` = text id of what for. */
  claim_requested: { layer: 'compute', subject: 'resource', a: 'claim', b: 'what' },
  /** It has the place; joined by the release that made room. */
  claim_granted: { layer: 'compute', subject: 'resource', a: 'claim', b: 'what', edge: 'queue' },
  claim_released: { layer: 'compute', subject: 'resource', a: 'claim', b: 'what' },
  /** All places are taken and the queue is full. */
  claim_refused: { layer: 'compute', subject: 'resource', a: 'claim', b: 'what', moment: true },
  /** Gave up waiting. */
  claim_abandoned: { layer: 'compute', subject: 'resource', a: 'claim', b: 'what' },
  /** A fixed wait (think or service time) that uses no resource. */
  wait_began: { layer: 'compute', subject: 'none', a: 'amountNs', b: 'what' },
  waited: { layer: 'compute', subject: 'none', a: 'amountNs', b: 'what', edge: 'service' },
});
export const STATE_KINDS = defineKinds('state', {
  /** The endpoint's machine moved; `subject` = endpoint, `a` = from, `b` = to (leaf indices of its chart). */
  entered: { layer: 'transport', subject: 'endpoint', a: 'from', b: 'to' },
  /** The machine did not handle an input; `a` = state, `b` = event index of the chart. Nothing is lost silently. */
  input_ignored: { layer: 'transport', subject: 'endpoint', a: 'state', b: 'event' },
});
export const FAULT_KINDS = defineKinds('fault', {
  /** A rule gave its verdict on a PDU; `a` = rule index; cause is the event that sent it. */
  rule_applied: { layer: 'network', subject: 'pdu', a: 'rule', moment: true },
  /** Power off and on again: all state of the host is lost. */
  host_stopped: { layer: 'network', subject: 'none', a: 'host', moment: true },
  host_started: { layer: 'network', subject: 'none', a: 'host', moment: true },
  /** Nothing reaches the host or leaves it, until it is heard again: its state and timers go on. */
  host_silenced: { layer: 'network', subject: 'none', a: 'host', moment: true },
  host_heard: { layer: 'network', subject: 'none', a: 'host', moment: true },
  link_down: { layer: 'network', subject: 'none', a: 'link', moment: true },
  link_up: { layer: 'network', subject: 'none', a: 'link', moment: true },
});
