/**
 * A whole session in real browsers under the strict policy: play, step, scrub, select, break, move a slider, every
 * view, share; no error, no refusal, nothing from elsewhere. The run's fingerprint is the one that Node computes.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/scenario/catalogue';
import { loadScenario } from '../../src/scenario/load';
import { prepare, runScenario } from '../../src/scenario/run';
import { traceHash } from '../../src/trace';
import { openBrowser, openPage, serve, type BrowserKind, type Served, type TestBrowser, type TestPage } from '../support/browser.mjs';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const CLOCK = `document.querySelector('.clock strong')?.textContent ?? ''`;
const CAPTION = `document.querySelector('.caption')?.textContent.trim() ?? ''`;
const ready = (page: TestPage): Promise<unknown> => page.waitFor(`document.querySelectorAll('svg.diagram .stroke').length > 5`);
const settle = (page: TestPage): Promise<unknown> => page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 60)))');
const pressButton = (page: TestPage, name: string): Promise<unknown> =>
  page.evaluate(`(() => { const b = [...document.querySelectorAll('button, summary')].find((e) => (e.getAttribute('aria-label') ?? e.textContent).trim() === ${JSON.stringify(name)}); if (!b) throw new Error('no button ' + ${JSON.stringify(name)}); b.click(); })()`);

describe.each<BrowserKind>(['chromium', 'firefox'])('%s', (kind) => {
  let browser: TestBrowser;
  let site: Served;
  beforeAll(async () => {
    site = await serve(dist, { base: '/a/b/' });
    browser = await openBrowser(kind);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it('plays on arrival', async () => {
    const page = await openPage(browser, site.url);
    await ready(page);
    const first = await page.evaluate<string>(CLOCK);
    await page.waitFor(`(${CLOCK}) !== ${JSON.stringify(first)}`, { timeout: 8000 });
    expect(page.errors).toEqual([]);
    await page.close();
  });

  it('goes through a session without an error', async () => {
    const page = await openPage(browser, `${site.url}#/first-visit?t=231000000`);
    await ready(page);
    const at = await page.evaluate<string>(CLOCK);
    await pressButton(page, 'One step');
    await settle(page);
    const stepped = await page.evaluate<string>(CLOCK);
    expect(stepped).not.toBe(at);
    await pressButton(page, 'One step back');
    await settle(page);
    await pressButton(page, 'Next moment');
    await pressButton(page, 'Previous moment');
    await page.evaluate(`document.querySelector('svg.diagram [data-pdu="16"]').dispatchEvent(new MouseEvent('click', { bubbles: true }))`);
    await page.waitFor(`[...document.querySelectorAll('.rail button')].some((b) => b.textContent.includes('Drop'))`);
    await page.evaluate(`[...document.querySelectorAll('.rail button')].find((b) => b.textContent.includes('Drop')).click()`);
    await settle(page);
    await page.waitFor(`document.querySelectorAll('.cross').length === 1`);
    await pressButton(page, 'Undo');
    await page.waitFor(`document.querySelector('.levers input[type=range]') !== null`);
    await page.evaluate(`(() => { const s = document.querySelector('.levers input[type=range]'); s.value = '200000000'; s.dispatchEvent(new Event('input', { bubbles: true })); })()`);
    await settle(page);
    for (const view of ['Ladder', 'States', 'Log', 'Stage']) {
      await pressButton(page, view);
      await settle(page);
    }
    for (const name of ['Parameters', 'Keys', 'Theme', 'Share']) await pressButton(page, name);
    await settle(page);
    expect(page.errors).toEqual([]);
    const foreign = await page.evaluate<string[]>(`performance.getEntriesByType('resource').map((one) => one.name).filter((name) => !name.startsWith(location.origin))`);
    expect(foreign).toEqual([]);
    await page.close();
  });

  it('a dropped SYN: the sentence says who acts, and the link shows the same moment elsewhere', async () => {
    const page = await openPage(browser, `${site.url}#/first-visit?t=100000000`);
    await ready(page);
    await page.evaluate(`document.querySelector('svg.diagram [data-pdu="16"]').dispatchEvent(new MouseEvent('click', { bubbles: true }))`);
    await page.waitFor(`[...document.querySelectorAll('.rail button')].some((b) => b.textContent.includes('Drop'))`);
    await page.evaluate(`[...document.querySelectorAll('.rail button')].find((b) => b.textContent.includes('Drop')).click()`);
    await page.waitFor(`document.querySelectorAll('.cross').length === 1`);
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 700))');
    const caption = await page.evaluate<string>(CAPTION);
    expect(caption).toMatch(/SYN is lost\. Nobody acts until the browser’s SYN timer fires, 1\.03.s after it was set/);
    const link = await page.evaluate<string>('location.href');
    expect(link).toContain('fault=drop');
    const other = await openPage(browser, link);
    await ready(other);
    expect(await other.evaluate<string>(CAPTION)).toBe(caption);
    expect(await other.evaluate<string>(CLOCK)).toBe(await page.evaluate<string>(CLOCK));
    await other.close();
    await page.close();
  });

  it('a wrong address is reported and the rest opens', async () => {
    const page = await openPage(browser, `${site.url}#/first-visit?t=abc&set=network.links.client.rtt:5%20parsecs&fault=explode()&nonsense=1`);
    await ready(page);
    expect(await page.evaluate<number>(`document.querySelectorAll('[role=alert]').length`)).toBeGreaterThanOrEqual(3);
    await page.close();
  });

  it('computes the very runs that Node computes', async () => {
    const page = await openPage(browser, `${site.url}#/first-visit?view=log&t=0`);
    for (const { id } of CATALOGUE) {
      const scenario = await loadScenario(id);
      if (!scenario.ok) throw new Error(`${id} does not load`);
      await prepare(scenario.value);
      const runs = runScenario(scenario.value);
      if (!runs.ok) throw new Error('the scenario does not run');
      await page.evaluate(`location.hash = '#/${id}?view=log&t=0'`);
      // the one before stands until this one has run
      const wanted = traceHash(runs.value[0]!.trace), hash = `document.querySelector('[data-hash]')?.dataset.hash`;
      await page.waitFor(`${hash} === '${wanted}'`).catch(() => {});
      expect({ id, hash: await page.evaluate(hash) }).toEqual({ id, hash: wanted });
    }
    await page.close();
  });

  it('goes back exactly: seek there and back draws the same', async () => {
    const draw = `document.querySelector('main').innerHTML.replace(/\\s+/g, ' ')`;
    const page = await openPage(browser, `${site.url}#/lost-packet?t=262000000`);
    await ready(page);
    await settle(page);
    const first = await page.evaluate<string>(draw);
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft']) await page.press(key);
    await page.evaluate(`location.hash = '#/lost-packet?t=310000000'`);
    await page.waitFor(`(${CLOCK}).startsWith('310')`);
    await page.evaluate(`location.hash = '#/lost-packet?t=262000000'`);
    await page.waitFor(`(${CLOCK}).startsWith('262')`);
    await settle(page);
    expect(await page.evaluate<string>(draw)).toBe(first);
    await page.close();
  });
});

describe('embed in a frame without origin', () => {
  it('draws the moment, plays when asked, leaves the host page alone', async () => {
    const host = '<!doctype html><html lang="en"><title>A course page</title><body><input id="field"><p id="log"></p><iframe sandbox="allow-scripts" src="/embed.html#/lost-packet?t=262000000" width="480" height="270"></iframe></body></html>';
    const site = await serve(dist, { pages: { '/host.html': host } });
    const browser = await openBrowser('chromium');
    try {
      const page = await openPage(browser, `${site.origin}/host.html`);
      await page.evaluate(`(document.querySelector('#field').focus(), window.heard = [], addEventListener('message', (e) => heard.push([e.origin, e.data])), 0)`);
      const frame = page.raw.frames().find((f) => f.url().includes('embed.html'))!;
      await frame.waitForSelector('svg.diagram .stroke', { state: 'attached' });
      expect(await frame.textContent('.caption')).toContain('is lost');
      const ask = (type: string, payload: Record<string, unknown> = {}): Promise<unknown> =>
        page.evaluate(`(document.querySelector('iframe').contentWindow.postMessage({ ns: 'roundtrip', v: 1, id: 7, type: ${JSON.stringify(type)}, payload: ${JSON.stringify(payload)} }, '*'), 0)`);
      await ask('seek', { t: 300_000_000 });
      await ask('seek', { t: 'soon' });
      await ask('unheard-of');
      await page.waitFor(`heard.some(([, d]) => d.type === 'state' && d.payload.t === 300000000) && heard.some(([, d]) => d.type === 'error')`);
      expect(await page.evaluate<string[]>(`[...new Set(heard.map(([o]) => o))]`)).toEqual(['null']);
      await ask('play');
      await page.waitFor(`heard.some(([, d]) => d.type === 'state' && d.payload.playing)`);
      expect(await page.evaluate<string>('document.activeElement.id')).toBe('field');
      expect(await page.evaluate<number>('scrollY')).toBe(0);
      expect(page.errors).toEqual([]);
    } finally {
      await browser.close();
      await site.close();
    }
  });
});

describe('axe', () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
  let browser: TestBrowser;
  let site: Served;
  beforeAll(async () => {
    site = await serve(dist, { headers: { 'Content-Security-Policy': null } });
    browser = await openBrowser('chromium');
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  const states: [string, string, { width?: number; height?: number }, string?][] = [
    ['paused', 'index.html#/first-visit?t=231000000', {}], ['at a loss', 'index.html#/lost-packet?t=262000000&select=pdu:21', {}], ['dark', 'index.html#/lost-packet?t=262000000&theme=dark', {}],
    ['projector', 'index.html#/lost-packet?t=262000000&theme=projector', { width: 1920, height: 1080 }], ['phone', 'index.html#/lost-packet?t=262000000', { width: 360, height: 640 }], ['ladder', 'index.html#/first-visit?t=231000000&view=ladder', {}],
    ['states', 'index.html#/first-visit?t=231000000&view=states', {}], ['why', 'index.html#/first-visit?t=231000000&view=why', {}], ['log', 'index.html#/first-visit?t=231000000&view=log', {}], ['lanes', 'index.html#/tls-1.2-or-1.3?t=231000000', {}],
    ['parameters', 'index.html#/first-visit?t=231000000', {}, 'Parameters'], ['keys', 'index.html#/first-visit?t=231000000', {}, 'Keys'], ['embed', 'embed.html#/lost-packet?t=262000000', { width: 480, height: 270 }], ['how true', 'how-true.html#loss', {}], ['how true, phone', 'how-true.html#loss', { width: 360, height: 640 }],
  ];
  it.each(states)('finds nothing: %s', async (_, path, size, button) => {
    const page = await openPage(browser, site.url + path, size);
    await page.waitFor(`document.querySelector('main svg, main table') !== null`);
    await settle(page);
    if (button) await pressButton(page, button);
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 300))');
    await page.evaluate(`((function () { ${axe}\n }).call(window), 0)`);
    const found = await page.evaluate<string[]>(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.target + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? '')).join(' | ')))`,
    );
    expect(found).toEqual([]);
    await page.close();
  });
});
