/** The scenario about priorities: what it says is what happens, and nothing is lost by another order. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../src/base/time';
import type { Trace } from '../../src/model/trace';
import { lanesOf } from '../support/lanes';
import { eventsOf } from '../support/web';

const at = (t: Trace, kind: string): number => eventsOf(t, kind)[0]!.ms;
const end = (t: Trace, path: string): number => t.requests.find((r) => r.url.endsWith(path))!.endNs / MS;
const names = (t: Trace): string[] => t.messages.filter((m) => m.direction === 0).map((m) => m.name);

describe('priorities', () => {
  it('the layout is earlier when what holds it up goes first, in both versions', async () => {
    const lanes = await lanesOf('priorities');
    for (const t of Object.values(lanes)) expect(t.requests.every((r) => r.status === 200)).toBe(true);
    expect(at(lanes['h2-turns']!, 'page.laid_out') - at(lanes['h2-urgent']!, 'page.laid_out')).toBeGreaterThan(150);
    expect(at(lanes['h3-asked']!, 'page.laid_out') - at(lanes['h3-update']!, 'page.laid_out')).toBeGreaterThan(150);
  });
  it('the picture on the screen is earlier when the browser says so, and earlier still when less has been handed over', async () => {
    const lanes = await lanesOf('priorities');
    const screen = (name: string): number => at(lanes[name]!, 'page.first_screen_complete');
    expect(Math.abs(screen('h2-turns') - screen('h2-urgent'))).toBeLessThan(40);
    expect(screen('h2-urgent') - screen('h2-update')).toBeGreaterThan(150);
    expect(screen('h2-update') - screen('h2-lowat')).toBeGreaterThan(60);
    expect(screen('h3-asked') - screen('h3-update')).toBeGreaterThan(150);
    for (const name of ['h2-update', 'h2-lowat', 'h3-update']) expect(eventsOf(lanes[name]!, 'http.priority_changed')).toHaveLength(1);
    for (const name of ['h2-turns', 'h2-urgent', 'h3-asked']) expect(eventsOf(lanes[name]!, 'http.priority_changed')).toHaveLength(0);
  });
  it('the whole page takes as long in any order', async () => {
    const lanes = await lanesOf('priorities');
    const load = (name: string): number => at(lanes[name]!, 'page.load_ended');
    for (const name of ['h2-urgent', 'h2-update', 'h2-lowat']) expect(Math.abs(load(name) - load('h2-turns'))).toBeLessThan(5);
    expect(Math.abs(load('h3-update') - load('h3-asked'))).toBeLessThan(5);
  });
  it('a server of RFC 9218 says so, and is told in its own words; nginx is told in those of RFC 7540, and acts on them', async () => {
    const ours = (await lanesOf('priorities'))['h2-update']!;
    expect(names(ours)).toContain('PRIORITY_UPDATE');
    const nginx = (await lanesOf('priorities', { 'network.hosts.server.params.priorities': 'rfc7540' }))['h2-update']!;
    expect(names(nginx)).toContain('PRIORITY');
    expect(names(nginx)).not.toContain('PRIORITY_UPDATE');
    expect(eventsOf(nginx, 'http.priority_changed').length).toBeGreaterThan(0);
    const silent = (await lanesOf('priorities', { 'network.hosts.server.params.priorities': 'rfc7540', 'network.hosts.browser.params.reprioritizes': 'false' }))['h2-update']!;
    expect(end(silent, '/hero.jpg') - end(nginx, '/hero.jpg')).toBeGreaterThan(150);
  });
  it('lost packets change times, and no answer', async () => {
    for (const seed of ['0.02', '0.05']) {
      const lanes = await lanesOf('priorities', { 'network.links.client.loss': seed });
      for (const t of Object.values(lanes)) {
        expect(t.pdus.some((p) => p.fate !== 1)).toBe(true);
        expect(t.requests.map((r) => [r.status, r.bytesDown > 9000])).toEqual(t.requests.map(() => [200, true]));
        expect(eventsOf(t, 'page.first_screen_complete')).toHaveLength(1);
      }
    }
  });
  it('with nothing known of the screen, nothing is said anew', async () => {
    const lanes = await lanesOf('multiplexing');
    for (const t of Object.values(lanes)) expect(eventsOf(t, 'page.laid_out', 'http.priority_updated')).toEqual([]);
  });
});
