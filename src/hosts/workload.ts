/** What the plan asks of a client, and what a site is: the types that scenario files compile to. Times in ns. */
import type { CacheDirective } from '../model/http/response';

export type ClientProfile = 'plain' | 'curl' | 'browser';
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];
export interface Visit {
  readonly url: string;
  readonly at: number;
  /** Who visits (1 when absent): each user has connections and caches of his own. */
  readonly user?: number;
  /** GET when absent; and bytes of content that go with it. */
  readonly method?: Method;
  readonly body?: number;
  /** The run is about this visit; else about the first. */
  readonly main?: boolean;
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
  /** Of a document: which of the pictures that it needs are on the first screen. */
  readonly inView?: readonly string[];
  /** Seconds of freshness; -1: none. */
  readonly maxAge: number;
  /** A file (with validators) or made for each request. */
  readonly file: boolean;
  /** What Cache-Control says besides. */
  readonly caching?: CacheDirective;
  /** When the file is changed, ns: from then on it has another tag. */
  readonly changedAt?: number;
  /** Bytes that are left of it when it is compressed, and whether that was done before or is done for each answer. */
  readonly compressed?: number;
  readonly gzip?: 'static' | 'on-the-fly';
  /** Asked for here, it is found there. */
  readonly redirect?: { readonly to: string; readonly status: number };
  /** CPU time of an app server before it asks its database, and to make the answer from what it got; ns. */
  readonly cpu?: number;
  readonly render?: number;
  /** Statements, one after the other; `:id` is the part of the path that the pattern names. */
  readonly queries?: readonly string[];
}
export type Site = Readonly<Record<string, SiteResource>>;
