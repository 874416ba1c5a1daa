/**
 * The texts of a SCRAM-SHA-256 exchange (RFC 5802 §5, RFC 7677) as libpq and PostgreSQL write them. Law: lengths are the
 * real ones; proofs are not computed, they only agree when both sides know the same password.
 */
import { randomBytes } from '../../model/tls/bytes';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** RFC 4648 §4. */
export function base64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const n = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = [n >> 18, (n >> 12) & 63, (n >> 6) & 63, n & 63].map((d) => ALPHABET[d]!);
    out += digits.map((d, k) => (i + k > bytes.length ? '=' : d)).join('');
  }
  return out;
}
/** Raw bytes of a nonce, of a salt (PostgreSQL 15 scram-common.h), and of an SHA-256 value. */
const NONCE_BYTES = 18, SALT_BYTES = 16, HASH_BYTES = 32;
export const MECHANISM = 'SCRAM-SHA-256', MECHANISM_PLUS = 'SCRAM-SHA-256-PLUS';

/** Offered by the server, the best first: over TLS also the one that is bound to the channel (RFC 5929 tls-server-end-point). */
export const mechanisms = (secure: boolean): readonly string[] => (secure ? [MECHANISM_PLUS, MECHANISM] : [MECHANISM]);

/** The four texts of one exchange. `label` keys what is random and is the same at both ends. */
export class Scram {
  constructor(private readonly label: string, private readonly bound: boolean) {}
  private random(what: string, n: number): string {
    return base64(randomBytes(`${this.label} scram ${what}`, n));
  }
  private get header(): string {
    return this.bound ? 'p=tls-server-end-point,,' : 'n,,';
  }
  private get nonces(): string {
    return this.random('client nonce', NONCE_BYTES) + this.random('server nonce', NONCE_BYTES);
  }
  clientFirst(): string {
    return `${this.header}n=,r=${this.random('client nonce', NONCE_BYTES)}`;
  }
  serverFirst(iterations: number): string {
    return `r=${this.nonces},s=${this.random('salt', SALT_BYTES)},i=${iterations}`;
  }
  clientFinal(password: string): string {
    const header = Uint8Array.from([...this.header].map((c) => c.charCodeAt(0)));
    const binding = this.bound ? randomBytes(`${this.label} certificate hash`, HASH_BYTES) : new Uint8Array(0);
    return `c=${base64(Uint8Array.from([...header, ...binding]))},r=${this.nonces},p=${this.random(`proof ${password}`, HASH_BYTES)}`;
  }
  serverFinal(): string {
    return `v=${this.random('signature', HASH_BYTES)}`;
  }
}
