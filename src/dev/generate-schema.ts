/** `npm run schema`: writes `scenarios/schema.json` (JSON Schema draft-07) from the validator's own schema. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { scenarioSchema } from '../scenario/schema';

export const SCHEMA_FILE = join(import.meta.dirname, '..', '..', 'scenarios', 'schema.json');
/** The schema's text; checks that JSON Schema cannot say (units of quantities) stay with the validator. */
export function schemaText(): string {
  const schema = toJsonSchema(scenarioSchema, { errorMode: 'ignore', target: 'draft-07' });
  return `${JSON.stringify({ title: 'Roundtrip scenario', ...schema }, null, 1)}\n`;
}
if (process.argv[1]?.endsWith('generate-schema.ts')) writeFileSync(SCHEMA_FILE, schemaText());
