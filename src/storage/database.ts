/**
 * A database: tables, shared buffers, planner and executor behind one door. Law: state changes only by drawing accesses (shared buffers) and by what a
 * session remembers; same description, seed and statements, same pages.
 */
import { assert } from '../base/assert';
import { fold } from '../base/hash';
import type { PlanNode, RelationShape } from '../model/query';
import { BufferPool } from './buffer-pool';
import { accessesOf, newSession, resultRows, type Access, type Reading, type Session } from './executor';
import { insertRows, type InsertReport } from './insert';
import { MACHINE_COSTS, SETTINGS, type MachineCosts } from './params';
import { plansOf } from './planner';
import { complaintsAbout, type DatabaseSpec, type Query } from './spec';
import { openTable, type Index, type Table } from './table';

export interface Database {
  readonly pool: BufferPool;
  readonly tables: ReadonlyMap<string, Table>;
  /** The way chosen and those rejected, cheapest first. Touches nothing. */
  plan(query: Query): { readonly chosen: PlanNode; readonly rejected: PlanNode[] };
  /** What a plan touches: each access meets shared buffers when it is drawn. Without a session the database's own is used; without `reading` pages are there at once. */
  run(query: Query, plan: PlanNode, session?: Session, reading?: Reading): { readonly accesses: Iterable<Access>; readonly rows: number; readonly shapes: readonly RelationShape[] };
  /** A connection's memory, empty. */
  session(): Session;
  /** What inserting rows in one statement costs; the table stays as it is. */
  insert(table: string, rows: number, options?: { readonly afterCheckpoint?: boolean }): InsertReport;
}

/** Opens a database; a description with complaints (`complaintsAbout`) is refused. */
export function openDatabase(spec: DatabaseSpec, seed: number): Database {
  const complaints = complaintsAbout(spec);
  assert(complaints.length === 0, complaints.join('\n'));
  const settings = { ...SETTINGS, ...spec.settings };
  const tables = new Map(Object.entries(spec.tables).map(([name, table]) => [name, openTable(name, table, settings, fold(seed, 1))]));
  const pool = new BufferPool(spec.sharedBuffersBytes, settings.ringBytes);
  const own = newSession(), scans = new Map<string, number>();
  const tableOf = (name: string): Table => {
    const table = tables.get(name);
    assert(table, `no table ${name}`);
    return table;
  };
  return {
    pool, tables, session: newSession,
    plan: (query) => plansOf(tableOf(query.table), query, settings),
    run: (query, plan, session = own, reading = { read: null }) => {
      const table = tableOf(query.table), index = table.indexes.find((i) => i.name === plan.index);
      return {
        accesses: accessesOf({ table, query, plan, pool, settings, scans, session, reading }), rows: resultRows({ table, query }),
        shapes: [heapShape(table), ...(index ? [indexShape(index)] : [])],
      };
    },
    insert: (name, rows, options = {}) => insertRows(tableOf(name), rows, settings, options.afterCheckpoint ?? false, fold(seed, 2)),
  };
}

export const heapShape = ({ heap }: Table): RelationShape => ({ name: heap.name, kind: 'heap', pages: heap.pages, rows: heap.rows, levels: [], perPage: heap.perPage });
/** `perPage`: entries of a leaf as filled, on average. */
export function indexShape({ name, tree }: Index): RelationShape {
  const leaves = tree.levels[0]!;
  return { name, kind: 'btree', pages: tree.pages, rows: leaves.items, levels: tree.levels.map((l) => l.pages), perPage: Math.round(leaves.items / leaves.pages) };
}

/** CPU time of an access, whole ns: its pages found and pinned, its tuples looked at. Waiting for reads is the host's to charge (`pageRead`). */
export function accessCost(access: Pick<Access, 'kind' | 'count' | 'tuples'>, costs: MachineCosts = MACHINE_COSTS): number {
  return Math.round(access.count * costs.pageHit + access.tuples * (access.kind === 'heap' ? costs.heapTuple : costs.indexTuple));
}
