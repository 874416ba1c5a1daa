/**
 * The state of the page: what is run (scenario, changes, faults) and what is looked at (time, lane, view,
 * selection, lens, theme). Law: a run follows from the first half, a picture from both; traces stay raw.
 */
import { createStore } from 'zustand/vanilla';
import type { Ns } from '../base/time';
import type { Complaint } from '../base/result';
import type * as Simulator from '../scenario/run';
import type { Scenario, ScenarioFault } from '../scenario/schema';
import { indexTrace, timeWindows, type Nearness, type TraceIndex } from '../trace';

export type ViewName = 'stage' | 'ladder' | 'states' | 'message' | 'waterfall' | 'server' | 'congestion' | 'streams' | 'index' | 'log' | 'why';
export const VIEWS: readonly ViewName[] = ['stage', 'ladder', 'states', 'waterfall', 'message', 'streams', 'congestion', 'server', 'index', 'why', 'log'];
export type Theme = 'auto' | 'light' | 'dark' | 'projector';
/** One selected thing, by its number in the current trace. */
export type Selection = { readonly type: 'pdu' | 'host' | 'link' | 'timer' | 'endpoint' | 'request' | 'event'; readonly id: number } | null;

export interface LaneRun {
  readonly name: string;
  readonly title: string;
  readonly index: TraceIndex;
}
/** A run that was set aside to be compared, with what made it. */
export interface Fork extends LaneRun {
  readonly levers: Levers;
}
/** Forks beside each other, the one that is worked on among them. */
export const FORKS_MAX = 4;
/** What can be undone: the levers. */
export interface Levers {
  readonly set: Readonly<Record<string, string | number | boolean>>;
  readonly faults: readonly ScenarioFault[];
  readonly seed: number | null;
}
/** A step of undo: what was run, so that going to another scenario can be undone as well. */
export interface Past {
  readonly scenario: Scenario;
  readonly levers: Levers;
}
export interface AppState {
  readonly scenario: Scenario | null;
  readonly levers: Levers;
  readonly undo: readonly Past[];
  readonly redo: readonly Past[];
  readonly runs: readonly LaneRun[];
  /** The run before the last change, and its levers: drawn as a ghost, compared in words. */
  readonly before: readonly LaneRun[];
  readonly beforeLevers: Levers | null;
  /** Runs set aside; `runs` holds them before the one that is worked on. Only where the scenario has no lanes of its own. */
  readonly forks: readonly Fork[];
  /** Several runs at one time, or at the same step. */
  readonly align: 'time' | 'step';
  readonly lane: number;
  readonly t: Ns;
  /** The scene that is meant where several fall on this moment, by place; -1: the last of them. */
  readonly scene: number;
  readonly playing: boolean;
  /** Seconds for which playback still holds so that a scene can be read; 0 when it does not. */
  readonly reading: number;
  /** 1 = a window in about sixteen seconds. */
  readonly speed: number;
  readonly bent: boolean;
  /** A nearer camera: fewer hosts, one chapter (phone, projector, small embed). */
  readonly near: Nearness;
  readonly view: ViewName;
  readonly selection: Selection;
  readonly theme: Theme;
  readonly complaints: readonly Complaint[];
}
export const NO_LEVERS: Levers = { set: {}, faults: [], seed: null };

export const store = createStore<AppState>(() => ({
  scenario: null, levers: NO_LEVERS, undo: [], redo: [], runs: [], before: [], beforeLevers: null, forks: [], align: 'time', lane: 0, t: 0, scene: -1, playing: false, reading: 0, speed: 1, bent: true, near: false, view: 'stage', selection: null, theme: 'auto', complaints: [],
}));
const { getState, setState } = store;

/** The simulator, once it is loaded: the page paints first, the model comes beside it. */
let simulator: typeof Simulator | null = null;
export async function loadSimulator(): Promise<typeof import('../scenario/run')> {
  simulator = await import('../scenario/run');
  return simulator;
}

/** Levers after the last change that a further one may join: same object, same drag. */
let joinable: Levers | null = null;
/** Names the run that is worked on while it stands beside forks. */
let titleOf: ((levers: Levers, index: TraceIndex) => string) | null = null;

/** Runs a scenario with these levers. `joins`: a further step of the same drag; the run before the drag stays the one to compare with. A wrong setting leaves everything as it was and says why. */
function rerun(scenario: Scenario | null, levers: Levers, history: Pick<AppState, 'undo' | 'redo'>, joins = false): boolean {
  if (!scenario || !simulator) return false;
  if (!simulator.prepared(scenario, levers.set)) {
    // what the lever needs is loaded first; nothing changes until it is there
    void simulator.prepare(scenario, levers.set).then(() => rerun(scenario, levers, history, joins));
    return true;
  }
  const result = simulator.runScenario(scenario, { set: levers.set, faults: levers.faults, ...(levers.seed === null ? {} : { seed: levers.seed }) });
  if (!result.ok) {
    setState({ complaints: result.errors });
    return false;
  }
  const { runs, t, lane, selection, scenario: old, levers: oldLevers, forks: oldForks, before, beforeLevers } = getState();
  const fresh = result.value.map((run) => ({ name: run.name, title: run.title, index: indexTrace(run.trace) }));
  const same = old === scenario;
  const forks = same ? oldForks : [];
  const shown = [...forks, ...fresh.map((run) => (forks.length > 0 && titleOf ? { ...run, title: titleOf(levers, run.index) } : run))];
  const end = Math.max(...shown.map((run) => lastTime(run.index)));
  setState({
    scenario, levers, forks, runs: shown, before: !same ? [] : joins ? before : runs.slice(oldForks.length), beforeLevers: !same ? null : joins ? beforeLevers : oldLevers, complaints: [], t: same ? Math.min(t, end) : 0, scene: -1, reading: 0,
    lane: same ? Math.min(lane, shown.length - 1) : 0, selection: same ? selection : null, ...history,
  });
  return true;
}
/** Last moment that is shown: the end of the last window. */
export function lastTime(index: TraceIndex): Ns {
  const windows = timeWindows(index);
  return windows[windows.length - 1]!.end;
}

/** Paths of addresses of scenarios that are not the catalogue's (`share.ts`): they go with the scenario, through undo and redo. */
const paths = new WeakMap<Scenario, string>();
export const givePath = (scenario: Scenario, path: string): void => void paths.set(scenario, path);
/** What stands for a scenario in an address. */
export const pathOf = (scenario: Scenario): string => paths.get(scenario) ?? encodeURIComponent(scenario.id);

/** Shows a scenario from its beginning. `keep`: what was shown before can be had back by undo. */
export function openScenario(scenario: Scenario, levers: Levers = NO_LEVERS, keep = false): boolean {
  const now = getState();
  const undo = keep && now.scenario ? [...now.undo.slice(-99), { scenario: now.scenario, levers: now.levers }] : [];
  const done = rerun(scenario, levers, { undo, redo: [] });
  if (done) {
    const { runs, forks } = getState();
    setState({ t: 0, lane: 0, forks: [], runs: runs.slice(forks.length), before: [], beforeLevers: null, selection: null });
  }
  return done;
}
/** Changes levers; `merge` joins a slider's many steps into one step of undo, compared with the run before all of them. */
export function change(levers: Partial<Levers>, merge = false): boolean {
  const state = getState();
  if (!state.scenario) return false;
  const next = { ...state.levers, ...levers };
  const joins = merge && state.levers === joinable;
  const undo = joins ? state.undo : [...state.undo.slice(-99), { scenario: state.scenario, levers: state.levers }];
  const done = rerun(state.scenario, next, { undo, redo: [] }, joins);
  if (done) joinable = next;
  return done;
}
export function setLever(path: string, value: string | number | boolean, merge = false): boolean {
  return change({ set: { ...getState().levers.set, [path]: value } }, merge);
}
/** Sets a run aside to compare others with: the one before the last change, or the present one. `title` says what it is. */
export function fork(which: 'before' | 'now', title: (levers: Levers, index: TraceIndex) => string): boolean {
  const { runs, forks, before, beforeLevers, levers, scenario } = getState();
  const present = runs[runs.length - 1];
  if (!present || (scenario?.lanes ?? []).length > 0 || forks.length >= FORKS_MAX - 1) return false;
  const old = before[before.length - 1];
  const taken: Fork | null = which === 'now' ? { ...present, levers } : old && beforeLevers ? { ...old, levers: beforeLevers } : null;
  if (!taken) return false;
  const named = { ...taken, name: `fork-${forks.length + 1}`, title: title(taken.levers, taken.index) };
  const list = [...forks, named];
  [titleOf, joinable] = [title, null];
  setState({ forks: list, runs: [...list, { ...present, title: title(levers, present.index) }], lane: list.length, before: [], beforeLevers: null });
  return true;
}
/** Compares no longer with one of the forks, or goes on from it. */
export function dropFork(at: number): void {
  const { forks, runs, lane } = getState();
  const list = forks.filter((_, i) => i !== at);
  setState({ forks: list, runs: [...list, runs[runs.length - 1]!], lane: Math.min(lane, list.length), selection: null });
}
/** Ends the comparison; the run that is worked on stays. */
export function dropForks(): void {
  const { runs } = getState();
  setState({ forks: [], runs: runs.slice(-1), lane: 0, selection: null });
}
export function resume(at: number): boolean {
  const chosen = getState().forks[at];
  return chosen ? change(chosen.levers) : false;
}
/** Adds a fault; what is selected by number may be another thing afterwards, so the selection goes. */
export function addFault(fault: ScenarioFault): boolean {
  const { levers, selection } = getState();
  const done = change({ faults: [...levers.faults, fault] });
  if (done && selection?.type === 'pdu') keepPdu(selection.id);
  return done;
}
export function removeFault(at: number): void {
  change({ faults: getState().levers.faults.filter((_, i) => i !== at) });
}
/** Before an intervention both runs are equal, so the same number is the same packet. */
function keepPdu(id: number): void {
  const { runs, lane } = getState();
  if (!runs[lane]?.index.trace.pdus[id]) setState({ selection: null });
}
export function undo(): void {
  const { undo: past, redo, levers, scenario } = getState();
  const last = past[past.length - 1];
  if (last && scenario) rerun(last.scenario, last.levers, { undo: past.slice(0, -1), redo: [...redo, { scenario, levers }] });
}
export function redo(): void {
  const { undo: past, redo: future, levers, scenario } = getState();
  const next = future[future.length - 1];
  if (next && scenario) rerun(next.scenario, next.levers, { undo: [...past, { scenario, levers }], redo: future.slice(0, -1) });
}
export function select(selection: Selection): void {
  setState({ selection });
}
/** The run in view. */
export const currentRun = (state: AppState): LaneRun | undefined => state.runs[state.lane];
