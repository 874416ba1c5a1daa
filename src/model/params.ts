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

/** The defaults of a table's parameters, by the last name of their path. */
export const paramDefaults = (params: readonly ParamSpec[]): Readonly<Record<string, unknown>> =>
  // in one piece: an object that grows by many computed names is a hash table to the engine, and options are read for every packet
  Object.fromEntries(params.map((p) => [p.path.slice(p.path.lastIndexOf('.') + 1), p.default]));

/** The values of parameters: from the first record that has one, else the default. What has no default is no parameter. */
export function paramValues(defaults: Readonly<Record<string, unknown>>, records: readonly (Readonly<Record<string, unknown>> | undefined)[]): Record<string, unknown> {
  const values = { ...defaults };
  for (let i = records.length - 1; i >= 0; i--) {
    const record = records[i] ?? {};
    for (const key of Object.keys(record)) if (Object.hasOwn(defaults, key)) values[key] = record[key] ?? values[key];
  }
  return values;
}
