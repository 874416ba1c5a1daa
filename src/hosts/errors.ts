/** What a client reports when a request fails: our word to curl's exit code and Chromium's error name. */
import type { RequestError } from '../model/request';
import { TLS_FAILURES } from '../protocols/tls/errors';

const TABLE: Readonly<Record<string, Omit<RequestError, 'code'>>> = {
  EAI_NONAME: { text: 'error.noName', curl: 6, browser: 'ERR_NAME_NOT_RESOLVED' },
  EAI_NODATA: { text: 'error.noName', curl: 6, browser: 'ERR_NAME_NOT_RESOLVED' },
  EAI_AGAIN: { text: 'error.nameServer', curl: 6, browser: 'ERR_NAME_NOT_RESOLVED' },
  ECONNREFUSED: { text: 'error.refused', curl: 7, browser: 'ERR_CONNECTION_REFUSED' },
  ETIMEDOUT: { text: 'error.timeout', curl: 28, browser: 'ERR_CONNECTION_TIMED_OUT' },
  CONNECT_TIMEOUT: { text: 'error.timeout', curl: 28, browser: 'ERR_CONNECTION_TIMED_OUT' },
  HANDSHAKE_TIMEOUT: { text: 'error.timeout', curl: 28, browser: 'ERR_TIMED_OUT' },
  MAX_TIME: { text: 'error.timeout', curl: 28, browser: 'ERR_TIMED_OUT' },
  ECONNRESET: { text: 'error.reset', curl: 56, browser: 'ERR_CONNECTION_RESET' },
  EMPTY_RESPONSE: { text: 'error.empty', curl: 52, browser: 'ERR_EMPTY_RESPONSE' },
  PARTIAL: { text: 'error.partial', curl: 18, browser: 'ERR_CONTENT_LENGTH_MISMATCH' },
  // measured with curl 7.88.1 and Chromium 156 against a server that misbehaves
  H2_RESET: { text: 'error.h2Stream', curl: 92, browser: 'ERR_HTTP2_PROTOCOL_ERROR' },
  H2_REFUSED: { text: 'error.h2Refused', curl: 56, browser: 'ERR_HTTP2_SERVER_REFUSED_STREAM' },
  H2_CLOSED: { text: 'error.h2Closed', curl: 18, browser: 'ERR_CONNECTION_CLOSED' },
  QUIC_IDLE: { text: 'error.quicSilent', curl: 55, browser: 'ERR_QUIC_PROTOCOL_ERROR' },
  QUIC_NO_PATH: { text: 'error.quicSilent', curl: 55, browser: 'ERR_QUIC_PROTOCOL_ERROR' },
  NETWORK_CHANGED: { text: 'error.networkChanged', curl: 56, browser: 'ERR_NETWORK_CHANGED' },
  QUIC_ERROR: { text: 'error.quicEnded', curl: 96, browser: 'ERR_QUIC_PROTOCOL_ERROR' },
  QUIC_PROTOCOL_ERROR: { text: 'error.quicEnded', curl: 96, browser: 'ERR_QUIC_PROTOCOL_ERROR' },
  H3_ERROR: { text: 'error.h3Ended', curl: 95, browser: 'ERR_QUIC_PROTOCOL_ERROR' },
  H3_RESET: { text: 'error.h3Stream', curl: 95, browser: 'ERR_QUIC_PROTOCOL_ERROR' },
  H3_REFUSED: { text: 'error.h3Refused', curl: 95, browser: 'ERR_QUIC_PROTOCOL_ERROR' },
  H3_CLOSED: { text: 'error.h3Ended', curl: 56, browser: 'ERR_CONNECTION_CLOSED' },
  TOO_MANY_REDIRECTS: { text: 'error.redirects', curl: 47, browser: 'ERR_TOO_MANY_REDIRECTS' },
  BAD_URL: { text: 'error.badUrl', curl: 3, browser: 'ERR_INVALID_URL' },
};
/** The report for a code; an unknown one keeps its own name. */
export function requestError(code: string): RequestError {
  const tls = TLS_FAILURES[code];
  if (tls) return { code, text: tls.text, curl: tls.curl, browser: tls.browser };
  return { code, ...(TABLE[code] ?? { text: 'error.other', curl: 56, browser: 'ERR_FAILED' }) };
}
