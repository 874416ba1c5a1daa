/** The part of JSON Schema that the project's schemas use, so that tests can hold real output against them. Unknown words throw. */
type Schema = Readonly<Record<string, unknown>>;

const KNOWN = new Set([
  '$schema', '$id', '$defs', '$ref', 'title', 'description', 'type', 'const', 'enum', 'properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems', 'minimum',
  'maximum', 'pattern', 'oneOf',
]);
const typeOf = (x: unknown): string => (x === null ? 'null' : Array.isArray(x) ? 'array' : Number.isInteger(x) ? 'integer' : typeof x);
const fits = (x: unknown, type: string): boolean => typeOf(x) === type || (type === 'number' && typeof x === 'number');

/** Complaints, as `path: what`; empty when `value` conforms. */
export function conforms(root: Schema, value: unknown, schema: Schema = root, path = '$'): string[] {
  for (const word of Object.keys(schema)) if (!KNOWN.has(word)) throw new Error(`schema word ${word} is not supported`);
  if (typeof schema.$ref === 'string') return conforms(root, value, (root.$defs as Record<string, Schema>)[schema.$ref.replace('#/$defs/', '')]!, path);
  if (schema.oneOf) {
    const fit = (schema.oneOf as Schema[]).filter((s) => conforms(root, value, s, path).length === 0);
    return fit.length === 1 ? [] : [`${path}: fits ${fit.length} of the forms`];
  }
  const out: string[] = [];
  const types = schema.type === undefined ? [] : ([] as string[]).concat(schema.type as string);
  if (types.length > 0 && !types.some((t) => fits(value, t))) return [`${path}: is not ${types.join(' or ')}`];
  if ('const' in schema && value !== schema.const) out.push(`${path}: is not ${String(schema.const)}`);
  if (schema.enum && !(schema.enum as unknown[]).includes(value)) out.push(`${path}: ${String(value)} is not allowed`);
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < (schema.minimum as number)) out.push(`${path}: ${value} is too small`);
    if (schema.maximum !== undefined && value > (schema.maximum as number)) out.push(`${path}: ${value} is too large`);
  }
  if (typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern as string).test(value)) out.push(`${path}: ${value} does not match`);
  if (Array.isArray(value)) {
    if (value.length < ((schema.minItems as number) ?? 0) || value.length > ((schema.maxItems as number) ?? Infinity)) out.push(`${path}: ${value.length} items`);
    if (schema.items) value.forEach((x, i) => out.push(...conforms(root, x, schema.items as Schema, `${path}[${i}]`)));
  } else if (typeof value === 'object' && value !== null) {
    const properties = (schema.properties ?? {}) as Record<string, Schema>;
    for (const key of (schema.required as string[]) ?? []) if (!(key in value)) out.push(`${path}: ${key} is missing`);
    for (const [key, x] of Object.entries(value)) {
      if (properties[key]) out.push(...conforms(root, x, properties[key], `${path}.${key}`));
      else if (schema.additionalProperties === false) out.push(`${path}: ${key} is not known`);
      else if (typeof schema.additionalProperties === 'object') out.push(...conforms(root, x, schema.additionalProperties as Schema, `${path}.${key}`));
    }
  }
  return out;
}
