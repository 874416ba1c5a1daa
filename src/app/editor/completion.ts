/** Completion for scenario files, from the published JSON Schema: keys of the object under the cursor, values where the schema or the table lists them. */
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { EditorState } from '@codemirror/state';
import { placeAt, type JsonPath } from './json-path';

/** What of JSON Schema (draft 7) the scenario schema uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** All schemas that a value at this path may follow. */
export function schemasAt(root: JsonSchema, path: JsonPath): JsonSchema[] {
  const open = (s: JsonSchema): JsonSchema[] => [s, ...(s.anyOf ?? []).flatMap(open), ...(s.oneOf ?? []).flatMap(open)];
  let at = open(root);
  for (const step of path) {
    at = at.flatMap((s) => {
      const next: JsonSchema[] = [];
      if (typeof step === 'number') {
        if (Array.isArray(s.items)) next.push(...(s.items as readonly JsonSchema[]).slice(step, step + 1));
        else if (s.items) next.push(s.items as JsonSchema);
      } else if (s.properties && Object.hasOwn(s.properties, step)) next.push(s.properties[step]!);
      else if (typeof s.additionalProperties === 'object') next.push(s.additionalProperties);
      return next.flatMap(open);
    });
  }
  return at;
}

export interface Offer {
  readonly label: string;
  /** Written into the text, quotes included. */
  readonly apply: string;
  readonly detail: string;
  /** Required keys come first. */
  readonly boost: number;
}
/** `more`: keys that the schema leaves open, by path (options of a protocol from the parameter table). */
export function offersAt(root: JsonSchema, state: EditorState, position: number, more: (path: JsonPath) => readonly { readonly key: string; readonly detail: string }[]): { readonly from: number; readonly to: number; readonly offers: readonly Offer[] } | null {
  const place = placeAt(state, position);
  if (!place) return null;
  const schemas = schemasAt(root, place.path);
  const offers = new Map<string, Offer>();
  if (place.writing === 'key') {
    for (const s of schemas) {
      for (const [key, value] of Object.entries(s.properties ?? {})) {
        if (place.taken.includes(key)) continue;
        const needed = s.required?.includes(key) === true;
        offers.set(key, { label: key, apply: `"${key}": ${blank(value)}`, detail: kindOf(value), boost: needed ? 1 : 0 });
      }
    }
    for (const { key, detail } of more(place.path)) if (!place.taken.includes(key)) offers.set(key, { label: key, apply: `"${key}": `, detail, boost: 0 });
  } else {
    for (const s of schemas) {
      for (const value of s.const === undefined ? (s.enum ?? (s.type === 'boolean' ? [true, false] : [])) : [s.const]) {
        offers.set(String(value), { label: String(value), apply: JSON.stringify(value), detail: '', boost: 0 });
      }
    }
  }
  return offers.size === 0 ? null : { from: place.from, to: place.to, offers: [...offers.values()] };
}
const kindOf = (s: JsonSchema): string => s.type ?? (s.enum ? s.enum.map(String).join(' | ') : (s.anyOf ?? s.oneOf ?? []).map(kindOf).filter(Boolean).join(' | '));
/** What a new value begins with. */
const blank = (s: JsonSchema): string => (s.type === 'object' ? '{}' : s.type === 'array' ? '[]' : s.type === 'string' ? '""' : s.const === undefined ? '' : JSON.stringify(s.const));

/** For CodeMirror's autocompletion. */
export function completionSource(root: JsonSchema, more: Parameters<typeof offersAt>[3]): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const found = offersAt(root, context.state, context.pos, more);
    if (!found || (!context.explicit && found.from === context.pos)) return null;
    return { from: found.from, to: found.to, options: found.offers.map((o) => ({ label: o.label, apply: o.apply, detail: o.detail, boost: o.boost })), filter: false };
  };
}
