/**
 * `npm run simulate -- SCENARIO [--set path=value]… [--seed N] [--format summary|trace|<exporter>] [--out FILE]`, and for exporters
 * `[--lane NAME]` (one run of several), `[--at HOST|links]` (where a capture is taken), `[--epoch DATE]` (date of the start).
 * Exit 0: it ran, whatever the outcome; 1: the scenario or a setting is wrong; 2: usage.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { complaintText, type Complaint, type Result } from './base/result';
import { en, summaryWords } from './explain';
import { DEFAULT_EPOCH_MS } from './export/exporter';
import { exporterNamed, EXPORTERS, type ExporterEntry } from './export/registry';
import { loadScenario } from './scenario/load';
import { parseScenario } from './scenario/parse';
import { prepare, runScenario, type Run } from './scenario/run';
import type { Scenario } from './scenario/schema';
import { indexTrace, summarise } from './trace';

const FORMATS = ['summary', 'trace', ...EXPORTERS.map((e) => e.id)];
const USAGE = `usage: simulate SCENARIO [--set path=value]… [--seed N] [--format ${FORMATS.join('|')}] [--out FILE] [--lane NAME] [--at HOST|links] [--epoch DATE]`;

function usage(what: string): never {
  console.error(`arguments: ${what}; ${USAGE}`);
  process.exit(2);
}
function complain(errors: readonly Complaint[]): never {
  for (const error of errors) console.error(complaintText(error));
  process.exit(1);
}

interface Arguments {
  readonly scenario: string;
  readonly set: Record<string, string>;
  readonly seed: number | undefined;
  readonly format: string;
  readonly out: string | undefined;
  readonly lane: string | undefined;
  readonly at: string | undefined;
  readonly epochMs: number;
}
function parseArguments(argv: readonly string[]): Arguments {
  let scenario: string | undefined, seed: number | undefined, out: string | undefined, lane: string | undefined, at: string | undefined;
  let format = 'summary', epochMs = DEFAULT_EPOCH_MS;
  const set: Record<string, string> = {};
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    const value = (): string => argv[++i] ?? usage(`${word} needs a value`);
    if (word === '--set') {
      const pair = value();
      const equals = pair.indexOf('=');
      if (equals < 1) usage(`--set ${pair} is not path=value`);
      set[pair.slice(0, equals)] = pair.slice(equals + 1);
    } else if (word === '--seed') {
      seed = Number(value());
      if (!Number.isInteger(seed) || seed < 0 || seed > 4294967295) usage('--seed is a whole number from 0 to 4294967295');
    } else if (word === '--format') {
      const name = value();
      format = FORMATS.find((f) => f === name) ?? usage(`there is no format "${name}"`);
    } else if (word === '--out') out = value();
    else if (word === '--lane') lane = value();
    else if (word === '--at') at = value();
    else if (word === '--epoch') {
      epochMs = Date.parse(value());
      if (!(epochMs >= 0)) usage('--epoch is a date from 1970 on, such as 2026-11-24T12:00:00Z');
    }
    else if (word.startsWith('--')) usage(`there is no option ${word}`);
    else if (scenario === undefined) scenario = word;
    else usage(`one scenario, not also "${word}"`);
  }
  if (scenario === undefined) usage('no scenario given');
  return { scenario, set, seed, format, out, lane, at, epochMs };
}

/** The whole trace as plain JSON: tables and columns. */
function traceJson(run: Run): unknown {
  const { time, kind, where, cause, subject, a, b, joined, ...tables } = run.trace;
  const columns = Object.fromEntries(Object.entries({ time, kind, where, cause, subject, a, b }).map(([name, c]) => [name, Array.from(c.data.subarray(0, c.length))]));
  const flows = tables.flows.map(({ content, session, ...flow }) => ({ ...flow, bytes: content.map((c) => c.length) }));
  return {
    name: run.name, version: tables.version, scenario: tables.scenario, seed: tables.seed, outcome: tables.outcome, endNs: tables.endNs, hosts: tables.hosts, links: tables.links, kinds: tables.kinds,
    endpoints: tables.endpoints, timers: tables.timers, resources: tables.resources, flows, pdus: tables.pdus.map(({ body, ...pdu }) => pdu), requests: tables.requests, texts: tables.texts,
    messages: tables.messages.map(({ body, ...message }) => message), joined: [...joined], columns,
  };
}

/** The runs that are asked for: one lane, or all. */
function chosen(runs: readonly Run[], lane: string | undefined): readonly Run[] {
  const found = lane === undefined ? runs : runs.filter((r) => r.name === lane);
  if (found.length === 0) complain([{ where: '--lane', what: `there is no lane "${lane}"`, cure: `use one of ${runs.map((r) => r.name).join(', ')}` }]);
  return found;
}
async function exported(entry: ExporterEntry, { at, epochMs, lane }: Arguments, scenario: Scenario, runs: readonly Run[]): Promise<string | Uint8Array> {
  const hosts = runs[0]!.trace.hosts.map((h) => h.name);
  if (at !== undefined && at !== 'links' && !hosts.includes(at)) complain([{ where: '--at', what: `there is no host "${at}"`, cure: `use links or one of ${hosts.join(', ')}` }]);
  if (entry.oneRun && runs.length > 1 && lane === undefined) {
    console.error(complaintText({ where: '--format', what: en.exporters.oneRun(entry.id, runs[0]!.name), cure: `choose with --lane ${runs.map((r) => r.name).join('|')}` }));
  }
  const write = await entry.load();
  return write({ scenario, runs: runs.map(({ name, title, trace }) => ({ name, title, index: indexTrace(trace) })), options: { epochMs, ...(at === undefined ? {} : { at }) } });
}
async function output(args: Arguments, scenario: Scenario, all: readonly Run[]): Promise<string | Uint8Array> {
  const runs = chosen(all, args.lane);
  const entry = exporterNamed(args.format);
  if (entry) return exported(entry, args, scenario, runs);
  if (args.format === 'trace') return `${JSON.stringify({ version: 1, runs: runs.map(traceJson) })}\n`;
  const indexed = runs.map((run) => ({ name: run.name, index: indexTrace(run.trace) }));
  return `${JSON.stringify(summarise(indexed, { scenario: scenario.id, seed: runs[0]!.trace.seed, ...summaryWords }), null, 2)}\n`;
}

const args = parseArguments(process.argv.slice(2));
if (exporterNamed(args.format)?.binary && !args.out && process.stdout.isTTY) usage(`${args.format} is no text for a terminal: give --out FILE, or pipe it`);
const loaded: Result<Scenario> = existsSync(args.scenario) ? parseScenario(readFileSync(args.scenario, 'utf8')) : await loadScenario(args.scenario);
if (!loaded.ok) complain(loaded.errors);
await prepare(loaded.value, args.set);
const runs = runScenario(loaded.value, { set: args.set, ...(args.seed === undefined ? {} : { seed: args.seed }) });
if (!runs.ok) complain(runs.errors);
const file = await output(args, loaded.value, runs.value);
if (args.out) writeFileSync(args.out, file);
else process.stdout.write(file);
