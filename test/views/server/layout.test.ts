/** The server view as numbers: lanes, queue, marks at now, axis. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../../src/base/time';
import { fromLens, indexTrace } from '../../../src/trace';
import { waitingAt } from '../../../src/views/server/interior';
import { axisTicks, hostWindow, layoutServer, placeOf, timeAt, waitingMarks } from '../../../src/views/server/layout';
import { TraceBuilder } from '../../support/trace-builder';
import { appRun } from './fixtures';

const index = appRun();
const host = index.trace.hosts.find((h) => h.name === 'app')!.id;
const window = hostWindow(index, host);

describe.each([[360, 420, 12], [980, 300, 12], [1280, 480, 12], [1920, 700, 37]])('at %i × %i', (width, height, type) => {
  describe.each([false, true])('lens %s', (bent) => {
    const picture = layoutServer(index, host, window, bent, { width, height, type });
    it('keeps everything inside, top to bottom and left to right', () => {
      let y = picture.axis;
      for (const b of picture.bays) {
        if (b.queue) {
          expect(b.queue.top).toBeGreaterThanOrEqual(y);
          y = b.queue.top + b.queue.height;
        }
        for (const lane of b.lanes) {
          expect(lane.top).toBeGreaterThanOrEqual(y);
          y = lane.top + lane.height;
          for (const box of lane.holds) {
            expect(box.x).toBeGreaterThanOrEqual(picture.left - 0.01);
            expect(box.x + box.width).toBeLessThanOrEqual(picture.left + picture.length + 0.01);
            for (const [x, w] of box.runs) expect(x >= box.x - 0.01 && x + w <= box.x + box.width + 0.51).toBe(true);
            if (box.label) expect(box.width).toBeGreaterThan(box.label.length * type * 0.5);
          }
          for (let i = 1; i < lane.holds.length; i++) expect(lane.holds[i]!.x).toBeGreaterThanOrEqual(lane.holds[i - 1]!.x + lane.holds[i - 1]!.width - 0.01);
        }
      }
      expect(y).toBeLessThanOrEqual(picture.height);
      expect(picture.left + picture.length).toBeLessThanOrEqual(width);
    });
    it('loses nobody: as many holds as there are', () => {
      for (const b of picture.bays) {
        const drawn = b.lanes.reduce((sum, lane) => sum + lane.holds.length + lane.dense.reduce((n, d) => n + d[2], 0), 0);
        expect(drawn).toBe(b.bay.lanes.flat().length);
      }
    });
    it('draws one mark for each that waits, apart from each other, within the queue', () => {
      for (const ms of [16, 17, 30, 62, 64, 105]) {
        for (const b of picture.bays) {
          if (!b.queue) continue;
          const marks = waitingMarks(b.bay, b.queue, placeOf(picture, ms * MS), ms * MS, picture.left, picture.length, type);
          expect(marks.map((m) => m.stay)).toEqual(waitingAt(b.bay, ms * MS));
          expect(new Set(marks.map((m) => `${m.x}/${m.y}`)).size).toBe(marks.length);
          for (const m of marks) expect(m.y >= b.queue.top - m.side && m.y + m.side <= b.queue.top + b.queue.height + 1).toBe(true);
        }
      }
    });
    it('puts a time where it is found again', () => {
      for (const ms of [15, 40, 64, 110]) expect(Math.abs(timeAt(picture, placeOf(picture, ms * MS)) - ms * MS)).toBeLessThan(0.01 * MS);
    });
    it('shows the true scale beside a bent one', () => {
      const { straight, bent: bentTicks, threads } = axisTicks(picture, type);
      expect(straight.length).toBeGreaterThan(1);
      expect(threads.length).toBe(bent ? bentTicks.length : 0);
      for (const k of bentTicks) expect(Math.abs(fromLens(picture.lens, (k.x - picture.left) / picture.length) - k.at)).toBeLessThan(1000);
    });
  });
});

describe('the queue', () => {
  const picture = layoutServer(index, host, window, false, { width: 1280, height: 480, type: 12 });
  const queue = picture.bays[0]!.queue!;
  it('is as high as the most that ever waited, beside its crosses', () => {
    expect(picture.bays[0]!.bay.most).toBe(3);
    expect(queue.unit * 3).toBeCloseTo(queue.height - 18, 6);
  });
  it('has a strip for each that waited, and three turned away', () => {
    expect(queue.strips.map((s) => s.stay.what)).toEqual(['GET /x/2', 'GET /x/3', 'GET /x/4']);
    expect(queue.away.map((s) => s.what)).toEqual(['GET /x/5', 'GET /x/6', 'GET /x/7']);
  });
  it('lets a strip step down when the one before it leaves', () => {
    const heights = [...queue.strips[2]!.path.matchAll(/V([\d.]+)H/g)].map((m) => Number(m[1]));
    expect(new Set(heights).size).toBeGreaterThan(2);
  });
});

describe('a crowd', () => {
  it('is a number, not marks that nobody counts; lanes too many become their count', () => {
    const b = new TraceBuilder({ hosts: ['client', 'app'] });
    const workers = b.resource('app', 'workers', 80);
    b.at(1);
    for (let i = 0; i < 80; i++) b.grant(b.claim(workers, b.endpoint('app', 'compute', 'app-request'), `r${i}`));
    for (let i = 0; i < 61; i++) b.claim(workers, b.endpoint('app', 'compute', 'app-request'), `w${i}`);
    b.at(20);
    const crowd = indexTrace(b.done());
    const picture = layoutServer(crowd, 1, hostWindow(crowd, 1), false, { width: 1000, height: 400, type: 12 });
    const [bay] = picture.bays;
    expect(waitingAt(bay!.bay, 10 * MS).length).toBe(61);
    expect(waitingMarks(bay!.bay, bay!.queue!, placeOf(picture, 10 * MS), 10 * MS, picture.left, picture.length, 12)).toEqual([]);
    expect(bay!.lanes).toEqual([]);
    expect(bay!.crowd!.most).toBe(80);
    expect(bay!.unused).toBe(0);
  });
});
