/** Trace kinds of TCP. */
import { defineKinds } from '../../model/kinds';

export const TCP_KINDS = defineKinds('tcp', {
  segment_sent: { layer: 'transport', subject: 'pdu', a: 'seq', b: 'length', spec: 'RFC 9293 §3.10' },
  connection_opened: { layer: 'transport', subject: 'flow', moment: true, spec: 'RFC 9293 §3.5' },
  data_delivered: { layer: 'transport', subject: 'flow', a: 'uptoByte', spec: 'RFC 9293 §3.10.7.4' },
  out_of_order_queued: { layer: 'transport', subject: 'pdu', a: 'missingFrom', b: 'missingTo', spec: 'RFC 9293 §3.10.7.4' },
  duplicate_received: { layer: 'transport', subject: 'pdu', spec: 'RFC 2883' },
  duplicate_ack: { layer: 'transport', subject: 'pdu', a: 'ackNumber', b: 'sackedSegments', spec: 'RFC 5681 §2' },
  loss_detected: { layer: 'transport', subject: 'flow', a: 'seq', b: 'segments', moment: true, spec: 'RFC 8985 §6.2' },
  recovery_entered: { layer: 'transport', subject: 'flow', a: 'cwndSegments', b: 'ssthreshSegments', moment: true, spec: 'RFC 6675, RFC 6937' },
  recovery_left: { layer: 'transport', subject: 'flow', a: 'cwndSegments', b: 'ssthreshSegments', spec: 'RFC 6937' },
  timeout_loss: { layer: 'transport', subject: 'flow', a: 'waitedNs', b: 'segments', moment: true, spec: 'RFC 6298 §5, RFC 8985 §6.3' },
  probe_sent: { layer: 'transport', subject: 'flow', a: 'seq', b: 'isNewData', moment: true, spec: 'RFC 8985 §7.3' },
  undone: { layer: 'transport', subject: 'flow', a: 'cwndSegments', b: 'evidence', spec: 'RFC 3522 (1), RFC 3708 (2), RFC 5682 (3)' },
  cwnd_changed: { layer: 'transport', subject: 'flow', a: 'cwndSegments', b: 'ssthreshSegments', spec: 'RFC 5681 §3.1, RFC 9438' },
  slow_start_left: { layer: 'transport', subject: 'flow', a: 'cwndSegments', b: 'isAckTrain', spec: 'RFC 9406; Linux HyStart' },
  window_closed: { layer: 'transport', subject: 'flow', moment: true, spec: 'RFC 9293 §3.8.6.1' },
  window_opened: { layer: 'transport', subject: 'flow', a: 'windowBytes', spec: 'RFC 9293 §3.8.6' },
  end_received: { layer: 'transport', subject: 'flow', spec: 'RFC 9293 §3.6' },
  reset_received: { layer: 'transport', subject: 'flow', moment: true, spec: 'RFC 9293 §3.5.2' },
  refused: { layer: 'transport', subject: 'flow', moment: true, spec: 'RFC 9293 §3.10.7.3' },
  gave_up: { layer: 'transport', subject: 'flow', moment: true, spec: 'RFC 9293 §3.8.3' },
  segment_refused: { layer: 'transport', subject: 'pdu', a: 'isAnswered', spec: 'RFC 9293 §3.10.7' },
  /** `a`: 0 = a SYN finds the accept queue full, 1 = the last acknowledgement of a handshake does. */
  backlog_full: { layer: 'transport', subject: 'pdu', a: 'atAck', moment: true, spec: 'listen(2); Linux sk_acceptq_is_full' },
  syn_queue_full: { layer: 'transport', subject: 'pdu', a: 'halfOpen', moment: true, spec: 'RFC 4987 §2; Linux inet_csk_reqsk_queue_is_full' },
  syn_cookie_sent: { layer: 'transport', subject: 'pdu', a: 'mss', moment: true, spec: 'RFC 4987 §3.6; Linux syncookies.c' },
  syn_cookie_taken: { layer: 'transport', subject: 'pdu', a: 'mss', spec: 'RFC 4987 §3.6; Linux cookie_v4_check' },
  fast_open_cookie_given: { layer: 'transport', subject: 'pdu', spec: 'RFC 7413 §4.1.2' },
  fast_open_taken: { layer: 'transport', subject: 'pdu', a: 'bytes', moment: true, spec: 'RFC 7413 §4.2.2' },
  fast_open_refused: { layer: 'transport', subject: 'pdu', a: 'bytes', moment: true, spec: 'RFC 7413 §4.2.2' },
});
