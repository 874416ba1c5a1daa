/** The index view as a user meets it: the claim, pages by mouse and keys, plans with their costs, the table. */
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { indexTrace } from '../../../src/trace';
import { IndexView } from '../../../src/views/index-structure';
import { lookUp, planned, scattered, three } from './fixtures';

const MS = 1_000_000;
/** Opens the table below the picture. */
async function openTable(container: Element): Promise<void> {
  const details = container.querySelector('details')!;
  details.open = true;
  await fireEvent(details, new Event('toggle'));
}
const view = (index: ReturnType<typeof indexTrace>, t: number, more: Record<string, unknown> = {}) => {
  const props = { index, t, width: 1280, height: 700, onquery: vi.fn(), onselect: vi.fn(), onseek: vi.fn(), ...more };
  return { ...render(IndexView, props), props };
};
const one = indexTrace(lookUp().trace);

describe('the index view', () => {
  it('claims in one line how few pages it took', () => {
    const { container } = view(one, 11 * MS);
    expect(container.querySelector('.claim')!.textContent).toBe('4 pages, 185\u00a0µs.2 in memory, 2 read from disk. A scan reads 18\u202f182.');
  });
  it('claims no more than what has happened', () => {
    const { container } = view(one, 10 * MS + 50_000);
    expect(container.querySelector('.claim')!.textContent).toBe('2 pages so far, 50\u00a0µs.2 in memory, 0 read from disk. A scan reads 18\u202f182.');
    expect(container.querySelectorAll('.mark.done').length).toBe(2);
    expect(container.querySelectorAll('.mark.doing').length).toBe(1);
  });
  it('claims the pages that the scan beside it is compared with; planning stands beneath', () => {
    const { container } = view(indexTrace(planned().trace), 20 * MS);
    expect(container.querySelector('.claim')!.textContent).toContain('4 pages, 602');
    expect(container.querySelector('.scan')!.textContent).toContain('this path, 4 pages');
    expect(container.querySelectorAll('.mark').length).toBe(4);
    expect(screen.getByText(/While planning: 2 meta pages\. In the catalogue: 3 pages\. Together 1 in memory, 4 read from disk/)).toBeTruthy();
    expect(container.querySelector('.sums')!.textContent).toMatch(/planning and catalogue\s417/);
  });
  it('claims a share of the table where the path is a scan', () => {
    const { container } = view(indexTrace(three().trace), 420 * MS, { query: 2 });
    expect(container.querySelector('.claim')!.textContent).toContain('18\u202f182 of 18\u202f182 pages');
    expect(container.querySelector('.scan')).toBeNull();
  });
  it('tells a read from a hit without colour: two lines', () => {
    const { container } = view(one, 11 * MS);
    expect(container.querySelectorAll('.mark.done .page.hit').length).toBe(2);
    expect(container.querySelectorAll('.mark.done path.lines.hit').length).toBe(0);
    expect(container.querySelectorAll('.mark.done path.lines.read').length).toBe(2);
  });
  it('selects and seeks by click', async () => {
    const { props } = view(one, 11 * MS);
    await fireEvent.click(screen.getByRole('button', { name: /^3 of 4: leaf of orders_pkey, block 1, read from disk, at 10\.1/ }));
    const step = one.trace.queries[0]!.runs[2]!;
    expect(props.onselect).toHaveBeenCalledWith(step.event);
    expect(props.onseek).toHaveBeenCalledWith(10 * MS + 92_900);
  });
  it('is one tab stop, walked with the arrows; Enter chooses', async () => {
    const { container, props, rerender } = view(one, 11 * MS);
    expect(container.querySelectorAll('.mark[tabindex="0"]').length).toBe(1);
    const runs = one.trace.queries[0]!.runs;
    const first = screen.getByRole('button', { name: /^1 of 4/ });
    await fireEvent.keyDown(first, { key: 'Enter' });
    expect(props.onselect).toHaveBeenLastCalledWith(runs[0]!.event);
    await rerender({ selected: runs[0]!.event });
    await fireEvent.keyDown(first, { key: 'ArrowRight' });
    expect(props.onselect).toHaveBeenLastCalledWith(runs[1]!.event);
    await rerender({ selected: runs[1]!.event });
    const second = screen.getByRole('button', { name: /^2 of 4/, pressed: true });
    expect(second.getAttribute('tabindex')).toBe('0');
    expect(document.activeElement).toBe(second);
    await fireEvent.keyDown(second, { key: 'End' });
    expect(props.onselect).toHaveBeenLastCalledWith(runs[3]!.event);
  });
  it('sets the chosen plan beside the rejected, with the terms of their costs', () => {
    view(one, 11 * MS);
    expect(screen.getByText(/^Index Scan 8\.45 against Seq Scan 30\s682$/)).toBeTruthy();
    const plans = within(screen.getByRole('region', { name: 'What the planner weighed' }));
    expect(plans.getByText('✓ chosen')).toBeTruthy();
    expect(plans.getByText('rejected')).toBeTruthy();
    expect(plans.getByText('1 000 000 × cpu_tuple_cost 0.01')).toBeTruthy();
  });
  it('draws the sequential scan beside it at the same scale', () => {
    const { container } = view(one, 11 * MS);
    expect(screen.getByRole('img', { name: 'As a sequential scan: all 18\u202f182 pages, in order' })).toBeTruthy();
    const cells = [...container.querySelectorAll('pattern')].map((p) => p.getAttribute('width'));
    expect(cells.length).toBe(2);
    expect(new Set(cells).size).toBe(1);
  });
  it('offers the statements, and says when a square is many pages', async () => {
    const { container, props } = view(indexTrace(three(1_000_000).trace), 11 * MS);
    const select = screen.getByRole('combobox', { name: 'Statement' });
    expect(within(select).getAllByRole('option').length).toBe(3);
    await fireEvent.change(select, { target: { value: '2' } });
    expect(props.onquery).toHaveBeenCalledWith(2);
    expect(container.textContent).toMatch(/too many for a square each: 2 × 2 pixels are \d+ pages/);
    expect(container.querySelectorAll('.density').length).toBe(3);
  });
  it('joins thousands of accesses into few outlines; the table and the sums still hold them', async () => {
    const { container } = view(indexTrace(scattered(1200).trace), 400 * MS);
    expect(container.querySelectorAll('.mark').length).toBe(0);
    expect(container.querySelector('.area.read.done')!.getAttribute('d')!.split('Z').length - 1).toBe(1200);
    expect(container.querySelector('.claim')!.textContent).toMatch(/^1200 pages/);
    await openTable(container);
    expect(container.textContent).toContain('700 more accesses are not shown.');
  });
  it('has the path as a table', async () => {
    const { props, container } = view(one, 11 * MS);
    await openTable(container);
    const rows = container.querySelectorAll('details tbody tr');
    expect(rows.length).toBe(4);
    expect(rows[3]!.textContent).toContain('heap pageblock 0read from disk');
    await fireEvent.click(within(rows[3] as HTMLElement).getByRole('button'));
    expect(props.onseek).toHaveBeenCalledWith(10 * MS + 185_000);
  });
  it('says so when there is nothing', () => {
    const empty = indexTrace({ ...lookUp().trace, queries: [] } as never);
    view(empty, 0);
    expect(screen.getByText('No database of this run has run a statement.')).toBeTruthy();
  });
});
