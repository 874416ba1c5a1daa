/**
 * Hosts whose behaviour a test writes: each host of the plan is a function of the world that may act at the start and
 * on arrival. For tests of the engine without any protocol.
 */
import { MS } from '../../src/base/time';
import { simulate } from '../../src/engine/simulate';
import type { Fault } from '../../src/model/fault';
import type { EndpointId, HostId } from '../../src/model/ids';
import { defineKinds } from '../../src/model/kinds';
import { FATE_NAMES, IP_TCP, IP_UDP, type Pdu, type PduRow } from '../../src/model/pdu';
import type { Plan, PlanLink } from '../../src/model/plan';
import type { Flow } from '../../src/model/stream';
import type { Trace } from '../../src/model/trace';
import type { HostRuntime, World } from '../../src/model/world';

export const TINY_KINDS = defineKinds('tiny', { sent: { layer: 'network', subject: 'pdu' }, noted: { layer: 'network', a: 'value' } });

/** A host with one endpoint and what a test needs of it. */
export class Tiny {
  readonly endpoint: EndpointId;
  readonly kinds;
  private readonly flows = new Map<string, Flow>();
  constructor(readonly world: World, readonly host: HostId) {
    this.endpoint = world.endpoint(host, 'network', 'tiny', world.hostOf(host).name);
    this.kinds = world.kinds(TINY_KINDS);
  }
  note(value: number): number {
    return this.world.note(this.kinds.noted, this.endpoint, -1, value);
  }
  /** Does something after a time, with a timer of its own. */
  after(ns: number, act: () => void, name = 'wait'): number {
    const id = this.world.timer(this.endpoint, name, { timerFired: act });
    this.world.arm(id, this.world.now + ns);
    return id;
  }
  work(ns: number, what: string, then: () => void = () => {}): void {
    this.world.use(this.world.cpu(this.host), ns, what, this.endpoint, { resourceDone: then });
  }
  /** Sends one packet; what is not said: 1,250 bytes of TCP, without payload. */
  send(to: string, p: Partial<Pdu> = {}): PduRow {
    const { world } = this;
    const server = world.hostNamed(to);
    const key = `${to} ${p.protocol ?? IP_TCP} ${p.dstPort ?? 7}`;
    let flow = this.flows.get(key);
    if (!flow) this.flows.set(key, (flow = world.flow(p.protocol === IP_UDP ? 'udp' : 'tcp', this.host, server, p.srcPort ?? 40000, p.dstPort ?? 7)));
    const event = world.note(this.kinds.sent, this.endpoint, world.nextPdu);
    return world.transmit(
      {
        protocol: IP_TCP, flow: flow.id, direction: 0, from: this.host, to: server, sender: this.endpoint, srcPort: flow.initiatorPort, dstPort: flow.responderPort, bytes: 1250,
        payload: 0, streamStart: -1, flags: 0, key: 0, name: 'ping', transmission: 1, body: null, ...p,
      },
      event,
    );
  }
}
export type Act = (tiny: Tiny) => Partial<HostRuntime>;

export interface TinyOptions {
  /** Behaviour of each host; `a` is joined with each of the others by one link called `line` unless `links` says more. */
  readonly hosts: Readonly<Record<string, Act>>;
  readonly link?: Partial<PlanLink>;
  readonly links?: readonly Partial<PlanLink>[];
  readonly cores?: number;
  readonly faults?: readonly Fault[];
  readonly seed?: number;
  readonly events?: number;
  readonly endMs?: number;
}
const LINE: PlanLink = { name: 'line', a: 'a', b: ['b'], latencyNs: [10 * MS, 10 * MS], jitterNs: 0, rate: [0, 0], queuePackets: 1000, loss: [0, 0], mtu: 1500, perPacketNs: 0 };

export const quiet: Act = () => ({});
export function runTiny(o: TinyOptions): Trace {
  const names = Object.keys(o.hosts);
  const plan: Plan = {
    version: 1, id: 'tiny', title: 'tiny', seed: o.seed ?? 1,
    hosts: names.map((name, column) => ({ name, kind: name, title: name, address: `10.0.0.${column + 1}`, cores: o.cores ?? 1, column, params: {} })),
    links: (o.links ?? [{ b: names.filter((n) => n !== 'a'), ...o.link }]).map((l) => ({ ...LINE, ...l })),
    stack: {}, workload: {}, faults: o.faults ?? [], limits: { events: o.events ?? 100_000, endNs: (o.endMs ?? 3_600_000) * MS },
  };
  return simulate(plan, (name) => ({ id: name, create: (world, host) => ({ receive() {}, start() {}, ...o.hosts[name]!(new Tiny(world, host)) }) }));
}

/** The events without the run's frame: time in ms, kind, host, and what is particular. */
export function linesOf(trace: Trace, ...only: readonly string[]): string[] {
  const lines: string[] = [];
  for (let e = 0; e < trace.kind.length; e++) {
    const { name, subject } = trace.kinds[trace.kind.at(e)]!;
    if (name === 'sim.run_started' || (only.length > 0 && !only.includes(name))) continue;
    const id = trace.subject.at(e), a = trace.a.at(e);
    const where = trace.where.at(e);
    const about = name === 'link.pdu_dropped' ? `#${id} ${FATE_NAMES[a]}` : subject === 'pdu' ? `#${id}` : subject === 'timer' ? trace.timers[id]!.name
      : name.startsWith('resource.') ? trace.texts[trace.b.at(e)]! : String(a);
    lines.push(`${trace.time.at(e) / MS} ${name.replace(/^.*\./, '')} ${where < 0 ? '' : `${trace.hosts[trace.endpoints[where]!.host]!.name} `}${about}`);
  }
  return lines;
}
/** The id of the nth event of a kind (from 1). */
export function eventOf(trace: Trace, name: string, nth = 1): number {
  let found = 0;
  for (let e = 0; e < trace.kind.length; e++) if (trace.kinds[trace.kind.at(e)]!.name === name && ++found === nth) return e;
  throw new Error(`there is no ${name} number ${nth}`);
}
export const arrivalsOf = (trace: Trace): (number | string)[] => trace.pdus.map((p) => (p.fate === 1 ? p.fateAt / MS : FATE_NAMES[p.fate]));
