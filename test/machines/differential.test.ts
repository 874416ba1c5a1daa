/** The differential is a test of its own kind: tables that are wrong in one place must be caught. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/machines/compile';
import type { Candidate, MachineTable, Step } from '../../src/machines/table';
import { chain, DEMOS, nested, retry } from './demos';
import { differential } from './differential';

type Mutable<T> = T extends string | number ? T : { -readonly [K in keyof T]: Mutable<T[K]> };
type Wrong = Mutable<MachineTable>;
const eventsOf = (id: string): (typeof DEMOS)[number]['events'] => DEMOS.find(({ machine }) => machine.id === id)!.events;
const cell = (table: Wrong, state: string, event: string): Mutable<Candidate>[] =>
  table.cells[table.chart.leaves.indexOf(state)]![table.chart.events.indexOf(event)] as Mutable<Candidate>[];

const FAULTS: readonly (readonly [string, typeof retry | typeof nested | typeof chain, (table: Wrong) => void, RegExp])[] = [
  ['a wrong target', retry, (t) => (cell(t, 'IDLE', 'ASK')[0]!.target = 0), /the state differs/],
  ['a guard left out', retry, (t) => (cell(t, 'WAIT', 'RTO')[0]!.guard = -1), /differs after/],
  ['guard params left out', retry, (t) => void Reflect.deleteProperty(cell(t, 'WAIT', 'RTO')[0]!, 'guardParams'), /differs after/],
  ['assign params left out', retry, (t) => cell(t, 'WAIT', 'ANSWER')[0]!.steps.forEach((s) => s[0] === 'assign' && s.pop()), /the context differs/],
  ['a timer that is not cancelled', retry, (t) => (cell(t, 'WAIT', 'ANSWER')[0]!.steps = cell(t, 'WAIT', 'ANSWER')[0]!.steps.filter(([kind]) => kind !== 'cancel')), /what is said differs/],
  ['effects in another order', nested, (t) => void (cell(t, 'CLOSED', 'OPEN')[0]!.steps as Step[]).reverse(), /what is said differs/],
  ['a completion forgotten', nested, (t) => (cell(t, 'HANDSHAKE.FLIGHT.CERT', 'NEXT').forEach((c) => (c.steps = c.steps.filter(([kind]) => kind !== 'raise')))), /the state differs/],
  ['eventless transitions forgotten', chain, (t) => void Reflect.deleteProperty(t, 'always'), /differs after/],
  ['raised events in another order', chain, (t) => void (cell(t, 'A', 'GO')[0]!.steps as Step[]).reverse(), /differs after/],
];

describe('a fault in the table is found:', () => {
  for (const [name, machine, fault, message] of FAULTS) {
    test(name, () => {
      const wrong = structuredClone(compile(machine)) as unknown as Wrong;
      fault(wrong);
      expect(() => differential(machine, eventsOf(machine.id), 20_000, 1, wrong as unknown as MachineTable)).toThrow(message);
    });
  }
});

test('a table survives JSON', () => {
  for (const { machine, events } of DEMOS) differential(machine, events, 2000, 2, JSON.parse(JSON.stringify(compile(machine))) as MachineTable);
});
