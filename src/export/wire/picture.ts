/**
 * Pictures of a wanted length that viewers accept: a PNG with one dot (PNG specification §5, §11), a JPEG without a scan
 * (ITU-T T.81 §B), each filled up with a comment. Law: exactly `length` bytes, or null when so few cannot hold the form.
 */
import { ascii, Writer } from '../../model/tls/bytes';

/** CRC-32 of PNG §D. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
function chunk(type: string, data: ArrayLike<number>): Uint8Array {
  const typed = new Writer().raw(ascii(type)).raw(data).done();
  return new Writer().u32(data.length).raw(typed).u32(crc32(typed)).done();
}
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** 1 by 1, eight bits of grey. */
const HEADER = chunk('IHDR', [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
/** One line of a filter byte and a black dot, stored without compression (RFC 1950, RFC 1951). */
const DOT = chunk('IDAT', [0x78, 0x01, 0x01, 2, 0, 0xfd, 0xff, 0, 0, 0, 2, 0, 1]);
const END = chunk('IEND', []);
const KEYWORD = 'Comment\0';

/** `fill(n)` gives n characters of text. */
export function png(length: number, fill: (n: number) => string): Uint8Array | null {
  const room = length - SIGNATURE.length - HEADER.length - DOT.length - END.length - 12 - KEYWORD.length;
  if (room < 0) return null;
  return new Writer().raw(SIGNATURE).raw(HEADER).raw(chunk('tEXt', ascii(KEYWORD + fill(room)))).raw(DOT).raw(END).done();
}

const START_OF_IMAGE = 0xffd8, END_OF_IMAGE = 0xffd9, COMMENT = 0xfffe;
/** APP0 of JFIF 1.02 §10: version 1.2, no units, no thumbnail. */
const JFIF = [0xff, 0xe0, 0, 16, ...ascii('JFIF'), 0, 1, 2, 0, 0, 1, 0, 1, 0, 0];
/** Most that a segment's length says, the length included; what is left must hold a segment of its own. */
const SEGMENT = 0xffff;

export function jpeg(length: number, fill: (n: number) => string): Uint8Array | null {
  let room = length - 2 - JFIF.length - 2;
  if (room < 4) return null;
  const w = new Writer().u16(START_OF_IMAGE).raw(JFIF);
  while (room > 0) {
    const take = room <= SEGMENT + 2 ? room : Math.min(SEGMENT + 2, room - 4);
    w.u16(COMMENT).u16(take - 2).raw(ascii(fill(take - 4)));
    room -= take;
  }
  return w.u16(END_OF_IMAGE).done();
}
