/** Trace kinds of requests and responses, in whatever version of HTTP. */
import { defineKinds } from '../kinds';

export const HTTP_KINDS = defineKinds('http', {
  request_sent: { layer: 'http', subject: 'request', a: 'bytes', spec: 'RFC 9112 §3' },
  request_received: { layer: 'http', subject: 'message', a: 'path', spec: 'RFC 9112 §3' },
  response_sent: { layer: 'http', subject: 'message', a: 'status', b: 'bytes', spec: 'RFC 9112 §4' },
  content_awaited: { layer: 'http', subject: 'request', a: 'bytes', moment: true, spec: 'RFC 9110 §10.1.1' },
  content_sent: { layer: 'http', subject: 'request', a: 'bytes', b: 'wasAsked', spec: 'RFC 9110 §10.1.1' },
  /** The client says how urgent an answer is from now on; `a` = text id of the value. */
  priority_updated: { layer: 'http', subject: 'request', a: 'value', moment: true, spec: 'RFC 9218 §7' },
  /** The server goes by it: `a` = the stream. */
  priority_changed: { layer: 'http', subject: 'flow', a: 'stream', b: 'value', moment: true, spec: 'RFC 9218 §10' },
  head_received: { layer: 'http', subject: 'request', a: 'status', b: 'contentLength', moment: true, spec: 'RFC 9112 §4' },
  response_received: { layer: 'http', subject: 'request', a: 'status', b: 'bytes', moment: true, spec: 'RFC 9112 §6.3' },
});
