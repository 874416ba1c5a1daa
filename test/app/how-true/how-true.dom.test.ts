/** The page as a reader meets it: the verdict, a family, a case, a rule's code. */
import { render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import HowTrue from '../../../src/app/how-true/HowTrue.svelte';
import type { Evidence } from '../../../src/app/how-true/page-data';

Element.prototype.scrollIntoView ??= () => {};
const evidence: Evidence = {
  version: 1, versions: { kernel: '6.18.44' },
  families: [{ family: 'fetch', claimed: true, minShare: 0.95, judged: 2, passed: 1, unsupported: 1, informational: 0 }],
  cases: [
    { id: 'fetch/good', family: 'fetch', status: 'pass', client: 'curl', server: 'nginx', n: 5, given: ['rttMs: 10'], metrics: [{ name: 'total', measured: 50, min: 49, max: 51, predicted: 50.5, tolerance: 2, ok: true }], packets: { compared: 9, firstDifference: null } },
    { id: 'fetch/bad', family: 'fetch', status: 'fail', client: 'curl', server: 'nginx', n: 5, given: ['rttMs: 80'], metrics: [{ name: 'total', measured: 50, predicted: 60, tolerance: 2, ok: false }], packets: { compared: 9, firstDifference: 'packet 4: measured c2s tcp A 0 at 3 ms, ours nothing' } },
    { id: 'fetch/h2', family: 'fetch', status: 'unsupported', why: 'http: 2', client: 'curl', server: 'nginx', n: 5, given: [], metrics: [] },
  ],
};
const click = async (element: HTMLElement): Promise<void> => {
  element.click();
  await new Promise((resolve) => setTimeout(resolve));
};

describe('How true is this?', () => {
  it('says the verdict in numbers and owns up to a family below its share', () => {
    render(HowTrue, { evidence, at: '', onplace: () => {} });
    expect(screen.getByText(/1 of 2 measured cases are predicted within their limits/)).toBeTruthy();
    expect(screen.getByText(/Of 2 cases with a recorded packet list, 1 have/)).toBeTruthy();
    expect(screen.getByText(/below its share/)).toBeTruthy();
    expect(screen.getByRole('link', { name: /Roundtrip/ }).getAttribute('href')).toBe('./index.html');
  });
  it('opens a family with its failures first, and a case with all its numbers and the first difference', async () => {
    const onplace = vi.fn();
    render(HowTrue, { evidence, at: '', onplace });
    await click(screen.getByRole('button', { name: 'fetch' }));
    const rows = within(screen.getByRole('table')).getAllByRole('row').slice(1);
    expect(rows.map((r) => within(r).getByRole('rowheader').textContent)).toEqual(['bad', 'good', 'h2']);
    expect(rows[2]!.textContent).toContain('http: 2');
    await click(screen.getByRole('button', { name: 'bad' }));
    expect(screen.getByText(/packet 4: measured/)).toBeTruthy();
    expect(screen.getAllByText(/^\+10\.00\sms \(\+20\.0\s%\)$/)).toHaveLength(2);
    expect(onplace).toHaveBeenLastCalledWith('fetch/bad');
  });
  it('is at the case that the address names', () => {
    render(HowTrue, { evidence, at: 'fetch/good', onplace: () => {} });
    expect(screen.getByRole('button', { name: 'good' }).getAttribute('aria-expanded')).toBe('true');
    expect(screen.getByText(/^49\.0 to 51\.0\sms$/)).toBeTruthy();
  });
  it('shows the code of a rule', async () => {
    render(HowTrue, { evidence, at: '', onplace: () => {} });
    await click(screen.getByRole('button', { name: /tcp\/rack\.ts/ }));
    await vi.waitFor(() => expect(screen.getByRole('region', { name: 'protocols/tcp/rack.ts' }).textContent).toContain('class Rack'));
  });
});
