/** The scenario editor's logic on half-written text: where a complaint stands, and what may be written at the cursor. */
import { json } from '@codemirror/lang-json';
import { ensureSyntaxTree } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import schema from '../../scenarios/schema.json';
import { offersAt, type JsonSchema } from '../../src/app/editor/completion';
import { placeAt, rangeOf, splitPath } from '../../src/app/editor/json-path';

/** Text with `|` at the cursor. */
function at(text: string): { state: EditorState; position: number } {
  const position = text.indexOf('|');
  const state = EditorState.create({ doc: text.replace('|', ''), extensions: [json()] });
  ensureSyntaxTree(state, state.doc.length, 5000);
  return { state, position };
}
const labels = (text: string): string[] => {
  const { state, position } = at(text);
  return (offersAt(schema as unknown as JsonSchema, state, position, () => [])?.offers ?? []).map((o) => o.label);
};

describe('where a complaint stands', () => {
  const text = '{"network": {"hosts": {"a.b": {"params": {"site": {"/style.css": {"bytes": "x"}}}}}}, "visits": [{"url": 1}, {"url": 2}]}';
  const slice = (where: string): string => {
    const { state } = at(`${text}|`);
    const { from, to } = rangeOf(state, splitPath(where));
    return state.sliceDoc(from, to);
  };
  it.each([
    ['visits[1].url', '"url": 2'],
    ['visits[0]', '{"url": 1}'],
    ['network.hosts.a.b.params.site./style.css.bytes', '"bytes": "x"'],
    ['network.hosts.a.b.params.nothing', '"params": {"site": {"/style.css": {"bytes": "x"}}}'],
  ])('%s', (where, found) => expect(slice(where)).toBe(found));
});

describe('what may be written', () => {
  it('keys of the root, without those that are there', () => {
    const found = labels('{"version": 1, "id": "x", "|"}');
    expect(found).toEqual(expect.arrayContaining(['title', 'network', 'workload', 'faults', 'lanes']));
    expect(found).not.toContain('version');
  });
  it('keys of a link and of a host', () => {
    expect(labels('{"network": {"links": {"wire": {"a": "x", "|"}}}}')).toEqual(expect.arrayContaining(['b', 'rtt', 'latency', 'loss', 'bandwidth', 'mtu']));
    expect(labels('{"network": {"hosts": {"edge": {"|"}}}}')).toEqual(expect.arrayContaining(['kind', 'title', 'address', 'params']));
  });
  it('values where they are a choice', () => {
    expect(labels('{"network": {"hosts": {"edge": {"kind": "|"}}}}')).toEqual(expect.arrayContaining(['browser', 'web-server', 'app-server']));
    expect(labels('{"workload": {"profile": |}}')).toEqual(['plain', 'curl', 'browser']);
    expect(labels('{"workload": {"sequential": |}}')).toEqual(['true', 'false']);
  });
  it('items of arrays by their alternatives', () => {
    expect(labels('{"faults": [{"do": "drop", "|"}]}')).toEqual(expect.arrayContaining(['where', 'nth', 'count', 'at']));
    expect(labels('{"faults": [{"do": "|"}]}')).toEqual(expect.arrayContaining(['drop', 'delay', 'stop', 'down', 'servfail']));
  });
  it('nothing outside of an object', () => {
    const { state, position } = at('|');
    expect(placeAt(state, position)).toBeNull();
  });
});
