/** What may go wrong in people's input: one clear complaint with where, what and the cure. */

export interface Complaint {
  /** Path inside the input, e.g. `network.links[0].latency`. */
  readonly where: string;
  readonly what: string;
  readonly cure: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly Complaint[] };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (where: string, what: string, cure: string): Result<never> => ({ ok: false, errors: [{ where, what, cure }] });
/** `where: what; cure`, the form of the command line and of notices. */
export const complaintText = (c: Complaint): string => `${c.where}: ${c.what}; ${c.cure}`;
