/**
 * The stub resolver of an operating system (glibc): getaddrinfo over UDP to one recursive resolver. The result
 * comes when both answers are in; its event joins them as causes.
 */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { EndpointId, EventId, HostId, TimerId } from '../../model/ids';
import type { PduRow } from '../../model/pdu';
import type { Message } from '../../model/stream';
import type { World } from '../../model/world';
import { encodeDns, type DnsMessage, type RrType } from './codec';
import { DNS_KINDS } from './kinds';
import { dnsMessage, outcomeOf } from './message';
import { dnsOptions, type DnsOptions } from './params';
import { stubRules, type StubContext, type StubEvent } from './stub-rules';
import { stubTable } from './stub-table.gen';
import { parseBinding } from './svcb';

/** What a look-up needs of the datagram layer (UDP). */
export interface Datagrams {
  open(to: HostId, port: number, endpoint: EndpointId, handler: { datagram(message: Message, pdu: PduRow): void }): DatagramChannel;
}
export interface DatagramChannel {
  readonly flow: { readonly id: number };
  send(message: Message, name: string, key?: number): void;
  close(): void;
}

/** The outcome of a look-up: addresses and how long they hold, or getaddrinfo's error. */
export interface LookUpResult {
  readonly addresses: readonly string[];
  readonly ttlSeconds: number;
  /** EAI_NONAME, EAI_NODATA, EAI_AGAIN; null when addresses were found. */
  readonly error: 'EAI_NONAME' | 'EAI_NODATA' | 'EAI_AGAIN' | null;
  readonly event: EventId;
  /** Protocols that an HTTPS record names, and how long it holds, s; none without one (RFC 9460 §7.1). */
  readonly alpn: readonly string[];
  readonly alpnTtl: number;
}

const machine = new Machine<StubContext, StubEvent>(stubTable, stubRules);
const EVENTS = {
  lookUp: machine.event('LOOK_UP'), answered: machine.event('ANSWERED'), all: machine.event('ALL_ANSWERED'), refused: machine.event('SERVER_REFUSED'),
  timeout: machine.event('TIMEOUT'), silence: machine.event('SILENCE'),
};
const EFFECTS = bindEffects<LookUp, StubEvent>(stubTable, {
  askBoth: (l) => l.askBoth(),
  askInTurn: (l) => l.askInTurn(),
  askNext: (l) => l.askNext(),
  tellAnswer: (l) => l.tell(),
  tellFailure: (l) => l.tell(),
});
const NOTHING: StubEvent = { type: '' };
/** glibc resolv/res_send.c: "server rejected query". */
const rejected = ({ rcode }: DnsMessage): boolean => rcode === 'SERVFAIL' || rcode === 'NOTIMP' || rcode === 'REFUSED';

/** Resolver of one host, configured as by /etc/resolv.conf with one `nameserver`. */
export class StubResolver {
  readonly options: DnsOptions;
  private asked = 0;
  constructor(readonly world: World, readonly host: HostId, readonly datagrams: Datagrams, readonly server: HostId) {
    this.options = dnsOptions(world.hostOf(host).params.dns as Record<string, unknown> | undefined, world.plan.stack.dns);
  }
  /** Looks a name up; `done` is called once. `https`: asks for the protocols of the site as well (RFC 9460 §3). */
  lookUp(name: string, done: (result: LookUpResult) => void, https = false): void {
    new LookUp(this, name, ++this.asked, done, https).start();
  }
}

class LookUp implements MachineHost<StubEvent> {
  private readonly world: World;
  private readonly kinds;
  private readonly endpoint: EndpointId;
  private readonly instance = { state: 0 };
  private readonly context: StubContext;
  private readonly types: readonly RrType[];
  private readonly answers = new Map<RrType, { dns: DnsMessage; event: EventId }>();
  private readonly timer: TimerId;
  private readonly extraTimer: TimerId | null;
  private channel: DatagramChannel | null = null;
  /** The question for the HTTPS record, on a socket of its own; and its answer. */
  private httpsChannel: DatagramChannel | null = null;
  private https: { dns: DnsMessage; event: EventId } | null = null;
  private startedAt = 0;
  /** Times that the questions were asked. */
  private rounds = 0;

  constructor(private readonly stub: StubResolver, private readonly name: string, private readonly ordinal: number, private readonly done: (r: LookUpResult) => void, private readonly wantsHttps: boolean) {
    const { world, host, options } = stub;
    this.world = world;
    this.kinds = world.kinds(DNS_KINDS);
    this.types = options.ipv6 ? ['A', 'AAAA'] : ['A'];
    this.context = { attempt: 1, attempts: options.attempts, reopened: false };
    this.endpoint = world.endpoint(host, 'names', 'dns-stub', `${world.hostOf(host).name} looks up ${name}`, -1, stubTable.chart);
    this.timer = world.timer(this.endpoint, 'dnsTimeout', this);
    this.extraTimer = wantsHttps ? world.timer(this.endpoint, 'httpsExtraTime', { timerFired: () => this.step(EVENTS.all) }) : null;
  }
  start(): void {
    const { world } = this;
    world.note(this.kinds.look_up_started, this.endpoint, -1, world.text(this.name));
    this.startedAt = world.now;
    machine.start(this.instance, this.context, this, NOTHING);
    this.step(EVENTS.lookUp);
  }

  askBoth(): void {
    this.beginRound();
    if (this.rounds === 1 && this.wantsHttps) this.ask('HTTPS');
    for (const type of this.types) this.ask(type);
    this.armTimer();
  }
  /** The first question; what was answered before is asked once more. */
  askInTurn(): void {
    this.beginRound();
    this.ask(this.types[0]!);
    this.armTimer();
  }
  /** The question that has no answer yet, within the time of the first. */
  askNext(): void {
    const missing = this.types.find((type) => !this.answers.has(type));
    if (missing) this.ask(missing);
  }
  private beginRound(): void {
    this.answers.clear();
    if (++this.rounds > 1) this.world.note(this.kinds.retried, this.endpoint, -1, this.world.text(this.name), this.rounds);
  }
  private armTimer(): void {
    this.world.arm(this.timer, this.world.now + this.stub.options.timeout);
  }
  private hangUp(): void {
    this.channel?.close();
    this.channel = null;
  }
  private ask(type: RrType): void {
    const { world } = this;
    if (this.context.reopened) this.hangUp();
    const open = (): DatagramChannel => this.stub.datagrams.open(this.stub.server, 53, this.endpoint, this);
    const channel = type === 'HTTPS' ? (this.httpsChannel = open()) : (this.channel ??= open());
    const ordinal = type === 'A' ? 0 : type === 'AAAA' ? 1 : 2;
    const dns: DnsMessage = {
      id: Math.floor(world.draw('dns id', this.stub.host, this.ordinal, ordinal) * 65536), response: false, authoritative: false,
      recursionDesired: true, recursionAvailable: false, rcode: 'NOERROR', question: { name: this.name, type }, answers: [], authority: [], additional: [], edns: 0,
    };
    const message = dnsMessage(world, dns, channel.flow.id, 0, encodeDns(dns).length);
    world.note(this.kinds.query_sent, this.endpoint, message.id, world.text(`${type} ${this.name}`));
    channel.send(message, 'query', ordinal + 1);
  }

  datagram(message: Message): void {
    const dns = message.body as DnsMessage;
    const { world } = this;
    const { type, name } = dns.question;
    if (type === 'HTTPS' && this.httpsChannel && !this.https && name === this.name) return this.httpsAnswered(dns, message);
    if (!this.types.includes(type) || name !== this.name || this.answers.has(type)) return;
    const event = world.note(this.kinds.answer_received, this.endpoint, message.id, world.text(`${type} ${this.name}`), world.text(outcomeOf(dns)));
    this.answers.set(type, { dns, event });
    if (this.answers.size < this.types.length) {
      // a rejection does not bring the next question: glibc waits for the time to be up
      if (!rejected(dns)) this.step(EVENTS.answered);
    } else if (this.hasUsableAnswer()) this.addressesKnown();
    else {
      if (this.types.length === 1) this.hangUp();
      this.step(EVENTS.refused);
    }
  }

  /** What is left to wait for is the HTTPS record, and that not for long (Chromium HostResolverDnsTask). */
  private addressesKnown(): void {
    const { world, stub: { options } } = this;
    if (this.extraTimer === null || this.https) return this.step(EVENTS.all);
    world.cancel(this.timer);
    const extra = Math.max(options.httpsExtraMin, Math.round(options.httpsExtraShare * (world.now - this.startedAt)));
    world.arm(this.extraTimer, world.now + Math.min(options.httpsExtraMax, extra));
  }
  private httpsAnswered(dns: DnsMessage, message: Message): void {
    const { world } = this;
    const event = world.note(this.kinds.answer_received, this.endpoint, message.id, world.text(`HTTPS ${this.name}`), world.text(outcomeOf(dns)));
    this.https = { dns, event };
    if (this.extraTimer !== null && world.deadline(this.extraTimer) >= 0) this.step(EVENTS.all);
  }
  timerFired(): void {
    this.step(this.hasUsableAnswer() ? EVENTS.timeout : EVENTS.silence);
  }
  private hasUsableAnswer(): boolean {
    return [...this.answers.values()].some(({ dns }) => !rejected(dns));
  }

  tell(): void {
    const { world } = this;
    world.cancel(this.timer);
    if (this.extraTimer !== null) world.cancel(this.extraTimer);
    this.hangUp();
    this.httpsChannel?.close();
    this.httpsChannel = null;
    const events = [...this.answers.values(), ...(this.https ? [this.https] : [])];
    const addresses: string[] = [];
    let ttl = Infinity;
    for (const type of this.types) {
      for (const r of this.answers.get(type)?.dns.answers ?? []) {
        if (r.type === type && type === 'A') addresses.push(r.data);
        ttl = Math.min(ttl, r.ttl);
      }
    }
    const rcodes = [...this.answers.values()].map((e) => e.dns.rcode);
    const error =
      addresses.length > 0 ? null : rcodes.includes('NXDOMAIN') ? 'EAI_NONAME' : rcodes.length > 0 && rcodes.every((r) => r === 'NOERROR') ? 'EAI_NODATA' : 'EAI_AGAIN';
    const event = error
      ? world.note(this.kinds.failed, this.endpoint, -1, world.text(this.name), world.text(error))
      : world.note(this.kinds.resolved, this.endpoint, -1, world.text(this.name), world.text(addresses[0]!));
    if (events.length > 1) world.join(event, events.map((e) => e.event).filter((e) => e < event));
    const record = this.https?.dns.answers.filter((r) => r.type === 'HTTPS').sort((a, b) => parseInt(a.data) - parseInt(b.data))[0];
    if (record) world.note(this.kinds.protocols_known, this.endpoint, -1, world.text(this.name), world.text(record.data));
    this.done({ addresses, ttlSeconds: ttl === Infinity ? 0 : ttl, error, event, alpn: (record && parseBinding(record.data)?.alpn) ?? [], alpnTtl: record?.ttl ?? 0 });
  }

  private step(event: number): void {
    machine.step(this.instance, this.context, event, NOTHING, this);
  }
  effect(effect: number, event: StubEvent, params: unknown): void {
    EFFECTS[effect]!(this, event, params);
  }
  armDelay(): void {}
  cancelDelay(): void {}
  moved(from: number, to: number): void {
    this.world.entered(this.endpoint, from, to);
  }
  ignored(state: number, event: number): void {
    this.world.ignored(this.endpoint, state, event);
  }
}
