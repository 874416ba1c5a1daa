/** Scenes: each can be reached one by one, and its words stand beside what they tell. */
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/scenario/catalogue';
import { loadScenario } from '../../src/scenario/load';
import { runScenario } from '../../src/scenario/run';
import { indexTrace } from '../../src/trace';
import { sceneReached, scenesOf, sceneSpoken, type SceneMoment } from '../../src/app/scenes';

const scene = (time: number, concludes = false): SceneMoment => ({ title: `at ${time}`, narration: '', time, event: time, concludes });

describe('scenes', () => {
  it('on one moment are told apart by the hint, which counts at that moment only', () => {
    const list = [scene(0), scene(10), scene(10), scene(20)];
    expect([0, 5, 10, 15, 20, 30].map((t) => sceneReached(list, t))).toEqual([0, 0, 2, 2, 3, 3]);
    expect(sceneReached(list, 10, 1)).toBe(1);
    expect(sceneReached(list, 11, 1)).toBe(2);
    expect(sceneReached([scene(5)], 4)).toBe(-1);
  });
  it('that conclude a phase are told while it lasts', () => {
    const list = [scene(0), scene(10, true), scene(20, true), scene(20), scene(30)];
    expect([5, 10, 15, 20, 25].map((t) => sceneSpoken(list, t))).toEqual([0, 1, 2, 3, 3]);
    expect(sceneSpoken(list, 20, 2)).toBe(2);
  });
  it('of every scenario can all be walked through, forwards and back', async () => {
    for (const { id } of CATALOGUE) {
      const scenario = await loadScenario(id);
      const runs = scenario.ok ? runScenario(scenario.value) : scenario;
      if (!runs.ok || !scenario.ok) continue;
      for (const r of runs.value) {
        const scenes = scenesOf(scenario.value, indexTrace(r.trace));
        let at = -1, t = -1;
        const seen: number[] = [];
        for (let i = 0; i < scenes.length; i++) {
          at = sceneReached(scenes, t, at) + 1;
          t = scenes[at]!.time;
          seen.push(at);
        }
        expect(seen).toEqual(scenes.map((_, i) => i));
      }
    }
  });
  it('of scenarios that tell one story come in the order in which they are told', async () => {
    for (const id of ['head-of-line', 'many-ways-to-https', 'udp-blocked', 'alt-svc', 'network-switch', 'nat-rebinding', 'page-load', 'multiplexing', 'h2-flow-control', 'amplification-limit']) {
      const scenario = await loadScenario(id);
      const runs = scenario.ok ? runScenario(scenario.value) : scenario;
      if (!runs.ok || !scenario.ok) throw new Error(id);
      const scenes = scenesOf(scenario.value, indexTrace(runs.value[0]!.trace));
      const here = scenes.map((s) => s.title);
      expect(here.length).toBeGreaterThan(2);
      expect([id, here]).toEqual([id, scenario.value.scenes!.map((s) => s.title).filter((title) => here.includes(title))]);
    }
  });
  it('of the first visit: the handshake’s words stand while it runs', async () => {
    const scenario = await loadScenario('first-visit');
    const runs = scenario.ok ? runScenario(scenario.value) : scenario;
    if (!runs.ok || !scenario.ok) throw new Error('does not run');
    const scenes = scenesOf(scenario.value, indexTrace(runs.value[0]!.trace));
    const words = (t: number): string => scenes[sceneSpoken(scenes, t)]?.title ?? '';
    expect([110e6, 200e6, 300e6].map(words)).toEqual(['One round trip to connect', 'One round trip for keys', 'The question at last']);
  });
});
