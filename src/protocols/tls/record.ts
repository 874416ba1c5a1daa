/** The record layer (RFC 8446 §5, RFC 5246 §6.2 with RFC 5288): what a record adds to its content. */
export const RECORD_HEADER_BYTES = 5;
/** Content type and tag (1.3), or explicit nonce and tag (1.2 AES-GCM). */
export const PROTECTION_BYTES = { '1.3': 1 + 16, '1.2': 8 + 16 } as const;
export const CCS_BYTES = RECORD_HEADER_BYTES + 1;
export const ALERT_BYTES = 2;

/** Length of a record around `content` bytes. */
export const recordBytes = (version: '1.2' | '1.3', content: number, encrypted: boolean): number =>
  RECORD_HEADER_BYTES + content + (encrypted ? PROTECTION_BYTES[version] : 0);
