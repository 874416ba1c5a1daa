/** Trace kinds of clients and servers. */
import { defineKinds } from '../model/kinds';

export const BROWSER_KINDS = defineKinds('page', {
  visit_started: { layer: 'http', a: 'url', moment: true },
  request_queued: { layer: 'http', subject: 'request', a: 'url' },
  name_cached: { layer: 'names', subject: 'request', a: 'name' },
  served_from_cache: { layer: 'http', subject: 'request', a: 'url', moment: true, spec: 'RFC 9111 §4.2' },
  connection_reused: { layer: 'http', subject: 'request', spec: 'RFC 9112 §9.3' },
  connecting: { layer: 'transport', subject: 'request', a: 'url' },
  connected: { layer: 'transport', subject: 'request' },
  secured: { layer: 'security', subject: 'request' },
  request_retried: { layer: 'http', subject: 'request', moment: true, spec: 'RFC 9112 §9.3.1' },
  request_failed: { layer: 'http', subject: 'request', a: 'code', moment: true },
  document_parsed: { layer: 'compute', subject: 'request', a: 'references' },
  shown: { layer: 'http', subject: 'request', a: 'url', moment: true },
  error_shown: { layer: 'http', subject: 'request', a: 'code', moment: true },
  load_ended: { layer: 'http', subject: 'request', a: 'url', b: 'requests', moment: true },
});
