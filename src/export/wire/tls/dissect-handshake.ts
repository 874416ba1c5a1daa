/** Handshake messages taken apart from their bytes: RFC 8446 §4, RFC 5246 §7.4, RFC 8422 §5. */
import { en } from '../../../explain';
import { EXTENSION, GROUP } from '../../../model/tls/extensions';
import { RETRY_RANDOM, type TlsVersion } from '../../../model/tls/handshake';
import { hexNumber, Scan } from '../scan';
import { dissectCertificate } from './dissect-certificate';
import { extensionName, groupName, handshakeTypeName, isGrease, schemeName, suiteName, versionName } from './names';

const words = en.wire.tls;
export interface HandshakeContext {
  readonly version: TlsVersion;
  /** Keys and signatures of RSA certificates are only of the right length. */
  readonly rsa: boolean;
}
const SPECS13: Readonly<Record<string, string>> = {
  ClientHello: 'RFC 8446 §4.1.2', ServerHello: 'RFC 8446 §4.1.3', HelloRetryRequest: 'RFC 8446 §4.1.4', EncryptedExtensions: 'RFC 8446 §4.3.1', Certificate: 'RFC 8446 §4.4.2', CertificateVerify: 'RFC 8446 §4.4.3',
  Finished: 'RFC 8446 §4.4.4', NewSessionTicket: 'RFC 8446 §4.6.1', CertificateRequest: 'RFC 8446 §4.3.2', EndOfEarlyData: 'RFC 8446 §4.5',
};
const SPECS12: Readonly<Record<string, string>> = {
  ClientHello: 'RFC 5246 §7.4.1.2', ServerHello: 'RFC 5246 §7.4.1.3', Certificate: 'RFC 5246 §7.4.2', ServerKeyExchange: 'RFC 8422 §5.4', ServerHelloDone: 'RFC 5246 §7.4.5',
  ClientKeyExchange: 'RFC 8422 §5.7', Finished: 'RFC 5246 §7.4.9', NewSessionTicket: 'RFC 5077 §3.3', CertificateRequest: 'RFC 5246 §7.4.4', CertificateStatus: 'RFC 6066 §8', CertificateVerify: 'RFC 5246 §7.4.8',
};

/** One message at the scan's place. */
export function dissectHandshake(scan: Scan, context: HandshakeContext): void {
  const { bytes, at } = scan;
  const retry = bytes[at] === 2 && RETRY_RANDOM.every((byte, i) => bytes[at + 6 + i] === byte);
  const name = retry ? 'HelloRetryRequest' : handshakeTypeName(bytes[at]!);
  const length = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  const spec = (context.version === '1.3' ? SPECS13[name] : SPECS12[name]) ?? 'RFC 8446 §4';
  scan.group(name, 4 + length, { spec, meaning: words.messages[name] ?? '' }, (inner) => {
    inner.number('msg_type', 1, { spec: 'RFC 8446 §4', value: (n) => `${handshakeTypeName(n)} (${n})` });
    inner.number('length', 3, { spec: 'RFC 8446 §4' });
    body(inner, name, spec, context);
    if (inner.left > 0) inner.field('content', inner.left, { spec });
  });
}
function body(scan: Scan, name: string, spec: string, context: HandshakeContext): void {
  const tls13 = context.version === '1.3';
  switch (name) {
    case 'ClientHello':
    case 'ServerHello':
    case 'HelloRetryRequest':
      return hello(scan, name !== 'ClientHello', spec, tls13);
    case 'EncryptedExtensions':
      return extensions(scan, true);
    case 'Certificate':
      return certificates(scan, tls13, spec);
    case 'CertificateRequest':
      if (tls13) {
        vector(scan, 'certificate_request_context', 1, spec);
        return extensions(scan, true);
      }
      vector(scan, 'certificate_types', 1, spec);
      vector(scan, 'supported_signature_algorithms', 2, spec);
      return void vector(scan, 'certificate_authorities', 2, spec);
    case 'CertificateStatus':
      scan.number('status_type', 1, { spec, value: 'ocsp' });
      return void vector(scan, 'response', 3, spec, words.ocsp);
    case 'CertificateVerify':
      scan.number('algorithm', 2, { spec, value: schemeName });
      return void signature(scan, spec, context.rsa);
    case 'Finished':
      return void scan.field('verify_data', scan.left, { spec, meaning: words.verifyData });
    case 'NewSessionTicket':
      scan.number('ticket_lifetime', 4, { spec, meaning: words.seconds });
      if (tls13) {
        scan.number('ticket_age_add', 4, { spec, meaning: words.ageAdd, value: (n) => hexNumber(n, 8) });
        vector(scan, 'ticket_nonce', 1, spec, words.nonce);
      }
      vector(scan, 'ticket', 2, spec, words.ticket);
      return tls13 ? extensions(scan, true) : undefined;
    case 'ServerKeyExchange':
      scan.number('curve_type', 1, { spec, value: 'named_curve' });
      scan.number('namedcurve', 2, { spec, value: groupName });
      vector(scan, 'public', 1, spec, words.share);
      scan.number('algorithm', 2, { spec: 'RFC 5246 §7.4.1.4.1', value: schemeName });
      return void signature(scan, spec, context.rsa);
    case 'ClientKeyExchange':
      return void vector(scan, 'ecdh_Yc', 1, spec, words.share);
  }
}
const signature = (scan: Scan, spec: string, rsa: boolean): void => void vector(scan, 'signature', 2, spec, rsa ? words.opaqueSignature : words.signature);
/** A length of `lengthBytes` bytes and as many bytes of content. */
function vector(scan: Scan, name: string, lengthBytes: number, spec: string, meaning = ''): Uint8Array {
  const length = scan.number(`${name} length`, lengthBytes, { spec });
  return scan.field(name, length, { spec, meaning });
}
function hello(scan: Scan, server: boolean, spec: string, tls13: boolean): void {
  // RFC 8446 calls legacy what RFC 5246 §7.4.1.2 still used
  const legacy = (name: string, before = name): string => (tls13 ? `legacy_${name}` : before);
  scan.number(legacy('version', server ? 'server_version' : 'client_version'), 2, { spec, value: versionName, meaning: tls13 ? words.legacyVersion : '' });
  scan.field('random', 32, { spec, meaning: words.random });
  vector(scan, legacy('session_id'), 1, spec, tls13 ? words.sessionId : '');
  if (server) {
    scan.number('cipher_suite', 2, { spec: 'RFC 8446 §B.4', value: suiteName, meaning: words.chosen });
    scan.number(legacy('compression_method'), 1, { spec, value: 'null' });
  } else {
    const length = scan.number('cipher_suites length', 2, { spec });
    scan.group('cipher_suites', length, { spec, value: words.count(length / 2), meaning: words.bestFirst }, (list) => {
      while (list.left > 0) list.number('cipher_suite', 2, { spec: 'RFC 8446 §B.4', value: suiteName, meaning: (n) => (isGrease(n) ? words.grease : '') });
    });
    vector(scan, legacy('compression_methods'), 1, spec, words.compression);
  }
  if (scan.left > 0) extensions(scan, server);
}
function extensions(scan: Scan, server: boolean): void {
  const length = scan.number('extensions length', 2, { spec: 'RFC 8446 §4.2' });
  const until = scan.at + length;
  while (scan.at < until && scan.left >= 4) {
    const id = (scan.bytes[scan.at]! << 8) | scan.bytes[scan.at + 1]!;
    const size = (scan.bytes[scan.at + 2]! << 8) | scan.bytes[scan.at + 3]!;
    const [name, spec] = extensionName(id);
    scan.group(name, 4 + size, { spec, meaning: isGrease(id) ? words.grease : (words.extensions[name] ?? '') }, (inner) => {
      inner.number('extension_type', 2, { spec: 'RFC 8446 §4.2', value: (n) => `${name} (${n})` });
      inner.number('length', 2, { spec: 'RFC 8446 §4.2' });
      if (size > 0) extensionData(inner, id, server, spec);
      if (inner.left > 0) inner.field('extension_data', inner.left, { spec });
    });
  }
}
function extensionData(scan: Scan, id: number, server: boolean, spec: string): void {
  const items = (lengthBytes: number, each: () => void): void => {
    scan.number('list length', lengthBytes, { spec });
    while (scan.left > 0) each();
  };
  switch (id) {
    case EXTENSION.serverName:
      return items(2, () => {
        scan.number('name_type', 1, { spec, value: 'host_name' });
        scan.text('HostName', scan.number('HostName length', 2, { spec }), { spec });
      });
    case EXTENSION.alpn:
      return items(2, () => void scan.text('ProtocolName', scan.number('ProtocolName length', 1, { spec }), { spec }));
    case EXTENSION.supportedVersions:
      if (server) return void scan.number('selected_version', 2, { spec, value: versionName, meaning: words.chosen });
      return items(1, () => void scan.number('version', 2, { spec, value: versionName }));
    case EXTENSION.supportedGroups:
      return items(2, () => void scan.number('named_group', 2, { spec, value: groupName }));
    case EXTENSION.signatureAlgorithms:
      return items(2, () => void scan.number('signature_scheme', 2, { spec, value: schemeName }));
    case EXTENSION.pskKeyExchangeModes:
      return items(1, () => void scan.number('ke_mode', 1, { spec, value: (n) => (n === 1 ? 'psk_dhe_ke' : 'psk_ke') }));
    case EXTENSION.ecPointFormats:
      return items(1, () => void scan.number('ECPointFormat', 1, { spec, value: (n) => (n === 0 ? 'uncompressed' : String(n)) }));
    case EXTENSION.preSharedKey:
      if (server) return void scan.number('selected_identity', 2, { spec, meaning: words.takenUp });
      scan.number('identities length', 2, { spec });
      vector(scan, 'identity', 2, spec, words.ticket);
      scan.number('obfuscated_ticket_age', 4, { spec, meaning: words.ticketAge });
      scan.number('binders length', 2, { spec });
      return void vector(scan, 'binder', 1, spec, words.binder);
    case EXTENSION.earlyData:
      if (size4(scan)) return void scan.number('max_early_data_size', 4, { spec: 'RFC 8446 §4.6.1' });
      return;
    case EXTENSION.keyShare:
      if (server && scan.left === 2) return void scan.number('selected_group', 2, { spec, value: groupName, meaning: words.retryGroup });
      return server ? share(scan, spec) : items(2, () => share(scan, spec));
  }
}
/** In a ticket the extension has a number; elsewhere it is empty. */
const size4 = (scan: Scan): boolean => scan.left === 4;
function share(scan: Scan, spec: string): void {
  const group = scan.number('group', 2, { spec, value: groupName });
  vector(scan, 'key_exchange', 2, spec, group === GROUP.x25519 || group === GROUP.secp256r1 ? words.share : isGrease(group) ? words.grease : words.opaqueShare);
}
function certificates(scan: Scan, tls13: boolean, spec: string): void {
  if (tls13) vector(scan, 'certificate_request_context', 1, spec);
  scan.number('certificate_list length', 3, { spec });
  for (let i = 0; scan.left > 3; i++) {
    const length = (scan.bytes[scan.at]! << 16) | (scan.bytes[scan.at + 1]! << 8) | scan.bytes[scan.at + 2]!;
    scan.number('cert_data length', 3, { spec });
    scan.group(i === 0 ? 'Certificate (leaf)' : 'Certificate (intermediate)', length, { spec: 'RFC 5280 §4.1', meaning: i === 0 ? words.leaf : words.intermediate }, dissectCertificate);
    if (tls13 && scan.left >= 2) extensions(scan, true);
  }
}
