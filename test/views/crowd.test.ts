/** The picture of a crowd as numbers: one in ink, the others as lines or as a tint, never a wall; drawn once, not for each frame. */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load';
import { prepare, runScenario } from '../../src/scenario/run';
import { criticalPath, indexTrace, lensOf, resourceBusyAt, timeWindows, type TraceIndex } from '../../src/trace';
import { crowdAt, crowdOf, DENSEST, isCrowd, ROW, TINTS } from '../../src/views/spacetime/crowd';
import { focusOf, requestOfPdu, requestOfWindow } from '../../src/views/spacetime/focus';
import { grouped } from '../../src/views/spacetime/groups';
import { hostLoads, stepsOf, valueAt, workAt } from '../../src/views/spacetime/host-load';
import { placeRow } from '../../src/views/spacetime/host-words';
import { layoutDiagram, lifelinesOf, placesOf, roomFor } from '../../src/views/spacetime/layout';
import { pathPieces } from '../../src/views/spacetime/path';
import { strokeAt } from '../../src/views/spacetime/words';
import { hostBand } from '../../src/explain/words/host-band';
import { textWidth } from '../../src/ui/place';

async function run(id: string, lane = 0): Promise<TraceIndex> {
  const scenario = await loadScenario(id);
  if (scenario.ok) await prepare(scenario.value);
  const runs = scenario.ok ? runScenario(scenario.value) : scenario;
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return indexTrace(runs.value[lane]!.trace);
}
const size = { along: 330, across: 880, type: 12, ...roomFor(880, 12) };
let index: TraceIndex, quiet: TraceIndex;
beforeAll(async () => {
  index = await run('pool-exhausted');
  quiet = await run('first-visit');
});
const place = (i: TraceIndex): readonly number[] => placesOf(i, lifelinesOf(i, size));

describe('windows of a crowd', () => {
  it('follow each other without overlap or gap, to the end of the work', async () => {
    for (const one of [index, await run('missing-index'), await run('missing-index', 1), await run('load-balancer')]) {
      for (const near of [false, true, 'close'] as const) {
        const windows = timeWindows(one, near);
        for (let i = 1; i < windows.length; i++) expect(windows[i]!.start).toBe(windows[i - 1]!.end);
        expect(windows[windows.length - 1]!.end).toBeGreaterThanOrEqual(one.workEndNs - 1_000_000);
        expect(windows.length).toBeLessThan(one.trace.requests.length);
      }
    }
  });
  it('are a crowd; those of one visit are none', () => {
    expect(isCrowd(index, timeWindows(index)[0]!)).toBe(true);
    for (const w of timeWindows(quiet)) expect(isCrowd(quiet, w)).toBe(false);
  });
});

describe('the focus', () => {
  it('is the main request in its window, then the first that begins in the window, or the selected one', () => {
    const windows = timeWindows(index);
    expect(requestOfWindow(index, windows[0]!)).toBe(index.trace.mainRequest);
    const later = index.trace.requests[requestOfWindow(index, windows[1]!)]!;
    expect(later.startNs < windows[1]!.end && later.endNs > windows[1]!.start).toBe(true);
    const pdu = index.trace.pdus.find((p) => requestOfPdu(index, p.id) === 7)!;
    expect(focusOf(index, windows[0]!, pdu.id).request).toBe(7);
    expect(focusOf(index, windows[0]!, -1, 5).request).toBe(5);
  });
  it('holds its own connection, what it led to behind the proxy, and its critical path; of the others nothing else', () => {
    const { request, pdus, connection } = focusOf(index, timeWindows(index)[0]!, -1);
    expect(connection).toBe(index.trace.requests[request]!.flow);
    for (const edge of criticalPath(index, request)) if (edge.pdu) expect(pdus.has(edge.pdu.id)).toBe(true);
    const hosts = new Set([...pdus].flatMap((id) => [index.trace.pdus[id]!.from, index.trace.pdus[id]!.to]));
    expect(hosts.size).toBe(index.trace.hosts.length);
    expect(pdus.size).toBeLessThan(index.trace.pdus.length / 8);
  });
});

describe('the crowd', () => {
  it('has every stroke, its ends where the diagram puts them, and no line where a gap is denser than one for each 3 px', () => {
    const window = timeWindows(index)[0]!, lens = lensOf(index, window, true);
    const crowd = crowdOf(index, window, lens, size.along, place(index));
    expect(crowd.groups.length).toBe(grouped(index, window).length);
    const whole = layoutDiagram(index, window, true, size, 0);
    whole.strokes.forEach((s, i) => {
      if (s.lost) return;
      expect(crowd.points[i * 6]).toBeCloseTo(s.lead[0]![0], 3);
      expect(crowd.points[i * 6 + 5]).toBeCloseTo(s.lead[s.lead.length - 1]![1], 3);
    });
    const gaps = new Map<string, number[]>();
    crowd.groups.forEach(([p], i) => {
      if (crowd.dense[i]) return;
      const key = [p!.from, p!.to].sort((a, b) => a - b).join();
      gaps.set(key, [...(gaps.get(key) ?? []), crowd.points[i * 6 + 2]!]);
    });
    for (const middles of gaps.values()) for (const m of middles) expect(middles.filter((o) => Math.abs(o - m) < ROW * 2.5).length / (ROW * 5)).toBeLessThan(DENSEST * 2.2);
    expect(crowd.dense.some((d) => d === 1)).toBe(true);
    expect(crowd.tints.length).toBeGreaterThan(0);
    for (const t of crowd.tints) {
      expect(t.level).toBeGreaterThanOrEqual(1);
      expect(t.level).toBeLessThanOrEqual(TINTS);
      expect(t.along + t.length).toBeLessThanOrEqual(size.along + 0.01);
    }
  });
  it('is found under the pointer, after those in ink', () => {
    const window = timeWindows(index)[0]!, lens = lensOf(index, window, true);
    const crowd = crowdOf(index, window, lens, size.along, place(index));
    const focus = focusOf(index, window, -1);
    const ink = layoutDiagram(index, window, true, size, focus.connection, [], focus);
    expect(ink.strokes.length).toBeLessThan(90);
    const of = (along: number, across: number, reach: number): (typeof ink.strokes)[number] | null => {
      const group = crowd.groups[crowdAt(crowd, along, across, reach)];
      return group ? ({ id: group[0]!.id } as (typeof ink.strokes)[number]) : null;
    };
    const other = crowd.groups.findIndex((g, i) => !focus.pdus.has(g[0]!.id) && crowd.points[i * 6]! > 100);
    const o = other * 6, along = (crowd.points[o]! * 3 + crowd.points[o + 2]!) / 4, across = (crowd.points[o + 1]! * 3 + crowd.points[o + 3]!) / 4;
    expect(strokeAt(ink, across, along, null)?.id).not.toBe(crowd.groups[other]![0]!.id);
    expect(crowdAt(crowd, along, across, 3)).toBeGreaterThanOrEqual(0);
    const first = ink.strokes[0]!, [a, c] = first.lead[0]!;
    expect(focus.pdus.has(strokeAt(ink, c, a, of)!.id)).toBe(true);
    expect(strokeAt(ink, size.across - 2, 3, of)).toBeNull();
  });
});

describe('a chain of causes', () => {
  it('is one line without a break: crossings from host to host, waits on one lifeline, dotted where it waited', () => {
    for (const one of [quiet, index]) {
      const request = one.trace.requests[one.trace.mainRequest]!;
      const lens = lensOf(one, { start: request.startNs, end: request.endNs }, true), where = place(one);
      const pieces = pathPieces(criticalPath(one, request.id), lens, size.along, where);
      expect(pieces[0]!.points[0]![0]).toBeCloseTo(0, 3);
      const last = pieces[pieces.length - 1]!.points;
      expect(last[last.length - 1]![0]).toBeCloseTo(size.along, 3);
      for (let i = 1; i < pieces.length; i++) {
        const before = pieces[i - 1]!.points;
        expect(pieces[i]!.points[0]![0]).toBeCloseTo(before[before.length - 1]![0], 6);
        expect(pieces[i]!.waits && pieces[i - 1]!.waits && pieces[i]!.points[0]![1] === before[before.length - 1]![1]).toBe(false);
      }
      for (const p of pieces) if (p.waits) expect(new Set(p.points.map(([, across]) => across)).size).toBe(1);
      for (const p of pieces) for (let i = 1; i < p.points.length; i++) expect(p.points[i]![0]).toBeGreaterThanOrEqual(p.points[i - 1]![0] - 1e-9);
    }
  });
  it('leaves out hosts that are not in the picture', () => {
    const path = criticalPath(quiet, quiet.trace.mainRequest), lens = lensOf(quiet, timeWindows(quiet)[0]!, false);
    expect(pathPieces(path, lens, 300, quiet.trace.hosts.map(() => NaN))).toEqual([]);
  });
});

describe('what hosts are at', () => {
  it('is the number that the run itself gives, at any moment', () => {
    const loads = hostLoads(index);
    for (let t = 3_000_000; t < index.workEndNs; t += 41_000_007) {
      for (const h of index.trace.hosts) {
        for (const p of loads[h.id]!.places) {
          const resource = index.trace.resources.find((r) => r.host === h.id && r.name === p.name)!;
          const mine = index.claims.filter((c) => c.resource === resource.id && c.requestedAt <= t);
          expect(valueAt(p.held, t)).toBe(mine.filter((c) => c.grantedAt >= 0 && c.grantedAt <= t && (c.endAt < 0 || c.endAt > t)).length);
          expect(valueAt(p.held, t)).toBeLessThanOrEqual(p.servers);
          expect(valueAt(p.waiting, t)).toBe(mine.filter((c) => (c.grantedAt < 0 || c.grantedAt > t) && (c.endAt < 0 || c.endAt > t)).length);
        }
        expect(valueAt(loads[h.id]!.cores, t)).toBeLessThanOrEqual(h.cores);
        const work = workAt(loads[h.id]!, t);
        const { busy, waiting } = resourceBusyAt(index, h.id, t);
        expect(work === null).toBe([...busy, ...waiting].filter((j) => j.what !== 'the user waits' && (j.grantedAt >= 0 ? j.grantedAt : j.requestedAt) <= t).length === 0);
      }
    }
    expect(valueAt(stepsOf([[5, 1], [9, -1], [9, 1]]), 9)).toBe(1);
    expect(valueAt(stepsOf([[5, 1]]), 4)).toBe(0);
  });
  it('is told in words that never touch, the one who waits first', () => {
    const forms = [hostBand.shortened('compute the proof of the password'), hostBand.shortened('run select count(*) from items'), hostBand.places('workers', 8, 8, 15)];
    for (const gap of [24, 60, 90, 140, 300]) {
      const row = forms.map((f, i) => ({ x: 60 + i * gap, forms: f, weight: i === 2 ? 4 : 1 }));
      const placed = placeRow(row, 60 + gap * 2 + 90, 12).map((p) => p && { from: p.x - textWidth(p.text, 12) / 2, to: p.x + textWidth(p.text, 12) / 2 });
      expect(placed[2]).not.toBeNull();
      for (const p of placed) expect(p === null || (p.from >= 0 && p.to <= 60 + gap * 2 + 90)).toBe(true);
      const shown = placed.filter((p) => p !== null).sort((a, b) => a.from - b.from);
      for (let i = 1; i < shown.length; i++) expect(shown[i]!.from - shown[i - 1]!.to).toBeGreaterThanOrEqual(7.99);
    }
    expect(forms[0]).toContain('compute the proof …');
    expect(forms[0]).not.toContain('compute the …');
    expect(forms[2]![0]).toBe('8 of 8 workers, 15 wait');
    expect(hostBand.places('workers', 0, 8, 0)).toEqual([]);
  });
  it('has lifelines apart, also in a lane among four', async () => {
    const balancer = await run('load-balancer');
    for (const across of [200, 245, 490, 880]) {
      const hosts = balancer.trace.hosts.map((h) => h.id);
      const lines = lifelinesOf(balancer, { along: 1, across, type: 12, hosts, ...roomFor(across, 12, hosts) });
      const edge = (small: boolean): number => (small ? 9 : 17);
      for (let i = 1; i < lines.length; i++) expect(lines[i]!.across - lines[i - 1]!.across).toBeGreaterThanOrEqual(Math.min(edge(lines[i]!.small) + edge(lines[i - 1]!.small), 18) - (across < 220 ? 2 : 0));
      expect(lines[lines.length - 1]!.across).toBeLessThanOrEqual(across - 9);
    }
  });
});
