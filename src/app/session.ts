/** Between the address bar and the store: opening an address, and writing the moment back into it. */
import { player } from './player';
import type { Complaint } from '../base/result';
import { installChecker } from '../scenario/checker';
import type { Scenario, ScenarioFault } from '../scenario/schema';
import { selectionOf } from './selectors';
import { change, fork, givePath, loadSimulator, NO_LEVERS, openScenario, store } from './store';
import { addressOf, HOME, parseAddress, type Address } from './url';

let extra: Address['extra'] = [];
let written = '';

/** The check of whole scenarios, for what comes from outside. */
export async function loadChecker(): Promise<void> {
  installChecker((await import('../scenario/parse')).checkScenario);
}
/** Opens what an address says; a wrong part is reported and the rest opens. `keep`: undo leads back to what was shown. */
export async function openAddress(hash: string, keep = false): Promise<Address> {
  const address = parseAddress(hash);
  extra = [...address.extra, ...(address.hide.length > 0 ? [['hide', address.hide.join(',')] as const] : []), ...(address.lock.length > 0 ? [['lock', address.lock.join(',')] as const] : [])];
  const [{ loadScenario }, simulator] = await Promise.all([import('../scenario/load'), loadSimulator()]);
  // settings that come from outside are checked with the whole scenario
  if (Object.keys(address.levers.set).length > 0 || address.forks.length > 0) await loadChecker();
  // faults are read by the scenario's own parser, which a first visit does not need
  const parseFaultText = address.faults.length > 0 || address.forks.length > 0 ? (await import('../scenario/fault-parse')).parseFaultText : null;
  const edited = address.scenario.startsWith('~');
  let loaded = edited ? await (await import('./share')).unpackScenario(address.scenario) : await loadScenario(address.scenario);
  if (edited && loaded.ok) givePath(loaded.value, address.scenario);
  const complaints = [...address.complaints];
  const faults = address.faults.flatMap((text) => {
    const fault = parseFaultText!(text);
    if (!fault.ok) complaints.push(...fault.errors);
    return fault.ok ? [fault.value] : [];
  });
  if (!loaded.ok) {
    complaints.push(...loaded.errors);
    loaded = await loadScenario(HOME);
  }
  if (!loaded.ok) return address;
  await simulator.prepare(loaded.value, address.levers.set);
  if (!openScenario(loaded.value, { ...address.levers, faults }, keep)) {
    complaints.push(...store.getState().complaints);
    openScenario(loaded.value, NO_LEVERS, keep);
  }
  if (address.forks.length > 0) await openForks(address, (text) => {
    const fault = parseFaultText!(text);
    return fault.ok ? [fault.value] : [];
  });
  const { runs, forks } = store.getState();
  const lane = forks.length > 0 ? forks.length : Math.max(0, runs.findIndex((r) => r.name === address.lane));
  const selection = address.selection && runs[lane] ? selectionOf(runs[lane].index, address.selection) : null;
  if (address.selection && !selection) complaints.push({ where: `select=${address.selection.slice(0, 60)}`, what: 'is not in this run any more', cure: 'choose it again' });
  store.setState({ view: address.view ?? 'stage', selection, bent: address.bent, lane, align: address.align, complaints, ...(address.theme ? { theme: address.theme } : {}) });
  if (address.t !== null) player.seek(address.t, (address.scene ?? 0) - 1);
  return address;
}
/** Runs that were set aside: each is run, set aside again, and the present one comes last. */
async function openForks(address: Address, faultsOf: (text: string) => readonly ScenarioFault[]): Promise<void> {
  const { leversTitle } = await import('./lever-words');
  const present = store.getState().levers;
  for (const text of address.forks) {
    const { levers, faults } = parseAddress(`#/x?${text}`);
    const { scenario } = store.getState();
    if (scenario) await (await loadSimulator()).prepare(scenario, levers.set);
    if (change({ ...levers, faults: faults.flatMap(faultsOf) })) fork('now', leversTitle);
  }
  change(present);
  const { runs } = store.getState();
  store.setState({ undo: [], before: [], beforeLevers: null, runs: [...runs.slice(0, -1), { ...runs[runs.length - 1]!, title: leversTitle(present, runs[runs.length - 1]!.index) }] });
}
/** Runs an edited scenario; what is wrong with it. Undo leads back. */
export async function openEdited(scenario: Scenario): Promise<readonly Complaint[]> {
  const simulator = await loadSimulator();
  await simulator.prepare(scenario);
  givePath(scenario, await (await import('./share')).packScenario(scenario));
  player.pause();
  if (!openScenario(scenario, NO_LEVERS, true)) {
    const { complaints } = store.getState();
    store.setState({ complaints: [] });
    return complaints;
  }
  return [];
}
/** Opens a scenario of the catalogue from its beginning and plays it. */
export async function openId(id: string): Promise<void> {
  player.pause();
  await openAddress(`#/${encodeURIComponent(id)}`, true);
  player.play();
}

/** Writes the moment in view into the address bar now; returns the whole address. */
export function writeAddress(): string {
  const address = addressOf(store.getState(), extra);
  try {
    history.replaceState(null, '', address);
  } catch {
    // an opaque origin may refuse: the share field still shows the link
  }
  written = location.hash;
  return new URL(address, location.href).href;
}
/** Keeps the address at the moment in view (at most three times a second) and follows it when it changes. */
export function watchAddress(): void {
  let pending = 0;
  written = location.hash;
  store.subscribe(() => {
    if (pending) return;
    pending = self.setTimeout(() => {
      pending = 0;
      // an address that somebody has just put there is opened, not overwritten
      if (location.hash === written) writeAddress();
    }, store.getState().playing ? 1000 : 300);
  });
  addEventListener('hashchange', () => {
    if (location.hash === written) return;
    written = location.hash;
    player.pause();
    void openAddress(location.hash);
  });
}
