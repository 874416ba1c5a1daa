/** An app server and its clients and database: who notices that a client has left, how the pool waits for a database that refuses. */
import { describe, expect, it } from 'vitest';
import { attribution, indexTrace } from '../../src/trace';
import { eventsOf, outcomes, runBackEnd } from '../support/back-end';

describe('a client that leaves while its request is worked on', () => {
  const finOf = (model: string): number => {
    const trace = runBackEnd({ visits: [['/w', 0]], maxTime: '20 ms', app: { model } });
    expect(outcomes(trace)).toEqual(['MAX_TIME']);
    const app = trace.hosts.findIndex((h) => h.name === 'app');
    return trace.pdus.find((p) => p.from === app && p.name.includes('FIN'))!.sentAt / 1e6;
  };
  it('is noticed by an event loop at once', () => expect(finOf('event-loop')).toBeLessThan(25));
  it.each(['thread-pool', 'process-per-request'])('is not noticed by a blocked worker (%s): the connection stays in CLOSE-WAIT until the answer is written', (model) => expect(finOf(model)).toBeGreaterThanOrEqual(52));
});

describe('a database that refuses connections', () => {
  const trace = runBackEnd({ visits: [['/o/1', 0], ['/o/2', 5]], faults: [{ do: 'refuse-connections', host: 'db' }], app: { poolTimeout: '1 s' } });
  it('is tried again with growing pauses, by one adder', () => {
    const failed = eventsOf(trace, 'app.connect_failed');
    expect(failed.map((e) => e.b / 1e6)).toEqual([250, 375, 562.5, ...failed.slice(3).map((e) => e.b / 1e6)]);
    expect(failed[1]!.ms - failed[0]!.ms).toBeCloseTo(250.5, 0);
  });
  it('and who waits fails only when his time is over', () => {
    expect(outcomes(trace)).toEqual([500, 500]);
    expect(eventsOf(trace, 'app.error_answered').map((e) => e.textB)).toEqual(['POOL_TIMEOUT ECONNREFUSED', 'POOL_TIMEOUT ECONNREFUSED']);
    for (const request of [0, 1]) expect(attribution(indexTrace(trace), request).filter((p) => p.part === 'timer' && p.what === 'poolTimeout').map((p) => Math.round(p.ns / 1e6))).toEqual([1000]);
  });
});

describe('the first connection of the pool', () => {
  const trace = runBackEnd({ visits: [['/o/1', 0], ['/o/2', 0], ['/o/3', 0]], costs: { pageRead: '0 ms', pageReadNext: '0 ms' }, app: { poolSize: 5 } });
  const index = indexTrace(trace);
  it('is given when it is open, not before', () => {
    const granted = index.claims.filter((c) => trace.resources[c.resource]!.name === 'connections').map((c) => c.grantedAt), ready = eventsOf(trace, 'pg.session_ready').map((e) => e.ms * 1e6);
    expect(Math.min(...granted)).toBeGreaterThanOrEqual(Math.min(...ready));
  });
  it('connections are opened one after the other', () => {
    const opened = trace.flows.filter((f) => f.name.startsWith('app>db')).map((f) => f.id), syns = trace.pdus.filter((p) => p.name === 'SYN' && opened.includes(p.flow)).map((p) => p.sentAt / 1e6);
    const ready = eventsOf(trace, 'pg.session_ready').map((e) => e.ms);
    syns.slice(1).forEach((ms, i) => expect(ms).toBeGreaterThanOrEqual(ready[i]!));
  });
  it('the one who had it opened sees the login on his way, the others a queue', () => {
    expect(attribution(index, 0).some((p) => p.where === 'back' && p.part === 'propagation')).toBe(true);
    expect(attribution(index, 0).filter((p) => p.where === 'app connections')).toEqual([]);
    expect(attribution(index, 1).filter((p) => p.where === 'app connections').map((p) => p.part)).toEqual(['queue']);
  });
});
