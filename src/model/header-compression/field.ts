/** Header fields and the octets they are made of, as HPACK and QPACK see them. */

/** Name, in lower case (RFC 9113 §8.2), and value. Each character is one octet. */
export type HeaderField = readonly [name: string, value: string];

/** What an entry of a dynamic table takes: both lengths and 32 (RFC 7541 §4.1, RFC 9204 §3.2.1). */
export const entrySize = ([name, value]: HeaderField): number => name.length + value.length + 32;

/** A string's characters as octets. */
export function octets(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}
