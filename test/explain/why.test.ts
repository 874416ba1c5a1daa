/** Why, in words: lines of a whole chain, one for each link; chains of causes of any event; who held what was waited for. */
import { describe, expect, it } from 'vitest';
import { whyChain, whyRequest } from '../../src/explain';
import { loadScenario } from '../../src/scenario/load';
import { runScenario } from '../../src/scenario/run';
import { criticalPath, indexTrace, type TraceIndex } from '../../src/trace';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
async function run(id: string): Promise<TraceIndex[]> {
  const scenario = await loadScenario(id);
  const runs = scenario.ok ? runScenario(scenario.value) : scenario;
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return runs.value.map((r) => indexTrace(r.trace));
}

describe('the whole chain', () => {
  it('has a line for each link, with its crossings', async () => {
    const [index] = await run('whole-chain');
    const ways = whyRequest(index!, 0).filter((r) => r.line === 'exchange').map((r) => `${r.name}: ${plain(r.formula)}`);
    expect(ways).toEqual(['The way browser – proxy: 2 × 40 ms', 'The way proxy – web server: 4 × 250 µs', 'The way web server – app server: 4 × 250 µs', 'The way app server – database: 14 × 250 µs']);
  });
  it('says what the CPUs did, and how often the disk was read', async () => {
    const [index] = await run('whole-chain');
    const rows = whyRequest(index!, 0);
    expect(plain(rows.find((r) => r.name === 'CPU of the app server')!.sentence)).toBe('it renders /orders/42 6 ms, computes the proof of the password 3.28 ms, handles /orders/42 2 ms');
    const disk = rows.find((r) => r.line === 'disk')!;
    expect([plain(disk.formula), disk.spec]).toEqual(['14 reads × 100 µs', 'parameter: time of a read']);
    expect(14 * 100_000).toBe(disk.ns);
  });
});

describe('every line', () => {
  it.each(['whole-chain', 'lost-packet', 'slow-dns', 'missing-index', 'pool-exhausted', 'proxy-timeouts', 'thread-pool-or-event-loop'])('of %s has sentence, formula and reference; they sum exactly', async (id) => {
    for (const index of await run(id)) {
      for (const r of index.trace.requests) {
        if (r.endEvent < 0) continue;
        const rows = whyRequest(index, r.id);
        expect(rows.reduce((sum, row) => sum + row.ns, 0)).toBe(r.endNs - r.startNs);
        for (const row of rows) for (const text of [row.name, row.sentence, row.brief, row.formula, row.spec]) expect(text, `${row.name} ${row.line}`).toMatch(/^[^]*\S[^]*$/);
        for (const row of rows) expect(`${row.sentence} ${row.formula}`, row.name).not.toMatch(/undefined|NaN|null|Infinity| {2}/);
      }
    }
  });
  it('whose formula is a product or a sum gives the line’s own time', async () => {
    const unit: Record<string, number> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };
    for (const index of [...(await run('whole-chain')), ...(await run('pool-exhausted'))]) {
      for (const row of whyRequest(index, index.trace.mainRequest)) {
        const terms = plain(row.formula).split(' + ').map((term) => /^(?:(\d+)(?: reads?)? × )?([\d.]+) (ns|µs|ms|s)(?: of work)?$/.exec(term));
        if (terms.some((t) => !t)) continue;
        const sum = terms.reduce((total, t) => total + Number(t![1] ?? 1) * Number(t![2]) * unit[t![3]!]!, 0);
        expect(Math.abs(sum - row.ns) / row.ns, `${row.name}: ${row.formula}`).toBeLessThan(0.005);
      }
    }
  });
});

describe('waits', () => {
  it('name who had the place before, and how full it was', async () => {
    const [index] = await run('pool-exhausted');
    const rows = whyRequest(index!, 24).filter((r) => r.line === 'place');
    expect(rows.map((r) => r.name)).toEqual(['Queue for workers of the app server', 'Queue for connections of the app server']);
    for (const r of rows) expect(r.sentence).toMatch(/^behind GET \/orders\/\d+(, GET \/orders\/\d+)*$/);
    expect(rows[0]!.formula).toMatch(/^20 of 20 taken, \d+ waited before it$/);
    expect(rows[1]!.formula).toMatch(/^3 of 3 taken, \d+ waited before it$/);
  });
});

describe('a chain of causes', () => {
  it('leads from the request’s start to the event; its times add up', async () => {
    const [index] = await run('whole-chain');
    const { endEvent, startEvent, startNs, endNs } = index!.trace.requests[0]!;
    const chain = whyChain(index!, endEvent);
    expect(chain[0]!.event).toBe(startEvent);
    expect(chain[chain.length - 1]!.event).toBe(endEvent);
    expect(chain.reduce((sum, r) => sum + r.ns, 0)).toBe(endNs - startNs);
    expect(chain.filter((r) => r.ns > 0).map((r) => r.event)).toEqual(criticalPath(index!, 0).map((e) => e.to));
  });
  it('of any event of any kind ends with it and goes forward in time', async () => {
    const [index] = await run('pool-exhausted');
    const seen = new Set<number>();
    for (let e = 0; e < index!.trace.kind.length; e++) {
      const kind = index!.trace.kind.at(e);
      if (seen.has(kind) && e % 97 > 0) continue;
      seen.add(kind);
      const chain = whyChain(index!, e);
      expect(chain[chain.length - 1]!.event).toBe(e);
      for (let i = 1; i < chain.length; i++) expect(chain[i]!.time).toBeGreaterThanOrEqual(chain[i - 1]!.time);
      for (const r of chain) expect(`${r.text} ${r.what}`).not.toMatch(/undefined|NaN|null/);
    }
  });
  it('says behind whom it waited, and leads to the event that gave it back', async () => {
    const [index] = await run('pool-exhausted');
    const { trace, kinds } = index!;
    const waited = whyChain(index!, trace.requests[24]!.endEvent).filter((r) => r.holder);
    expect(waited.length).toBeGreaterThanOrEqual(3);
    for (const r of waited) {
      expect(trace.time.at(r.holder!.event)).toBe(r.time);
      expect([kinds.claimReleased, kinds.done, kinds.preempted]).toContain(trace.kind.at(r.holder!.event));
      if (trace.kind.at(r.event) === kinds.claimGranted) expect(trace.subject.at(r.holder!.event)).toBe(trace.subject.at(r.event));
    }
    expect(waited.some((r) => /^queued behind GET \/orders\/\d+$/.test(r.holder!.text))).toBe(true);
  });
});
