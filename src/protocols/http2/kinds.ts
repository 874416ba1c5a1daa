/** Trace kinds of HTTP/2 connections and streams. */
import { defineKinds } from '../../model/kinds';

export const HTTP2_KINDS = defineKinds('http2', {
  settings_sent: { layer: 'http', subject: 'flow', a: 'settings', spec: 'RFC 9113 §6.5' },
  settings_received: { layer: 'http', subject: 'flow', a: 'initialWindow', spec: 'RFC 9113 §6.5' },
  stream_waits: { layer: 'http', subject: 'request', a: 'openStreams', moment: true, spec: 'RFC 9113 §5.1.2' },
  stream_blocked: { layer: 'http', subject: 'flow', a: 'stream', b: 'waiting', moment: true, spec: 'RFC 9113 §6.9.1' },
  connection_blocked: { layer: 'http', subject: 'flow', a: 'stream', b: 'waiting', moment: true, spec: 'RFC 9113 §6.9.1' },
  window_opened: { layer: 'http', subject: 'flow', a: 'stream', b: 'bytes', spec: 'RFC 9113 §6.9' },
  stream_reset: { layer: 'http', subject: 'flow', a: 'stream', b: 'error', moment: true, spec: 'RFC 9113 §6.4' },
  going_away: { layer: 'http', subject: 'flow', a: 'lastStream', b: 'error', moment: true, spec: 'RFC 9113 §6.8' },
  connection_error: { layer: 'http', subject: 'flow', a: 'error', moment: true, spec: 'RFC 9113 §5.4.1' },
});
