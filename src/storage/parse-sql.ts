/**
 * The statements that the model runs, read from SQL text: one table, at most one condition, ORDER BY, LIMIT.
 * Simplification: no joins, no expressions; what is outside of this is refused with PostgreSQL's own SQLSTATE, never guessed.
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
  /** SQLSTATE: 42601 syntax error, 0A000 feature not supported. */
  readonly code: string;
  readonly message: string;
}

const TOKEN = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|(-?\d{1,15})|(\*|,|=|\(|\)|;))/y;

class Reader {
  private at = 0;
  private readonly tokens: string[] = [];
  /** What could not be read, or ''. */
  readonly rest: string;
  constructor(sql: string) {
    TOKEN.lastIndex = 0;
    let end = 0;
    for (let m = TOKEN.exec(sql); m; m = TOKEN.exec(sql)) {
      this.tokens.push(m[1] ? m[1].toLowerCase() : (m[2] ?? m[3]!));
      end = TOKEN.lastIndex;
    }
    this.rest = sql.slice(end).trim();
  }
  peek(): string {
    return this.tokens[this.at] ?? '';
  }
  take(...wanted: readonly string[]): boolean {
    if (!wanted.includes(this.peek())) return false;
    this.at++;
    return true;
  }
  name(): string | null {
    return /^[a-z_]/.test(this.peek()) ? this.tokens[this.at++]! : null;
  }
  number(): number | null {
    return /^-?\d/.test(this.peek()) ? Number(this.tokens[this.at++]) : null;
  }
}

/** Reads one statement. */
export function parseSelect(sql: string): { readonly ok: true; readonly select: ParsedSelect } | { readonly ok: false; readonly error: SqlComplaint } {
  const r = new Reader(sql);
  const bad = (): { ok: false; error: SqlComplaint } => ({ ok: false, error: { code: '42601', message: `syntax error at or near "${r.peek() || r.rest.slice(0, 20) || 'end of input'}"` } });
  if (r.rest !== '') return { ok: false, error: { code: '42601', message: `syntax error at or near "${r.rest.slice(0, 20)}"` } };
  if (!r.take('select')) return { ok: false, error: { code: '0A000', message: `only SELECT is modelled, not ${r.peek().toUpperCase() || 'an empty statement'}` } };
  let columns: ParsedSelect['columns'];
  if (r.take('*')) columns = '*';
  else {
    const names: string[] = [];
    do {
      const name = r.name();
      if (name === null) return bad();
      names.push(name);
    } while (r.take(','));
    if (names.length === 1 && names[0] === 'count' && r.take('(')) {
      if (!r.take('*') || !r.take(')')) return bad();
      columns = 'count';
    } else columns = names;
  }
  if (!r.take('from')) return bad();
  const table = r.name();
  if (table === null) return bad();
  let where: ParsedSelect['where'] = null;
  if (r.take('where')) {
    const column = r.name();
    if (column === null) return bad();
    if (r.take('=')) {
      const value = r.number();
      if (value === null) return bad();
      where = { column, op: '=', values: [value] };
    } else if (r.take('between')) {
      const low = r.number();
      if (low === null || !r.take('and')) return bad();
      const high = r.number();
      if (high === null) return bad();
      where = { column, op: 'between', values: [low, high] };
    } else return bad();
  }
  let orderBy: string | null = null;
  if (r.take('order')) {
    if (!r.take('by')) return bad();
    orderBy = r.name();
    if (orderBy === null) return bad();
  }
  let limit: number | null = null;
  if (r.take('limit')) {
    limit = r.number();
    if (limit === null || limit < 0) return bad();
  }
  r.take(';');
  if (r.peek() !== '') return bad();
  return { ok: true, select: { table, columns, where, orderBy, limit } };
}
