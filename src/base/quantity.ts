/** Quantities as people write them: `"40 ms"`, `"10 Mbit/s"`, `"1 %"`, `"14 KB"`. Internal units: ns, bit/s, fraction, bytes. */
export type QuantityType = 'duration' | 'rate' | 'ratio' | 'bytes';

/** How many internal units one of them is; of a ratio, how many of them make 1 (57 ÷ 100 is 0.57, 57 × 0.01 is not). */
const UNITS: Readonly<Record<QuantityType, Readonly<Record<string, number>>>> = {
  duration: { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3600e9 },
  rate: { 'bit/s': 1, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9 },
  ratio: { '%': 100, '': 1 },
  bytes: { B: 1, KB: 1e3, MB: 1e6, KiB: 1024, MiB: 1048576 },
};

/** The value in the internal unit, or null when the text is not a quantity of this type. `"unlimited"` is a rate of 0. */
export function parseQuantity(text: string, type: QuantityType): number | null {
  if (type === 'rate' && text.trim() === 'unlimited') return 0;
  const match = /^\s*(\d{1,15}(?:\.\d{1,9})?)\s*([a-zA-Zµ%/]*)\s*$/.exec(text);
  if (!match) return null;
  const factor = UNITS[type][match[2]!];
  if (factor === undefined) return null;
  const value = type === 'ratio' ? Number(match[1]) / factor : Math.floor(Number(match[1]) * factor + 0.5);
  return Number.isFinite(value) ? value : null;
}

/** Text of a value in the largest unit that says it exactly: `40 ms`, `10 Mbit/s`, `0.5 %`; a ratio to nine decimals of a per cent. */
export function formatQuantity(value: number, type: QuantityType): string {
  if (type === 'rate' && value === 0) return 'unlimited';
  if (type === 'ratio') return `${trim(value * 100)} %`;
  const order: Readonly<Record<Exclude<QuantityType, 'ratio'>, readonly string[]>> = {
    duration: ['s', 'ms', 'µs', 'ns'], rate: ['Gbit/s', 'Mbit/s', 'kbit/s', 'bit/s'], bytes: ['MB', 'KB', 'B'],
  };
  for (const unit of order[type]) {
    const factor = UNITS[type][unit]!;
    if (value < factor) continue;
    const text = `${trim(value / factor)} ${unit}`;
    if (factor === 1 || parseQuantity(text, type) === value) return text;
  }
  return `0 ${order[type][order[type].length - 1]}`;
}
const trim = (n: number): string => n.toFixed(9).replace(/\.?0+$/, '');

/** Units that `parseQuantity` takes for a type, for messages. */
export const unitsOf = (type: QuantityType): string => Object.keys(UNITS[type]).filter((u) => u !== '').join(', ');
