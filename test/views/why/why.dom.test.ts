/** "Why?" as a user meets it: lines that lead to their last event; a chain that can be walked back; rows of the log that can be selected. */
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { whyChain, whyRequest } from '../../../src/explain';
import { indexTrace } from '../../../src/trace';
import LogView from '../../../src/views/log/LogView.svelte';
import ChainList from '../../../src/views/why/ChainList.svelte';
import WhyView from '../../../src/views/why/WhyView.svelte';
import { lostAnswer } from '../../support/built-traces';

const { trace, request } = lostAnswer();
const index = indexTrace(trace);

describe('the ledger', () => {
  it('leads from a line to its last event', async () => {
    const onpick = vi.fn();
    render(WhyView, { index, request: request.id, width: 980, onseek: vi.fn(), onrequest: vi.fn(), onpick });
    await fireEvent.click(screen.getByRole('button', { name: 'The edge’s tail-loss probe timer' }));
    const row = whyRequest(index, request.id).find((r) => r.line === 'timer')!;
    expect(onpick).toHaveBeenCalledWith(row.parts[0]!.toEvent);
    expect(trace.kinds[trace.kind.at(row.parts[0]!.toEvent)]!.name).toBe('timer.fired');
  });
  it('leads there from the bar and from the path as well', async () => {
    const onpick = vi.fn();
    const { container } = render(WhyView, { index, request: request.id, width: 980, onseek: vi.fn(), onrequest: vi.fn(), onpick });
    const rows = whyRequest(index, request.id);
    const wait = [...container.querySelectorAll('.stretch')].find((s) => s.textContent!.includes('tail-loss probe'))!;
    await fireEvent.click(wait);
    expect(onpick).toHaveBeenCalledWith(rows.find((r) => r.line === 'timer')!.parts[0]!.toEvent);
    expect(container.querySelectorAll('.step').length).toBe(rows.reduce((n, r) => n + r.parts.length, 0));
  });
  it('gives each line its formula and its source', () => {
    render(WhyView, { index, request: request.id, width: 980, onseek: vi.fn(), onrequest: vi.fn() });
    const line = screen.getByRole('rowheader', { name: 'The edge’s tail-loss probe timer' }).closest('tr')!;
    expect(line.textContent).toMatch(/set for 250\sms.*RFC 8985 §7/);
  });
});

describe('a chain', () => {
  it('stands from the event back, and each step can be chosen', async () => {
    const rows = whyChain(index, request.endEvent), onpick = vi.fn();
    render(ChainList, { rows, selected: request.endEvent, onpick });
    const items = screen.getAllByRole('listitem');
    expect(items.length).toBe(Math.min(12, rows.length));
    expect(items[0]!.textContent).toContain(rows[rows.length - 1]!.text);
    await fireEvent.click(within(items[1]!).getAllByRole('button')[0]!);
    expect(onpick).toHaveBeenCalledWith(rows[rows.length - 2]!.event);
  });
});

describe('the log', () => {
  it('selects the event of a row, without moving time', async () => {
    const onselect = vi.fn(), onseek = vi.fn();
    const { container, rerender } = render(LogView, { index, t: 0, onselect, onseek });
    const row = container.querySelectorAll<HTMLElement>('tbody tr')[3]!;
    await fireEvent.click(row.querySelector('.pick')!);
    expect(onselect).toHaveBeenCalledWith(Number(row.dataset.event));
    expect(onseek).not.toHaveBeenCalled();
    await rerender({ selected: Number(row.dataset.event) });
    expect(screen.getAllByRole('button', { pressed: true }).length).toBe(1);
  });
});
