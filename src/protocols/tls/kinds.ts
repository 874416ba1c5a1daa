/** Trace kinds of TLS. */
import { defineKinds } from '../../model/kinds';

export const TLS_KINDS = defineKinds('tls', {
  message_sent: { layer: 'security', subject: 'message', a: 'name', spec: 'RFC 8446 §4' },
  message_received: { layer: 'security', subject: 'message', a: 'name', spec: 'RFC 8446 §4' },
  handshake_done: { layer: 'security', subject: 'flow', a: 'version', moment: true, spec: 'RFC 8446 §2' },
  certificate_verified: { layer: 'security', subject: 'flow', a: 'name', spec: 'RFC 5280 §6, RFC 6125' },
  certificate_refused: { layer: 'security', subject: 'flow', a: 'reason', moment: true, spec: 'RFC 8446 §6.2' },
  alert_sent: { layer: 'security', subject: 'flow', a: 'alert', moment: true, spec: 'RFC 8446 §6' },
  alert_received: { layer: 'security', subject: 'flow', a: 'alert', moment: true, spec: 'RFC 8446 §6' },
  data_decrypted: { layer: 'security', subject: 'flow', a: 'uptoByte', spec: 'RFC 8446 §5.2' },
});
