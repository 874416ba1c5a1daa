/** What a database holds and what it is asked. Law: people's mistakes are told as `where: what; cure` by `complaintsAbout`; nothing is guessed. */
import type { ColumnType } from './layout';
import type { Settings } from './params';

/** A column. Its values are the integers 1 … `distinct`; a uuid or text stands for the value of that rank. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  /** Length of a text, bytes. */
  readonly bytes?: number;
  /** Whether its values rise with the place in the heap. Of the first key column: the table's order; else random if it is not said. */
  readonly order?: 'ascending' | 'random';
  /** How many values there are, each about equally often; all different if it is not said, or if there are fewer rows. */
  readonly distinct?: number;
}
export interface IndexSpec {
  readonly columns: readonly string[];
  readonly unique: boolean;
  /** CREATE INDEX on the rows, or grown as the rows came in. */
  readonly build: 'bulk' | 'inserts';
}
export interface TableSpec {
  readonly rows: number;
  readonly columns: readonly ColumnSpec[];
  readonly primaryKey: readonly string[];
  /** Whether rows came in the order of their key. */
  readonly order: 'ascending' | 'random';
  /** Beside the primary key's, which is `<table>_pkey` and grown by inserts. */
  readonly indexes: Readonly<Record<string, IndexSpec>>;
  /** Share of heap pages marked all-visible: 1 after VACUUM, 0 when there was none. */
  readonly allVisible: number;
}
export interface DatabaseSpec {
  readonly sharedBuffersBytes: number;
  readonly tables: Readonly<Record<string, TableSpec>>;
  readonly settings?: Partial<Settings>;
}

export interface Query {
  readonly table: string;
  readonly columns: readonly string[] | '*' | 'count';
  /** `between` takes two values, both included. */
  readonly where: { readonly column: string; readonly op: '=' | 'between'; readonly values: readonly number[] } | null;
  readonly limit: number | null;
  /** Ascending. */
  readonly orderBy?: string | null;
  /** Values are bound parameters of the column's own type, not literals. */
  readonly bound?: boolean;
}

/** The statement's text, with its values as literals (or `$1`, `$2` if they are bound). */
export function sqlOf(query: Query): string {
  const what = query.columns === 'count' ? 'count(*)' : query.columns === '*' ? '*' : query.columns.join(', ');
  const w = query.where, value = (i: number): string => (query.bound ? `$${i + 1}` : String(w!.values[i]));
  const where = !w ? '' : w.op === '=' ? ` WHERE ${w.column} = ${value(0)}` : ` WHERE ${w.column} BETWEEN ${value(0)} AND ${value(1)}`;
  return `SELECT ${what} FROM ${query.table}${where}${query.orderBy ? ` ORDER BY ${query.orderBy}` : ''}${query.limit === null ? '' : ` LIMIT ${query.limit}`}`;
}

/** The condition as EXPLAIN prints it. */
export function conditionText(where: NonNullable<Query['where']>): string {
  return where.op === '=' ? `(${where.column} = ${where.values[0]})` : `((${where.column} >= ${where.values[0]}) AND (${where.column} <= ${where.values[1]}))`;
}

/** All that is wrong with a description; empty if nothing is. */
export function complaintsAbout(spec: DatabaseSpec): string[] {
  const found: string[] = [];
  if (!(spec.sharedBuffersBytes >= 128 * 1024)) found.push('sharedBuffersBytes: less than 128 kB; give at least 131072');
  for (const [name, table] of Object.entries(spec.tables)) {
    const at = `tables.${name}`, column = (c: string): ColumnSpec | undefined => table.columns.find((x) => x.name === c);
    if (!Number.isInteger(table.rows) || table.rows < 0 || table.rows > 1e9) found.push(`${at}.rows: not a whole number from 0 to 1,000,000,000; give one`);
    if (!(table.allVisible >= 0 && table.allVisible <= 1)) found.push(`${at}.allVisible: not a share; give 0 to 1`);
    if (table.primaryKey.length === 0) found.push(`${at}.primaryKey: is empty; name a column`);
    for (const c of table.columns) {
      if (c.distinct !== undefined && !(Number.isInteger(c.distinct) && c.distinct >= 1)) found.push(`${at}.columns.${c.name}.distinct: not a whole number from 1 on; give one`);
      if (c.type === 'text' && !((c.bytes ?? -1) >= 0 && (c.bytes ?? 0) <= 2000)) found.push(`${at}.columns.${c.name}.bytes: texts have 0 to 2000 bytes here (longer ones would go to TOAST, which is not modelled); give their length`);
    }
    const repeats = (c: string): boolean => (column(c)?.distinct ?? table.rows) < table.rows;
    const indexes: [string, IndexSpec][] = [['primaryKey', { columns: table.primaryKey, unique: true, build: 'inserts' }], ...Object.entries(table.indexes)];
    for (const [index, one] of indexes) {
      const where = index === 'primaryKey' ? `${at}.primaryKey` : `${at}.indexes.${index}`;
      for (const c of one.columns) if (!column(c)) found.push(`${where}: no column ${c}; name one of ${table.columns.map((x) => x.name).join(', ')}`);
      if (one.unique && one.columns.length === 1 && repeats(one.columns[0]!)) found.push(`${where}: its values repeat, so it cannot be unique; leave out distinct`);
      if (!one.unique && one.build === 'inserts' && repeats(one.columns[0]!)) found.push(`${where}: growth by inserts of repeated values is not modelled; set build to bulk`);
    }
  }
  return found;
}
