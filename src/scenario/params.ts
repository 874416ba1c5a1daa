/** The whole parameter table: links, protocols and hosts together. Every number that shapes a run is here. */
import { MS, SECOND } from '../base/time';
import type { ParamSpec } from '../model/params';
import { DNS_PARAMS } from '../protocols/dns/params';
import { PG_PARAMS } from '../protocols/postgres-wire/params';
import { QUIC_PARAMS } from '../protocols/quic/params';
import { TCP_PARAMS } from '../protocols/tcp/params';
import { TLS_PARAMS } from '../protocols/tls/params';
import { STORAGE_PARAMS } from '../storage/params';
import { HOST_PARAMS } from '../hosts/params';

export const LINK_PARAMS: readonly ParamSpec[] = [
  { path: 'network.links.*.rtt', type: 'duration', default: 20 * MS, min: 0, max: 60 * SECOND, slider: { min: 0, max: 400 * MS, step: MS }, source: 'a scenario says how far; both ways together', words: 'rtt' },
  { path: 'network.links.*.latency', type: 'duration', default: 10 * MS, min: 0, max: 30 * SECOND, slider: { min: 0, max: 200 * MS, step: MS }, source: 'a scenario says how far; one way', words: 'latency' },
  { path: 'network.links.*.jitter', type: 'duration', default: 0, min: 0, max: SECOND, slider: { min: 0, max: 50 * MS, step: MS }, source: 'none unless asked for; uniform, keeps order', words: 'jitter' },
  { path: 'network.links.*.bandwidth', type: 'rate', default: 0, min: 0, max: 1e12, slider: { min: 1e5, max: 1e9, step: 1, log: true }, source: '0 = unlimited', words: 'bandwidth' },
  { path: 'network.links.*.queue', type: 'integer', default: 1000, min: 1, max: 100000, source: 'packets, drop-tail; Linux txqueuelen 1000', words: 'queue' },
  { path: 'network.links.*.markAbove', type: 'integer', default: 0, min: 0, max: 100000, source: 'RFC 3168 §5, a step as in RFC 8257 §3.1; packets, 0 = never', words: 'markAbove' },
  { path: 'network.links.*.loss', type: 'ratio', default: 0, min: 0, max: 1, slider: { min: 0, max: 0.2, step: 0.001 }, source: 'none unless asked for; independent for each packet', words: 'loss' },
  { path: 'network.links.*.mtu', type: 'bytes', default: 1500, min: 576, max: 65535, source: 'RFC 894: Ethernet', words: 'mtu' },
  { path: 'network.links.*.perPacket', type: 'duration', default: 0, min: 0, max: 10 * MS, source: 'cost of an emulated link for each packet; a measured link has its own', words: 'perPacket' },
];

export const PARAMS: readonly ParamSpec[] = [...LINK_PARAMS, ...TCP_PARAMS, ...TLS_PARAMS, ...QUIC_PARAMS, ...DNS_PARAMS, ...PG_PARAMS, ...STORAGE_PARAMS, ...HOST_PARAMS];

/** The table's row for a concrete path (`network.links.client.rtt` → `network.links.*.rtt`), or undefined. */
export function paramFor(path: string): ParamSpec | undefined {
  const parts = path.split('.');
  return PARAMS.find((p) => {
    const pattern = p.path.split('.');
    if (pattern.length !== parts.length) {
      // a host's own stack options: network.hosts.edge.params.tcp.initialWindow follows stack.tcp.initialWindow
      return parts[0] === 'network' && parts[3] === 'params' && parts.length === 6 && p.path === `stack.${parts[4]}.${parts[5]}`;
    }
    return pattern.every((part, i) => part === '*' || part === parts[i]);
  });
}
