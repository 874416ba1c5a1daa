/** The waterfall as a user meets it: its lines, rows by keys and mouse, the switch, the order, now, the table. */
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { WaterfallView } from '../../../src/views/waterfall';
import { crowdRun, pageRun } from './fixtures';

const page = await pageRun(), crowd = await crowdRun();
const view = (index: typeof page, more: Record<string, unknown> = {}) => {
  const props = { index, t: 400e6, width: 1280, height: 600, selected: -1, onrequest: vi.fn(), onseek: vi.fn(), ongrab: vi.fn(), onrelease: vi.fn(), ...more };
  return { ...render(WaterfallView, props), props };
};
const rows = () => within(screen.getByRole('listbox')).getAllByRole('option');
/** A pointer event with a place (the test's page has none of its own). */
const pointer = (type: string, clientX: number) => new MouseEvent(type, { clientX, bubbles: true });

describe('the waterfall', () => {
  it('says what a row holds, and only one row is a tab stop', () => {
    view(page);
    expect(rows().map((r) => r.getAttribute('tabindex'))).toEqual(['0', '-1', '-1', '-1']);
    expect(rows()[2]!.getAttribute('aria-label')!.replaceAll('\u00a0', ' ')).toBe('/app.js, 200, begins at 361.5 ms, takes 256 ms: blocked 88.3 ms, wait 82.4 ms, receive 85.1 ms; 168 ms of the path');
  });
  it('is pale for what has not begun or ended', () => {
    view(page);
    expect(rows().map((r) => [r.classList.contains('ahead'), r.classList.contains('unended')])).toEqual([[false, false], [false, true], [false, true], [false, true]]);
  });
  it('moves with the arrows and selects with Enter', async () => {
    const { props } = view(page);
    await fireEvent.keyDown(rows()[0]!, { key: 'ArrowDown' });
    await fireEvent.keyDown(rows()[1]!, { key: 'ArrowDown' });
    await vi.waitFor(() => expect(document.activeElement).toBe(rows()[2]));
    await fireEvent.keyDown(rows()[2]!, { key: 'Enter' });
    expect(props.onrequest).toHaveBeenCalledWith(2);
  });
  it('selects what is clicked, row or bar, and marks it', async () => {
    const { props, container, rerender } = view(page);
    await fireEvent.click(rows()[1]!);
    expect(props.onrequest).toHaveBeenLastCalledWith(1);
    await fireEvent.click(container.querySelector('.past [data-request="3"] rect')!);
    expect(props.onrequest).toHaveBeenLastCalledWith(3);
    await rerender({ selected: 3 });
    expect(rows()[3]!.getAttribute('aria-selected')).toBe('true');
    expect(container.querySelectorAll('.chosen').length).toBe(1);
  });
  it('walks the requests of a connection', async () => {
    const { props, rerender } = view(page);
    await fireEvent.click(screen.getByRole('button', { name: 'Connections' }));
    expect(rows().length).toBe(1);
    expect(screen.getByText('1 connection carries 4 requests; 2 had to wait for one.')).toBeTruthy();
    await fireEvent.keyDown(rows()[0]!, { key: 'Enter' });
    expect(props.onrequest).toHaveBeenLastCalledWith(0);
    await rerender({ selected: 0 });
    await fireEvent.keyDown(rows()[0]!, { key: 'Enter' });
    expect(props.onrequest).toHaveBeenLastCalledWith(1);
  });
  it('puts failures first and keeps what is out of view out of the page', async () => {
    view(crowd, { height: 300 });
    expect(rows().length).toBeLessThan(25);
    await fireEvent.change(screen.getByRole('combobox', { name: 'Order' }), { target: { value: 'failures' } });
    expect(rows()[0]!.textContent).toContain('MAX_TIME');
    expect(rows()[0]!.getAttribute('aria-setsize')).toBe('60');
  });
  it('moves now with keys and with the pointer', async () => {
    const { props } = view(page);
    const now = screen.getByRole('slider', { name: 'Time' });
    await fireEvent.keyDown(now, { key: 'End' });
    expect(props.onseek).toHaveBeenLastCalledWith(page.workEndNs);
    await fireEvent(now, pointer('pointerdown', 0));
    expect(props.ongrab).toHaveBeenCalledOnce();
    expect(props.onseek).toHaveBeenLastCalledWith(0);
    await fireEvent(now, pointer('pointermove', 2000));
    await fireEvent(now, pointer('pointerup', 2000));
    expect(props.onrelease).toHaveBeenCalledOnce();
    props.onseek.mockClear();
    await fireEvent(now, pointer('pointermove', 100));
    expect(props.onseek).not.toHaveBeenCalled();
  });
  it('has a table that says the same', async () => {
    const { container, props } = view(page);
    const details = container.querySelector('details')!;
    details.open = true;
    await fireEvent(details, new Event('toggle'));
    const table = screen.getByRole('table');
    expect(within(table).getAllByRole('row').length).toBe(5);
    await fireEvent.click(within(table).getByRole('button', { name: '/logo.svg' }));
    expect(props.onrequest).toHaveBeenLastCalledWith(3);
  });
});
