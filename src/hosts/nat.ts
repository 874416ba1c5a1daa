/**
 * A NAT on the way, between the inside (the link's `a`) and the rest: one outside port for each inside address and port, forgotten when
 * nothing has passed for a while (RFC 4787 §4, §5; Linux nf_conntrack). Simplifications: outside ports are taken in order, and any host may
 * answer to a mapping (endpoint-independent filtering); who is not expected is dropped without a word.
 */
import { SECOND, type Ns } from '../base/time';
import type { EndpointId, HostId } from '../model/ids';
import { Fate, IP_ICMP, IP_TCP, type PduRow } from '../model/pdu';
import type { HostKind, HostRuntime, World } from '../model/world';
import { NAT_KINDS } from './kinds';
import { hostDefault } from './params';

/** First outside port: those below are the NAT's own services. */
const FIRST_OUTSIDE = 50_000;
/** Linux nf_conntrack_proto_udp.c: a flow that has been answered for two seconds is a stream, and is kept longer. */
const STREAM_AFTER = 2 * SECOND;

interface Mapping {
  readonly protocol: number;
  readonly host: HostId;
  readonly inside: number;
  readonly outside: number;
  readonly since: Ns;
  answered: boolean;
  expires: Ns;
}

class Nat implements HostRuntime {
  private readonly endpoint: EndpointId;
  private readonly kinds;
  /** By protocol, host and port inside; by protocol and port outside. */
  private readonly inside = new Map<string, Mapping>();
  private readonly outside = new Map<string, Mapping>();
  private next = FIRST_OUTSIDE;
  private readonly timeouts: Readonly<Record<'natUdpTimeout' | 'natUdpStreamTimeout' | 'natTcpTimeout', Ns>>;

  constructor(private readonly world: World, private readonly host: HostId) {
    const { name, params } = world.hostOf(host);
    const time = (key: string): Ns => Number(params[key] ?? hostDefault(key));
    this.kinds = world.kinds(NAT_KINDS);
    this.endpoint = world.endpoint(host, 'network', 'ip', name);
    this.timeouts = { natUdpTimeout: time('natUdpTimeout'), natUdpStreamTimeout: time('natUdpStreamTimeout'), natTcpTimeout: time('natTcpTimeout') };
  }
  start(): void {}
  /** Nobody sends anything to it. */
  receive(): void {}
  passes(pdu: PduRow): Fate {
    if (pdu.protocol === IP_ICMP) return Fate.inFlight;
    return pdu.linkDirection === 0 ? this.leaves(pdu, this.world.now) : this.enters(pdu, this.world.now);
  }
  private leaves(pdu: PduRow, at: Ns): Fate {
    let mapping = this.inside.get(key(pdu.protocol, pdu.srcPort, pdu.from));
    if (!mapping || mapping.expires <= at) mapping = this.map(pdu, at);
    this.touch(mapping, at);
    pdu.translated = { srcPort: pdu.srcPort, dstPort: pdu.dstPort, nat: this.host };
    pdu.srcPort = mapping.outside;
    return Fate.inFlight;
  }
  private map(pdu: PduRow, at: Ns): Mapping {
    const old = this.inside.get(key(pdu.protocol, pdu.srcPort, pdu.from));
    if (old) this.outside.delete(key(old.protocol, old.outside));
    const mapping: Mapping = { protocol: pdu.protocol, host: pdu.from, inside: pdu.srcPort, outside: this.next++, since: at, answered: false, expires: at };
    this.inside.set(key(pdu.protocol, mapping.inside, mapping.host), mapping);
    this.outside.set(key(pdu.protocol, mapping.outside), mapping);
    this.world.note(old ? this.kinds.mapping_changed : this.kinds.mapping_made, this.endpoint, pdu.id, mapping.outside, old ? old.outside : mapping.inside);
    return mapping;
  }
  private enters(pdu: PduRow, at: Ns): Fate {
    const mapping = this.outside.get(key(pdu.protocol, pdu.dstPort));
    if (!mapping || mapping.expires <= at) return Fate.noMapping;
    mapping.answered ||= at - mapping.since >= STREAM_AFTER;
    this.touch(mapping, at);
    pdu.translated = { srcPort: pdu.srcPort, dstPort: pdu.dstPort, nat: this.host };
    pdu.dstPort = mapping.inside;
    return Fate.inFlight;
  }
  private touch(mapping: Mapping, at: Ns): void {
    const { natTcpTimeout, natUdpStreamTimeout, natUdpTimeout } = this.timeouts;
    mapping.expires = at + (mapping.protocol === IP_TCP ? natTcpTimeout : mapping.answered ? natUdpStreamTimeout : natUdpTimeout);
  }
  stopped(): void {
    this.inside.clear();
    this.outside.clear();
  }
}
const key = (protocol: number, port: number, host = -1): string => `${protocol} ${port} ${host}`;

export const nat: HostKind = { id: 'nat', create: (world, host) => new Nat(world, host) };
