/** `simulate(plan)`: the model as a function. Same plan, same trace, byte for byte. */
import type { Plan } from '../model/plan';
import type { Trace } from '../model/trace';
import type { HostKind } from '../model/world';
import { Simulation } from './simulation';

/** Runs a plan with the given host kinds (loaded beforehand: the registry is lazy). */
export function simulate(plan: Plan, kindOf: (id: string) => HostKind): Trace {
  return new Simulation(plan, kindOf).run();
}
