/** Answers on shared connections: whose bytes are where, and who waits for whose loss. */
import { describe, expect, it } from 'vitest';
import { Fate } from '../../src/model/pdu';
import type { Trace } from '../../src/model/trace';
import { indexTrace, sharedConnections, valueAt, type SharedConnection } from '../../src/trace';
import { lanesOf } from '../support/lanes';

const lanes = await lanesOf('head-of-line');
const connections = (name: string): readonly SharedConnection[] => sharedConnections(indexTrace(lanes[name]!));
const content = (trace: Trace, request: number): number => trace.requests[request]!.bytesDown;
const steps = (c: SharedConnection): number[] => [...new Set(c.answers.flatMap((a) => a.waiting.map((s) => s.at)))].sort((a, b) => a - b);

describe('whose bytes', () => {
  it.each(Object.keys(lanes))('%s: every answer is there, whole, on the connection that its request names', (name) => {
    const trace = lanes[name]!;
    const all = connections(name).flatMap((c) => c.answers);
    expect(all.map((a) => a.request.id).sort((a, b) => a - b)).toEqual(trace.requests.map((r) => r.id));
    for (const answer of all) {
      // frames and their heads come on top of what the browser counts
      expect(answer.bytes).toBeGreaterThanOrEqual(content(trace, answer.request.id));
      expect(answer.bytes).toBeLessThan(1.02 * content(trace, answer.request.id) + 400);
      const last = answer.parts.filter((p) => !p.lost).reduce((most, p) => Math.max(most, p.at), 0);
      // over TLS the rest of a record may still be under way
      expect(Math.abs(last - answer.request.endNs) / 1e6).toBeLessThan(6);
    }
  });
  it.each(Object.keys(lanes))('%s: at the end nothing waits', (name) => {
    for (const c of connections(name)) for (const a of c.answers) expect(a.waiting.at(-1)?.value ?? 0).toBe(0);
  });
});

describe('head-of-line blocking', () => {
  it('HTTP/2: behind a hole in TCP’s stream the bytes of many wait, and most of these have lost nothing', () => {
    const [c] = connections('h2-lost');
    const most = Math.max(...steps(c!).map((t) => c!.answers.filter((a) => (valueAt(a.waiting, t) ?? 0) > 0).length));
    expect(most).toBeGreaterThanOrEqual(3);
    const innocent = steps(c!).some((t) => c!.answers.some((a) => (valueAt(a.waiting, t) ?? 0) > 0 && (valueAt(a.missing, t) ?? 0) === 0));
    expect(innocent).toBe(true);
  });
  it('HTTP/3: only the streams whose bytes were in the lost packet wait, as the run itself says', () => {
    const [c] = connections('h3-lost');
    const trace = lanes['h3-lost']!;
    const waits = c!.answers.filter((a) => a.waiting.length > 0);
    const inLost = new Set(c!.answers.filter((a) => a.parts.some((p) => trace.pdus[p.pdu]!.fate === Fate.droppedByRule)).map((a) => a.stream));
    expect(new Set(waits.map((a) => a.stream))).toEqual(inLost);
    const kind = trace.kinds.find((k) => k.name === 'quic.stream_waits')!.id;
    const noted = Array.from({ length: trace.kind.length }, (_, i) => i).filter((i) => trace.kind.at(i) === kind).map((i) => [trace.a.at(i), trace.b.at(i)]);
    const [first] = noted;
    expect(waits[0]!.waiting.some((s) => s.value === first![1])).toBe(true);
    expect(waits.every((a) => a.waiting.every((s) => s.value === 0 || valueAt(a.missing, s.at) === 1))).toBe(true);
  });
  it('without a loss nobody waits', () => {
    for (const name of ['h2', 'h3']) for (const c of connections(name)) expect(steps(c)).toEqual([]);
  });
});
