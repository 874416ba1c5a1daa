/** HTTP/2 on the wire: frames as bytes, with filler as content, and frames taken apart (RFC 9113 §4, §6; HPACK: RFC 7541 §6). */
import { en } from '../../explain';
import type { DissectionNode } from '../../model/dissection';
import { FRAME, frameBytes, H2_ERRORS, PREFACE, SETTING, type Frame, type StreamPriority } from '../../model/http2/frame';
import { HpackDecoder, type Representation } from '../../model/http2/hpack';
import type { Flow, Message } from '../../model/stream';
import { ascii } from '../../model/tls/bytes';
import type { FrameBody } from '../../protocols/http2/connection';
import { bodyBytes, gzipped } from './body';
import { Scan } from './scan';

const words = en.wire.http2;
const frameOf = (message: Message): Frame | null => (message.body as FrameBody | null)?.frame ?? null;

/** Bytes of a frame. The same type and length of content give the same filler, as in HTTP/1.1. */
export function encodeHttp2(message: Message, flow: Flow): Uint8Array {
  const frame = frameOf(message);
  if (!frame) return Uint8Array.from(ascii(PREFACE));
  const head = frameBytes(frame);
  const { content } = message.body as FrameBody;
  if (frame.type !== 'DATA' || !content) return head;
  const { type, length, from } = content;
  const heads = flow.content[message.direction].messages.filter((m) => frameOf(m)?.type === 'HEADERS');
  const said = heads.map((m) => m.body as FrameBody).find((b) => b.frame.type === 'HEADERS' && b.frame.stream === frame.stream)?.response;
  const whole = said?.head.gzip ? gzipped(length) : bodyBytes(type, length, said?.status ?? 200, `${type} ${length}`);
  const out = new Uint8Array(message.bytes);
  out.set(head);
  out.set(whole.subarray(from, from + frame.content), head.length);
  return out;
}

const FRAME_NAMES = new Map<number, string>(Object.entries(FRAME).map(([name, code]) => [code, name]));
const SETTING_NAMES = new Map<number, string>(Object.entries(SETTING).map(([name, code]) => [code, name]));

/** How the fields of a HEADERS frame stood in its block: the blocks of its direction up to it, decoded in their order. */
function representations(message: Message, flow: Flow): readonly Representation[] {
  const decoder = new HpackDecoder(0xffff_ffff);
  for (const m of flow.content[message.direction].messages) {
    const frame = frameOf(m);
    if (frame?.type !== 'HEADERS') continue;
    const parts = decoder.parts(frame.block);
    if (m === message) return typeof parts === 'string' ? [] : parts;
  }
  return [];
}

/** Fields of one frame. */
export function dissectHttp2(message: Message, bytes: Uint8Array, flow: Flow): DissectionNode {
  const scan = new Scan(bytes, 'http');
  const frame = frameOf(message);
  if (!frame) {
    scan.field('Connection preface', bytes.length, { spec: 'RFC 9113 §3.4', value: PREFACE.trim().replace(/\s+/g, ' '), meaning: words.preface });
    return scan.whole('HTTP/2 connection preface', { spec: 'RFC 9113 §3.4', value: '' });
  }
  scan.number('Length', 3, { spec: 'RFC 9113 §4.1', meaning: words.length });
  scan.number('Type', 1, { spec: 'RFC 9113 §6', value: (n) => FRAME_NAMES.get(n) ?? String(n), meaning: words.frames[frame.type] ?? '' });
  scan.number('Flags', 1, { spec: 'RFC 9113 §4.1', meaning: flagNames(frame) });
  scan.number('Stream Identifier', 4, { spec: 'RFC 9113 §5.1.1', meaning: 'stream' in frame && frame.stream > 0 ? '' : words.connection });
  payload(scan, frame, message, flow);
  return scan.whole(frame.type, { spec: 'RFC 9113 §6', value: 'stream' in frame && frame.stream > 0 ? words.stream(frame.stream) : '', meaning: words.frames[frame.type] ?? '' });
}
function flagNames(frame: Frame): string {
  const names: string[] = [];
  if (frame.type === 'HEADERS') names.push('END_HEADERS', ...(frame.priority ? ['PRIORITY'] : []));
  if ((frame.type === 'HEADERS' || frame.type === 'DATA') && frame.endStream) names.push('END_STREAM');
  if ((frame.type === 'SETTINGS' || frame.type === 'PING') && frame.ack) names.push('ACK');
  return names.join(', ');
}
function payload(scan: Scan, frame: Frame, message: Message, flow: Flow): void {
  const error = (n: number): string => H2_ERRORS[n] ?? String(n);
  switch (frame.type) {
    case 'DATA': {
      const type = (message.body as FrameBody).content?.type ?? '';
      if (scan.left > 0) scan.field('Data', scan.left, { spec: 'RFC 9113 §6.1', value: '', meaning: en.wire.http.body(scan.left, type) });
      return;
    }
    case 'HEADERS': return headerBlock(scan, frame, message, flow);
    case 'PRIORITY': return dependency(scan, frame.priority, 'RFC 7540 §6.3');
    case 'RST_STREAM': return void scan.number('Error Code', 4, { spec: 'RFC 9113 §7', value: error });
    case 'SETTINGS':
      while (scan.left >= 6) {
        scan.group('Setting', 6, { spec: 'RFC 9113 §6.5.1' }, (inner) => {
          inner.number('Identifier', 2, { spec: 'RFC 9113 §6.5.2', value: (n) => SETTING_NAMES.get(n) ?? String(n), meaning: (n) => words.settings[SETTING_NAMES.get(n) ?? ''] ?? '' });
          inner.number('Value', 4, { spec: 'RFC 9113 §6.5.2' });
        });
      }
      return;
    case 'PING': return void scan.field('Opaque Data', 8, { spec: 'RFC 9113 §6.7' });
    case 'GOAWAY':
      scan.number('Last-Stream-ID', 4, { spec: 'RFC 9113 §6.8', meaning: words.lastStream });
      return void scan.number('Error Code', 4, { spec: 'RFC 9113 §7', value: error });
    case 'WINDOW_UPDATE': return void scan.number('Window Size Increment', 4, { spec: 'RFC 9113 §6.9', meaning: words.increment });
    case 'PRIORITY_UPDATE':
      scan.number('Prioritized Stream ID', 4, { spec: 'RFC 9218 §7.1' });
      return void scan.text('Priority Field Value', scan.left, { spec: 'RFC 9218 §4' });
  }
}
function dependency(scan: Scan, priority: StreamPriority, spec: string): void {
  scan.number('Exclusive, Stream Dependency', 4, { spec, value: String(priority.dependsOn), meaning: priority.exclusive ? words.exclusive : '' });
  scan.number('Weight', 1, { spec, value: (n) => String(n + 1) });
}
function headerBlock(scan: Scan, frame: Extract<Frame, { type: 'HEADERS' }>, message: Message, flow: Flow): void {
  if (frame.priority) dependency(scan, frame.priority, 'RFC 7540 §6.2');
  for (const part of representations(message, flow)) {
    const size = part.end - part.start;
    if (part.kind === 'size') scan.field('Dynamic table size update', size, { spec: 'RFC 7541 §6.3', value: String(part.index) });
    else scan.field(part.field[0], size, { spec: SECTIONS[part.kind], value: part.field[1], meaning: words.kinds(part.kind, part.index, size) });
  }
}
const SECTIONS = { indexed: 'RFC 7541 §6.1', incremental: 'RFC 7541 §6.2.1', without: 'RFC 7541 §6.2.2', never: 'RFC 7541 §6.2.3' } as const;
