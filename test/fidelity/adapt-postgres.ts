/**
 * From a measured case of the database to a description, statements and predicted metrics. Law: support is decided here by naming the key or value that
 * the model does not cover. The measured tables are (id, k, payload) with k following id, as the rows removed by filters say; those of inserts have six integer keys.
 */
import { openDatabase, type ColumnSpec, type Database, type DatabaseSpec, type Query, type Settings } from '../../src/storage';
import type { Given, MeasuredCase } from './case';

export type Predicted = { readonly metrics: Readonly<Record<string, number>>; readonly random: boolean } | { readonly unsupported: string };
const KNOWN = new Set(['rows', 'key', 'payloadBytes', 'config', 'situation', 'pre', 'sql', 'secondaryIndexes', 'primaryKey', 'into']);
const SEED = 1;
/** Payload of the measured tables where a case does not say it. */
const PAYLOAD = 100;
/** min_parallel_table_scan_size: a plain scan of a larger table would be shared by workers. */
const PARALLEL_FROM = 8 * 1024 * 1024;

export function predictPostgres(c: MeasuredCase): Predicted {
  const g = c.given;
  for (const key of Object.keys(g)) if (!KNOWN.has(key)) return { unsupported: key };
  const situation = String(g.situation ?? '');
  if (typeof g.rows !== 'number') return { unsupported: 'rows' };
  if (situation.startsWith('btree')) return shape(g, g.rows);
  if (situation.startsWith('insert_bulk')) return insert(g, g.rows);
  if (situation === 'secondary_lookup') return buffers(g, g.rows, `select * from t where k=${Math.floor(g.rows / 3)}`, { t_k: { columns: ['k'], unique: false, build: 'bulk' } });
  if (typeof g.sql === 'string') return buffers(g, g.rows, g.sql, {});
  return { unsupported: `situation ${situation}` };
}

function sharedBuffers(g: Given): number | null {
  const text = String((g.config as Record<string, unknown> | undefined)?.shared_buffers ?? '1GB'), match = /^(\d+)(MB|GB)$/.exec(text);
  return match && Number(match[1]) * (match[2] === 'GB' ? 1 << 30 : 1 << 20);
}
function open(g: Given, columns: readonly ColumnSpec[], rows: number, order: 'ascending' | 'random', indexes: DatabaseSpec['tables'][string]['indexes'], settings: Partial<Settings>): Database | null {
  const bytes = sharedBuffers(g);
  // measured with synchronize_seqscans = off
  return bytes === null ? null : openDatabase({ sharedBuffersBytes: bytes, settings: { synchronizeSeqscans: false, ...settings }, tables: { t: { rows, columns, primaryKey: ['id'], order, indexes, allVisible: 1 } } }, SEED);
}

/** Kinds of keys and the order in which their rows come. */
const KEYS: Readonly<Record<string, { readonly type: ColumnSpec['type']; readonly order: 'ascending' | 'random' }>> = {
  bigint: { type: 'bigint', order: 'ascending' }, integer: { type: 'integer', order: 'ascending' }, 'bigint random': { type: 'bigint', order: 'random' },
  'uuid v4': { type: 'uuid', order: 'random' }, 'uuid v7': { type: 'uuid', order: 'ascending' },
};

function shape(g: Given, rows: number): Predicted {
  const key = KEYS[String(g.key)];
  if (!key) return { unsupported: `key ${String(g.key)}` };
  const payload = typeof g.payloadBytes === 'number' ? g.payloadBytes : PAYLOAD;
  const database = open(g, [{ name: 'id', type: key.type }, { name: 'k', type: 'integer' }, { name: 'payload', type: 'text', bytes: payload }], rows, key.order, {}, {});
  if (!database) return { unsupported: 'config' };
  const table = database.tables.get('t')!, { tree } = table.indexes[0]!;
  return {
    random: key.order === 'random',
    metrics: {
      level: tree.height, root_items: tree.itemsOn(tree.height, 0), internal_pages: tree.internalPages, leaf_pages: tree.levels[0]!.pages, index_pages: tree.pages, heap_pages: table.heap.pages,
    },
  };
}

function insert(g: Given, rows: number): Predicted {
  const into = /^(\d+)([kM])-row table$/.exec(String(g.into)), before = g.into === 'empty table' ? 0 : into ? Number(into[1]) * (into[2] === 'M' ? 1e6 : 1e3) : null;
  const count = Number(g.secondaryIndexes);
  if (before === null) return { unsupported: `into ${String(g.into)}` };
  if (g.primaryKey !== true) return { unsupported: 'primaryKey' };
  if (!(count >= 0 && count <= 6)) return { unsupported: 'secondaryIndexes' };
  const keys = Array.from({ length: 6 }, (_, i): ColumnSpec => ({ name: `k${i + 1}`, type: 'integer' }));
  const indexes = Object.fromEntries(keys.slice(0, count).map((k) => [`t_${k.name}`, { columns: [k.name], unique: false, build: 'inserts' } as const]));
  const database = open(g, [{ name: 'id', type: 'bigint' }, ...keys, { name: 'payload', type: 'text', bytes: PAYLOAD }], before, 'ascending', indexes, {});
  if (!database) return { unsupported: 'config' };
  // a table that was there has been written out; an empty one is new and has no page to put into the log
  const report = database.insert('t', rows, { afterCheckpoint: before > 0 });
  return { random: false, metrics: { wal_bytes_per_row: report.walBytes / rows, buffer_hits_per_row: report.buffers / rows } };
}

const SQL = /^select (\*|count\(\*\)|\w+(?:, *\w+)*) from \w+(?: where (\w+) *(=|between) *(\d+)(?: and (\d+))?)?(?: order by (\w+))?(?: limit (\d+))?;?$/i;

function queryOf(sql: string): Query | null {
  const m = SQL.exec(sql.trim());
  if (!m) return null;
  const op = m[3]?.toLowerCase() === 'between' ? 'between' : '=';
  return {
    table: 't', columns: m[1] === '*' ? '*' : /^count/i.test(m[1]!) ? 'count' : m[1]!.split(/, */),
    where: m[2] ? { column: m[2], op, values: op === 'between' ? [Number(m[4]), Number(m[5])] : [Number(m[4])] } : null,
    limit: m[7] ? Number(m[7]) : null, orderBy: m[6] ?? null,
  };
}
const SWITCHES: Readonly<Record<string, keyof Settings>> = {
  enable_seqscan: 'enableSeqscan', enable_indexscan: 'enableIndexscan', enable_indexonlyscan: 'enableIndexonlyscan', enable_bitmapscan: 'enableBitmapscan', enable_sort: 'enableSort',
};

function buffers(g: Given, rows: number, sql: string, indexes: DatabaseSpec['tables'][string]['indexes']): Predicted {
  const query = queryOf(sql);
  if (!query) return { unsupported: `sql ${sql}` };
  const settings: Record<string, boolean> = {};
  let serial = false;
  for (const set of String(g.pre ?? '').split(';').map((s) => s.trim()).filter(Boolean)) {
    const m = /^set (\w+) *= *(\w+)$/i.exec(set);
    if (m?.[1] === 'max_parallel_workers_per_gather' && m[2] === '0') serial = true;
    else if (m && SWITCHES[m[1]!]) settings[SWITCHES[m[1]!]!] = m[2] === 'on';
    else return { unsupported: `pre ${set}` };
  }
  const database = open(g, [{ name: 'id', type: 'bigint' }, { name: 'k', type: 'integer', order: 'ascending' }, { name: 'payload', type: 'text', bytes: PAYLOAD }], rows, 'ascending', indexes, settings);
  if (!database) return { unsupported: 'config' };
  const plan = database.plan(query).chosen, cold = /_cold$/.test(String(g.situation));
  if (plan.node === 'Seq Scan' && !serial && database.tables.get('t')!.heap.pages * 8192 >= PARALLEL_FROM) return { unsupported: 'a parallel plan' };
  let touched = 0;
  for (let time = cold ? 1 : 0; time < 2; time++) {
    touched = 0;
    for (const access of database.run(query, plan).accesses) if (access.phase === 'execution') touched += access.count;
  }
  return { random: false, metrics: { buffers: touched } };
}
