/** The view of shared connections through roles and names: what it claims at a moment, lanes beside each other, packets in the table, how bytes are cut. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { MS } from '../../../src/base/time';
import { indexTrace, packetsAround, sharedConnections, type TraceIndex } from '../../../src/trace';
import { layoutStreams, mostWaiting, spanOf, timeX, waitingArea } from '../../../src/views/streams/layout';
import StreamsView from '../../../src/views/streams/StreamsView.svelte';
import { lanesOf } from '../../support/lanes';

const traces = await lanesOf('head-of-line');
const index = Object.fromEntries(Object.entries(traces).map(([name, t]) => [name, indexTrace(t)])) as Record<string, TraceIndex>;
const props = (lane: string, t: number, more: object = {}) => ({ index: index[lane]!, t: t * MS, width: 960, height: 480, onpick: vi.fn(), onseek: vi.fn(), ...more });
const words = { heading: (p: string, n: number): string => `${p} ${n}`, row: (path: string, stream: number): string => (stream < 0 ? path : `${path} · ${stream}`), tick: (ns: number): string => `${ns / 1e6} ms` };

describe('the sentence at a moment', () => {
  it.each([
    ['h2-lost', 1, /Nothing has been asked for yet/], ['h2-lost', 330, /answers under way on one connection; nothing waits for anything lost/],
    ['h2-lost', 450, /A hole in TCP’s stream: 4 answers wait with 20\.2\skB, though 3 of them have lost nothing/], ['h2-lost', 2000, /Everything that was asked for is there\. 6 answers had to wait for something lost; 5 of them had lost nothing\./], ['h3-lost', 2000, /is there\. One answer had to wait for something lost\.$/], ['h2', 2000, /is there\.$/],
    ['h3-lost', 300, /^\/p1\.jpg waits for a lost packet: \d.* behind it/], ['h1', 400, /under way on \d connections/],
  ])('%s at %i ms', (lane, t, claim) => {
    render(StreamsView, props(lane, t));
    expect(screen.getByText(claim)).toBeTruthy();
  });
});
describe('lanes', () => {
  it('stand beside each other, each with its own sentence, and are chosen there', async () => {
    const onlane = vi.fn();
    const lanes = ['h2-lost', 'h3-lost', 'h1-lost'].map((name) => ({ title: name, index: index[name]! }));
    const { container } = render(StreamsView, props('h2-lost', 450, { lanes, together: true, onlane }));
    expect(container.querySelectorAll('.columns section').length).toBe(3);
    await fireEvent.click(screen.getByRole('button', { name: 'h3-lost' }));
    expect(onlane).toHaveBeenCalledWith(1);
  });
  it('where a run parts from the run most like it is marked: at the lost packet', () => {
    const lanes = ['h3-lost', 'h3', 'h2'].map((name) => ({ title: name, index: index[name]! }));
    const { container } = render(StreamsView, props('h3-lost', 450, { lanes, together: true }));
    const lost = traces['h3-lost']!.pdus.find((p) => p.rule >= 0)!;
    const [first] = container.querySelectorAll<SVGLineElement>('line.parting[y2]');
    const picture = container.querySelector('svg[role=img]')!;
    expect(picture.querySelector('path.lost')).toBeTruthy();
    const cross = Number(/^M([\d.]+)/.exec(picture.querySelector('path.lost')!.getAttribute('d')!)![1]) + 4;
    expect(lost.sentAt).toBeGreaterThan(0);
    expect(Math.abs(Number(picture.querySelector('line.parting')!.getAttribute('x1')) - cross)).toBeLessThan(2);
    expect(first).toBeTruthy();
  });
});
it('the table has every packet, each a way to its moment', async () => {
  const p = props('h3-lost', 900);
  render(StreamsView, p);
  const details = screen.getByText('As a table').closest('details')!;
  details.open = true;
  await fireEvent(details, new Event('toggle'));
  const rows = await screen.findAllByRole('row');
  expect(rows.length - 1).toBe(Math.min(300, sharedConnections(index['h3-lost']!).flatMap((c) => c.answers.flatMap((a) => a.parts)).length));
  const lost = rows.find((r) => r.textContent!.includes('is lost'))!;
  await fireEvent.click(lost.querySelector('button')!);
  expect(traces['h3-lost']!.pdus[p.onpick.mock.calls[0]![0]]!.rule).toBeGreaterThanOrEqual(0);
});

it('up and down go from packet to packet', async () => {
  const p = props('h3-lost', 300);
  render(StreamsView, p);
  const region = screen.getByRole('region', { name: 'Streams' });
  await fireEvent.keyDown(region, { key: 'ArrowDown' });
  await fireEvent.keyDown(region, { key: 'ArrowUp' });
  const [[down], [up]] = p.onpick.mock.calls as [[number], [number]];
  const at = (pdu: number): number => traces['h3-lost']!.pdus[pdu]!.fateAt;
  expect(at(down)).toBeGreaterThan(300 * MS);
  expect(at(up)).toBeLessThanOrEqual(300 * MS);
});

describe('numbers', () => {
  const connections = sharedConnections(index['h2-lost']!), [start, end] = spanOf(connections);
  it.each([[960, 400, 12], [300, 100, 12], [640, 500, 36]])('rows of %i × %i, letters of %i px: in order, none over another, within the width', (width, height, type) => {
    const p = layoutStreams(connections, { width, height, type, start, end, most: mostWaiting(connections) }, words);
    const rows = p.rows.filter((r) => r.kind === 'answer');
    expect(rows.length).toBe(7);
    rows.slice(1).forEach((r, i) => expect(r.y - rows[i]!.y).toBeGreaterThanOrEqual(p.rowHeight));
    expect(p.rowHeight).toBeGreaterThanOrEqual(type);
    expect(p.left).toBeLessThan(width * 0.4);
    expect(timeX(p, end)).toBeLessThanOrEqual(width);
    expect(rows.some((r) => waitingArea(p, r) !== '')).toBe(true);
  });
  it('packets end to end: messages and records cover what the packets carry, and what goes on is open', () => {
    for (const lane of ['h2-lost', 'h3', 'h1']) {
      const [c] = sharedConnections(index[lane]!);
      const cut = packetsAround(index[lane]!, c!, 400 * MS, 4)!;
      const layer = (name: string) => cut.layers.find((l) => l.name === name)?.boxes ?? [];
      expect(layer('packets').length).toBeGreaterThanOrEqual(5);
      expect(layer('packets').length).toBeLessThanOrEqual(9);
      expect(layer('packets').at(-1)!.to).toBe(cut.bytes);
      const inside = layer('messages').reduce((sum, b) => sum + b.to - b.from, 0);
      expect(inside).toBeGreaterThan(0.9 * cut.bytes);
      expect(inside).toBeLessThanOrEqual(cut.bytes);
      for (const { boxes } of cut.layers) boxes.slice(1).forEach((b, i) => expect(b.from).toBeGreaterThanOrEqual(boxes[i]!.to));
      // a picture is longer than nine packets
      expect(layer('messages').some((b) => b.open[0] || b.open[1])).toBe(true);
    }
  });
});
