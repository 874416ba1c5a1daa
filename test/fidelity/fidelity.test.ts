/**
 * The model against measured systems: every claimed family at its share, and the packets of loss-free cases in order. Judged by the page's
 * data, which `page.test.ts` holds to the present model: every case is run once.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MIN_SHARE } from './claimed';
import type { Evidence } from '../../src/app/how-true/page-data';

const { families, cases: verdicts } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'src', 'app', 'how-true', 'fidelity.gen.json'), 'utf8')) as Evidence;

describe('fidelity', () => {
  for (const f of families.filter((x) => x.claimed)) {
    it(`${f.family}: at least ${MIN_SHARE * 100} % of what it can judge`, () => {
      const failing = verdicts.filter((v) => v.family === f.family && v.status === 'fail').map((v) => v.id);
      expect(f.judged).toBeGreaterThan(0);
      expect({ share: f.passed / f.judged >= MIN_SHARE, failing: f.passed / f.judged >= MIN_SHARE ? [] : failing }).toEqual({ share: true, failing: [] });
    });
  }
  it('sends the measured packets, in order and length, where nothing is lost', () => {
    const clean = verdicts.filter((v) => v.packets && /\/base_/.test(v.id));
    expect(clean.length).toBeGreaterThan(5);
    expect(clean.filter((v) => v.packets!.firstDifference !== null).map((v) => `${v.id}: ${v.packets!.firstDifference}`)).toEqual([]);
  });
  it('sends the measured packets between proxy and application, where the list holds all of the connection', () => {
    const whole = verdicts.filter((v) => v.packets && /^proxy\/(no_upstream_keepalive|tls13_|keepalive_client_second_request_nokeep|upstream_port_closed|upstream_response_lost)/.test(v.id));
    expect(whole).toHaveLength(5);
    expect(whole.filter((v) => v.packets!.firstDifference !== null).map((v) => `${v.id}: ${v.packets!.firstDifference}`)).toEqual([]);
  });
});
