/**
 * Costs of the machine on which the fidelity cases were measured, by program. Read off the 10 ms cases once and then
 * left alone; everything else in a prediction comes from specifications and source. Times in ns.
 */
import { MS, US } from '../../base/time';

export interface MeasuredClient {
  /** From the start of the transfer to the query (process, getaddrinfo's thread): namelookup − RTT at 10 ms. */
  readonly startCost: number;
  /** From the answers to connect(). */
  readonly lookUpCost: number;
  /** From a usable connection to the request. */
  readonly requestCost: number;
  /** From the end of the response to the close: packet lists, FIN after the last byte. */
  readonly closeCost: number;
  readonly tls: { readonly helloCost: number; readonly clientFlightCost: number; readonly nextHelloCost: number; readonly resumedFlightCost: number };
}
/** Linux 6.18 at 250 Hz behind veth and an emulated link; each packet costs the link's forwarding. */
export const MEASURED_LINK = { perPacketNs: 75 * US } as const;
export const MEASURED_TCP = { receiveBufferMax: 33_554_432, timerTick: 4 * MS } as const;

export const MEASURED_CLIENTS: Readonly<Record<'curl' | 'tlsclient', MeasuredClient>> = {
  /** A new process for each transfer: it loads its trust store before the first hello. */
  curl: { startCost: 600 * US, lookUpCost: 120 * US, requestCost: 80 * US, closeCost: 2 * MS, tls: { helloCost: 1500 * US, clientFlightCost: 1000 * US, nextHelloCost: 550 * US, resumedFlightCost: 400 * US } },
  /** OpenSSL test program, second connection of its process. */
  tlsclient: { startCost: 0, lookUpCost: 0, requestCost: 20 * US, closeCost: 50 * US, tls: { helloCost: 60 * US, clientFlightCost: 900 * US, nextHelloCost: 60 * US, resumedFlightCost: 400 * US } },
};
/** curl 8.14.1 with OpenSSL 3.5 and ngtcp2, and nginx 1.26.3, from the packet lists of their HTTP/3 and HTTP/2 transfers: as above, and nginx's time for a new QUIC connection. */
export const MEASURED_CURL8: MeasuredClient = { startCost: 600 * US, lookUpCost: 120 * US, requestCost: 80 * US, closeCost: 2 * MS, tls: { helloCost: 2500 * US, clientFlightCost: 1000 * US, nextHelloCost: 550 * US, resumedFlightCost: 400 * US } };
/** curl 8.14.1: from the end of the handshake to an HTTP/3 request. */
export const MEASURED_HTTP3_REQUEST = 1100 * US;
export const MEASURED_NGINX126 = { fileCost: 150 * US, tls: { serverFlightCost: 500 * US, serverFinishCost: 250 * US, curves: 'post-quantum' }, quic: { acceptCost: 400 * US } } as const;
/** caddy 2.6.2 with quic-go: probes after 200 ms as long as it has measured nothing (rtt_stats.go: twice 100 ms), ids of four bytes, streams by turns. */
export const MEASURED_CADDY = {
  fileCost: 150 * US, tls: { serverFlightCost: 500 * US, serverFinishCost: 250 * US },
  quic: { acceptCost: 400 * US, connectionIdBytes: 4, initialRtt: 66_666_666, probe: 'data', probeDatagrams: 2, probeSpaces: 'first', maxDatagram: 1252, initialWindow: 40_064, minimumWindow: 2504, schedule: 'round-robin', keepsUndecryptable: true, streamBuffer: 1_048_576 },
} as const;
/**
 * Chromium 156, headless, from the packet lists of page loads: answer to SYN, connection to ClientHello, server's flight to Finished,
 * Finished to the first HTTP/2 frame, and from the document's end to the first image's request.
 */
export const MEASURED_CHROMIUM = { lookUpCost: 1100 * US, requestCost: 3000 * US, parseDelay: 16 * MS, tls: { helloCost: 800 * US, clientFlightCost: 1100 * US, nextHelloCost: 800 * US } } as const;
export const MEASURED_NGINX = { fileCost: 150 * US, tls: { serverFlightCost: 700 * US, serverFinishCost: 250 * US } } as const;
/** nginx as reverse proxy, and the asyncio application behind it: CPU for a request and for its answer, and what its 20 ms took beyond 20 ms. */
export const MEASURED_PROXY = { proxyCost: 130 * US } as const;
export const MEASURED_APP = { serviceCost: 450 * US, bytes: 1024 } as const;
export const MEASURED_UNBOUND = { queryCost: 60 * US } as const;

/** psql 15 and a backend of PostgreSQL 15, from the packet lists of the 1 ms cases: gaps between what one side hears and what it then says. */
export const MEASURED_PSQL = {
  /** From the connection to the first packet; from readiness to the first statement; between two statements. */
  connectCost: 50 * US, readyCost: 150 * US, nextCost: 700 * US,
  postgres: { cryptoStartCost: 2100 * US },
  tls: { helloCost: 250 * US, clientFlightCost: 1050 * US },
} as const;
export const MEASURED_POSTGRES = {
  postgres: { forkCost: 1350 * US, startupCost: 750 * US, sessionCost: 900 * US, firstStatementCost: 950 * US, statementCost: 60 * US, exitCost: 4 * MS },
  tls: { serverFlightCost: 900 * US },
} as const;
