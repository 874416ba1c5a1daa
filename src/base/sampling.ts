/**
 * Samples from distributions, by arithmetic that every engine does alike (model decision 3). Law: a sample is a function of a
 * uniform draw; nothing here draws.
 */

const LN2 = 0.6931471805599453;
/** Natural logarithm of x > 0, to about 1e-15: the exponent is taken out, the rest is 2·artanh((m − 1) ÷ (m + 1)). */
export function ln(x: number): number {
  let m = x, exponent = 0;
  while (m >= 1.5) {
    m /= 2;
    exponent++;
  }
  while (m < 0.75) {
    m *= 2;
    exponent--;
  }
  const z = (m - 1) / (m + 1), z2 = z * z;
  let sum = 0;
  for (let k = 39; k >= 1; k -= 2) sum = sum * z2 + 1 / k;
  return 2 * z * sum + exponent * LN2;
}
/** Time to the next arrival of a Poisson stream with this mean distance, from a uniform draw in [0, 1); whole ns. */
export const exponential = (uniform: number, mean: number): number => Math.floor(-ln(1 - uniform) * mean + 0.5);
