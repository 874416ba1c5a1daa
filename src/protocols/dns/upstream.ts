/**
 * A resolver's questions to name servers: one exchange at a time for equal questions, a timer that doubles
 * (Unbound util/rtt.c: 376 ms for a server it does not know yet), the servers in turn.
 */
import type { EndpointId, HostId, TimerId } from '../../model/ids';
import type { Message } from '../../model/stream';
import type { World } from '../../model/world';
import { encodeDns, type DnsMessage, type RrType } from './codec';
import { DNS_KINDS } from './kinds';
import { dnsMessage, outcomeOf } from './message';
import type { DnsOptions } from './params';
import type { DatagramChannel, Datagrams } from './stub';

/** `null`: every server stayed silent. */
export type UpstreamAnswer = { readonly dns: DnsMessage; readonly message: Message } | null;

export class Upstream {
  private readonly open = new Map<string, Exchange>();
  private ordinal = 0;
  constructor(readonly world: World, readonly host: HostId, readonly datagrams: Datagrams, readonly options: DnsOptions) {}

  ask(servers: readonly HostId[], name: string, type: RrType, endpoint: EndpointId, done: (answer: UpstreamAnswer) => void): void {
    const key = `${servers.join()} ${type} ${name}`;
    const known = this.open.get(key);
    if (known) return void known.waiting.push(done);
    const exchange = new Exchange(this, servers, name, type, endpoint, ++this.ordinal, () => this.open.delete(key));
    exchange.waiting.push(done);
    this.open.set(key, exchange);
    exchange.send();
  }
}

class Exchange {
  readonly waiting: ((answer: UpstreamAnswer) => void)[] = [];
  private readonly timer: TimerId;
  private readonly kinds;
  private tries = 0;
  private wait: number;
  private channel: DatagramChannel | null = null;
  private over = false;
  constructor(
    private readonly up: Upstream, private readonly servers: readonly HostId[], private readonly name: string, private readonly type: RrType,
    private readonly endpoint: EndpointId, private readonly ordinal: number, private readonly ended: () => void,
  ) {
    this.kinds = up.world.kinds(DNS_KINDS);
    this.timer = up.world.timer(endpoint, 'resolverRto', this);
    this.wait = up.options.resolverRto;
  }
  send(): void {
    const { world, options, host } = this.up;
    const server = this.servers[this.tries % this.servers.length]!;
    if (this.tries > 0) world.note(this.kinds.retried, this.endpoint, -1, world.text(this.name), this.tries + 1);
    this.tries++;
    this.channel?.close();
    this.channel = this.up.datagrams.open(server, 53, this.endpoint, this);
    const dns: DnsMessage = {
      id: Math.floor(world.draw('dns id', host, this.ordinal, this.tries) * 65536), response: false, authoritative: false, recursionDesired: false,
      recursionAvailable: false, rcode: 'NOERROR', question: { name: this.name, type: this.type }, answers: [], authority: [], additional: [], edns: options.edns,
    };
    const message = dnsMessage(world, dns, this.channel.flow.id, 0, encodeDns(dns).length);
    world.note(this.kinds.query_sent, this.endpoint, message.id, world.text(`${this.type} ${this.name}`));
    this.channel.send(message, 'query');
    world.arm(this.timer, world.now + this.wait);
    this.wait *= 2;
  }
  datagram(message: Message): void {
    if (this.over) return;
    const dns = message.body as DnsMessage;
    const { world } = this.up;
    world.note(this.kinds.answer_received, this.endpoint, message.id, world.text(`${this.type} ${this.name}`), world.text(outcomeOf(dns)));
    if ((dns.rcode === 'SERVFAIL' || dns.rcode === 'REFUSED') && this.tries < this.servers.length) return this.send();
    this.finish({ dns, message });
  }
  timerFired(): void {
    if (this.tries < this.up.options.resolverTries) this.send();
    else this.finish(null);
  }
  private finish(answer: UpstreamAnswer): void {
    this.over = true;
    this.up.world.cancel(this.timer);
    this.channel?.close();
    this.ended();
    for (const done of this.waiting) done(answer);
  }
}
