/** Between the address bar and the store: opening an address, and writing the moment back into it. */
import { player } from './player';
import { loadSimulator, openScenario, store } from './store';
import { addressOf, HOME, parseAddress, type Address } from './url';

let extra: Address['extra'] = [];
let written = '';

/** Opens what an address says; a wrong part is reported and the rest opens. */
export async function openAddress(hash: string): Promise<Address> {
  const address = parseAddress(hash);
  extra = address.extra;
  const [{ loadScenario }, { parseFaultText }] = await Promise.all([import('../scenario/load'), import('../scenario/faults'), loadSimulator()]);
  let loaded = await loadScenario(address.scenario);
  const complaints = [...address.complaints];
  const faults = address.faults.flatMap((text) => {
    const fault = parseFaultText(text);
    if (!fault.ok) complaints.push(...fault.errors);
    return fault.ok ? [fault.value] : [];
  });
  if (!loaded.ok) {
    complaints.push(...loaded.errors);
    loaded = await loadScenario(HOME);
  }
  if (!loaded.ok) return address;
  if (!openScenario(loaded.value, { ...address.levers, faults })) {
    complaints.push(...store.getState().complaints);
    openScenario(loaded.value);
  }
  const { runs } = store.getState();
  const lane = Math.max(0, runs.findIndex((r) => r.name === address.lane));
  store.setState({ view: address.view ?? 'stage', selection: address.selection, bent: address.bent, lane, complaints, ...(address.theme ? { theme: address.theme } : {}) });
  if (address.t !== null) player.seek(address.t);
  return address;
}
/** Opens a scenario of the catalogue from its beginning and plays it. */
export async function openId(id: string): Promise<void> {
  player.pause();
  await openAddress(`#/${encodeURIComponent(id)}`);
  player.play();
}

/** Keeps the address at the moment in view (at most three times a second) and follows it when it changes. */
export function watchAddress(): void {
  let pending = 0;
  const write = (): void => {
    pending = 0;
    written = addressOf(store.getState(), extra);
    try {
      history.replaceState(null, '', written);
    } catch {
      // an opaque origin may refuse: the share field still shows the link
    }
  };
  store.subscribe(() => {
    if (!pending) pending = self.setTimeout(write, store.getState().playing ? 1000 : 300);
  });
  addEventListener('hashchange', () => {
    if (location.hash !== written) {
      player.pause();
      void openAddress(location.hash);
    }
  });
}
