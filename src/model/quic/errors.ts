/** Transport error codes (RFC 9000 §20.1), and those of TLS within them (RFC 9001 §4.8). */
export const QUIC_ERRORS = {
  NO_ERROR: 0x00, INTERNAL_ERROR: 0x01, CONNECTION_REFUSED: 0x02, FLOW_CONTROL_ERROR: 0x03, STREAM_LIMIT_ERROR: 0x04, STREAM_STATE_ERROR: 0x05, FINAL_SIZE_ERROR: 0x06, FRAME_ENCODING_ERROR: 0x07,
  TRANSPORT_PARAMETER_ERROR: 0x08, CONNECTION_ID_LIMIT_ERROR: 0x09, PROTOCOL_VIOLATION: 0x0a, INVALID_TOKEN: 0x0b, APPLICATION_ERROR: 0x0c, CRYPTO_BUFFER_EXCEEDED: 0x0d, KEY_UPDATE_ERROR: 0x0e,
  AEAD_LIMIT_REACHED: 0x0f, NO_VIABLE_PATH: 0x10,
} as const;
export type QuicError = keyof typeof QUIC_ERRORS;
const CRYPTO_ERROR = 0x0100;
/** The code that an alert becomes. */
export const cryptoError = (alert: number): number => CRYPTO_ERROR + alert;
/** The alert within a code, or -1. */
export const alertOf = (code: number): number => (code >= CRYPTO_ERROR && code < 2 * CRYPTO_ERROR ? code - CRYPTO_ERROR : -1);
const NAMES = new Map<number, string>(Object.entries(QUIC_ERRORS).map(([name, code]) => [code, name]));
export const quicErrorName = (code: number): string => NAMES.get(code) ?? (alertOf(code) >= 0 ? 'CRYPTO_ERROR' : `0x${code.toString(16)}`);
