/**
 * A stateless session ticket as OpenSSL makes it (RFC 5077 §4, `construct_stateless_ticket`): key name, IV, the
 * session as DER (`ssl_asn1.c`) encrypted with AES-256-CBC, HMAC. So its length depends on host name and ALPN.
 */
import { ascii, randomBytes } from './bytes';
import { integer, octets, sequence, small, tagged } from './der';
import { VERSION_CODE } from './extensions';
import type { TlsVersion } from './handshake';

export interface TicketState {
  readonly version: TlsVersion;
  readonly suite: number;
  readonly serverName: string;
  readonly alpn: string;
  /** Bytes of the resumption secret (1.3: of the suite's hash; 1.2: 48). */
  readonly secretBytes: number;
  /** Seconds (nginx ssl_session_timeout). */
  readonly timeout: number;
  readonly label: string;
}
const AES_BLOCK = 16;

/** SSL_SESSION in DER. */
export function encodeSession(t: TicketState): Uint8Array {
  const { label } = t;
  const tls13 = t.version === '1.3';
  const age = randomBytes(`${label} age`, 4);
  age[0]! |= 0x80;
  return Uint8Array.from(
    sequence(
      integer([1]),
      integer([VERSION_CODE[t.version] >> 8, VERSION_CODE[t.version] & 255]),
      octets([t.suite >> 8, t.suite & 255]),
      octets(randomBytes(`${label} id`, tls13 ? 32 : 0)),
      octets(randomBytes(`${label} secret`, t.secretBytes)),
      tagged(1, integer([0x67, ...randomBytes(`${label} time`, 3)])),
      tagged(2, small(t.timeout)),
      tagged(4, octets(randomBytes('session id context of the server', 20))),
      ...(t.serverName ? [tagged(6, octets(ascii(t.serverName)))] : []),
      tagged(13, small(1)),
      ...(tls13 ? [tagged(14, integer(age))] : []),
      ...(tls13 && t.alpn ? [tagged(16, octets(ascii(t.alpn)))] : []),
    ),
  );
}
export function ticketBytes(t: TicketState): Uint8Array {
  const session = encodeSession(t).length;
  const encrypted = session + AES_BLOCK - (session % AES_BLOCK);
  return randomBytes(`${t.label} ticket`, 16 + AES_BLOCK + encrypted + 32);
}
