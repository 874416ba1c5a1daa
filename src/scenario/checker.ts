/**
 * The check of a whole scenario, where it is loaded. A page that shows a scenario of the catalogue does without: its files are checked by a test, and
 * a change of one parameter is checked against the table (`compile.ts`). Whatever comes from outside loads `parse.ts`, which puts the check here.
 */
import { ok, type Result } from '../base/result';
import type { Scenario } from './schema';

let check: ((raw: unknown) => Result<Scenario>) | null = null;

export function installChecker(checker: (raw: unknown) => Result<Scenario>): void {
  check = checker;
}
/** The scenario as it is after changes, checked as far as a checker is there. */
export const checkedAgain = (changed: unknown): Result<Scenario> => (check ? check(changed) : ok(changed as Scenario));
