/**
 * Runs the statements of a database host: reads the SQL, lets the planner choose, walks the pages of the plan, and takes for each the
 * time that its tuples (CPU) and its reads (disk) cost. Law: the path is the storage's, the time is the host's; sessions share buffers, cores and disk.
 */
import { Continuations } from '../compute/execution';
import type { EndpointId, HostId, ResourceId } from '../model/ids';
import type { PageRun, QueryRow } from '../model/query';
import type { Cell, ColumnType, ResultColumn, SqlError, Statement, StatementAnswer, StatementRunner } from '../model/statement';
import type { World } from '../model/world';
import { DATABASE_KINDS } from '../storage/kinds';
import { accessCost, CATALOGUE_PAGES, literalType, MACHINE_COSTS, newRead, openDatabase, SETTINGS, type Access, type ColumnSpec, type Database, type DatabaseSpec, type MachineCosts, type PageRead, type Query, type Reading, type Session } from '../storage/index';
import { parseSelect } from '../storage/parse-sql';
import { tableText } from './table-text';

/** Share of shared buffers that long use has filled. */
const WARM_SHARE = 15 / 16;
/** Accesses that are told one by one; a longer path is told in groups of about `GROUP_NS` of work. */
const TOLD_SINGLY = 64;
const GROUP_NS = 20_000;
const TYPE: Readonly<Record<ColumnSpec['type'], ColumnType>> = { bigint: 'int8', integer: 'int4', uuid: 'uuid', text: 'text' };
const error = (code: string, message: string): { error: SqlError } => ({ error: { severity: 'ERROR', code, message } });

/** A statement on its way through its pages. */
interface Walk {
  readonly path: Iterator<Access>;
  readonly reading: Reading;
  readonly session: EndpointId;
  readonly row: QueryRow;
  /** The planner knows its way. */
  readonly choose: () => void;
  readonly done: () => void;
}

export class StorageRunner implements StatementRunner {
  private readonly database: Database;
  private readonly costs: MachineCosts;
  private readonly kinds;
  private readonly disk: ResourceId;
  private readonly sessions = new Map<EndpointId, Session>();
  private readonly continuations = new Continuations();
  /** Reads under way: whose statement it is, and who waits for it. */
  private readonly reads = new Map<PageRead, { readonly sql: string; readonly waiting: (() => void)[] }>();

  constructor(private readonly world: World, private readonly host: HostId) {
    const { params } = world.hostOf(host);
    const { tables = {}, disks = 1, ...own } = (params.database ?? {}) as Partial<DatabaseSpec> & Partial<MachineCosts> & { readonly disks?: number };
    const settings = { ...SETTINGS, ...(world.plan.stack.postgres ?? {}), ...((params.postgres ?? {}) as object) };
    this.costs = { ...MACHINE_COSTS, ...own };
    this.database = openDatabase({ tables, sharedBuffersBytes: settings.sharedBuffers, settings }, world.plan.seed);
    this.kinds = world.kinds(DATABASE_KINDS);
    this.disk = world.resource(host, 'disk', disks, -1, 'disk');
    if (params.bufferPool === 'warm') this.warm();
  }
  /** As after long use: the smallest relations wholly, of the one that does not fit its first pages. */
  private warm(): void {
    const relations = [...CATALOGUE_PAGES, ...[...this.database.tables.values()].flatMap((t) => [{ name: t.heap.name, pages: t.heap.pages }, ...t.indexes.map((i) => ({ name: i.name, pages: i.tree.pages }))])];
    relations.sort((a, b) => a.pages - b.pages);
    // some buffers are free, so that the first read need not drive out what is hot
    let room = Math.floor(this.database.pool.frames * WARM_SHARE);
    for (const { name, pages } of relations) {
      const kept = Math.min(pages, room);
      if (kept > 0) this.database.pool.touch(name, 0, kept, null);
      room -= kept;
    }
  }

  run(statement: Statement, respond: (answer: StatementAnswer) => void): void {
    const { world, kinds } = this;
    const sql = statement.sql;
    const row = world.query({ host: this.host, endpoint: statement.session, message: statement.message, sql }, world.cause);
    world.cause = world.note(kinds.statement_begun, statement.session, row.id, world.text(sql));
    const refuse = (code: string, message: string): void => {
      row.endEvent = world.cause = world.note(kinds.statement_refused, statement.session, row.id, world.text(code), world.text(message));
      respond(error(code, message));
    };
    const parsed = parseSelect(bind(sql, statement.parameters));
    if (!parsed.ok) {
      if ('error' in parsed) return refuse(parsed.error.code, parsed.error.message);
      return world.unmodelled(`the statements covered are SELECTs of one table with at most one condition (= or BETWEEN), ORDER BY ascending and LIMIT; not "${parsed.uncovered}" in: ${sql}`);
    }
    const { select } = parsed;
    const table = this.database.tables.get(select.table);
    if (!table) return refuse('42P01', `relation "${select.table}" does not exist`);
    const named = [...(typeof select.columns === 'string' ? [] : select.columns), ...(select.where ? [select.where.column] : []), ...(select.orderBy ? [select.orderBy] : [])];
    const unknown = named.find((c) => !table.columns.has(c));
    if (unknown) return refuse('42703', `column "${unknown}" does not exist`);
    const mismatch = statement.parameters.length > 0 ? null : operatorComplaint(select.where, table.columns.get(select.where?.column ?? '')?.spec.type);
    if (mismatch) return refuse('42883', mismatch);
    const query: Query = { ...select, bound: statement.parameters.length > 0 };
    this.use(this.costs.planTime, `plan ${sql}`, statement.session, () => this.execute(statement, query, row, respond));
  }
  private execute(statement: Statement, query: Query, row: QueryRow, respond: (answer: StatementAnswer) => void): void {
    const { world, kinds, database } = this;
    const { chosen, rejected } = database.plan(query);
    let session = this.sessions.get(statement.session);
    if (!session) this.sessions.set(statement.session, (session = database.session()));
    const reading: Reading = { read: null };
    const { accesses, rows, shapes } = database.run(query, chosen, session, reading);
    this.walk({
      path: accesses[Symbol.iterator](), reading, session: statement.session, row,
      choose: () => {
        Object.assign(row, { chosen, rejected, shapes, rows });
        world.cause = world.note(kinds.plan_chosen, statement.session, row.id, world.text(chosen.node), world.text(chosen.index ?? ''));
      },
      done: () => {
        row.endEvent = world.cause = world.note(kinds.statement_done, statement.session, row.id, rows);
        respond(this.answer(query, rows));
      },
    });
  }

  /** Takes the next accesses, spends what they cost, tells them, and so on to the end of the path. */
  private walk(way: Walk): void {
    const { path, reading, session, row } = way;
    const read = (reading.read = newRead());
    const group: Access[] = [];
    let cpu = 0, disk = 0;
    while (group.length === 0 || (row.runs.length >= TOLD_SINGLY && cpu + disk < GROUP_NS)) {
      const next = path.next();
      // the height of a tree, which the plan depends on, is read from its meta page (_bt_getrootheight): the choice comes after planning's own pages
      if (!row.chosen && (next.done || next.value.phase === 'execution')) way.choose();
      if (next.done) break;
      group.push(next.value);
      cpu += accessCost(next.value, this.costs);
      disk += this.readTime(next.value);
    }
    if (group.length === 0) return way.done();
    const told = (): void => {
      const { world } = this;
      for (const a of group) {
        const run: PageRun = { phase: a.phase, relation: a.relation, kind: a.kind, level: a.level, block: a.block, count: a.count, hits: a.hits, reads: a.reads, tuples: a.tuples, event: -1 };
        run.event = world.cause = world.note(this.kinds.pages_touched, session, row.id, row.runs.push(run) - 1, a.reads);
      }
      this.walk(way);
    };
    const compute = (): void => {
      this.delivered(read);
      this.await(read, session, row, () => this.use(cpu, `run ${row.sql}`, session, told));
    };
    if (disk <= 0) return compute();
    this.reads.set(read, { sql: row.sql, waiting: [] });
    this.world.use(this.disk, disk, `read pages for ${row.sql}`, session, this.continuations, this.continuations.add(compute));
  }
  /** The disk has filled these pages: who waits for them goes on. */
  private delivered(read: PageRead): void {
    this.database.pool.delivered(read);
    const waiting = this.reads.get(read)?.waiting ?? [];
    this.reads.delete(read);
    const { world } = this, { cause } = world;
    for (const go of waiting) {
      go();
      world.cause = cause;
    }
  }
  /** Goes on when no page that was met is being read for others any more (WaitIO). */
  private await(read: PageRead, session: EndpointId, row: QueryRow, then: () => void): void {
    const { world, kinds } = this;
    const [other] = [...read.met].filter((r) => this.reads.has(r));
    if (!other) return then();
    const { sql, waiting } = this.reads.get(other)!;
    const began = world.note(kinds.page_awaited, session, row.id, world.text(sql));
    waiting.push(() => {
      const delivered = world.cause;
      world.cause = began;
      world.cause = world.note(kinds.page_delivered, session, row.id, world.text(sql));
      world.join(world.cause, [delivered]);
      this.await(read, session, row, then);
    });
  }
  /** A random read for the first page of a run, the rest follows in order. */
  private readTime({ reads }: Access): number {
    return reads === 0 ? 0 : this.costs.pageRead + (reads - 1) * this.costs.pageReadNext;
  }
  private use(ns: number, what: string, endpoint: EndpointId, then: () => void): void {
    const { world, host } = this;
    if (ns <= 0) return then();
    world.use(world.cpu(host), ns, what, endpoint, this.continuations, this.continuations.add(then));
  }

  private answer(query: Query, rows: number): StatementAnswer {
    const table = this.database.tables.get(query.table)!;
    const names = query.columns === 'count' ? ['count'] : query.columns === '*' ? [...table.columns.keys()] : query.columns;
    const columns = names.map((name): ResultColumn => ({ name, type: query.columns === 'count' ? 'int8' : TYPE[table.columns.get(name)!.spec.type] }));
    return { columns, rows: tableText(table, query, rows), tag: `SELECT ${rows}` };
  }
  ended(session: EndpointId): void {
    this.sessions.delete(session);
  }
}

/** A number is compared with a column that has no operator for it (make_op); null when there is one. */
function operatorComplaint(where: Query['where'], type: ColumnSpec['type'] | undefined): string | null {
  if (!where || (type !== 'uuid' && type !== 'text')) return null;
  return `operator does not exist: ${type} ${where.op === '=' ? '=' : '>='} ${literalType(where.values[0]!)}`;
}
/** Values of $1, $2 … in their places. */
const bind = (sql: string, parameters: readonly Cell[]): string => sql.replace(/\$(\d+)/g, (whole, n: string) => String(parameters[Number(n) - 1] ?? whole));
