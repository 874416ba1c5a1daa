/** Script time for each animation frame while a crowded run plays: Chromium's own ScriptDuration over the frames drawn. Needs `npm run build`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, openPage, serve } from '../support/browser.mjs';
import type { BenchLine } from './machines';

const DIST = join(import.meta.dirname, '..', '..', 'dist');
/** A long fat link, small packets, a large initial window and six connections: more than a hundred packets under way at once. */
const CROWD = `#/first-visit?t=2240000000&set=${encodeURIComponent(
  ['network.links.client.rtt:600 ms', 'stack.tcp.initialWindow:100', 'network.links.client.mtu:576', 'network.links.client.bandwidth:5 Mbit/s', 'workload.profile:browser'].join(','),
)}`;

export async function benchFrames(): Promise<BenchLine> {
  if (!existsSync(join(DIST, 'index.html'))) throw new Error('run `npm run build` first');
  const site = await serve(DIST);
  const browser = await openBrowser('chromium');
  try {
    const page = await openPage(browser, `${site.url}index.html${CROWD}`);
    await page.waitFor(`document.querySelectorAll('svg.diagram .stroke').length > 5`);
    const cdp = await page.raw.context().newCDPSession(page.raw as never);
    await cdp.send('Performance.enable');
    const script = async (): Promise<number> => (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'ScriptDuration')!.value * 1000;
    await page.evaluate(`(window.__frames = 0, (function count() { window.__frames++; requestAnimationFrame(count); })())`);
    await page.evaluate(`[...document.querySelectorAll('button')].find((b) => b.getAttribute('aria-label') === 'Play').click()`);
    await page.evaluate(`(() => { const s = [...document.querySelectorAll('footer select')][0]; s.value = '0.1'; s.dispatchEvent(new Event('change', { bubbles: true })); })()`);
    const samples: number[] = [];
    let most = 0;
    for (let i = 0; i < 24; i++) {
      const before = await script(), from = await page.evaluate<number>('window.__frames');
      await page.evaluate('new Promise((resolve) => setTimeout(resolve, 250))');
      const frames = (await page.evaluate<number>('window.__frames')) - from;
      most = Math.max(most, await page.evaluate<number>(`document.querySelectorAll('svg.hosts .mark').length`));
      if (frames > 3) samples.push(((await script()) - before) / frames);
    }
    samples.sort((a, b) => a - b);
    const at = (share: number): number => Math.round(samples[Math.min(samples.length - 1, Math.floor(samples.length * share))]! * 100) / 100;
    return { name: 'frame-script', value: at(0.5), unit: 'ms', against: `at most ${most} messages in motion`, runs: samples.length, median: at(0.5), p95: at(0.95) };
  } finally {
    await browser.close();
    await site.close();
  }
}
