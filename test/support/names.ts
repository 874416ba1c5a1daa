/** A client that remembers nothing, a resolver 10 ms away, and behind it (20 ms) servers of root, `test` and `lab.test`: for runs of look-ups. Times in ms. */
import { MS } from '../../src/base/time';
import { simulate } from '../../src/engine/simulate';
import { hostKind } from '../../src/hosts/registry';
import type { Workload } from '../../src/hosts/workload';
import type { Fault } from '../../src/model/fault';
import type { ParamValue, PlanHost, PlanLink } from '../../src/model/plan';
import { IP_UDP } from '../../src/model/pdu';
import type { Trace } from '../../src/model/trace';
import type { DnsMessage, Record_, RrType } from '../../src/protocols/dns/codec';

export const rr = (name: string, type: RrType, data: string, ttl = 3600): Record_ => ({ name, type, ttl, data });

export interface NamesOptions {
  /** Names asked for, with the time of the question. */
  readonly ask?: readonly (string | readonly [name: string, atMs: number])[];
  /** Client asks for A and AAAA (else A only). */
  readonly both?: boolean;
  /** What the resolver knows by itself; without it the resolver walks down from the root. */
  readonly local?: Readonly<Record<string, readonly Record_[]>>;
  /** Records at `test` about `lab.test`: the delegation with its glue unless said otherwise. */
  readonly delegation?: readonly Record_[];
  /** Records of `lab.test`. */
  readonly zone?: readonly Record_[];
  readonly faults?: readonly Fault[];
}

export function runNames(o: NamesOptions): Trace {
  const host = (name: string, kind: string, address: string, params: Record<string, unknown>): PlanHost =>
    ({ name, kind, title: name, address, cores: 2, column: 0, params: params as Record<string, ParamValue> });
  const link = (name: string, a: string, b: readonly string[], rttMs: number): PlanLink => ({
    name, a, b, latencyNs: [(rttMs * MS) / 2, (rttMs * MS) / 2], jitterNs: 0, rate: [0, 0], queuePackets: 1000, loss: [0, 0], mtu: 1500, perPacketNs: 0,
  });
  const server = (name: string, address: string, zone: string, records: readonly Record_[]): PlanHost => host(name, 'name-server', address, { queryCost: 0, zones: { [zone]: records } });
  const test = [rr('test', 'NS', 'a.test'), rr('a.test', 'A', '10.1.0.2')];
  const delegation = o.delegation ?? [rr('lab.test', 'NS', 'ns.lab.test'), rr('ns.lab.test', 'A', '10.1.0.3')];
  const workload: Workload = {
    client: 'client', profile: 'curl', sequential: true, connectTimeout: 0,
    visits: (o.ask ?? ['www.lab.test']).map((v) => (typeof v === 'string' ? { url: `http://${v}/`, at: 0 } : { url: `http://${v[0]}/`, at: v[1] * MS })),
  };
  return simulate(
    {
      version: 1, id: 'names', title: 'names', seed: 1,
      hosts: [
        host('client', 'browser', '10.0.0.1', { resolver: 'names', dns: { ipv6: o.both ?? false }, nameCacheTime: 0 }),
        host('names', 'recursive-resolver', '10.0.0.3', { queryCost: 0, ...(o.local ? { localData: o.local } : { rootHints: ['10.1.0.1'] }) }),
        host('server', 'web-server', '10.0.0.2', { names: ['*.lab.test'], site: {}, keepAliveTimeout: 0 }),
        server('root', '10.1.0.1', '.', [rr('.', 'NS', 'a.root'), rr('a.root', 'A', '10.1.0.1'), ...test]),
        server('tld', '10.1.0.2', 'test', [...test, ...delegation]),
        server('auth', '10.1.0.3', 'lab.test', [rr('lab.test', 'NS', 'ns.lab.test'), rr('ns.lab.test', 'A', '10.1.0.3'), ...(o.zone ?? [rr('www.lab.test', 'A', '10.0.0.2')])]),
      ],
      links: [link('client', 'client', ['names', 'server'], 10), link('upstream', 'names', ['root', 'tld', 'auth'], 20)],
      stack: {}, workload: workload as unknown as Record<string, unknown>, faults: o.faults ?? [], limits: { events: 100_000, endNs: 300_000 * MS },
    },
    (id) => hostKind(id)!,
  );
}

/** One line for each datagram of a host: when it left, to whom, by which of the host's ports (counted from 1), what it asks or says. */
export function datagramsOf(trace: Trace, from: string): string[] {
  const ports: number[] = [];
  return trace.pdus.filter((p) => p.protocol === IP_UDP && trace.hosts[p.from]!.name === from).map((p) => {
    if (!ports.includes(p.srcPort)) ports.push(p.srcPort);
    const { question, response, rcode, answers } = (p.body as { message: { body: DnsMessage } }).message.body;
    const said = response ? `: ${rcode}${answers.map((r) => `, ${r.name} ${r.type} ${r.data}`).join('')}` : '';
    return `${p.sentAt / MS} ${trace.hosts[p.to]!.name} #${ports.indexOf(p.srcPort) + 1} ${question.type} ${question.name}${said}`;
  });
}
/** How each look-up of the client ended: the time it took, and getaddrinfo's error or `ok`. */
export const lookUpsOf = (trace: Trace): string[] =>
  trace.requests.map((r) => {
    const phase = r.phases.find((p) => p.phase === 'dns')!;
    return `${(phase.endNs - phase.startNs) / MS} ${r.error?.code ?? 'ok'}`;
  });
