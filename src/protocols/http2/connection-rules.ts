/** Effects of an HTTP/2 connection's machine, the same on both ends. */
import type { Rules } from '../../machines/table';

/** A connection's machine remembers nothing beside its state. */
export type ConnectionContext = Record<string, never>;
export interface ConnectionEvent {
  readonly type: string;
}
export const CONNECTION_EFFECTS = ['sendSettings', 'sendGoaway', 'dropStreams', 'closeSocket'] as const;
export const connectionRules: Rules<ConnectionContext, ConnectionEvent> = { guards: {}, assigns: {} };
