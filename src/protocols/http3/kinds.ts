/** Trace kinds of HTTP/3. */
import { defineKinds } from '../../model/kinds';

export const HTTP3_KINDS = defineKinds('http3', {
  settings_received: { layer: 'http', subject: 'flow', a: 'tableCapacity', spec: 'RFC 9114 §7.2.4' },
  stream_waits: { layer: 'http', subject: 'request', a: 'openStreams', moment: true, spec: 'RFC 9000 §4.6' },
  /** Fields cannot be read before entries of the table are there, which another stream brings. */
  section_blocked: { layer: 'http', subject: 'flow', a: 'stream', b: 'entries', moment: true, spec: 'RFC 9204 §2.2.1' },
  section_unblocked: { layer: 'http', subject: 'flow', a: 'stream', spec: 'RFC 9204 §2.2.1' },
  going_away: { layer: 'http', subject: 'flow', a: 'firstStream', moment: true, spec: 'RFC 9114 §5.2' },
});
