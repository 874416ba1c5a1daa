/** TLS's parameter table. Costs are CPU time on the host that spends it. */
import { MS, US } from '../../base/time';
import type { ParamSpec } from '../../model/params';

const SPEED = 'openssl speed, OpenSSL 3.0.19 on one EPYC vCPU';
const cost = (key: string, value: number, source: string): ParamSpec => ({ path: `stack.tls.${key}`, type: 'duration', default: value, min: 0, max: 100 * MS, source, words: key });

export const TLS_PARAMS: readonly ParamSpec[] = [
  { path: 'stack.tls.version', type: 'choice', default: '1.3', choices: ['1.2', '1.3'], source: 'RFC 8446; what browsers and nginx negotiate', words: 'tlsVersion' },
  { path: 'stack.tls.serverVersionMin', type: 'choice', default: '1.2', choices: ['1.2', '1.3'], source: 'nginx ssl_protocols TLSv1.2 TLSv1.3', words: 'tlsServerMin' },
  { path: 'stack.tls.recordBytes', type: 'bytes', default: 16384, min: 512, max: 16384, source: 'nginx ssl_buffer_size 16k; RFC 8446 §5.1 maximum', words: 'tlsRecordBytes' },
  { path: 'stack.tls.certificate', type: 'choice', default: 'ecdsa', choices: ['ecdsa', 'rsa'], source: 'P-256 or RSA-2048 leaf and intermediate', words: 'tlsCertificate' },
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
  readonly version: '1.2' | '1.3';
  readonly serverVersionMin: '1.2' | '1.3';
  readonly recordBytes: number;
  readonly certificate: 'ecdsa' | 'rsa';
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
