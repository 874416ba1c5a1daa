/** Parameter table of the hosts. */
import { MS, SECOND } from '../base/time';
import type { ParamSpec } from '../model/params';

const cost = (key: string, source: string): ParamSpec => ({ path: `network.hosts.*.params.${key}`, type: 'duration', default: 0, min: 0, max: SECOND, source, words: key });

export const HOST_PARAMS: readonly ParamSpec[] = [
  { path: 'network.hosts.*.cores', type: 'integer', default: 2, min: 1, max: 256, source: 'a small virtual machine', words: 'cores' },
  { path: 'network.hosts.*.params.keepAliveTimeout', type: 'duration', default: 75 * SECOND, min: 0, max: 3600 * SECOND, source: 'nginx keepalive_timeout 75s; 0 = one request for each connection', words: 'keepAliveTimeout' },
  { path: 'network.hosts.*.params.headerTimeout', type: 'duration', default: 60 * SECOND, min: 0, max: 3600 * SECOND, source: 'nginx client_header_timeout 60s', words: 'headerTimeout' },
  { path: 'network.hosts.*.params.unusedSocketTimeout', type: 'duration', default: 60 * SECOND, min: SECOND, max: 3600 * SECOND, source: 'Chromium net/socket/client_socket_pool.cc: idle sockets that were never used, 60 s', words: 'unusedSocketTimeout' },
  { path: 'network.hosts.*.params.usedSocketTimeout', type: 'duration', default: 300 * SECOND, min: SECOND, max: 3600 * SECOND, source: 'Chromium net/socket/client_socket_pool.cc: idle sockets that were used, 300 s', words: 'usedSocketTimeout' },
  { path: 'network.hosts.*.params.connectTimeout', type: 'duration', default: 300 * SECOND, min: SECOND, max: 3600 * SECOND, source: 'curl 7.88: connect phase, look-up included, 300 s', words: 'connectTimeout' },
  { path: 'network.hosts.*.params.browserConnectTimeout', type: 'duration', default: 240 * SECOND, min: SECOND, max: 3600 * SECOND, source: 'Chromium net/socket/transport_connect_job.cc: 4 minutes', words: 'browserConnectTimeout' },
  { path: 'network.hosts.*.params.curlProbeAfter', type: 'duration', default: 60 * SECOND, min: 0, max: 7200 * SECOND, source: 'curl --keepalive-time: TCP_KEEPIDLE and TCP_KEEPINTVL 60 s; 0 = no probes', words: 'curlProbeAfter' },
  { path: 'network.hosts.*.params.browserProbeAfter', type: 'duration', default: 45 * SECOND, min: 0, max: 7200 * SECOND, source: 'Chromium net/socket/tcp_socket_posix.cc: kTCPKeepAliveSeconds 45; 0 = no probes', words: 'browserProbeAfter' },
  { path: 'network.hosts.*.params.nameCacheTime', type: 'duration', default: 60 * SECOND, min: 0, max: 86400 * SECOND, source: 'curl CURLOPT_DNS_CACHE_TIMEOUT 60 s; Chromium kCacheEntryTTLSeconds 60; never longer than the record lives', words: 'nameCacheTime' },
  { path: 'network.hosts.*.params.maxConnections', type: 'integer', default: 6, min: 1, max: 64, source: 'Chromium: six sockets for each host', words: 'maxConnections' },
  { path: 'network.hosts.*.params.thinkTime', type: 'duration', default: 0, min: 0, max: 60 * SECOND, slider: { min: 0, max: 500 * MS, step: MS }, source: 'what the application needs besides; a scenario says how much', words: 'thinkTime' },
  { path: 'network.hosts.*.params.fileCost', type: 'duration', default: 50_000, min: 0, max: SECOND, source: 'order of magnitude: open, stat and read from the page cache, with epoll wake-up', words: 'fileCost' },
  { path: 'network.hosts.*.params.parseDelay', type: 'duration', default: 5 * MS, min: 0, max: SECOND, source: 'order of magnitude: parsing a small document until its references are known', words: 'parseDelay' },
  { path: 'network.hosts.*.params.queryCost', type: 'duration', default: 100_000, min: 0, max: SECOND, source: 'order of magnitude: one DNS question in Unbound', words: 'queryCost' },
  {
    path: 'network.hosts.*.params.schedulerSlice', type: 'duration', default: 4 * MS, min: 0, max: SECOND, words: 'schedulerSlice',
    source: 'Linux 6.18 EEVDF: base slice 0.7 ms × (1 + log2 CPUs), looked at by the tick of a 250 Hz kernel; 0 = work runs to its end',
  },
  { path: 'network.hosts.*.params.appPort', type: 'integer', default: 9000, min: 1, max: 65535, source: 'the measured application listens on 9000; a scenario may name another (`port`)', words: 'appPort' },
  { path: 'network.hosts.*.params.model', type: 'choice', default: 'thread-pool', choices: ['thread-pool', 'event-loop', 'process-per-request'], source: 'Tomcat, Node.js, CGI and Apache prefork', words: 'executionModel' },
  { path: 'network.hosts.*.params.workers', type: 'integer', default: 200, min: 1, max: 10000, slider: { min: 1, max: 200, step: 1, log: true }, source: 'Tomcat maxThreads 200', words: 'workers' },
  { path: 'network.hosts.*.params.queueMax', type: 'integer', default: -1, min: -1, max: 1000000, slider: { min: -1, max: 200, step: 1 }, source: 'Tomcat: task queue without a limit (-1)', words: 'queueMax' },
  { path: 'network.hosts.*.params.maxProcesses', type: 'integer', default: 256, min: 1, max: 10000, slider: { min: 1, max: 256, step: 1, log: true }, source: 'Apache prefork MaxRequestWorkers 256', words: 'maxProcesses' },
  { path: 'network.hosts.*.params.forkCost', type: 'duration', default: 450_000, min: 0, max: SECOND, slider: { min: 0, max: 30 * MS, step: 100_000 }, source: 'measured: fork, exit and wait of a small process 445 µs; 28.7 ms with 256 MB touched', words: 'forkCost' },
  { path: 'network.hosts.*.params.poolSize', type: 'integer', default: 10, min: 1, max: 10000, slider: { min: 1, max: 100, step: 1, log: true }, source: 'HikariCP maximumPoolSize 10', words: 'poolSize' },
  { path: 'network.hosts.*.params.poolTimeout', type: 'duration', default: 30 * SECOND, min: 0, max: 3600 * SECOND, slider: { min: 0, max: 30 * SECOND, step: 100 * MS }, source: 'HikariCP connectionTimeout 30 s; 0 = for ever', words: 'poolTimeout' },
  { path: 'network.hosts.*.params.appKeepAliveTimeout', type: 'duration', default: 20 * SECOND, min: 0, max: 3600 * SECOND, source: 'Tomcat keepAliveTimeout: as connectionTimeout, 20 s in its server.xml; 0 = one request for each connection', words: 'appKeepAliveTimeout' },
  cost('startCost', 'time before the first look-up; a measured host has its own'),
  cost('lookUpCost', 'time between the answers and the connection attempt; a measured host has its own'),
  cost('requestCost', 'time between a ready connection and the request; a measured host has its own'),
  cost('closeCost', 'time between the end of the response and the close; a measured host has its own'),
];
/** Default of a host parameter. */
export const hostDefault = (key: string): number => Number(HOST_PARAMS.find((p) => p.path.endsWith(`.${key}`))?.default ?? 0);
