/**
 * The parameter table: every number that shapes a run, with unit, range, default and source. Law: no hidden
 * constants; what is not in a table of this form may not influence a run. Paths are those of the scenario file;
 * `*` stands for a name (`network.links.*.latency`).
 */

export type ParamType = 'duration' | 'rate' | 'ratio' | 'bytes' | 'integer' | 'choice' | 'switch' | 'text';

export interface ParamSpec {
  /** Path in the scenario file, e.g. `network.links.*.latency`, `stack.tcp.initialWindow`, `network.hosts.*.params.thinkTime`. */
  readonly path: string;
  readonly type: ParamType;
  /** Internal unit: duration → ns, rate → bit/s, ratio → 0…1, bytes → B. */
  readonly default: number | string | boolean;
  readonly min?: number;
  readonly max?: number;
  /** Sensible slider range and step when narrower than the allowed one; `log` for a logarithmic slider. */
  readonly slider?: { readonly min: number; readonly max: number; readonly step: number; readonly log?: boolean };
  readonly choices?: readonly string[];
  /** Where the default comes from, for people: `RFC 6928 §2; Linux TCP_INIT_CWND`. */
  readonly source: string;
  /** Key of its name and sentence in the message catalogue: `param.<words>` and `param.<words>.help`. */
  readonly words: string;
}
