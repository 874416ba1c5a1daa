/** Both built pages load in real browsers under the strict policy, at a path of their own, alone and in a sandboxed frame, without one error. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, openPage, serve, type BrowserKind, type Served, type TestBrowser } from '../support/browser.mjs';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

describe.each<BrowserKind>(['chromium', 'firefox'])('%s', (kind) => {
  let browser: TestBrowser;
  let site: Served;

  beforeAll(async () => {
    const host = '<!doctype html><html lang="en"><title>A course page</title><iframe sandbox="allow-scripts" src="/course/unit/embed.html" width="640" height="360"></iframe>';
    site = await serve(dist, { base: '/course/unit/', pages: { '/host.html': host } });
    browser = await openBrowser(kind);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it.each(['', 'embed.html', 'how-true.html'])('shows /%s', async (path) => {
    const page = await openPage(browser, site.url + path);
    await page.waitFor('document.querySelector("#app")?.childNodes.length > 0');
    expect(page.errors).toEqual([]);
    const foreign = await page.evaluate<string[]>(`performance.getEntriesByType('resource').map((one) => one.name).filter((name) => !name.startsWith(location.origin))`);
    expect(foreign).toEqual([]);
    await page.close();
  });

  it('shows the embed in a frame that has no origin', async () => {
    const before = site.requests.length;
    const page = await openPage(browser, `${site.origin}/host.html`);
    const scripts = () => site.requests.slice(before).filter((path) => path.endsWith('.js'));
    for (let tries = 0; tries < 100 && scripts().length === 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(scripts()).not.toEqual([]);
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 500))');
    expect(page.errors).toEqual([]);
    await page.close();
  });
});
