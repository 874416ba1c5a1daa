/** Stepping by instants: a step back undoes exactly one step and always moves. */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load';
import { runScenario } from '../../src/scenario/run';
import { indexTrace, nextStep, previousStep } from '../../src/trace';

describe('steps of a playhead that knows only its time', () => {
  it.each(['first-visit', 'lost-packet'])('always move, there and back: %s', async (id) => {
    const scenario = await loadScenario(id);
    const runs = scenario.ok ? runScenario(scenario.value) : scenario;
    if (!runs.ok) throw new Error('does not run');
    const index = indexTrace(runs.value[0]!.trace);
    for (const request of [null, 0]) {
      const times: number[] = [];
      for (let at = nextStep(index, request, { time: -1 }); at; at = nextStep(index, request, { time: at.time })) times.push(at.time);
      expect(times.length).toBeGreaterThan(40);
      for (let i = 1; i < times.length; i++) {
        expect(times[i]!).toBeGreaterThan(times[i - 1]!);
        expect(previousStep(index, request, { time: times[i]! })?.time).toBe(times[i - 1]);
        // from between two steps, back is the last one reached
        const between = Math.floor((times[i]! + times[i - 1]!) / 2);
        if (between > times[i - 1]!) expect(previousStep(index, request, { time: between })?.time).toBe(times[i - 1]);
      }
    }
  });
});
