/** Every recorded situation of Linux's TCP comes out of ours the same: packets, states, times. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { differences, playScenario, type Scenario } from '../../support/tcp-script';

const file = new URL('../../fixtures/tcp/linux-tcp-events.json', import.meta.url);
const { scenarios } = JSON.parse(readFileSync(file, 'utf8')) as { scenarios: Scenario[] };

describe('TCP as Linux 6.18 was recorded', () => {
  it('has all 28 recordings', () => expect(scenarios.length).toBe(28));
  for (const scenario of scenarios) it(scenario.name, () => expect(differences(scenario.events, playScenario(scenario).events)).toEqual([]));
  it('would notice a packet too few, a wrong number and a late timer', () => {
    const { events } = playScenario(scenarios[0]!);
    const outs = events.filter((e) => e.dir === 'out');
    expect(differences(events, events)).toEqual([]);
    expect(differences(events, events.filter((e) => e !== outs[2])).length).toBeGreaterThan(0);
    expect(differences(events, events.map((e) => (e === outs[3] ? { ...e, seq: e.seq! + 1 } : e))).length).toBe(1);
    expect(differences(events, events.map((e) => (e === outs[outs.length - 1] ? { ...e, t_ms: e.t_ms + 80 } : e))).length).toBe(1);
  });
});
