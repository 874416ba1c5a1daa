/** Trace kinds of TLS. */
import { defineKinds } from '../../model/kinds';

export const TLS_KINDS = defineKinds('tls', {
  /** The subject is the record; `a` = text id of the handshake message's name. */
  message_sent: { layer: 'security', subject: 'message', a: 'name', spec: 'RFC 8446 §4' },
  message_received: { layer: 'security', subject: 'message', a: 'name', spec: 'RFC 8446 §4' },
  /** This end may send application data; `a` = text id of the version. */
  handshake_done: { layer: 'security', subject: 'flow', a: 'version', moment: true, spec: 'RFC 8446 §2' },
  /** The chain ends at a known authority and has not expired; `a` = text id of the subject. */
  certificate_verified: { layer: 'security', subject: 'flow', a: 'name', spec: 'RFC 5280 §6, RFC 6125' },
  /** `a` = text id of the failure's code. */
  certificate_refused: { layer: 'security', subject: 'flow', a: 'reason', moment: true, spec: 'RFC 8446 §6.2' },
  /** The server found no version, suite or protocol that both speak; `a` = text id of the failure's code. */
  hello_refused: { layer: 'security', subject: 'flow', a: 'reason', moment: true, spec: 'RFC 8446 §4.1.1' },
  alert_sent: { layer: 'security', subject: 'flow', a: 'alert', moment: true, spec: 'RFC 8446 §6' },
  alert_received: { layer: 'security', subject: 'flow', a: 'alert', moment: true, spec: 'RFC 8446 §6' },
  /** The client keeps what a later connection can take up; `a` = text id: ticket or session id. */
  session_kept: { layer: 'security', subject: 'flow', a: 'by', spec: 'RFC 8446 §4.6.1' },
  /** The server takes an earlier session up: no certificate, no signature; `a` = text id: ticket or session id. */
  session_resumed: { layer: 'security', subject: 'flow', a: 'by', moment: true, spec: 'RFC 8446 §2.2' },
  /** The server does not take up what the hello offers; `a` = text id of the reason. */
  session_refused: { layer: 'security', subject: 'flow', a: 'reason', moment: true, spec: 'RFC 8446 §4.2.11' },
  /** The client sends data before it has heard anything; `a` = bytes. */
  early_data_sent: { layer: 'security', subject: 'flow', a: 'bytes', moment: true, spec: 'RFC 8446 §2.3' },
  early_data_accepted: { layer: 'security', subject: 'flow', moment: true, spec: 'RFC 8446 §4.2.10' },
  /** `a` = text id of the reason. */
  early_data_rejected: { layer: 'security', subject: 'flow', a: 'reason', moment: true, spec: 'RFC 8446 §4.2.10' },
  /** A record of early data that the server cannot or will not open. */
  early_data_skipped: { layer: 'security', subject: 'message', spec: 'RFC 8446 §4.2.10' },
  /** The client sends once more what was not taken; `a` = bytes. */
  early_data_repeated: { layer: 'security', subject: 'flow', a: 'bytes', moment: true, spec: 'RFC 8446 §4.2.10' },
  /** What came is not a TLS record. */
  not_tls_received: { layer: 'security', subject: 'message', moment: true, spec: 'RFC 8446 §5.1' },
  /** A record is whole and opened; `a` = plaintext bytes received so far. */
  data_decrypted: { layer: 'security', subject: 'flow', a: 'uptoByte', spec: 'RFC 8446 §5.2' },
});
