/** The bar and the path: one true axis, no gaps, crossings between the rows of their hosts. */
import { describe, expect, it } from 'vitest';
import { whyRequest } from '../../../src/explain';
import { loadScenario } from '../../../src/scenario/load';
import { runScenario } from '../../../src/scenario/run';
import { indexTrace } from '../../../src/trace';
import { lastEvent, layoutWhy, ticksOf } from '../../../src/views/why/layout';

const scenario = await loadScenario('whole-chain');
const runs = scenario.ok ? runScenario(scenario.value) : scenario;
if (!runs.ok) throw new Error('whole-chain does not run');
const index = indexTrace(runs.value[0]!.trace);
const rows = whyRequest(index, 0);
const { startNs, endNs } = index.trace.requests[0]!;

describe.each([[360, 12], [980, 12], [1900, 30]])('at %i px, type %i', (width, type) => {
  const p = layoutWhy(index, 0, rows, width, type);
  it('the bar has no gaps and is as wide as the request is long', () => {
    const { stretches } = p.bar;
    expect(stretches[0]!.x).toBe(p.left);
    for (let i = 1; i < stretches.length; i++) expect(stretches[i]!.x).toBeCloseTo(stretches[i - 1]!.x + stretches[i - 1]!.width, 4);
    const last = stretches[stretches.length - 1]!;
    expect(last.x + last.width).toBeCloseTo(p.right, 4);
    expect(stretches.reduce((sum, s) => sum + s.ns, 0)).toBe(endNs - startNs);
    for (const [row, line] of rows.entries()) expect(stretches.filter((s) => s.row === row).reduce((sum, s) => sum + s.ns, 0)).toBe(line.ns);
  });
  it('the path begins at the browser, crosses to every host of the chain, and ends at the browser', () => {
    const names = p.hosts.map((h) => h.hosts.map((id) => index.trace.hosts[id]!.name));
    expect(names.map((n) => (n.length > 1 ? 'names' : n[0]))).toEqual(['names', 'resolver', 'browser', 'proxy', 'web', 'app', 'db']);
    const browser = p.hosts[2]!.y;
    expect(p.steps[0]!.path.startsWith(`M${p.left} ${browser}L`)).toBe(true);
    expect(p.steps[p.steps.length - 1]!.path.endsWith(` ${browser}`)).toBe(true);
    for (const h of p.hosts) expect(p.steps.some((s) => s.path.endsWith(` ${h.y}`))).toBe(true);
    for (const s of p.steps) expect(s.path).not.toMatch(/NaN|undefined/);
  });
  it('each step begins where the one before ended', () => {
    const end = (path: string): number[] => /L([\d.]+) ([\d.]+)$/.exec(path)!.slice(1).map(Number);
    const begin = (path: string): number[] => /^M([\d.]+) ([\d.]+)/.exec(path)!.slice(1).map(Number);
    for (let i = 1; i < p.steps.length; i++) expect(begin(p.steps[i]!.path)[0]).toBeCloseTo(end(p.steps[i - 1]!.path)[0]!, 1);
  });
});

describe('labels', () => {
  it('name a handshake once, although bits part its crossings', () => {
    const { labels } = layoutWhy(index, 0, rows, 980, 12).bar;
    const tcp = labels.filter((l) => rows[l.row]!.line === 'tcp');
    expect(tcp.map((l) => l.ns)).toEqual([80_000_000]);
  });
});
describe('ticks', () => {
  it.each([[357e6, 800, 50e6], [357e6, 200, 200e6], [42e3, 800, 5e3], [1.2e9, 800, 200e6]])('of %i ns on %i px stand %i ns apart', (total, room, step) => {
    const ticks = ticksOf(total, room, 12);
    expect(ticks.slice(0, 2)).toEqual([0, step]);
    expect(ticks[ticks.length - 1]).toBeLessThanOrEqual(total);
  });
});
it('a line’s last event is where it ends', () => {
  for (const r of rows) expect(index.trace.time.at(lastEvent(r))).toBeGreaterThanOrEqual(r.parts[r.parts.length - 1]!.end);
});
