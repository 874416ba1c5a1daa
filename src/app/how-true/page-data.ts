/** The form of the fidelity run as the page "How true is this?" shows it (`fidelity.gen.json`, written by `npm run evidence`). */
/** One number that was measured and predicted; ms, or a count. */
export interface MetricRow {
  readonly name: string;
  readonly measured: number;
  /** Least and greatest of the runs, where there were several. */
  readonly min?: number;
  readonly max?: number;
  readonly predicted: number;
  readonly tolerance: number;
  readonly ok: boolean;
}
export type CaseStatus = 'pass' | 'fail' | 'unsupported' | 'informational';
export interface CaseRow {
  readonly id: string;
  readonly family: string;
  readonly status: CaseStatus;
  /** Why it is not judged. */
  readonly why?: string;
  readonly client: string;
  readonly server: string;
  /** Runs that were measured. */
  readonly n: number;
  /** The conditions, as `name: value`; what is as usual is left out. */
  readonly given: readonly string[];
  readonly notes?: string;
  readonly metrics: readonly MetricRow[];
  readonly packets?: { readonly compared: number; readonly firstDifference: string | null };
}
export interface FamilyRow {
  readonly family: string;
  readonly claimed: boolean;
  readonly minShare: number;
  readonly judged: number;
  readonly passed: number;
  readonly unsupported: number;
  readonly informational: number;
}
export interface Evidence {
  readonly version: 1;
  /** What was measured: product and version. */
  readonly versions: Readonly<Record<string, string>>;
  readonly families: readonly FamilyRow[];
  readonly cases: readonly CaseRow[];
}
