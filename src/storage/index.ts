/** Storage as PostgreSQL 15 has it: what others may use. Pages, trees, shared buffers, planner and executor; no bytes of pages are made. */
export { accessCost, heapShape, indexShape, openDatabase, type Database } from './database';
export { newRead, type PageRead } from './buffer-pool';
export { CATALOGUE_PAGES, literalType, type Access, type Reading, type Session } from './executor';
export type { InsertReport } from './insert';
export { MACHINE_COSTS, SETTINGS, STORAGE_PARAMS, type MachineCosts, type Settings } from './params';
export { complaintsAbout, sqlOf, type ColumnSpec, type DatabaseSpec, type IndexSpec, type Query, type TableSpec } from './spec';
