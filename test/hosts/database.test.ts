/** A database host: pages that are being read, statements that are refused or not covered, and one that refuses connections. */
import { describe, expect, it } from 'vitest';
import { compilePlan } from '../../src/scenario/compile';
import { checkScenario } from '../../src/scenario/parse';
import { attribution, indexTrace } from '../../src/trace';
import { backEnd, eventsOf, outcomes, runBackEnd } from '../support/back-end';

describe('two sessions need the same row, cold', () => {
  const trace = runBackEnd({ visits: [['/o/42', 0], ['/o/42', 0]], costs: { pageRead: '8 ms' } });
  const done = eventsOf(trace, 'resource.io_done');
  it('each page is read once: the second session waits for the read of the first', () => {
    const runs = trace.queries.flatMap((q) => q.runs), pages = new Map<string, number>();
    for (const r of runs) for (let i = 0; i < r.count; i++) pages.set(`${r.relation} ${r.block + i}`, (pages.get(`${r.relation} ${r.block + i}`) ?? 0) + 1);
    expect(runs.reduce((sum, r) => sum + r.reads, 0)).toBe(pages.size);
    expect(done.length).toBe(pages.size);
  });
  it('nobody has a page before the disk has delivered it', () => {
    const times = trace.queries.map((q) => q.runs.map((r) => trace.time.at(r.event) / 1e6));
    const first = times[0]!, second = times[1]!;
    expect(first.length).toBe(second.length);
    // whoever read it had it at the end of its read; the other one not before
    first.forEach((ms, i) => expect(Math.abs(ms - second[i]!)).toBeLessThan(8));
    const reads = trace.queries.flatMap((q) => q.runs.filter((r) => r.reads > 0).map((r) => ({ page: `${r.relation} ${r.block}`, at: trace.time.at(r.event) })));
    for (const { page, at } of reads) for (const q of trace.queries) for (const r of q.runs) if (`${r.relation} ${r.block}` === page) expect(trace.time.at(r.event)).toBeGreaterThanOrEqual(at - 100_000);
  });
  it('the wait is the disk’s, for both', () => {
    const index = indexTrace(trace);
    for (const request of [0, 1]) expect(attribution(index, request).filter((p) => p.part === 'disk' && p.where === 'db').reduce((sum, p) => sum + p.ns, 0) / 1e6).toBeGreaterThan(8 * 7);
    expect(eventsOf(trace, 'db.page_delivered').length).toBe(eventsOf(trace, 'db.page_awaited').length);
    expect(eventsOf(trace, 'db.page_awaited').length).toBeGreaterThan(0);
  });
});

describe('statements', () => {
  it('the planner chooses when it has read the meta pages from which it takes the heights', () => {
    const trace = runBackEnd({ visits: [['/o/42', 0]], costs: { pageRead: '8 ms' } });
    const chosen = eventsOf(trace, 'db.plan_chosen'), meta = trace.queries[0]!.runs.filter((r) => r.phase === 'planning');
    expect(meta.map((r) => r.kind)).toEqual(['meta']);
    for (const r of trace.queries[0]!.runs) expect(trace.time.at(r.event) / 1e6 <= chosen[0]!.ms).toBe(r.phase === 'planning');
  });
  it.each([
    ['select * from orders where id = :id order by id desc limit 1', 'desc limit 1'],
    ['select * from orders where id > :id', '> 42'],
    ['insert into orders values (:id)', 'insert into orders'],
  ])('%s is valid and not covered: the run stops and says so', (sql, named) => {
    const trace = runBackEnd({ visits: [['/o/42', 0]], sql });
    expect(trace.outcome).toBe('unmodelled');
    expect(trace.stopReason).toContain(named);
  });
  it.each([
    ['select * from orders where note = :id', '42883 operator does not exist: text = integer'],
    ['select * from orders where u between :id and 3000000000', '42883 operator does not exist: uuid >= integer'],
    ['select * from orders where u = 3000000000', '42883 operator does not exist: uuid = bigint'],
    ['select * from order where id = :id', '42601 syntax error at or near "order"'],
    ['select * from nowhere', '42P01 relation "nowhere" does not exist'],
    ['select * from orders where nothing = 1', '42703 column "nothing" does not exist'],
  ])('%s is refused by PostgreSQL: %s', (sql, error) => {
    const trace = runBackEnd({ visits: [['/o/42', 0]], sql, columns: [{ name: 'id', type: 'bigint' }, { name: 'u', type: 'uuid' }, { name: 'note', type: 'text', bytes: 80 }] });
    expect(outcomes(trace)).toEqual([500]);
    expect(eventsOf(trace, 'app.statement_failed').map((e) => e.textB)).toEqual([error]);
  });
});

describe('refused connections', () => {
  it('a database that refuses them answers with RST', () => {
    const trace = runBackEnd({ visits: [['/o/42', 0]], faults: [{ do: 'refuse-connections', host: 'db' }], app: { poolTimeout: '1 s' } });
    const db = trace.hosts.findIndex((h) => h.name === 'db');
    expect(trace.pdus.filter((p) => p.name === 'RST' && p.from === db).length).toBeGreaterThan(0);
    expect(outcomes(trace)).toEqual([500]);
  });
  it('one who takes none cannot refuse any, and the scenario is told so', () => {
    const checked = checkScenario(backEnd({ visits: [['/o/42', 0]], faults: [{ do: 'refuse-connections', host: 'users' }] }));
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    expect(compilePlan(checked.value)).toMatchObject({ ok: false, errors: [{ where: 'faults[0].host', what: '"users" is a browser and takes no connections that it could refuse' }] });
  });
});
