/**
 * The scenario file (version 1). Law: strict objects, bounded sizes, causes and never packets. The JSON Schema in
 * `scenarios/schema.json` is made from this.
 */
import * as v from 'valibot';
import { parseQuantity, unitsOf, type QuantityType } from '../base/quantity';
import { BALANCES } from '../hosts/balancing';
import { METHODS } from '../hosts/workload';
import { SERVICE_BINDING } from '../protocols/dns/svcb';
import { PRIORITY_SCHEMES } from '../model/http/priority';
import { CACHE_DIRECTIVES } from '../model/http/response';
import { NEXT_UPSTREAM, PROXY_VERSIONS } from '../hosts/proxy-settings';

const text = (max = 2000) => v.pipe(v.string(), v.maxLength(max));
const name = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9.-]{0,39}$/, 'is not a name: use lower-case letters, digits, dots and hyphens, at most 40'));
const quantity = (type: QuantityType) =>
  v.pipe(v.string(), v.maxLength(40), v.check((s) => parseQuantity(s, type) !== null, `is not a ${type}: write a number and a unit (${unitsOf(type)})`));
const duration = quantity('duration'), rate = quantity('rate'), ratio = quantity('ratio'), bytes = quantity('bytes');
const whole = (max: number, min = 0) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const both = <S extends v.GenericSchema>(schema: S) => v.union([schema, v.strictObject({ up: schema, down: schema })]);
const value = v.union([v.pipe(v.string(), v.maxLength(200)), v.pipe(v.number(), v.finite()), v.boolean()]);
const values = v.record(v.pipe(v.string(), v.maxLength(60)), value);

const dnsRecord = v.pipe(
  v.strictObject({ name: text(255), type: v.picklist(['A', 'NS', 'CNAME', 'SOA', 'AAAA', 'HTTPS']), ttl: whole(2147483647), data: text(255) }),
  v.check((r) => r.type !== 'HTTPS' || SERVICE_BINDING.test(r.data), 'an HTTPS record is written as in “1 . alpn=h3,h2” here'),
);
const records = v.pipe(v.array(dnsRecord), v.maxLength(200));
const zones = v.record(v.pipe(v.string(), v.maxLength(255)), records);
const resource = v.strictObject({
  bytes, type: v.optional(text(100)), think: v.optional(duration), links: v.optional(v.pipe(v.array(text(300)), v.maxLength(200))), inView: v.optional(v.pipe(v.array(text(300)), v.maxLength(200))), maxAge: v.optional(whole(31536000)), file: v.optional(v.boolean()),
  caching: v.optional(v.picklist(CACHE_DIRECTIVES)), changedAt: v.optional(duration), compressed: v.optional(bytes), gzip: v.optional(v.picklist(['static', 'on-the-fly'])),
  redirect: v.optional(v.strictObject({ to: text(300), status: v.picklist([301, 302, 307, 308]) })),
  cpu: v.optional(duration), render: v.optional(duration), queries: v.optional(v.pipe(v.array(text(500)), v.maxLength(50))),
});
const sqlName = v.pipe(v.string(), v.regex(/^[a-z_][a-z0-9_]{0,62}$/, 'is not a name of SQL: use lower-case letters, digits and underscores'));
const upstream = v.strictObject({
  servers: v.pipe(
    v.array(v.strictObject({ host: name, port: whole(65535, 1), weight: v.optional(whole(1000, 1)), maxFails: v.optional(whole(1000)), failTimeout: v.optional(duration), maxConns: v.optional(whole(100000)) })),
    v.minLength(1), v.maxLength(32),
  ),
  balance: v.optional(v.picklist(BALANCES)), keepalive: v.optional(whole(10000)),
});
const column = v.strictObject({
  name: sqlName, type: v.picklist(['bigint', 'integer', 'uuid', 'text']), bytes: v.optional(whole(2000)), order: v.optional(v.picklist(['ascending', 'random'])), distinct: v.optional(whole(1e9, 1)),
});
const table = v.strictObject({
  rows: whole(1e9), columns: v.pipe(v.array(column), v.minLength(1), v.maxLength(50)), primaryKey: v.pipe(v.array(sqlName), v.minLength(1), v.maxLength(4)), order: v.optional(v.picklist(['ascending', 'random'])),
  indexes: v.optional(v.record(sqlName, v.strictObject({ columns: v.pipe(v.array(sqlName), v.minLength(1), v.maxLength(4)), unique: v.optional(v.boolean()), build: v.optional(v.picklist(['bulk', 'inserts'])), present: v.optional(v.boolean()) }))),
  allVisible: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
});
const database = v.strictObject({
  tables: v.record(sqlName, table), disks: v.optional(whole(64, 1)), pageHit: v.optional(duration), heapTuple: v.optional(duration), indexTuple: v.optional(duration), planTime: v.optional(duration),
  pageRead: v.optional(duration), pageReadNext: v.optional(duration),
});
const hostParams = v.strictObject({
  // clients
  resolver: v.optional(name), hostsFile: v.optional(v.record(v.pipe(v.string(), v.maxLength(255)), text(40))), maxConnections: v.optional(whole(64, 1)), parseDelay: v.optional(duration), coalesces: v.optional(v.boolean()), httpsRecords: v.optional(v.picklist(['auto', 'on', 'off'])), reprioritizes: v.optional(v.boolean()), layoutDelay: v.optional(duration),
  unusedSocketTimeout: v.optional(duration), usedSocketTimeout: v.optional(duration), connectTimeout: v.optional(duration), browserConnectTimeout: v.optional(duration), nameCacheTime: v.optional(duration),
  curlProbeAfter: v.optional(duration), browserProbeAfter: v.optional(duration),
  readRate: v.optional(rate), readSize: v.optional(bytes), readPauseAfter: v.optional(bytes), readPauseFor: v.optional(duration),
  followRedirects: v.optional(v.boolean()), pipelining: v.optional(v.boolean()), startCost: v.optional(duration), lookUpCost: v.optional(duration), requestCost: v.optional(duration), closeCost: v.optional(duration),
  // name servers
  zones: v.optional(zones), localData: v.optional(zones), rootHints: v.optional(v.pipe(v.array(text(40)), v.maxLength(13))), cache: v.optional(records), queryCost: v.optional(duration),
  // web servers
  site: v.optional(v.record(v.pipe(v.string(), v.maxLength(300)), resource)), names: v.optional(v.pipe(v.array(text(255)), v.maxLength(100))), plainPorts: v.optional(v.array(text(5))),
  tlsPorts: v.optional(v.array(text(5))), keepAliveTimeout: v.optional(duration), headerTimeout: v.optional(duration), thinkTime: v.optional(duration), fileCost: v.optional(duration),
  schedulerSlice: v.optional(duration), writeApart: v.optional(v.boolean()), httpsOnly: v.optional(v.boolean()), http2: v.optional(v.boolean()), http2StreamWindow: v.optional(bytes), http2ConnectionWindow: v.optional(bytes), http2FlushesHead: v.optional(v.boolean()), http3: v.optional(v.boolean()), priorities: v.optional(v.picklist(PRIORITY_SCHEMES)), altSvc: v.optional(whole(1e9)), migrates: v.optional(v.boolean()), reloads: v.optional(whole(3)), useHttp3: v.optional(v.picklist(['auto', 'alt-svc', 'race', 'only', 'off'])), http3Delay: v.optional(duration), http3RaceDelay: v.optional(duration), hsts: v.optional(whole(1e9)), gzipRate: v.optional(rate), maxBodySize: v.optional(bytes),
  // app servers
  port: v.optional(whole(65535, 1)), model: v.optional(v.picklist(['thread-pool', 'event-loop', 'process-per-request'])), workers: v.optional(whole(10000, 1)), queueMax: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(1e6))),
  maxProcesses: v.optional(whole(10000, 1)), forkCost: v.optional(duration), databaseHost: v.optional(name), poolSize: v.optional(whole(10000, 1)), poolTimeout: v.optional(duration), poolRetry: v.optional(duration), poolRetryMax: v.optional(duration), whenFull: v.optional(v.picklist(['close', '503'])), appKeepAliveTimeout: v.optional(duration),
  workerProcesses: v.optional(whole(256)), pageCache: v.optional(v.picklist(['warm', 'cold'])), fileRead: v.optional(duration), fileReadRate: v.optional(rate),
  // reverse proxies
  upstreams: v.optional(v.record(name, upstream)), routes: v.optional(v.pipe(v.array(v.strictObject({ prefix: text(300), upstream: name })), v.maxLength(50))), proxyVersion: v.optional(v.picklist(PROXY_VERSIONS)),
  proxyConnectTimeout: v.optional(duration), proxyReadTimeout: v.optional(duration), proxyBuffering: v.optional(v.boolean()), proxyCache: v.optional(v.boolean()), proxyBufferSize: v.optional(bytes), proxyCost: v.optional(duration),
  proxyNextUpstream: v.optional(v.pipe(v.array(v.picklist(NEXT_UPSTREAM)), v.maxLength(2))), proxyNextUpstreamTries: v.optional(whole(100)), upstreamKeepalive: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(10000))),
  upstreamKeepaliveTimeout: v.optional(duration), upstreamKeepaliveRequests: v.optional(whole(1e6, 1)), upstreamMaxFails: v.optional(whole(1000)), upstreamFailTimeout: v.optional(duration), upstreamMaxConns: v.optional(whole(100000)),
  // databases
  roles: v.optional(v.record(v.pipe(v.string(), v.maxLength(63)), v.strictObject({ password: v.optional(text(100)), superuser: v.optional(v.boolean()) }))),
  database: v.optional(database), bufferPool: v.optional(v.picklist(['cold', 'warm'])), databaseUser: v.optional(text(63)), databaseName: v.optional(text(63)), databasePassword: v.optional(text(63)),
  // routers
  nextMtu: v.optional(bytes), icmp: v.optional(v.boolean()), clampMss: v.optional(v.boolean()), natUdpTimeout: v.optional(duration), natUdpStreamTimeout: v.optional(duration), natTcpTimeout: v.optional(duration),
  // attackers
  tap: v.optional(name), replayAfter: v.optional(duration), target: v.optional(name), targetPort: v.optional(whole(65535, 1)), floodEvery: v.optional(duration), floodSyns: v.optional(whole(20000)), floodFrom: v.optional(duration),
  // stacks
  tcp: v.optional(values), tls: v.optional(values), quic: v.optional(values), dns: v.optional(values), postgres: v.optional(values),
});
export const hostSchema = v.strictObject({
  kind: v.picklist(['browser', 'recursive-resolver', 'name-server', 'web-server', 'app-server', 'reverse-proxy', 'database', 'replayer', 'flooder', 'router', 'nat']), title: text(80), address: v.pipe(v.string(), v.ipv4()), column: v.optional(whole(15)), cores: v.optional(whole(256, 1)),
  params: v.optional(hostParams),
});
export const linkSchema = v.strictObject({
  a: name, b: v.union([name, v.pipe(v.array(name), v.maxLength(16))]), latency: v.optional(both(duration)), rtt: v.optional(duration), jitter: v.optional(duration), bandwidth: v.optional(both(rate)),
  queue: v.optional(whole(100000, 1)), markAbove: v.optional(whole(100000)), loss: v.optional(both(ratio)), mtu: v.optional(whole(65535, 576)), via: v.optional(v.strictObject({ router: name, at: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))) })), perPacket: v.optional(duration), address: v.optional(v.pipe(v.string(), v.ipv4())),
});
const selector = v.strictObject({
  link: v.optional(name), from: v.optional(name), protocol: v.optional(v.picklist(['tcp', 'udp', 'icmp'])), fromPort: v.optional(whole(65535)), toPort: v.optional(whole(65535)), flow: v.optional(text(120)),
  select: v.optional(text(60)), tcpFlags: v.optional(v.pipe(v.string(), v.regex(/^[FSRPAUEC]{0,8}$/))), tcpFlagsUnset: v.optional(v.pipe(v.string(), v.regex(/^[FSRPAUEC]{0,8}$/))),
  payloadAtLeast: v.optional(whole(65535)), payloadAtMost: v.optional(whole(65535)), range: v.optional(v.tuple([whole(1e12), whole(1e12)])), transmission: v.optional(whole(100, 1)),
});
const occurrence = { nth: v.optional(whole(1e6, 1)), count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(1e6))) };
const span = { from: v.optional(duration), until: v.optional(duration) };
export const faultSchema = v.variant('do', [
  v.strictObject({ do: v.literal('drop'), where: selector, ...occurrence, at: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))) }),
  v.strictObject({ do: v.literal('delay'), where: selector, ...occurrence, by: duration }),
  v.strictObject({ do: v.literal('duplicate'), where: selector, ...occurrence }),
  v.strictObject({ do: v.literal('corrupt'), where: selector, ...occurrence }),
  v.strictObject({ do: v.literal('stop'), host: name, ...span }),
  v.strictObject({ do: v.literal('silent'), host: name, ...span }),
  v.strictObject({ do: v.literal('down'), link: name, ...span }),
  v.strictObject({
    do: v.picklist(['nxdomain', 'servfail', 'refused', 'no-answer', 'certificate-expired', 'certificate-wrong-name', 'certificate-unknown-issuer', 'refuse-connections']),
    host: name, name: v.optional(text(255)),
  }),
]);
export const sceneSchema = v.strictObject({
  title: text(80), narration: text(600),
  /** The moment: an event kind, the nth of it (from 1), optionally about a packet or message with this name. */
  at: v.strictObject({ kind: text(60), nth: v.optional(whole(100000, 1)), name: v.optional(text(60)) }),
  emphasis: v.optional(v.picklist(['packet', 'timer', 'host', 'request'])),
});
/** Many users, one after the other: `{n}` in the address is the user's number. Poisson when `every` is a mean. */
const arrivalsSchema = v.strictObject({
  users: whole(500, 1), url: text(500), every: duration, spacing: v.optional(v.picklist(['regular', 'poisson'])), from: v.optional(duration),
});
export const scenarioSchema = v.strictObject({
  $schema: v.optional(text(300)), version: v.literal(1), id: name, title: text(80), summary: text(400), seed: v.optional(whole(4294967295)),
  network: v.strictObject({ hosts: v.record(name, hostSchema), links: v.record(name, linkSchema) }),
  stack: v.optional(v.strictObject({ tcp: v.optional(values), tls: v.optional(values), quic: v.optional(values), dns: v.optional(values), postgres: v.optional(values) })),
  workload: v.strictObject({
    client: name, profile: v.picklist(['plain', 'curl', 'browser']), sequential: v.optional(v.boolean()), connectTimeout: v.optional(duration), maxTime: v.optional(duration),
    visits: v.pipe(v.array(v.strictObject({ url: text(500), at: v.optional(duration), user: v.optional(whole(10000, 1)), method: v.optional(v.picklist(METHODS)), body: v.optional(bytes), main: v.optional(v.boolean()) })), v.minLength(1), v.maxLength(500)),
    arrivals: v.optional(arrivalsSchema),
  }),
  faults: v.optional(v.pipe(v.array(faultSchema), v.maxLength(50))),
  lanes: v.optional(v.pipe(v.array(v.strictObject({ name, title: text(80), set: v.optional(v.record(v.pipe(v.string(), v.maxLength(120)), value)), faults: v.optional(v.array(faultSchema)) })), v.maxLength(8))),
  scenes: v.optional(v.pipe(v.array(sceneSchema), v.maxLength(50))),
  /** Paths of the parameters that are in sight; the rest is in the drawer. */
  controls: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(8))),
  assumptions: v.optional(v.pipe(v.array(text(400)), v.maxLength(30))),
  limits: v.optional(v.strictObject({ events: v.optional(whole(1e6, 100)), end: v.optional(duration) })),
});
export type Scenario = v.InferOutput<typeof scenarioSchema>;
export type ScenarioFault = v.InferOutput<typeof faultSchema>;
export type ScenarioLink = v.InferOutput<typeof linkSchema>;
