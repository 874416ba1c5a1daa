/** `npm run fidelity` as programs call it: the published form, one family or file at a time, and the exit code (interfaces.md). */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { conforms } from '../support/json-schema';
import type { MeasuredCase } from './case';
import { TRUTH } from './judge';

const ROOT = join(import.meta.dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'roundtrip-fidelity-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const fidelity = (...args: string[]): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join(ROOT, 'test', 'fidelity', 'run.ts'), ...args], { maxBuffer: 1 << 26 }, (error, out) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, out }));
  });
const schema = JSON.parse(readFileSync(join(ROOT, 'src', 'model', 'schemas', 'fidelity.schema.json'), 'utf8'));
const { cases } = JSON.parse(readFileSync(join(TRUTH, 'syn-schedule.json'), 'utf8')) as { cases: MeasuredCase[] };
const written = (name: string, of: unknown): string => {
  const file = join(scratch, name);
  writeFileSync(file, JSON.stringify({ cases: of }));
  return file;
};

describe('the fidelity command', () => {
  it('writes the published form for every kind of case', async () => {
    const { code, out } = await fidelity('--json', ...['fetch', 'errors', 'page', 'postgres', 'pg-wire', 'proxy', 'alt-svc'].flatMap((f) => ['--family', f]));
    expect(code).toBe(0);
    expect(conforms(schema, JSON.parse(out))).toEqual([]);
  });
  it('judges the families that are named', async () => {
    const { out } = await fidelity('--json', '--family', 'tls', '--family', 'dns');
    expect(JSON.parse(out).families.map((f: { family: string }) => f.family).sort()).toEqual(['dns', 'tls']);
  });
  it('exits with 1 when a claimed family does not agree, and shows by how much', async () => {
    const slower = cases.map((c) => ({ ...c, measured: Object.fromEntries(Object.entries(c.measured).map(([k, m]) => [k, { median: m.median * 2, min: m.min * 2, max: m.max * 2 }])) }));
    const { code, out } = await fidelity(written('slower.json', slower));
    expect(code).toBe(1);
    expect(out).toMatch(/✕ \w+ +measured [\d.]+, ours [\d.]+, within/);
  });
  it('names what it does not cover, and neither passes nor fails it', async () => {
    const { code, out } = await fidelity('--json', written('unknown.json', [{ ...cases[0]!, given: { ...cases[0]!.given, gravity: 'none' } }]));
    const [verdict] = JSON.parse(out).cases;
    expect([code, verdict.status]).toEqual([0, 'unsupported']);
    expect(verdict.why).toMatch(/gravity/);
  });
});
