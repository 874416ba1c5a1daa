/** A statechart as plain data: drawn by views, carried by the trace, made by `machines/compile` from the running definition. */

export interface ChartState {
  /** Unique path, e.g. `ESTABLISHED` or `handshake.WAIT_SH`. */
  readonly key: string;
  readonly parent: string | null;
  readonly initial: string | null;
  readonly leaf: boolean;
  readonly final: boolean;
  /** Section of the specification. */
  readonly spec: string;
  readonly description: string;
}
export interface ChartEdge {
  readonly source: string;
  readonly target: string | null;
  readonly event: string;
  readonly guard: string | null;
  readonly actions: readonly string[];
}
export interface Chart {
  readonly id: string;
  readonly initial: string;
  /** Leaf states in the numbering of `state.entered`. */
  readonly leaves: readonly string[];
  readonly events: readonly string[];
  readonly states: readonly ChartState[];
  readonly edges: readonly ChartEdge[];
}
