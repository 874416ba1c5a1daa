/** Hashes, differences of two runs, and the summary that programs read. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load';
import { runScenario } from '../../src/scenario/run';
import { summaryWords } from '../../src/explain';
import { differences, firstDifference, firstDifferentPacket, indexTrace, prefixHash, summarise, traceHash, flights, moments, nextMoment, previousMoment } from '../../src/trace';
import { lostAnswer } from '../support/built-traces';
import { tcpPair } from '../support/tcp-pair';
import { conforms } from '../support/json-schema';

const drop = { type: 'pdu', where: { from: 'server', select: 'data' }, nth: 3, count: 1, verdict: { do: 'drop' } } as const;

describe('hashes', () => {
  it('are 64 bits of hexadecimal and the same for the same run', () => {
    const [a, b] = [lostAnswer().trace, lostAnswer().trace];
    expect(traceHash(a)).toMatch(/^[0-9a-f]{16}$/);
    expect(traceHash(a)).toBe(traceHash(b));
  });
  it('change with any column and with the side tables', () => {
    const base = traceHash(lostAnswer().trace);
    const changed = (change: (t: ReturnType<typeof lostAnswer>['trace']) => void): string => {
      const { trace } = lostAnswer();
      change(trace);
      return traceHash(trace);
    };
    const all = [
      base,
      changed((t) => t.time.data[5]!++),
      changed((t) => t.cause.data[5]!--),
      changed((t) => t.a.data[6]!++),
      changed((t) => t.b.data[6]!++),
      changed((t) => t.where.data[6]!++),
      changed((t) => t.subject.data[6]!++),
      changed((t) => ((t.pdus[1] as { bytes: number }).bytes += 1)),
      changed((t) => ((t.messages[0] as { name: string }).name = 'PUT')),
      changed((t) => (t.requests[0]!.status = 404)),
      changed((t) => ((t as { endNs: number }).endNs += 1)),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
  it('of a prefix are equal for runs that part later', () => {
    const clean = tcpPair({ rttMs: 40, bytes: 14000 }), lossy = tcpPair({ rttMs: 40, bytes: 14000, faults: [drop] });
    const parting = firstDifference(clean, lossy)!;
    expect(parting.event).toBeGreaterThan(10);
    expect(parting.timeA).toBe(parting.timeB);
    expect(prefixHash(clean, parting.event)).toBe(prefixHash(lossy, parting.event));
    expect(prefixHash(clean, parting.event + 1)).not.toBe(prefixHash(lossy, parting.event + 1));
    expect(firstDifference(clean, clean)).toBeNull();
  });
});

describe('two runs', () => {
  it('part at the first packet that differs, whatever the times', () => {
    const near = tcpPair({ rttMs: 20, bytes: 14000 }), far = tcpPair({ rttMs: 80, bytes: 14000 }), lossy = tcpPair({ rttMs: 80, bytes: 14000, faults: [drop] });
    expect(firstDifferentPacket(near, near)).toBeNull();
    expect(firstDifference(near, far)).not.toBeNull();
    const parting = firstDifferentPacket(far, lossy)!;
    expect(lossy.pdus[parting.pduB]!.fate).toBe(4);
    expect(differences(indexTrace(far), indexTrace(lossy)).map((d) => d.measure)).toEqual(expect.arrayContaining(['packets', 'lost', 'retransmissions']));
  });
});

describe('moments and flights', () => {
  const { trace, answer } = lostAnswer();
  const index = indexTrace(trace);
  it('mark the loss and the timer with the greatest weight', () => {
    expect(moments(index, { weightAtLeast: 3 }).map((m) => m.type)).toEqual(['loss', 'timer']);
  });
  it('go forwards and backwards', () => {
    const first = nextMoment(index, answer.sentAt, { types: ['loss'] })!;
    expect(first.time).toBe(answer.fateAt);
    expect(previousMoment(index, first.time, { types: ['loss'] })).toBeNull();
    expect(previousMoment(index, first.time + 1, { types: ['loss'] })!.event).toBe(first.event);
  });
  it('an initial window is one flight', () => {
    const one = indexTrace(tcpPair({ rttMs: 40, bytes: 14480 }));
    const sizes = flights(one).filter((f) => f.direction === 1 && f.pdus[0]!.payload > 0).map((f) => f.pdus.length);
    expect(sizes).toEqual([10]);
    expect(flights(one).reduce((n, f) => n + f.pdus.length, 0)).toBe(one.trace.pdus.length);
  });
});

describe('the summary', () => {
  it.each(['first-visit', 'lost-packet', 'tls-1.2-or-1.3'])('of %s conforms to its schema and sums', async (id) => {
    const scenario = await loadScenario(id);
    const runs = scenario.ok ? runScenario(scenario.value) : scenario;
    if (!runs.ok) throw new Error('the scenario does not run');
    const summary = summarise(runs.value.map((r) => ({ name: r.name, index: indexTrace(r.trace) })), { scenario: id, seed: 1, ...summaryWords });
    const schema = JSON.parse(readFileSync(new URL('../../src/model/schemas/summary.schema.json', import.meta.url), 'utf8'));
    expect(conforms(schema, JSON.parse(JSON.stringify(summary)))).toEqual([]);
    expect(conforms(schema, { ...summary, seed: 'x' })).toEqual(['$.seed: is not integer']);
    for (const run of summary.runs) {
      for (const r of run.requests) {
        expect(r.attribution.reduce((s, p) => s + p.ns, 0)).toBe(r.totalNs);
        if (r.phases.tls >= 0) expect(r.phases.connect).toBeGreaterThanOrEqual(r.phases.tls);
      }
    }
  });
});
