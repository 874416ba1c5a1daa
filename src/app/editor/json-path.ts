/** Where in a JSON text a place of the value stands, and the other way round; from the editor's own syntax tree, so that half-written text works too. */
import { syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';

/** Keys and indices from the root down. */
export type JsonPath = readonly (string | number)[];
type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>['resolveInner']>;

/** `network.links[0].rtt` to its keys. Names with dots inside are tried whole first by `rangeOf`. */
export function splitPath(where: string): (string | number)[] {
  return where.split(/\.|(?=\[)/).filter((p) => p !== '').map((p) => (/^\[\d+\]$/.test(p) ? Number(p.slice(1, -1)) : p));
}

const nameOf = (state: EditorState, property: SyntaxNode): string => {
  const name = property.getChild('PropertyName');
  if (!name) return '';
  const text = state.sliceDoc(name.from, name.to);
  try {
    return String(JSON.parse(text));
  } catch {
    return text.replace(/^"|"$/g, '');
  }
};
const isValue = (node: SyntaxNode): boolean => ['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null'].includes(node.name);
const valuesOf = (node: SyntaxNode): SyntaxNode[] => {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) if (isValue(child)) found.push(child);
  return found;
};

/** The range of the value at a path; where the path ends early, of the last thing that is there. */
export function rangeOf(state: EditorState, path: JsonPath): { readonly from: number; readonly to: number } {
  let at: SyntaxNode | null = syntaxTree(state).topNode.firstChild;
  let found = { from: 0, to: Math.min(1, state.doc.length) };
  for (let i = 0; i < path.length && at; ) {
    const step: string | number = path[i]!;
    if (at.name === 'Array') {
      at = typeof step === 'number' ? (valuesOf(at)[step] ?? null) : null;
      i++;
    } else if (at.name === 'Object') {
      const properties: SyntaxNode[] = at.getChildren('Property');
      // a key may hold dots (`shop.example`, `/style.css`): the longest that fits
      let taken = 0;
      let next: SyntaxNode | null = null;
      for (let n = path.length - i; n > 0 && !next; n--) {
        const key = path.slice(i, i + n).join('.');
        const property = properties.find((p) => nameOf(state, p) === key);
        if (!property) continue;
        next = valuesOf(property).pop() ?? null;
        taken = n;
        found = { from: property.from, to: property.to };
      }
      at = next;
      i += Math.max(1, taken);
    } else at = null;
    if (at) found = { from: at.parent?.name === 'Property' ? at.parent.from : at.from, to: at.to };
  }
  return found;
}

export interface PlaceInJson {
  /** Path of the object or array that holds the place, or of the property whose value it is. */
  readonly path: JsonPath;
  /** What is being written: a key of the object at `path`, or the value at `path`. */
  readonly writing: 'key' | 'value';
  /** Range of the token under the cursor, quotes included; empty when there is none. */
  readonly from: number;
  readonly to: number;
  /** Keys that the object has already. */
  readonly taken: readonly string[];
}
/** What stands at a position, for completion; null outside of any object. */
export function placeAt(state: EditorState, position: number): PlaceInJson | null {
  let node: SyntaxNode | null = syntaxTree(state).resolveInner(position, -1);
  const token = node.name === 'PropertyName' || node.name === 'String' ? node : null;
  let writing: 'key' | 'value' = 'key';
  if (token?.name === 'String' && token.parent?.name === 'Property') writing = 'value';
  else if (!token) {
    // between tokens: after a colon a value is due, elsewhere in an object a key
    const before = state.sliceDoc(Math.max(0, position - 200), position).trimEnd();
    writing = before.endsWith(':') || (node.name === 'Array' && /[[,]$/.test(before)) ? 'value' : 'key';
  }
  const path: (string | number)[] = [];
  let owner: SyntaxNode | null = null;
  for (; node; node = node.parent) {
    if (node.name === 'Property') {
      const inKey = writing === 'key' && owner === null && (token?.name === 'PropertyName' || node.getChild('PropertyName')?.to === undefined);
      if (!inKey && !(owner === null && writing === 'key')) path.unshift(nameOf(state, node));
    } else if (node.name === 'Array') {
      path.unshift(valuesOf(node).filter((v) => v.to < position).length);
    }
    if (node.name === 'Object' && !owner) owner = node;
  }
  if (!owner && writing === 'key') return null;
  const taken = owner ? owner.getChildren('Property').map((p) => nameOf(state, p)).filter((n) => n !== '') : [];
  return { path, writing, from: token?.from ?? position, to: token?.to ?? position, taken };
}
