/** ICMP messages of the run as on the wire, and taken apart (RFC 792, RFC 1191 §4). */
import { en } from '../../explain';
import type { DissectionNode } from '../../model/dissection';
import { encodeIcmpTooBig, ICMP_HEADER_BYTES, type IcmpTooBig } from '../../model/icmp';
import { checksum } from '../../model/ip';
import { hexNumber, Scan } from './scan';

const { icmp: words, ip: ipWords } = en.wire;

/** The message with its checksum; `about`: the packet that did not pass. */
export function icmpMessage({ mtu }: IcmpTooBig, about: Uint8Array): Uint8Array {
  const bytes = encodeIcmpTooBig(mtu, about);
  const sum = checksum(bytes);
  bytes[2] = sum >> 8;
  bytes[3] = sum & 255;
  return bytes;
}
/** `at`: where the message begins in the packet. */
export function dissectIcmp(packet: Uint8Array, at: number): DissectionNode {
  const scan = new Scan(packet, 'network', at, packet.length);
  const spec = 'RFC 792';
  const right = checksum(packet.subarray(at)) === 0;
  scan.number('Type', 1, { spec, meaning: words.unreachable });
  scan.number('Code', 1, { spec, meaning: words.tooBig });
  scan.number('Checksum', 2, { spec, value: (n) => hexNumber(n, 4), meaning: right ? ipWords.right : ipWords.wrong });
  scan.number('Unused', 2, { spec: 'RFC 1191 §4' });
  scan.number('Next-Hop MTU', 2, { spec: 'RFC 1191 §4', meaning: words.mtu });
  scan.field('Packet', packet.length - at - ICMP_HEADER_BYTES, { spec: 'RFC 792', value: '', meaning: words.about });
  return scan.whole('Internet Control Message Protocol', { spec, value: words.tooBig }, at);
}
