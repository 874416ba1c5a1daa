/** TLS's parameter table. Costs are CPU time on the host that spends it; a host's own `params.tls` overrides the stack's. */
import { MS, SECOND, US } from '../../base/time';
import type { HostId } from '../../model/ids';
import type { ParamSpec } from '../../model/params';
import type { Plan } from '../../model/plan';
import type { TlsVersion } from '../../model/tls/handshake';
import type { World } from '../../model/world';

const SPEED = 'openssl speed, OpenSSL 3.0.19 on one EPYC vCPU';
const cost = (key: string, value: number, source: string): ParamSpec =>
  ({ path: `stack.tls.${key}`, type: 'duration', default: value, min: 0, max: 100 * MS, source, words: key });

export const TLS_PARAMS: readonly ParamSpec[] = [
  { path: 'stack.tls.version', type: 'choice', default: '1.3', choices: ['1.2', '1.3'], source: 'RFC 8446; the newest that browsers, curl and nginx speak', words: 'tlsVersion' },
  {
    path: 'stack.tls.versionMin', type: 'choice', default: '1.2', choices: ['1.2', '1.3'],
    source: 'nginx ssl_protocols TLSv1.2 TLSv1.3; curl on Debian, Chromium from 84 on', words: 'tlsVersionMin',
  },
  { path: 'stack.tls.recordBytes', type: 'bytes', default: 16384, min: 512, max: 16384, source: 'nginx ssl_buffer_size 16k; RFC 8446 §5.1 maximum', words: 'tlsRecordBytes' },
  { path: 'stack.tls.certificate', type: 'choice', default: 'ecdsa', choices: ['ecdsa', 'rsa'], source: 'P-256 or RSA-2048 leaf and intermediate', words: 'tlsCertificate' },
  {
    path: 'stack.tls.ticketLifetime', type: 'duration', default: 300 * SECOND, min: SECOND, max: 604800 * SECOND,
    source: 'nginx ssl_session_timeout 5m; RFC 8446 §4.6.1 at most seven days', words: 'tlsTicketLifetime',
  },
  cost('keyShareCost', 27 * US, `${SPEED}: X25519 key generation`),
  cost('keyDeriveCost', 27 * US, `${SPEED}: X25519 shared secret`),
  cost('ecdsaSignCost', 18 * US, `${SPEED}: ECDSA P-256 sign`),
  cost('ecdsaVerifyCost', 49 * US, `${SPEED}: ECDSA P-256 verify`),
  cost('rsaSignCost', 249 * US, `${SPEED}: RSA-2048 sign`),
  cost('rsaVerifyCost', 15 * US, `${SPEED}: RSA-2048 verify`),
  cost('helloCost', 0, 'further time before the ClientHello (context, trust store); a measured host has its own'),
  cost('serverFlightCost', 0, 'further time of the server before its flight; a measured host has its own'),
  cost('clientFlightCost', 0, 'further time of the client after the server’s flight; a measured host has its own'),
  cost('serverFinishCost', 0, 'further time of the server after the client’s Finished; a measured host has its own'),
];

export interface TlsOptions {
  /** The newest version that this end speaks. */
  readonly version: TlsVersion;
  /** The oldest. */
  readonly versionMin: TlsVersion;
  readonly recordBytes: number;
  readonly certificate: 'ecdsa' | 'rsa';
  /** ns. */
  readonly ticketLifetime: number;
  readonly keyShareCost: number;
  readonly keyDeriveCost: number;
  readonly ecdsaSignCost: number;
  readonly ecdsaVerifyCost: number;
  readonly rsaSignCost: number;
  readonly rsaVerifyCost: number;
  readonly helloCost: number;
  readonly serverFlightCost: number;
  readonly clientFlightCost: number;
  readonly serverFinishCost: number;
}

/** Options from records that may leave some out, then from the table. */
export function tlsOptions(...records: readonly (Readonly<Record<string, unknown>> | undefined)[]): TlsOptions {
  const options: Record<string, unknown> = {};
  for (const { path, default: value } of TLS_PARAMS) {
    const key = path.slice('stack.tls.'.length);
    options[key] = records.find((r) => r?.[key] !== undefined)?.[key] ?? value;
  }
  return options as unknown as TlsOptions;
}

const ofPlan = new WeakMap<Plan, TlsOptions[]>();
/** Options of a host in this run, made once. */
export function hostTlsOptions(world: World, host: HostId): TlsOptions {
  let hosts = ofPlan.get(world.plan);
  if (!hosts) ofPlan.set(world.plan, (hosts = []));
  return (hosts[host] ??= tlsOptions(world.hostOf(host).params.tls as Record<string, unknown> | undefined, world.plan.stack.tls));
}
