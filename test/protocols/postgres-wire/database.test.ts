/** The database host: how many it lets in, what a start and a power cut do, what reaches the runner, and how scenario files say it. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../../src/base/time';
import type { MakeRunner } from '../../../src/hosts/database';
import { compilePlan } from '../../../src/scenario/compile';
import { checkScenario } from '../../../src/scenario/parse';
import { pgRun } from '../../support/psql-host';

const PLAIN = { authentication: 'trust', sslMode: 'disable' };
const SQL = 'SELECT 1';
/** How often each thing was heard, without times. */
function counted(heard: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of heard) {
    const what = line.replace(/^\d+ /, '');
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}
const SORRY = 'broken 53300 sorry, too many clients already';
const RESERVED = 'broken 53300 remaining connection slots are reserved for non-replication superuser connections';

describe('max_connections', () => {
  it('of 100, the last three are for superusers: the 98th other is refused', () => {
    const run = pgRun({ stack: PLAIN, client: { connections: 97, stay: true }, others: [{ connections: 2, startAt: 500 * MS }] });
    expect(counted(run.heard)).toEqual({ ready: 97, [RESERVED]: 2 });
  });
  it('superusers get in where others do not, and nobody beyond the last', () => {
    const run = pgRun({
      stack: { ...PLAIN, maxConnections: 5, reservedConnections: 2 }, client: { connections: 3, stay: true },
      others: [{ startAt: 500 * MS }, { user: 'postgres', connections: 3, stay: true, startAt: 1000 * MS }, { startAt: 2000 * MS }],
    });
    expect(counted(run.heard)).toEqual({ ready: 5, [RESERVED]: 1, [SORRY]: 2 });
  });
  it('a place that was given back is given again; a refused one too', () => {
    const run = pgRun({
      stack: { ...PLAIN, maxConnections: 1, reservedConnections: 0 }, client: { statements: [SQL] },
      others: [{ startAt: 40 * MS, statements: [SQL] }, { startAt: 1000 * MS, statements: [SQL] }],
    });
    expect(run.heard.filter((h) => !h.includes('SELECT'))).toEqual(['80 ready', `120 ${SORRY}`, '1080 ready']);
  });
  it('a backend is forked for each, one after the other on each core', () => {
    const run = pgRun({ stack: { ...PLAIN, forkCost: 10 * MS }, client: { connections: 4, stay: true } });
    expect(run.heard).toEqual(['90 ready', '90 ready', '100 ready', '100 ready']);
  });
});

describe('starting', () => {
  it('57P03 while the log is replayed', () => {
    const run = pgRun({ stack: { ...PLAIN, recoveryTime: 300 * MS }, others: [{ startAt: 250 * MS }] });
    expect(run.heard).toEqual(['80 broken 57P03 the database system is starting up', '330 ready']);
  });
  it('a power cut ends every session; afterwards all places are free again', () => {
    const run = pgRun({
      stack: { ...PLAIN, maxConnections: 2, reservedConnections: 0, recoveryTime: 100 * MS }, faults: [{ type: 'host', host: 'db', verdict: 'stop', from: 500 * MS, until: 600 * MS }],
      client: { connections: 2, stay: true, startAt: 200 * MS }, others: [{ startAt: 620 * MS }, { connections: 2, startAt: 1000 * MS, stay: true }],
    });
    expect(run.heard).toEqual(['280 ready', '280 ready', '700 broken 57P03 the database system is starting up', '1080 ready', '1080 ready']);
  });
});

describe('the runner', () => {
  it('works while nothing is read: a statement that takes 30 ms delays its answer by that', () => {
    const runner: MakeRunner = (world, host) => ({
      run: (statement, respond) => world.think(30 * MS, 'wait', statement.session, { resourceDone: () => respond({ columns: [], rows: [], tag: `ON ${world.hostOf(host).name}` }) }),
    });
    expect(pgRun({ stack: PLAIN, client: { statements: [SQL, SQL] }, runner }).heard.slice(1).map((h) => h.replace(/ rows.*/, ''))).toEqual(['150 ON db I', '220 ON db I']);
  });
  it('hears when a session ends: by Terminate, by a reset, and not for those that were never let in', () => {
    const ended: number[] = [];
    const runner: MakeRunner = () => ({ run: (_s, respond) => respond({ columns: [], rows: [], tag: 'OK' }), ended: (session) => void ended.push(session) });
    pgRun({ stack: PLAIN, client: { statements: [SQL] }, runner });
    expect(ended).toHaveLength(1);
    pgRun({ stack: { ...PLAIN, recoveryTime: 1000 * MS }, client: { statements: [SQL] }, runner });
    expect(ended).toHaveLength(1);
    const run = pgRun({ stack: PLAIN, server: { roles: {} }, client: { statements: [SQL] }, runner });
    expect([run.heard.length, ended.length]).toEqual([1, 2]);
  });
  it('goes on when the client has left, and is told only then', () => {
    const order: string[] = [];
    const runner: MakeRunner = (world) => ({
      run: (statement, respond) =>
        world.think(5000 * MS, 'wait', statement.session, {
          resourceDone: () => {
            order.push('answered');
            respond({ columns: [], rows: [], tag: 'OK' });
          },
        }),
      ended: () => void order.push('ended'),
    });
    const run = pgRun({
      stack: PLAIN, client: { statements: [SQL], stay: true }, runner,
      faults: [{ type: 'host', host: 'client', verdict: 'stop', from: 200 * MS, until: 300 * MS }],
    });
    // the first answer finds nobody: RST, and only then is the session over; the client, on again, asks anew and stays
    expect(order).toEqual(['answered', 'ended', 'answered']);
    expect(run.trace.outcome).toBe('ok');
  });
});

const SCENARIO = {
  version: 1, id: 'db', title: 'db', summary: 'a database',
  network: {
    hosts: {
      client: { kind: 'browser', title: 'client', address: '10.0.0.1' },
      db: { kind: 'database', title: 'db', address: '10.0.0.2', params: { roles: { app: { password: 'x' } }, postgres: { maxConnections: 20, ssl: true, forkCost: '2 ms' }, tls: { curves: 'auto' } } },
    },
    links: { line: { a: 'client', b: 'db', rtt: '10 ms' } },
  },
  stack: { postgres: { authentication: 'trust' } },
  workload: { client: 'client', profile: 'plain', visits: [{ url: 'http://db.example/' }] },
};
describe('scenario files', () => {
  const compiled = (change: (s: typeof SCENARIO) => void, set: Record<string, string | number | boolean> = {}) => {
    const s = structuredClone(SCENARIO);
    change(s);
    const checked = checkScenario(s);
    return checked.ok ? compilePlan(checked.value, { set }) : checked;
  };
  it('say what a database is like, in its own parameters', () => {
    const plan = compiled(() => {}, { 'network.hosts.db.params.postgres.scramIterations': '8192' });
    expect(plan.ok && plan.value.hosts[1]!.params).toMatchObject({ postgres: { maxConnections: 20, ssl: true, forkCost: 2 * MS, scramIterations: 8192 }, roles: { app: { password: 'x' } } });
    expect(plan.ok && plan.value.stack.postgres).toEqual({ authentication: 'trust' });
  });
  it.each([
    [{ maxConnections: 0 }, /out of range/], [{ authentication: 'md5' }, /not a choice/], [{ sslmode: 'require' }, /not a parameter/],
  ])('complain of %j', (postgres, what) => {
    const plan = compiled((s) => void Object.assign(s.network.hosts.db.params, { postgres }));
    expect(!plan.ok && plan.errors[0]!.what).toMatch(what);
  });
});
