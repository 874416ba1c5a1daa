/** A stream's two parts remember nothing beside their states. */
import type { Rules } from '../../machines/table';

export type PartContext = Record<string, never>;
export interface PartEvent {
  readonly type: string;
}
export const PART_EFFECTS = ['tellDone'] as const;
export const partRules: Rules<PartContext, PartEvent> = { guards: {}, assigns: {} };
