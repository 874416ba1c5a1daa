/** TCP's parameter table: Linux 6.x defaults. Times are ns, sizes bytes. */
import { MS, SECOND } from '../../base/time';
import { paramDefaults, paramValues, type ParamSpec } from '../../model/params';

const LINUX = 'Linux 6.18';

export const TCP_PARAMS: readonly ParamSpec[] = [
  { path: 'stack.tcp.initialWindow', type: 'integer', default: 10, min: 1, max: 100, source: `RFC 6928 §2; ${LINUX} TCP_INIT_CWND`, words: 'initialWindow' },
  { path: 'stack.tcp.rtoMin', type: 'duration', default: 200 * MS, min: 1 * MS, max: 10 * SECOND, source: `${LINUX} TCP_RTO_MIN (RFC 6298 §2.4 says 1 s)`, words: 'rtoMin' },
  { path: 'stack.tcp.rtoMax', type: 'duration', default: 120 * SECOND, min: SECOND, max: 600 * SECOND, source: `${LINUX} TCP_RTO_MAX`, words: 'rtoMax' },
  { path: 'stack.tcp.rtoInitial', type: 'duration', default: SECOND, min: 10 * MS, max: 10 * SECOND, source: `RFC 6298 §2.1; ${LINUX} TCP_TIMEOUT_INIT`, words: 'rtoInitial' },
  { path: 'stack.tcp.delayedAck', type: 'duration', default: 40 * MS, min: 0, max: 500 * MS, source: `${LINUX} TCP_DELACK_MIN (RFC 9293 §3.8.6.3 allows up to 500 ms)`, words: 'delayedAck' },
  { path: 'stack.tcp.quickAck', type: 'switch', default: true, source: `${LINUX} tcp_incr_quickack: a new connection acknowledges at once`, words: 'quickAck' },
  { path: 'stack.tcp.tailLossProbe', type: 'switch', default: true, source: `RFC 8985 §7; ${LINUX} tcp_early_retrans 3`, words: 'tailLossProbe' },
  { path: 'stack.tcp.sack', type: 'switch', default: true, source: `RFC 2018; ${LINUX} tcp_sack 1`, words: 'sack' },
  { path: 'stack.tcp.timestamps', type: 'switch', default: true, source: `RFC 7323; ${LINUX} tcp_timestamps 1`, words: 'timestamps' },
  { path: 'stack.tcp.nagle', type: 'switch', default: false, source: 'RFC 9293 §3.7.4; curl, nginx and browsers set TCP_NODELAY', words: 'nagle' },
  { path: 'stack.tcp.congestionControl', type: 'choice', default: 'cubic', choices: ['cubic', 'reno'], source: `${LINUX} tcp_congestion_control cubic (RFC 9438); reno: RFC 5681, and without SACK RFC 6582`, words: 'congestionControl' },
  { path: 'stack.tcp.ecn', type: 'switch', default: false, source: `RFC 3168; ${LINUX} tcp_ecn 2: accepts it when asked, and does not ask; on: asks (tcp_ecn 1)`, words: 'ecn' },
  { path: 'stack.tcp.hystart', type: 'switch', default: true, source: `${LINUX} tcp_cubic hystart 1`, words: 'hystart' },
  { path: 'stack.tcp.synRetries', type: 'integer', default: 6, min: 0, max: 20, source: `${LINUX} tcp_syn_retries`, words: 'synRetries' },
  { path: 'stack.tcp.synLinearTimeouts', type: 'integer', default: 4, min: 0, max: 20, source: `${LINUX} tcp_syn_linear_timeouts (6.5 and later; 0 before)`, words: 'synLinearTimeouts' },
  { path: 'stack.tcp.synAckRetries', type: 'integer', default: 5, min: 0, max: 20, source: `${LINUX} tcp_synack_retries`, words: 'synAckRetries' },
  { path: 'stack.tcp.retries', type: 'integer', default: 15, min: 1, max: 30, source: `${LINUX} tcp_retries2: as long as so many take from tcp_rto_min on, 924.6 s`, words: 'retries' },
  { path: 'stack.tcp.orphanRetries', type: 'integer', default: 8, min: 1, max: 30, source: `${LINUX} tcp_orphan_retries 0, which means 8: 102.2 s from tcp_rto_min on`, words: 'orphanRetries' },
  { path: 'stack.tcp.receiveBuffer', type: 'bytes', default: 131072, min: 2304, max: 1073741824, source: `${LINUX} tcp_rmem[1]`, words: 'receiveBuffer' },
  { path: 'stack.tcp.receiveBufferMax', type: 'bytes', default: 6291456, min: 2304, max: 1073741824, source: `${LINUX} tcp_rmem[2]`, words: 'receiveBufferMax' },
  { path: 'stack.tcp.notsentLowat', type: 'bytes', default: 4_294_967_295, min: 1024, max: 4_294_967_295, slider: { min: 4096, max: 1_048_576, step: 1, log: true }, source: `${LINUX} tcp_notsent_lowat, no limit by default; 16 KB is advised for HTTP/2 (P. Meenan, blog.cloudflare.com/http-2-prioritization-with-nginx)`, words: 'notsentLowat' },
  { path: 'stack.tcp.sendBufferMax', type: 'bytes', default: 4194304, min: 4608, max: 1073741824, source: `${LINUX} tcp_wmem[2]`, words: 'sendBufferMax' },
  { path: 'stack.tcp.timeWait', type: 'duration', default: 60 * SECOND, min: 0, max: 240 * SECOND, source: `${LINUX} TCP_TIMEWAIT_LEN (RFC 9293 §3.4.2: 2 MSL = 4 min)`, words: 'timeWait' },
  { path: 'stack.tcp.finTimeout', type: 'duration', default: 60 * SECOND, min: 0, max: 240 * SECOND, source: `${LINUX} tcp_fin_timeout`, words: 'finTimeout' },
  { path: 'stack.tcp.backlog', type: 'integer', default: 511, min: 0, max: 65535, source: 'nginx listen backlog on Linux', words: 'backlog' },
  { path: 'stack.tcp.somaxconn', type: 'integer', default: 4096, min: 0, max: 65535, source: `${LINUX} net.core.somaxconn: the backlog is cut to it (128 before 5.4)`, words: 'somaxconn' },
  { path: 'stack.tcp.maxSynBacklog', type: 'integer', default: 4096, min: 1, max: 1048576, source: `${LINUX} tcp_max_syn_backlog: grows with memory, at least 128; counts only without cookies`, words: 'maxSynBacklog' },
  { path: 'stack.tcp.synCookies', type: 'switch', default: true, source: `RFC 4987 §3.6; ${LINUX} tcp_syncookies 1: when the SYN queue is full`, words: 'synCookies' },
  { path: 'stack.tcp.abortOnOverflow', type: 'switch', default: false, source: `${LINUX} tcp_abort_on_overflow 0`, words: 'abortOnOverflow' },
  { path: 'stack.tcp.fastOpen', type: 'switch', default: false, source: `RFC 7413; ${LINUX} tcp_fastopen 3 and an application that asks for it (curl --tcp-fastopen, nginx listen fastopen=)`, words: 'fastOpen' },
  { path: 'stack.tcp.mtuProbing', type: 'switch', default: false, source: `RFC 4821; ${LINUX} tcp_mtu_probing 0; on: 1, when a black hole is suspected (tcp_retries1 3, tcp_base_mss 1024)`, words: 'mtuProbing' },
  { path: 'stack.tcp.timerTick', type: 'duration', default: 4 * MS, min: 0, max: 10 * MS, source: `${LINUX} CONFIG_HZ 250, kernel/time/timer.c; 0 = timers are exact`, words: 'timerTick' },
  { path: 'stack.tcp.slowStartAfterIdle', type: 'switch', default: true, source: `RFC 5681 §4.1; ${LINUX} tcp_slow_start_after_idle 1`, words: 'slowStartAfterIdle' },
  { path: 'stack.tcp.keepAliveIdle', type: 'duration', default: 0, min: 0, max: 86400 * SECOND, source: `${LINUX}: off unless the application asks (SO_KEEPALIVE); 0 = off`, words: 'keepAliveIdle' },
  { path: 'stack.tcp.keepAliveInterval', type: 'duration', default: 75 * SECOND, min: SECOND, max: 3600 * SECOND, source: `${LINUX} tcp_keepalive_intvl`, words: 'keepAliveInterval' },
  { path: 'stack.tcp.keepAliveProbes', type: 'integer', default: 9, min: 1, max: 50, source: `${LINUX} tcp_keepalive_probes`, words: 'keepAliveProbes' },
];

/** All of a TCP's options, resolved. */
export interface TcpOptions {
  readonly initialWindow: number;
  readonly rtoMin: number;
  readonly rtoMax: number;
  readonly rtoInitial: number;
  readonly delayedAck: number;
  readonly quickAck: boolean;
  readonly tailLossProbe: boolean;
  readonly sack: boolean;
  readonly timestamps: boolean;
  readonly nagle: boolean;
  readonly congestionControl: 'cubic' | 'reno';
  readonly ecn: boolean;
  readonly hystart: boolean;
  readonly synRetries: number;
  readonly synLinearTimeouts: number;
  readonly synAckRetries: number;
  readonly retries: number;
  readonly orphanRetries: number;
  readonly receiveBuffer: number;
  readonly receiveBufferMax: number;
  readonly notsentLowat: number;
  readonly sendBufferMax: number;
  readonly timeWait: number;
  readonly finTimeout: number;
  readonly backlog: number;
  readonly somaxconn: number;
  readonly maxSynBacklog: number;
  readonly synCookies: boolean;
  readonly abortOnOverflow: boolean;
  readonly fastOpen: boolean;
  readonly mtuProbing: boolean;
  readonly timerTick: number;
  readonly slowStartAfterIdle: boolean;
  readonly keepAliveIdle: number;
  readonly keepAliveInterval: number;
  readonly keepAliveProbes: number;
}

const DEFAULTS = paramDefaults(TCP_PARAMS);
/** Options from records that may leave some out (the first that has one wins), then from the table. */
export const tcpOptions = (...records: readonly (Readonly<Record<string, unknown>> | undefined)[]): TcpOptions => paramValues(DEFAULTS, records) as unknown as TcpOptions;
