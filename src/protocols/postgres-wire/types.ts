/** Types of columns on the wire: object id and fixed size, -1 when it varies (PostgreSQL 15 pg_type.dat). */
import type { ColumnType } from '../../model/statement';

export const TYPES: Readonly<Record<ColumnType, { readonly oid: number; readonly size: number }>> = {
  bool: { oid: 16, size: 1 }, bytea: { oid: 17, size: -1 }, int8: { oid: 20, size: 8 }, int2: { oid: 21, size: 2 }, int4: { oid: 23, size: 4 }, text: { oid: 25, size: -1 },
  float8: { oid: 701, size: 8 }, bpchar: { oid: 1042, size: -1 }, varchar: { oid: 1043, size: -1 }, date: { oid: 1082, size: 4 }, timestamptz: { oid: 1184, size: 8 },
  numeric: { oid: 1700, size: -1 }, uuid: { oid: 2950, size: 16 }, jsonb: { oid: 3802, size: -1 },
};
/** Names by object id. */
export const OIDS: ReadonlyMap<number, ColumnType> = new Map(Object.entries(TYPES).map(([name, { oid }]) => [oid, name as ColumnType]));
/** Name of a type; `text` for one that the model does not know. */
export const typeOf = (oid: number): ColumnType => OIDS.get(oid) ?? 'text';
