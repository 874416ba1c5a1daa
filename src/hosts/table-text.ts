/** The rows of a result as they travel: values of numbers in text form, lengths of everything else (PostgreSQL's text format). */
import type { Cell } from '../model/statement';
import type { Query } from '../storage/index';
import { matchingRows } from '../storage/planner';
import type { Table } from '../storage/table';

/** A uuid's text form, 8-4-4-4-12. */
const UUID_TEXT = 36;

export function tableText(table: Table, query: Query, rows: number): Cell[][] {
  if (query.columns === 'count') return [[String(matchingRows(table, query.where))]];
  const names = query.columns === '*' ? [...table.columns.keys()] : query.columns;
  const by = query.where ? table.columns.get(query.where.column)! : null;
  const first = by ? by.countBelow(query.where!.values[0]!) : 0;
  return Array.from({ length: rows }, (_, i) => {
    const row = by ? by.rowAt(first + i) : i;
    return names.map((name): Cell => {
      const { spec } = table.columns.get(name)!;
      if (spec.type === 'uuid') return UUID_TEXT;
      return spec.type === 'text' ? (spec.bytes ?? 0) : String(table.columns.get(name)!.valueOf(row));
    });
  });
}
