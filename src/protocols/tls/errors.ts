/**
 * How TLS failures look from outside: our code (what `StreamHandler.failed` hears), the alert (RFC 8446 §6), curl's
 * exit code, Chromium's error name. Source: measured with curl 7.88 (OpenSSL 3.0) and Chromium 156.
 */
export interface TlsFailure {
  readonly alert: number | null;
  readonly alertName: string | null;
  /** Who sends the alert. */
  readonly sender: 'client' | 'server' | null;
  readonly curl: number;
  readonly browser: string;
  /** Key in the message catalogue. */
  readonly text: string;
}
export const TLS_FAILURES: Readonly<Record<string, TlsFailure>> = {
  CERT_EXPIRED: { alert: 45, alertName: 'certificate_expired', sender: 'client', curl: 60, browser: 'NET::ERR_CERT_DATE_INVALID', text: 'error.certExpired' },
  CERT_UNKNOWN_ISSUER: { alert: 48, alertName: 'unknown_ca', sender: 'client', curl: 60, browser: 'NET::ERR_CERT_AUTHORITY_INVALID', text: 'error.certUnknownIssuer' },
  /** Found after the handshake: the client says close_notify, no other alert. */
  CERT_WRONG_NAME: { alert: null, alertName: null, sender: null, curl: 60, browser: 'NET::ERR_CERT_COMMON_NAME_INVALID', text: 'error.certWrongName' },
  TLS_VERSION: { alert: 70, alertName: 'protocol_version', sender: 'server', curl: 35, browser: 'ERR_SSL_VERSION_OR_CIPHER_MISMATCH', text: 'error.tlsVersion' },
  TLS_HANDSHAKE_FAILURE: { alert: 40, alertName: 'handshake_failure', sender: 'server', curl: 35, browser: 'ERR_SSL_VERSION_OR_CIPHER_MISMATCH', text: 'error.tlsHandshake' },
  TLS_NO_ALPN: { alert: 120, alertName: 'no_application_protocol', sender: 'server', curl: 35, browser: 'ERR_SSL_PROTOCOL_ERROR', text: 'error.tlsAlpn' },
  TLS_UNKNOWN_NAME: { alert: 112, alertName: 'unrecognized_name', sender: 'server', curl: 35, browser: 'ERR_SSL_UNRECOGNIZED_NAME_ALERT', text: 'error.tlsName' },
  /** What came is not a TLS record: a plain port, or plain HTTP on a TLS port. */
  TLS_NOT_TLS: { alert: null, alertName: null, sender: null, curl: 35, browser: 'ERR_SSL_PROTOCOL_ERROR', text: 'error.notTls' },
  /** FIN during the handshake. */
  TLS_CLOSED: { alert: null, alertName: null, sender: null, curl: 35, browser: 'ERR_CONNECTION_CLOSED', text: 'error.tlsClosed' },
  /** RST during the handshake. */
  TLS_RESET: { alert: null, alertName: null, sender: null, curl: 35, browser: 'ERR_CONNECTION_RESET', text: 'error.tlsReset' },
};

/** Our code for an alert that the peer sent. */
export function codeOfAlert(alert: string): string {
  for (const code in TLS_FAILURES) if (TLS_FAILURES[code]!.alertName === alert) return code;
  return `TLS_ALERT_${alert.toUpperCase()}`;
}
