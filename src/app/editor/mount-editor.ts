/**
 * CodeMirror for scenario files. Law: it lives in a shadow root, where its styles are adopted sheets, which the strict policy
 * allows; Tab leaves the editor (there is no keyboard trap).
 */
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, foldGutter, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { linter, lintGutter, type Diagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import schema from '../../../scenarios/schema.json';
import type { Complaint } from '../../base/result';
import { PARAMS } from '../../scenario/params';
import { completionSource, type JsonSchema } from './completion';
import { rangeOf, splitPath, type JsonPath } from './json-path';

export interface EditorOptions {
  readonly text: string;
  readonly label: string;
  /** Complaints about a text; called when typing rests. */
  readonly check: (text: string) => readonly Complaint[];
  readonly onchange: (text: string) => void;
}
export interface MountedEditor {
  /** Replaces the text; nothing happens when it is the same. */
  set(text: string): void;
  /** Moves the cursor to where a complaint stands. */
  show(complaint: Complaint): void;
  destroy(): void;
}

/** Options of a protocol come from the parameter table. */
function tableKeys(path: JsonPath): { key: string; detail: string }[] {
  const at = path.join('.');
  const prefix = at.startsWith('stack.') ? at : /\.params\.(tcp|tls|dns)$/.exec(at) ? `stack.${String(path[path.length - 1])}` : '';
  if (!prefix) return [];
  return PARAMS.filter((p) => p.path.startsWith(`${prefix}.`)).map((p) => ({ key: p.path.slice(prefix.length + 1), detail: `${p.type}, ${String(p.default)}` }));
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, fontWeight: '600' }, { tag: tags.string, color: 'var(--http-line)' }, { tag: [tags.number, tags.bool, tags.null], color: 'var(--transport-line)' },
]);
const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--paper)', fontSize: 'var(--small)' },
  '.cm-scroller': { fontFamily: 'ui-monospace, monospace', lineHeight: '1.5' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--ink3)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--ink) 6%, transparent)' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '&.cm-focused': { outline: '2px solid var(--ink)', outlineOffset: '-2px' },
  '.cm-tooltip': { backgroundColor: 'var(--panel)', color: 'var(--ink)', border: '1px solid var(--control)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--ink)', color: 'var(--paper)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--failure)' },
});

export function mountEditor(parent: HTMLElement, options: EditorOptions): MountedEditor {
  const root = parent.attachShadow({ mode: 'open' });
  const check = linter((view): Diagnostic[] =>
    options.check(view.state.doc.toString()).map((c) => {
      const { from, to } = rangeOf(view.state, splitPath(c.where));
      return { from, to, severity: 'error', message: `${c.where}: ${c.what}; ${c.cure}` };
    }), { delay: 250 });
  const view = new EditorView({
    root,
    parent: root as unknown as HTMLElement,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(), foldGutter(), history(), bracketMatching(), closeBrackets(), highlightActiveLine(), json(), syntaxHighlighting(colours),
        autocompletion({ override: [completionSource(schema as unknown as JsonSchema, tableKeys)] }), lintGutter(), check, theme,
        keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]), EditorView.contentAttributes.of({ 'aria-label': options.label, spellcheck: 'false' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onchange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    set: (text) => {
      if (view.state.doc.toString() !== text) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    show: (complaint) => {
      const { from } = rangeOf(view.state, splitPath(complaint.where));
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
