/** Runs a scenario: one trace for each lane, or one named `main`. */
import { ok, type Result } from '../base/result';
import { simulate } from '../engine/simulate';
import { hasHttp2 } from '../hosts/http2-slot';
import { hasHttp3 } from '../hosts/http3-slot';
import { hostKind, HTTP2, HTTP3, loadHosts } from '../hosts/registry';
import type { Plan } from '../model/plan';
import type { Trace } from '../model/trace';
import { compilePlan, type CompileOptions } from './compile';
import type { Scenario } from './schema';

export interface Run {
  /** Lane name, or `main`. */
  readonly name: string;
  readonly title: string;
  readonly plan: Plan;
  readonly trace: Trace;
}
type Levers = Readonly<Record<string, unknown>>;
/** Somebody offers that version of HTTP: a host, in a lane, or by a lever. */
function speaks(version: 'http2' | 'http3', scenario: Scenario, set: Levers): boolean {
  const says = (paths: Levers): boolean => Object.entries(paths).some(([path, value]) => path.endsWith(`.${version}`) && (value === true || value === 'true'));
  return Object.values(scenario.network.hosts).some((h) => h.params?.[version] === true) || (scenario.lanes ?? []).some((lane) => says(lane.set ?? {})) || says(set);
}
/** Loads the kinds of hosts that a scenario has with these levers, and what they speak; a run of it needs them. A web server that has routes is a proxy, too. */
export const prepare = (scenario: Scenario, set: Levers = {}): Promise<void> =>
  loadHosts([...Object.values(scenario.network.hosts).flatMap((h) => (h.kind === 'web-server' && h.params?.routes ? ['reverse-proxy'] : [h.kind])), ...(speaks('http2', scenario, set) ? [HTTP2] : []), ...(speaks('http3', scenario, set) ? [HTTP3] : [])]);
/** Nothing has to be loaded for these levers. */
export const prepared = (scenario: Scenario, set: Levers): boolean => (hasHttp2() || !speaks('http2', scenario, set)) && (hasHttp3() || !speaks('http3', scenario, set));

/** Simulates a compiled plan with the host kinds that are loaded (`prepare`). */
export const runPlan = (plan: Plan): Trace => simulate(plan, (id) => hostKind(id)!);

/** All lanes on one clock. */
export function runScenario(scenario: Scenario, options: Omit<CompileOptions, 'lane'> = {}): Result<readonly Run[]> {
  const lanes = scenario.lanes && scenario.lanes.length > 0 ? scenario.lanes.map((l) => ({ lane: l.name, name: l.name, title: l.title })) : [{ lane: null, name: 'main', title: scenario.title }];
  const runs: Run[] = [];
  for (const { lane, name, title } of lanes) {
    const plan = compilePlan(scenario, { ...options, lane });
    if (!plan.ok) return plan;
    runs.push({ name, title, plan: plan.value, trace: runPlan(plan.value) });
  }
  return ok(runs);
}
