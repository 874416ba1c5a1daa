/** What each implementation says when an HTTP/2 connection begins, and where it chooses (measured: Chromium 156, curl 7.88.1, nginx 1.22.1). */
import { CHROMIUM, NGHTTP2, NGINX, type HpackPolicy } from '../../model/http2/hpack';
import { DEFAULT_WINDOW, MAX_WINDOW, type Settings } from '../../model/http2/frame';

export interface Http2Profile {
  readonly settings: Settings;
  /** Added to the connection's window at once. */
  readonly windowUpdate: number;
  readonly hpack: HpackPolicy;
  /** The client's pseudo-header fields in order. */
  readonly pseudo: readonly string[];
  /** A head goes out by itself, before its content is there. */
  readonly flushesHead?: boolean;
  /** Says by RFC 7540 how urgent a stream is, and by RFC 9218. */
  readonly prioritizes: boolean;
}

const CURL: Http2Profile = {
  settings: [['MAX_CONCURRENT_STREAMS', 100], ['INITIAL_WINDOW_SIZE', 33_554_432], ['ENABLE_PUSH', 0]], windowUpdate: 33_554_432 - DEFAULT_WINDOW,
  hpack: NGHTTP2, pseudo: [':method', ':path', ':scheme', ':authority'], prioritizes: false,
};
const BROWSER: Http2Profile = {
  settings: [['HEADER_TABLE_SIZE', 65_536], ['ENABLE_PUSH', 0], ['INITIAL_WINDOW_SIZE', 6_291_456], ['MAX_HEADER_LIST_SIZE', 262_144]], windowUpdate: 15_728_640 - DEFAULT_WINDOW,
  hpack: CHROMIUM, pseudo: [':method', ':authority', ':scheme', ':path'], prioritizes: true,
};
/** The plain client keeps to what the RFC presumes. */
const PLAIN: Http2Profile = { settings: [['ENABLE_PUSH', 0]], windowUpdate: 0, hpack: NGHTTP2, pseudo: [':method', ':scheme', ':path', ':authority'], prioritizes: false };
export const CLIENT_PROFILES: Readonly<Record<'plain' | 'curl' | 'browser', Http2Profile>> = { plain: PLAIN, curl: CURL, browser: BROWSER };

/** With other windows, bytes; 0 = as the profile has it. */
export function withWindows(profile: Http2Profile, stream: number, connection: number): Http2Profile {
  const others = profile.settings.filter(([name]) => name !== 'INITIAL_WINDOW_SIZE');
  return {
    ...profile, ...(stream > 0 ? { settings: [...others, ['INITIAL_WINDOW_SIZE', stream] as const] } : {}),
    ...(connection > 0 ? { windowUpdate: Math.max(0, connection - DEFAULT_WINDOW) } : {}),
  };
}

/** ngx_http_v2_module.c: http2_max_concurrent_streams 128, http2_body_preread_size 64k, NGX_HTTP_V2_MAX_FRAME_SIZE, NGX_HTTP_V2_MAX_WINDOW. */
export const NGINX_PROFILE: Http2Profile = {
  settings: [['MAX_CONCURRENT_STREAMS', 128], ['INITIAL_WINDOW_SIZE', 65_536], ['MAX_FRAME_SIZE', 16_777_215]], windowUpdate: MAX_WINDOW - DEFAULT_WINDOW,
  hpack: NGINX, pseudo: [], prioritizes: false,
};
/** A server that goes by RFC 9218 says that it does not go by RFC 7540 (RFC 9218 §2.1). */
export const withoutDependencies = (profile: Http2Profile): Http2Profile => ({ ...profile, settings: [...profile.settings, ['NO_RFC7540_PRIORITIES', 1]] });
