/** Trace kinds of name resolution. */
import { defineKinds } from '../../model/kinds';

export const DNS_KINDS = defineKinds('dns', {
  look_up_started: { layer: 'names', a: 'name', spec: 'RFC 1034 §5.3.1' },
  query_sent: { layer: 'names', subject: 'message', a: 'name', spec: 'RFC 1035 §4.1' },
  query_received: { layer: 'names', subject: 'message', a: 'name', spec: 'RFC 1034 §4.3.2' },
  answer_sent: { layer: 'names', subject: 'message', a: 'name', spec: 'RFC 1035 §4.1' },
  answer_received: { layer: 'names', subject: 'message', a: 'name', b: 'outcome', spec: 'RFC 1035 §4.1' },
  cache_hit: { layer: 'names', a: 'name', b: 'ttlSeconds', moment: true, spec: 'RFC 1034 §5.3.3' },
  cache_miss: { layer: 'names', a: 'name', spec: 'RFC 1034 §5.3.3' },
  referral_followed: { layer: 'names', subject: 'message', a: 'zone', b: 'server', spec: 'RFC 1034 §5.3.3' },
  alias_followed: { layer: 'names', subject: 'message', a: 'name', spec: 'RFC 1034 §3.6.2' },
  retried: { layer: 'names', a: 'name', b: 'attempt', moment: true, spec: 'glibc resolv/res_send.c' },
  /** An HTTPS record is there; `b` = text id of its data. */
  protocols_known: { layer: 'names', a: 'name', b: 'record', moment: true, spec: 'RFC 9460 §7.1' },
  resolved: { layer: 'names', a: 'name', b: 'address', moment: true, spec: 'RFC 1034 §5.3.1' },
  failed: { layer: 'names', a: 'name', b: 'code', moment: true, spec: 'getaddrinfo(3)' },
});
