/** Guards, assigns and effects of the resolver's iterator. */
import type { Rules } from '../../machines/table';

export interface IteratorContext {
  /** Referrals and aliases followed. */
  steps: number;
}
export interface IteratorEvent {
  readonly type: string;
}
/** Referrals and aliases that one question may follow (Unbound: 11 restarts, each with its referrals). */
export const STEPS_MAX = 40;
/** Aliases in one answer's chain; one more is a failure (Unbound iterator: 11 restarts). */
export const ALIASES_MAX = 11;
export const ITERATOR_EFFECTS = ['prime', 'ask', 'answer', 'answerFailure'] as const;
export const iteratorRules: Rules<IteratorContext, IteratorEvent> = {
  guards: { tooManySteps: (context) => context.steps >= STEPS_MAX },
  assigns: { countStep: { steps: (context) => context.steps + 1 } },
};
