/**
 * A plan: everything a run needs, resolved (no defaults left open, no units), made by `scenario/compile` from a
 * scenario file. Same plan, same trace.
 */
import type { Ns } from '../base/time';
import type { Fault } from './fault';

export interface PlanHost {
  /** Unique name: `browser`, `edge`, `resolver` … */
  readonly name: string;
  /** Registry id of the host kind: `browser`, `web-server`, `recursive-resolver`, `name-server` … */
  readonly kind: string;
  readonly title: string;
  readonly address: string;
  readonly cores: number;
  /** How long a piece of work keeps a core while others wait; 0 or absent: to its end. */
  readonly schedulerSliceNs?: Ns;
  /** Column of the stage, from the left; hosts with the same column share it as sub-lanes. */
  readonly column: number;
  readonly params: Readonly<Record<string, ParamValue>>;
}
export type ParamValue = number | string | boolean | readonly string[] | Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[] | null;

export interface PlanLink {
  readonly name: string;
  readonly a: string;
  /** Hosts at the far side share the medium (rate and queue). */
  readonly b: readonly string[];
  /** One way, [a to b, b to a]. */
  readonly latencyNs: readonly [Ns, Ns];
  /** Uniform extra 0 … jitter, drawn per packet. */
  readonly jitterNs: Ns;
  /** Bits per second, 0 = unlimited, [a to b, b to a]. */
  readonly rate: readonly [number, number];
  /** Drop-tail queue limit in packets. */
  readonly queuePackets: number;
  /** Packets that wait before those that can carry it are marked (ECN); absent or 0: never. */
  readonly markAbove?: number;
  /** Probability 0 … 1 per packet, [a to b, b to a]. */
  readonly loss: readonly [number, number];
  /** Largest IP packet. */
  readonly mtu: number;
  /** Address that `a` has on this link, where it is not the host's own: another network. */
  readonly address?: string;
  /** A host of kind `router` or `nat` on the way, and where: 0 = at a, 1 = at b. */
  readonly via?: { readonly router: string; readonly at: number };
  /** Fixed cost of the emulated link per packet (measured-host preset), part of propagation. */
  readonly perPacketNs: Ns;
}

export interface Plan {
  readonly version: 1;
  readonly id: string;
  readonly title: string;
  readonly seed: number;
  readonly hosts: readonly PlanHost[];
  readonly links: readonly PlanLink[];
  /** Options by protocol: `stack.tcp.initialWindow` … (plain records; each protocol reads its own by its parameter table). */
  readonly stack: Readonly<Record<string, Readonly<Record<string, ParamValue>>>>;
  /** What is asked of the world: read by the host kinds that start work (the browser). */
  readonly workload: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
  readonly limits: { readonly events: number; readonly endNs: Ns };
}
