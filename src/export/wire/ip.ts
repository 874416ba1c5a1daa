/** IPv4 and UDP headers of the run's packets: the last touches (identification, checksums) and their fields (RFC 791, RFC 768). */
import { en } from '../../explain';
import type { DissectionNode } from '../../model/dissection';
import { addressBytes, checksum, encodeUdp } from '../../model/ip';
import { IP_ICMP, IP_TCP } from '../../model/pdu';
import { hexNumber, Scan } from './scan';

const { ip: words, udp: udpWords } = en.wire;
const address = (bytes: Uint8Array, at: number): string => Array.from(bytes.subarray(at, at + 4)).join('.');

/** Checksum of a transport segment with the pseudo-header of RFC 9293 §3.1 (RFC 768). */
export function transportChecksum(source: string, destination: string, protocol: number, segment: Uint8Array): number {
  const pseudo = new Uint8Array(12 + segment.length);
  pseudo.set(addressBytes(source), 0);
  pseudo.set(addressBytes(destination), 4);
  pseudo[9] = protocol;
  pseudo[10] = segment.length >> 8;
  pseudo[11] = segment.length & 255;
  pseudo.set(segment, 12);
  return checksum(pseudo);
}
/** The datagram with its checksum; a sum of zero is sent as all ones. */
export function udpDatagram(source: string, destination: string, srcPort: number, dstPort: number, payload: Uint8Array): Uint8Array {
  const header = encodeUdp(srcPort, dstPort, payload.length);
  const datagram = new Uint8Array(header.length + payload.length);
  datagram.set(header);
  datagram.set(payload, header.length);
  const sum = transportChecksum(source, destination, 17, datagram) || 0xffff;
  datagram[6] = sum >> 8;
  datagram[7] = sum & 255;
  return datagram;
}

export function dissectIp(packet: Uint8Array): DissectionNode {
  const headerBytes = (packet[0]! & 15) * 4;
  const scan = new Scan(packet, 'network', 0, headerBytes);
  const spec = 'RFC 791 §3.1';
  scan.bits('Version', 0, 1, '0–3', String(packet[0]! >> 4), { spec });
  scan.bits('IHL', 0, 1, '4–7', String(packet[0]! & 15), { spec, meaning: words.bytes(headerBytes) });
  scan.bits('DSCP', 1, 1, '0–5', String(packet[1]! >> 2), { spec: 'RFC 2474 §3', meaning: packet[1]! >> 2 === 0 ? words.dscp : words.control });
  scan.bits('ECN', 1, 1, '6–7', String(packet[1]! & 3), { spec: 'RFC 3168 §5', meaning: words.ecn[packet[1]! & 3] ?? '' });
  scan.at = 2;
  scan.number('Total Length', 2, { spec, meaning: words.totalLength });
  scan.number('Identification', 2, { spec: 'RFC 6864 §4', value: (n) => hexNumber(n, 4), meaning: words.identification });
  const flags = packet[6]! >> 5;
  scan.bits('Flags', 6, 1, '0–2', hexNumber(flags, 1), { spec, meaning: flags & 2 ? words.dontFragment : '' });
  scan.bits('Fragment Offset', 6, 2, '3–15', String(((packet[6]! & 31) << 8) | packet[7]!), { spec, meaning: words.whole });
  scan.at = 8;
  scan.number('Time to Live', 1, { spec, meaning: words.ttl });
  scan.number('Protocol', 1, { spec, meaning: (n) => (n === IP_TCP ? 'TCP' : n === IP_ICMP ? 'ICMP' : 'UDP') });
  scan.number('Header Checksum', 2, { spec: 'RFC 1071', value: (n) => hexNumber(n, 4), meaning: checksum(packet.subarray(0, headerBytes)) === 0 ? words.right : words.wrong });
  const source = address(packet, 12), destination = address(packet, 16);
  scan.field('Source Address', 4, { spec, value: source });
  scan.field('Destination Address', 4, { spec, value: destination });
  return scan.whole('Internet Protocol', { spec: 'RFC 791', value: `${source} → ${destination}` });
}

/** `at`: where the header begins in the packet. */
export function dissectUdp(packet: Uint8Array, at: number): DissectionNode {
  const scan = new Scan(packet, 'transport', at, at + 8);
  const spec = 'RFC 768';
  const source = scan.number('Source Port', 2, { spec });
  const destination = scan.number('Destination Port', 2, { spec, meaning: (n) => (n === 53 ? udpWords.dns : '') });
  scan.number('Length', 2, { spec, meaning: udpWords.length });
  const right = transportChecksum(address(packet, 12), address(packet, 16), 17, packet.subarray(at)) === 0;
  scan.number('Checksum', 2, { spec, value: (n) => hexNumber(n, 4), meaning: right ? words.right : words.wrong });
  return scan.whole('User Datagram Protocol', { spec, value: `${source} → ${destination}` }, at);
}
