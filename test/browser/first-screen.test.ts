/** The first screen as a student and a lecturer use it: steps, clicks, keys, projector, phone, an embed on a plain server. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, openPage, serve, type Served, type TestBrowser, type TestPage } from '../support/browser.mjs';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const CLOCK = `(document.querySelector('.player .clock strong')?.textContent ?? '')`;
const CAPTION = `(document.querySelector('.caption')?.textContent.trim() ?? '')`;
const SCENE = `(document.querySelector('.narration')?.dataset.reached ?? '')`;
const settle = (page: TestPage, ms = 80): Promise<unknown> => page.evaluate(`new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, ${ms})))`);
const focus = `(() => { const e = document.activeElement; return e?.classList.contains('diagram') ? 'diagram' : (e?.tagName ?? ''); })()`;

describe('the first screen', () => {
  let browser: TestBrowser;
  let site: Served;
  const open = async (hash: string, size: { width?: number; height?: number } = { width: 1280, height: 720 }): Promise<TestPage> => {
    const page = await openPage(browser, `${site.url}index.html${hash}`, size);
    await page.waitFor(`document.querySelector('main svg, main table') !== null && ${CLOCK} !== ''`);
    await settle(page, 300);
    return page;
  };
  const click = async (page: TestPage, name: string): Promise<void> => {
    await page.evaluate(`(() => { const b = [...document.querySelectorAll('button')].find((e) => (e.getAttribute('aria-label') ?? e.textContent).trim().startsWith(${JSON.stringify(name)})); if (!b) throw new Error('no button ' + ${JSON.stringify(name)}); b.focus(); b.click(); })()`);
    await settle(page);
  };
  beforeAll(async () => {
    site = await serve(dist);
    browser = await openBrowser('chromium');
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it('a step back undoes exactly one step and never sticks', async () => {
    for (const [forward, back] of [['ArrowRight', 'ArrowLeft'], ['One step', 'One step back']] as const) {
      const page = await open('#/first-visit?t=5000000');
      const times: string[] = [await page.evaluate<string>(CLOCK)];
      const act = async (what: string): Promise<void> => {
        if (what.startsWith('Arrow')) await page.press(what);
        else await page.evaluate(`document.querySelector('button[aria-label=${JSON.stringify(what)}]').click()`);
        await settle(page, 40);
      };
      for (let i = 0; i < 6; i++) {
        await act(forward);
        times.push(await page.evaluate<string>(CLOCK));
      }
      expect(new Set(times).size).toBe(7);
      for (let i = 5; i >= 0; i--) {
        await act(back);
        expect(await page.evaluate<string>(CLOCK)).toBe(times[i]);
      }
      await page.close();
    }
  });

  it.each([360, 600, 768, 900, 1024, 1280, 1920])('the player fits %i px, after a change as well', async (width) => {
    const page = await open('#/first-visit?t=231000000&set=network.links.client.rtt:300%20ms', { width, height: 720 });
    if (width > 960) await page.waitFor(`document.querySelector('.levers input[type=range]') !== null`);
    await page.evaluate(`(() => { const s = document.querySelector('.levers input[type=range]'); if (s) { s.value = '200000000'; s.dispatchEvent(new Event('input', { bubbles: true })); } })()`);
    await settle(page);
    const boxes = await page.evaluate<{ name: string; left: number; right: number; top: number; bottom: number }[]>(
      `[...document.querySelectorAll('.player > *')].map((e) => { const b = e.getBoundingClientRect(); return { name: e.className, left: b.left, right: b.right, top: b.top, bottom: b.bottom }; })`,
    );
    for (const b of boxes) expect(b.left >= 0 && b.right <= width, `${b.name} ${b.left}–${b.right}`).toBe(true);
    for (const a of boxes) for (const b of boxes) if (a !== b) expect(a.right <= b.left + 0.5 || b.right <= a.left + 0.5 || a.bottom <= b.top + 0.5 || b.bottom <= a.top + 0.5, `${a.name} over ${b.name}`).toBe(true);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
    await page.close();
  });

  it('a label and the neighbourhood of a stroke select it; a second click leaves the clock alone', async () => {
    const page = await open('#/first-visit?t=231000000');
    const at = await page.evaluate<string>(CLOCK);
    const label = await page.evaluate<{ x: number; y: number }>(`(() => { const b = [...document.querySelectorAll('svg.diagram .label')].find((e) => e.textContent === 'ClientHello').getBoundingClientRect(); return { x: b.x + b.width / 2, y: b.y + b.height / 2 }; })()`);
    await page.clickAt(label.x, label.y);
    await page.waitFor(`document.querySelector('.rail h2')?.textContent.includes('ClientHello')`);
    expect(await page.evaluate<string>(CLOCK)).toBe(at);
    await page.clickAt(label.x, label.y);
    const line = await page.evaluate<{ x: number; y: number }>(`(() => { const p = document.querySelector('svg.diagram .chosen-line'); const m = p.getPointAtLength(p.getTotalLength() * 0.3), c = p.getScreenCTM(); return { x: m.x * c.a + c.e, y: m.y * c.d + c.f }; })()`);
    await page.clickAt(line.x, line.y);
    await settle(page);
    expect(await page.evaluate<string>(CLOCK)).toBe(at);
    expect(await page.evaluate<boolean>(`document.querySelector('.rail h2').textContent.includes('ClientHello')`)).toBe(true);
    await page.raw.mouse.move(line.x, line.y);
    await settle(page);
    expect(await page.evaluate<string>(`getComputedStyle(document.querySelector('svg.diagram')).cursor`)).toBe('pointer');
    await page.close();
  });

  it('a clicker reaches every scene, also from a list, and a reload keeps it', async () => {
    const page = await open('#/first-visit?t=0');
    await page.evaluate(`document.querySelector('header select').focus()`);
    const seen = [await page.evaluate<string>(SCENE)];
    for (let i = 0; i < 6; i++) {
      await page.press('PageDown');
      await settle(page, 40);
      seen.push(await page.evaluate<string>(SCENE));
    }
    expect(seen).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(await page.evaluate<string>(`document.querySelector('header select').value`)).toBe('first-visit');
    await page.press('PageUp');
    await page.press('PageUp');
    await settle(page, 500);
    expect(await page.evaluate<string>(SCENE)).toBe('5');
    await page.raw.reload();
    await page.waitFor(`${SCENE} === '5'`);
    await page.close();
  });

  it('drops by key, moves the focus on, and undo with Space does not drop again', async () => {
    const page = await open('#/first-visit?t=100000000&select=pdu:16');
    await page.waitFor(`document.querySelector('[data-break]') !== null`);
    await page.evaluate(`document.querySelector('[data-break]').focus()`);
    await page.press('Enter');
    await page.waitFor(`document.querySelectorAll('.cross').length === 1`);
    expect(await page.evaluate<string>(CAPTION)).toMatch(/SYN is lost\. Nobody acts until/);
    expect(await page.evaluate<string>(focus)).toBe('diagram');
    await page.press('Control+z');
    await settle(page);
    await page.press(' ');
    await settle(page);
    expect(await page.evaluate<number>(`document.querySelectorAll('.cross').length`)).toBe(0);
    await page.press('d');
    await page.waitFor(`document.querySelectorAll('.cross').length === 1`);
    expect(page.errors).toEqual([]);
    await page.close();
  });

  it('shares the moment in view, not an older one', async () => {
    const page = await open('#/first-visit?t=231000000');
    await click(page, 'Share');
    expect(await page.evaluate<string>(`document.querySelector('.link input').value`)).toContain('t=231000000');
    await page.press('ArrowRight');
    await settle(page);
    expect(await page.evaluate<boolean>(`document.querySelector('.link input') === null`)).toBe(true);
    await page.waitFor(`document.querySelector('.levers input[type=range]') !== null`);
    await page.evaluate(`(() => { const s = document.querySelector('.levers input[type=range]'); s.value = '200000000'; s.dispatchEvent(new Event('input', { bubbles: true })); [...document.querySelectorAll('button')].find((e) => e.textContent === 'Share').click(); })()`);
    await settle(page);
    expect(decodeURIComponent(await page.evaluate<string>(`document.querySelector('.link input').value`))).toContain('rtt:200 ms');
    await page.close();
  });

  it('says that it waits for reading, and goes on at once when asked', async () => {
    const page = await open('#/first-visit?t=80000000');
    await page.press(' ');
    await page.waitFor(`/continues in \\d+ s/.test(document.querySelector('.player .clock small').textContent)`);
    expect(await page.evaluate<boolean>(`document.querySelector('button.primary').getAttribute('aria-label') === 'Continue'`)).toBe(true);
    const held = await page.evaluate<string>(CLOCK);
    await page.press(' ');
    await page.waitFor(`${CLOCK} !== ${JSON.stringify(held)}`, { timeout: 800 });
    await page.close();
  });

  it('every press of t changes the look; the first as well', async () => {
    const page = await open('#/first-visit?t=231000000');
    const paper = `getComputedStyle(document.documentElement).getPropertyValue('--paper') + getComputedStyle(document.documentElement).getPropertyValue('--text')`;
    const looks = [await page.evaluate<string>(paper)];
    for (let i = 0; i < 3; i++) {
      await page.press('t');
      await settle(page);
      looks.push(await page.evaluate<string>(paper));
    }
    for (let i = 1; i < looks.length; i++) expect(looks[i]).not.toBe(looks[i - 1]);
    await page.close();
  });

  it('the list of keys is modal: no key acts behind it', async () => {
    const page = await open('#/first-visit?t=231000000');
    const at = await page.evaluate<string>(CLOCK);
    await page.press('?');
    await page.waitFor(`document.querySelector('dialog')?.matches(':modal')`);
    await page.press('ArrowRight');
    await page.press('PageDown');
    expect(await page.evaluate<string>(CLOCK)).toBe(at);
    expect(await page.evaluate<boolean>(`document.querySelector('dialog').contains(document.activeElement)`)).toBe(true);
    await page.press('Escape');
    await page.waitFor(`document.querySelector('dialog') === null`);
    await page.press('ArrowRight');
    await settle(page);
    expect(await page.evaluate<string>(CLOCK)).not.toBe(at);
    await page.close();
  });

  it.each([['', 1280, 720], ['&theme=projector', 1920, 1080], ['', 360, 640]] as const)('nothing jumps while captions and the clock change%s at %i', async (theme, width, height) => {
    const page = await open(`#/lost-packet?t=0${theme}`, { width, height });
    const places = new Set<string>();
    for (const t of [0, 60e6, 100e6, 231e6, 262e6, 330e6, 559e6, 1000e6]) {
      await page.evaluate(`location.hash = '#/lost-packet?t=${t}${theme}'`);
      await settle(page, 150);
      places.add(await page.evaluate<string>(`JSON.stringify([...document.querySelectorAll('footer, .scrub, .buttons, .player .clock, .stage')].map((e) => { const b = e.getBoundingClientRect(); return [Math.round(b.x), Math.round(b.y), Math.round(b.width)]; }))`));
      const fits = await page.evaluate<boolean>(`(() => { const c = document.querySelector('.caption'), s = c.querySelector('span').getBoundingClientRect(), b = c.getBoundingClientRect(); return s.height <= b.height + 4; })()`);
      expect(fits, `caption at ${t}`).toBe(true);
    }
    expect(places.size).toBe(1);
    await page.close();
  });

  it('the projector has the scene, ways to break a message, and a blank screen', async () => {
    const page = await open('#/first-visit?t=231000000&theme=projector', { width: 1920, height: 1080 });
    expect(await page.evaluate<string>(`document.querySelector('.narration').textContent`)).toMatch(/^5 of 7 One round trip for keys/);
    await page.press('x');
    await page.waitFor(`document.activeElement?.hasAttribute('data-break')`);
    await page.press('.');
    await page.waitFor(`document.querySelector('.blank') !== null`);
    const at = await page.evaluate<string>(CLOCK);
    await page.press('PageDown');
    await settle(page);
    expect(await page.evaluate<boolean>(`document.querySelector('.blank') === null`)).toBe(true);
    expect(await page.evaluate<string>(CLOCK)).toBe(at);
    await page.press('d');
    await page.waitFor(`document.querySelectorAll('.cross').length === 1`);
    await page.close();
  });

  it('on a phone a selection opens the sheet with its facts and Drop', async () => {
    const page = await open('#/first-visit?t=231000000', { width: 360, height: 640 });
    expect(await page.evaluate<string>(`document.querySelector('.narration').textContent`)).toContain('One round trip for keys');
    const at = await page.evaluate<{ x: number; y: number }>(`(() => { const b = [...document.querySelectorAll('svg.diagram .label')].find((e) => e.textContent === 'SYN').getBoundingClientRect(); return { x: b.x + b.width / 2, y: b.y + b.height / 2 }; })()`);
    await page.clickAt(at.x, at.y);
    await page.waitFor(`[...document.querySelectorAll('.sheet button')].some((b) => b.textContent.includes('Drop') && b.getBoundingClientRect().bottom < innerHeight) && document.querySelector('.sheet dl')`);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(360);
    await page.close();
  });

  it('the log follows the clock', async () => {
    const page = await open('#/first-visit?t=231000000&view=log');
    const seen = `(() => { const r = document.querySelector('tr[aria-current]'), b = document.querySelector('.rows').getBoundingClientRect(), x = r.getBoundingClientRect(); return x.top >= b.top && x.bottom <= b.bottom ? r.textContent : ''; })()`;
    const first = await page.waitFor<string>(seen);
    await page.press('PageDown');
    await page.press('PageDown');
    await settle(page);
    const next = await page.evaluate<string>(seen);
    expect(next !== '' && next !== first).toBe(true);
    await page.close();
  });
});

describe.each(['chromium', 'firefox'] as const)('an embed without origin on a plain static server: %s', (kind) => {
  it('runs, steps scenes by key, and keeps its place in its address', async () => {
    const host = '<!doctype html><html lang="en"><title>A course page</title><body><iframe sandbox="allow-scripts" src="/embed.html#/first-visit?t=0&hide=link" width="640" height="360"></iframe></body></html>';
    const site = await serve(dist, { pages: { '/host.html': host }, headers: { 'Access-Control-Allow-Origin': null, 'Cross-Origin-Resource-Policy': null } });
    const browser = await openBrowser(kind);
    try {
      const page = await openPage(browser, `${site.origin}/host.html`);
      await page.evaluate(`(window.heard = [], addEventListener('message', (e) => heard.push(e.data)), 0)`);
      const ask = (type: string): Promise<unknown> => page.evaluate(`(document.querySelector('iframe').contentWindow.postMessage({ ns: 'roundtrip', v: 1, id: 7, type: ${JSON.stringify(type)}, payload: {} }, '*'), 0)`);
      for (let tries = 0; tries < 60 && !(await page.evaluate<boolean>(`heard.some((d) => d.type === 'state')`)); tries++) {
        await ask('pause');
        await settle(page, 200);
      }
      expect(await page.evaluate<string>(`heard.find((d) => d.type === 'state')?.payload.scenario`)).toBe('first-visit');
      await page.clickAt(320, 30);
      await page.press('PageDown');
      await page.press('PageDown');
      await settle(page, 700);
      await page.evaluate('(heard.length = 0, 0)');
      await ask('pause');
      expect(await page.waitFor<number>(`heard.find((d) => d.type === 'state')?.payload.t`)).toBeGreaterThan(20e6);
      if (kind === 'chromium') {
        const url = page.raw.frames().find((f) => f.url().includes('embed.html'))!.url();
        expect(url).toMatch(/scene=3/);
        expect(url).toContain('hide=link');
      }
      expect(site.requests.filter((r) => r.endsWith('.js')).every((r) => r.includes('/classic/'))).toBe(true);
      expect(page.errors).toEqual([]);
    } finally {
      await browser.close();
      await site.close();
    }
  });
});
