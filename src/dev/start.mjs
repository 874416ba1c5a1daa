/** `npm start`: installs what is missing, serves the app, opens it and prints the address. */
import { spawn } from 'node:child_process';
import { ensurePackages, root } from './ensure.mjs';

ensurePackages();
const { createServer } = await import('vite');
const server = await createServer({ root, server: { port: 5173 } });
await server.listen();
const address = server.resolvedUrls?.local[0] ?? 'http://localhost:5173/';
console.log(`Roundtrip is at ${address}  (Ctrl+C ends it)`);

const opener = process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
if (!process.env.CI && display) {
  const child = spawn(opener[0], [...opener.slice(1), address], { stdio: 'ignore', detached: true });
  child.on('error', () => console.log('Open that address in a browser.'));
  child.unref();
}
