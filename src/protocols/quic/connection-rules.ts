/** Effects of a QUIC connection's machine, the same on both ends. */
import type { Rules } from '../../machines/table';

export interface QuicContext {
  readonly isClient: boolean;
}
export interface QuicEvent {
  readonly type: string;
}
export const QUIC_EFFECTS = ['confirm', 'sayDone', 'sayClose', 'dropStreams', 'armClosing', 'forget', 'repeatClose'] as const;
export const quicRules: Rules<QuicContext, QuicEvent> = { guards: { isClient: (c) => c.isClient }, assigns: {} };
