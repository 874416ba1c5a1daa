/** The server view as a user meets it: the line at a moment, the host, picking with mouse and keys, the table. */
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { MS } from '../../../src/base/time';
import { ServerView } from '../../../src/views/server';
import { appRun } from './fixtures';

const index = appRun();
/** Opens the table below the picture. */
async function openTable(container: Element): Promise<void> {
  const details = container.querySelector('details')!;
  details.open = true;
  await fireEvent(details, new Event('toggle'));
}
const view = (t: number, more: Record<string, unknown> = {}) => {
  const props = { index, t: t * MS, width: 1280, height: 600, onhost: vi.fn(), onselect: vi.fn(), onseek: vi.fn(), ...more };
  return { ...render(ServerView, props), props };
};

describe('the server view', () => {
  it('says who is busy and who waits', () => {
    view(17.5);
    expect(screen.getByText('2 of 2 workers busy, 2 wait; the core busy, 1 waits.')).toBeTruthy();
  });
  it('is empty before the first and after the last', () => {
    view(1);
    expect(screen.getByText('0 of 2 workers busy; the core free.')).toBeTruthy();
  });
  it('marks a selected request everywhere and tells its time', () => {
    const { container } = view(64, { selection: { type: 'request', id: 3 } });
    expect(container.textContent).toContain('GET /x/3 comes at 17.0\u00a0ms: waits 46\u00a0ms for a place, holds a place for 48\u00a0ms, runs 15\u00a0ms on a core, waits 13\u00a0ms for a core, waits 20\u00a0ms for others.');
    expect(container.querySelectorAll('.chosen').length).toBeGreaterThan(5);
  });
  it('selects what is clicked', async () => {
    const { container, props } = view(64);
    const hold = [...container.querySelectorAll('.past .hold')].find((g) => g.querySelector('title')?.textContent?.startsWith('GET /x/2'))!;
    await fireEvent.click(hold.querySelector('rect')!);
    const stay = index.claims.find((c) => c.what === 'GET /x/2')!;
    expect(props.onselect).toHaveBeenCalledWith(stay.requestedEvent);
  });
  it('is walked with the arrow keys; Enter goes there', async () => {
    const { props, rerender } = view(64);
    const lanes = screen.getByRole('group', { name: /Inside app/ });
    await fireEvent.keyDown(lanes, { key: 'ArrowDown' });
    const first = props.onselect.mock.calls[0]![0] as number;
    expect(index.trace.time.at(first)).toBe(15 * MS);
    await rerender({ selection: { type: 'event', id: first } });
    await fireEvent.keyDown(lanes, { key: 'ArrowDown' });
    const second = props.onselect.mock.calls[1]![0] as number;
    expect(second).toBeGreaterThan(first);
    await fireEvent.keyDown(lanes, { key: 'Enter' });
    expect(props.onseek).toHaveBeenCalledWith(15 * MS);
  });
  it('offers the hosts by name', async () => {
    const { props } = view(64);
    const select = screen.getByRole('combobox', { name: 'Host' });
    expect(within(select).getAllByRole('option').map((o) => o.textContent)).toContain('app');
    await fireEvent.change(select);
    expect(props.onhost).toHaveBeenCalled();
  });
  it('has everything as a table, with the waits in it', async () => {
    const { container, props } = view(64);
    await openTable(container);
    const row = [...container.querySelectorAll('tbody tr')].find((r) => r.textContent?.includes('GET /x/4'))!;
    expect(row.textContent).toContain('92\u00a0ms');
    expect([...container.querySelectorAll('tbody tr')].filter((r) => r.textContent?.includes('refused')).length).toBe(3);
    await fireEvent.click(row.querySelector('button')!);
    expect(props.onseek).toHaveBeenCalledWith(18 * MS);
  });
});
