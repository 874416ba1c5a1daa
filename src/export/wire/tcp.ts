/**
 * TCP segments of the run as on the wire (RFC 9293 §3.1): absolute sequence numbers, timestamps with an offset of their
 * own, checksum. Law: initial sequence numbers follow from the seed and the flow's name (RFC 6528 asks for a keyed hash).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { en } from '../../explain';
import type { DissectionNode } from '../../model/dissection';
import type { Flow } from '../../model/stream';
import { ascii } from '../../model/tls/bytes';
import { ACK, encodeSegment, FIN, PSH, RST, SYN, type Segment } from '../../protocols/tcp/segment';
import { transportChecksum } from './ip';
import { hexNumber, Scan } from './scan';

const { tcp: words, ip: ipWords } = en.wire;
const MS = 1e6;

/** What one end of a connection chose at random. */
export interface Origin {
  readonly isn: number;
  /** Added to the clock of the timestamps, ms (Linux `tcp_secure_ts_off`). */
  readonly clockMs: number;
}
/** Both ends of a flow: the initiator's, the responder's. */
export function originsOf(seed: number, flow: Flow): readonly [Origin, Origin] {
  const digest = sha256(Uint8Array.from(ascii(`${seed} ${flow.name} initial sequence numbers`)));
  const view = new DataView(digest.buffer, digest.byteOffset);
  return [{ isn: view.getUint32(0), clockMs: view.getUint32(4) }, { isn: view.getUint32(8), clockMs: view.getUint32(12) }];
}

/** Header, options and payload with the checksum. `origins`: this end's, then the peer's. */
export function tcpSegment(s: Segment, srcPort: number, dstPort: number, origins: readonly [Origin, Origin], payload: Uint8Array, source: string, destination: string): Uint8Array {
  const [own, peer] = origins;
  // a port that nobody listens on answers from zero: there is no connection to count in (RFC 9293 §3.10.7.1)
  const isn = s.flags === (RST | ACK) && s.seq === 0 ? 0 : own.isn;
  const shifted = s.tsval < 0 ? s : { ...s, tsval: s.tsval + own.clockMs * MS, tsecr: s.flags & ACK && s.tsecr >= 0 ? s.tsecr + peer.clockMs * MS : 0 };
  const header = encodeSegment(shifted, srcPort, dstPort, isn, peer.isn);
  const bytes = new Uint8Array(header.length + payload.length);
  bytes.set(header);
  bytes.set(payload, header.length);
  const sum = transportChecksum(source, destination, 6, bytes);
  bytes[16] = sum >> 8;
  bytes[17] = sum & 255;
  return bytes;
}

const FLAGS: readonly (readonly [name: string, mask: number])[] = [['CWR', 128], ['ECE', 64], ['URG', 32], ['ACK', ACK], ['PSH', PSH], ['RST', RST], ['SYN', SYN], ['FIN', FIN]];

/** `relative`: the model's numbers, told beside the absolute ones. */
export function dissectTcp(packet: Uint8Array, at: number, relative: Segment, scale: number): DissectionNode {
  const headerBytes = (packet[at + 12]! >> 4) * 4;
  const scan = new Scan(packet, 'transport', at, at + headerBytes);
  const spec = 'RFC 9293 §3.1';
  const source = scan.number('Source Port', 2, { spec });
  const destination = scan.number('Destination Port', 2, { spec });
  scan.number('Sequence Number', 4, { spec, meaning: words.sequence(relative.seq, relative.len) });
  scan.number('Acknowledgment Number', 4, { spec, meaning: relative.flags & ACK ? words.acknowledgment(relative.ack) : words.noAcknowledgment });
  scan.bits('Data Offset', at + 12, 1, '0–3', String(headerBytes / 4), { spec, meaning: ipWords.bytes(headerBytes) });
  scan.bits('Rsrvd', at + 12, 1, '4–7', String(packet[at + 12]! & 15), { spec });
  const flags = packet[at + 13]!;
  FLAGS.forEach(([name, mask], i) => scan.bits(name, at + 13, 1, String(i), flags & mask ? '1' : '0', { spec, meaning: flags & mask ? (words.flags[name] ?? '') : '' }));
  scan.at = at + 14;
  scan.number('Window', 2, { spec, meaning: (n) => (flags & (SYN | RST) ? '' : words.window(n * 2 ** scale)) });
  const sourceAddress = Array.from(packet.subarray(12, 16)).join('.'), destinationAddress = Array.from(packet.subarray(16, 20)).join('.');
  const right = transportChecksum(sourceAddress, destinationAddress, 6, packet.subarray(at)) === 0;
  scan.number('Checksum', 2, { spec, value: (n) => hexNumber(n, 4), meaning: right ? ipWords.right : ipWords.wrong });
  scan.number('Urgent Pointer', 2, { spec, meaning: words.urgent });
  while (scan.left > 0) option(scan);
  return scan.whole('Transmission Control Protocol', { spec: 'RFC 9293', value: `${source} → ${destination}` }, at);
}
function option(scan: Scan): void {
  const kind = scan.bytes[scan.at]!;
  if (kind < 2) return void scan.number(kind === 1 ? 'No-Operation' : 'End of Option List', 1, { spec: 'RFC 9293 §3.2', meaning: kind === 1 ? words.padding : '' });
  const length = scan.bytes[scan.at + 1] ?? 0;
  const [name, spec] = OPTIONS[kind] ?? ['Option', 'RFC 9293 §3.2'];
  scan.group(name, length, { spec }, (inner) => {
    inner.number('Kind', 1, { spec });
    inner.number('Length', 1, { spec });
    if (kind === 2) inner.number('Maximum Segment Size', 2, { spec, meaning: words.mss });
    else if (kind === 3) inner.number('shift.cnt', 1, { spec, meaning: (n) => words.scale(2 ** n) });
    else if (kind === 8) {
      inner.number('TSval', 4, { spec, meaning: words.tsval });
      inner.number('TSecr', 4, { spec, meaning: words.tsecr });
    } else if (kind === 34) {
      if (inner.left === 0) return;
      const cookie = inner.left;
      inner.number('Fast Open Cookie', 4, { spec, meaning: words.fastOpenCookie });
      if (cookie > 4) inner.number('Fast Open Cookie', 4, { spec });
    } else if (kind === 5) {
      while (inner.left >= 8) {
        inner.number('Left Edge', 4, { spec, meaning: words.left });
        inner.number('Right Edge', 4, { spec, meaning: words.right });
      }
    }
  });
}
const OPTIONS: Readonly<Record<number, readonly [string, string]>> = {
  2: ['Maximum Segment Size', 'RFC 9293 §3.7.1'], 3: ['Window Scale', 'RFC 7323 §2.2'], 4: ['SACK-permitted', 'RFC 2018 §2'], 5: ['SACK', 'RFC 2018 §3'], 34: ['TCP Fast Open', 'RFC 7413 §4.1.1'], 8: ['Timestamps', 'RFC 7323 §3.2'],
};
