/** Runs set aside: what stands beside what, through levers, undo and the limit of four. */
import { beforeEach, describe, expect, it } from 'vitest';
import { compareOrLeave } from '../../src/app/acts';
import { leversTitle } from '../../src/app/lever-words';
import { faultOn, selectionOf, selectionText } from '../../src/app/selectors';
import { addFault, change, dropFork, fork, loadSimulator, openScenario, resume, setLever, store, undo } from '../../src/app/store';
import { loadScenario } from '../../src/scenario/load';

const titles = (): string[] => store.getState().runs.map((r) => r.title);
const totals = (): number[] => store.getState().runs.map(({ index: { trace } }) => Math.round((trace.requests[0]!.endNs - trace.requests[0]!.startNs) / 1e6));

beforeEach(async () => {
  await loadSimulator();
  const loaded = await loadScenario('first-visit');
  if (!loaded.ok) throw new Error('first-visit');
  openScenario(loaded.value);
});

describe('forks', () => {
  it('the run before the last change stands beside the one after it, each named by what made it', () => {
    const { index } = store.getState().runs[0]!;
    const syn = index.trace.pdus.find((p) => p.name === 'SYN')!;
    addFault(faultOn(index, syn, 'drop', 0.5));
    expect(fork('before', leversTitle)).toBe(true);
    expect(titles()).toEqual(['as it was', 'SYN lost']);
    expect(totals()[1]! - totals()[0]!).toBeGreaterThan(900);
    expect(store.getState().lane).toBe(1);
  });
  it('stay as they are while the present one changes, also through undo', () => {
    setLever('network.links.client.rtt', '40 ms');
    fork('before', leversTitle);
    const kept = totals()[0];
    setLever('network.links.client.rtt', '200 ms');
    expect(totals()[0]).toBe(kept);
    expect(totals()[1]).toBeGreaterThan(kept!);
    undo();
    expect(totals()[0]).toBe(kept);
  });
  it('are four at most, and none where a scenario has lanes of its own', async () => {
    for (const rtt of ['10 ms', '20 ms', '30 ms', '40 ms', '50 ms']) {
      setLever('network.links.client.rtt', rtt);
      fork('now', leversTitle);
    }
    expect(store.getState().runs.length).toBe(4);
    const lanes = await loadScenario('tls-1.2-or-1.3');
    if (lanes.ok) openScenario(lanes.value);
    expect(fork('now', leversTitle)).toBe(false);
  });
  it('name the present one by its levers after each change', () => {
    setLever('network.links.client.rtt', '40 ms');
    fork('before', leversTitle);
    setLever('network.links.client.rtt', '200 ms');
    expect(titles()).toEqual(['as it was', 'round trip 200 ms']);
  });
  it('are compared by one key, never twice with the same; with nothing new it leaves', async () => {
    setLever('network.links.client.rtt', '40 ms');
    await compareOrLeave();
    expect(titles()).toEqual(['as it was', 'round trip 40 ms']);
    setLever('network.links.client.rtt', '200 ms');
    await compareOrLeave();
    expect(titles()).toEqual(['as it was', 'round trip 40 ms', 'round trip 200 ms']);
    await compareOrLeave();
    expect(store.getState()).toMatchObject({ forks: [], lane: 0 });
    expect(totals()).toHaveLength(1);
  });
  it('can be left, and gone on from', () => {
    setLever('network.links.client.rtt', '10 ms');
    fork('before', leversTitle);
    expect(resume(0)).toBe(true);
    expect(store.getState().levers.set).toEqual({});
    expect(totals()[0]).toBe(totals()[1]);
    dropFork(0);
    expect(store.getState().runs.length).toBe(1);
  });
});

describe('a selection by meaning', () => {
  it('finds the same packet after a parameter changed, and says so when there is none any more', () => {
    const before = store.getState().runs[0]!.index;
    const hello = before.trace.pdus.find((p) => p.payload > 0 && p.protocol === 6)!;
    const syn = before.trace.pdus.find((p) => p.name === 'SYN')!;
    const words = [hello, syn].map((p) => selectionText(before, { type: 'pdu', id: p.id }));
    change({ set: { 'network.links.client.rtt': '300 ms', 'stack.dns.qnameMinimisation': false } });
    const { index } = store.getState().runs[0]!;
    const [again, synAgain] = words.map((w) => index.trace.pdus[selectionOf(index, w)!.id]!);
    expect([again!.streamStart, again!.payload, again!.direction]).toEqual([hello.streamStart, hello.payload, hello.direction]);
    expect(synAgain!.name).toBe('SYN');
    expect(synAgain!.id).not.toBe(syn.id);
    change({ faults: [{ do: 'down', link: 'client' }] });
    expect(selectionOf(store.getState().runs[0]!.index, words[0]!)).toBeNull();
  });
  it.each(['host:edge', 'link:client', 'request:https://shop.example/orders/42.1', 'event:12'])('%s comes back as it was', (text) => {
    const { index } = store.getState().runs[0]!;
    expect(selectionText(index, selectionOf(index, text)!)).toBe(text);
  });
});

describe('a drag of a slider', () => {
  it('is one step of undo and is compared with the run before all of it', () => {
    const was = store.getState().runs[0]!.index;
    for (const [i, rtt] of ['50 ms', '60 ms', '70 ms'].entries()) setLever('network.links.client.rtt', rtt, i > 0);
    expect(store.getState().before[0]!.index).toBe(was);
    expect(store.getState().undo).toHaveLength(1);
    undo();
    expect(store.getState().levers.set).toEqual({});
  });
  it('does not join what came before it, nor what follows an undo', () => {
    setLever('network.links.client.rtt', '50 ms');
    setLever('network.links.client.loss', '1 %');
    undo();
    setLever('network.links.client.loss', '2 %', true);
    expect(store.getState().undo).toHaveLength(2);
    undo();
    expect(store.getState().levers.set).toEqual({ 'network.links.client.rtt': '50 ms' });
  });
});
