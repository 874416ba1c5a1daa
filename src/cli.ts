/**
 * `npm run simulate -- SCENARIO [--set path=value]… [--seed N] [--format summary|text|trace] [--out FILE]`.
 * Exit 0: it ran, whatever the outcome; 1: the scenario or a setting is wrong; 2: usage.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { complaintText, type Complaint, type Result } from './base/result';
import { summaryWords, transcriptText } from './explain';
import { loadScenario } from './scenario/load';
import { parseScenario } from './scenario/parse';
import { runScenario, type Run } from './scenario/run';
import type { Scenario } from './scenario/schema';
import { indexTrace, summarise } from './trace';

const FORMATS = ['summary', 'text', 'trace'] as const;
type Format = (typeof FORMATS)[number];
const USAGE = `usage: simulate SCENARIO [--set path=value]… [--seed N] [--format ${FORMATS.join('|')}] [--out FILE]`;

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
  readonly format: Format;
  readonly out: string | undefined;
}
function parseArguments(argv: readonly string[]): Arguments {
  let scenario: string | undefined, seed: number | undefined, out: string | undefined;
  let format: Format = 'summary';
  const set: Record<string, string> = {};
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    const value = (): string => argv[++i] ?? usage(`${word} needs a value`);
    if (word === '--set') {
      const pair = value();
      const at = pair.indexOf('=');
      if (at < 1) usage(`--set ${pair} is not path=value`);
      set[pair.slice(0, at)] = pair.slice(at + 1);
    } else if (word === '--seed') {
      seed = Number(value());
      if (!Number.isInteger(seed) || seed < 0 || seed > 4294967295) usage('--seed is a whole number from 0 to 4294967295');
    } else if (word === '--format') {
      const name = value();
      format = FORMATS.find((f) => f === name) ?? usage(`there is no format "${name}"`);
    } else if (word === '--out') out = value();
    else if (word.startsWith('--')) usage(`there is no option ${word}`);
    else if (scenario === undefined) scenario = word;
    else usage(`one scenario, not also "${word}"`);
  }
  if (scenario === undefined) usage('no scenario given');
  return { scenario, set, seed, format, out };
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

function output(format: Format, scenario: Scenario, runs: readonly Run[]): string {
  const indexed = runs.map((run) => ({ name: run.name, index: indexTrace(run.trace) }));
  if (format === 'summary') return `${JSON.stringify(summarise(indexed, { scenario: scenario.id, seed: runs[0]!.trace.seed, ...summaryWords }), null, 2)}\n`;
  if (format === 'trace') return `${JSON.stringify({ version: 1, runs: runs.map(traceJson) })}\n`;
  return indexed.map(({ name, index }) => `# ${scenario.title} (${name})\n${transcriptText(index)}\n`).join('\n');
}

const args = parseArguments(process.argv.slice(2));
const loaded: Result<Scenario> = existsSync(args.scenario) ? parseScenario(readFileSync(args.scenario, 'utf8')) : await loadScenario(args.scenario);
if (!loaded.ok) complain(loaded.errors);
const runs = runScenario(loaded.value, { set: args.set, ...(args.seed === undefined ? {} : { seed: args.seed }) });
if (!runs.ok) complain(runs.errors);
const text = output(args.format, loaded.value, runs.value);
if (args.out) writeFileSync(args.out, text);
else process.stdout.write(text);
