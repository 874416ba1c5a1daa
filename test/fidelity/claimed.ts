/** Families that the model claims: each must pass at this share of the cases it can judge. */
export const MIN_SHARE = 0.95;
export const CLAIMED: readonly string[] = ['fetch', 'tls', 'dns', 'syn-schedule', 'loss', 'rate', 'flights', 'random-loss', 'errors', 'proxy', 'page', 'pg-wire', 'postgres', 'quic', 'quic-browser', 'alt-svc'];
