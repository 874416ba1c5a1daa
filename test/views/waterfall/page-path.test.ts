/** The path of a page: contiguous, complete, handed from request to request where one's end lets the next begin. */
import { describe, expect, it } from 'vitest';
import { criticalPath } from '../../../src/trace';
import { pagePath, rootOf } from '../../../src/views/waterfall/page-path';
import { browserRun, crowdRun, pageRun } from './fixtures';

const page = await pageRun(), browser = await browserRun(14), plain = await browserRun(), crowd = await crowdRun();

describe.each([['one connection', page], ['a browser', browser], ['a browser with few', plain]])('with %s', (_, index) => {
  const path = pagePath(index, index.trace.mainRequest);
  const last = Math.max(...path.requests.map((r) => r.endNs));
  it('covers the page from its start to its end without a gap', () => {
    expect(path.stretches[0]!.start).toBe(index.trace.requests[index.trace.mainRequest]!.startNs);
    expect(path.stretches[path.stretches.length - 1]!.end).toBe(last);
    for (let i = 1; i < path.stretches.length; i++) expect(path.stretches[i]!.start).toBe(path.stretches[i - 1]!.end);
  });
  it('keeps each stretch inside its request', () => {
    for (const s of path.stretches.filter((x) => x.request >= 0)) {
      const row = index.trace.requests[s.request]!;
      expect(s.start).toBeGreaterThanOrEqual(row.startNs);
      expect(s.end).toBeLessThanOrEqual(row.endNs);
    }
  });
  it('threads lead from a request that ran then to one that begins or leaves the queue then', () => {
    expect(path.threads.length).toBeGreaterThan(0);
    for (const t of path.threads) {
      const from = index.trace.requests[t.from]!;
      expect(t.at).toBeGreaterThan(from.startNs);
      expect(t.at).toBeLessThanOrEqual(from.endNs);
      expect(path.stretches.find((s) => s.request === t.to)!.start).toBe(t.until);
      expect(t.until).toBeGreaterThanOrEqual(t.at);
    }
  });
});

describe('the path', () => {
  it('goes through every request of one connection in turn, and through the parsing between', () => {
    const path = pagePath(page, 0);
    expect(path.stretches.map((s) => [s.request, s.ahead])).toEqual([[0, false], [-1, false], [1, false], [2, false], [3, false]]);
    const parse = path.stretches[1]!;
    expect(parse.start).toBe(page.trace.requests[0]!.endNs);
    expect(parse.end).toBe(page.trace.requests[1]!.startNs);
  });
  it('leaves out what the browser fetched beside it', () => {
    expect(new Set(pagePath(plain, 0).stretches.map((s) => s.request))).toEqual(new Set([0, -1, 2]));
  });
  it('goes through a connection opened ahead when that was waited for', async () => {
    const index = await browserRun(0, '230 ms'), { stretches } = pagePath(index, 0), app = index.trace.requests[2]!;
    expect(stretches.map((s) => [s.request, s.towards, s.ahead])).toEqual([[-1, 2, true], [2, 2, false]]);
    expect(stretches[0]!.end).toBe(app.startNs);
  });
  it('goes through another request when its end gave the connection away', async () => {
    const index = await browserRun(0, '2 s'), path = pagePath(index, 0), style = index.trace.requests[1]!;
    expect(path.stretches.map((s) => s.request)).toEqual([0, -1, 1, 2]);
    expect(path.threads[1]).toEqual({ from: 1, at: style.endNs, to: 2, until: style.endNs });
    expect(index.trace.requests[2]!.startNs).toBeLessThan(style.endNs);
  });
  it('is the same from any request of the page', () => expect(pagePath(page, 3)).toEqual(pagePath(page, 0)));
  it('of a single request is the request, as its own critical path says', () => {
    for (const r of crowd.trace.requests.slice(0, 30)) {
      const path = pagePath(crowd, r.id);
      expect(path.requests).toEqual([r]);
      expect(path.stretches.map((s) => [s.request, s.start, s.end])).toEqual([[r.id, r.startNs, r.endNs]]);
      expect(criticalPath(crowd, r.id)[0]!.start).toBe(path.stretches[0]!.start);
    }
  });
  it('finds the document of a line of initiators', () => expect(browser.trace.requests.map((r) => rootOf(browser.trace, r.id))).toEqual(browser.trace.requests.map(() => 0)));
});
