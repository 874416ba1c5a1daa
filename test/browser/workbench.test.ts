/**
 * The workbench in real browsers under the strict policy: every scenario opens in every view, the path is edited, JSON is checked while it is
 * written, an edited scenario travels in its address, runs are set aside and compared, files are saved.
 */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VIEWS } from '../../src/app/store';
import { CATALOGUE } from '../../src/scenario/catalogue';
import { loadScenario } from '../../src/scenario/load';
import { openBrowser, openPage, serve, type BrowserKind, type Served, type TestBrowser, type TestPage } from '../support/browser.mjs';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const ready = (page: TestPage): Promise<unknown> => page.waitFor(`document.querySelector('.scrub, .scrubber, svg') !== null && !document.querySelector('.caption')?.textContent.includes('Loading')`);
const settle = (page: TestPage, ms = 80): Promise<unknown> => page.evaluate(`new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, ${ms})))`);
const press = (page: TestPage, name: string): Promise<unknown> =>
  page.waitFor(`(() => { const b = [...document.querySelectorAll('button, summary')].find((e) => (e.getAttribute('aria-label') ?? e.textContent).trim().startsWith(${JSON.stringify(name)})); if (!b) return false; b.click(); return true; })()`);
const text = (page: TestPage, selector: string): Promise<string> => page.evaluate<string>(`document.querySelector(${JSON.stringify(selector)})?.textContent.trim() ?? ''`);

describe.each<BrowserKind>(['chromium', 'firefox'])('%s', (kind) => {
  let browser: TestBrowser;
  let site: Served;
  beforeAll(async () => {
    site = await serve(dist);
    browser = await openBrowser(kind);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it('opens every scenario of the catalogue, and every view of the whole chain, without an error', { timeout: 240_000 }, async () => {
    const page = await openPage(browser, `${site.url}#/whole-chain?t=300000000`);
    await ready(page);
    for (const view of ['ladder', 'states', 'message', 'server', 'index', 'why', 'log', 'stage']) {
      await page.evaluate(`location.hash = '#/whole-chain?t=300000000&view=${view}&select=host:db'`);
      await settle(page, 300);
    }
    // every scenario at its middle, in its last lane, on the stage and in one other view, each in its turn; in the long run in every view (one browser is enough for the whole product)
    for (const [i, { id }] of CATALOGUE.entries()) {
      const views = kind !== 'chromium' ? (['stage'] as const) : process.env.ROUNDTRIP_LONG ? VIEWS : [...new Set(['stage', VIEWS[i % VIEWS.length]!])];
      const loaded = await loadScenario(id);
      const lane = loaded.ok ? (loaded.value.lanes ?? []).at(-1)?.name : undefined;
      for (const view of views) {
        const from = page.errors.length;
        await page.evaluate(`location.hash = '#/${id}?t=600000000&view=${view}${lane ? `&lane=${lane}` : ''}'`);
        await settle(page, 150);
        await page.waitFor(`!document.querySelector('main').textContent.includes('Loading')`, { timeout: 8000 });
        expect(page.errors.slice(from).map((e) => `${id} ${view}: ${e}`)).toEqual([]);
      }
    }
    expect(page.errors).toEqual([]);
    await page.close();
  });

  it('lanes beside each other show one moment at one height, and a scene is readable to its end', async () => {
    const page = await openPage(browser, `${site.url}#/many-ways-to-https?t=4200000000`, { width: 1280, height: 720 });
    await ready(page);
    await page.waitFor(`document.querySelectorAll('section[aria-label] svg.diagram').length === 7`);
    const tops = await page.evaluate(`[...document.querySelectorAll('section[aria-label] svg.diagram')].map((d) => Math.round(d.getBoundingClientRect().top))`);
    expect(new Set(tops as number[]).size).toBe(1);
    await page.evaluate(`location.hash = '#/head-of-line?t=900000000'`);
    await page.waitFor(`document.querySelector('.narration')?.textContent.includes('TCP does not')`);
    expect(await page.evaluate(`(({ bottom }, under) => bottom <= under.getBoundingClientRect().bottom + 1)(document.querySelector('.narration').getBoundingClientRect(), document.querySelector('.under'))`)).toBe(true);
    await page.close();
  });

  it('takes the proxy out of the path, runs what is left, and opens it elsewhere by its address', async () => {
    const page = await openPage(browser, `${site.url}#/whole-chain?t=1`);
    await ready(page);
    await press(page, 'Edit');
    await press(page, 'Take proxy out');
    await page.waitFor(`location.hash.startsWith('#/~')`, { timeout: 5000 });
    const hash = await page.evaluate<string>('location.hash');
    await press(page, 'Close');
    const other = await openPage(browser, `${site.url}${hash}`);
    await ready(other);
    await other.waitFor(`document.querySelector('main').textContent.includes('web server') && !document.querySelector('main').textContent.includes('proxy')`);
    expect([...page.errors, ...other.errors]).toEqual([]);
    await press(page, 'Undo');
    await page.waitFor(`location.hash.startsWith('#/whole-chain')`, { timeout: 5000 });
    await page.close();
    await other.close();
  });

  it('says what is wrong with a scenario while it is written', async () => {
    const page = await openPage(browser, `${site.url}#/lost-packet?t=1`);
    await ready(page);
    await press(page, 'Edit');
    await press(page, 'As JSON');
    await page.waitFor(`document.querySelector('.json')?.shadowRoot?.querySelector('.cm-content') != null`);
    await page.evaluate(`document.querySelector('.json').shadowRoot.querySelector('.cm-content').focus()`);
    await page.press('Control+End');
    await page.type('oops');
    await page.waitFor(`document.querySelector('.editor [role=alert]')?.textContent.includes('is not JSON')`, { timeout: 5000 });
    expect(page.errors).toEqual([]);
    await page.close();
  });

  it('compares with the run before the last change, by time and by step, in one address', async () => {
    const page = await openPage(browser, `${site.url}#/first-visit?t=100000000&select=packet:browser%3Eedge:443%231/0/SYN.1`);
    await ready(page);
    await settle(page, 400);
    await page.press('d');
    await page.waitFor(`document.querySelector('.caption').textContent.includes('lost')`);
    await press(page, 'Compare');
    await page.waitFor(`document.querySelectorAll('main svg.diagram').length === 2`, { timeout: 8000 });
    await press(page, 'step');
    await press(page, 'What differs');
    await page.waitFor(`document.querySelector('main table')?.textContent.includes('time of the main request')`);
    await page.waitFor(`location.hash.includes('fork=') && location.hash.includes('align=step')`);
    const again = await openPage(browser, `${site.url}${await page.evaluate<string>('location.hash')}`);
    await again.waitFor(`document.querySelectorAll('main svg.diagram').length === 2`, { timeout: 8000 });
    expect([...page.errors, ...again.errors]).toEqual([]);
    await page.close();
    await again.close();
  });

  it('makes a capture, a HAR and a picture, and says so', async () => {
    const page = await openPage(browser, `${site.url}#/whole-chain?t=300000000`);
    await ready(page);
    await page.evaluate(`(() => { window.saved = []; const make = URL.createObjectURL; URL.createObjectURL = (blob) => { window.saved.push([blob.type, blob.size]); return make.call(URL, blob); }; HTMLAnchorElement.prototype.click = function () {}; })()`);
    await press(page, 'Export');
    for (const [name, mime] of [['Packet capture', 'application/vnd.tcpdump.pcap'], ['HAR', 'application/json'], ['Picture, SVG', 'image/svg+xml'], ['Picture, PNG', 'image/png']] as const) {
      await page.waitFor(`(() => { const b = [...document.querySelectorAll('aside button, .sheet button, dialog button')].find((e) => e.textContent.includes(${JSON.stringify(name)})); if (!b) return false; b.click(); return true; })()`);
      await page.waitFor(`window.saved.some(([type, size]) => type === ${JSON.stringify(mime)} && size > 1500)`, { timeout: 15_000 });
    }
    expect(await text(page, '[role=status].quiet')).toMatch(/is saved/);
    expect(page.errors).toEqual([]);
    await page.close();
  });
});
