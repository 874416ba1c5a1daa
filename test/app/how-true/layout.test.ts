/** "How true is this?": marks stand where the numbers say, and touch nowhere. */
import { describe, expect, it } from 'vitest';
import { errorShare, headline, mainTime, scatter, strip, stripHalf, stripX, worst, worstFirst } from '../../../src/app/how-true/layout';
import type { CaseRow, MetricRow } from '../../../src/app/how-true/page-data';

const metric = (name: string, measured: number, predicted: number, tolerance = 2, ok = Math.abs(predicted - measured) <= tolerance): MetricRow => ({ name, measured, predicted, tolerance, ok });
const row = (id: string, metrics: MetricRow[], more: Partial<CaseRow> = {}): CaseRow => ({
  id, family: id.split('/')[0]!, status: metrics.every((m) => m.ok) ? 'pass' : 'fail', client: 'curl', server: 'nginx', n: 5, given: [], metrics, ...more,
});

describe('errors', () => {
  it('count as shares of the limit, with their sign', () => {
    expect(errorShare(metric('total', 100, 101))).toBe(0.5);
    expect(errorShare(metric('total', 100, 97))).toBe(-1.5);
    expect(errorShare(metric('exitCode', 7, 7, 0))).toBe(0);
    expect(errorShare(metric('exitCode', 7, 28, 0, false))).toBe(2);
  });
  it('put the farthest number of a case first, a wrong one before one that only is far', () => {
    expect(worst(row('fetch/a', [metric('connect', 10, 11), metric('total', 50, 50.2)]))!.name).toBe('connect');
    // within the spread of the runs, though far from the median
    expect(worst(row('fetch/a', [metric('connect', 10, 18, 2, true), metric('total', 50, 53, 2, false)]))!.name).toBe('total');
    expect(worst(row('fetch/a', []))).toBeNull();
  });
  it('sum up over cases that are judged', () => {
    const e = {
      version: 1 as const, versions: {}, families: [],
      cases: [
        row('fetch/a', [metric('total', 100, 101)], { packets: { compared: 9, firstDifference: null } }), row('fetch/b', [metric('total', 100, 90)], { packets: { compared: 9, firstDifference: 'packet 3' } }),
        row('fetch/c', [metric('total', 100, 100)]), row('fetch/d', [metric('total', 100, 50)], { status: 'informational' }),
      ],
    };
    expect(headline(e)).toEqual({ judged: 3, passed: 2, medianError: 0.01, lists: 2, listsEqual: 1 });
    expect(worstFirst(e.cases).map((c) => c.id)).toEqual(['fetch/b', 'fetch/a', 'fetch/c', 'fetch/d']);
  });
  it('take as time what is one', () => {
    expect(mainTime(row('errors/a', [metric('exitCode', 7, 7, 0)]))).toBeNull();
    expect(mainTime(row('postgres/a', [metric('leaf_pages', 28, 28, 0)]))).toBeNull();
    expect(mainTime(row('fetch/a', [metric('total', 90, 91), metric('connect', 10, 10)]))!.name).toBe('total');
    expect(mainTime(row('proxy/a', [metric('connect', 10, 10), metric('wait', 80, 81)]))!.name).toBe('wait');
  });
});
describe('a strip', () => {
  const cases = Array.from({ length: 60 }, (_, i) => row(`fetch/${i}`, [metric('total', 100, 100 + (i % 7) * 0.02)]));
  it('has every mark inside, none on another', () => {
    const dots = strip(cases, 320);
    expect(dots).toHaveLength(60);
    const half = stripHalf(dots);
    for (const d of dots) {
      expect(d.x).toBeGreaterThanOrEqual(3.5);
      expect(d.x).toBeLessThanOrEqual(316.5);
      expect(Math.abs(d.y)).toBeLessThanOrEqual(half - 3.5);
      for (const o of dots) if (o !== d) expect(Math.hypot(o.x - d.x, o.y - d.y)).toBeGreaterThan(4);
    }
  });
  it('has its middle for what is exact, and keeps what is far off at its end', () => {
    expect(stripX(0, 300)).toBe(150);
    expect(stripX(1, 300)).toBe(250);
    expect(stripX(99, 300)).toBe(300);
    expect(stripX(-99, 300)).toBe(0);
  });
});
describe('the scatter', () => {
  it('has a right prediction on the diagonal and ticks at powers of ten', () => {
    const { dots, ticks } = scatter([row('fetch/a', [metric('total', 50, 50)]), row('fetch/b', [metric('total', 5000, 500, 2)])], 300);
    expect(dots[0]!.x).toBeCloseTo(300 - dots[0]!.y);
    expect(dots[1]).toMatchObject({ ok: false });
    expect(300 - dots[1]!.y).toBeLessThan(dots[1]!.x);
    expect(ticks.map((t) => t.ms)).toEqual([1, 10, 100, 1000, 10000]);
    expect(ticks[4]).toMatchObject({ x: 300, y: 0 });
  });
});
