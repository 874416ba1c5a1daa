/** What each implementation says when an HTTP/3 connection begins, and where it chooses. */
import type { H3Settings } from '../../model/http3/frame';
import { NGHTTP3, QUICHE, STATIC_ONLY, type QpackPolicy } from '../../model/http3/qpack-encoder';

export interface Http3Profile {
  readonly settings: H3Settings;
  readonly qpack: QpackPolicy;
  /** The client's pseudo-header fields in order. */
  readonly pseudo: readonly string[];
  /** Says by RFC 9218 how urgent a request is. */
  readonly prioritizes: boolean;
  /** Says it on the control stream as well, before the request. */
  readonly saysPriorityFirst?: boolean;
}
/** curl 8.14.1 lib/vquic/curl_ngtcp2.c: a table of 4 KB, 100 streams may wait for it. */
const CURL: Http3Profile = { settings: [['QPACK_MAX_TABLE_CAPACITY', 4096], ['QPACK_BLOCKED_STREAMS', 100]], qpack: NGHTTP3, pseudo: [':method', ':path', ':scheme', ':authority'], prioritizes: false };
/** Chromium: QuicSpdyStream::MaybeSendPriorityUpdateFrame (measured: ahead of the first request); quic_session_pool.cc, kQuicMaxHeaderListSize, kDefaultQpackMaxDynamicTableCapacity 64 KB. */
const BROWSER: Http3Profile = {
  settings: [['QPACK_MAX_TABLE_CAPACITY', 65_536], ['MAX_FIELD_SECTION_SIZE', 262_144], ['QPACK_BLOCKED_STREAMS', 100], ['H3_DATAGRAM', 1]], qpack: QUICHE, pseudo: [':method', ':authority', ':scheme', ':path'], prioritizes: true, saysPriorityFirst: true,
};
/** The plain client keeps to what the RFC presumes. */
const PLAIN: Http3Profile = { settings: [], qpack: STATIC_ONLY, pseudo: [':method', ':scheme', ':path', ':authority'], prioritizes: false };
export const H3_CLIENT_PROFILES: Readonly<Record<'plain' | 'curl' | 'browser', Http3Profile>> = { plain: PLAIN, curl: CURL, browser: BROWSER };
/** nginx 1.26 ngx_http_v3.h: NGX_HTTP_V3_DEFAULT_MAX_TABLE_CAPACITY 4 KB, NGX_HTTP_V3_DEFAULT_MAX_BLOCKED_STREAMS 16; its own answers use the static table only. */
export const H3_NGINX: Http3Profile = { settings: [['QPACK_MAX_TABLE_CAPACITY', 4096], ['QPACK_BLOCKED_STREAMS', 16]], qpack: STATIC_ONLY, pseudo: [], prioritizes: false };
