/** What name servers and resolvers share: a bound port 53, answers with their cost, and faults in what is answered. */
import type { AnswerFault } from '../model/fault';
import type { EndpointId, HostId } from '../model/ids';
import type { PduRow } from '../model/pdu';
import type { Message } from '../model/stream';
import type { ResourceHandler, World } from '../model/world';
import { encodeDns, UDP_MESSAGE_MAX, type DnsMessage, type Rcode, type Record_ } from '../protocols/dns/codec';
import { DNS_KINDS } from '../protocols/dns/kinds';
import { dnsMessage } from '../protocols/dns/message';
import { hostDefault } from './params';
import type { NetStack } from './stack';

export interface Answer {
  readonly rcode: Rcode;
  readonly authoritative: boolean;
  readonly answers: readonly Record_[];
  readonly authority: readonly Record_[];
  readonly additional: readonly Record_[];
}

export class DnsAnswerer implements ResourceHandler {
  readonly endpoint: EndpointId;
  private readonly kinds;
  private readonly faults: readonly AnswerFault[];
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly world: World, private readonly host: HostId, private readonly stack: NetStack, private readonly recursive: boolean) {
    this.kinds = world.kinds(DNS_KINDS);
    const { name } = world.hostOf(host);
    this.endpoint = world.endpoint(host, 'names', 'dns-server', name);
    this.faults = world.plan.faults.filter((f): f is AnswerFault => f.type === 'answer' && f.host === name);
  }

  /** Calls `answer` for each query, after the host's processing cost. `soaOf`: the SOA that a name which a fault denies is denied with. */
  listen(answer: (query: DnsMessage, reply: (a: Answer) => void) => void, soaOf: (name: string) => readonly Record_[]): void {
    const { world, host } = this;
    this.stack.udp.bind(53, {
      datagram: (message: Message, pdu: PduRow) => {
        const query = message.body as DnsMessage;
        world.note(this.kinds.query_received, this.endpoint, message.id, world.text(`${query.question.type} ${query.question.name}`));
        const fault = this.faults.find((f) => !f.name || f.name === query.question.name);
        if (fault?.verdict === 'no-answer') return;
        const reply = (a: Answer): void => this.reply(pdu, query, a);
        const act = (): void => {
          const rcode: Rcode | null = fault?.verdict === 'nxdomain' ? 'NXDOMAIN' : fault?.verdict === 'servfail' ? 'SERVFAIL' : fault?.verdict === 'refused' ? 'REFUSED' : null;
          const authority = rcode === 'NXDOMAIN' ? soaOf(query.question.name) : [];
          if (rcode) reply({ rcode, authoritative: !this.recursive, answers: [], authority, additional: [] });
          else answer(query, reply);
        };
        const cost = Number(world.hostOf(host).params.queryCost ?? hostDefault('queryCost'));
        if (cost <= 0) act();
        else world.use(world.cpu(host), cost, 'DNS query', this.endpoint, this, this.waiting.push(act) - 1);
      },
    });
  }
  resourceDone(tag: number): void {
    this.waiting[tag]!();
  }

  private reply(pdu: PduRow, query: DnsMessage, a: Answer): void {
    const { world } = this;
    const dns: DnsMessage = {
      id: query.id, response: true, authoritative: a.authoritative, recursionDesired: query.recursionDesired, recursionAvailable: this.recursive,
      rcode: a.rcode, question: query.question, answers: a.answers, authority: a.authority, additional: a.additional, edns: query.edns,
    };
    const bytes = encodeDns(dns).length;
    const room = Math.max(UDP_MESSAGE_MAX, query.edns);
    if (bytes > room) {
      return world.unmodelled(`an answer of ${bytes} bytes to ${query.question.type} ${query.question.name} is longer than the ${room} bytes that UDP may carry; DNS over TCP is not modelled`);
    }
    const socket = this.stack.udp.reply(pdu, this.endpoint);
    const message = dnsMessage(world, dns, socket.flow.id, 1, bytes);
    world.note(this.kinds.answer_sent, this.endpoint, message.id, world.text(`${query.question.type} ${query.question.name}`));
    socket.send(message, 'answer', pdu.key);
  }
}
