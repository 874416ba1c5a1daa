/** Installs the packages when they are missing or older than the lock file, then runs a package's program: `ensure.mjs tsx FILE …`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Whether every package of the lock file that is not optional is there in its version: a newer date alone is no reason to install. */
function installedAsLocked(mark, lock) {
  const { packages: installed = {} } = JSON.parse(readFileSync(mark, 'utf8'));
  const { packages: locked = {} } = JSON.parse(readFileSync(lock, 'utf8'));
  return Object.entries(locked).every(([path, { version, optional }]) =>
    path === '' || (installed[path] === undefined ? optional === true : installed[path].version === version));
}

/** Leaves the packages installed, or ends the process and says why. Standard output is left alone. */
export function ensurePackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`node: this is version ${process.versions.node}; install Node 20.19 or newer`);
    process.exit(1);
  }
  const mark = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(mark)) {
    if (statSync(mark).mtimeMs >= statSync(lock).mtimeMs - 1000) return;
    if (installedAsLocked(mark, lock)) {
      utimesSync(mark, new Date(), new Date());
      return;
    }
  }
  console.error('Installing packages (npm ci) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root, stdio: ['ignore', 'ignore', 2], shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    console.error('packages: npm ci failed; see its message above, check the network and run again');
    process.exit(1);
  }
}

/** Runs a package's program with the same input and output; returns its exit code. */
export function run(program, args, options = {}) {
  const entry = join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${program}.cmd` : program);
  const done = spawnSync(entry, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32', ...options });
  return done.status ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensurePackages();
  const [program, ...args] = process.argv.slice(2);
  process.exit(run(program, args));
}
