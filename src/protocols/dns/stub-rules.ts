/** Guards and effects of the stub resolver's machine. */
import type { Rules } from '../../machines/table';

export interface StubContext {
  attempt: number;
  readonly attempts: number;
  /** Each question has a socket of its own (RES_SNGLKUPREOP). */
  reopened: boolean;
}
export interface StubEvent {
  readonly type: string;
}
export const STUB_EFFECTS = ['askBoth', 'askInTurn', 'askNext', 'tellAnswer', 'tellFailure'] as const;
export const stubRules: Rules<StubContext, StubEvent> = {
  guards: { triesLeft: (context) => context.attempt < context.attempts, reopened: (context) => context.reopened },
  assigns: { countAttempt: { attempt: (context) => context.attempt + 1 }, reopen: { reopened: () => true } },
};
