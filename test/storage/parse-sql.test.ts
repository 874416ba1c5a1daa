/** The SQL that is understood, and how everything else is refused. */
import { describe, expect, it } from 'vitest';
import { parseSelect } from '../../src/storage/parse-sql';

describe('parseSelect', () => {
  it.each([
    ['select * from orders where id = 42', { table: 'orders', columns: '*', where: { column: 'id', op: '=', values: [42] }, orderBy: null, limit: null }],
    ['SELECT count(*) FROM t WHERE k BETWEEN 5 AND 9;', { table: 't', columns: 'count', where: { column: 'k', op: 'between', values: [5, 9] }, orderBy: null, limit: null }],
    ['select id, total from orders order by id limit 10', { table: 'orders', columns: ['id', 'total'], where: null, orderBy: 'id', limit: 10 }],
    ['select * from t where id = -1', { table: 't', columns: '*', where: { column: 'id', op: '=', values: [-1] }, orderBy: null, limit: null }],
  ])('%s', (sql, select) => expect(parseSelect(sql)).toEqual({ ok: true, select }));
  it.each([
    ['', '0A000', 'an empty statement'],
    ['delete from t', '0A000', 'not DELETE'],
    ['select', '42601', 'near "end of input"'],
    ['select * from', '42601', 'end of input'],
    ['select * from t where', '42601', 'end of input'],
    ['select * from t where id < 3', '42601', 'near "< 3"'],
    ["select * from t where name = 'x'", '42601', `near "'x'"`],
    ['select * from t where id = 1 or id = 2', '42601', 'near "or"'],
    ['select * from t; drop table t', '42601', 'near "drop"'],
    ['select * from t limit -1', '42601', ''],
    ['select * from a, b', '42601', 'near ","'],
  ])('%j is refused with %s', (sql, code, text) => {
    const result = parseSelect(sql);
    expect(result).toMatchObject({ ok: false, error: { code } });
    if (!result.ok) expect(result.error.message).toContain(text);
  });
});
