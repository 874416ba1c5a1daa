/** What an exporter is: a pure function from runs to a file. Law: it reads traces only; the one date it knows is given to it. */
import { NONE } from '../model/ids';
import type { Trace } from '../model/trace';
import type { TraceIndex } from '../trace';

/** One run (lane) of a scenario. */
export interface ExportRun {
  readonly name: string;
  readonly title: string;
  readonly index: TraceIndex;
}
export interface ExportOptions {
  /** Date of the run's start, ms since 1970: a run knows no calendar. */
  readonly epochMs: number;
  /** Captures: name of the host where they are taken, or `links` for all links; by default the client's side. */
  readonly at?: string;
}
export interface ExportInput {
  readonly scenario: { readonly id: string; readonly title: string };
  /** At least one. */
  readonly runs: readonly ExportRun[];
  readonly options: ExportOptions;
}
export type Exporter = (input: ExportInput) => string | Uint8Array;

/** Noon of the day that the model's servers write into their Date fields (`protocols/http1/codec`). */
export const DEFAULT_EPOCH_MS = Date.UTC(2026, 10, 24, 12, 0, 0);
const NS_PER_S = 1e9;

/** ISO 8601 with microseconds: the date `ns` after the start. */
export function isoDate(epochMs: number, ns: number): string {
  const startNs = (epochMs % 1000) * 1e6 + ns;
  const seconds = Math.floor(epochMs / 1000) + Math.floor(startNs / NS_PER_S);
  const micros = Math.floor((startNs % NS_PER_S) / 1000);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`;
}
/** The host whose requests the run is about. */
export const clientHost = (trace: Trace): number => trace.requests[trace.mainRequest === NONE ? 0 : trace.mainRequest]?.host ?? 0;
