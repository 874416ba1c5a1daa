/** The record layer (RFC 8446 §5, RFC 5246 §6.2 with RFC 5288): what a record adds to its content, and what it carries. */
import type { Ns } from '../../base/time';
import type { ChildRange } from '../../model/carried';
import { clientHelloBytes, type HelloSpec } from '../../model/tls/client-hello';
import type { HandshakeName, TlsVersion } from '../../model/tls/handshake';
import type { Level } from '../../model/quic/packet';
import { handshakeBytes, type Terms } from '../../model/tls/messages';

/** Content type 1, version 2, length 2. */
export const RECORD_HEADER_BYTES = 5;
/** In front of the content inside a protected record: 1.2 AES-GCM has an explicit nonce (RFC 5288 §3). */
export const NONCE_BYTES: Readonly<Record<TlsVersion, number>> = { '1.2': 8, '1.3': 0 };
/** All that protection adds: nonce and tag; 1.3: true content type and tag (RFC 8446 §5.2). */
export const PROTECTION_BYTES: Readonly<Record<TlsVersion, number>> = { '1.2': 8 + 16, '1.3': 1 + 16 };
/** A ChangeCipherSpec is one byte, an alert a level and a description. */
export const CCS_BYTES = 1, ALERT_BYTES = 2;

/** Length of a record around `content` bytes. */
export const recordBytes = (version: TlsVersion, content: number, encrypted: boolean): number =>
  RECORD_HEADER_BYTES + content + (encrypted ? PROTECTION_BYTES[version] : 0);
/** Offset of the content within a record. */
export const contentStart = (version: TlsVersion, encrypted: boolean): number => RECORD_HEADER_BYTES + (encrypted ? NONCE_BYTES[version] : 0);

/** The body of a record's `Message`, read by the peer. `children` says what is inside and where, for selectors and captions. */
export interface RecordBody {
  readonly type: 'handshake' | 'change_cipher_spec' | 'alert' | 'application_data';
  readonly encrypted: boolean;
  readonly children: readonly ChildRange[];
  /** Plaintext bytes of application data. */
  readonly plain: number;
  /** Sealed with the key of early data (RFC 8446 §7.1). */
  readonly early?: boolean;
  /** Of a ticket: when the server made it. */
  readonly issuedAt?: Ns;
  /** In CRYPTO frames: whose keys protect it. Then it is no record at all. */
  readonly level?: Level;
  /** Name of the alert. */
  readonly alert: string | null;
  /** Of a ClientHello. */
  readonly hello: HelloSpec | null;
  /** Of every other handshake message. */
  readonly terms: Terms | null;
}

/** The handshake messages in a record, encoded (before protection); null for other records. */
export function handshakeContent(body: RecordBody): Uint8Array | null {
  const { hello, terms, children } = body;
  if (hello) return clientHelloBytes(hello);
  const child = children[0];
  return terms && child ? handshakeBytes(child.name as Exclude<HandshakeName, 'ClientHello'>, terms) : null;
}
