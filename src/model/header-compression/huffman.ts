/**
 * The Huffman code of HPACK and QPACK (RFC 7541 §5.2 and Appendix B). The code is canonical: codes of one length count upwards in
 * the order of their symbols, so the lengths say it all. Law: pure; what is no code is told, never guessed.
 */

/** Length of the code of each symbol 0 … 255 and EOS (256), in bits, as digits of base 36. */
const LENGTHS = [
  'dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca',
  'd67777777777777777777777878djde6f56565666577666567655677777fbeds',
  'kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn',
  'qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq',
  'u',
].join('');
const EOS = 256;
const SYMBOLS = 257;

const codes = new Uint32Array(SYMBOLS);
const lengths = Uint8Array.from(LENGTHS, (digit) => parseInt(digit, 36));
/** By length: the first code of that length, how many there are, and their symbols in order. */
const first: number[] = [], count: number[] = [], symbols: number[][] = [];
for (let length = 0, code = 0; length <= 30; length++) {
  code *= 2;
  first[length] = code;
  symbols[length] = [];
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    if (lengths[symbol] !== length) continue;
    codes[symbol] = code++;
    symbols[length].push(symbol);
  }
  count[length] = symbols[length].length;
}

/** Bytes that `octets` take in the code, with its padding. */
export function huffmanLength(octets: ArrayLike<number>): number {
  let bits = 0;
  for (let i = 0; i < octets.length; i++) bits += lengths[octets[i]!]!;
  return (bits + 7) >> 3;
}

/** `octets` in the code, padded with the most significant bits of EOS, which are ones (§5.2). */
export function huffmanEncode(octets: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(huffmanLength(octets)).fill(0xff);
  let bit = 0;
  for (let i = 0; i < octets.length; i++) {
    const code = codes[octets[i]!]!;
    for (let left = lengths[octets[i]!]! - 1; left >= 0; left--, bit++) {
      if (((code >>> left) & 1) === 0) out[bit >> 3]! &= ~(0x80 >> (bit & 7));
    }
  }
  return out;
}

/**
 * What stands in the code, or what is wrong with it. A decoding error (§5.2) is: the EOS symbol itself, padding of more than seven
 * bits, padding that is not ones.
 */
export function huffmanDecode(bytes: ArrayLike<number>): Uint8Array | string {
  const out: number[] = [];
  let code = 0, length = 0;
  for (let i = 0; i < bytes.length; i++) {
    for (let left = 7; left >= 0; left--) {
      code = code * 2 + ((bytes[i]! >> left) & 1);
      length++;
      const at = code - first[length]!;
      if (at < 0 || at >= count[length]!) continue;
      const symbol = symbols[length]![at]!;
      if (symbol === EOS) return 'the EOS symbol stands in a string';
      out.push(symbol);
      code = 0;
      length = 0;
    }
  }
  if (length > 7) return 'padding of more than seven bits';
  if (code !== (1 << length) - 1) return 'padding that is not ones';
  return Uint8Array.from(out);
}
