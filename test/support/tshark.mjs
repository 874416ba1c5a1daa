/** The independent judge of captures: finds tshark, and installs it for the long tests where that is ours to do (Debian, as root). */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export const hasTshark = () => spawnSync('tshark', ['-v'], { stdio: 'ignore' }).status === 0;
/** Whether tshark is there, after an attempt to install it. */
export function installTshark() {
  if (hasTshark()) return true;
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  const apt = (...args) => spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'ignore', timeout: 300_000 });
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'tshark');
  return hasTshark();
}
