/**
 * A router on the way, whose next link takes smaller packets than the first: it drops what is too big and must not be taken apart, and says so
 * with ICMP, unless somebody has forbidden it to (RFC 1191 §3, §4). It may lower the MSS that SYNs announce (RFC 4459 §3.2).
 */
import type { EndpointId, HostId } from '../model/ids';
import { ICMP_TOO_BIG_BYTES, type IcmpTooBig } from '../model/icmp';
import { Fate, IP_ICMP, IP_TCP, type PduRow } from '../model/pdu';
import type { HostKind, HostRuntime, World } from '../model/world';
import { IPV4_HEADER_BYTES } from '../model/ip';
import { SYN, TCP_HEADER_BYTES, type Segment } from '../protocols/tcp/segment';
import { ROUTER_KINDS } from './kinds';
import { hostDefault } from './params';

class Router implements HostRuntime {
  private readonly endpoint: EndpointId;
  private readonly kinds;
  private readonly mtu: number;
  private readonly says: boolean;
  private readonly clamps: boolean;

  constructor(private readonly world: World, private readonly host: HostId) {
    const { name, params } = world.hostOf(host);
    this.kinds = world.kinds(ROUTER_KINDS);
    this.endpoint = world.endpoint(host, 'network', 'ip', name);
    this.mtu = Number(params.nextMtu ?? hostDefault('nextMtu'));
    this.says = params.icmp !== false;
    this.clamps = params.clampMss === true;
  }
  start(): void {}
  /** Nobody sends anything to it. */
  receive(): void {}
  passes(pdu: PduRow): Fate {
    const most = this.mtu - IPV4_HEADER_BYTES - TCP_HEADER_BYTES;
    if (this.clamps && pdu.protocol === IP_TCP && pdu.flags & SYN && (pdu.body as Segment).mss > most) pdu.clampedMss = most;
    return pdu.bytes <= this.mtu ? Fate.inFlight : Fate.tooBig;
  }
  dropped(pdu: PduRow): void {
    const { world, host } = this;
    if (pdu.fate !== Fate.tooBig) return;
    // never about ICMP itself (RFC 1122 §3.2.2)
    if (!this.says || pdu.protocol === IP_ICMP) return;
    const sent = world.note(this.kinds.too_big_sent, this.endpoint, world.nextPdu, this.mtu);
    const body: IcmpTooBig = { mtu: this.mtu, about: pdu };
    world.transmit(
      {
        protocol: IP_ICMP, flow: pdu.flow, direction: pdu.direction === 0 ? 1 : 0, from: host, to: pdu.from, sender: this.endpoint, srcPort: 0, dstPort: 0,
        bytes: ICMP_TOO_BIG_BYTES, payload: 0, streamStart: -1, flags: 0, key: pdu.streamStart, name: 'ICMP too big', transmission: 1, body,
      },
      sent,
    );
  }
}

export const router: HostKind = { id: 'router', create: (world, host) => new Router(world, host) };
