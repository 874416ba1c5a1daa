/** Names of TLS code points as the standards and IANA's registries write them. */
import { EXTENSION } from '../../../model/tls/extensions';
import { HANDSHAKE_TYPES } from '../../../model/tls/handshake';
import { ALERTS } from '../../../protocols/tls/alerts';
import { hexNumber } from '../scan';

const SUITE_NAMES: Readonly<Record<number, string>> = {
  0x1301: 'TLS_AES_128_GCM_SHA256', 0x1302: 'TLS_AES_256_GCM_SHA384', 0x1303: 'TLS_CHACHA20_POLY1305_SHA256', 0x00ff: 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV',
  0xc02b: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 0xc02c: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 0xc02f: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  0xc030: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 0x009e: 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', 0x009f: 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384',
  0xcca8: 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 0xcca9: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 0xccaa: 'TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  0xc023: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', 0xc024: 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', 0xc027: 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256',
  0xc028: 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', 0xc009: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 0xc00a: 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
  0xc013: 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 0xc014: 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 0x0067: 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA256',
  0x006b: 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA256', 0x0033: 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA', 0x0039: 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA',
  0x009c: 'TLS_RSA_WITH_AES_128_GCM_SHA256', 0x009d: 'TLS_RSA_WITH_AES_256_GCM_SHA384', 0x003c: 'TLS_RSA_WITH_AES_128_CBC_SHA256', 0x003d: 'TLS_RSA_WITH_AES_256_CBC_SHA256',
  0x002f: 'TLS_RSA_WITH_AES_128_CBC_SHA', 0x0035: 'TLS_RSA_WITH_AES_256_CBC_SHA',
};
const GROUP_NAMES: Readonly<Record<number, string>> = {
  23: 'secp256r1', 24: 'secp384r1', 25: 'secp521r1', 29: 'x25519', 30: 'x448', 0x0100: 'ffdhe2048', 0x0101: 'ffdhe3072', 0x0102: 'ffdhe4096', 0x0103: 'ffdhe6144', 0x0104: 'ffdhe8192',
  4588: 'X25519MLKEM768',
};
const SCHEME_NAMES: Readonly<Record<number, string>> = {
  0x0403: 'ecdsa_secp256r1_sha256', 0x0503: 'ecdsa_secp384r1_sha384', 0x0603: 'ecdsa_secp521r1_sha512', 0x0807: 'ed25519', 0x0808: 'ed448', 0x0809: 'rsa_pss_pss_sha256',
  0x080a: 'rsa_pss_pss_sha384', 0x080b: 'rsa_pss_pss_sha512', 0x0804: 'rsa_pss_rsae_sha256', 0x0805: 'rsa_pss_rsae_sha384', 0x0806: 'rsa_pss_rsae_sha512', 0x0401: 'rsa_pkcs1_sha256',
  0x0501: 'rsa_pkcs1_sha384', 0x0601: 'rsa_pkcs1_sha512', 0x0203: 'ecdsa_sha1', 0x0201: 'rsa_pkcs1_sha1', 0x0303: 'ecdsa_sha224', 0x0301: 'rsa_pkcs1_sha224', 0x0302: 'dsa_sha224', 0x0402: 'dsa_sha256',
  0x0502: 'dsa_sha384', 0x0602: 'dsa_sha512',
};
const EXTENSION_SPECS: Readonly<Record<number, readonly [name: string, spec: string]>> = {
  [EXTENSION.serverName]: ['server_name', 'RFC 6066 §3'], [EXTENSION.statusRequest]: ['status_request', 'RFC 6066 §8'], [EXTENSION.supportedGroups]: ['supported_groups', 'RFC 8446 §4.2.7'],
  [EXTENSION.ecPointFormats]: ['ec_point_formats', 'RFC 8422 §5.1.2'], [EXTENSION.signatureAlgorithms]: ['signature_algorithms', 'RFC 8446 §4.2.3'],
  [EXTENSION.alpn]: ['application_layer_protocol_negotiation', 'RFC 7301 §3.1'], [EXTENSION.signedCertificateTimestamp]: ['signed_certificate_timestamp', 'RFC 6962 §3.3.1'],
  [EXTENSION.padding]: ['padding', 'RFC 7685 §3'], [EXTENSION.encryptThenMac]: ['encrypt_then_mac', 'RFC 7366 §2'], [EXTENSION.extendedMasterSecret]: ['extended_master_secret', 'RFC 7627 §5.1'],
  [EXTENSION.compressCertificate]: ['compress_certificate', 'RFC 8879 §3'], [EXTENSION.sessionTicket]: ['session_ticket', 'RFC 5077 §3.2'],
  [EXTENSION.supportedVersions]: ['supported_versions', 'RFC 8446 §4.2.1'], [EXTENSION.pskKeyExchangeModes]: ['psk_key_exchange_modes', 'RFC 8446 §4.2.9'],
  [EXTENSION.postHandshakeAuth]: ['post_handshake_auth', 'RFC 8446 §4.2.6'], [EXTENSION.keyShare]: ['key_share', 'RFC 8446 §4.2.8'],
  [EXTENSION.preSharedKey]: ['pre_shared_key', 'RFC 8446 §4.2.11'], [EXTENSION.earlyData]: ['early_data', 'RFC 8446 §4.2.10'],
  [EXTENSION.applicationSettings]: ['application_settings', 'draft-vvv-tls-alps'], [EXTENSION.trustAnchors]: ['trust_anchors', 'draft-ietf-tls-trust-anchor-ids'],
  [EXTENSION.quicTransportParameters]: ['quic_transport_parameters', 'RFC 9001 §8.2'], [EXTENSION.encryptedClientHello]: ['encrypted_client_hello', 'RFC 9849'], [EXTENSION.renegotiationInfo]: ['renegotiation_info', 'RFC 5746 §3.2'],
};
const VERSION_NAMES: Readonly<Record<number, string>> = { 0x0301: 'TLS 1.0', 0x0302: 'TLS 1.1', 0x0303: 'TLS 1.2', 0x0304: 'TLS 1.3' };
/** RFC 8701: both bytes alike, low nibble ten. */
export const isGrease = (n: number): boolean => (n & 0x0f0f) === 0x0a0a && n >> 8 === (n & 255);
const named = (table: Readonly<Record<number, string>>) => (n: number): string => table[n] ?? (isGrease(n) ? 'GREASE' : hexNumber(n, 4));

export const suiteName = named(SUITE_NAMES);
export const groupName = named(GROUP_NAMES);
export const schemeName = named(SCHEME_NAMES);
export const versionName = named(VERSION_NAMES);
export const extensionName = (id: number): readonly [name: string, spec: string] => EXTENSION_SPECS[id] ?? [isGrease(id) ? 'GREASE' : hexNumber(id, 4), isGrease(id) ? 'RFC 8701' : 'RFC 8446 §4.2'];
/** Octet 2 is ServerHello; a HelloRetryRequest is told by its random. */
export const handshakeTypeName = (type: number): string => Object.entries(HANDSHAKE_TYPES).find(([name, n]) => n === type && name !== 'HelloRetryRequest')?.[0] ?? String(type);
export const alertName = (code: number): string => Object.entries(ALERTS).find(([, n]) => n === code)?.[0] ?? String(code);
