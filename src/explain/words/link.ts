/** English: links, timers, resources, states, faults: what the engine itself records. */
import { bytes, capital, clock, duration } from '../format';
import type { EventFacts } from '../facts';

/** Timers by their standard's names. `act`: what happens when it fires. */
export const timers = {
  rto: { name: 'retransmission timer', act: 'it is sent again', help: 'RFC 6298: set when data is sent, about SRTT + 4·RTTVAR and at least 200 ms on Linux; doubles each time.' },
  tlp: { name: 'tail-loss probe timer', act: 'a probe is sent', help: 'RFC 8985 §7: about 2·SRTT after the last segment; the probe makes the peer say what is missing.' },
  reorder: { name: 'reordering timer', act: 'it is sent again', help: 'RFC 8985 §6.2 (RACK): waits a quarter of the round trip in case the segment is only late.' },
  persist: { name: 'persist timer', act: 'the closed window is probed', help: 'RFC 9293 §3.8.6.1: asks a receiver with a closed window whether it has opened.' },
  syn: { name: 'SYN timer', act: 'it is sent again', help: 'Linux: 1 s at first, then by tcp_syn_linear_timeouts and doubling.' },
  nextSyn: { name: 'next SYN', act: 'another SYN goes out', help: 'The pace of an attacker who opens handshakes and never ends them.' },
  expectContinue: { name: 'Expect timer', act: 'the content goes out unasked', help: 'curl CURLOPT_EXPECT_100_TIMEOUT_MS: one second for 100 Continue (RFC 9110 §10.1.1).' },
  bodyTimeout: { name: 'content time limit', act: 'the connection is closed', help: 'nginx client_body_timeout: 60 s between two reads of a request’s content.' },
  lingeringTimeout: { name: 'lingering time limit', act: 'the connection is closed', help: 'nginx lingering_timeout: 5 s for content that nobody wants any more.' },
  lossDetection: { name: 'loss detection timer', act: 'what is missing is given up, or a probe goes out', help: 'RFC 9002 §6: a packet behind an acknowledged one is given up after 9/8 of a round trip; without any acknowledgement a probe goes out after SRTT + 4·RTTVAR, doubling.' },
  ackDelay: { name: 'acknowledgement timer', act: 'an acknowledgement goes out', help: 'RFC 9000 §13.2.1: at the latest after max_ack_delay, 25 ms unless it is said otherwise.' },
  quicIdle: { name: 'QUIC idle time limit', act: 'the connection is forgotten', help: 'RFC 9000 §10.1: the shorter of what both ends say, without a word.' },
  pathValidation: { name: 'path validation timer', act: 'the other end is asked again whether it is there', help: 'RFC 9000 §8.2.4: three times, each as long as a probe time-out on a new path.' },
  pacing: { name: 'pacing timer', act: 'the next datagrams go out', help: 'RFC 9002 §7.7: what the window allows is spread over the round trip.' },
  closing: { name: 'closing time', act: 'the connection is forgotten', help: 'RFC 9000 §10.2: three probe time-outs, so that what is still on its way finds somebody.' },
  http3Fallback: { name: 'head start of QUIC', act: 'TCP begins as well', help: 'curl 50 ms; Chromium twice the round trip that it knows, else 300 ms: whichever is ready first carries the requests.' },
  delayedAck: { name: 'delayed-ACK timer', act: 'an acknowledgement goes out', help: 'RFC 9293 §3.8.6.3: an acknowledgement waits a little (40 ms on Linux) for data to ride on.' },
  timeWait: { name: 'TIME-WAIT timer', act: 'the connection is forgotten', help: 'RFC 9293 §3.6.1: 60 s on Linux, so that stray segments die out.' },
  finWait2: { name: 'FIN-WAIT-2 time limit', act: 'the connection is forgotten', help: 'Linux tcp_fin_timeout: 60 s for the peer’s FIN, once the application has closed its own side.' },
  keepAlive: { name: 'keep-alive timer', act: 'the peer is asked whether it still lives', help: 'RFC 9293 §3.8.4; off unless the application asks.' },
  httpsExtraTime: { name: 'patience for the HTTPS record', act: 'the browser goes on without it', help: 'Chromium: a fifth of what the look-up took, 5 to 50 ms.' },
  dnsTimeout: { name: 'look-up timer', act: 'the question is asked again', help: 'glibc: 5 s for each attempt, two attempts.' },
  resolverRto: { name: 'retry timer', act: 'the question is asked again', help: 'Unbound: 376 ms for a server it does not know yet, doubling.' },
  idleTimeout: { name: 'idle time limit', act: 'the connection is closed', help: 'The client closes a connection that nobody needs.' },
  headerTimeout: { name: 'header time limit', act: 'the connection is closed', help: 'nginx client_header_timeout: 60 s for the whole head of a request.' },
  handshakeTimeout: { name: 'handshake time limit', act: 'it gives up', help: 'Chromium: 30 s for a TLS handshake, from the moment the connection is open.' },
  maxTime: { name: 'time limit', act: 'it gives up', help: 'curl --max-time: the user’s limit for the whole request.' },
  connectTimeout: { name: 'connection time limit', act: 'it gives up', help: 'The client’s own limit for look-up and connection together.' },
  poolTimeout: { name: 'wait for a connection', act: 'it gives up', help: 'HikariCP connectionTimeout: how long somebody waits for a connection of the pool (30 s unless it is set otherwise).' },
  poolRetry: { name: 'pause of the pool', act: 'a connection is tried again', help: 'HikariCP: 250 ms after a connection that could not be opened, each further pause half as long again.' },
  proxyConnectTimeout: { name: 'connect time-out', act: 'the server is given up', help: 'nginx proxy_connect_timeout: how long a connection to an upstream server may take (60 s unless it is set otherwise).' },
  proxyReadTimeout: { name: 'read time-out', act: 'the server is given up', help: 'nginx proxy_read_timeout: the longest silence between two pieces of the upstream’s answer (60 s unless it is set otherwise).' },
  upstreamKeepAlive: { name: 'idle upstream time limit', act: 'the connection is closed', help: 'nginx keepalive_timeout of an upstream: how long a connection is kept without a request (60 s unless it is set otherwise).' },
  keepAliveTimeout: { name: 'keep-alive time limit', act: 'the connection is closed', help: 'keepalive_timeout: how long the server keeps a connection without a request (nginx 75 s, Tomcat 20 s unless it is set otherwise).' },
};

/** What CPUs and waits are used for, by the trace's own text. */
export const work: Readonly<Record<string, string>> = {
  'parse and answer': 'handles the statement’s message',
  'make the ClientHello': 'makes its key share and the ClientHello',
  'key share and signature': 'makes its key share and signs the handshake',
  'derive the keys, make tickets': 'derives the keys and makes session tickets',
  'DNS query': 'handles the question',
  'the user waits': 'waits for the user',
  'wait to load again': 'waits before it loads the page again',
  'end of the process': 'ends',
};

const fates = ['is in flight', 'arrives', 'is lost on the way', 'finds the queue full and is dropped', 'is dropped', 'arrives damaged and is thrown away', 'is lost: the link is down', 'is lost: the host does not hear', 'is too big for the link', 'is dropped: the NAT knows nobody inside who waits for it'];

export const linkEvents = {
  'sim.run_started': (): string => 'The run begins.',
  'sim.run_stopped': (e: EventFacts): string =>
    e.a === 1 ? 'The run stops: its limit of events is reached.' : e.a === 2 ? 'The run stops: its limit of time is reached.' : 'The run stops: the model does not cover what comes next.',
  'link.pdu_delivered': (e: EventFacts): string => `${capital(e.packet)} arrives at ${e.to}.`,
  'link.pdu_marked': (e: EventFacts): string => `The queue is long: ${e.packet} is marked (CE) and goes on.`,
  'link.pdu_dropped': (e: EventFacts): string => `${capital(e.packet)} from ${e.from} ${fates[e.a] ?? 'is lost'}.`,
  'timer.armed': (e: EventFacts): string => `${capital(e.host)} sets its ${timerName(e.timer)} for ${clock(e.a)}.`,
  'timer.fired': (e: EventFacts): string => `${capital(possessive(e.host))} ${timerName(e.timer)} fires.`,
  'timer.cancelled': (e: EventFacts): string => `${capital(e.host)} stops its ${timerName(e.timer)}.`,
  'resource.requested': (e: EventFacts): string => `${capital(e.host)} needs ${duration(e.a)} of ${e.resource === 'disk' ? 'its disk' : 'CPU'}: it ${workName(e.textB)}.`,
  'resource.granted': (e: EventFacts): string => `${capital(e.host)} begins: it ${workName(e.textB)} (${duration(e.a)}).`,
  'resource.done': (e: EventFacts): string => `${capital(e.host)} is done: it took ${duration(e.a)} of CPU (it ${workName(e.textB)}).`,
  'resource.io_done': (e: EventFacts): string => `${capital(e.host)} has it from disk: it took ${duration(e.a)} (it ${workName(e.textB)}).`,
  'resource.preempted': (e: EventFacts): string => `${capital(e.host)} lets others have the core: ${duration(e.a)} of the work are left (it ${workName(e.textB)}).`,
  'resource.claim_requested': (e: EventFacts): string => `${capital(e.host)} asks for ${placeName(e.resource)} (${e.textB}).`,
  'resource.claim_granted': (e: EventFacts): string => `${capital(e.host)} gives ${placeName(e.resource)} (${e.textB}).`,
  'resource.claim_released': (e: EventFacts): string => `${capital(e.host)} has ${placeName(e.resource)} back (${e.textB}).`,
  'resource.claim_refused': (e: EventFacts): string => `${capital(e.host)} has no ${placeName(e.resource).replace(/^an? /, '')} left, and the queue for one is full (${e.textB}).`,
  'resource.claim_abandoned': (e: EventFacts): string => `${capital(e.host)} waits no longer for ${placeName(e.resource)} (${e.textB}).`,
  'resource.wait_began': (e: EventFacts): string => `${capital(e.host)} ${workName(e.textB)}: ${duration(e.a)}.`,
  'resource.waited': (e: EventFacts): string => `${capital(e.host)} is ready after ${duration(e.a)} (it ${workName(e.textB)}).`,
  'state.entered': (e: EventFacts): string =>
    e.a < 0 ? `${capital(possessive(e.host))} ${protocolName(e.endpointProtocol)} begins in ${e.state(e.b)}.` : `${capital(possessive(e.host))} ${protocolName(e.endpointProtocol)} goes from ${e.state(e.a)} to ${e.state(e.b)}.`,
  'state.input_ignored': (e: EventFacts): string => `${capital(possessive(e.host))} ${protocolName(e.endpointProtocol)} in ${e.state(e.a)} has no use for ${e.input(e.b)}.`,
  'fault.rule_applied': (e: EventFacts): string => `A fault meets ${e.packet} from ${e.from}.`,
  'fault.host_stopped': (e: EventFacts): string => `${capital(e.host)} stops.`,
  'fault.host_started': (e: EventFacts): string => `${capital(e.host)} is back.`,
  'fault.host_silenced': (e: EventFacts): string => `${capital(e.host)} falls silent: nothing reaches it and nothing of it gets out.`,
  'fault.host_heard': (e: EventFacts): string => `${capital(e.host)} is heard again.`,
  'fault.link_down': (e: EventFacts): string => `The link ${e.link} goes down.`,
  'fault.link_up': (e: EventFacts): string => `The link ${e.link} is up again.`,
  'udp.datagram_sent': (e: EventFacts): string => `${capital(e.host)} sends ${e.packet} to ${e.peer} (${bytes(e.a)}).`,
  'udp.nobody_listens': (e: EventFacts): string => `${capital(e.packet)} reaches ${e.to}, where nobody listens on that port.`,
};

/** Places of a resource, by the trace's name for it. */
const places: Readonly<Record<string, string>> = { workers: 'a worker', connections: 'a pooled connection', processes: 'a process', backends: 'a database backend', loop: 'the event loop' };
export const placeName = (resource: string): string => places[resource] ?? `a place (${resource})`;
/** Name of a timer, or its own word when the table has none. */
export const timerName = (name: string): string => (timers as Readonly<Record<string, { name: string }>>)[name]?.name ?? name;
export const timerAct = (name: string): string => (timers as Readonly<Record<string, { act: string }>>)[name]?.act ?? 'something is done about it';
/** What somebody does, from the imperative in the trace: `make /orders/42` → `makes /orders/42`; else by the table. */
export const workName = (text: string): string =>
  work[text] ?? text.replace(/^[a-z]+/, (verb) => (/(ss|sh|ch|x|o)$/.test(verb) ? `${verb}es` : /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`));
const protocols: Readonly<Record<string, string>> = {
  tcp: 'TCP', tls: 'TLS', http: 'HTTP', http2: 'HTTP/2', http3: 'HTTP/3', quic: 'QUIC', 'dns-stub': 'look-up', 'dns-resolver': 'search', 'dns-server': 'name server', browser: 'browser', 'web-server': 'web server',
  postgres: 'PostgreSQL', database: 'database',
};
export const protocolName = (protocol: string): string => protocols[protocol] ?? protocol;
export const possessive = (name: string): string => (name.endsWith('s') ? `${name}’` : `${name}’s`);
