/** What the inspector shows of a record and of the handshake message in it. */
import type { MessageField } from '../../model/stream';
import type { HelloSpec } from '../../model/tls/client-hello';
import type { HandshakeName } from '../../model/tls/handshake';
import { GROUP } from '../../model/tls/extensions';
import { SUITES, type Terms } from '../../model/tls/messages';
import { RECORD_HEADER_BYTES } from './record';

export const recordFields = (type: string, bytes: number): MessageField[] => [
  { name: 'Content type', value: type, spec: 'RFC 8446 §5.1' },
  { name: 'Length', value: bytes - RECORD_HEADER_BYTES, spec: 'RFC 8446 §5.1' },
];

export function helloFields(hello: HelloSpec): MessageField[] {
  const fields: MessageField[] = [
    { name: 'server_name', value: hello.serverName, spec: 'RFC 6066 §3' },
    { name: 'supported_versions', value: hello.versionMin === hello.versionMax ? hello.versionMax : `${hello.versionMin} to ${hello.versionMax}`, spec: 'RFC 8446 §4.2.1' },
  ];
  if (hello.alpn.length > 0) fields.push({ name: 'ALPN', value: hello.alpn.join(', '), spec: 'RFC 7301 §3.1' });
  if (hello.versionMax === '1.3') fields.push({ name: 'key_share', value: hello.retryGroup !== undefined ? groupName(hello.retryGroup) : hello.profile === 'chromium' ? 'X25519MLKEM768, X25519' : 'X25519', spec: 'RFC 8446 §4.2.8' });
  if (hello.resume) {
    const { session, ageMs, early } = hello.resume;
    if (session.terms.version === '1.3') fields.push({ name: 'pre_shared_key', value: `ticket of ${session.ticketBytes} bytes, ${ageMs} ms old`, spec: 'RFC 8446 §4.2.11' });
    else if (session.by === 'ticket') fields.push({ name: 'session_ticket', value: `${session.ticketBytes} bytes`, spec: 'RFC 5077 §3.2' });
    else fields.push({ name: 'Session id', value: 'of an earlier session', spec: 'RFC 5246 §7.4.1.2' });
    if (early) fields.push({ name: 'early_data', value: 'follows', spec: 'RFC 8446 §4.2.10' });
  }
  return fields;
}

const groupName = (group: number): string => (group === GROUP.secp256r1 ? 'P-256' : group === GROUP.x25519MlKem768 ? 'X25519MLKEM768' : 'X25519');

/** Fields of a handshake message other than ClientHello. */
export function handshakeFields(name: HandshakeName, bytes: number, terms: Terms): MessageField[] {
  const fields: MessageField[] = [{ name: 'Handshake length', value: bytes - 4, spec: 'RFC 8446 §4' }];
  const certificate = terms.client === undefined ? terms.certificate : terms.client;
  switch (name) {
    case 'ServerHello':
      fields.push(
        { name: 'Version', value: terms.version, spec: 'RFC 8446 §4.2.1' },
        ...(terms.resumed ? [{ name: terms.version === '1.3' ? 'pre_shared_key' : 'Session id', value: 'the session is taken up', spec: terms.version === '1.3' ? 'RFC 8446 §4.2.11' : 'RFC 5246 §7.4.1.3' }] : []),
        { name: 'Cipher suite', value: SUITES[terms.suite]!.name, spec: terms.version === '1.3' ? 'RFC 8446 §B.4' : 'RFC 5289' },
      );
      break;
    case 'HelloRetryRequest':
      fields.push({ name: 'Selected group', value: groupName(terms.group ?? GROUP.x25519), spec: 'RFC 8446 §4.1.4' });
      break;
    case 'EncryptedExtensions':
      if (terms.alpn) fields.push({ name: 'ALPN', value: terms.alpn, spec: 'RFC 7301 §3.1' });
      if (terms.earlyData) fields.push({ name: 'early_data', value: 'taken', spec: 'RFC 8446 §4.2.10' });
      break;
    case 'CertificateRequest':
      fields.push({ name: 'Asks for', value: 'a certificate of the client', spec: terms.version === '1.3' ? 'RFC 8446 §4.3.2' : 'RFC 5246 §7.4.4' });
      break;
    case 'CertificateStatus':
      fields.push({ name: 'Status', value: 'good, stapled (OCSP)', spec: 'RFC 6066 §8' });
      break;
    case 'Certificate':
      if (!certificate) {
        fields.push({ name: 'Names', value: 'none: the client has no certificate', spec: 'RFC 8446 §4.4.2.4' });
        break;
      }
      if (terms.ocsp && terms.version === '1.3' && terms.client === undefined) fields.push({ name: 'status_request', value: 'OCSP response: good', spec: 'RFC 8446 §4.4.2.1' });
      fields.push(
        { name: 'Names', value: certificate.names.join(', '), spec: 'RFC 5280 §4.2.1.6' },
        { name: 'Key', value: certificate.key === 'rsa' ? 'RSA-2048' : 'ECDSA P-256', spec: 'RFC 5280 §4.1.2.7' },
      );
      break;
    case 'CertificateVerify':
    case 'ServerKeyExchange':
      fields.push({ name: 'Signature', value: certificate?.key === 'rsa' ? 'rsa_pss_rsae_sha256' : 'ecdsa_secp256r1_sha256', spec: 'RFC 8446 §4.2.3' });
      break;
    case 'NewSessionTicket':
      fields.push({ name: 'Lifetime (s)', value: terms.ticketLifetime, spec: 'RFC 8446 §4.6.1' });
      if (terms.maxEarlyData) fields.push({ name: 'max_early_data_size', value: terms.maxEarlyData, spec: 'RFC 8446 §4.6.1' });
      break;
  }
  return fields;
}
