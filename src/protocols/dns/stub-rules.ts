/** Guards and effects of the stub resolver's machine. */
import type { Rules } from '../../machines/table';

export interface StubContext {
  attempt: number;
  readonly attempts: number;
}
export interface StubEvent {
  readonly type: string;
}
export const STUB_EFFECTS = ['askBoth', 'askMissing', 'askNext', 'tellAnswer', 'tellFailure'] as const;
export const stubRules: Rules<StubContext, StubEvent> = {
  guards: { triesLeft: (context) => context.attempt < context.attempts },
  assigns: { countAttempt: { attempt: (context) => context.attempt + 1 } },
};
