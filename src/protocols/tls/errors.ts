/** How TLS failures look from outside: alert (RFC 8446 §6), curl's exit code, Chromium's error name. */
export interface TlsFailure {
  readonly alert: number | null;
  readonly alertName: string | null;
  readonly curl: number;
  readonly browser: string;
  /** Key in the message catalogue. */
  readonly text: string;
}
export const TLS_FAILURES: Readonly<Record<string, TlsFailure>> = {
  CERT_EXPIRED: { alert: 45, alertName: 'certificate_expired', curl: 60, browser: 'NET::ERR_CERT_DATE_INVALID', text: 'error.certExpired' },
  CERT_UNKNOWN_ISSUER: { alert: 48, alertName: 'unknown_ca', curl: 60, browser: 'NET::ERR_CERT_AUTHORITY_INVALID', text: 'error.certUnknownIssuer' },
  CERT_WRONG_NAME: { alert: null, alertName: null, curl: 60, browser: 'NET::ERR_CERT_COMMON_NAME_INVALID', text: 'error.certWrongName' },
  TLS_VERSION: { alert: 70, alertName: 'protocol_version', curl: 35, browser: 'ERR_SSL_VERSION_OR_CIPHER_MISMATCH', text: 'error.tlsVersion' },
  TLS_NOT_TLS: { alert: null, alertName: null, curl: 35, browser: 'ERR_SSL_PROTOCOL_ERROR', text: 'error.notTls' },
  TLS_CLOSED: { alert: null, alertName: null, curl: 35, browser: 'ERR_CONNECTION_CLOSED', text: 'error.tlsClosed' },
};
