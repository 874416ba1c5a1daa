/** Trace kinds of QUIC connections and their streams. */
import { defineKinds } from '../../model/kinds';

export const QUIC_KINDS = defineKinds('quic', {
  connection_started: { layer: 'transport', subject: 'flow', a: 'datagramBytes', spec: 'RFC 9000 §7' },
  /** `a` = text id of the level. */
  keys_available: { layer: 'security', subject: 'flow', a: 'level', spec: 'RFC 9001 §5' },
  keys_discarded: { layer: 'security', subject: 'flow', a: 'level', spec: 'RFC 9001 §4.9' },
  handshake_complete: { layer: 'transport', subject: 'flow', moment: true, spec: 'RFC 9001 §4.1.1' },
  handshake_confirmed: { layer: 'transport', subject: 'flow', spec: 'RFC 9001 §4.1.2' },
  /** A packet came whose keys are not there yet: `b` 1 = it is kept, 0 = dropped. */
  undecryptable: { layer: 'transport', subject: 'pdu', a: 'level', b: 'kept', moment: true, spec: 'RFC 9001 §5.7' },
  duplicate: { layer: 'transport', subject: 'pdu', a: 'number', spec: 'RFC 9000 §12.3' },
  /** `a` = number of newly acknowledged packets, `b` = smoothed round-trip time in ns. */
  acknowledged: { layer: 'transport', subject: 'flow', a: 'packets', b: 'srttNs', spec: 'RFC 9002 §5' },
  /** `a` = window in bytes, `b` = bytes in flight, after an acknowledgement. */
  in_flight: { layer: 'transport', subject: 'flow', a: 'windowBytes', b: 'inFlightBytes', spec: 'RFC 9002 §7' },
  /** The subject is the datagram that carried it; `a` = packet number. */
  packet_lost: { layer: 'transport', subject: 'pdu', a: 'number', moment: true, spec: 'RFC 9002 §6.1' },
  /** `a` = window in bytes, `b` 1 = set back to its least. */
  window_cut: { layer: 'transport', subject: 'flow', a: 'windowBytes', b: 'persistent', moment: true, spec: 'RFC 9002 §7.3.2' },
  /** `a` = text id of the level, `b` = time-outs in a row. */
  probe_sent: { layer: 'transport', subject: 'flow', a: 'level', b: 'timeouts', moment: true, spec: 'RFC 9002 §6.2.4' },
  /** More may not be sent before the client's address is known to be its own; `a` = bytes received, `b` = bytes sent. */
  amplification_limited: { layer: 'transport', subject: 'flow', a: 'receivedBytes', b: 'sentBytes', moment: true, spec: 'RFC 9000 §8.1' },
  address_validated: { layer: 'transport', subject: 'flow', spec: 'RFC 9000 §8.1' },
  retry_sent: { layer: 'transport', subject: 'flow', moment: true, spec: 'RFC 9000 §8.1.2' },
  retry_received: { layer: 'transport', subject: 'flow', moment: true, spec: 'RFC 9000 §8.1.2' },
  /** `a` = 1: a token from a Retry, 0: from an earlier connection. */
  token_taken: { layer: 'transport', subject: 'flow', a: 'fromRetry', spec: 'RFC 9000 §8.1.3' },
  version_refused: { layer: 'transport', subject: 'flow', a: 'version', moment: true, spec: 'RFC 9000 §6.1' },
  version_chosen: { layer: 'transport', subject: 'flow', a: 'version', spec: 'RFC 9000 §6.2' },
  early_packets: { layer: 'transport', subject: 'flow', moment: true, spec: 'RFC 9001 §4.6' },
  stream_opened: { layer: 'transport', subject: 'flow', a: 'stream', spec: 'RFC 9000 §2.1' },
  /** Bytes of a stream are there, in order; `b` = up to where. */
  stream_read: { layer: 'transport', subject: 'flow', a: 'stream', b: 'uptoByte', spec: 'RFC 9000 §2.2' },
  /** Bytes came behind a hole: they wait. `b` = bytes that wait. */
  stream_waits: { layer: 'transport', subject: 'flow', a: 'stream', b: 'waitingBytes', moment: true, spec: 'RFC 9000 §2.2' },
  stream_blocked: { layer: 'transport', subject: 'flow', a: 'stream', b: 'limit', moment: true, spec: 'RFC 9000 §4.1' },
  connection_blocked: { layer: 'transport', subject: 'flow', a: 'limit', moment: true, spec: 'RFC 9000 §4.1' },
  streams_blocked: { layer: 'transport', subject: 'flow', a: 'limit', moment: true, spec: 'RFC 9000 §4.6' },
  stream_reset: { layer: 'transport', subject: 'flow', a: 'stream', b: 'error', moment: true, spec: 'RFC 9000 §19.4' },
  close_sent: { layer: 'transport', subject: 'flow', a: 'error', b: 'isApplication', moment: true, spec: 'RFC 9000 §10.2' },
  close_received: { layer: 'transport', subject: 'flow', a: 'error', b: 'isApplication', moment: true, spec: 'RFC 9000 §10.2' },
  /** It goes on from another network; `a` = 1: at the client, 0: the server has seen it. */
  path_changed: { layer: 'transport', subject: 'flow', a: 'byClient', moment: true, spec: 'RFC 9000 §9' },
  /** The peer's port is another, as behind a NAT that has forgotten; `a` = the new port. */
  peer_rebound: { layer: 'transport', subject: 'flow', a: 'port', moment: true, spec: 'RFC 9000 §9.3' },
  /** `a` = tries so far. */
  path_challenged: { layer: 'transport', subject: 'flow', a: 'tries', spec: 'RFC 9000 §8.2.1' },
  path_validated: { layer: 'transport', subject: 'flow', moment: true, spec: 'RFC 9000 §8.2.3' },
  path_failed: { layer: 'transport', subject: 'flow', moment: true, spec: 'RFC 9000 §8.2.4' },
  /** `a` = 1: the peer allows none, 0: it has given no spare id, 2: the handshake is not confirmed. */
  migration_refused: { layer: 'transport', subject: 'flow', a: 'why', moment: true, spec: 'RFC 9000 §9' },
  /** `a` = how many updates there were. */
  key_updated: { layer: 'security', subject: 'flow', a: 'updates', moment: true, spec: 'RFC 9001 §6' },
  idle_timeout: { layer: 'transport', subject: 'flow', moment: true, spec: 'RFC 9000 §10.1' },
});
