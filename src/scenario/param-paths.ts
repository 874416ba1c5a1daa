/** The parameters that a scenario has: each row of the table for each host, link, table and index that it can be said of. */
import type { ParamSpec } from '../model/params';
import type { Scenario } from './schema';

/** `network.hosts.*.cores` → one path for each host; a second `*` is filled from what stands there in the scenario. */
export function concretePaths(table: readonly ParamSpec[], scenario: Scenario): string[] {
  return table.flatMap((spec) => expand(spec.path.split('.'), 0, scenario, []));
}
function expand(pattern: readonly string[], at: number, value: unknown, done: readonly string[]): string[] {
  if (at === pattern.length) return [done.join('.')];
  const part = pattern[at]!;
  const inside = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  if (part !== '*') return expand(pattern, at + 1, inside[part], [...done, part]);
  return Object.keys(inside).flatMap((key) => expand(pattern, at + 1, inside[key], [...done, key]));
}

/** Which parameters (last part of the path) concern which kinds of hosts; what is not named concerns all. */
const OF_KIND: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(unusedSocketTimeout|usedSocketTimeout|connectTimeout|browserConnectTimeout|curlProbeAfter|browserProbeAfter|nameCacheTime|maxConnections|parseDelay|coalesces|httpsRecords|reprioritizes|layoutDelay|startCost|lookUpCost|requestCost|closeCost|browserHandshakeTimeout|followRedirects|pipelining|http2StreamWindow|http2ConnectionWindow|migrates|reloads|useHttp3|http3Delay|http3RaceDelay)$/, ['browser']],
  [/^queryCost$/, ['name-server', 'recursive-resolver']],
  [/^(http2|http2FlushesHead|http3|altSvc|priorities)$/, ['web-server']],
  [/^(keepAliveTimeout|headerTimeout|fileCost|pageCache|fileRead|fileReadRate|workerProcesses|httpsOnly|hsts|gzipRate|maxBodySize)$/, ['web-server', 'reverse-proxy']],
  [/^thinkTime$/, ['web-server', 'app-server']],
  [/^(proxy|upstream)/, ['reverse-proxy']],
  [/^(appPort|model|workers|queueMax|whenFull|maxProcesses|forkCost|poolSize|poolTimeout|poolRetry|poolRetryMax|appKeepAliveTimeout)$/, ['app-server']],
  [/^read(Rate|Size|Pause)/, ['browser']],
  [/^writeApart$/, ['web-server']],
  [/^(tap|replayAfter)$/, ['replayer']],
  [/^(nextMtu|icmp|clampMss)$/, ['router']],
  [/^nat/, ['nat']],
  [/^(target|targetPort|flood(Every|Syns|From))$/, ['flooder']],
  [/^(bufferPool|disks|pageHit|heapTuple|indexTuple|planTime|pageRead|pageReadNext|rows|present)$/, ['database']],
];
/** Whether a path can make a difference in this scenario. */
export function concerns(path: string, scenario: Scenario): boolean {
  const [root, kind, name] = path.split('.');
  if (path.startsWith('stack.quic.')) return Object.values(scenario.network.hosts).some((h) => h.params?.http3 === true) || (scenario.lanes ?? []).some((lane) => Object.keys(lane.set ?? {}).some((p) => p.endsWith('.http3')));
  if (root === 'stack') return path.startsWith('stack.postgres.') ? Object.values(scenario.network.hosts).some((h) => h.kind === 'database') : true;
  if (kind !== 'hosts') return true;
  const host = scenario.network.hosts[name!];
  const forwards = host?.params?.routes !== undefined;
  const last = path.slice(path.lastIndexOf('.') + 1);
  const line = OF_KIND.find(([pattern]) => pattern.test(last));
  return line === undefined || line[1].includes(host?.kind ?? '') || (forwards && line[1].includes('reverse-proxy'));
}
