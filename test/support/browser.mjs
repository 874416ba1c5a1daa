/**
 * Real browsers for tests: finds or installs them, serves the built site under the strict policy, opens pages.
 * Chromium runs with its stock settings (storage partitioning on) and is driven by playwright-core; Firefox by WebDriver BiDi.
 */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, extname, join, normalize, sep } from 'node:path';
import { HEADERS, POLICY } from '../../src/dev/csp.mjs';

const MAC = '/Applications';
const KINDS = {
  chromium: {
    variable: 'CHROMIUM', apt: ['chromium', 'fonts-liberation'],
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'],
    places: [`${MAC}/Chromium.app/Contents/MacOS/Chromium`, `${MAC}/Google Chrome.app/Contents/MacOS/Google Chrome`],
  },
  firefox: {
    variable: 'FIREFOX', apt: ['firefox-esr', 'fonts-liberation'],
    names: ['firefox-esr', 'firefox'],
    places: [`${MAC}/Firefox.app/Contents/MacOS/firefox`],
  },
};

const CHROMIUM_FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--force-color-profile=srgb', '--password-store=basic',
];

const FIREFOX_PREFERENCES = {
  'app.update.enabled': false, 'app.normandy.enabled': false, 'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0, 'browser.aboutwelcome.enabled': false, 'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.server': '', 'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false,
  'browser.safebrowsing.malware.enabled': false, 'browser.safebrowsing.phishing.enabled': false, 'extensions.update.enabled': false,
  'services.settings.server': 'data:,', 'dom.security.https_first': false, 'toolkit.startup.max_resumed_crashes': -1,
};

const runnable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

/** Path of a browser, or null: the variable CHROMIUM or FIREFOX, then the usual names on PATH, then the usual places. */
export function findBrowser(kind) {
  const { variable, names, places } = KINDS[kind];
  if (process.env[variable]) return process.env[variable];
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const ending = process.platform === 'win32' ? '.exe' : '';
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name + ending)).find(runnable);
    if (found) return found;
  }
  return places.find(runnable) ?? null;
}

/** What a person does to have the browser. */
export const howToInstall = (kind) =>
  `${kind}: not found; install it (Debian: apt-get install ${KINDS[kind].apt[0]}) or name it: ${KINDS[kind].variable}=/path/to/${kind}`;

/** Installs the missing ones where that is ours to do: on Debian as root. Returns those still missing. */
export function installBrowsers(kinds = Object.keys(KINDS), say = console.error) {
  const missing = kinds.filter((kind) => !findBrowser(kind));
  const ours = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
  if (missing.length === 0 || !ours) return missing;
  const apt = (...args) => spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: ['ignore', 'ignore', 2], timeout: 300_000,
  });
  say(`Installing ${missing.join(' and ')} (apt-get) …`);
  apt('update');
  for (const kind of missing) apt('install', '-y', '--no-install-recommends', ...KINDS[kind].apt);
  return missing.filter((kind) => !findBrowser(kind));
}

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.woff2': 'font/woff2', '.ico': 'image/x-icon', '.webmanifest': 'application/manifest+json', '.txt': 'text/plain; charset=utf-8',
};

/**
 * Serves a folder on a free port under the strict policy. `base` is the path it stands at, `pages` more pages by path (a host
 * that embeds ours; sent without the policy), `headers` are added to or replace ours; a null removes one.
 */
export async function serve(folder, { base = '/', pages = {}, headers = {} } = {}) {
  const all = { ...HEADERS, 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store', ...headers };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  const requests = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    requests.push(path);
    if (Object.hasOwn(pages, path)) {
      response.writeHead(200, { 'Content-Type': TYPES['.html'] }).end(pages[path]);
      return;
    }
    const inside = path.startsWith(base) ? path.slice(base.length) : null;
    let file = inside === null ? '' : normalize(join(folder, inside));
    if (file.endsWith(sep) || file === normalize(folder)) file = join(file, 'index.html');
    if (inside === null || !file.startsWith(normalize(folder)) || !existsSync(file) || !statSync(file).isFile()) {
      // A browser asks for this by itself: an empty answer keeps its complaint out of the collected errors.
      response.writeHead(path === '/favicon.ico' ? 204 : 404, sent).end();
      return;
    }
    response.writeHead(200, { ...sent, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return { origin, url: origin + base, requests, close };
}

const running = new Set();
process.on('exit', () => {
  for (const end of running) end();
});

/** Starts a browser with a new empty profile; resolves with the address that it announces on standard error. */
async function start(kind, flags, announced) {
  const path = findBrowser(kind);
  if (!path) throw new Error(howToInstall(kind));
  const profile = mkdtempSync(join(tmpdir(), `roundtrip-${kind}-`));
  const child = spawn(path, flags(profile), { stdio: ['ignore', 'ignore', 'pipe'], detached: process.platform !== 'win32' });
  const end = () => {
    running.delete(end);
    try {
      if (process.platform === 'win32') child.kill();
      else process.kill(-child.pid, 'SIGKILL');
    } catch { /* it has ended already */ }
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    } catch { /* a leftover in the temporary folder harms nobody */ }
  };
  running.add(end);
  let said = '';
  const address = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${kind}: did not start within 60 s\n${said}`)), 60_000);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${kind}: ended with ${code} while starting\n${said}`)));
    child.stderr.on('data', (chunk) => {
      said = (said + chunk).slice(-20_000);
      const match = announced.exec(said);
      if (!match) return;
      clearTimeout(late);
      resolve(match[1]);
    });
  }).catch((error) => {
    end();
    throw error;
  });
  return { address, profile, end, ended: new Promise((resolve) => child.on('exit', resolve)) };
}

/** The text to evaluate: an expression, or a function and its JSON arguments; the value comes back as JSON. */
const asked = (what, args) =>
  `(async () => JSON.stringify(await (${typeof what === 'function' ? `(${what})(...${JSON.stringify(args)})` : what})))()`;
const answered = (text) => (text === undefined || text === null ? undefined : JSON.parse(text));

/** What both kinds of page share: waiting, and finding the middle of an element. */
function withWaiting(page) {
  page.waitFor = async (what, { timeout = 15_000, args = [] } = {}) => {
    const until = Date.now() + timeout;
    for (;;) {
      const value = await page.evaluate(what, ...args);
      if (value) return value;
      if (Date.now() > until) throw new Error(`not true within ${timeout} ms: ${what}\nerrors: ${page.errors.join('\n') || 'none'}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  page.click = async (selector) => {
    const at = await page.waitFor((wanted) => {
      const element = document.querySelector(wanted);
      if (!element) return null;
      element.scrollIntoView({ block: 'nearest' });
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    }, { args: [selector] });
    await page.clickAt(at.x, at.y);
  };
  return page;
}

async function openChromium(options) {
  const { chromium } = await import('playwright-core');
  const flags = (profile) => [...CHROMIUM_FLAGS, ...(options.flags ?? []), '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
  const started = await start('chromium', flags, /DevTools listening on (ws:\S+)/);
  const browser = await chromium.connectOverCDP(started.address);
  const open = async (url, { width = 1280, height = 800, context: settings = {} } = {}) => {
    const context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true, ...settings });
    const raw = await context.newPage();
    const errors = [];
    raw.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    raw.on('pageerror', (error) => errors.push(`${error.name}: ${error.message}`));
    const session = await context.newCDPSession(raw);
    const page = withWaiting({
      kind: 'chromium', raw, errors,
      navigate: async (to) => void (await raw.goto(to, { waitUntil: 'load' })),
      // Not raw.evaluate: that one is stopped by the page's own policy against eval.
      evaluate: async (what, ...args) => {
        const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
          expression: asked(what, args), awaitPromise: true, returnByValue: true,
        });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return answered(result.value);
      },
      clickAt: (x, y) => raw.mouse.click(x, y),
      press: (key) => raw.keyboard.press(key),
      type: (text) => raw.keyboard.type(text),
      resize: (w, h) => raw.setViewportSize({ width: w, height: h }),
      screenshot: async (file) => {
        const image = await raw.screenshot();
        if (file) writeFileSync(file, image);
        return image;
      },
      close: () => context.close(),
    });
    if (url) await page.navigate(url);
    return page;
  };
  const close = async () => {
    await browser.close().catch(() => {});
    started.end();
  };
  return { kind: 'chromium', version: browser.version(), raw: browser, open, close };
}

/** A WebDriver BiDi connection: numbered commands, and events by method name. */
async function connectBidi(address) {
  const { default: WebSocket } = await import('ws');
  const socket = new WebSocket(address, { maxPayload: 1 << 28 });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map();
  const listeners = new Set();
  let last = 0;
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'event') {
      for (const listener of listeners) listener(message.method, message.params);
      return;
    }
    const { resolve, reject } = waiting.get(message.id) ?? {};
    waiting.delete(message.id);
    if (message.type === 'success') resolve?.(message.result);
    else reject?.(new Error(`${message.error}: ${message.message}`));
  });
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('firefox: the connection closed'));
    waiting.clear();
  });
  return {
    send: (method, params = {}) => new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params }));
    }),
    listen: (listener) => listeners.add(listener),
    close: () => socket.close(),
  };
}

/** Key names as playwright has them → the code points of WebDriver. */
const KEYS = {
  Backspace: '\uE003', Tab: '\uE004', Enter: '\uE007', Shift: '\uE008', Control: '\uE009', Alt: '\uE00A', Escape: '\uE00C', Space: ' ',
  PageUp: '\uE00E', PageDown: '\uE00F', End: '\uE010', Home: '\uE011', ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014',
  ArrowDown: '\uE015', Delete: '\uE017', Meta: '\uE03D',
};

async function openFirefox(options) {
  const flags = (profile) => {
    const preferences = { ...FIREFOX_PREFERENCES, ...options.preferences };
    writeFileSync(join(profile, 'user.js'), Object.entries(preferences)
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''));
    return ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile, ...(options.flags ?? [])];
  };
  const started = await start('firefox', flags, /WebDriver BiDi listening on (ws:\S+)/);
  const bidi = await connectBidi(`${started.address}/session`);
  const { capabilities } = await bidi.send('session.new', { capabilities: {} });
  await bidi.send('session.subscribe', { events: ['log.entryAdded', 'browsingContext.contextCreated'] });
  const open = async (url, { width = 1280, height = 800 } = {}) => {
    const { userContext } = await bidi.send('browser.createUserContext');
    const { context } = await bidi.send('browsingContext.create', { type: 'tab', userContext });
    const errors = [];
    const inside = new Set([context]);
    bidi.listen((method, params) => {
      // Frames of the page are contexts of their own: all of this user context count.
      if (method === 'browsingContext.contextCreated' && params.userContext === userContext) inside.add(params.context);
      if (method === 'log.entryAdded' && params.level === 'error' && inside.has(params.source?.context)) errors.push(params.text ?? '');
    });
    const keys = (actions) => bidi.send('input.performActions', { context, actions: [{ type: 'key', id: 'keyboard', actions }] });
    const page = withWaiting({
      kind: 'firefox', raw: { bidi, context }, errors,
      navigate: async (to) => void (await bidi.send('browsingContext.navigate', { context, url: to, wait: 'complete' })),
      evaluate: async (what, ...args) => {
        const answer = await bidi.send('script.evaluate', {
          expression: asked(what, args), target: { context }, awaitPromise: true, resultOwnership: 'none',
        });
        if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
        return answered(answer.result.value);
      },
      clickAt: (x, y) => bidi.send('input.performActions', {
        context,
        actions: [{
          type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' },
          actions: [{ type: 'pointerMove', x: Math.round(x), y: Math.round(y) }, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }],
        }],
      }),
      press: (chord) => {
        const held = (chord === '+' ? ['+'] : chord.split('+')).map((key) => KEYS[key] ?? key);
        return keys([...held.map((value) => ({ type: 'keyDown', value })), ...held.reverse().map((value) => ({ type: 'keyUp', value }))]);
      },
      type: (text) => keys([...text].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }])),
      resize: (w, h) => bidi.send('browsingContext.setViewport', { context, viewport: { width: w, height: h } }),
      screenshot: async (file) => {
        const image = Buffer.from((await bidi.send('browsingContext.captureScreenshot', { context })).data, 'base64');
        if (file) writeFileSync(file, image);
        return image;
      },
      close: () => bidi.send('browser.removeUserContext', { userContext }),
    });
    await page.resize(width, height);
    if (url) await page.navigate(url);
    return page;
  };
  const close = async () => {
    await Promise.race([bidi.send('browser.close').catch(() => {}), new Promise((resolve) => setTimeout(resolve, 3000))]);
    await Promise.race([started.ended, new Promise((resolve) => setTimeout(resolve, 2000))]);
    bidi.close();
    started.end();
  };
  return { kind: 'firefox', version: capabilities.browserVersion, raw: bidi, open, close };
}

/** Starts a browser: 'chromium' or 'firefox'. */
export const openBrowser = (kind, options = {}) => (kind === 'firefox' ? openFirefox(options) : openChromium(options));

/** Opens a page in a browser of its own storage; see browser.d.mts for what a page can do. */
export const openPage = (browser, url, options) => browser.open(url, options);
