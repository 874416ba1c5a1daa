/**
 * The other handshake messages as OpenSSL 3.0 behind nginx sends them, made from the terms that both sides agreed
 * on. Law: a length is the length of the encoding, computed once per set of terms. Sources: RFC 8446 §4, RFC 5246 §7.4.
 */
import { randomBytes } from './bytes';
import { chainFor, distinguished, signatureBytes, type CertificateFacts } from './certificate';
import { SIGNATURES } from './client-hello';
import { alpn, chosenPsk, chosenShare, ecPointFormats, EXTENSION, extension, GROUP, maxEarlyData, selectedGroup, SHARE_BYTES, VERSION_CODE } from './extensions';
import { encodeHandshake, RETRY_RANDOM, type Extension, type Handshake, type HandshakeName, type TlsVersion } from './handshake';
import { ocspResponse } from './ocsp';
import { transportParameterBytes, type TransportParameters } from '../quic/transport-parameters';
import type { ResumableSession, SessionKey } from './resumption';
import { ticketBytes } from './ticket';

/** What a handshake agreed on. */
export interface Terms {
  readonly version: TlsVersion;
  /** IANA number of the cipher suite. */
  readonly suite: number;
  /** Empty: none was agreed on. */
  readonly alpn: string;
  /** Name that the client asked for. */
  readonly serverName: string;
  readonly certificate: CertificateFacts;
  /** A ticket will be given (RFC 5077 §3.2 in 1.2; always in 1.3). */
  readonly ticket: boolean;
  /** Group of the key exchange; X25519 when it is not said. */
  readonly group?: number;
  /** Seconds that a ticket is good for. */
  readonly ticketLifetime: number;
  /** Keys the random content; differs between connections. */
  readonly label: string;
  /** The hello was said before on another connection: what the server makes itself is new all the same. */
  readonly again?: string;
  /** The session that is taken up again; a full handshake without it. */
  readonly resumed?: ResumableSession;
  /** The server takes the early data that came with the hello (RFC 8446 §4.2.10). */
  readonly earlyData?: boolean;
  /** Bytes of early data that the tickets of this connection allow; 0 or absent: none. */
  readonly maxEarlyData?: number;
  /** The server staples an OCSP response; it asks for a certificate of the client. */
  readonly ocsp?: boolean;
  readonly asksClient?: boolean;
  /** The message is the client's, about itself: its certificate, or null when it has none. */
  readonly client?: CertificateFacts | null;
  /** Tickets are references to what the server keeps, 32 bytes long, not the sealed session (OpenSSL with anti-replay). */
  readonly stateful?: boolean;
  /** The handshake is QUIC's: what the server allows (RFC 9001 §8.2). */
  readonly quic?: TransportParameters;
  /** Names the key that seals the server's tickets, or the cache that keeps its sessions. */
  readonly sealedBy?: string;
}
/** Suites that the model speaks: name, and bytes of the hash (RFC 8446 §B.4, RFC 5289). */
export const SUITES: Readonly<Record<number, { readonly name: string; readonly version: TlsVersion; readonly hashBytes: 32 | 48; readonly key: 'any' | 'ecdsa' | 'rsa' }>> = {
  0x1301: { name: 'TLS_AES_128_GCM_SHA256', version: '1.3', hashBytes: 32, key: 'any' },
  0x1302: { name: 'TLS_AES_256_GCM_SHA384', version: '1.3', hashBytes: 48, key: 'any' },
  0xc02b: { name: 'ECDHE-ECDSA-AES128-GCM-SHA256', version: '1.2', hashBytes: 32, key: 'ecdsa' },
  0xc02c: { name: 'ECDHE-ECDSA-AES256-GCM-SHA384', version: '1.2', hashBytes: 48, key: 'ecdsa' },
  0xc02f: { name: 'ECDHE-RSA-AES128-GCM-SHA256', version: '1.2', hashBytes: 32, key: 'rsa' },
  0xc030: { name: 'ECDHE-RSA-AES256-GCM-SHA384', version: '1.2', hashBytes: 48, key: 'rsa' },
};
/** ecdsa_secp256r1_sha256 and rsa_pss_rsae_sha256: RFC 8446 §4.2.3. */
const SCHEME = { ecdsa: 0x0403, rsa: 0x0804 } as const;
const NO_BYTES = new Uint8Array(0);
/** RFC 9001 §4.6.1: QUIC's own limits say how much early data there may be. */
const QUIC_EARLY_DATA = 0xffff_ffff;

/** The stapled response as an extension of the certificate (RFC 8446 §4.4.2.1). */
const stapled = (certificate: CertificateFacts): Extension => extension(EXTENSION.statusRequest, (w) => w.u8(1).opaque(3, ocspResponse(certificate)));

/** A message of the handshake. `salt` tells apart messages of one name (tickets, the two Finished). */
export function handshakeMessage(name: Exclude<HandshakeName, 'ClientHello'>, terms: Terms, salt = ''): Handshake {
  const { version, suite, label, certificate, group = GROUP.x25519 } = terms;
  const tls13 = version === '1.3';
  const random = (what: string, n: number): Uint8Array => randomBytes(`${label}${terms.again ?? ''} ${name} ${salt} ${what}`, n);
  switch (name) {
    case 'ServerHello':
      return {
        name, legacyVersion: VERSION_CODE['1.2'], random: random('random', 32), suite, compression: 0,
        // 1.3 echoes the client's; 1.2 gives one, unless a ticket takes its place.
        sessionId: sessionIdOf(terms),
        extensions: tls13
          ? [extension(EXTENSION.supportedVersions, (w) => w.u16(VERSION_CODE['1.3'])), chosenShare(group, random('share', SHARE_BYTES[group]!)), ...(terms.resumed ? [chosenPsk()] : [])]
          : answers12(terms),
      };
    case 'HelloRetryRequest':
      return {
        name, legacyVersion: VERSION_CODE['1.2'], random: RETRY_RANDOM, suite, compression: 0, sessionId: randomBytes(`${label} session id`, 32),
        extensions: [extension(EXTENSION.supportedVersions, (w) => w.u16(VERSION_CODE['1.3'])), selectedGroup(group)],
      };
    case 'EncryptedExtensions':
      return { name, extensions: [...(terms.serverName ? [extension(EXTENSION.serverName)] : []), ...(terms.alpn ? [alpn([terms.alpn])] : []), ...(terms.earlyData ? [extension(EXTENSION.earlyData)] : []), ...(terms.quic ? [{ id: EXTENSION.quicTransportParameters, data: transportParameterBytes(terms.quic) }] : [])] };
    case 'EndOfEarlyData':
      return { name };
    case 'Certificate':
      if (terms.client !== undefined) return { name, context: NO_BYTES, entries: terms.client ? chainFor(terms.client).map((der) => ({ der, extensions: [] })) : [] };
      return { name, context: NO_BYTES, entries: chainFor(certificate).map((der, i) => ({ der, extensions: terms.ocsp && tls13 && i === 0 ? [stapled(certificate)] : [] })) };
    case 'CertificateRequest':
      return { name, schemes: SIGNATURES, authorities: [Uint8Array.from(distinguished('Example Staff CA'))] };
    case 'CertificateStatus':
      return { name, response: ocspResponse(certificate) };
    case 'CertificateVerify':
      return { name, scheme: SCHEME[terms.client?.key ?? certificate.key], signature: signatureBytes(terms.client?.key ?? certificate.key, `${label} verify`) };
    case 'Finished':
      return { name, verifyData: random('data', tls13 ? SUITES[suite]!.hashBytes : 12) };
    case 'NewSessionTicket': {
      const ticket = terms.stateful ? random('reference', 32) : ticketBytes({ ...terms, secretBytes: tls13 ? SUITES[suite]!.hashBytes : 48, timeout: terms.ticketLifetime, label: `${label} ${salt}` });
      const ageAdd = random('age', tls13 ? 4 : 0).reduce((sum, byte) => sum * 256 + byte, 0);
      return { name, lifetime: terms.ticketLifetime, ageAdd, nonce: random('nonce', tls13 ? 8 : 0), ticket, extensions: terms.maxEarlyData ? [maxEarlyData(terms.quic ? QUIC_EARLY_DATA : terms.maxEarlyData)] : [] };
    }
    case 'ServerKeyExchange':
      return { name, group, publicKey: random('share', SHARE_BYTES[group]!), scheme: SCHEME[certificate.key], signature: signatureBytes(certificate.key, `${label} exchange`) };
    case 'ServerHelloDone':
      return { name };
    case 'ClientKeyExchange':
      return { name, publicKey: random('share', SHARE_BYTES[group]!) };
  }
}
/** 1.3 echoes the client's; 1.2 echoes that of a session taken up again, or gives one, unless a ticket takes its place. */
function sessionIdOf(terms: Terms): Uint8Array {
  const { label, resumed } = terms;
  if (terms.quic) return NO_BYTES; // RFC 9001 §8.4
  if (terms.version === '1.3') return randomBytes(`${label} session id`, 32);
  if (resumed) return sessionId12(resumed);
  return terms.ticket ? new Uint8Array(0) : sessionId12({ terms, salt: '', by: 'session id' });
}
/** What a 1.2 client puts into its hello to take a session up: the id that was given, or with a ticket one of its own making (RFC 5077 §3.4). */
export const sessionId12 = (s: SessionKey): Uint8Array => randomBytes(s.by === 'ticket' ? `${s.terms.label} ticket id ${s.salt}` : `${s.terms.label} ServerHello  session`, 32);
/** The ticket as it was given, and what hides its age (RFC 8446 §4.6.1). */
export function ticketOf(s: Pick<SessionKey, 'terms' | 'salt'>): { readonly ticket: Uint8Array; readonly ageAdd: number; readonly nonce: Uint8Array } {
  const message = handshakeMessage('NewSessionTicket', s.terms, s.salt);
  return message.name === 'NewSessionTicket' ? message : { ticket: NO_BYTES, ageAdd: 0, nonce: NO_BYTES };
}
function answers12(terms: Terms): Extension[] {
  return [
    extension(EXTENSION.renegotiationInfo, (w) => w.u8(0)),
    ...(terms.serverName ? [extension(EXTENSION.serverName)] : []),
    ecPointFormats([0, 1, 2]),
    ...(terms.ticket ? [extension(EXTENSION.sessionTicket)] : []),
    ...(terms.ocsp ? [extension(EXTENSION.statusRequest)] : []),
    ...(terms.alpn ? [alpn([terms.alpn])] : []),
    extension(EXTENSION.extendedMasterSecret),
  ];
}
export const handshakeBytes = (name: Exclude<HandshakeName, 'ClientHello'>, terms: Terms, salt = ''): Uint8Array =>
  encodeHandshake(handshakeMessage(name, terms, salt), terms.version);

export type Lengths = Partial<Record<HandshakeName, number>>;
const known = new Map<string, Lengths>();
/** Where the lengths of messages under these terms are remembered: fetch once per connection, then ask `handshakeLength`. */
export function lengthsOf(t: Terms): Lengths {
  const { names, key, expired, issuerKnown } = t.certificate;
  const id = `${t.version} ${t.suite} ${t.alpn} ${t.serverName.length} ${t.ticket} ${t.ticketLifetime} ${t.group ?? 0} ${key} ${expired} ${issuerKnown} ${names.join()} ${t.resumed?.by ?? ''} ${t.earlyData ?? false} ${t.maxEarlyData ?? 0} ${t.stateful ?? false} ${t.ocsp ?? false} ${t.quic ? transportParameterBytes(t.quic).length : ''} ${t.client === undefined ? '' : t.client ? `${t.client.key} ${t.client.names.join()}` : 'none'}`;
  let lengths = known.get(id);
  if (!lengths) {
    if (known.size > 200) known.clear();
    known.set(id, (lengths = {}));
  }
  return lengths;
}
/** Length of a message's encoding with its header. */
export function handshakeLength(name: Exclude<HandshakeName, 'ClientHello'>, terms: Terms, lengths: Lengths): number {
  return (lengths[name] ??= handshakeBytes(name, terms).length);
}
