/** QUIC's parameter table. A host's own `params.quic` overrides the stack's; a program (nginx, curl, Chromium) sets its own where both say nothing. */
import { MS, SECOND } from '../../base/time';
import type { HostId } from '../../model/ids';
import { paramDefaults, paramValues, type ParamSpec } from '../../model/params';
import type { World } from '../../model/world';

export const QUIC_PARAMS: readonly ParamSpec[] = [
  { path: 'stack.quic.initialRtt', type: 'duration', default: 333 * MS, min: MS, max: 10 * SECOND, source: 'RFC 9002 §6.2.2 kInitialRtt', words: 'quicInitialRtt' },
  { path: 'stack.quic.maxAckDelay', type: 'duration', default: 25 * MS, min: 0, max: SECOND, source: 'RFC 9000 §18.2 max_ack_delay', words: 'quicMaxAckDelay' },
  { path: 'stack.quic.ackEvery', type: 'integer', default: 2, min: 1, max: 100, source: 'RFC 9000 §13.2.2; nginx NGX_QUIC_MAX_ACK_GAP 2', words: 'quicAckEvery' },
  { path: 'stack.quic.maxDatagram', type: 'bytes', default: 1200, min: 1200, max: 1472, source: 'RFC 9000 §14.1; nginx and ngtcp2 1200 before they probe for more', words: 'quicMaxDatagram' },
  { path: 'stack.quic.initialWindow', type: 'bytes', default: 12_000, min: 2400, max: 16_777_216, source: 'RFC 9002 §7.2: ten datagrams, at most 14720', words: 'quicInitialWindow' },
  { path: 'stack.quic.minimumWindow', type: 'bytes', default: 2400, min: 1200, max: 16_777_216, source: 'RFC 9002 §7.2: two datagrams', words: 'quicMinimumWindow' },
  { path: 'stack.quic.streamBuffer', type: 'bytes', default: 65_536, min: 1024, max: 16_777_216, source: 'what a stream may have sent and not acknowledged: nginx http3_stream_buffer_size 64k', words: 'quicStreamBuffer' },
  { path: 'stack.quic.maxIdleTimeout', type: 'duration', default: 30 * SECOND, min: SECOND, max: 3600 * SECOND, source: 'RFC 9000 §10.1; Chromium kIdleConnectionTimeout 30 s', words: 'quicMaxIdleTimeout' },
  { path: 'stack.quic.initialIdleTimeout', type: 'duration', default: 30 * SECOND, min: 100 * MS, max: 3600 * SECOND, source: 'silence before the handshake is done; Chromium quic_context.h kInitialIdleTimeoutSecs: 5 s, measured 4.05 s', words: 'quicInitialIdleTimeout' },
  { path: 'stack.quic.maxData', type: 'bytes', default: 15_728_640, min: 1024, max: 1_073_741_824, source: 'initial_max_data: Chromium 15 MB', words: 'quicMaxData' },
  { path: 'stack.quic.maxStreamData', type: 'bytes', default: 6_291_456, min: 1024, max: 1_073_741_824, source: 'initial_max_stream_data: Chromium 6 MB', words: 'quicMaxStreamData' },
  { path: 'stack.quic.maxStreams', type: 'integer', default: 128, min: 1, max: 10_000, source: 'initial_max_streams_bidi: nginx http3_max_concurrent_streams 128', words: 'quicMaxStreams' },
  { path: 'stack.quic.connectionIdBytes', type: 'integer', default: 8, min: 0, max: 20, source: 'RFC 9000 §5.1; nginx 20, Chromium and curl 0', words: 'quicConnectionIdBytes' },
  { path: 'stack.quic.retry', type: 'switch', default: false, source: 'nginx quic_retry off', words: 'quicRetry' },
  { path: 'stack.quic.tokens', type: 'switch', default: true, source: 'RFC 9000 §8.1.3: a server gives a token for the next connection; nginx and quic-go do', words: 'quicTokens' },
  { path: 'stack.quic.oldVersion', type: 'switch', default: false, source: 'the client begins with a version that the server does not speak: draft-29, as in 2020', words: 'quicOldVersion' },
  { path: 'stack.quic.probe', type: 'choice', default: 'data', choices: ['data', 'ping'], source: 'RFC 9002 §6.2.4: a probe carries data where it can; nginx (ngx_event_quic_ack.c) and ngtcp2 send PING', words: 'quicProbe' },
  { path: 'stack.quic.probeDatagrams', type: 'integer', default: 1, min: 1, max: 2, source: 'RFC 9002 §6.2.4: one or two; nginx 2', words: 'quicProbeDatagrams' },
  { path: 'stack.quic.probeSpaces', type: 'choice', default: 'first', choices: ['first', 'all'], source: 'RFC 9002 §A.9: a time-out probes the space that it was for; nginx every space that is due', words: 'quicProbeSpaces' },
  { path: 'stack.quic.lossTimer', type: 'choice', default: 'always', choices: ['always', 'confirmed'], source: 'RFC 9002 §6.1.2; measured with curl 8.14.1 (ngtcp2): during the handshake only an ACK finds a loss', words: 'quicLossTimer' },
  { path: 'stack.quic.keepsUndecryptable', type: 'switch', default: true, source: 'RFC 9001 §5.7: a packet whose keys are not there yet may be kept; nginx drops it', words: 'quicKeepsUndecryptable' },
  { path: 'stack.quic.firstIdBytes', type: 'integer', default: 8, min: 8, max: 20, source: 'RFC 9000 §7.2: the id that a client makes up for the server has at least eight bytes; curl 20', words: 'quicFirstIdBytes' },
  { path: 'stack.quic.saysDefaults', type: 'switch', default: false, source: 'nginx says every transport parameter, also where it is the default', words: 'quicSaysDefaults' },
  { path: 'stack.quic.acceptCost', type: 'duration', default: 0, min: 0, max: 100 * MS, source: 'time of a server for a new connection before it answers; a measured host has its own', words: 'quicAcceptCost' },
  { path: 'stack.quic.schedule', type: 'choice', default: 'round-robin', choices: ['round-robin', 'first-in'], source: 'which stream goes next: quic-go by turns; nginx in the order of writing', words: 'quicSchedule' },
  { path: 'stack.quic.oneStreamPerPacket', type: 'switch', default: false, source: 'measured with curl 8.14.1: each stream’s bytes in a packet of their own', words: 'quicOneStreamPerPacket' },
  { path: 'stack.quic.spareIds', type: 'switch', default: true, source: 'RFC 9000 §5.1.1: gives as many connection IDs as the peer keeps, for other paths; measured nginx 1.26 gives curl and Chromium none', words: 'quicSpareIds' },
  { path: 'stack.quic.activeMigration', type: 'switch', default: true, source: 'RFC 9000 §18.2 disable_active_migration: the peer may go on from another address', words: 'quicActiveMigration' },
  { path: 'stack.quic.pacing', type: 'switch', default: false, source: 'RFC 9002 §7.7; quic-go and Chromium pace what they send, nginx 1.26 does not', words: 'quicPacing' },
  { path: 'stack.quic.keyUpdateAfter', type: 'integer', default: 8_388_608, min: 2, max: 8_388_608, source: 'RFC 9001 §6.6: at most 2^23 packets under one key of AES-GCM', words: 'quicKeyUpdateAfter' },
];

export interface QuicOptions {
  readonly initialRtt: number;
  readonly maxAckDelay: number;
  readonly ackEvery: number;
  readonly maxDatagram: number;
  readonly initialWindow: number;
  readonly minimumWindow: number;
  readonly streamBuffer: number;
  readonly maxIdleTimeout: number;
  readonly initialIdleTimeout: number;
  readonly maxData: number;
  readonly maxStreamData: number;
  readonly maxStreams: number;
  readonly connectionIdBytes: number;
  readonly retry: boolean;
  readonly tokens: boolean;
  readonly oldVersion: boolean;
  readonly probe: 'data' | 'ping';
  readonly probeDatagrams: number;
  readonly probeSpaces: 'first' | 'all';
  readonly lossTimer: 'always' | 'confirmed';
  readonly keepsUndecryptable: boolean;
  readonly acceptCost: number;
  readonly firstIdBytes: number;
  readonly saysDefaults: boolean;
  readonly schedule: 'round-robin' | 'first-in';
  readonly oneStreamPerPacket: boolean;
  readonly spareIds: boolean;
  readonly activeMigration: boolean;
  readonly pacing: boolean;
  readonly keyUpdateAfter: number;
}
const DEFAULTS = paramDefaults(QUIC_PARAMS);
/** Options of a host in this run; `application`: what its program sets where the plan says nothing. */
export const quicOptions = (world: World, host: HostId, application: Partial<QuicOptions> = {}): QuicOptions =>
  paramValues(DEFAULTS, [world.hostOf(host).params.quic as Record<string, unknown> | undefined, world.plan.stack.quic, application as Record<string, unknown>]) as unknown as QuicOptions;

/**
 * nginx 1.26: its window is counted in its own max_udp_payload_size, 65527 bytes (ngx_event_quic.c), so that two of these are both the
 * first window and the least: what it sends is limited by the streams' buffers instead, as measured.
 */
export const NGINX_QUIC: Partial<QuicOptions> = {
  initialWindow: 131_054, minimumWindow: 131_054, spareIds: false, connectionIdBytes: 20, probe: 'ping', probeDatagrams: 2, probeSpaces: 'all', saysDefaults: true, keepsUndecryptable: false, schedule: 'first-in', maxData: 8_388_608, maxStreamData: 65_536, maxIdleTimeout: 60 * SECOND,
};
/** curl 8.14.1 with ngtcp2, as measured. */
export const CURL_QUIC: Partial<QuicOptions> = { connectionIdBytes: 0, firstIdBytes: 20, probe: 'ping', lossTimer: 'confirmed', oneStreamPerPacket: true, maxStreams: 100, maxData: 10_485_760, maxStreamData: 10_485_760, maxIdleTimeout: 120 * SECOND };
/** Chromium 156, as measured: datagrams of 1250 bytes, first retransmission after 300 ms. */
export const CHROMIUM_QUIC: Partial<QuicOptions> = { connectionIdBytes: 0, maxDatagram: 1250, initialRtt: 100 * MS, initialIdleTimeout: 4 * SECOND, maxStreams: 100 };
