/** The form of a measured case (test/fixtures/truth) and of a verdict on it. */
export interface Metric {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}
export interface Rule {
  readonly link: string;
  readonly from?: 'client' | 'server' | 'either';
  readonly protocol?: 'tcp' | 'udp';
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly tcpFlags?: string;
  readonly tcpFlagsUnset?: string;
  readonly payloadAtLeast?: number;
  readonly payloadAtMost?: number;
  readonly rel?: number;
  readonly nth?: number;
  readonly count?: number;
  readonly action: string;
  readonly extraDelayUs?: number;
}
export type Given = Readonly<Record<string, unknown>> & { readonly rules?: readonly Rule[] };
export interface MeasuredCase {
  readonly id: string;
  readonly family: string;
  readonly given: Given;
  readonly measured: Readonly<Record<string, Metric>>;
  readonly judge: readonly string[];
  readonly client: string;
  readonly server: string;
  readonly packetList?: string;
  readonly informational?: string | boolean;
  /** Every run of a distribution: the metric that is judged, ms. */
  readonly samples?: readonly number[];
  readonly observed?: Readonly<Record<string, unknown>>;
}
export type Status = 'pass' | 'fail' | 'unsupported' | 'informational';
export interface Verdict {
  readonly id: string;
  readonly family: string;
  readonly status: Status;
  readonly why?: string;
  readonly metrics: Readonly<Record<string, { measured: number; predicted: number; tolerance: number; ok: boolean }>>;
  readonly packets?: { readonly compared: number; readonly firstDifference: string | null };
}
