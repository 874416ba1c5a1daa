/** A host's network stack: TCP and UDP, and which of them a packet is for. */
import type { HostId } from '../model/ids';
import type { IcmpTooBig } from '../model/icmp';
import { IP_ICMP, IP_TCP, type PduRow } from '../model/pdu';
import type { World } from '../model/world';
import { tcpOptions, type TcpOptions } from '../protocols/tcp/params';
import { TcpStack } from '../protocols/tcp/stack';
import { UdpStack } from '../protocols/udp/stack';

export class NetStack {
  readonly tcp: TcpStack;
  readonly udp: UdpStack;
  /** `sockets`: TCP options that the host's application sets, where the plan says nothing. */
  constructor(world: World, host: HostId, sockets: Partial<TcpOptions> = {}) {
    const own = world.hostOf(host).params.tcp as Record<string, unknown> | undefined;
    this.tcp = new TcpStack(world, host, tcpOptions(own, world.plan.stack.tcp, sockets as Record<string, unknown>));
    this.udp = new UdpStack(world, host);
  }
  receive(pdu: PduRow): void {
    if (pdu.protocol === IP_TCP) this.tcp.receive(pdu);
    else if (pdu.protocol === IP_ICMP) this.tcp.tooBig(pdu.body as IcmpTooBig);
    else this.udp.receive(pdu);
  }
  stopped(): void {
    this.tcp.stopped();
    this.udp.stopped();
  }
}
