/** From a scenario's description of a database to the storage's: defaults, quantities, indexes that are not there taken out. */
import { parseQuantity } from '../base/quantity';
import type { Complaint } from '../base/result';
import { complaintsAbout, SETTINGS, type DatabaseSpec, type TableSpec } from '../storage/index';
import type { Scenario } from './schema';

export type ScenarioDatabase = NonNullable<NonNullable<Scenario['network']['hosts'][string]['params']>['database']>;

export function databaseOf(given: ScenarioDatabase, where: string, errors: Complaint[]): Record<string, unknown> {
  const { tables, ...rest } = given;
  const costs = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, typeof value === 'string' ? parseQuantity(value, 'duration')! : value]));
  const specs: Record<string, TableSpec> = {};
  for (const [name, t] of Object.entries(tables)) {
    const indexes = Object.entries(t.indexes ?? {}).filter(([, index]) => index.present !== false);
    specs[name] = {
      rows: t.rows, primaryKey: t.primaryKey, order: t.order ?? 'ascending', allVisible: t.allVisible ?? 1,
      columns: t.columns.map((c) => Object.fromEntries(Object.entries(c).filter(([, value]) => value !== undefined))) as unknown as TableSpec['columns'],
      indexes: Object.fromEntries(indexes.map(([index, { columns, unique, build }]) => [index, { columns, unique: unique ?? false, build: build ?? 'bulk' }])),
    };
  }
  const spec: DatabaseSpec = { sharedBuffersBytes: SETTINGS.sharedBuffers, tables: specs };
  for (const text of complaintsAbout(spec)) {
    const [path = '', what = '', cure = ''] = text.split(/: |; /);
    errors.push({ where: `${where}.${path}`, what, cure });
  }
  return { ...costs, tables: specs };
}
