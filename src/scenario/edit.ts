/**
 * Changes of a path, as edits of its scenario: take a server out, put one beside it, let a proxy remember. Law: an edit gives a new
 * scenario that is whole (no name points at nothing) or one complaint; the given one stays as it is.
 */
import { fail, ok, type Result } from '../base/result';
import { checkScenario } from './parse';
import type { Scenario } from './schema';

type Hosts = Scenario['network']['hosts'];
type Host = Hosts[string];
type Link = Scenario['network']['links'][string];
const NOT_CLIENTS = ['reverse-proxy', 'web-server', 'app-server'];

/** Links that join two hosts, by name. */
function linksBetween(s: Scenario, a: string, b: string): string[] {
  return Object.entries(s.network.links).filter(([, l]) => joins(l, a, b)).map(([name]) => name);
}
const joins = (l: Link, a: string, b: string): boolean => (l.a === a && [l.b].flat().includes(b)) || (l.a === b && [l.b].flat().includes(a));
const ends = (l: Link): string[] => [l.a, ...[l.b].flat()];
/** Servers that a host forwards to, first to last. */
export const serversBehind = (host: Host): string[] => Object.values(host.params?.upstreams ?? {}).flatMap((u) => u.servers.map((server) => server.host));
/** Hosts that forward to this one. */
export const proxiesBefore = (s: Scenario, name: string): string[] => Object.entries(s.network.hosts).filter(([, h]) => serversBehind(h).includes(name)).map(([n]) => n);

/** Which hosts may be taken out of the path, and which may have another beside them. */
export function editable(s: Scenario): { readonly removable: readonly string[]; readonly repeatable: readonly string[]; readonly remembering: readonly string[] } {
  const names = Object.keys(s.network.hosts);
  const kind = (n: string): string => s.network.hosts[n]!.kind;
  const forwards = (n: string): boolean => serversBehind(s.network.hosts[n]!).length > 0;
  return {
    removable: names.filter((n) => forwards(n) || proxiesBefore(s, n).some((p) => serversBehind(s.network.hosts[p]!).length > 1)),
    repeatable: names.filter((n) => proxiesBefore(s, n).length > 0 && NOT_CLIENTS.includes(kind(n))),
    remembering: names.filter(forwards),
  };
}

/** Takes a host out. A proxy's place, name and certificate go to the first server behind it; a server of several is dealt to no more. */
export function removeHost(s: Scenario, name: string): Result<Scenario> {
  const host = s.network.hosts[name];
  if (!host) return fail(`network.hosts.${name}`, 'there is no such host', `use one of ${Object.keys(s.network.hosts).join(', ')}`);
  if (!editable(s).removable.includes(name)) return fail(`network.hosts.${name}`, 'cannot be taken out of the path', 'take out a proxy, or one of several servers');
  const next = structuredClone(s);
  const siblings = proxiesBefore(s, name).some((p) => serversBehind(s.network.hosts[p]!).length > 1);
  if (siblings) withoutServer(next, name);
  else splice(next, name);
  return checkScenario(clean(next, name));
}

function withoutServer(s: Scenario, name: string): void {
  for (const h of Object.values(s.network.hosts)) {
    for (const u of Object.values(h.params?.upstreams ?? {})) u.servers = u.servers.filter((server) => server.host !== name);
  }
  dropHost(s, name);
}
/** The server behind takes the proxy's place: its address and name, its ports, and the link towards the clients. */
function splice(s: Scenario, name: string): void {
  const proxy = s.network.hosts[name]!;
  const heir = s.network.hosts[serversBehind(proxy)[0]!]!, heirName = serversBehind(proxy)[0]!;
  const params = { ...heir.params };
  params.names = proxy.params?.names;
  params.plainPorts = proxy.params?.plainPorts ?? ['80'];
  params.tlsPorts = proxy.params?.tlsPorts ?? ['443'];
  if (proxy.params?.site) params.site = { ...proxy.params.site, ...heir.params?.site };
  heir.params = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
  heir.address = proxy.address;
  for (const link of linksBetween(s, name, heirName)) delete s.network.links[link];
  for (const l of Object.values(s.network.links)) {
    if (l.a === name) l.a = heirName;
    l.b = Array.isArray(l.b) ? l.b.map((b) => (b === name ? heirName : b)) : l.b === name ? heirName : l.b;
  }
  for (const before of proxiesBefore(s, name)) {
    for (const u of Object.values(s.network.hosts[before]!.params?.upstreams ?? {})) for (const server of u.servers) if (server.host === name) server.host = heirName;
  }
  dropHost(s, name);
}
function dropHost(s: Scenario, name: string): void {
  delete s.network.hosts[name];
  for (const [link, l] of Object.entries(s.network.links)) {
    const b = [l.b].flat().filter((end) => end !== name);
    if (l.a === name || b.length === 0) delete s.network.links[link];
    else l.b = b.length === 1 ? b[0]! : b;
  }
}
/** What spoke of the host or of a link that went with it is left out. */
function clean(s: Scenario, name: string): Scenario {
  const links = Object.keys(s.network.links);
  const gone = (path: string): boolean => path.startsWith(`network.hosts.${name}.`) || (path.startsWith('network.links.') && !links.some((l) => path.startsWith(`network.links.${l}.`)));
  const stays = (f: NonNullable<Scenario['faults']>[number]): boolean =>
    !('host' in f && f.host === name) && !('link' in f && !links.includes(f.link)) && !('where' in f && (f.where.from === name || (f.where.link !== undefined && !links.includes(f.where.link))));
  if (s.faults) s.faults = s.faults.filter(stays);
  if (s.controls) s.controls = s.controls.filter((path) => !gone(path));
  for (const lane of s.lanes ?? []) {
    if (lane.faults) lane.faults = lane.faults.filter(stays);
    if (lane.set) lane.set = Object.fromEntries(Object.entries(lane.set).filter(([path]) => !gone(path)));
  }
  return s;
}

/** Puts a server like this one beside it: same work, a name and an address of its own, dealt to by the same proxies, joined to the same hosts. */
export function addServer(s: Scenario, like: string): Result<Scenario> {
  const host = s.network.hosts[like];
  if (!host || !editable(s).repeatable.includes(like)) return fail(`network.hosts.${like}`, 'no proxy forwards to it, so another one would never be asked', 'choose a server behind a proxy');
  const next = structuredClone(s);
  const stem = like.replace(/-\d+$/, '');
  let n = 2;
  while (next.network.hosts[`${stem}-${n}`]) n++;
  const name = `${stem}-${n}`;
  const taken = new Set(Object.values(next.network.hosts).map((h) => h.address));
  const [a, b, c, d] = host.address.split('.').map(Number) as [number, number, number, number];
  let last = d;
  do last = last >= 254 ? 1 : last + 1; while (taken.has(`${a}.${b}.${c}.${last}`) && last !== d);
  next.network.hosts[name] = { ...structuredClone(host), title: `${host.title.replace(/ \d+$/, '')} ${n}`, address: `${a}.${b}.${c}.${last}` };
  for (const [link, l] of Object.entries(s.network.links)) {
    if (!ends(l).includes(like)) continue;
    const others = ends(l).filter((end) => end !== like);
    for (const other of others) next.network.links[`${link}-${n}`] = { ...structuredClone(l), a: l.a === like ? name : other, b: l.a === like ? other : name };
  }
  for (const h of Object.values(next.network.hosts)) {
    for (const u of Object.values(h.params?.upstreams ?? {})) {
      const server = u.servers.find((one) => one.host === like);
      if (server) u.servers.push({ ...server, host: name });
    }
  }
  return checkScenario(next);
}

/** Lets a proxy remember what it forwarded (proxy_cache), or forget it again. */
export function setCache(s: Scenario, proxy: string, on: boolean): Result<Scenario> {
  if (!editable(s).remembering.includes(proxy)) return fail(`network.hosts.${proxy}`, 'is not a proxy', 'choose a host that forwards to others');
  const next = structuredClone(s);
  const params = { ...next.network.hosts[proxy]!.params };
  if (on) params.proxyCache = true;
  else delete params.proxyCache;
  next.network.hosts[proxy]!.params = params;
  return ok(next);
}
