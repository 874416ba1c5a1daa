/**
 * Transcripts of every state of every machine: what it hears `<`, under which guard `[…]`, what follows, where it goes `=`; what it ignores `!`.
 * A change of behaviour is a change of the snapshot, to be read before it is accepted.
 */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/machines/compile';
import { MACHINES } from '../../src/machines/list';
import type { Candidate, MachineTable, Step } from '../../src/machines/table';

function did(table: MachineTable, [kind, index]: Step): string {
  if (kind === 'effect') return table.effects[index]!;
  if (kind === 'assign') return `(${table.assigns[index]})`;
  if (kind === 'raise') return `raise ${table.chart.events[index]}`;
  return `${kind} ${table.delays[index]!.event}`;
}
function line(table: MachineTable, c: Candidate): string {
  const guard = c.guard >= 0 ? `[${table.guards[c.guard]}] ` : '';
  return `${guard}${c.steps.map((s) => did(table, s)).join(', ')}${c.target >= 0 ? ` = ${table.chart.leaves[c.target]}` : ''}`.trim();
}
function transcript(table: MachineTable): string {
  const { leaves, events } = table.chart;
  return leaves.map((leaf, state) => {
    const heard = events.flatMap((name, e) => (table.cells[state]![e] || []).map((c) => `  < ${name} ${line(table, c)}`.trimEnd()));
    const always = (table.always?.[state] || []).map((c) => `  always ${line(table, c)}`);
    const ignored = events.filter((_, e) => !table.cells[state]![e]);
    return [leaf, ...heard, ...always, ...(ignored.length > 0 && ignored.length < events.length ? [`  ! ${ignored.join(' ')}`] : ignored.length > 0 ? ['  ! everything'] : [])].join('\n');
  }).join('\n');
}

describe('transcripts', () => {
  it.each(MACHINES.map((m) => [m.id, m] as const))('%s', async (_, listed) => {
    const { machine } = await listed.load();
    expect(transcript(compile(machine))).toMatchSnapshot();
  });
});
