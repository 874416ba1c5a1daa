/** Every machine of the list: its table is up to date, and does what XState does for 100,000 random events. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/machines/compile';
import { tableFile, tableSource } from '../../src/machines/generate';
import { MACHINES } from '../../src/machines/list';
import { DEMOS } from './demos';
import { differential } from './differential';

const EVENTS = 100_000;

describe('table and XState agree', () => {
  for (const { machine, events, states } of DEMOS) {
    test(`${machine.id} (demo)`, () => {
      const agreement = differential(machine, events, EVENTS);
      expect(agreement.states).toBe(states);
      expect(agreement.handled).toBeGreaterThan(EVENTS / 10);
    }, 60_000);
  }
  for (const listed of MACHINES) {
    test(listed.id, async () => {
      const { machine, exampleEvents } = await listed.load();
      const agreement = differential(machine, exampleEvents, EVENTS);
      expect(agreement.handled, 'exampleEvents lead nowhere').toBeGreaterThan(0);
    }, 60_000);
  }
});

describe('the written table is the compiled machine', () => {
  for (const listed of MACHINES) {
    test(listed.id, async () => {
      const { machine } = await listed.load();
      expect(machine.id, 'the id in list.ts is the machine’s').toBe(listed.id);
      const fresh = tableSource(listed, compile(machine));
      expect(readFileSync(tableFile(listed), 'utf8') === fresh, 'run npm run machines').toBe(true);
    });
  }
});
