/** Effects of a request inside an app server. */
import type { Rules } from '../machines/table';

export interface WorkContext {
  /** Statements answered so far. */
  answered: number;
}
export interface WorkEvent {
  readonly type: string;
}
export const WORK_EFFECTS = ['next', 'takeConnection', 'query', 'giveBack', 'startWait', 'respond', 'refuse', 'fail'] as const;
export const workRules: Rules<WorkContext, WorkEvent> = { guards: {}, assigns: { countAnswer: { answered: (c) => c.answered + 1 } } };
