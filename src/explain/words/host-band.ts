/** English: what a host is at, in the few words that fit above it. Each gives the longest first; the shorter ones where there is less room. */
import { whole } from '../format';

/** Places by the trace's name for their resource: one, many. */
const PLACES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  workers: ['worker', 'workers'], processes: ['process', 'processes'], connections: ['connection', 'connections'], backends: ['backend', 'backends'], loop: ['loop', 'loops'],
};
/** Words that end no shortened sentence. */
const LOOSE = new Set(['a', 'an', 'the', 'of', 'to', 'for', 'from', 'in', 'on', 'at', 'by', 'with', 'and', 'or', 'as', 'between']);

export const hostBand = {
  /** `5 of 8 workers, 3 wait`; empty when nobody has or wants one. */
  places: (name: string, held: number, of: number, waiting: number): readonly string[] => {
    if (held === 0 && waiting === 0) return [];
    const what = PLACES[name]?.[of === 1 ? 0 : 1] ?? name;
    const queue = `${whole(waiting)} ${waiting === 1 ? 'waits' : 'wait'}`;
    if (waiting > 0) return [`${whole(held)} of ${whole(of)} ${what}, ${queue}`, `${whole(held)}/${whole(of)} ${what}, ${queue}`, `${whole(held)}/${whole(of)}, ${queue}`, queue];
    return [`${whole(held)} of ${whole(of)} ${what}`, `${whole(held)}/${whole(of)} ${what}`];
  },
  /** The whole, then its first words: `compute the proof of the password`, `compute the proof …`, `compute …`. */
  shortened: (text: string): readonly string[] => {
    const words = text.split(' ');
    const shorter = words.slice(1).map((_, i) => words.slice(0, words.length - 1 - i)).filter((w) => !LOOSE.has(w[w.length - 1]!)).map((w) => `${w.join(' ').replace(/[,;:]$/, '')} …`);
    return [text, ...shorter];
  },
  cores: (busy: number, of: number): string => `${busy}/${of}`,
} as const;
