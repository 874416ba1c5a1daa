/** Resolves one question by iteration (RFC 1034 §5.3.3) with qname minimisation (RFC 9156), a shared cache and CNAME restarts. */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { EndpointId, HostId } from '../../model/ids';
import type { World } from '../../model/world';
import { DnsCache, type CacheEntry } from './cache';
import type { DnsMessage, Rcode, Record_, RrType } from './codec';
import { ALIASES_MAX, iteratorRules, type IteratorContext, type IteratorEvent } from './iterator-rules';
import { iteratorTable } from './iterator-table.gen';
import { DNS_KINDS } from './kinds';
import type { DnsOptions } from './params';
import type { Upstream, UpstreamAnswer } from './upstream';

export interface Resolution {
  readonly rcode: Rcode;
  readonly answers: readonly Record_[];
  /** For a negative answer the SOA of its zone, when it is known (RFC 2308 §3). */
  readonly authority: readonly Record_[];
}
/** RFC 1035 §4.1.1: the name server was unable to process this query. */
const FAILURE: Resolution = { rcode: 'SERVFAIL', answers: [], authority: [] };
const machine = new Machine<IteratorContext, IteratorEvent>(iteratorTable, iteratorRules);
const E = (name: string): number => machine.event(name);
const EVENTS = {
  cached: E('CACHED'), noRoots: E('NO_ROOT_SERVERS'), known: E('SERVERS_KNOWN'), primed: E('PRIMED'), referred: E('REFERRED'), aliased: E('ALIASED'),
  answered: E('ANSWERED'), silence: E('SILENCE'),
};
const EFFECTS = bindEffects<Iterator_, IteratorEvent>(iteratorTable, {
  prime: (i) => i.prime(),
  ask: (i) => i.ask(),
  answer: (i) => i.finish(),
  answerFailure: (i) => i.fail(),
});
const NOTHING: IteratorEvent = { type: '' };

/** What an iterator shares with the others of its resolver. */
export interface ResolverState {
  readonly world: World;
  readonly host: HostId;
  readonly cache: DnsCache;
  readonly upstream: Upstream;
  readonly options: DnsOptions;
  /** Addresses from the hints file. */
  readonly rootHints: readonly string[];
}

export class Iterator_ implements MachineHost<IteratorEvent> {
  private readonly instance = { state: 0 };
  private readonly context: IteratorContext = { steps: 0 };
  private readonly kinds;
  private readonly endpoint: EndpointId;
  private name: string;
  private readonly chain: Record_[] = [];
  /** What this resolution learned: of use until it ends, however short its TTL (RFC 1035 §3.2.1: zero is "the transaction in progress"). */
  private readonly learned = new DnsCache();
  private result = FAILURE;
  /** Labels asked so far under the known zone (qname minimisation). */
  private revealed = '';

  constructor(private readonly state: ResolverState, name: string, private readonly type: RrType, private readonly done: (r: Resolution) => void) {
    const { world, host } = state;
    this.name = name.toLowerCase();
    this.kinds = world.kinds(DNS_KINDS);
    this.endpoint = world.endpoint(host, 'names', 'dns-resolver', `${world.hostOf(host).name} resolves ${type} ${name}`, -1, iteratorTable.chart);
  }
  start(): void {
    const { world } = this.state;
    machine.start(this.instance, this.context, this, NOTHING);
    if (this.fromCache()) {
      world.note(this.kinds.cache_hit, this.endpoint, -1, world.text(`${this.type} ${this.name}`), this.result.answers[0]?.ttl ?? 0);
      return this.step(EVENTS.cached);
    }
    world.note(this.kinds.cache_miss, this.endpoint, -1, world.text(`${this.type} ${this.name}`));
    this.step(this.servers().length === 0 ? EVENTS.noRoots : EVENTS.known);
  }

  prime(): void {
    const { state } = this;
    const hints = state.rootHints.map((a) => state.world.hostAt(a)).filter((h) => h >= 0);
    if (hints.length === 0) return this.step(EVENTS.silence);
    state.upstream.ask(hints, '.', 'NS', this.endpoint, (answer) => {
      if (!answer) return this.step(EVENTS.silence);
      this.store(answer.dns.answers, answer.dns.additional);
      this.step(EVENTS.primed);
    });
  }

  ask(): void {
    if (this.fromCache()) return this.step(EVENTS.answered);
    const zone = this.zone();
    const servers = this.servers();
    if (servers.length === 0) return this.step(EVENTS.silence);
    const full = !this.state.options.qnameMinimisation;
    const question = full ? this.name : this.nextName(zone);
    const type: RrType = question === this.name ? this.type : 'A';
    this.revealed = question;
    this.state.upstream.ask(servers, question, type, this.endpoint, (answer) => this.answered(answer, question, type));
  }

  private answered(answer: UpstreamAnswer, question: string, type: RrType): void {
    const { world, cache, options } = this.state;
    if (!answer) return this.step(EVENTS.silence);
    const { dns, message } = answer;
    if (dns.rcode === 'NXDOMAIN') {
      cache.put(this.name, this.type, [], negativeTtl(dns, options), world.now, 'nxdomain', soaOf(dns));
      this.result = { rcode: 'NXDOMAIN', answers: this.chain, authority: soaOf(dns) };
      return this.step(EVENTS.answered);
    }
    if (dns.rcode !== 'NOERROR') {
      this.result = FAILURE;
      return this.step(EVENTS.answered);
    }
    this.store(dns.answers, [...dns.authority.filter((r) => r.type === 'NS'), ...dns.additional]);
    const cname = dns.answers.find((r) => r.type === 'CNAME' && r.name.toLowerCase() === question);
    if (question === this.name && cname && !dns.answers.some((r) => r.type === this.type)) {
      world.note(this.kinds.alias_followed, this.endpoint, message.id, world.text(cname.data));
      this.revealed = '';
      return this.step(EVENTS.aliased);
    }
    const cut = dns.authority.find((r) => r.type === 'NS');
    if (dns.answers.length === 0 && cut && !dns.authoritative) {
      world.note(this.kinds.referral_followed, this.endpoint, message.id, world.text(cut.name), world.text(cut.data));
      if (!this.hasAddresses(cut.name)) {
        return world.unmodelled(`${cut.name} is delegated to ${cut.data} without an address; looking up the name of a name server is not modelled`);
      }
      return this.step(EVENTS.referred);
    }
    if (question !== this.name) return this.step(EVENTS.referred); // an empty name on the way: reveal one more label
    if (!dns.answers.some((r) => r.type === type)) {
      cache.put(this.name, this.type, [], negativeTtl(dns, options), world.now, 'nodata', soaOf(dns));
      this.result = { rcode: 'NOERROR', answers: this.chain, authority: soaOf(dns) };
      return this.step(EVENTS.answered);
    }
    this.fromCache();
    this.result = { rcode: 'NOERROR', answers: [...this.chain, ...dns.answers.filter((r) => !this.chain.includes(r) && r.name.toLowerCase() === this.name)], authority: [] };
    this.step(EVENTS.answered);
  }

  finish(): void {
    this.done(this.result);
  }
  fail(): void {
    this.result = FAILURE;
    this.done(this.result);
  }

  private find(name: string, type: RrType): CacheEntry | null {
    const { cache, world } = this.state;
    return cache.find(name, type, world.now) ?? this.learned.find(name, type, world.now);
  }
  /** Follows aliases in the cache; true when the cache answers, also when all it has is that the aliases do not end. */
  private fromCache(): boolean {
    for (;;) {
      const hit = this.find(this.name, this.type);
      if (hit) {
        this.result = {
          rcode: hit.negative === 'nxdomain' ? 'NXDOMAIN' : 'NOERROR', answers: [...this.chain, ...this.aged(hit.records, hit.expires)], authority: this.aged(hit.soa, hit.expires),
        };
        return true;
      }
      const alias = this.find(this.name, 'CNAME');
      if (!alias || this.type === 'CNAME') return false;
      if (this.chain.length >= ALIASES_MAX) {
        this.result = FAILURE;
        return true;
      }
      this.chain.push(...this.aged(alias.records, alias.expires));
      this.name = alias.records[0]!.data.toLowerCase();
      this.revealed = '';
    }
  }
  private aged(records: readonly Record_[], expires: number): Record_[] {
    const left = Math.max(0, Math.floor((expires - this.state.world.now) / 1e9));
    return records.map((r) => ({ ...r, ttl: Math.min(r.ttl, left) }));
  }
  private store(...lists: (readonly Record_[])[]): void {
    const { cache, world } = this.state;
    const sets = new Map<string, Record_[]>();
    for (const r of lists.flat()) {
      const key = `${r.type} ${r.name}`;
      sets.set(key, [...(sets.get(key) ?? []), r]);
    }
    for (const records of sets.values()) {
      const { name, type } = records[0]!;
      cache.put(name, type, records, Math.min(...records.map((r) => r.ttl)), world.now);
      this.learned.put(name, type, records, Infinity, world.now);
    }
  }

  /** Deepest zone above the name whose servers are known with an address; '' when not even the root's are. */
  private zone(): string {
    for (let at = this.name; ; at = at.slice(at.indexOf('.') + 1)) {
      if (this.hasAddresses(at)) return at;
      if (!at.includes('.')) break;
    }
    return this.hasAddresses('.') ? '.' : '';
  }
  private hasAddresses(zone: string): boolean {
    return this.find(zone, 'NS')?.records.some((r) => (this.find(r.data, 'A')?.records.length ?? 0) > 0) === true;
  }
  private servers(): HostId[] {
    const { world } = this.state;
    const zone = this.zone();
    if (zone === '') return [];
    const names = this.find(zone, 'NS')!.records.map((r) => r.data);
    return names.flatMap((n) => this.find(n, 'A')?.records.map((r) => world.hostAt(r.data)) ?? []).filter((h) => h >= 0);
  }
  /** One label more than what the zone's servers were asked. */
  private nextName(zone: string): string {
    const base = this.revealed !== '' && (zone === '.' || this.revealed.endsWith(zone)) && this.revealed.length > zone.length ? this.revealed : zone;
    const rest = base === '.' ? this.name : this.name.slice(0, Math.max(0, this.name.length - base.length - 1));
    if (rest === '') return this.name;
    const label = rest.slice(rest.lastIndexOf('.') + 1);
    return base === '.' ? label : `${label}.${base}`;
  }

  private step(event: number): void {
    machine.step(this.instance, this.context, event, NOTHING, this);
  }
  effect(effect: number, event: IteratorEvent, params: unknown): void {
    EFFECTS[effect]!(this, event, params);
  }
  armDelay(): void {}
  cancelDelay(): void {}
  moved(from: number, to: number): void {
    this.state.world.entered(this.endpoint, from, to);
  }
  ignored(state: number, event: number): void {
    this.state.world.ignored(this.endpoint, state, event);
  }
}

/** How long "there is none" may be kept, seconds: the shorter of the SOA's MINIMUM and its own TTL; not at all without a SOA (RFC 2308 §5). */
function negativeTtl(dns: DnsMessage, options: DnsOptions): number {
  const [soa] = soaOf(dns);
  return soa ? Math.min(options.negativeTtl / 1e9, Number(soa.data), soa.ttl) : 0;
}
const soaOf = (dns: DnsMessage): readonly Record_[] => dns.authority.filter((r) => r.type === 'SOA');
