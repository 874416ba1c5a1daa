/** What people hand in: good scenarios pass, hostile and wrong ones get one clear complaint and change nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schemaText, SCHEMA_FILE } from '../../src/dev/generate-schema';
import { compilePlan } from '../../src/scenario/compile';
import { faultText } from '../../src/scenario/fault-text';
import { parseFaultText } from '../../src/scenario/fault-parse';
import { checkScenario, parseScenario } from '../../src/scenario/parse';
import type { Scenario } from '../../src/scenario/schema';

const FOLDER = join(import.meta.dirname, '..', '..', 'scenarios');
const files = readdirSync(FOLDER).filter((f) => f.endsWith('.json') && f !== 'schema.json');
const text = readFileSync(join(FOLDER, 'first-visit.json'), 'utf8');
const good = JSON.parse(text) as Scenario;
const edited = (edit: (s: Record<string, never>) => void): string => {
  const copy = structuredClone(good) as unknown as Record<string, never>;
  edit(copy);
  return JSON.stringify(copy);
};

describe('scenario files', () => {
  it.each(files)('%s parses, compiles and has at least four scenes', (file) => {
    const parsed = parseScenario(readFileSync(join(FOLDER, file), 'utf8'));
    expect(parsed.ok ? [] : parsed.errors).toEqual([]);
    if (!parsed.ok) return;
    expect(parsed.value.id).toBe(file.replace('.json', ''));
    expect(parsed.value.scenes!.length).toBeGreaterThanOrEqual(4);
    expect(compilePlan(parsed.value).ok).toBe(true);
  });
  it('the published JSON Schema is the validator’s own', () => expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(schemaText()));
});

describe('hostile and wrong input', () => {
  const deep = '['.repeat(40) + ']'.repeat(40);
  const cases: [string, string, RegExp, RegExp][] = [
    ['not JSON', '{"version": 1,', /^file$/, /not JSON/],
    ['too large', `"${'x'.repeat(300_000)}"`, /^file$/, /characters/],
    ['too deep', `{"version":1,"a":${deep}}`, /a/, /nested deeper/],
    ['a prototype key', text.replace('"id"', '"__proto__"'), /__proto__/, /forbidden/],
    ['a constructor key', edited((s) => Object.assign(s, { constructor: { a: 1 } })), /constructor/, /forbidden/],
    ['an infinite number', text.replace('"seed": 1', '"seed": 1e999'), /seed/, /finite/],
    ['turned text', edited((s) => Object.assign(s, { title: 'a\u202eb' })), /title/, /direction/],
    ['an unknown key', edited((s) => Object.assign(s, { colour: 'red' })), /colour/, /not known/],
    ['a missing key', edited((s) => delete (s as Record<string, unknown>).workload), /workload/, /missing/],
    ['another version', edited((s) => Object.assign(s, { version: 2 })), /version/, /2/],
    ['a wrong unit', text.replace('"80 ms"', '"80 parsecs"'), /rtt/, /not a duration/],
    ['markup where a name belongs', edited((s) => Object.assign(s, { id: '<img onerror=x>' })), /id/, /name/],
    ['a huge event budget', edited((s) => Object.assign(s, { limits: { events: 1e12 } })), /limits.events/, /1000000000000/],
  ];
  it.each(cases)('%s: says where and what, at once', (_, input, where, what) => {
    const before = Object.keys(Object.prototype).length;
    const start = process.hrtime.bigint();
    const result = parseScenario(input);
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(1000);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.errors[0]!.where).toMatch(where);
    expect(`${result.errors[0]!.what}`).toMatch(what);
    expect(result.errors[0]!.cure.length).toBeGreaterThan(3);
    expect(Object.keys(Object.prototype).length).toBe(before);
  });
  it('a wrong setting names the nearest parameter', () => {
    const plan = compilePlan(good, { set: { 'network.links.client.rt': '5 ms' } });
    expect(plan.ok ? '' : plan.errors[0]!.cure).toContain('network.links.client.rtt');
  });
  it.each([
    ['network.links.client.rtt', '-5 ms'], ['stack.tcp.initialWindow', '0'], ['stack.tls.version', '1.4'], ['network.links.client.loss', '200'], ['__proto__.x', '1'], ['network.hosts.nobody.cores', '2'],
  ])('%s = %s is refused with a complaint', (path, value) => {
    const plan = compilePlan(good, { set: { [path]: value } });
    expect(plan.ok).toBe(false);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
  it('a host, link or address that does not exist is named', () => {
    const wrong = checkScenario(JSON.parse(edited((s) => Object.assign(s, { faults: [{ do: 'stop', host: 'nobody' }] }))));
    expect(wrong.ok).toBe(true);
    const plan = wrong.ok ? compilePlan(wrong.value) : wrong;
    expect(plan.ok ? '' : plan.errors[0]!.what).toContain('nobody');
  });
});

describe('faults in a URL', () => {
  it.each([
    { do: 'drop', where: { link: 'client', from: 'edge', select: 'ServerHello', transmission: 1 }, at: 0.67 }, { do: 'delay', where: { flow: 'browser>edge:443#1', range: [0, 1] }, by: '100 ms', nth: 2 },
    { do: 'stop', host: 'edge', from: '231000 us' }, { do: 'down', link: 'client', from: '1 s', until: '2 s' }, { do: 'nxdomain', host: 'auth', name: 'shop.example' },
  ] as const)('round trip %#', (fault) => {
    const back = parseFaultText(faultText(fault as never));
    expect(back).toEqual({ ok: true, value: fault });
  });
  it.each(['drop', 'explode(link=client)', 'drop(link=%ZZ)', 'drop(__proto__=1)', `drop(${'a'.repeat(900)})`])('%s is refused', (bad) => expect(parseFaultText(bad).ok).toBe(false));
});
