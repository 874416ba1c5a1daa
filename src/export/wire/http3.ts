/** HTTP/3 on the wire: frames, stream types and QPACK's instructions as bytes, with filler as content, and taken apart (RFC 9114 §7, RFC 9204 §4). */
import { en } from '../../explain';
import type { DissectionNode } from '../../model/dissection';
import { H3_SETTING, h3FrameBytes, H3_STREAM, type H3Frame } from '../../model/http3/frame';
import { QpackDecoder, type FieldLine } from '../../model/http3/qpack-decoder';
import { octets } from '../../model/header-compression/field';
import { writeVarint } from '../../model/quic/varint';
import type { Flow, Message } from '../../model/stream';
import { Writer } from '../../model/tls/bytes';
import type { H3Body } from '../../protocols/http3/connection';
import { bodyBytes, gzipped } from './body';
import { varint } from './quic/dissect';
import { Scan } from './scan';

const words = en.wire.http3;
const bodyOf = (message: Message): H3Body => message.body as H3Body;

/** Bytes of a message of a stream. The same type and length of content give the same filler, as in the other versions. */
export function encodeHttp3(message: Message, flow: Flow): Uint8Array {
  const { streamType, frame, content, instructions } = bodyOf(message);
  const w = new Writer();
  if (streamType !== undefined) writeVarint(w, H3_STREAM[streamType]);
  if (frame) w.raw(h3FrameBytes(frame));
  if (instructions) w.raw(instructions);
  if (content) {
    const said = flow.content[message.direction].messages.map((m) => bodyOf(m).response).find((r) => r !== undefined);
    const whole = said?.head.gzip ? gzipped(content.length) : bodyBytes(content.type, content.length, said?.status ?? 200, `${content.type} ${content.length}`);
    w.raw(whole.subarray(content.from, content.from + content.bytes));
  }
  return w.done();
}

/** `earlier`: what was said on the encoder stream of this direction, all of it. */
export function dissectHttp3(message: Message, bytes: Uint8Array, earlier: readonly Uint8Array[] = []): DissectionNode {
  const { streamType, frame, content, instructions } = bodyOf(message);
  const scan = new Scan(bytes, 'http');
  if (streamType !== undefined) scan.number('Stream Type', 1, { spec: 'RFC 9114 §6.2', value: streamType });
  if (frame) {
    varint(scan, 'Type', 'RFC 9114 §7.1', words.frames[frame.type] ?? '');
    varint(scan, 'Length', 'RFC 9114 §7.1');
    payload(scan, frame, earlier);
  }
  if (instructions && scan.left > 0) scan.field(words.instructions, scan.left, { spec: 'RFC 9204 §4.3' });
  if (content && scan.left > 0) scan.field('Data', scan.left, { spec: 'RFC 9114 §7.2.1', value: '', meaning: en.wire.http.body(scan.left, content.type) });
  return scan.whole(frame?.type ?? message.name, { spec: frame ? 'RFC 9114 §7.2' : 'RFC 9204 §4.2', value: '', meaning: frame ? (words.frames[frame.type] ?? '') : '' });
}
const SETTING_NAMES = new Map<number, string>(Object.entries(H3_SETTING).map(([name, code]) => [code, name]));
function payload(scan: Scan, frame: H3Frame, earlier: readonly Uint8Array[]): void {
  if (frame.type === 'SETTINGS') for (const [name] of frame.settings) {
    varint(scan, 'Identifier', 'RFC 9114 §7.2.4', SETTING_NAMES.get(H3_SETTING[name]) ?? '');
    varint(scan, 'Value', 'RFC 9114 §7.2.4.1', words.settings[name] ?? '');
  } else if (frame.type === 'GOAWAY') varint(scan, 'ID', 'RFC 9114 §5.2');
  else if (frame.type === 'PRIORITY_UPDATE') {
    varint(scan, 'Prioritized Element ID', 'RFC 9218 §7.2');
    scan.text('Priority Field Value', scan.left, { spec: 'RFC 9218 §4' });
  }
  else if (frame.type === 'HEADERS') {
    const lines = linesOf(frame.section, earlier);
    const start = lines[0]?.start ?? frame.section.length;
    scan.field('Required Insert Count, Base', start, { spec: 'RFC 9204 §4.5.1' });
    for (const { start: from, end, kind, field } of lines) scan.field(field[0], end - from, { spec: 'RFC 9204 §4.5', value: field[1], meaning: words.kinds(kind, end - from, octets(field[0]).length + octets(field[1]).length) });
  }
}
/** How the fields stood in a section, with a table that has had every entry. */
function linesOf(section: Uint8Array, earlier: readonly Uint8Array[]): readonly FieldLine[] {
  const decoder = new QpackDecoder(0x3fff_ffff);
  for (const said of [new Uint8Array(0), ...earlier]) {
    decoder.instructions(said);
    const lines = decoder.lines(section);
    if (typeof lines !== 'string') return lines;
  }
  return [];
}
