/** Order of events, timers, work and waits: (time, sequence), and the cause of each. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../src/base/time';
import { traceHash } from '../../src/trace/hash';
import { eventOf, linesOf, quiet, runTiny, type Act, type Tiny } from '../support/tiny';

const alone = (act: (t: Tiny) => void, o: object = {}) => runTiny({ hosts: { a: (t) => ({ start: () => act(t) }), b: quiet }, ...o });

describe('order', () => {
  it('equal times: in the order in which they were asked for', () => {
    const trace = alone((t) => {
      for (let i = 0; i < 20; i++) t.after(((i * 7) % 3) * MS, () => t.note(i));
    });
    const noted = linesOf(trace, 'tiny.noted');
    expect(noted).toEqual([0, 1, 2].flatMap((ms) => Array.from({ length: 20 }, (_, i) => i).filter((i) => (i * 7) % 3 === ms).map((i) => `${ms} noted a ${i}`)));
  });
  it('hosts start in the order of the plan; what they start has the start of the run as its cause', () => {
    const says: Act = (t) => ({ start: () => void t.note(t.host) });
    const trace = runTiny({ hosts: { a: says, b: says, c: says } });
    expect(linesOf(trace)).toEqual(['0 noted a 0', '0 noted b 1', '0 noted c 2']);
    expect([1, 2, 3].map((e) => trace.cause.at(e))).toEqual([0, 0, 0]);
  });
  it('the same run twice is the same trace, byte for byte', () => {
    const once = (): string => traceHash(alone((t) => {
      t.work(3 * MS, 'work', () => void t.send('b'));
      t.after(1 * MS, () => void t.send('b'));
    }, { link: { loss: [0.3, 0], jitterNs: 5 * MS } }));
    expect(once()).toBe(once());
  });
});

describe('timers', () => {
  it('one that is moved later fires once, at the later time, and the move is its cause', () => {
    const trace = alone((t) => {
      const id = t.after(10 * MS, () => t.note(1));
      t.after(4 * MS, () => t.world.arm(id, 30 * MS), 'mover');
    });
    expect(linesOf(trace)).toEqual(['0 armed a wait', '0 armed a mover', '4 fired a mover', '4 armed a wait', '30 fired a wait', '30 noted a 1']);
    expect(trace.cause.at(eventOf(trace, 'timer.fired', 2))).toBe(eventOf(trace, 'timer.armed', 3));
    expect(trace.endNs).toBe(30 * MS);
  });
  it('one that is moved earlier fires then, and not again', () => {
    const trace = alone((t) => {
      const id = t.after(30 * MS, () => t.note(1));
      t.after(4 * MS, () => t.world.arm(id, 10 * MS), 'mover');
      t.after(50 * MS, () => t.note(2), 'end');
    });
    expect(linesOf(trace, 'timer.fired')).toEqual(['4 fired a mover', '10 fired a wait', '50 fired a end']);
  });
  it('moved earlier, fired, and armed again for the first time: fires once more', () => {
    const trace = alone((t) => {
      const id: number = t.after(30 * MS, () => {
        if (t.world.now < 20 * MS) t.world.arm(id, 30 * MS);
      });
      t.after(4 * MS, () => t.world.arm(id, 10 * MS), 'mover');
    });
    expect(linesOf(trace, 'timer.fired')).toEqual(['4 fired a mover', '10 fired a wait', '30 fired a wait']);
  });
  it('cancelled: never fires, is said once, and the run is not longer for it', () => {
    const trace = alone((t) => {
      const id = t.after(30 * MS, () => t.note(1));
      t.after(4 * MS, () => {
        t.world.cancel(id);
        t.world.cancel(id);
        t.note(t.world.deadline(id));
      }, 'other');
    });
    expect(linesOf(trace)).toEqual(['0 armed a wait', '0 armed a other', '4 fired a other', '4 cancelled a wait', '4 noted a -1']);
    expect(trace.endNs).toBe(4 * MS);
  });
  it('cancelled and armed again, earlier, later and for the same time', () => {
    for (const again of [20, 30, 40]) {
      const trace = alone((t) => {
        const id = t.after(30 * MS, () => t.note(1));
        t.after(4 * MS, () => t.world.cancel(id), 'other');
        t.after(5 * MS, () => t.world.arm(id, again * MS), 'third');
      });
      expect(linesOf(trace, 'tiny.noted')).toEqual([`${again} noted a 1`]);
      expect(trace.endNs).toBe(again * MS);
    }
  });
  it('armed for the time that it has already: nothing is said', () => {
    const trace = alone((t) => t.world.arm(t.after(30 * MS, () => t.note(1)), 30 * MS));
    expect(linesOf(trace, 'timer.armed')).toHaveLength(1);
  });
  it('for the past is our bug', () => expect(() => alone((t) => void t.after(-1, () => {}))).toThrow('armed for the past'));
});

describe('work on a CPU', () => {
  it('one core: first come, first served; the job before is a further cause of the wait’s end', () => {
    const trace = alone((t) => {
      for (const [i, ms] of [10, 5, 1].entries()) t.work(ms * MS, `job ${i}`, () => t.note(i));
    });
    expect(linesOf(trace)).toEqual([
      '0 requested a job 0', '0 granted a job 0', '0 requested a job 1', '0 requested a job 2', '10 done a job 0', '10 granted a job 1', '10 noted a 0', '15 done a job 1',
      '15 granted a job 2', '15 noted a 1', '16 done a job 2', '16 noted a 2',
    ]);
    const [granted, done, requested] = ['resource.granted', 'resource.done', 'resource.requested'].map((kind) => [1, 2, 3].map((n) => eventOf(trace, kind, n)));
    expect(granted!.map((e) => trace.cause.at(e))).toEqual(requested);
    expect(done!.map((e) => trace.cause.at(e))).toEqual(granted);
    expect(granted!.map((e) => trace.joined.get(e) ?? null)).toEqual([null, [done![0]], [done![1]]]);
    expect([1, 2, 3].map((n) => trace.cause.at(eventOf(trace, 'tiny.noted', n)))).toEqual(done);
  });
  it('two cores: two at a time', () => {
    const trace = alone((t) => {
      for (const [i, ms] of [10, 5, 1].entries()) t.work(ms * MS, `job ${i}`);
    }, { cores: 2 });
    expect(linesOf(trace, 'resource.done')).toEqual(['5 done a job 1', '6 done a job 2', '10 done a job 0']);
  });
  it('work asked for when a job ends waits behind what waited already', () => {
    const trace = alone((t) => {
      t.work(10 * MS, 'first', () => t.work(1 * MS, 'late'));
      t.work(10 * MS, 'second');
    });
    expect(linesOf(trace, 'resource.done')).toEqual(['10 done a first', '20 done a second', '21 done a late']);
  });
  it('each host has its own', () => {
    const works: Act = (t) => ({ start: () => t.work(10 * MS, 'job') });
    expect(linesOf(runTiny({ hosts: { a: works, b: works } }), 'resource.done')).toEqual(['10 done a job', '10 done b job']);
  });
  it('a wait that uses nothing queues behind nothing', () => {
    const trace = alone((t) => {
      t.work(10 * MS, 'job');
      t.world.think(4 * MS, 'think', t.endpoint, { resourceDone: (tag) => t.note(tag) }, 9);
    });
    expect(linesOf(trace, 'resource.wait_began', 'resource.waited', 'tiny.noted')).toEqual(['0 wait_began a think', '4 waited a think', '4 noted a 9']);
  });
  it.each([0.5, -1, NaN])('an amount of %s is our bug', (ns) => expect(() => alone((t) => t.work(ns, 'job'))).toThrow('whole number'));
});

describe('the end of a batch', () => {
  it('comes once, after all arrivals of the instant, caused by the last one', () => {
    let batches = 0;
    const trace = runTiny({
      hosts: {
        a: (t) => ({ start: () => [0, 1, 2].forEach((key) => void t.send('b', { key })) }),
        b: (t) => {
          const handler = { batchEnded: () => void t.note(++batches) };
          return { receive: (pdu) => (t.note(-pdu.id), t.world.afterBatch(handler)) };
        },
      },
    });
    expect(linesOf(trace, 'link.pdu_delivered', 'tiny.noted')).toEqual([
      '10 pdu_delivered #0', '10 noted b 0', '10 pdu_delivered #1', '10 noted b -1', '10 pdu_delivered #2', '10 noted b -2', '10 noted b 1',
    ]);
    expect(trace.cause.at(eventOf(trace, 'tiny.noted', 4))).toBe(eventOf(trace, 'link.pdu_delivered', 3));
  });
  it('asked for again by the batch itself: after what it caused at this instant', () => {
    const trace = alone((t) => {
      let n = 0;
      const handler = { batchEnded: () => void (t.note(n), ++n < 3 && t.world.afterBatch(handler)) };
      t.world.afterBatch(handler);
      t.after(0, () => t.note(10));
    });
    expect(linesOf(trace, 'tiny.noted')).toEqual(['0 noted a 0', '0 noted a 10', '0 noted a 1', '0 noted a 2']);
  });
});
