/**
 * An attacker who opens handshakes and never ends them (RFC 4987 §2.1): a SYN from another port each time, and its firewall drops the SYN-ACKs, so that
 * its own system does not answer them with RST. An attacker with borrowed source addresses is answered the same way: by nobody.
 */
import type { EndpointId, HostId, TimerId } from '../model/ids';
import { IPV4_HEADER_BYTES } from '../model/ip';
import { IP_TCP, type PduRow } from '../model/pdu';
import type { HostKind, HostRuntime, TimerHandler, World } from '../model/world';
import { TCP_KINDS } from '../protocols/tcp/kinds';
import { headerBytes, SYN, TCP_HEADER_BYTES, type Segment } from '../protocols/tcp/segment';
import { FLOOD_KINDS } from './kinds';
import { hostDefault } from './params';

class Flooder implements HostRuntime, TimerHandler {
  private readonly endpoint: EndpointId;
  private readonly timer: TimerId;
  private readonly kinds;
  private readonly sentKind;
  private readonly target: HostId;
  private sent = 0;

  constructor(private readonly world: World, private readonly host: HostId) {
    const { name, params } = world.hostOf(host);
    this.kinds = world.kinds(FLOOD_KINDS);
    this.sentKind = world.kinds(TCP_KINDS).segment_sent;
    this.endpoint = world.endpoint(host, 'transport', 'tcp', `${name}: SYN after SYN`);
    this.timer = world.timer(this.endpoint, 'nextSyn', this);
    this.target = world.hostNamed(String(params.target ?? ''));
  }
  private setting(key: string): number {
    return Number(this.world.hostOf(this.host).params[key] ?? hostDefault(key));
  }
  start(): void {
    const { world } = this;
    if (this.target < 0) return;
    if (!world.linked(this.host, this.target)) return world.unmodelled(`no link joins ${world.hostOf(this.host).name} and ${world.hostOf(this.target).name}`);
    if (this.setting('floodSyns') > 0) world.arm(this.timer, world.now + this.setting('floodFrom'));
  }
  timerFired(): void {
    const { world } = this;
    this.sendSyn();
    if (++this.sent < this.setting('floodSyns')) world.arm(this.timer, world.now + this.setting('floodEvery'));
  }
  receive(pdu: PduRow): void {
    this.world.note(this.kinds.answer_dropped, this.endpoint, pdu.id);
  }
  stopped(): void {
    this.world.cancel(this.timer);
  }
  private sendSyn(): void {
    const { world, host, target } = this;
    const srcPort = world.ephemeralPort(host), dstPort = Number(world.hostOf(host).params.targetPort ?? 80);
    const flow = world.flow('tcp', host, target, srcPort, dstPort);
    const mss = world.mtu(host, target) - IPV4_HEADER_BYTES - TCP_HEADER_BYTES;
    // as its own system would make it
    const segment: Segment = { flags: SYN, seq: 0, ack: 0, window: 64240, len: 0, tsval: world.now, tsecr: 0, sack: null, mss, wscale: 7, sackPermitted: true, fastOpen: null };
    const event = world.note(this.sentKind, this.endpoint, world.nextPdu, 0, 0);
    world.transmit(
      {
        protocol: IP_TCP, flow: flow.id, direction: 0, from: host, to: target, sender: this.endpoint, srcPort, dstPort, bytes: IPV4_HEADER_BYTES + headerBytes(segment),
        payload: 0, streamStart: -1, flags: SYN, key: 0, window: segment.window, name: 'SYN', transmission: 1, body: segment,
      },
      event,
    );
  }
}

export const flooder: HostKind = { id: 'flooder', create: (world, host) => new Flooder(world, host) };
