/** The store: undo leads back to what was shown, also across scenarios; addresses say which scene is meant. */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load';
import { loadSimulator, openScenario, redo, setLever, store, undo } from '../../src/app/store';
import { addressOf, parseAddress } from '../../src/app/url';

const open = async (id: string, keep = false): Promise<void> => {
  const scenario = await loadScenario(id);
  if (!scenario.ok) throw new Error(id);
  expect(openScenario(scenario.value, undefined, keep)).toBe(true);
};
const RTT = 'network.links.client.rtt';

describe('the store', () => {
  beforeAll(loadSimulator);
  it('goes back to the scenario before with its changes, and forward again', async () => {
    await open('first-visit');
    setLever(RTT, '20 ms');
    await open('lost-packet', true);
    expect(store.getState().scenario!.id).toBe('lost-packet');
    store.setState({ t: 5e6, selection: { type: 'pdu', id: 3 } });
    undo();
    expect(store.getState()).toMatchObject({ levers: { set: { [RTT]: '20 ms' } }, t: 0, selection: null });
    expect(store.getState().scenario!.id).toBe('first-visit');
    undo();
    expect(store.getState().levers.set).toEqual({});
    redo();
    redo();
    expect(store.getState().scenario!.id).toBe('lost-packet');
    expect(store.getState().redo).toEqual([]);
  });
  it('a link that is opened begins a history of its own', async () => {
    await open('first-visit');
    expect(store.getState().undo).toEqual([]);
  });
  it('a wrong setting leaves everything as it was', async () => {
    await open('first-visit');
    const { runs } = store.getState();
    expect(setLever(RTT, 'soon')).toBe(false);
    expect(store.getState().runs).toBe(runs);
    expect(store.getState().complaints.length).toBeGreaterThan(0);
  });
  it('the address tells scenes of one moment apart', async () => {
    await open('first-visit');
    store.setState({ t: 251_573_400, scene: 4 });
    const address = addressOf(store.getState());
    expect(parseAddress(address)).toMatchObject({ t: 251_573_400, scene: 5, complaints: [] });
    expect(address.length).toBeLessThan(200);
    store.setState({ scene: -1 });
    expect(parseAddress(addressOf(store.getState())).scene).toBeNull();
  });
});
