/** An authoritative name server (RFC 1034 §4.3.2): answers from its zones, refers to the servers of delegated ones. */
import type { HostKind } from '../model/world';
import type { Record_, RrType } from '../protocols/dns/codec';
import { DnsAnswerer, type Answer } from './dns-answerer';
import { NetStack } from './stack';

/** Zone name → its records, delegations (NS below the apex) and glue included. `.` is the root. */
export type Zones = Readonly<Record<string, readonly Record_[]>>;

const within = (name: string, zone: string): boolean => zone === '.' || name === zone || name.endsWith(`.${zone}`);
const lower = (s: string): string => s.toLowerCase();

const zoneOf = (zones: Zones, name: string): string | undefined =>
  Object.keys(zones).filter((z) => within(lower(name), lower(z))).sort((a, b) => b.length - a.length)[0];
const soaIn = (records: readonly Record_[]): readonly Record_[] => records.filter((r) => r.type === 'SOA');

/** The SOA that goes with "there is none": that of the zone which holds the name (RFC 2308 §3); empty when the zone has none. */
export function soaFrom(zones: Zones, name: string): readonly Record_[] {
  const zone = zoneOf(zones, name);
  return zone === undefined ? [] : soaIn(zones[zone]!);
}

/** The answer to a question from these zones. */
export function answerFrom(zones: Zones, name: string, type: RrType): Answer {
  const wanted = lower(name);
  const zone = zoneOf(zones, name);
  const nothing = { answers: [], authority: [], additional: [] };
  if (zone === undefined) return { rcode: 'REFUSED', authoritative: false, ...nothing };
  const records = zones[zone]!;
  const cut = records.find((r) => r.type === 'NS' && lower(r.name) !== lower(zone) && within(wanted, lower(r.name)));
  if (cut) {
    const authority = records.filter((r) => r.type === 'NS' && r.name === cut.name);
    const additional = records.filter((r) => (r.type === 'A' || r.type === 'AAAA') && authority.some((n) => n.data === r.name));
    return { rcode: 'NOERROR', authoritative: false, answers: [], authority, additional };
  }
  const answers: Record_[] = [];
  let at = wanted;
  for (let hops = 0; hops < 12; hops++) {
    const here = records.filter((r) => lower(r.name) === at);
    const found = here.filter((r) => r.type === type);
    answers.push(...found);
    const alias = here.find((r) => r.type === 'CNAME');
    if (found.length > 0 || !alias || answers.includes(alias)) break;
    answers.push(alias);
    at = lower(alias.data);
    if (!within(at, lower(zone))) break;
  }
  const exists = records.some((r) => within(lower(r.name), wanted));
  const additional = type === 'NS' ? records.filter((r) => r.type === 'A' && answers.some((n) => n.data === r.name)) : [];
  if (answers.length > 0) return { rcode: 'NOERROR', authoritative: true, answers, authority: [], additional };
  return { rcode: exists ? 'NOERROR' : 'NXDOMAIN', authoritative: true, answers: [], authority: soaIn(records), additional: [] };
}

export const nameServer: HostKind = {
  id: 'name-server',
  create: (world, host) => {
    const stack = new NetStack(world, host);
    const answerer = new DnsAnswerer(world, host, stack, false);
    const zones = (world.hostOf(host).params.zones ?? {}) as unknown as Zones;
    return {
      receive: (pdu) => stack.receive(pdu),
      stopped: () => stack.stopped(),
      start: () => answerer.listen((query, reply) => reply(answerFrom(zones, query.question.name, query.question.type)), (name) => soaFrom(zones, name)),
    };
  },
};
