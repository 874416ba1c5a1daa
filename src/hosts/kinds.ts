/** Trace kinds of clients, servers and proxies. */
import { defineKinds } from '../model/kinds';

export const BROWSER_KINDS = defineKinds('page', {
  visit_started: { layer: 'http', a: 'url', moment: true },
  request_queued: { layer: 'http', subject: 'request', a: 'url' },
  name_cached: { layer: 'names', subject: 'request', a: 'name' },
  served_from_cache: { layer: 'http', subject: 'request', a: 'url', moment: true, spec: 'RFC 9111 §4.2' },
  /** A kept answer is no longer fresh: the server is asked whether it still holds. */
  revalidating: { layer: 'http', subject: 'request', a: 'url', spec: 'RFC 9111 §4.3' },
  still_valid: { layer: 'http', subject: 'request', a: 'url', moment: true, spec: 'RFC 9111 §4.3.3' },
  redirected: { layer: 'http', subject: 'request', a: 'url', b: 'status', moment: true, spec: 'RFC 9110 §15.4' },
  upgraded: { layer: 'http', subject: 'request', a: 'url', moment: true, spec: 'RFC 6797 §8.3' },
  /** `a`: how many are before it on the connection. */
  pipelined: { layer: 'http', subject: 'request', a: 'before', spec: 'RFC 9112 §9.3.2' },
  connection_reused: { layer: 'http', subject: 'request', spec: 'RFC 9112 §9.3' },
  /** The open connection of another name serves this one as well. */
  connection_coalesced: { layer: 'http', subject: 'request', a: 'name', moment: true, spec: 'RFC 9113 §9.1.1' },
  connecting: { layer: 'transport', subject: 'request', a: 'url' },
  connected: { layer: 'transport', subject: 'request' },
  secured: { layer: 'security', subject: 'request' },
  request_retried: { layer: 'http', subject: 'request', moment: true, spec: 'RFC 9112 §9.3.1' },
  request_failed: { layer: 'http', subject: 'request', a: 'code', moment: true },
  document_parsed: { layer: 'compute', subject: 'request', a: 'references' },
  /** A stylesheet or a script needs more. */
  references_found: { layer: 'compute', subject: 'request', a: 'references' },
  /** Everything that holds up the layout is there; `a`: pictures on the first screen. */
  laid_out: { layer: 'compute', subject: 'request', a: 'pictures', moment: true, spec: 'HTML §4.12.1, Chromium ResourceFetcher::UpdateAllImageResourcePriorities' },
  /** Nothing on the first screen is missing any more. */
  first_screen_complete: { layer: 'http', subject: 'request', a: 'url', moment: true },
  shown: { layer: 'http', subject: 'request', a: 'url', moment: true },
  /** The browser loads a failed document again by itself; `b` = the how-manieth time. */
  reloaded: { layer: 'http', subject: 'request', a: 'url', b: 'times', moment: true, spec: 'Chromium net_error_auto_reloader.cc' },
  error_shown: { layer: 'http', subject: 'request', a: 'code', moment: true },
  load_ended: { layer: 'http', subject: 'request', a: 'url', b: 'requests', moment: true },
});
/** What an attacker on the path does. */
export const REPLAY_KINDS = defineKinds('replay', {
  /** `a`: bytes of the hello and the early data. */
  flight_copied: { layer: 'security', subject: 'flow', a: 'bytes', moment: true, spec: 'RFC 8446 §8' },
  flight_replayed: { layer: 'security', subject: 'flow', a: 'bytes', moment: true, spec: 'RFC 8446 §8' },
});
/** What a router on the way does. */
export const ROUTER_KINDS = defineKinds('router', {
  too_big_sent: { layer: 'network', subject: 'pdu', a: 'mtu', moment: true, spec: 'RFC 1191 §4' },
});
/** What a NAT on the way does; the subject is the packet that made it. */
export const NAT_KINDS = defineKinds('nat', {
  mapping_made: { layer: 'network', subject: 'pdu', a: 'outsidePort', b: 'insidePort', spec: 'RFC 4787 §4.1' },
  /** The one before had been forgotten. */
  mapping_changed: { layer: 'network', subject: 'pdu', a: 'outsidePort', b: 'outsidePortBefore', moment: true, spec: 'RFC 4787 §4.3' },
});
/** What an attacker who opens handshakes does. */
export const FLOOD_KINDS = defineKinds('flood', {
  answer_dropped: { layer: 'transport', subject: 'pdu', spec: 'RFC 4987 §2.1' },
});
/** Files of a web server. */
export const SITE_KINDS = defineKinds('site', {
  /** The file is being read from disk for another request: this one waits for that read; `a` = text id of the path. */
  file_awaited: { layer: 'storage', a: 'path', spec: 'Linux mm/filemap.c: folio_wait_locked' },
  file_delivered: { layer: 'storage', a: 'path', edge: 'disk' },
});
/** What a reverse proxy does for a request: `subject` is the client's request message. */
export const PROXY_KINDS = defineKinds('proxy', {
  upstream_chosen: { layer: 'http', subject: 'message', a: 'server', b: 'balance', spec: 'nginx ngx_http_upstream_round_robin.c' },
  upstream_connecting: { layer: 'http', subject: 'message', a: 'server', spec: 'nginx proxy_connect_timeout' },
  upstream_connected: { layer: 'http', subject: 'message', a: 'server' },
  /** `b`: requests that the connection has carried before. */
  upstream_reused: { layer: 'http', subject: 'message', a: 'server', b: 'requests', spec: 'nginx ngx_http_upstream_keepalive_module.c' },
  request_forwarded: { layer: 'http', subject: 'message', a: 'server', b: 'path', spec: 'RFC 9110 §3.7' },
  response_head_received: { layer: 'http', subject: 'message', a: 'status', b: 'contentLength', spec: 'RFC 9112 §4' },
  response_received: { layer: 'http', subject: 'message', a: 'status', b: 'bytes', spec: 'RFC 9112 §6.3' },
  /** `a` = text id of the path, `b` = seconds it stays fresh. */
  answer_kept: { layer: 'http', subject: 'message', a: 'path', b: 'maxAge', spec: 'RFC 9111 §3' },
  answered_from_cache: { layer: 'http', subject: 'message', a: 'path', moment: true, spec: 'RFC 9111 §4.2' },
  upstream_failed: { layer: 'http', subject: 'message', a: 'server', b: 'reason', moment: true, spec: 'nginx proxy_next_upstream' },
  /** Passed over for `b` ns. */
  upstream_marked_down: { layer: 'http', a: 'server', b: 'failTimeoutNs', moment: true, spec: 'nginx max_fails, fail_timeout' },
  error_returned: { layer: 'http', subject: 'message', a: 'status', b: 'reason', moment: true, spec: 'RFC 9110 §15.6' },
  /** The response was under way and is cut short; `a`: reason. */
  response_cut: { layer: 'http', subject: 'message', a: 'reason', moment: true, spec: 'RFC 9112 §8' },
  /** `a`: 0 = no upstream had been asked, 1 = the connection to it is closed as well, 2 = it is let finish, for the cache. */
  client_gone: { layer: 'http', subject: 'message', a: 'upstream', moment: true, spec: 'nginx 499, proxy_ignore_client_abort off' },
  /** Idle connections to an upstream; `b`: how many there are then. */
  connection_kept: { layer: 'http', subject: 'flow', a: 'server', b: 'idle', spec: 'nginx keepalive' },
  connection_dropped: { layer: 'http', subject: 'flow', a: 'server', b: 'reason' },
});
