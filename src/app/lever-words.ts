/** What was changed, in a few words: the title of a fork. */
import { formatQuantity } from '../base/quantity';
import { forkWords } from '../explain/words/compare';
import { paramWords } from '../explain/param-words';
import { paramFor } from '../scenario/params';
import { faultLine } from './fault-line';
import type { Levers } from './store';

function setting(path: string, value: string | number | boolean): string {
  const spec = paramFor(path);
  const name = spec ? paramWords(spec.words).name : path;
  const text = spec?.type === 'duration' && typeof value === 'number' ? formatQuantity(value, 'duration') : typeof value === 'boolean' ? (value ? forkWords.on : forkWords.off) : String(value);
  return `${name} ${text}`;
}
/** `as it was`; `round trip 20 ms`; `SYN is dropped, …`. */
export function leversTitle({ set, faults, seed }: Levers): string {
  const parts = [...Object.entries(set).map(([path, value]) => setting(path, value)), ...faults.map(faultLine), ...(seed === null ? [] : [forkWords.seed(seed)])];
  return parts.length === 0 ? forkWords.unchanged : parts.join(', ');
}
