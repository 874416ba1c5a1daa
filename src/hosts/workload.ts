/** What the plan asks of a client, and what a site is: the types that scenario files compile to. Times in ns. */
export type ClientProfile = 'plain' | 'curl' | 'browser';
export interface Visit {
  readonly url: string;
  readonly at: number;
}
export interface Workload {
  /** Host that acts. */
  readonly client: string;
  readonly profile: ClientProfile;
  readonly visits: readonly Visit[];
  /** Gives up a connection attempt (look-up included) after this; 0 = the profile's own limit. */
  readonly connectTimeout: number;
  /** Gives a request up altogether after this (curl --max-time); none when absent or 0. */
  readonly maxTime?: number;
  /** A visit begins only when the one before has ended (curl with several URLs). */
  readonly sequential: boolean;
}
/** One resource of a site. */
export interface SiteResource {
  readonly bytes: number;
  readonly type: string;
  /** Fixed time the server thinks, ns. */
  readonly think: number;
  /** Paths that the document refers to. */
  readonly links: readonly string[];
  /** Seconds of freshness; -1: none. */
  readonly maxAge: number;
  /** A file (with validators) or made for each request. */
  readonly file: boolean;
}
export type Site = Readonly<Record<string, SiteResource>>;
