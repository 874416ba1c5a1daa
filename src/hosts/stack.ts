/** A host's network stack: TCP and UDP, and which of them a packet is for. */
import type { HostId } from '../model/ids';
import { IP_TCP, type PduRow } from '../model/pdu';
import type { World } from '../model/world';
import { TcpStack } from '../protocols/tcp/stack';
import { UdpStack } from '../protocols/udp/stack';

export class NetStack {
  readonly tcp: TcpStack;
  readonly udp: UdpStack;
  constructor(world: World, host: HostId) {
    this.tcp = new TcpStack(world, host);
    this.udp = new UdpStack(world, host);
  }
  receive(pdu: PduRow): void {
    if (pdu.protocol === IP_TCP) this.tcp.receive(pdu);
    else this.udp.receive(pdu);
  }
  stopped(): void {
    this.tcp.stopped();
    this.udp.stopped();
  }
}
