/** Trace kinds of requests and responses, in whatever version of HTTP. */
import { defineKinds } from '../kinds';

export const HTTP_KINDS = defineKinds('http', {
  request_sent: { layer: 'http', subject: 'request', a: 'bytes', spec: 'RFC 9112 §3' },
  request_received: { layer: 'http', subject: 'message', a: 'path', spec: 'RFC 9112 §3' },
  response_sent: { layer: 'http', subject: 'message', a: 'status', b: 'bytes', spec: 'RFC 9112 §4' },
  content_awaited: { layer: 'http', subject: 'request', a: 'bytes', moment: true, spec: 'RFC 9110 §10.1.1' },
  content_sent: { layer: 'http', subject: 'request', a: 'bytes', b: 'wasAsked', spec: 'RFC 9110 §10.1.1' },
  head_received: { layer: 'http', subject: 'request', a: 'status', b: 'contentLength', moment: true, spec: 'RFC 9112 §4' },
  response_received: { layer: 'http', subject: 'request', a: 'status', b: 'bytes', moment: true, spec: 'RFC 9112 §6.3' },
});
