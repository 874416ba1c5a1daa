/** Attribution, critical path, round trips, who notices: on a trace built by hand and on real runs. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../src/scenario/run';
import { loadScenario } from '../../src/scenario/load';
import type { Trace } from '../../src/model/trace';
import { attribution, causes, chapters, criticalPath, holderBefore, indexTrace, ledger, nextStep, owners, pathTo, previousStep, roundTrips, spans, stepsOf, whoNotices } from '../../src/trace';
import { lostAnswer } from '../support/built-traces';
import { tcpPair } from '../support/tcp-pair';

const MS = 1e6;

describe('a lost answer', () => {
  const { trace, request, answer, again, lossEvent, b } = lostAnswer();
  const index = indexTrace(trace);
  it('splits the time into its parts', () => {
    expect(attribution(index, request.id).map((p) => `${p.part} ${p.where} ${p.ns} ${p.what}`)).toMatchInlineSnapshot(`
      [
        "serialization line 32000 SYN",
        "propagation line 40000000 SYN",
        "serialization line 32000 SYN-ACK",
        "propagation line 40000000 SYN-ACK",
        "serialization line 112000 data",
        "propagation line 40000000 data",
        "queue edge 1000000 handle the request",
        "cpu edge 2000000 handle the request",
        "service edge 5000000 make /a",
        "timer edge 250000000 tlp",
        "serialization line 832000 data",
        "propagation line 40000000 data",
      ]
    `);
  });
  it('sums exactly, part by part and line by line', () => {
    const total = request.endNs - request.startNs;
    expect(attribution(index, request.id).reduce((s, p) => s + p.ns, 0)).toBe(total);
    expect(ledger(index, request.id).reduce((s, r) => s + r.ns, 0)).toBe(total);
  });
  it('has a path without gaps from start to end', () => {
    const path = criticalPath(index, request.id);
    expect(path[0]!.start).toBe(request.startNs);
    expect(path[path.length - 1]!.end).toBe(request.endNs);
    for (let i = 1; i < path.length; i++) expect(path[i]!.start).toBe(path[i - 1]!.end);
  });
  it('has a path to each event, contiguous from the start of its request', () => {
    for (let e = 0; e < trace.kind.length; e++) {
      const path = pathTo(index, e), start = trace.requests[owners(index)[e]!]?.startNs ?? 0;
      expect(path.reduce((sum, p) => sum + p.end - p.start, 0)).toBe(trace.time.at(e) - start);
      if (path.length > 0) expect([path[0]!.start, path[path.length - 1]!.end]).toEqual([start, trace.time.at(e)]);
      for (let i = 1; i < path.length; i++) expect(path[i]!.start).toBe(path[i - 1]!.end);
    }
    expect(pathTo(index, request.endEvent)).toEqual(criticalPath(index, request.id));
  });
  it('knows nobody before a grant at an idle place, nor before other events', () => {
    for (let e = 0; e < trace.kind.length; e++) expect(holderBefore(index, e)).toBeNull();
  });
  it('counts two round trips', () => expect(roundTrips(index, request.id)).toBe(2));
  it('says who acts first, when, by which timer', () => {
    const story = whoNotices(index, answer);
    expect(story.repair).toMatchObject({ pdu: again, timer: 'tlp', timerHost: b.host('edge') });
    expect(story.idleNs).toBe(250 * MS - 832_000 - 20 * MS);
    expect(story.arrivedAt).toBe(again.fateAt);
    expect(story.notices.map((n) => [n.what, n.timer])).toEqual([['timer', 'tlp']]);
  });
  it('chains causes back to the start', () => {
    const chain = causes(trace, request.endEvent);
    expect(chain[chain.length - 1]).toBe(0);
    expect(chain).not.toContain(lossEvent);
    for (let i = 1; i < chain.length; i++) expect(chain[i]!).toBeLessThan(chain[i - 1]!);
  });
  it('marks the wait inside its phase', () => {
    const wait = spans(index, request.id).find((s) => s.phase === 'wait')!;
    expect(wait.waits.map((w) => [w.why, w.end - w.start])).toEqual([['why.queue', MS], ['why.service', 5 * MS], ['why.timer.tlp', 250 * MS]]);
  });
  it('steps back exactly as it stepped', () => {
    const steps = stepsOf(index, request.id);
    let at: { time: number; event?: number } = { time: request.startNs - 1 };
    const seen: number[] = [];
    for (let next = nextStep(index, request.id, at); next; next = nextStep(index, request.id, at)) {
      const back = previousStep(index, request.id, next);
      expect(back?.event).toBe(seen[seen.length - 1]);
      seen.push(next.event!);
      at = next;
    }
    expect(seen).toEqual(steps);
  });
  it('covers the run with chapters', () => {
    expect(chapters(index).map((c) => c.name)).toEqual(['before', 'connect', 'wait', 'after']);
    expect(chapters(index)[3]!.end).toBe(trace.endNs);
  });
});

describe('a request that began behind another’s work', () => {
  it('is clipped at its start', async () => {
    const { TraceBuilder } = await import('../support/trace-builder');
    const { TCP_KINDS } = await import('../../src/protocols/tcp/kinds');
    const b = new TraceBuilder({ rate: 1e6, kinds: [TCP_KINDS] });
    const flow = b.flow('browser', 'edge');
    const client = b.endpoint('browser', 'http', 'browser');
    const pdu = b.send(flow, 1, 'data', { payload: 1210 }); // 10 ms wire, 40 ms way
    b.at(25);
    const request = b.request('https://shop.example/b', client);
    b.arrive(pdu);
    b.finish(request);
    const parts = attribution(indexTrace(b.done()), request.id);
    expect(parts.map((p) => [p.part, p.ns])).toEqual([['propagation', 25 * MS]]);
  });
});

/** Every edge without a name of its own takes no time. */
function unnamed(trace: Trace): string[] {
  const found: string[] = [];
  for (let e = 0; e < trace.kind.length; e++) {
    const kind = trace.kinds[trace.kind.at(e)]!;
    const cause = trace.cause.at(e);
    if (cause >= 0 && !kind.edge && trace.time.at(cause) !== trace.time.at(e)) found.push(`${e} ${kind.name} after ${trace.kinds[trace.kind.at(cause)]!.name}`);
  }
  return found;
}

describe.each(['first-visit', 'repeat-visit', 'lost-packet', 'slow-dns', 'tls-1.2-or-1.3'])('%s', (id) => {
  it('sums exactly for each request, with a name for every part', async () => {
    const scenario = await loadScenario(id);
    expect(scenario.ok).toBe(true);
    const runs = scenario.ok ? runScenario(scenario.value) : scenario;
    expect(runs.ok).toBe(true);
    if (!runs.ok) return;
    for (const { trace } of runs.value) {
      const index = indexTrace(trace);
      expect(unnamed(trace)).toEqual([]);
      expect(trace.requests.length).toBeGreaterThan(0);
      for (const r of trace.requests) {
        const parts = attribution(index, r.id);
        expect(parts.reduce((s, p) => s + p.ns, 0)).toBe(r.endNs - r.startNs);
        expect(ledger(index, r.id).reduce((s, p) => s + p.ns, 0)).toBe(r.endNs - r.startNs);
        expect(parts.filter((p) => p.why === 'why.unnamed')).toEqual([]);
        expect(pathTo(index, r.endEvent)).toEqual(owners(index)[r.endEvent] === r.id ? criticalPath(index, r.id) : pathTo(index, r.endEvent));
      }
    }
  });
});

describe('who notices, in runs of TCP', () => {
  const drop = (select: string, nth: number, from: string) => ({ type: 'pdu', where: { from, select }, nth, count: 1, verdict: { do: 'drop', at: 0.5 } }) as const;
  it('a SYN: nobody acts until the SYN timer of the client', () => {
    const index = indexTrace(tcpPair({ rttMs: 40, bytes: 1000, faults: [drop('SYN', 1, 'client')] }));
    const story = whoNotices(index, index.lost[0]!);
    expect(story.repair).toMatchObject({ timer: 'syn', timerHost: 0 });
    expect(index.lost[0]!.fateAt).toBe(10 * MS);
    expect(story.idleNs).toBe(index.trace.time.at(story.firstAct) - 10 * MS);
    expect(story.idleNs).toBeGreaterThanOrEqual(990 * MS);
    expect(story.idleNs).toBeLessThan(1100 * MS);
  });
  it('a segment in the middle: a gap, a duplicate ACK, then it is sent again', () => {
    const index = indexTrace(tcpPair({ rttMs: 40, bytes: 14000, faults: [drop('data', 3, 'server')] }));
    const story = whoNotices(index, index.lost[0]!);
    expect(story.notices.slice(0, 2).map((n) => [n.what, index.trace.hosts[n.host]!.name])).toEqual([['gap', 'client'], ['duplicate', 'server']]);
    expect(story.repair!.host).toBe(1);
    expect(story.arrivedAt).toBeGreaterThan(story.repair!.time);
  });
  it('the last segment: a tail-loss probe', () => {
    const index = indexTrace(tcpPair({ rttMs: 40, bytes: 1000, faults: [drop('response', 1, 'server')] }));
    const story = whoNotices(index, index.lost[0]!);
    expect(story.repair!.timer).toBe('tlp');
    expect(story.idleNs).toBeGreaterThan(0);
  });
});
