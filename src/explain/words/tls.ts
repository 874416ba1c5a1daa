/** English: TLS. */
import { bytes, capital } from '../format';
import type { EventFacts } from '../facts';

const refusals: Readonly<Record<string, string>> = {
  CERT_EXPIRED: 'it has expired', CERT_UNKNOWN_ISSUER: 'nobody it trusts has signed it', CERT_WRONG_NAME: 'it is made out to another name',
  TLS_VERSION: 'no version that both speak', TLS_HANDSHAKE_FAILURE: 'no cipher suite that both speak', TLS_NO_ALPN: 'no application protocol that both speak',
};
const reasons: Readonly<Record<string, string>> = {
  'another key': 'another key sealed it', expired: 'it has run out', forgotten: 'it does not know it', 'used before': 'it was used before', 'another version': 'it belongs to another version', off: 'it takes none',
  'no ticket': 'the ticket is not taken', 'another group': 'it asks for another key share', 'too old': 'it left the client more than 10 s off the time that its ticket says', 'another protocol': 'it belongs to another protocol',
};
export const tlsEvents = {
  'replay.flight_copied': (e: EventFacts): string => `${capital(e.host)} copies the hello and the early data on their way: ${bytes(e.a)} that it cannot read.`,
  'replay.flight_replayed': (e: EventFacts): string => `${capital(e.host)} sends the same ${bytes(e.a)} on a connection of its own.`,
  'tls.session_kept': (e: EventFacts): string => `${capital(e.host)} keeps a ${e.textA}: a later connection can take this session up.`,
  'tls.session_resumed': (e: EventFacts): string => `${capital(e.host)} takes an earlier session up by its ${e.textA}: no certificate and no signature are needed.`,
  'tls.session_refused': (e: EventFacts): string => `${capital(e.host)} does not take the earlier session up: ${reasons[e.textA] ?? e.textA}. A full handshake follows.`,
  'tls.early_data_sent': (e: EventFacts): string => `${capital(e.host)} sends ${e.a} bytes with its hello, before it has heard anything: whoever copies them can send them again.`,
  'tls.early_data_accepted': (e: EventFacts): string => `${capital(e.host)} takes the early data: the request has cost no round trip of TLS.`,
  'tls.early_data_rejected': (e: EventFacts): string => `${capital(e.host)} does not take the early data: ${reasons[e.textA] ?? e.textA}.`,
  'tls.early_data_skipped': (e: EventFacts): string => `${capital(e.host)} skips a record of early data.`,
  'tls.early_data_repeated': (e: EventFacts): string => `${capital(e.host)} sends the ${e.a} bytes once more, now that the handshake is done.`,
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
