/** The waterfall as numbers: true axis, rows that fit, bars that cover their request, only the rows in view. */
import { describe, expect, it } from 'vitest';
import { connectionsOf } from '../../../src/views/waterfall/connections';
import { percentile } from '../../../src/trace';
import { failed, pathOf, shortOf, sorted, sumsOf, totalOf } from '../../../src/views/waterfall/facts';
import { entriesOf, onPath, rowFinder, rowOf, summaryOf } from '../../../src/views/waterfall/model';
import { pagePath } from '../../../src/views/waterfall/page-path';
import { axisTicks, frameOf, heightOf, inView, pathPicture, placesOf, timeAt, xOf } from '../../../src/views/waterfall/waterfall-layout';
import { browserRun, crowdRun, pageRun } from './fixtures';

const page = await pageRun(), browser = await browserRun(14), crowd = await crowdRun();

describe.each([[360, 500, 12], [980, 300, 12], [1280, 560, 12], [1280, 400, 26]])('at %i × %i, type %i', (width, height, type) => {
  it.each([['page', page], ['browser', browser], ['crowd', crowd]] as const)('%s: bars are true, cover their request and touch no word', (_, index) => {
    for (const view of ['requests', 'connections'] as const) {
      const entries = entriesOf(index, view, 'start');
      const frame = frameOf(index, entries, { width, height, type });
      const places = placesOf(entries.map((e) => e.waits), frame, height);
      expect(frame.left + frame.length).toBeLessThanOrEqual(width);
      entries.forEach((entry, i) => {
        const place = places[i]!, row = rowOf(index, frame, place.barHeight, entry);
        expect(place.height).toBeGreaterThanOrEqual(24);
        expect(place.barHeight).toBeGreaterThanOrEqual(type);
        expect(place.barTop).toBeGreaterThanOrEqual(place.top);
        expect(place.barTop + place.barHeight).toBeLessThan(place.top + place.height);
        const bars = row.bars;
        if (view === 'requests' && entry.total > 0) {
          expect(bars[0]!.x).toBeCloseTo(xOf(frame, entry.start), 6);
          expect(Math.max(...bars.map((b) => b.x + b.width))).toBeCloseTo(xOf(frame, entry.end), 0);
        }
        for (let k = 1; k < bars.length; k++) expect(bars[k]!.x).toBeGreaterThanOrEqual(bars[k - 1]!.x + bars[k - 1]!.width - 0.51);
        for (const b of bars) if (b.label) expect(b.width).toBeGreaterThan(b.label.length * type * 0.4);
      });
    }
  });
  it('has one unit on an axis that is true', () => {
    const frame = frameOf(page, entriesOf(page, 'requests', 'start'), { width, height, type });
    const ticks = axisTicks(frame);
    expect(ticks[0]!.text).toBe('0 ms');
    for (const k of ticks) expect(timeAt(frame, k.x)).toBeCloseTo(k.at, 0);
    expect(timeAt(frame, -50)).toBe(0);
    expect(timeAt(frame, width + 50)).toBe(frame.end);
  });
});

describe('rows in view', () => {
  const frame = frameOf(crowd, entriesOf(crowd, 'requests', 'start'), { width: 1280, height: 500, type: 12 });
  const places = placesOf(Array.from({ length: 500 }, () => 0), frame, 500);
  it('are few of many, and all that the window shows', () => {
    for (const scroll of [0, 1, 240, 6000, heightOf(places) - 500]) {
      const [first, last] = inView(places, scroll, 500);
      expect(last - first).toBeLessThan(35);
      for (let i = 0; i < places.length; i++) {
        const seen = places[i]!.top < scroll + 500 && places[i]!.top + places[i]!.height > scroll;
        if (seen) expect(i >= first && i < last).toBe(true);
      }
    }
  });
  it('of an empty list are none', () => expect(inView([], 0, 500)).toEqual([0, 0]));
});

describe('the path in the picture', () => {
  it('runs below the bars of its rows, threads end where the next line begins', () => {
    const entries = entriesOf(page, 'requests', 'start'), frame = frameOf(page, entries, { width: 1280, height: 400, type: 12 });
    const places = placesOf(entries.map(() => 0), frame, 400), picture = pathPicture(pagePath(page, 0), frame, places, rowFinder(entries, 'requests'));
    expect(picture.lines.map((l) => l.row)).toEqual([0, 1, 2, 3]);
    for (const l of picture.lines) expect(l.y > places[l.row]!.barTop + places[l.row]!.barHeight && l.y < places[l.row]!.top + places[l.row]!.height).toBe(true);
    expect(picture.threads[0]!.d).toBe(`M${picture.lines[0]!.x2} ${picture.lines[0]!.y}H${picture.lines[1]!.x1}V${picture.lines[1]!.y}`);
  });
});

describe('connections', () => {
  const list = connectionsOf(browser);
  it('of a browser are six, opened in order, and carry every request once', () => {
    expect(list.length).toBe(6);
    expect(list.flatMap((c) => c.requests.map((r) => r.id)).sort((p, q) => p - q)).toEqual(browser.trace.requests.map((r) => r.id));
    for (const c of list) {
      expect(c.start).toBeLessThan(c.connected);
      expect(c.connected).toBeLessThanOrEqual(c.tlsStart);
      expect(c.tlsStart).toBeLessThan(c.secured);
      for (const r of c.requests) expect(r.phases.find((p) => p.phase === 'send')!.startNs).toBeGreaterThanOrEqual(c.secured);
    }
  });
  it('know who waited for them', () => {
    expect(connectionsOf(page)[0]!.waiters.map((w) => [w.request.id, w.end])).toEqual([[2, page.trace.requests[1]!.endNs], [3, page.trace.requests[2]!.endNs]]);
  });
  it('open before the first SYN and carry nothing outside their requests', () => expect(connectionsOf(page)[0]!.start).toBe(page.trace.requests[0]!.phases.find((p) => p.phase === 'connect')!.startNs));
});

describe('words and sums', () => {
  it('tell the path of a page', () => {
    const { claim, line } = summaryOf(page, 'requests', pagePath(page, 0));
    expect(claim.replaceAll('\u00a0', ' ')).toBe('4 requests, 699 ms.');
    expect(line.replaceAll('\u00a0', ' ')).toBe('The path to the end: document 357 ms, style.css 88.3 ms, app.js 168 ms, logo.svg 82.1 ms, the browser between them 5 ms.');
  });
  it('tell a crowd by percentiles', () => {
    const sums = sumsOf(crowd), failures = crowd.trace.requests.filter(failed).length;
    expect([sums.crowd, sums.requests, sums.failures]).toEqual([true, 60, failures]);
    expect(failures).toBeGreaterThan(0);
    expect(summaryOf(crowd, 'requests', null).claim).toContain(`${failures} failed`);
    expect(sums.p50 <= sums.p95 && sums.p95 <= sums.slowest).toBe(true);
  });
  it('take the nearest rank', () => {
    const values = Array.from({ length: 20 }, (_, i) => i + 1);
    expect([percentile(values, 0.5), percentile(values, 0.95), percentile([7], 0.95), percentile([], 0.5)]).toEqual([10, 19, 7, 0]);
  });
  it('name what was asked for', () => {
    expect([pathOf('https://shop.example/a/b.css?v=2'), pathOf('https://shop.example'), pathOf('shop.example'), shortOf('https://shop.example/a/b.css'), shortOf('https://shop.example/')]).toEqual(['/a/b.css', '/', 'shop.example', 'b.css', '/']);
  });
  it('sort by start, by duration, failures first', () => {
    const times = sorted(crowd, 'duration').map((r) => totalOf(crowd, r));
    expect(times).toEqual([...times].sort((p, q) => q - p));
    const bad = sorted(crowd, 'failures').map((r) => failed(r));
    expect(bad.lastIndexOf(true)).toBe(bad.filter(Boolean).length - 1);
    expect(sorted(crowd, 'start').map((r) => r.startNs)).toEqual(crowd.trace.requests.map((r) => r.startNs).sort((p, q) => p - q));
  });
  it('give each request its share of the path, which sum to the whole less the time between', () => {
    const path = pagePath(page, 0), entries = entriesOf(page, 'requests', 'start');
    const between = path.stretches.filter((s) => s.request < 0).reduce((n, s) => n + s.end - s.start, 0);
    expect(entries.reduce((n, e) => n + onPath(path, e), 0) + between).toBe(sumsOf(page).ns);
  });
});
