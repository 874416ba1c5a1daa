/** The congestion view's numbers: panels in their room, times and values there and back, bars and bands where they belong. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../../src/base/time';
import { loadScenario } from '../../../src/scenario/load';
import { prepare, runScenario } from '../../../src/scenario/run';
import { indexTrace, sendingOf, sendings } from '../../../src/trace';
import { layoutCongestion, stepArea, stepPath, timeX, valueY, xTime, type Picture } from '../../../src/views/congestion/layout';

const loaded = await loadScenario('early-loss');
if (!loaded.ok) throw new Error('early-loss');
await prepare(loaded.value);
const runs = runScenario(loaded.value);
if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
const [fifth, , none] = runs.value.map(({ trace }) => {
  const index = indexTrace(trace), first = sendings(index)[0]!;
  return sendingOf(index, first.flow, first.direction)!;
}) as [ReturnType<typeof sendingOf> & object, unknown, ReturnType<typeof sendingOf> & object];

const SIZES: [string, number, number, number][] = [['phone', 360, 160, 12], ['embed', 480, 200, 12], ['laptop', 960, 420, 12], ['projector', 1880, 600, 36], ['tiny', 320, 120, 12]];
describe('panels', () => {
  it.each(SIZES)('%s: stand under each other inside the picture, the first always there', (_, width, height, type) => {
    const p = layoutCongestion(fifth, [], { until: Infinity, width, height, type });
    expect(p.panels[0]!.name).toBe('window');
    p.panels.forEach((panel, i) => {
      expect(panel.height).toBeGreaterThan(0);
      expect(panel.top).toBeGreaterThanOrEqual(i === 0 ? 0 : p.panels[i - 1]!.top + p.panels[i - 1]!.height + type);
      expect(panel.top + panel.height).toBeLessThanOrEqual(height - type * 1.5);
      for (const k of panel.ticks) expect(valueY(panel, k.at)).toBeCloseTo(k.px, 6);
    });
  });
  it('are four on a laptop, fewer where there is little room', () => {
    expect(layoutCongestion(fifth, [], { until: Infinity, width: 960, height: 420, type: 12 }).panels.map((p) => p.name)).toEqual(['window', 'trips', 'rtt', 'receiver']);
    expect(layoutCongestion(fifth, [], { until: Infinity, width: 480, height: 150, type: 12 }).panels.length).toBeLessThan(4);
  });
  it('hold every value of this run; a run beside it stretches the scale to twice that at most', () => {
    const alone = layoutCongestion(fifth, [], { until: Infinity, width: 960, height: 420, type: 12 }), beside = layoutCongestion(fifth, [none], { until: Infinity, width: 960, height: 420, type: 12 });
    const most = Math.max(...fifth.cwnd.map((c) => c.value));
    expect(alone.panels[0]!.most).toBeGreaterThanOrEqual(most);
    expect(beside.panels[0]!.most).toBeGreaterThan(alone.panels[0]!.most);
    expect(beside.panels[0]!.most).toBeLessThanOrEqual(2 * most * 1.5);
  });
});
describe('time', () => {
  it('ends with what was asked for, when the connection lives on', () => {
    const until = fifth.start + 1000 * MS, cut = layoutCongestion(fifth, [], { until, width: 960, height: 420, type: 12 });
    expect(cut.end).toBe(until);
    expect(Math.max(...cut.bars.map((b) => b.x + b.width), ...cut.bands.map((b) => b.x + b.width))).toBeLessThanOrEqual(cut.right + 0.01);
    expect(layoutCongestion(fifth, [], { until: 9e12, width: 960, height: 420, type: 12 }).end).toBe(fifth.end);
  });
  const p: Picture = layoutCongestion(fifth, [], { until: Infinity, width: 960, height: 420, type: 12 });
  it('goes there and back, and stays inside', () => {
    for (const t of [p.start, p.start + 500 * MS, p.end]) expect(xTime(p, timeX(p, t))).toBeCloseTo(t, -2);
    expect(xTime(p, -100)).toBe(p.start);
    expect(xTime(p, 5000)).toBe(p.end);
  });
  it('has a bar for each round trip, side by side, as high as its segments', () => {
    const panel = p.panels.find((x) => x.name === 'trips')!;
    expect(p.bars.map((b) => b.count)).toEqual([...fifth.perRoundTrip]);
    p.bars.forEach((b, i) => {
      expect(b.height).toBeCloseTo((b.count / panel.most) * panel.height, 6);
      if (i > 0) expect(b.x).toBeCloseTo(p.bars[i - 1]!.x + p.bars[i - 1]!.width, 6);
    });
  });
  it('has the phases as bands without gaps', () => {
    expect(p.bands.map((b) => b.name)).toEqual(fifth.phases.map((x) => x.name));
    p.bands.forEach((b, i) => i > 0 && expect(b.x).toBeCloseTo(p.bands[i - 1]!.x + p.bands[i - 1]!.width, 6));
  });
  it('draws steps: flat, then up, to the end; an area comes back to the axis', () => {
    const panel = p.panels[0]!;
    const path = stepPath(p, panel, [{ at: p.start, value: 0 }, { at: p.end, value: panel.most }]);
    expect(path).toBe(`M${p.left.toFixed(1)} ${(panel.top + panel.height).toFixed(1)}H${p.right.toFixed(1)}V${panel.top.toFixed(1)}H${p.right.toFixed(1)}`);
    expect(stepArea(p, panel, [])).toBe('');
    expect(stepArea(p, panel, [{ at: p.start, value: 1 }]).endsWith('Z')).toBe(true);
  });
});
