/** The few forms of DER (ITU-T X.690 §8, §10) that certificates and session tickets are made of. */
export type Der = readonly number[];

/** Tag, length, then the parts one after another. */
export function tlv(tag: number, ...parts: ArrayLike<number>[]): Der {
  const body: number[] = [];
  for (const part of parts) for (let i = 0; i < part.length; i++) body.push(part[i]!);
  const n = body.length;
  const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255];
  return [tag, ...length, ...body];
}
export const sequence = (...parts: ArrayLike<number>[]): Der => tlv(0x30, ...parts);
export const octets = (bytes: ArrayLike<number>): Der => tlv(4, bytes);
export const bitString = (bytes: ArrayLike<number>, unusedBits = 0): Der => tlv(3, [unusedBits], bytes);
export const oid = (...encoded: number[]): Der => tlv(6, encoded);
/** [n] EXPLICIT. */
export const tagged = (n: number, ...parts: ArrayLike<number>[]): Der => tlv(0xa0 + n, ...parts);

/** INTEGER from an unsigned big-endian number: leading zeros fall away, a zero goes before a set top bit. */
export function integer(bytes: ArrayLike<number>): Der {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from++;
  const digits = Array.from(bytes).slice(from);
  return tlv(2, digits[0]! >= 128 ? [0, ...digits] : digits);
}
/** INTEGER from a small number (0 … 2^32 − 1). */
export const small = (n: number): Der => integer([n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
