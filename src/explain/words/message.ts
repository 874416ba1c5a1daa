/** English: the message view. */
import { whole } from '../format';

const count = (n: number, one: string, many: string): string => `${whole(n)} ${n === 1 ? one : many}`;

export const message = {
  title: 'Message',
  openWide: 'Open wide',
  /** Under the title of a message: between whom. */
  between: (from: string, to: string): string => `${from} to ${to}`,
  fields: 'Layers and fields',
  bytes: 'Bytes',
  grid: (name: string): string => `${name}, one row for each line; arrow keys walk from byte to byte, Enter chooses the field`,
  buffer: 'Which bytes',
  wire: 'On the wire',
  opened: 'Opened',
  record: 'Record',
  recordOf: (n: number, of: number, held: string): string => `${n} of ${of}${held ? `: ${held}` : ''}`,
  wireHelp: 'What anybody on the way can read: encrypted records are noise without their keys.',
  openedHelp: 'What the two ends read, once they have opened the record with their keys.',
  encryptedWord: 'encrypted',
  openedWord: 'opened',
  length: (n: number): string => count(n, 'byte', 'bytes'),
  inside: (n: number): string => count(n, 'field', 'fields'),
  bits: (bits: string): string => `bits ${bits}`,
  /** Where a field lies: `bytes 24–27`. */
  place: (start: number, end: number): string => (end - start === 1 ? `byte ${whole(start)}` : end === start ? `before byte ${whole(start)}` : `bytes ${whole(start)}–${whole(end - 1)}`),
  placeOpened: (place: string): string => `${place} of the opened record`,
  /** A byte and what it belongs to, as it is read aloud. */
  byteName: (hex: string, glyph: string, at: number, field: string): string => `${hex}${glyph === '·' ? '' : ` ${glyph}`}, byte ${whole(at)}${field ? `, ${field}` : ''}`,
  /** A row as it is read aloud. */
  rowName: (parts: readonly string[]): string => parts.filter((p) => p !== '').join(', '),
  within: (name: string): string => `carried by ${name}`,
  leftOut: (n: number): string => `${count(n, 'byte', 'bytes')} left out`,
  showAll: 'Show all',
  moreText: (n: number): string => `${count(n, 'character', 'characters')} more`,
  unexplained: 'no field',
  hint: 'Point at a field or a byte.',
  hiddenIn: (place: string): string => `encrypted, somewhere in ${place}`,
  elsewhere: 'not in these bytes',
  empty: 'No bytes.',
} as const;
