/** From a scenario to a plan: defaults from the parameter table, quantities to internal units, names checked. */
import { formatQuantity, parseQuantity, unitsOf, type QuantityType } from '../base/quantity';
import { draw } from '../base/random';
import { fail, ok, type Complaint, type Result } from '../base/result';
import { exponential } from '../base/sampling';
import type { ParamSpec } from '../model/params';
import type { ParamValue, Plan, PlanHost, PlanLink } from '../model/plan';
import { coresOf } from '../hosts/nginx-workers';
import { hostDefault } from '../hosts/params';
import type { UpstreamPlan } from '../hosts/upstream';
import type { SiteResource, Visit, Workload } from '../hosts/workload';
import { parseUrl } from '../hosts/url';
import { checkedAgain } from './checker';
import { databaseOf, type ScenarioDatabase } from './database';
import { planFault } from './faults';
import { LINK_PARAMS, paramFor, PARAMS } from './params';
import type { Scenario, ScenarioFault, ScenarioLink } from './schema';

export interface CompileOptions {
  /** Lane to run; the first (or none) if absent. */
  readonly lane?: string | null;
  /** Changes by path, applied after the lane's. */
  readonly set?: Readonly<Record<string, string | number | boolean>>;
  readonly seed?: number;
  /** Faults beside the scenario's own. */
  readonly faults?: readonly ScenarioFault[];
}
export const EVENTS_MAX = 200_000;
const END = 400e9;

/** The scenario with lane and changes applied, checked again. */
export function patched(scenario: Scenario, options: CompileOptions): Result<Scenario> {
  const lane = scenario.lanes?.find((l) => l.name === options.lane) ?? (options.lane ? undefined : scenario.lanes?.[0]);
  if (options.lane && !lane) return fail('lane', `there is no lane "${options.lane}"`, `use one of ${(scenario.lanes ?? []).map((l) => l.name).join(', ') || 'none'}`);
  const copy = structuredClone(scenario) as Record<string, unknown>;
  for (const [path, value] of [...Object.entries(lane?.set ?? {}), ...Object.entries(options.set ?? {})]) {
    const bad = put(copy, path, value);
    if (bad) return { ok: false, errors: [bad] };
  }
  const faults = [...(scenario.faults ?? []), ...(lane?.faults ?? []), ...(options.faults ?? [])];
  if (faults.length > 0) copy.faults = faults;
  return checkedAgain(copy);
}

/** Sets one value in a copy; null when done. */
function put(target: Record<string, unknown>, path: string, value: unknown): Complaint | null {
  const parts = path.split('.');
  const spec = paramFor(path);
  const known = spec || /^(workload|seed)\b/.test(path) || /^network\.hosts\.[^.]+\.params\.site\./.test(path);
  if (!known || parts.some((p) => ['__proto__', 'constructor', 'prototype'].includes(p))) return { where: path.slice(0, 120), what: 'is not a parameter', cure: `did you mean ${nearest(path, target)}?` };
  let at = target;
  for (let i = 0; i < parts.length - 1; i++) {
    const part = parts[i]!;
    const next = at[part];
    if (next === undefined && ['stack', 'tcp', 'tls', 'quic', 'dns', 'postgres', 'params', 'database'].includes(part)) at[part] = {};
    else if (typeof next !== 'object' || next === null) return { where: path, what: `there is no ${parts.slice(0, i + 1).join('.')}`, cure: `did you mean ${nearest(path, target)}?` };
    at = at[part] as Record<string, unknown>;
  }
  const key = parts[parts.length - 1]!;
  let typed = value;
  if (typeof value === 'string' && spec) {
    if (spec.type === 'integer' || (spec.path === 'network.links.*.mtu')) typed = Number(value);
    else if (spec.type === 'switch') typed = value === 'true' || value === 'on';
  }
  const wrong = spec && unfit(spec, typed);
  if (wrong) return { where: path, ...wrong };
  if (path.startsWith('network.links.') && key === 'rtt') delete at.latency;
  if (path.startsWith('network.links.') && key === 'latency') delete at.rtt;
  at[key] = typed;
  return null;
}
/** What is wrong with a value for this row of the table; null when it fits. */
function unfit(spec: ParamSpec, value: unknown): Omit<Complaint, 'where'> | null {
  const said = String(value).slice(0, 80);
  if (spec.type === 'switch') return typeof value === 'boolean' ? null : { what: `"${said}" is not a switch`, cure: 'use true or false' };
  if (spec.choices) return spec.choices.includes(said) ? null : { what: `"${said}" is not a choice`, cure: `use one of ${spec.choices.join(', ')}` };
  const quantity = QUANTITY[spec.type];
  // a link's packets are counted in plain bytes
  const n = quantity && typeof value === 'string' ? parseQuantity(value, quantity) : Number(value);
  if (n === null || !Number.isFinite(n)) return { what: `"${said}" is not a ${spec.type}`, cure: quantity ? `write a number and a unit (${unitsOf(quantity)})` : 'write a number' };
  if (spec.type === 'integer' && !Number.isInteger(n)) return { what: `${said} is not a whole number`, cure: 'write one' };
  const { min = -Infinity, max = Infinity } = spec;
  const shown = (x: number): string => (quantity ? formatQuantity(x, quantity) : String(x));
  return n >= min && n <= max ? null : { what: `${said} is out of range`, cure: `choose between ${shown(min)} and ${shown(max)}` };
}
function nearest(path: string, scenario: Record<string, unknown>): string {
  const network = scenario.network as { links: object; hosts: object } | undefined;
  const candidates = PARAMS.flatMap((p) => {
    if (!p.path.includes('*')) return [p.path];
    const names = Object.keys((p.path.includes('links') ? network?.links : network?.hosts) ?? {});
    return names.map((n) => p.path.replace('*', n));
  });
  const distance = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
      row = next;
    }
    return row[b.length]!;
  };
  const short = path.slice(0, 80);
  return candidates.reduce((best, c) => (distance(short, c) < distance(short, best) ? c : best), candidates[0]!);
}

/** Compiles to a plan, ready to simulate. */
export function compilePlan(scenario: Scenario, options: CompileOptions = {}): Result<Plan> {
  const applied = patched(scenario, options);
  if (!applied.ok) return applied;
  const s = applied.value;
  const names = Object.keys(s.network.hosts);
  const errors: Complaint[] = [];
  const need = (where: string, name: string): void => {
    if (!names.includes(name)) errors.push({ where, what: `names the host "${name}", which does not exist`, cure: `use one of ${names.join(', ')}` });
  };
  const stack: Record<string, Record<string, ParamValue>> = {};
  for (const protocol of ['tcp', 'tls', 'quic', 'dns', 'postgres'] as const) stack[protocol] = typed(s.stack?.[protocol] ?? {}, `stack.${protocol}`, errors);

  const hosts = names.map((name, i): PlanHost => {
    const h = s.network.hosts[name]!;
    const params: Record<string, ParamValue> = {};
    for (const [key, value] of Object.entries(h.params ?? {})) {
      const path = `network.hosts.${name}.params.${key}`;
      if (key === 'tcp' || key === 'tls' || key === 'quic' || key === 'dns' || key === 'postgres') params[key] = typed(value as Record<string, string | number | boolean>, `stack.${key}`, errors);
      else if (key === 'site') params[key] = siteOf(value as ScenarioSite) as unknown as ParamValue;
      else if (key === 'database') params[key] = databaseOf(value as ScenarioDatabase, path, errors) as unknown as ParamValue;
      else if (key === 'upstreams') params[key] = upstreamsOf(value as Upstreams) as unknown as ParamValue;
      else if (typeof value === 'string' && quantityOf(path)) params[key] = parseQuantity(value, quantityOf(path)!)!;
      else params[key] = value as ParamValue;
    }
    for (const [group, upstream] of Object.entries(h.params?.upstreams ?? {})) upstream.servers.forEach((server, n) => need(`network.hosts.${name}.params.upstreams.${group}.servers[${n}].host`, server.host));
    const groups = Object.keys(h.params?.upstreams ?? {});
    (h.params?.routes ?? []).forEach((route, n) => {
      if (groups.includes(route.upstream)) return;
      errors.push({ where: `network.hosts.${name}.params.routes[${n}].upstream`, what: `names the upstream "${route.upstream}", which does not exist`, cure: groups.length > 0 ? `use one of ${groups.join(', ')}` : 'describe it under upstreams' });
    });
    if (typeof params.target === 'string') need(`network.hosts.${name}.params.target`, params.target);
    if (typeof params.databaseHost === 'string') need(`network.hosts.${name}.params.databaseHost`, params.databaseHost);
    if (typeof params.tap === 'string' && !(params.tap in s.network.links)) errors.push({ where: `network.hosts.${name}.params.tap`, what: `names the link "${params.tap}", which does not exist`, cure: `use one of ${Object.keys(s.network.links).join(', ')}` });
    if (typeof params.resolver === 'string') need(`network.hosts.${name}.params.resolver`, params.resolver);
    const { schedulerSlice, ...rest } = params;
    const cores = h.cores ?? 2, slice = Number(schedulerSlice ?? hostDefault('schedulerSlice'));
    return {
      // both are nginx: one that has routes forwards
      name, kind: h.kind === 'web-server' && (h.params?.routes ?? []).length > 0 ? 'reverse-proxy' : h.kind, title: h.title, address: h.address, ...(NGINX.includes(h.kind) ? coresOf(cores, Number(params.workerProcesses ?? hostDefault('workerProcesses')), slice) : { cores, schedulerSliceNs: slice }), column: h.column ?? i, params: rest,
    };
  });
  const links = Object.entries(s.network.links).map(([name, link]) => {
    need(`network.links.${name}.a`, link.a);
    for (const b of [link.b].flat()) need(`network.links.${name}.b`, b);
    if (link.via) {
      need(`network.links.${name}.via.router`, link.via.router);
      const kind = s.network.hosts[link.via.router]?.kind;
      if (kind !== undefined && kind !== 'router' && kind !== 'nat') errors.push({ where: `network.links.${name}.via.router`, what: `"${link.via.router}" is a ${kind}`, cure: 'name a host of kind router or nat' });
    }
    outOfRange(`network.links.${name}`, link, errors);
    return linkOf(name, link);
  });
  need('workload.client', s.workload.client);
  s.workload.visits.forEach((visit, i) => {
    if (!parseUrl(visit.url)) errors.push({ where: `workload.visits[${i}].url`, what: `"${visit.url.slice(0, 80)}" is not an absolute http or https address`, cure: 'write for example https://shop.example/' });
  });
  const { arrivals } = s.workload;
  if (arrivals && !parseUrl(arrivals.url.replaceAll('{n}', '1'))) errors.push({ where: 'workload.arrivals.url', what: `"${arrivals.url.slice(0, 80)}" is not an absolute http or https address`, cure: 'write for example https://shop.example/orders/{n}' });
  const faults = (s.faults ?? []).map(planFault);
  faults.forEach((f, i) => {
    if ((f.type === 'host' || f.type === 'answer') && !names.includes(f.host)) need(`faults[${i}].host`, f.host);
    const kind = f.type === 'answer' && f.verdict === 'refuse-connections' ? s.network.hosts[f.host]?.kind : undefined;
    if (kind && !LISTENS.includes(kind)) errors.push({ where: `faults[${i}].host`, what: `"${(f as { host: string }).host}" is a ${kind} and takes no connections that it could refuse`, cure: kind === 'browser' ? `name a host of kind ${LISTENS.join(', ')}` : `use refused, no-answer, stop or silent` });
    if (f.type === 'link' && !s.network.links[f.link]) errors.push({ where: `faults[${i}].link`, what: `there is no link "${f.link}"`, cure: `use one of ${Object.keys(s.network.links).join(', ')}` });
  });
  if (errors.length > 0) return { ok: false, errors };
  const time = (q: string | undefined, otherwise: number): number => (q === undefined ? otherwise : parseQuantity(q, 'duration')!);
  const workload: Workload = {
    client: s.workload.client, profile: s.workload.profile, sequential: s.workload.sequential ?? false, connectTimeout: time(s.workload.connectTimeout, 0), maxTime: time(s.workload.maxTime, 0),
    visits: visitsOf(s, options.seed ?? s.seed ?? 1, time),
  };
  return ok({
    version: 1, id: s.id, title: s.title, seed: options.seed ?? s.seed ?? 1, hosts, links, stack, workload: workload as unknown as Record<string, unknown>, faults,
    limits: { events: s.limits?.events ?? EVENTS_MAX, endNs: time(s.limits?.end, END) },
  });
}

/** Kinds of hosts that are an nginx. */
const NGINX: readonly string[] = ['web-server', 'reverse-proxy'];
/** Kinds of hosts that listen for connections. */
const LISTENS: readonly string[] = ['web-server', 'reverse-proxy', 'app-server', 'database'];

/** The visits of the file, then those of its crowd: each arrival is a user of his own. */
function visitsOf(s: Scenario, seed: number, time: (q: string | undefined, otherwise: number) => number): Visit[] {
  const visits: Visit[] = s.workload.visits.map((visit) => ({
    url: visit.url, at: time(visit.at, 0), user: visit.user ?? 1, ...given({ main: visit.main, method: visit.method, body: visit.body === undefined ? undefined : parseQuantity(visit.body, 'bytes')! }),
  }));
  const { arrivals } = s.workload;
  if (!arrivals) return visits;
  const every = time(arrivals.every, 0);
  const taken = Math.max(...visits.map((visit) => visit.user ?? 1));
  let at = time(arrivals.from, 0);
  for (let n = 1; n <= arrivals.users; n++) {
    at += arrivals.spacing === 'poisson' ? exponential(draw(seed, 'arrival', n), every) : n === 1 ? 0 : every;
    visits.push({ url: arrivals.url.replaceAll('{n}', String(n)), at, user: taken + n });
  }
  return visits;
}

/** Quantities of a link beyond the table's range. */
function outOfRange(prefix: string, link: ScenarioLink, errors: Complaint[]): void {
  for (const spec of LINK_PARAMS) {
    const key = spec.path.slice(spec.path.lastIndexOf('.') + 1);
    const type = QUANTITY[spec.type];
    const given = (link as Readonly<Record<string, unknown>>)[key];
    if (given === undefined || !type) continue;
    for (const text of typeof given === 'object' && given !== null ? Object.values(given) : [given]) {
      const value = typeof text === 'string' ? (parseQuantity(text, type) ?? NaN) : Number(text);
      if (value >= (spec.min ?? -Infinity) && value <= (spec.max ?? Infinity)) continue;
      errors.push({ where: `${prefix}.${key}`, what: `${String(text)} is out of range`, cure: `choose between ${formatQuantity(spec.min ?? 0, type)} and ${formatQuantity(spec.max ?? 0, type)}` });
    }
  }
}

const QUANTITY: Readonly<Record<string, QuantityType | undefined>> = { duration: 'duration', rate: 'rate', ratio: 'ratio', bytes: 'bytes' };

/** In which unit a parameter is written, if in any. */
const quantityOf = (path: string): QuantityType | undefined => QUANTITY[paramFor(path)?.type ?? ''];
type Upstreams = NonNullable<NonNullable<Scenario['network']['hosts'][string]['params']>['upstreams']>;
/** Upstream groups with their times in ns. */
function upstreamsOf(upstreams: Upstreams): Record<string, UpstreamPlan> {
  return Object.fromEntries(Object.entries(upstreams).map(([name, { servers, balance, keepalive }]): [string, UpstreamPlan] => [name, {
    servers: servers.map(({ failTimeout, ...server }) => given({ ...server, failTimeout: failTimeout === undefined ? undefined : parseQuantity(failTimeout, 'duration')! })),
    ...given({ balance, keepalive }),
  }]));
}
/** Without what was not said. */
const given = <T extends object>(o: T): Given<T> => Object.fromEntries(Object.entries(o).filter(([, value]) => value !== undefined)) as Given<T>;
/** What may be undefined may be absent. */
type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** Options of a protocol in internal units, checked against the table. */
function typed(options: Readonly<Record<string, string | number | boolean>>, prefix: string, errors: Complaint[]): Record<string, ParamValue> {
  const out: Record<string, ParamValue> = {};
  for (const [key, value] of Object.entries(options)) {
    const path = `${prefix}.${key}`;
    const spec = PARAMS.find((p) => p.path === path);
    if (!spec) {
      errors.push({ where: path, what: 'is not a parameter', cure: `use one of ${PARAMS.filter((p) => p.path.startsWith(`${prefix}.`)).map((p) => p.path.slice(prefix.length + 1)).join(', ')}` });
      continue;
    }
    const type = QUANTITY[spec.type];
    let result: ParamValue = value;
    if (type && typeof value === 'string') {
      const parsed = parseQuantity(value, type);
      if (parsed === null) {
        errors.push({ where: path, what: `"${value}" is not a ${spec.type}`, cure: `write a number and a unit` });
        continue;
      }
      result = parsed;
    } else if (spec.type === 'integer' && typeof value === 'string') result = Number(value);
    if (typeof result === 'number' && ((spec.min !== undefined && result < spec.min) || (spec.max !== undefined && result > spec.max) || !Number.isFinite(result))) {
      errors.push({ where: path, what: `${value} is out of range`, cure: `choose between ${spec.min} and ${spec.max}` });
    } else if (spec.choices && !spec.choices.includes(String(result))) errors.push({ where: path, what: `"${value}" is not a choice`, cure: `use one of ${spec.choices.join(', ')}` });
    else if (spec.type === 'switch' && typeof result !== 'boolean') errors.push({ where: path, what: `"${value}" is not a switch`, cure: 'use true or false' });
    else out[key] = result;
  }
  return out;
}

type ScenarioSite = NonNullable<NonNullable<Scenario['network']['hosts'][string]['params']>['site']>;
function siteOf(site: ScenarioSite): Record<string, SiteResource> {
  const time = (text: string | undefined): number => (text ? parseQuantity(text, 'duration')! : 0);
  return Object.fromEntries(Object.entries(site).map(([path, { bytes, compressed, changedAt, ...r }]): [string, SiteResource] => [path, {
    ...given({ caching: r.caching, gzip: r.gzip, redirect: r.redirect, inView: r.inView, compressed: compressed === undefined ? undefined : parseQuantity(compressed, 'bytes')!, changedAt: changedAt === undefined ? undefined : time(changedAt) }),
    bytes: parseQuantity(bytes, 'bytes')!, type: r.type ?? 'text/html', think: time(r.think), links: r.links ?? [], maxAge: r.maxAge ?? -1, file: r.file ?? false,
    cpu: time(r.cpu), render: time(r.render), queries: r.queries ?? [],
  }]));
}

function linkOf(name: string, link: ScenarioLink): PlanLink {
  const base = (key: string): number => Number(LINK_PARAMS.find((p) => p.path.endsWith(`.${key}`))!.default);
  const pair = (value: string | { up: string; down: string } | undefined, type: QuantityType, otherwise: number): [number, number] => {
    if (value === undefined) return [otherwise, otherwise];
    if (typeof value === 'string') return [parseQuantity(value, type)!, parseQuantity(value, type)!];
    return [parseQuantity(value.up, type)!, parseQuantity(value.down, type)!];
  };
  const rtt = link.rtt === undefined ? null : parseQuantity(link.rtt, 'duration')!;
  const latency: [number, number] = rtt === null ? pair(link.latency, 'duration', base('latency')) : [Math.floor(rtt / 2), rtt - Math.floor(rtt / 2)];
  return {
    name, a: link.a, b: [link.b].flat(), latencyNs: latency, jitterNs: link.jitter ? parseQuantity(link.jitter, 'duration')! : base('jitter'), rate: pair(link.bandwidth, 'rate', base('bandwidth')),
    queuePackets: link.queue ?? base('queue'), ...(link.markAbove ? { markAbove: link.markAbove } : {}), loss: pair(link.loss, 'ratio', base('loss')), mtu: link.mtu ?? base('mtu'), ...(link.address ? { address: link.address } : {}), ...(link.via ? { via: { router: link.via.router, at: link.via.at ?? 0.5 } } : {}), perPacketNs: link.perPacket ? parseQuantity(link.perPacket, 'duration')! : base('perPacket'),
  };
}
