/** TLS's parameter table. Costs are CPU time on the host that spends it; a host's own `params.tls` overrides the stack's. */
import { MS, SECOND, US } from '../../base/time';
import type { HostId } from '../../model/ids';
import { paramDefaults, paramValues, type ParamSpec } from '../../model/params';
import type { Plan } from '../../model/plan';
import type { TlsVersion } from '../../model/tls/handshake';
import type { World } from '../../model/world';
import { GROUP } from '../../model/tls/extensions';

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
  {
    path: 'stack.tls.curves', type: 'choice', default: 'auto', choices: ['auto', 'X25519', 'P-256', 'post-quantum'], words: 'tlsCurves',
    source: 'groups that a server takes: nginx ssl_ecdh_curve auto; PostgreSQL 15 ssl_ecdh_curve prime256v1 (P-256 only); post-quantum: OpenSSL 3.5, X25519MLKEM768 before the others',
  },
  { path: 'stack.tls.ocspStapling', type: 'switch', default: false, source: 'nginx ssl_stapling off', words: 'tlsOcspStapling' },
  { path: 'stack.tls.verifyClient', type: 'choice', default: 'off', choices: ['off', 'optional', 'on'], source: 'nginx ssl_verify_client off', words: 'tlsVerifyClient' },
  { path: 'stack.tls.clientCertificate', type: 'choice', default: 'none', choices: ['none', 'ecdsa', 'rsa'], source: 'curl --cert; what the client shows when it is asked', words: 'tlsClientCertificate' },
  { path: 'stack.tls.rejectUnknownNames', type: 'switch', default: false, source: 'nginx ssl_reject_handshake on in the default server: alert unrecognized_name', words: 'tlsRejectUnknownNames' },
  { path: 'stack.tls.tickets', type: 'integer', default: 2, min: 0, max: 4, source: 'OpenSSL SSL_CTX_set_num_tickets: 2 after a full 1.3 handshake, 1 after a resumed one; PostgreSQL 15.8 and later: 0', words: 'tlsTickets' },
  { path: 'stack.tls.resumption', type: 'switch', default: true, source: 'a client keeps tickets and session ids and offers them: curl, Chromium; libpq does not', words: 'tlsResumption' },
  { path: 'stack.tls.sessionTickets', type: 'switch', default: true, source: 'nginx ssl_session_tickets on (TLS 1.2; RFC 5077)', words: 'tlsSessionTickets' },
  { path: 'stack.tls.sessionCache', type: 'switch', default: false, source: 'nginx ssl_session_cache none: session ids of TLS 1.2 are forgotten', words: 'tlsSessionCache' },
  { path: 'stack.tls.earlyData', type: 'switch', default: false, source: 'nginx ssl_early_data off; at a client: curl from 8.11 on with --tls-earlydata', words: 'tlsEarlyData' },
  { path: 'stack.tls.earlyDataMax', type: 'bytes', default: 16384, min: 0, max: 1048576, source: 'nginx ngx_event_openssl.c: SSL_CTX_set_max_early_data(NGX_SSL_BUFSIZE), 16 KB', words: 'tlsEarlyDataMax' },
  { path: 'stack.tls.antiReplay', type: 'switch', default: false, source: 'nginx sets SSL_OP_NO_ANTI_REPLAY; OpenSSL alone takes each ticket once (RFC 8446 §8.1)', words: 'tlsAntiReplay' },
  { path: 'stack.tls.postQuantum', type: 'switch', default: false, source: 'OpenSSL from 3.5 on: a client offers X25519MLKEM768 with a share; Chromium does whatever this says', words: 'tlsPostQuantum' },
  cost('keyShareCost', 27 * US, `${SPEED}: X25519 key generation`),
  cost('keyDeriveCost', 27 * US, `${SPEED}: X25519 shared secret`),
  cost('p256ShareCost', 18 * US, `${SPEED}: as an ECDSA P-256 signature, whose work is one multiplication of the base point`),
  cost('p256DeriveCost', 41 * US, `${SPEED}: ECDH P-256`),
  cost('mlkemEncapsCost', 23 * US, 'order of magnitude: openssl speed of OpenSSL 3.5, ML-KEM-768 encapsulation'),
  cost('mlkemDecapsCost', 31 * US, 'order of magnitude: openssl speed of OpenSSL 3.5, ML-KEM-768 decapsulation'),
  cost('ecdsaSignCost', 18 * US, `${SPEED}: ECDSA P-256 sign`),
  cost('ecdsaVerifyCost', 49 * US, `${SPEED}: ECDSA P-256 verify`),
  cost('rsaSignCost', 249 * US, `${SPEED}: RSA-2048 sign`),
  cost('rsaVerifyCost', 15 * US, `${SPEED}: RSA-2048 verify`),
  cost('helloCost', 0, 'further time before the ClientHello (context, trust store); a measured host has its own'),
  cost('nextHelloCost', 0, 'as helloCost, on later connections of a process that has its trust store already; a measured host has its own'),
  cost('resumedFlightCost', 0, 'as clientFlightCost, where no certificate was to be read; a measured host has its own'),
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
  /** Groups that a server takes; `auto`: X25519, then P-256. */
  readonly curves: 'auto' | 'X25519' | 'P-256' | 'post-quantum';
  readonly ocspStapling: boolean;
  readonly verifyClient: 'off' | 'optional' | 'on';
  readonly clientCertificate: 'none' | 'ecdsa' | 'rsa';
  readonly rejectUnknownNames: boolean;
  /** Tickets after a full 1.3 handshake. */
  readonly tickets: number;
  readonly resumption: boolean;
  readonly sessionTickets: boolean;
  readonly sessionCache: boolean;
  readonly earlyData: boolean;
  readonly earlyDataMax: number;
  readonly antiReplay: boolean;
  readonly postQuantum: boolean;
  readonly keyShareCost: number;
  readonly keyDeriveCost: number;
  readonly p256ShareCost: number;
  readonly p256DeriveCost: number;
  readonly mlkemEncapsCost: number;
  readonly mlkemDecapsCost: number;
  readonly ecdsaSignCost: number;
  readonly ecdsaVerifyCost: number;
  readonly rsaSignCost: number;
  readonly rsaVerifyCost: number;
  readonly helloCost: number;
  readonly nextHelloCost: number;
  readonly resumedFlightCost: number;
  readonly serverFlightCost: number;
  readonly clientFlightCost: number;
  readonly serverFinishCost: number;
}

const DEFAULTS = paramDefaults(TLS_PARAMS);
/** Options from records that may leave some out, then from the table. */
export const tlsOptions = (...records: readonly (Readonly<Record<string, unknown>> | undefined)[]): TlsOptions => paramValues(DEFAULTS, records) as unknown as TlsOptions;

const ofPlan = new WeakMap<Plan, TlsOptions[]>();
/** Groups by the names of `curves`, the best first. */
export const CURVES: Readonly<Record<TlsOptions['curves'], readonly number[]>> = { auto: [GROUP.x25519, GROUP.secp256r1], X25519: [GROUP.x25519], 'P-256': [GROUP.secp256r1], 'post-quantum': [GROUP.x25519MlKem768, GROUP.x25519, GROUP.secp256r1] };
/** CPU time for a key pair of a group, and for a shared secret; of ML-KEM the server encapsulates with its share, and the client opens that. */
export const shareCost = (o: TlsOptions, group: number): number => (group === GROUP.secp256r1 ? o.p256ShareCost : o.keyShareCost + (group === GROUP.x25519MlKem768 ? o.mlkemEncapsCost : 0));
export const deriveCost = (o: TlsOptions, group: number, client = false): number => (group === GROUP.secp256r1 ? o.p256DeriveCost : o.keyDeriveCost + (client && group === GROUP.x25519MlKem768 ? o.mlkemDecapsCost : 0));

/** Options of a host in this run, made once. `application`: what a program sets where the plan says nothing. */
export function hostTlsOptions(world: World, host: HostId, application?: Partial<TlsOptions>): TlsOptions {
  if (application) return tlsOptions(world.hostOf(host).params.tls as Record<string, unknown> | undefined, world.plan.stack.tls, application as Record<string, unknown>);
  let hosts = ofPlan.get(world.plan);
  if (!hosts) ofPlan.set(world.plan, (hosts = []));
  return (hosts[host] ??= tlsOptions(world.hostOf(host).params.tls as Record<string, unknown> | undefined, world.plan.stack.tls));
}
