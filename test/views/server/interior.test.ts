/** The server view's facts: who holds, who waits, in which lane, and how a request's time divides. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../../src/base/time';
import { indexTrace } from '../../../src/trace';
import { accountOf, busyHosts, heldAt, holdingAt, interior, lanesOf, runsWithin, taskOf, waitingAt, type Hold, type Stay } from '../../../src/views/server/interior';
import { TraceBuilder } from '../../support/trace-builder';
import { appRun } from './fixtures';

/** Two workers, room for one: A and B at once, C waits 8 ms, D is refused. A runs 4 ms, is put off for 2 ms by B, runs 2 ms more. */
function twoWorkers() {
  const b = new TraceBuilder({ hosts: ['client', 'app'] });
  const workers = b.resource('app', 'workers', 2, 1), cpu = b.resource('app', 'cpu', 1);
  const [A, B, C, D] = ['A', 'B', 'C', 'D'].map(() => b.endpoint('app', 'compute', 'app-request')) as [number, number, number, number];
  b.at(10);
  const a = b.grant(b.claim(workers, A, 'A')), bb = b.grant(b.claim(workers, B, 'B'));
  const workA = b.ask(cpu, A, 6, 'do A'), workB = b.ask(cpu, B, 2, 'do B');
  const runA = b.turn(workA, 'granted');
  b.at(12);
  const c = b.claim(workers, C, 'C');
  b.at(13);
  const d = b.claim(workers, D, 'D');
  b.refuse(d);
  b.at(14);
  const put = b.turn(runA, 'preempted');
  const runB = b.turn(workB, 'granted');
  b.at(16);
  b.turn(runB, 'done');
  const again = b.turn(put, 'granted');
  b.at(18);
  b.turn(again, 'done');
  b.at(20);
  b.release(a);
  b.grant(c);
  b.at(22);
  b.release(bb);
  b.at(25);
  return { index: indexTrace(b.done()), A, B, C, D };
}

describe('a host’s interior', () => {
  const { index, A, C } = twoWorkers();
  const [workers, cores] = interior(index, 1) as [ReturnType<typeof interior>[number], ReturnType<typeof interior>[number]];
  it('names the hosts that have claims or work', () => expect(busyHosts(index)).toEqual([1]));
  it('counts who holds and who waits at a moment; at an end the place is free', () => {
    expect(holdingAt(workers, 10 * MS).map((h) => h.stay.what)).toEqual(['A', 'B']);
    expect(waitingAt(workers, 12 * MS).map((s) => s.what)).toEqual(['C']);
    expect(waitingAt(workers, 20 * MS)).toEqual([]);
    expect(holdingAt(workers, 20 * MS).map((h) => h.stay.what).sort()).toEqual(['B', 'C']);
    expect(holdingAt(workers, 22 * MS).map((h) => h.stay.what)).toEqual(['C']);
    expect(holdingAt(cores, 15 * MS).map((h) => h.stay.what)).toEqual(['do B']);
  });
  it('gives the freed lane to the next', () => {
    expect(workers.lanes.map((lane) => lane.map((h) => h.stay.what))).toEqual([['A', 'C'], ['B']]);
    expect(heldAt(workers.lanes[0]!, 19.5 * MS)?.stay.what).toBe('A');
  });
  it('keeps the refused out of the queue and says what became of everybody', () => {
    expect(workers.most).toBe(1);
    expect(workers.queue).toEqual([{ at: 12 * MS, count: 1 }, { at: 20 * MS, count: 0 }]);
    expect(workers.stays.map((s) => s.outcome)).toEqual(['done', 'done', 'held', 'refused']);
  });
  it('shows a preempted job as two turns with the wait between them', () => {
    const job = cores.stays.find((s) => s.what === 'do A')!;
    expect(job.holds.map((h) => [h.start / MS, h.end / MS, h.preempted])).toEqual([[10, 14, true], [16, 18, false]]);
    expect(job.waits.map((w) => [w.start / MS, w.end / MS])).toEqual([[14, 16]]);
    // at 14 ms the one comes as the other leaves: there were never two
    expect(cores.most).toBe(1);
  });
  it('tells running from merely holding a place', () => {
    const hold = workers.stays[0]!.holds[0]!;
    expect(runsWithin(index, 1, hold).map((r) => [r.start / MS, r.end / MS])).toEqual([[10, 14], [16, 18]]);
  });
  it('divides a request’s time without a remainder', () => {
    const account = accountOf(interior(index, 1), taskOf(index, { type: 'endpoint', id: A }))!;
    expect(account).toMatchObject({ what: 'A', waitedForPlace: 0, held: 10 * MS, ran: 6 * MS, waitedForCore: 2 * MS, waitedForOthers: 2 * MS });
    expect(accountOf(interior(index, 1), taskOf(index, { type: 'endpoint', id: C }))).toMatchObject({ waitedForPlace: 8 * MS, held: 5 * MS });
    expect(accountOf(interior(index, 1), null)).toBeNull();
  });
});

describe('a host that loses its power', () => {
  it('holds nothing any more, though nobody gave anything back', () => {
    const b = new TraceBuilder({ hosts: ['client', 'app'] });
    const workers = b.resource('app', 'workers', 1);
    b.at(5).grant(b.claim(workers, b.endpoint('app', 'compute', 'app-request'), 'A'));
    b.at(9).note('fault.host_stopped', -1, -1, 1);
    b.at(30);
    const [bay] = interior(indexTrace(b.done()), 1);
    expect(bay!.stays[0]).toMatchObject({ outcome: 'cut off', end: 9 * MS });
    expect(holdingAt(bay!, 10 * MS)).toEqual([]);
  });
});

describe('bays', () => {
  it('stand in order: places, cores, disk, waits for others; a disk is known by its name', () => {
    const b = new TraceBuilder({ hosts: ['client', 'database'] });
    const disk = b.resource('database', 'disk', 1), cpu = b.resource('database', 'cpu', 2), backends = b.resource('database', 'backends', 3);
    const session = b.endpoint('database', 'storage', 'postgres');
    b.at(1).grant(b.claim(backends, session, 'app'));
    const read = b.turn(b.ask(disk, session, 4, 'read a page'), 'granted');
    b.at(5).turn(read, 'io_done');
    const work = b.turn(b.ask(cpu, session, 1, 'compare'), 'granted');
    b.at(6).turn(work, 'done');
    b.think(session, 3, 'wait for a lock');
    const index = indexTrace(b.done());
    const bays = interior(index, 1);
    expect(bays.map((bay) => [bay.kind, bay.name, bay.servers])).toEqual([['places', 'backends', 3], ['cores', 'cpu', 2], ['disk', 'disk', 1], ['others', 'others', 0]]);
    expect(holdingAt(bays[2]!, 3 * MS).map((h) => h.stay.what)).toEqual(['read a page']);
    expect(waitingAt(bays[3]!, 7 * MS).map((s) => s.what)).toEqual(['wait for a lock']);
    expect(accountOf(bays, taskOf(index, { type: 'endpoint', id: session }))).toMatchObject({ held: 8 * MS, ran: MS, waitedForOthers: 7 * MS });
  });
});

describe('lanes', () => {
  it('are as many as were ever busy at once, and nobody shares one', () => {
    const hold = (start: number, end: number): Hold => ({ start, end, stay: { event: start } as Stay, preempted: false });
    const holds = Array.from({ length: 300 }, (_, i) => hold((i * 37) % 211, ((i * 37) % 211) + 1 + ((i * 13) % 17)));
    const lanes = lanesOf(holds);
    expect(lanes.flat().length).toBe(300);
    for (const lane of lanes) for (let i = 1; i < lane.length; i++) expect(lane[i]!.start).toBeGreaterThanOrEqual(lane[i - 1]!.end);
    let most = 0;
    for (let t = 0; t < 240; t++) most = Math.max(most, holds.filter((h) => h.start <= t && t < h.end).length);
    expect(lanes.length).toBe(most);
  });
});

describe('a real run', () => {
  const index = appRun();
  const bays = interior(index, index.trace.hosts.find((h) => h.name === 'app')!.id);
  it('never has more at work than there are places, nor more waiting than room', () => {
    for (let ms = 0; ms < 200; ms++) {
      for (const bay of bays) {
        if (bay.kind !== 'others') expect(holdingAt(bay, ms * MS).length).toBeLessThanOrEqual(bay.servers);
        if (bay.room >= 0) expect(waitingAt(bay, ms * MS).length).toBeLessThanOrEqual(bay.room);
      }
    }
  });
  it('gives each waiting one a place of its own in the queue, from 0 without a gap', () => {
    const [workers] = bays;
    for (let ms = 15; ms < 120; ms++) {
      const places = workers!.places.filter((p) => p.start <= ms * MS && ms * MS < p.end).map((p) => p.place).sort((a, b) => a - b);
      expect(places).toEqual(waitingAt(workers!, ms * MS).map((_, i) => i));
    }
  });
  it('knows the client’s request behind each claim', () => {
    const [workers] = bays;
    for (const stay of workers!.stays) expect(index.trace.requests[stay.request]!.url.endsWith(stay.what.replace('GET ', ''))).toBe(true);
  });
});
