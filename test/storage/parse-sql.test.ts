/** The SQL that is understood, and how everything else is refused. */
import { describe, expect, it } from 'vitest';
import { parseSelect } from '../../src/storage/parse-sql';

describe('parseSelect', () => {
  it.each([
    ['select * from orders where id = 42', { table: 'orders', columns: '*', where: { column: 'id', op: '=', values: [42] }, orderBy: null, limit: null }],
    ['SELECT count(*) FROM t WHERE k BETWEEN 5 AND 9;', { table: 't', columns: 'count', where: { column: 'k', op: 'between', values: [5, 9] }, orderBy: null, limit: null }],
    ['select id from t order by id asc', { table: 't', columns: ['id'], where: null, orderBy: 'id', limit: null }],
    ['select id, total from orders order by id limit 10', { table: 'orders', columns: ['id', 'total'], where: null, orderBy: 'id', limit: 10 }],
    ['select * from t where id = -1', { table: 't', columns: '*', where: { column: 'id', op: '=', values: [-1] }, orderBy: null, limit: null }],
  ])('%s', (sql, select) => expect(parseSelect(sql)).toEqual({ ok: true, select }));
  it.each([
    ['selec * from t', 'syntax error at or near "selec"'],
    ['SELECT * FORM t', 'syntax error at or near "FORM"'],
    ['select * from', 'syntax error at end of input'],
    ['select * from t where', 'syntax error at end of input'],
    ['select * from where id = 1', 'syntax error at or near "where"'],
    ['select id, from t', 'syntax error at or near "from"'],
    ['select * from t where id =', 'syntax error at end of input'],
    ['select * from t where id between 1 and', 'syntax error at end of input'],
    ['select * from t order id', 'syntax error at or near "id"'],
    ['select * from t limit', 'syntax error at end of input'],
  ])('%j is refused as PostgreSQL does', (sql, message) => expect(parseSelect(sql)).toEqual({ ok: false, error: { code: '42601', message } }));
  it('a negative LIMIT is no syntax error', () => expect(parseSelect('select * from t limit -1')).toEqual({ ok: false, error: { code: '2201W', message: 'LIMIT must not be negative' } }));
  it.each([
    ['delete from t', 'delete from t'],
    ["insert into t values (1)", 'insert into t values ( 1 )'],
    ['select 1', '1'],
    ['select', ''],
    ['select sum(k) from t', '( k ) from t'],
    ['select * from t where id < 3', '< 3'],
    ["select * from t where name = 'x'", "'x'"],
    ['select * from t where id = 1.5', '. 5'],
    ['select * from t where id = 1234567890123456', '1234567890123456'],
    ['select * from t where id = 1 or id = 2', 'or id = 2'],
    ['select * from t order by id desc limit 1', 'desc limit 1'],
    ['select * from t; drop table t', 'drop table t'],
    ['select * from a, b', ', b'],
    ['select * from t limit all', 'all'],
  ])('%j is valid and not covered', (sql, from) => expect(parseSelect(sql)).toEqual({ ok: false, uncovered: from }));
});
