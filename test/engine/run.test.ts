/** How runs end and why, what an intervention leaves as it was, and what the engine refuses to improvise. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../src/base/time';
import type { Fault } from '../../src/model/fault';
import type { RequestRow } from '../../src/model/request';
import { loadScenario } from '../../src/scenario/load';
import { compilePlan } from '../../src/scenario/compile';
import { runPlan } from '../../src/scenario/run';
import type { Trace } from '../../src/model/trace';
import type { Plan } from '../../src/model/plan';
import { prefixHash, traceHash } from '../../src/trace/hash';
import { eventOf, linesOf, quiet, runTiny, type Tiny, type TinyOptions } from '../support/tiny';

const alone = (act: (t: Tiny) => void, o: Partial<TinyOptions> = {}): Trace => runTiny({ hosts: { a: (t) => ({ start: () => act(t) }), b: quiet }, ...o });
const ask = (t: Tiny, url = 'x'): RequestRow => t.world.request({ url, method: 'GET', host: t.host, endpoint: t.endpoint, resource: 'document', initiator: -1 }, t.note(0));
const forEver = (t: Tiny): void => void t.after(MS, () => forEver(t));

describe('the end of a run', () => {
  it('quiet, all answered: ok, at its last event', () => {
    const trace = alone((t) => {
      const row = ask(t);
      t.after(7 * MS, () => t.world.finish(row, t.note(1)));
    });
    expect(trace).toMatchObject({ outcome: 'ok', stopReason: null, endNs: 7 * MS, mainRequest: 0 });
  });
  it('nothing asked: ok, no main request', () => expect(alone(() => {})).toMatchObject({ outcome: 'ok', endNs: 0, mainRequest: -1 }));
  it('a request with an error: error', () => {
    const trace = alone((t) => {
      const row = ask(t);
      row.error = { code: 'E', text: 't', curl: 1, browser: 'B' };
      t.world.finish(row, t.note(1));
      ask(t, 'open');
    });
    expect(trace.outcome).toBe('error');
  });
  it('quiet, but somebody waits: timeout, and who', () => {
    expect(alone((t) => void ask(t, 'https://x.test/'))).toMatchObject({ outcome: 'timeout', stopReason: 'nothing more happens, and the request for https://x.test/ will never be answered' });
    expect(alone((t) => void [ask(t), ask(t)])).toMatchObject({ outcome: 'timeout', stopReason: 'nothing more happens, and 2 requests will never be answered' });
  });
  it('the limit of time: timeout when somebody waits, else ok; at that very time; its cause is no event of the run', () => {
    const waits = alone((t) => (ask(t), forEver(t)), { endMs: 50 });
    expect(waits).toMatchObject({ outcome: 'timeout', stopReason: 'nothing more is simulated after 0.05 s', endNs: 50 * MS });
    expect(linesOf(waits).slice(-2)).toEqual(['50 armed a wait', '50 run_stopped 2']);
    expect(waits.cause.at(eventOf(waits, 'sim.run_stopped'))).toBe(0);
    expect(alone(forEver, { endMs: 50 })).toMatchObject({ outcome: 'ok', stopReason: null, endNs: 50 * MS });
  });
  it('what happens at the limit itself still happens; a cancelled timer beyond it is no reason to stop', () => {
    const trace = alone((t) => {
      t.after(50 * MS, () => t.note(1));
      t.world.cancel(t.after(90 * MS, () => t.note(2)));
    }, { endMs: 50 });
    expect(linesOf(trace, 'tiny.noted', 'sim.run_stopped')).toEqual(['50 noted a 1']);
  });
  it('the budget of events: stops within what one input writes, and says so', () => {
    const trace = alone(forEver, { events: 500 });
    expect(trace).toMatchObject({ outcome: 'budget', stopReason: 'the run reached its limit of 500 events' });
    expect(trace.kind.length).toBeLessThan(510);
  });
  it('at one instant for ever: the budget ends it', () => {
    const stuck = (t: Tiny): void => void t.after(0, () => stuck(t));
    expect(alone(stuck, { events: 500 })).toMatchObject({ outcome: 'budget', endNs: 0 });
  });
  it('batches that ask for themselves for ever: the budget ends it too', () => {
    const trace = alone((t) => {
      const handler = { batchEnded: () => t.world.afterBatch(handler) };
      t.world.afterBatch(handler);
    }, { events: 500 });
    expect(trace).toMatchObject({ outcome: 'budget', endNs: 0 });
  });
  it('not modelled: stops at once with the first sentence', () => {
    const trace = alone((t) => {
      t.after(3 * MS, () => (t.world.unmodelled('first'), t.world.unmodelled('second')));
      t.after(3 * MS, () => t.note(1));
    });
    expect(trace).toMatchObject({ outcome: 'unmodelled', stopReason: 'first', endNs: 3 * MS });
    expect(linesOf(trace, 'tiny.noted', 'sim.run_stopped')).toEqual(['3 run_stopped 3']);
  });
  it('ephemeral ports: in order from 32768; after the last the run stops instead of using one twice', () => {
    const trace = alone((t) => {
      t.note(t.world.ephemeralPort(0));
      for (let i = 1; i < 60999 - 32768; i++) t.world.ephemeralPort(0);
      t.note(t.world.ephemeralPort(0));
      t.note(t.world.ephemeralPort(1));
      t.after(MS, () => void t.world.ephemeralPort(0));
    });
    expect(linesOf(trace, 'tiny.noted')).toEqual(['0 noted a 32768', '0 noted a 60999', '0 noted a 32768']);
    expect(trace.stopReason).toMatch(/a has used each of its 28232 ephemeral ports/);
  });
});

describe('requests', () => {
  it('a phase ends where the next begins; the request’s end closes the last', () => {
    const trace = alone((t) => {
      const row = ask(t);
      t.world.phase(row, 'dns', 1);
      t.after(5 * MS, () => t.world.phase(row, 'connect', t.note(1)));
      t.after(9 * MS, () => t.world.finish(row, t.note(2)));
    });
    expect(trace.requests[0]!.phases.map((p) => [p.phase, p.startNs / MS, p.endNs / MS, p.startEvent, p.endEvent === trace.requests[0]!.endEvent])).toEqual([
      ['dns', 0, 5, 1, false], ['connect', 5, 9, eventOf(trace, 'tiny.noted', 2), true],
    ]);
  });
  it('that end twice, or go on after their end, are our bug', () => {
    expect(() => alone((t) => {
      const row = ask(t);
      t.world.finish(row, 1);
      t.world.finish(row, 1);
    })).toThrow('ends once');
    expect(() => alone((t) => {
      const row = ask(t);
      t.world.finish(row, 1);
      t.world.phase(row, 'send', 1);
    })).toThrow('no further phase');
  });
  it('a joined cause must be earlier', () => expect(() => alone((t) => t.world.join(0, [1]))).toThrow('earlier'));
});

describe('an intervention leaves what was before it as it was, byte for byte', async () => {
  const loaded = await loadScenario('first-visit');
  if (!loaded.ok) throw new Error('first-visit');
  // jitter, loss and a browser's races: everything that a further draw or event could disturb
  const compiled = compilePlan(loaded.value, { set: { 'network.links.client.jitter': '3 ms', 'network.links.client.loss': '2 %', 'workload.profile': 'browser' } });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  const plan: Plan = compiled.value;
  const base = runPlan(plan);
  const first = (trace: Trace, from: number): number => {
    for (let e = 0; e < trace.time.length; e++) if (trace.time.at(e) >= from) return e;
    return trace.time.length;
  };
  const at = (ms: number): number => ms * MS;
  const cases: readonly (readonly [string, Fault, (changed: Trace) => number])[] = [
    ['the 40th packet dropped', { type: 'pdu', where: { link: 'client' }, nth: 40, count: 1, verdict: { do: 'drop' } }, (t) => eventOf(t, 'fault.rule_applied')],
    ['the 7th answer doubled', { type: 'pdu', where: { select: 'answer' }, nth: 7, count: 1, verdict: { do: 'duplicate' } }, (t) => eventOf(t, 'fault.rule_applied')],
    ['the ServerHello late', { type: 'pdu', where: { select: 'ServerHello' }, nth: 1, count: 1, verdict: { do: 'delay', by: at(70) } }, (t) => eventOf(t, 'fault.rule_applied')],
    ['the server off', { type: 'host', host: 'edge', verdict: 'stop', from: at(300), until: at(900) }, (t) => first(t, at(300))],
    ['the server silent', { type: 'host', host: 'edge', verdict: 'silent', from: at(300), until: null }, (t) => first(t, at(300))],
    ['the link down', { type: 'link', link: 'client', verdict: 'down', from: at(123.456789), until: at(200) }, (t) => first(t, at(123.456789))],
  ];
  it.each(cases)('%s', (_name, fault, parts) => {
    const changed = runPlan({ ...plan, faults: [fault] });
    const until = parts(changed);
    expect(until).toBeGreaterThan(100);
    expect(prefixHash(changed, until)).toBe(prefixHash(base, until));
    expect(traceHash(changed)).not.toBe(traceHash(base));
    // and it is the fault that parts them: one event further they differ
    expect(prefixHash(changed, until + 1)).not.toBe(prefixHash(base, until + 1));
  });
});
