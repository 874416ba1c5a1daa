/** Effects of an HTTP/2 stream's machine, the same on both ends. */
import type { Rules } from '../../machines/table';

/** A stream has nothing to remember beside its state. */
export type StreamContext = Record<string, never>;
export interface StreamEvent {
  readonly type: string;
}
export const STREAM_EFFECTS = ['tellClosed'] as const;
export const streamRules: Rules<StreamContext, StreamEvent> = { guards: {}, assigns: {} };
