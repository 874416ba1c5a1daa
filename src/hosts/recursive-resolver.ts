/** A recursive resolver: answers from local data or its cache, else walks down from the root (RFC 1034 §5.3.3). */
import type { HostKind } from '../model/world';
import { DnsCache } from '../protocols/dns/cache';
import type { Record_ } from '../protocols/dns/codec';
import { Iterator_, type ResolverState } from '../protocols/dns/iterator';
import { dnsOptions } from '../protocols/dns/params';
import { Upstream } from '../protocols/dns/upstream';
import { DnsAnswerer } from './dns-answerer';
import { answerFrom, soaFrom, type Zones } from './name-server';
import { NetStack } from './stack';

/** Caches outlive a run's hosts only by being written down: `cache` in the parameters is what it starts with. */
export const recursiveResolver: HostKind = {
  id: 'recursive-resolver',
  create: (world, host) => {
    const { params } = world.hostOf(host);
    const stack = new NetStack(world, host);
    const answerer = new DnsAnswerer(world, host, stack, true);
    const options = dnsOptions(params.dns as Record<string, unknown> | undefined, world.plan.stack.dns);
    const cache = new DnsCache();
    const byName = new Map<string, Record_[]>();
    for (const r of (params.cache ?? []) as unknown as readonly Record_[]) byName.set(`${r.type} ${r.name}`, [...(byName.get(`${r.type} ${r.name}`) ?? []), r]);
    for (const records of byName.values()) cache.put(records[0]!.name, records[0]!.type, records, records[0]!.ttl, 0);
    const local = (params.localData ?? {}) as unknown as Zones;
    const state: ResolverState = {
      world, host, cache, options, upstream: new Upstream(world, host, stack.udp, options), rootHints: (params.rootHints ?? []) as readonly string[],
    };
    return {
      receive: (pdu) => stack.receive(pdu),
      stopped() {
        stack.stopped();
        cache.clear();
      },
      start: () =>
        answerer.listen((query, reply) => {
          const { name, type } = query.question;
          const known = answerFrom(local, name, type);
          if (known.rcode !== 'REFUSED') return reply({ ...known, authoritative: true });
          new Iterator_(state, name, type, (r) => reply({ rcode: r.rcode, authoritative: false, answers: r.answers, authority: r.authority, additional: [] })).start();
        }, (name) => soaFrom(local, name)),
    };
  },
};
