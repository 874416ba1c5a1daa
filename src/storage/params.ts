/** Parameter table of the database: PostgreSQL's settings and costs of the planner, and what its work costs the machine. */
import { MS } from '../base/time';
import type { ParamSpec } from '../model/params';

const CONFIG = 'PostgreSQL 15 documentation §20.7';
const MIB = 1 << 20;
const setting = (key: string, type: ParamSpec['type'], value: number | boolean, min: number, max: number, source: string): ParamSpec =>
  ({ path: `stack.postgres.${key}`, type, default: value, ...(typeof value === 'number' ? { min, max } : {}), source, words: `postgres${key[0]!.toUpperCase()}${key.slice(1)}` });
const cost = (key: keyof MachineCosts, value: number, max: number, source: string): ParamSpec =>
  ({ path: `network.hosts.*.params.database.${key}`, type: 'duration', default: value, min: 0, max, source, words: `database${key[0]!.toUpperCase()}${key.slice(1)}` });

/** Costs of the planner are ratios to one page read in order (`seqPageCost` 1). */
export const STORAGE_PARAMS: readonly ParamSpec[] = [
  setting('sharedBuffers', 'bytes', 128 * MIB, 128 * 1024, 64 * 1024 * MIB, 'PostgreSQL 15 documentation §20.4: shared_buffers as initdb sets it'),
  setting('seqPageCost', 'ratio', 1, 0, 1000, `${CONFIG}: seq_page_cost`),
  setting('randomPageCost', 'ratio', 4, 0, 1000, `${CONFIG}: random_page_cost`),
  setting('cpuTupleCost', 'ratio', 0.01, 0, 1000, `${CONFIG}: cpu_tuple_cost`),
  setting('cpuIndexTupleCost', 'ratio', 0.005, 0, 1000, `${CONFIG}: cpu_index_tuple_cost`),
  setting('cpuOperatorCost', 'ratio', 0.0025, 0, 1000, `${CONFIG}: cpu_operator_cost`),
  setting('effectiveCacheSize', 'bytes', 4096 * MIB, 8192, 1024 * 1024 * MIB, `${CONFIG}: effective_cache_size`),
  setting('workMem', 'bytes', 4 * MIB, 64 * 1024, 64 * 1024 * MIB, 'PostgreSQL 15 documentation §20.4: work_mem'),
  setting('enableSeqscan', 'switch', true, 0, 0, `${CONFIG}: enable_seqscan; plans are without parallel workers and JIT (max_parallel_workers_per_gather 0, jit off), which PostgreSQL 15 has on for large tables`),
  setting('enableIndexscan', 'switch', true, 0, 0, `${CONFIG}: enable_indexscan`),
  setting('enableIndexonlyscan', 'switch', true, 0, 0, `${CONFIG}: enable_indexonlyscan`),
  setting('enableBitmapscan', 'switch', true, 0, 0, `${CONFIG}: enable_bitmapscan`),
  setting('enableSort', 'switch', true, 0, 0, `${CONFIG}: enable_sort`),
  setting('fillfactor', 'integer', 90, 50, 100, 'PostgreSQL 15 CREATE INDEX: fillfactor of B-trees, per cent'),
  setting('ringBytes', 'bytes', 256 * 1024, 8192, 16 * MIB, 'src/backend/storage/buffer/freelist.c: BAS_BULKREAD, 256 KB, for tables above a quarter of shared buffers'),
  setting('fullPageWrites', 'switch', true, 0, 0, 'PostgreSQL 15 documentation §20.5: full_page_writes'),
  setting('synchronizeSeqscans', 'switch', true, 0, 0, 'PostgreSQL 15 documentation §20.13: synchronize_seqscans, for tables above a quarter of shared buffers (src/backend/access/common/syncscan.c); here each scan still reads its own pages, where PostgreSQL’s would share most of them'),
  setting('scanRun', 'integer', 1024, 1, 1 << 20, 'of this model: blocks that a scan in order takes up at once; the pages counted do not depend on it'),
  setting('profilePages', 'integer', 8192, 256, 1 << 17, 'of this model: leaves of the profile of a randomly grown tree; larger trees repeat it'),
  cost('pageHit', 500, MS, 'order of magnitude: look-up, pin and lock of a page in shared buffers'),
  cost('heapTuple', 28, MS, 'measured, PostgreSQL 15: 37 ms for a scan of 1,000,000 rows in 18,182 cached pages, less the pages'),
  cost('indexTuple', 58, MS, 'measured, PostgreSQL 15: 61 µs for 1,000 entries on 6 cached pages, less the pages; also taken for a comparison on the way down'),
  cost('planTime', 15_000, 100 * MS, 'measured, PostgreSQL 15: planning time of look-ups by key, statement repeated in a session'),
  cost('pageRead', 100_000, 1000 * MS, 'order of magnitude: random read of 8 KiB from an SSD; 3 µs from the page cache of the system, 10 ms from a disk that turns'),
  cost('pageReadNext', 4_000, 1000 * MS, 'order of magnitude: each further page of a run, 8 KiB at 2 GB/s with read-ahead; 33 µs from a disk that turns'),
];

/** The settings that a database is opened with; sizes in bytes, costs relative to a page read in order. */
export interface Settings {
  readonly seqPageCost: number;
  readonly randomPageCost: number;
  readonly cpuTupleCost: number;
  readonly cpuIndexTupleCost: number;
  readonly cpuOperatorCost: number;
  readonly effectiveCacheSize: number;
  readonly workMem: number;
  readonly enableSeqscan: boolean;
  readonly enableIndexscan: boolean;
  readonly enableIndexonlyscan: boolean;
  readonly enableBitmapscan: boolean;
  readonly enableSort: boolean;
  readonly fillfactor: number;
  readonly ringBytes: number;
  readonly fullPageWrites: boolean;
  readonly synchronizeSeqscans: boolean;
  readonly scanRun: number;
  readonly profilePages: number;
}
const after = (prefix: string): Record<string, ParamSpec['default']> =>
  Object.fromEntries(STORAGE_PARAMS.filter((p) => p.path.startsWith(prefix)).map((p) => [p.path.slice(prefix.length), p.default]));
/** Defaults of the parameter table. */
export const SETTINGS = after('stack.postgres.') as unknown as Settings & { readonly sharedBuffers: number };

/** What work costs, ns. */
export interface MachineCosts {
  readonly pageHit: number;
  readonly heapTuple: number;
  readonly indexTuple: number;
  readonly planTime: number;
  readonly pageRead: number;
  readonly pageReadNext: number;
}
/** Defaults of the parameter table. */
export const MACHINE_COSTS = after('network.hosts.*.params.database.') as unknown as MachineCosts;
