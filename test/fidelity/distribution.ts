/**
 * Distributions: many runs of ours against the samples of a measured case. Our median and 90th percentile must lie inside the 99 % bootstrap
 * interval of the samples', widened by max(2 ms, 3 %), as the measurements' description asks. Law: seeds are fixed, so a verdict never changes by itself.
 */
import { sequence } from '../../src/base/random';

/** Linear between the two nearest, as the measurements were summed up (NumPy's default). */
export function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q, low = Math.floor(at);
  return sorted[low]! + (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!) * (at - low);
}
const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const RESAMPLES = 4000;

/** The interval in which a quantile of such samples lies in 99 of 100 repetitions. */
export function bootstrapInterval(samples: readonly number[], q: number, seed = 1): readonly [number, number] {
  const random = sequence(seed);
  const found: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) found.push(quantile(ascending(samples.map(() => samples[Math.floor(random() * samples.length)]!)), q));
  found.sort((a, b) => a - b);
  return [quantile(found, 0.005), quantile(found, 0.995)];
}
export interface Judged {
  readonly measured: number;
  readonly predicted: number;
  /** Interval that was allowed. */
  readonly low: number;
  readonly high: number;
  readonly ok: boolean;
}
export function judgeQuantile(samples: readonly number[], ours: readonly number[], q: number): Judged {
  const measured = quantile(ascending(samples), q), predicted = quantile(ascending(ours), q);
  const [least, most] = bootstrapInterval(samples, q);
  const wider = Math.max(2, measured * 0.03);
  return { measured, predicted, low: least - wider, high: most + wider, ok: predicted >= least - wider && predicted <= most + wider };
}
