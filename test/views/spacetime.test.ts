/** The space-time diagram as numbers: labels, what is under the pointer, nothing over anything. */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load';
import { runScenario } from '../../src/scenario/run';
import { hostsIn, indexTrace, timeWindows, type Nearness, type TraceIndex } from '../../src/trace';
import { overlap } from '../../src/ui/place';
import { layoutDiagram, roomFor, type Diagram } from '../../src/views/spacetime/layout';
import { REACH, strokeAt } from '../../src/views/spacetime/words';

async function run(id: string, set: Record<string, string> = {}): Promise<TraceIndex> {
  const scenario = await loadScenario(id);
  const runs = scenario.ok ? runScenario(scenario.value, { set }) : scenario;
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return indexTrace(runs.value[0]!.trace);
}
function lay(index: TraceIndex, near: Nearness, down: boolean, across: number, along: number, type: number, at = 0): Diagram {
  const window = timeWindows(index, near)[at]!;
  const hosts = near === false ? undefined : hostsIn(index, window);
  return layoutDiagram(index, window, true, { along, across, type, hosts, down, ...(down ? roomFor(across, type, hosts) : { before: type * 2.4, after: type * 1.6 }) }, index.trace.requests[0]!.flow);
}
const texts = (d: Diagram): string[] => d.labels.map((l) => l.text);

describe('labels', () => {
  it('name what matters most: the request, not the Finished that leaves with it', async () => {
    const d = lay(await run('first-visit'), false, true, 880, 400, 12);
    expect(texts(d)).toContain('GET, Finished');
    const stroke = d.strokes.find((s) => s.labels[0] === 'GET, Finished')!;
    expect([stroke.layer, stroke.main.payload]).toEqual(['http', 214]);
    expect(texts(d).some((t) => t.includes('ChangeCipherSpec'))).toBe(false);
  });
  it('tell both questions that leave together', async () => {
    const d = lay(await run('first-visit'), false, true, 880, 400, 12);
    expect(texts(d)).toContain('query A, AAAA');
  });
  it.each([['lost-packet', {}], ['first-visit', { 'network.links.client.loss': '10 %' }], ['slow-dns', {}]] as [string, Record<string, string>][])('never overlap: %s %j', async (id, set) => {
    const index = await run(id, set);
    for (const [near, down, across, along, type] of [[false, true, 880, 300, 12], [false, false, 240, 880, 12], ['close', true, 1640, 380, 37], ['close', true, 316, 210, 12], [true, true, 390, 230, 12]] as [Nearness, boolean, number, number, number][]) {
      for (let w = 0; w < timeWindows(index, near).length; w++) {
        const d = lay(index, near, down, across, along, type, w);
        const all = [...d.labels, ...d.notes, ...d.crosses].map((l) => l.box);
        for (let i = 0; i < all.length; i++) for (let k = 0; k < i; k++) expect(overlap(all[i]!, all[k]!)).toBe(false);
        const width = down ? across : along, height = down ? along : across;
        for (const b of all) expect(b.x - (b.angle === 0 ? b.width / 2 : 0) >= -4 && b.x + (b.angle === 0 ? b.width / 2 : 0) <= width + 4 && b.y >= -4 && b.y <= height + 4).toBe(true);
      }
    }
  });
});

describe('the stroke under the pointer', () => {
  it('is that of a label, and the nearest within reach of a line', async () => {
    const d = lay(await run('lost-packet'), false, true, 880, 400, 12);
    for (const l of d.labels) expect(strokeAt(d, l.box.x, l.box.y)?.id).toBe(l.stroke);
    const syn = d.strokes.find((s) => s.labels[0] === 'SYN')!;
    const [a0, c0] = syn.lead[0]!, [a1, c1] = syn.lead[syn.lead.length - 1]!;
    const x = c0 + (c1 - c0) * 0.1, y = a0 + (a1 - a0) * 0.1;
    expect(strokeAt(d, x, y - (REACH - 2))?.id).toBe(syn.id);
    expect(strokeAt(d, x, y - (REACH + 6))).toBeNull();
    expect(REACH * 2).toBeGreaterThanOrEqual(24);
    expect(strokeAt(d, 840, 5)).toBeNull();
  });
  it('is the lost one at its cross', async () => {
    const d = lay(await run('lost-packet'), false, true, 880, 400, 12);
    const lost = d.strokes.find((s) => s.lostAt)!;
    expect(strokeAt(d, lost.lostAt![1], lost.lostAt![0])?.id).toBe(lost.id);
  });
});

describe('a nearer camera', () => {
  it('parts the request at the end of its handshakes, without a gap', async () => {
    const index = await run('lost-packet');
    const close = timeWindows(index, 'close'), far = timeWindows(index);
    expect(close.length).toBe(far.length + 2);
    expect(close[0]!.start).toBe(far[0]!.start);
    for (let i = 1; i < close.length; i++) expect(close[i]!.start).toBe(close[i - 1]!.end);
    expect(close[close.length - 1]!.end).toBe(far[far.length - 1]!.end);
  });
});
