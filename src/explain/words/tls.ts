/** English: TLS. */
import { capital } from '../format';
import type { EventFacts } from '../facts';

const refusals: Readonly<Record<string, string>> = {
  CERT_EXPIRED: 'it has expired', CERT_UNKNOWN_ISSUER: 'nobody it trusts has signed it', CERT_WRONG_NAME: 'it is made out to another name',
  TLS_VERSION: 'no version that both speak', TLS_HANDSHAKE_FAILURE: 'no cipher suite that both speak', TLS_NO_ALPN: 'no application protocol that both speak',
};
export const tlsEvents = {
  'tls.message_sent': (e: EventFacts): string => `${capital(e.host)} writes ${e.textA}.`,
  'tls.message_received': (e: EventFacts): string => `${capital(e.host)} reads ${e.textA}.`,
  'tls.handshake_done': (e: EventFacts): string => `${capital(e.host)} has finished the handshake: ${e.textA} protects what follows.`,
  'tls.certificate_verified': (e: EventFacts): string => `${capital(e.host)} accepts the certificate of ${e.textA}.`,
  'tls.certificate_refused': (e: EventFacts): string => `${capital(e.host)} refuses the certificate: ${refusals[e.textA] ?? e.textA}.`,
  'tls.hello_refused': (e: EventFacts): string => `${capital(e.host)} refuses the ClientHello: ${refusals[e.textA] ?? e.textA}.`,
  'tls.not_tls_received': (e: EventFacts): string => `${capital(e.host)} hears something that is not TLS.`,
  'tls.alert_sent': (e: EventFacts): string => (e.textA === 'close_notify' ? `${capital(e.host)} says that it will write no more (close_notify).` : `${capital(e.host)} raises the alert ${e.textA}.`),
  'tls.alert_received': (e: EventFacts): string => (e.textA === 'close_notify' ? `${capital(e.host)} hears that ${e.peer} will write no more (close_notify).` : `${capital(e.host)} hears the alert ${e.textA}.`),
  'tls.data_decrypted': (e: EventFacts): string => `${capital(e.host)} decrypts a whole record: ${e.a} bytes so far.`,
};
