/**
 * The statements that the model runs, read from SQL text: one table, at most one condition, ORDER BY ascending, LIMIT. Law: what PostgreSQL itself
 * would refuse for certain is refused with its SQLSTATE and its words (src/backend/parser/gram.y); SQL that is valid, or may be, and is not covered here is
 * named as such, so that the run can stop honestly. Nothing is guessed. Simplification: no joins, no expressions.
 */

/** A SELECT in parts. Numbers are row keys or values of the column. */
export interface ParsedSelect {
  readonly table: string;
  /** `*`, `count` for count(*), or columns by name. */
  readonly columns: '*' | 'count' | readonly string[];
  readonly where: { readonly column: string; readonly op: '=' | 'between'; readonly values: readonly number[] } | null;
  readonly orderBy: string | null;
  readonly limit: number | null;
}
export interface SqlComplaint {
  /** SQLSTATE: 42601 syntax error, 2201W invalid row count in a LIMIT clause. */
  readonly code: string;
  readonly message: string;
}
export type ParsedSql =
  | { readonly ok: true; readonly select: ParsedSelect }
  | { readonly ok: false; readonly error: SqlComplaint }
  /** Valid as far as can be told, and not covered: from where on. */
  | { readonly ok: false; readonly uncovered: string };

/** Names, whole numbers, and anything else one character (or text in quotes) at a time. */
const TOKEN = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|(-?\d+)|('(?:[^']|'')*'|"[^"]*"|\S))/y;
/** Digits that a number keeps exactly here. */
const DIGITS = 15;
/** Words with which a statement may begin (PostgreSQL 15, SQL commands). */
const COMMANDS = new Set(
  ('abort alter analyze begin call checkpoint close cluster comment commit copy create deallocate declare delete discard do drop end execute explain fetch grant import insert listen load lock merge move ' +
    'notify prepare reassign refresh reindex release reset revoke rollback savepoint security select set show start table truncate unlisten update vacuum values with').split(' '),
);
/** Words that can be neither a name nor a value (gram.y: reserved_keyword), as far as a SELECT of this kind meets them. */
const RESERVED = new Set('all and as asc check column create desc distinct do else end except fetch for foreign from grant group having in intersect into limit not offset on only or order returning select table then to union unique using when where window with'.split(' '));

class Reader {
  private at = 0;
  private readonly tokens: string[] = [];
  private readonly raw: string[] = [];
  constructor(sql: string) {
    TOKEN.lastIndex = 0;
    for (let m = TOKEN.exec(sql); m; m = TOKEN.exec(sql)) {
      this.tokens.push(m[1] ? m[1].toLowerCase() : (m[2] ?? m[3]!));
      this.raw.push(m[1] ?? m[2] ?? m[3]!);
    }
  }
  peek(): string {
    return this.tokens[this.at] ?? '';
  }
  /** As it was written. */
  word(): string {
    return this.raw[this.at] ?? '';
  }
  rest(): string {
    return this.raw.slice(this.at).join(' ');
  }
  take(...wanted: readonly string[]): boolean {
    if (this.peek() === '' || !wanted.includes(this.peek())) return false;
    this.at++;
    return true;
  }
  name(): string | null {
    return /^[a-z_]/.test(this.peek()) && !RESERVED.has(this.peek()) ? this.tokens[this.at++]! : null;
  }
  number(): number | null {
    const token = this.peek();
    if (!/^-?\d+$/.test(token) || token.replace('-', '').length > DIGITS) return null;
    this.at++;
    return Number(token);
  }
}

/** Reads one statement. */
export function parseSelect(sql: string): ParsedSql {
  const r = new Reader(sql);
  const syntax = (): ParsedSql => ({ ok: false, error: { code: '42601', message: r.peek() === '' ? 'syntax error at end of input' : `syntax error at or near "${r.word()}"` } });
  const uncovered = (): ParsedSql => ({ ok: false, uncovered: r.rest() });
  /** Something must follow here: its absence, or a word that cannot stand here, is an error; anything else is only not covered. */
  const missing = (): ParsedSql => (['', ';', ')', ','].includes(r.peek()) || RESERVED.has(r.peek()) ? syntax() : uncovered());

  if (!COMMANDS.has(r.peek()) && r.peek() !== '(') return syntax();
  if (!r.take('select')) return uncovered();
  let columns: ParsedSelect['columns'];
  if (r.take('*')) {
    columns = '*';
    // a star takes no name of its own: `select * form t`
    if (/^[a-z_]/.test(r.peek()) && !RESERVED.has(r.peek())) return syntax();
  } else {
    const names: string[] = [];
    do {
      const name = r.name();
      if (name === null) return names.length > 0 ? missing() : uncovered();
      names.push(name);
    } while (r.take(','));
    if (names.length === 1 && names[0] === 'count' && r.take('(')) {
      if (!r.take('*') || !r.take(')')) return uncovered();
      columns = 'count';
    } else columns = names;
  }
  if (!r.take('from')) return uncovered();
  const table = r.name();
  if (table === null) return missing();
  let where: ParsedSelect['where'] = null;
  if (r.take('where')) {
    const column = r.name();
    if (column === null) return missing();
    if (r.take('=')) {
      const value = r.number();
      if (value === null) return missing();
      where = { column, op: '=', values: [value] };
    } else if (r.take('between')) {
      const low = r.number();
      if (low === null) return missing();
      if (!r.take('and')) return r.peek() === '' ? syntax() : uncovered();
      const high = r.number();
      if (high === null) return missing();
      where = { column, op: 'between', values: [low, high] };
    } else return uncovered();
  }
  let orderBy: string | null = null;
  if (r.take('order')) {
    if (!r.take('by')) return syntax();
    orderBy = r.name();
    if (orderBy === null) return missing();
    r.take('asc');
  }
  let limit: number | null = null;
  if (r.take('limit')) {
    limit = r.number();
    if (limit === null) return r.peek() === 'all' ? uncovered() : missing();
    if (limit < 0) return { ok: false, error: { code: '2201W', message: 'LIMIT must not be negative' } };
  }
  r.take(';');
  return r.peek() === '' ? { ok: true, select: { table, columns, where, orderBy, limit } } : uncovered();
}
