/** `simulate` as people and programs call it: exit codes, where messages go, shapes that stay (interfaces.md). */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { conforms } from '../support/json-schema';

const ROOT = join(import.meta.dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'roundtrip-cli-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const simulate = (...args: string[]): Promise<Said> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join(ROOT, 'src', 'cli.ts'), ...args], { maxBuffer: 1 << 26 }, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, err }));
  });
const written = (name: string, text: string): string => {
  const file = join(scratch, name);
  writeFileSync(file, text);
  return file;
};
const firstVisit = readFileSync(join(ROOT, 'scenarios', 'first-visit.json'), 'utf8');

describe('simulate runs', () => {
  it('writes a summary of the published form to standard output', async () => {
    const { code, out, err } = await simulate('first-visit');
    expect([code, err]).toEqual([0, '']);
    const schema = JSON.parse(readFileSync(join(ROOT, 'src', 'model', 'schemas', 'summary.schema.json'), 'utf8'));
    expect(conforms(schema, JSON.parse(out))).toEqual([]);
  });
  it('takes a file, settings and a seed, and the settings are felt', async () => {
    const file = written('own.json', firstVisit);
    const [plain, far] = await Promise.all([simulate(file, '--seed', '7'), simulate(file, '--seed', '7', '--set', 'network.links.client.rtt=200 ms')]);
    const total = (said: Said): number => JSON.parse(said.out).runs[0].requests[0].totalNs;
    expect([plain.code, far.code, JSON.parse(plain.out).seed]).toEqual([0, 0, 7]);
    expect(total(far)).toBeGreaterThan(total(plain) + 100e6);
  });
  it('exits with 0 when what was simulated fails', async () => {
    const scenario = JSON.parse(firstVisit);
    scenario.faults = [{ do: 'nxdomain', host: 'auth' }];
    const { code, out } = await simulate(written('nxdomain.json', JSON.stringify(scenario)));
    expect(code).toBe(0);
    expect(JSON.parse(out).runs[0].requests[0].error.curl).toBe(6);
  });
  it('writes text and traces, into a file if told', async () => {
    const file = join(scratch, 'trace.json');
    const [text, trace] = await Promise.all([simulate('tls-1.2-or-1.3', '--format', 'text'), simulate('first-visit', '--format', 'trace', '--out', file)]);
    expect([text.code, trace.code, trace.out]).toEqual([0, 0, '']);
    expect(text.out.match(/^# /gm)).toHaveLength(2);
    const [run] = JSON.parse(readFileSync(file, 'utf8')).runs;
    expect(run.columns.time.length).toBe(run.columns.kind.length);
    expect(run.pdus.length).toBeGreaterThan(50);
  });
});

describe('simulate exports', () => {
  it('packet captures through a pipe and into a file, the same bytes, of the lane and place that are asked for', async () => {
    const file = join(scratch, 'run.pcapng');
    const piped = await new Promise<Buffer>((resolve, reject) => {
      const args = [join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join(ROOT, 'src', 'cli.ts'), 'first-visit', '--format', 'pcapng', '--at', 'edge'];
      execFile(process.execPath, args, { encoding: 'buffer', maxBuffer: 1 << 26 }, (error, out) => (error ? reject(error) : resolve(out)));
    });
    const { code, out } = await simulate('first-visit', '--format', 'pcapng', '--at', 'edge', '--out', file);
    expect([code, out]).toEqual([0, '']);
    expect(piped.readUInt32LE(0)).toBe(0x0a0d0d0a);
    expect(readFileSync(file).equals(piped)).toBe(true);
  });
  it('one lane where the format holds no more, and says so; with the date that is given', async () => {
    const [keys, chosen, har] = await Promise.all([
      simulate('tls-1.2-or-1.3', '--format', 'keylog'), simulate('tls-1.2-or-1.3', '--format', 'keylog', '--lane', 'tls-1.2'),
      simulate('first-visit', '--format', 'har', '--epoch', '2020-02-29T23:59:59.5Z'),
    ]);
    expect(keys.err).toMatch(/^--format: keylog holds one run; this is "tls-1.3"; choose with --lane tls-1.3\|tls-1.2/);
    expect([keys.out.split(' ')[0], chosen.out.split(' ')[0], chosen.err]).toEqual(['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'CLIENT_RANDOM', '']);
    expect(JSON.parse(har.out).log.entries[0].startedDateTime).toBe('2020-02-29T23:59:59.500000Z');
  });
});

describe('simulate refuses', () => {
  it.each([
    ['an unknown scenario', ['nope'], 1, /^scenario: there is no scenario "nope"; use one of .*first-visit/],
    ['an unknown setting, with the nearest one', ['first-visit', '--set', 'network.links.client.rt=5ms'], 1, /^network\.links\.client\.rt: .*; .*network\.links\.client\.rtt\?/],
    ['a setting out of range', ['first-visit', '--set', 'network.links.client.rtt=-5 ms'], 1, /^network\.links\.client\.rtt: .+; .+/],
    ['a file that is not JSON', [written('broken.json', '{')], 1, /^file: .*not JSON.*; .+/],
    ['a file with a forbidden key', [written('proto.json', firstVisit.replace('"id"', '"__proto__"'))], 1, /__proto__/],
    ['no scenario', [], 2, /usage: simulate SCENARIO/],
    ['an unknown option', ['first-visit', '--sed', '1'], 2, /--sed.*usage: /],
    ['an unknown format', ['first-visit', '--format', 'png'], 2, /"png".*usage: /],
    ['a seed that is no number', ['first-visit', '--seed', 'x'], 2, /--seed.*usage: /],
    ['a lane that is not there', ['tls-1.2-or-1.3', '--format', 'har', '--lane', 'x'], 1, /^--lane: .*"x"; use one of tls-1.3, tls-1.2/],
    ['a host that is not there', ['first-visit', '--format', 'pcapng', '--at', 'moon'], 1, /^--at: .*"moon"; use links or one of .*browser/],
    ['a date that is none', ['first-visit', '--format', 'har', '--epoch', 'soon'], 2, /--epoch.*usage: /],
    ['a setting without a value', ['first-visit', '--set', 'x'], 2, /path=value.*usage: /],
  ] as [string, string[], number, RegExp][])('%s', async (_, args, code, message) => {
    const said = await simulate(...args);
    expect({ code: said.code, out: said.out }).toEqual({ code, out: '' });
    expect(said.err).toMatch(message);
    expect(said.err).not.toMatch(/^\s+at /m);
  });
});
