/** The congestion view through roles and names: the claim at a moment, the choice of connection, marks in the table. */
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { MS } from '../../../src/base/time';
import { loadScenario } from '../../../src/scenario/load';
import { prepare, runScenario } from '../../../src/scenario/run';
import { indexTrace } from '../../../src/trace';
import CongestionView from '../../../src/views/congestion/CongestionView.svelte';

const loaded = await loadScenario('early-loss');
if (!loaded.ok) throw new Error('early-loss');
await prepare(loaded.value);
const runs = runScenario(loaded.value);
if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
const [fifth, , none] = runs.value.map(({ trace }) => indexTrace(trace));
const props = (t: number, more: object = {}) => ({ index: fifth!, t: t * MS, width: 960, height: 480, onwanted: vi.fn(), onpick: vi.fn(), onseek: vi.fn(), ...more });

describe('the congestion view', () => {
  it.each([[10, /has sent nothing on this connection yet/], [150, /^File server, slow start: 10 segments on the way of 10 allowed; its congestion window holds it back/], [900, /^File server, congestion avoidance: 13 segments/], [4000, /has sent everything, and it is acknowledged/]])('at %i ms', (t, claim) => {
    render(CongestionView, props(t));
    expect(screen.getByText(claim)).toBeTruthy();
  });
  it('says the whole transfer in a sentence', () => {
    render(CongestionView, props(900));
    expect(screen.getByText(/1\.05\sMB in .* and 40 round trips: 10, 12, .* 1 sent again, losses found once/)).toBeTruthy();
  });
  it('lists the connections by what they carried', async () => {
    const p = props(900);
    render(CongestionView, p);
    const list = screen.getByRole('combobox', { name: 'Connection' });
    expect(within(list).getAllByRole('option').map((o) => o.textContent)).toEqual([expect.stringMatching(/^file server to browser, 1\.05\sMB/), expect.stringMatching(/^browser to file server, \d+\sB/)]);
    await fireEvent.change(list, { target: { value: '0' } });
    expect(p.onwanted).toHaveBeenCalledWith(0);
  });
  it('has every mark in the table, each a way to its moment', async () => {
    const p = props(900);
    render(CongestionView, p);
    const details = screen.getByText('As a table').closest('details')!;
    details.open = true;
    await fireEvent(details, new Event('toggle'));
    const lost = await screen.findByRole('button', { name: /^Go to: found lost, 200\.1\sms/ });
    await fireEvent.click(lost);
    expect(p.onseek.mock.calls[0]![0] / MS).toBeCloseTo(200.05, 1);
    await fireEvent.click(screen.getByRole('button', { name: /^Go to: sent again/ }));
    expect(p.onpick.mock.calls[1]![0]).toBeGreaterThan(0);
    expect(screen.getAllByText(/segments in each round trip: \d+/).length).toBe(40);
  });
  it('draws a run beside it', () => {
    const { container } = render(CongestionView, props(900, { others: [none!] }));
    expect(container.querySelectorAll('path.ghost').length).toBeGreaterThan(1);
    expect(screen.getByText('other run')).toBeTruthy();
  });
});
