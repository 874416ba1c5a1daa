import { fileURLToPath } from 'node:url';
import { it } from 'vitest';
import { openBrowser, openPage, serve } from '../support/browser.mjs';
const dist = fileURLToPath(new URL('../../dist', import.meta.url));
it('shots', async () => {
  const site = await serve(dist);
  const browser = await openBrowser('chromium');
  const settle = (page: any, ms: number) => page.evaluate(`new Promise((r) => setTimeout(r, ${ms}))`);
  const shot = async (name: string, hash: string, size: any) => {
    const page = await openPage(browser, `${site.url}index.html${hash}`, size);
    await settle(page, 2500);
    await page.screenshot(`/tmp/shot-${name}.png`);
    await page.close?.();
  };
  await shot('hol', '#/head-of-line?t=300000000', { width: 1280, height: 720 });
  await shot('ways', '#/many-ways-to-https?t=4150000000', { width: 1280, height: 720 });
  await shot('altsvc', '#/alt-svc?t=4090000000', { width: 1280, height: 720 });
  await shot('amp', '#/amplification-limit?t=150000000', { width: 1920, height: 1080 });
  await shot('udp', '#/udp-blocked?t=4100000000', { width: 360, height: 640 });
  await shot('page', '#/page-load?t=500000000', { width: 1280, height: 720, dark: true });
  await browser.close(); await site.close();
}, 120000);
