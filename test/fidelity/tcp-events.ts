/**
 * `npm run --silent tcp-events -- [--out FILE] [REFERENCE.json]`: plays recorded TCP scenarios against our TCP and writes
 * what it sent and its states in the same form (to standard output without --out).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { playScenario, type Scenario } from '../support/tcp-script';

const words = process.argv.slice(2);
const outAt = words.indexOf('--out');
const out = outAt >= 0 ? words.splice(outAt, 2)[1] : undefined;
const reference = words[0] ?? new URL('../fixtures/tcp/linux-tcp-events.json', import.meta.url);
const recorded = JSON.parse(readFileSync(reference, 'utf8')) as { scenarios: Scenario[] };
const scenarios: object[] = [];
for (const { name, about, sysctls_set, events } of recorded.scenarios) {
  try {
    scenarios.push({ name, about, sysctls_set, events: playScenario({ name, about, sysctls_set: sysctls_set ?? {}, events }).events });
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
const text = `${JSON.stringify({ how: 'played against the TCP of this project', scenarios }, null, 1)}\n`;
if (out) writeFileSync(out, text);
else process.stdout.write(text);
