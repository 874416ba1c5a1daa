/** A QUIC datagram taken apart: headers as they travelled, what the packets hold as it was before it was sealed (RFC 9000 §17, §19). */
import { en } from '../../../explain';
import type { DissectionNode } from '../../../model/dissection';
import { frameLength, hexBytes, hexOf, type QuicFrame } from '../../../model/quic/frame';
import { bareLength, type BarePacket } from '../../../model/quic/packet';
import { PACKET, Scan } from '../scan';
import type { WirePacket } from './conversation';

const words = en.wire.quic;
/** Nodes of what a CRYPTO or STREAM frame carries, counted within its content. */
export type Inside = (frame: Extract<QuicFrame, { type: 'CRYPTO' | 'STREAM' }>) => readonly DissectionNode[];

/** One packet; `at` is where it begins in the datagram, `buffer` the number of its payload among the opened ones. */
export function dissectPacket({ packet, bytes, payload }: WirePacket, buffer: number, inside: Inside): DissectionNode {
  const scan = new Scan(bytes, 'transport');
  const { level, number, numberBytes, destination, source, token } = packet;
  const long = level !== '1-RTT', spec = long ? 'RFC 9000 §17.2' : 'RFC 9000 §17.3.1';
  scan.field(long ? 'Long header, protected bits' : 'Short header, protected bits', 1, { spec: 'RFC 9001 §5.4', meaning: words.protectedBits });
  if (long) {
    scan.number('Version', 4, { spec: 'RFC 9000 §15' });
    scan.number('DCID Len', 1, { spec });
  }
  scan.field('Destination Connection ID', destination.length / 2, { spec: 'RFC 9000 §5.1', value: destination || words.none });
  if (long) {
    scan.number('SCID Len', 1, { spec });
    scan.field('Source Connection ID', source.length / 2, { spec: 'RFC 9000 §5.1', value: source || words.none });
    if (level === 'Initial') {
      varint(scan, 'Token Length', 'RFC 9000 §17.2.2');
      if (token) scan.field('Token', token.length / 2, { spec: 'RFC 9000 §8.1.1' });
    }
    varint(scan, 'Length', 'RFC 9000 §17.2');
  }
  scan.field('Packet Number, protected', numberBytes, { spec: 'RFC 9000 §17.1', value: String(number) });
  const opened = new Scan(payload, 'transport', 0, payload.length, buffer);
  for (const frame of packet.frames) dissectFrame(opened, frame, inside);
  scan.field('Protected Payload', scan.left - 16, { spec: 'RFC 9001 §5.3', meaning: words.sealed(number), children: [opened.whole('Frames', { spec: 'RFC 9000 §12.4', meaning: words.opened })] });
  scan.field('authentication tag', 16, { spec: 'RFC 5116 §5.1' });
  return scan.whole(`QUIC ${level}`, { spec, value: String(number), meaning: words.levels[level] ?? '' });
}
/** An integer of one to eight bytes; those of eight are told as text. */
export function varint(scan: Scan, name: string, spec: string, meaning = ''): number {
  const length = 1 << (scan.bytes[scan.at]! >> 6);
  let value = scan.bytes[scan.at]! & 0x3f;
  for (let i = 1; i < length; i++) value = value * 256 + (scan.bytes[scan.at + i] ?? 0);
  scan.field(name, length, { spec, value: String(value), meaning });
  return value;
}
const NUMBERS: Partial<Record<QuicFrame['type'], readonly string[]>> = {
  RESET_STREAM: ['Stream ID', 'Application Protocol Error Code', 'Final Size'], STOP_SENDING: ['Stream ID', 'Application Protocol Error Code'], CRYPTO: ['Offset', 'Length'], NEW_TOKEN: ['Token Length'],
  MAX_DATA: ['Maximum Data'], DATA_BLOCKED: ['Maximum Data'], MAX_STREAM_DATA: ['Stream ID', 'Maximum Stream Data'], STREAM_DATA_BLOCKED: ['Stream ID', 'Maximum Stream Data'],
  MAX_STREAMS_BIDI: ['Maximum Streams'], MAX_STREAMS_UNI: ['Maximum Streams'], STREAMS_BLOCKED_BIDI: ['Maximum Streams'], STREAMS_BLOCKED_UNI: ['Maximum Streams'],
  NEW_CONNECTION_ID: ['Sequence Number', 'Retire Prior To'], RETIRE_CONNECTION_ID: ['Sequence Number'], CONNECTION_CLOSE: ['Error Code', 'Frame Type', 'Reason Phrase Length'], CONNECTION_CLOSE_APP: ['Error Code', 'Reason Phrase Length'],
};
function dissectFrame(scan: Scan, frame: QuicFrame, inside: Inside): void {
  scan.group(frame.type, frameLength(frame), { spec: words.specs[frame.type] ?? 'RFC 9000 §19', value: valueOf(frame), meaning: words.frames[frame.type] ?? '' }, (s) => {
    if (frame.type === 'PADDING') return s.skip(frame.length);
    s.number('Type', 1, { spec: 'RFC 9000 §12.4' });
    if (frame.type === 'ACK') {
      for (const name of ['Largest Acknowledged', 'ACK Delay', 'ACK Range Count', 'First ACK Range']) varint(s, name, 'RFC 9000 §19.3', name === 'ACK Delay' ? words.ackDelay(frame.delay) : '');
      for (let i = 1; i < frame.ranges.length; i++) for (const name of ['Gap', 'ACK Range Length']) varint(s, name, 'RFC 9000 §19.3.1');
    } else if (frame.type === 'STREAM') {
      for (const name of ['Stream ID', ...(frame.offset > 0 ? ['Offset'] : []), ...(frame.open ? [] : ['Length'])]) varint(s, name, 'RFC 9000 §19.8');
    } else for (const name of NUMBERS[frame.type] ?? []) varint(s, name, 'RFC 9000 §19');
    if (frame.type === 'CRYPTO' || frame.type === 'STREAM') s.field(frame.type === 'CRYPTO' ? 'Crypto Data' : 'Stream Data', s.left, { spec: frame.type === 'CRYPTO' ? 'RFC 9000 §19.6' : 'RFC 9000 §19.8', value: '', children: moved(inside(frame), s.at, s.buffer) });
    else if (s.left > 0) s.field('Data', s.left, { spec: 'RFC 9000 §19' });
  });
}
const moved = (nodes: readonly DissectionNode[], by: number, buffer: number): DissectionNode[] => nodes.map((n) => (n.buffer === PACKET ? { ...n, start: n.start + by, end: n.end + by, buffer, children: moved(n.children, by, buffer) } : n));
const valueOf = (f: QuicFrame): string => (f.type === 'ACK' ? f.ranges.map(([low, high]) => (low === high ? String(low) : `${low}–${high}`)).join(', ') : f.type === 'STREAM' ? words.stream(f.stream) : '');

/** What a server says instead of opening a connection. */
export function dissectBare(p: BarePacket, bytes: Uint8Array): DissectionNode {
  const scan = new Scan(bytes, 'transport');
  const spec = p.bare === 'Retry' ? 'RFC 9000 §17.2.5' : 'RFC 9000 §17.2.1';
  scan.field('Header Form', 1, { spec });
  scan.number('Version', 4, { spec });
  for (const [name, id] of [['Destination Connection ID', p.destination], ['Source Connection ID', p.source]] as const) {
    scan.number(`${name} Length`, 1, { spec });
    scan.field(name, hexBytes(id).length, { spec, value: id || words.none });
  }
  if (p.bare === 'Retry') {
    scan.field('Retry Token', p.token.length / 2, { spec, value: p.token });
    scan.field('Retry Integrity Tag', 16, { spec: 'RFC 9001 §5.8', value: hexOf(bytes.subarray(bareLength(p) - 16)) });
  } else for (const _ of p.versions) scan.number('Supported Version', 4, { spec });
  return scan.whole(`QUIC ${p.bare}`, { spec, value: '' });
}
