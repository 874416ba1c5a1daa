/** Addresses and ports of a packet, as its sender wrote them and as its receiver sees them: a NAT on the way changes one side of them (RFC 4787). */
import type { PduRow } from '../../model/pdu';
import type { Trace } from '../../model/trace';

export interface PacketNames {
  readonly source: string;
  readonly destination: string;
  readonly srcPort: number;
  readonly dstPort: number;
}
/** `arrives`: at its receiver; else at its sender. */
export function namesOf(trace: Trace, pdu: PduRow, arrives: boolean): PacketNames {
  const { hosts, links } = trace, link = links[pdu.link];
  // a host with several networks has an address on each
  const address = (host: number): string => (link?.address !== undefined && hosts[host]!.name === link.a ? link.address : hosts[host]!.address);
  const source = address(pdu.from), destination = address(pdu.to);
  const nat = hosts.find((h) => h.name === link?.via?.router && h.kind === 'nat');
  if (!nat || hosts[pdu.from] === nat) return { source, destination, srcPort: pdu.srcPort, dstPort: pdu.dstPort };
  const before = pdu.translated ?? pdu;
  if (pdu.linkDirection === 0) return arrives ? { source: nat.address, destination, srcPort: pdu.srcPort, dstPort: pdu.dstPort } : { source, destination, srcPort: before.srcPort, dstPort: before.dstPort };
  return arrives ? { source, destination, srcPort: pdu.srcPort, dstPort: pdu.dstPort } : { source, destination: nat.address, srcPort: before.srcPort, dstPort: before.dstPort };
}
