/** One line for a fault that the user put in. */
import { faultWords } from '../explain';
import { planFault } from '../scenario/faults';
import type { ScenarioFault } from '../scenario/schema';

export const faultLine = (fault: ScenarioFault): string => faultWords(planFault(fault));
