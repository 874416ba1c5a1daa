/**
 * Bodies of responses as bytes: filler of the right type and of exactly the length that the run counted with. Law: a pure
 * function of type, length and label. The model knows no contents, only lengths; error pages are nginx's own.
 */
import { ascii } from '../../model/tls/bytes';
import { hashText, mix32 } from '../../base/hash';
import { errorPage } from '../../model/http/response';
import { jpeg, png } from './picture';

const WORDS = 'order parcel shop price basket garden paper river north lamp window copper morning letter harbour bread cloud field stone glass orchard silver market winter'.split(' ');

/** Words that depend only on the label, `length` characters of them, broken into lines by `between`. */
function prose(label: string, length: number, between = ' '): string {
  let h = hashText(label);
  const parts: string[] = [];
  for (let n = 0; n < length; ) {
    h = mix32(h + 0x9e3779b9);
    const word = WORDS[h % WORDS.length]! + (parts.length % 12 === 11 ? between : ' ');
    parts.push(word);
    n += word.length;
  }
  return parts.join('').slice(0, length);
}
/** Opening and closing that hold the filler, the fullest that fits first; a body shorter than all is bare filler. */
const FRAMES: readonly (readonly [RegExp, readonly (readonly [string, string])[]])[] = [
  [/html/, [['<!doctype html>\n<html lang="en">\n<head><title>Simulated page</title></head>\n<body>\n<p>', '</p>\n</body>\n</html>\n'], ['<p>', '</p>']]],
  [/svg|xml/, [['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><desc>', '</desc></svg>\n'], ['<svg>', '</svg>']]],
  [/css/, [['/* Simulated style sheet. ', ' */\n'], ['/*', '*/']]],
  [/javascript|ecmascript/, [['// Simulated script. ', '\n'], ['//', '']]],
  [/json/, [['{"simulated":"', '"}'], ['"', '"']]],
];

/** The last bodies made: one that is written in pieces is asked for once for each. */
const recent = new Map<string, Uint8Array>();
const KEPT = 8;

/** A body of `length` bytes for a response with this type and status. */
export function bodyBytes(type: string, length: number, status: number, label: string): Uint8Array {
  const key = `${type} ${length} ${status} ${label}`;
  const known = recent.get(key);
  if (known) return known;
  const bytes = makeBody(type, length, status, label);
  const [oldest] = recent.keys();
  if (recent.size >= KEPT && oldest !== undefined) recent.delete(oldest);
  recent.set(key, bytes);
  return bytes;
}
function makeBody(type: string, length: number, status: number, label: string): Uint8Array {
  if (status >= 400) {
    const page = ['', 'The plain HTTP request was sent to HTTPS port', 'No required SSL certificate was sent'].map((why) => errorPage(status, why)).find((p) => p.length === length);
    if (page) return Uint8Array.from(ascii(page));
  }
  const picture = /image\/png/.test(type) ? png : /image\/jpe?g/.test(type) ? jpeg : null;
  const made = picture?.(length, (n) => prose(label, n));
  if (made) return made;
  const [open, close] = FRAMES.find(([pattern]) => pattern.test(type))?.[1].find((f) => f[0].length + f[1].length <= length) ?? ['', ''];
  const room = length - open.length - close.length;
  return Uint8Array.from(ascii(open + prose(label, room, /html|css|svg/.test(type) ? '\n' : ' ') + close));
}

/** A gzip file of exactly `length` bytes (RFC 1952, with stored blocks of RFC 1951 §3.2.4): filler like the rest, for the model knows only how much is left of the content. */
export function gzipped(length: number): Uint8Array {
  const out = new Uint8Array(length);
  const HEAD = 10, TAIL = 8, BLOCK = 5, MOST = 65_535;
  if (length < HEAD + BLOCK + TAIL) return out;
  out.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  let room = length - HEAD - TAIL, at = HEAD, crc = 0xffffffff, size = 0;
  const text = ascii(prose(`gzip ${length}`, room, '\n'));
  while (room > 0) {
    const n = Math.min(MOST, room - BLOCK - (room - BLOCK > MOST && room - BLOCK - MOST < BLOCK + 1 ? BLOCK + 1 : 0));
    room -= n + BLOCK;
    out.set([room > 0 ? 0 : 1, n & 255, n >> 8, ~n & 255, (~n >> 8) & 255], at);
    at += BLOCK;
    for (let i = 0; i < n; i++) {
      const byte = text[size++]!;
      out[at++] = byte;
      crc ^= byte;
      for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  const view = new DataView(out.buffer);
  view.setUint32(length - 8, ~crc >>> 0, true);
  view.setUint32(length - 4, size, true);
  return out;
}
