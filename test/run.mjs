/**
 * `npm test`: installs what is missing, checks the types, runs the tests, builds the site and tries it in real browsers.
 * The last line is `N passed, N failed`. `--long` runs the long tests too; ROUNDTRIP_NO_BROWSER=1 leaves the browsers out and says so.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ensurePackages, root } from '../src/dev/ensure.mjs';

ensurePackages();
const { howToInstall, installBrowsers } = await import('./support/browser.mjs');
const { installTshark } = await import('./support/tshark.mjs');

const long = process.argv.includes('--long');
const limit = (long ? 60 : 9) * 60_000;
const scratch = mkdtempSync(join(tmpdir(), 'roundtrip-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const count = (what, result) => {
  for (const key of Object.keys(total)) total[key] += result[key] ?? 0;
  if (result.failed) failures.push(`${what}: ${result.failed} failed`);
};

/** Runs a package's program. With `hold` its output comes in one piece at the end, so that two may run at once. */
function run(program, args, { hold = false } = {}) {
  const onWindows = process.platform === 'win32';
  const child = spawn(join(root, 'node_modules', '.bin', onWindows ? `${program}.cmd` : program), args, {
    cwd: root, shell: onWindows, stdio: ['ignore', hold ? 'pipe' : 'inherit', hold ? 'pipe' : 'inherit'],
    env: { ...process.env, ...(long ? { ROUNDTRIP_LONG: '1' } : {}) },
  });
  let held = '';
  child.stdout?.on('data', (chunk) => { held += chunk; });
  child.stderr?.on('data', (chunk) => { held += chunk; });
  const late = setTimeout(() => {
    console.log(`${program}: ended after ${limit / 60_000} minutes`);
    child.kill('SIGKILL');
  }, limit);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, held: String(error) }));
    child.on('close', (code) => {
      clearTimeout(late);
      resolve({ code: code ?? 1, held });
    });
  });
}

/** A check without a report of its own counts as one test. */
async function check(title, program, args) {
  const started = Date.now();
  const { code, held } = await run(program, args, { hold: true });
  console.log(`\n${code === 0 ? '✓' : '✗'} ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (code !== 0) console.log(held.trimEnd());
  count(title, code === 0 ? { passed: 1 } : { failed: 1 });
  return code === 0;
}

/** Runs vitest projects and reads its report; what could not run counts as failed. */
async function vitest(...projects) {
  const file = join(scratch, `${projects.join('-')}.json`);
  const { code } = await run('vitest', [
    'run', '--maxWorkers=2', ...projects.flatMap((project) => ['--project', project]), '--passWithNoTests',
    '--reporter=default', '--reporter=json', `--outputFile.json=${file}`,
  ]);
  const result = { passed: 0, failed: 0, skipped: 0 };
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { testResults: [] };
  for (const { name, status, assertionResults } of report.testResults) {
    const number = (...wanted) => assertionResults.filter((test) => wanted.includes(test.status)).length;
    const passed = number('passed');
    let failed = number('failed');
    let skipped = assertionResults.length - passed - failed;
    // A file failed though no test of it did: it could not be loaded, or its preparation failed (no browser) and its tests did not run.
    if (status === 'failed' && failed === 0) {
      failed = Math.max(1, skipped);
      skipped = 0;
      failures.push(`${relative(root, name)}: could not run`);
    }
    result.passed += passed;
    result.failed += failed;
    result.skipped += skipped;
  }
  // An error outside of every test, or a run that ended early.
  if (code !== 0 && result.failed === 0) result.failed = 1;
  count(`tests (${projects.join(', ')})`, result);
}

const hasBrowserTests = existsSync(join(root, 'test', 'browser')) &&
  readdirSync(join(root, 'test', 'browser'), { recursive: true }).some((name) => String(name).endsWith('.test.ts'));

const checks = async () => {
  await check('types', 'svelte-check', ['--tsconfig', './tsconfig.json', '--threshold', 'error', '--output', 'human']);
  return check('the site builds', 'vite', ['build', '--logLevel', 'warn']);
};

if (long && !installTshark()) console.log('\nCaptures are not judged: tshark is not installed (Debian: apt-get install tshark)');
const [built] = await Promise.all([checks(), vitest('unit', 'dom')]);
if (hasBrowserTests && process.env.ROUNDTRIP_NO_BROWSER === '1') {
  console.log('\nBrowser tests were left out: ROUNDTRIP_NO_BROWSER=1');
} else if (hasBrowserTests && !built) {
  console.log('\nBrowser tests could not run: the site does not build');
  count('browser tests', { failed: 1 });
} else if (hasBrowserTests) {
  // Their tests fail where a browser is missing; this says beforehand what to do about it.
  for (const kind of installBrowsers()) console.log(howToInstall(kind));
  await vitest('browser');
}

rmSync(scratch, { recursive: true, force: true });
if (failures.length > 0) console.log(`\n${failures.join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
