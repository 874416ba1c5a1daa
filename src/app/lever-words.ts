/** What was changed, in a few words: the title of a fork. */
import { formatQuantity } from '../base/quantity';
import { packetTitle } from '../explain';
import { forkWords } from '../explain/words/compare';
import { paramWords } from '../explain/param-words';
import { paramFor } from '../scenario/params';
import type { TraceIndex } from '../trace';
import { faultLine } from './fault-line';
import type { Levers } from './store';

function setting(path: string, value: string | number | boolean): string {
  const spec = paramFor(path);
  const name = spec ? paramWords(spec.words).name : path;
  const text = spec?.type === 'duration' && typeof value === 'number' ? formatQuantity(value, 'duration') : typeof value === 'boolean' ? (value ? forkWords.on : forkWords.off) : String(value);
  return `${name} ${text}`;
}
/** A fault on one message by that message's name, as the run has it; any other by its rule. */
function faultTitle(index: TraceIndex, faults: Levers['faults'], i: number): string {
  const fault = faults[i]!;
  const { trace } = index;
  // the levers' faults come after the scenario's own
  const met = trace.pdus.filter((p) => p.rule === trace.faults.length - faults.length + i && p.copyOf < 0);
  return 'where' in fault && met.length === 1 ? forkWords.met(packetTitle(index, met[0]!), fault.do) : faultLine(fault);
}
/** `as it was`; `round trip 20 ms`; `SYN: drop, …`. */
export function leversTitle({ set, faults, seed }: Levers, index: TraceIndex): string {
  const parts = [...Object.entries(set).map(([path, value]) => setting(path, value)), ...faults.map((_, i) => faultTitle(index, faults, i)), ...(seed === null ? [] : [forkWords.seed(seed)])];
  return parts.length === 0 ? forkWords.unchanged : parts.join(', ');
}
