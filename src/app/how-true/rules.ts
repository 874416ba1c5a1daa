/**
 * The rules of the model that the measurements test: where each stands in the code and in its specification.
 * Law: the file exists and names the symbol (a test holds it); the words are in the catalogue.
 */
import type { rules } from '../../explain/words/model-rules';

export interface Rule {
  readonly id: keyof typeof rules;
  /** Path under `src`, and what to look for in it. */
  readonly code: string;
  readonly symbol: string;
  readonly spec: string;
  /** Where the specification is; empty for a kernel's or product's source. */
  readonly url: string;
}
const rfc = (number: number, section: string): Pick<Rule, 'spec' | 'url'> => ({ spec: `RFC ${number} §${section}`, url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}` });
const source = (spec: string): Pick<Rule, 'spec' | 'url'> => ({ spec, url: '' });

export const RULES: readonly Rule[] = [
  { id: 'retransmissionTimeout', code: 'protocols/tcp/rtt.ts', symbol: 'class RttEstimator', ...rfc(6298, '2') },
  { id: 'tailLossProbe', code: 'protocols/tcp/retransmission-timer.ts', symbol: 'class RetransmissionTimer', ...rfc(8985, '7.2') },
  { id: 'rack', code: 'protocols/tcp/rack.ts', symbol: 'class Rack', ...rfc(8985, '6.2') },
  { id: 'recovery', code: 'protocols/tcp/prr.ts', symbol: 'class Prr', ...rfc(6937, '3') },
  { id: 'undo', code: 'protocols/tcp/recovery.ts', symbol: 'class Recovery', ...rfc(5682, '2.1') },
  { id: 'cubic', code: 'protocols/tcp/cubic.ts', symbol: 'class Cubic', ...rfc(9438, '4') },
  { id: 'reno', code: 'protocols/tcp/window-growth.ts', symbol: 'class Reno', ...rfc(5681, '3.1') },
  { id: 'ecn', code: 'protocols/tcp/recovery.ts', symbol: 'enterCwr', ...rfc(3168, '6.1') },
  { id: 'cwndLimited', code: 'protocols/tcp/send-block.ts', symbol: 'class SendBlock', ...rfc(9293, '3.8.2') },
  { id: 'delayedAck', code: 'protocols/tcp/receiver.ts', symbol: 'class Receiver', ...rfc(9293, '3.8.6.3') },
  { id: 'sendBuffer', code: 'protocols/tcp/send-buffer.ts', symbol: 'class SendBuffer', ...source('Linux net/ipv4/tcp_input.c tcp_sndbuf_expand') },
  { id: 'timerTicks', code: 'protocols/tcp/timer-wheel.ts', symbol: 'function wheelExpiry', ...source('Linux kernel/time/timer.c') },
  { id: 'handshake', code: 'protocols/tcp/handshake.ts', symbol: 'class Handshake', ...rfc(9293, '3.5') },
  { id: 'listening', code: 'protocols/tcp/listener.ts', symbol: 'class Listener', ...source('Linux net/ipv4/tcp_input.c tcp_conn_request, inet_connection_sock.c reqsk_timer_handler') },
  { id: 'fastOpen', code: 'protocols/tcp/connection.ts', symbol: 'openFast', ...rfc(7413, '4') },
  { id: 'pathMtu', code: 'protocols/tcp/sender.ts', symbol: 'sendAgainWhatIsTooBig', ...rfc(1191, '6.3') },
  { id: 'records', code: 'protocols/tls/record.ts', symbol: 'const recordBytes', ...rfc(8446, '5.2') },
  { id: 'tlsFlights', code: 'protocols/tls/client.ts', symbol: 'class TlsClient', ...rfc(8446, '2') },
  { id: 'helloSizes', code: 'model/tls/messages.ts', symbol: 'handshakeLength', ...rfc(8446, '4') },
  { id: 'stubRetry', code: 'protocols/dns/stub.ts', symbol: 'class StubResolver', ...source('glibc resolv/res_send.c') },
  { id: 'iteration', code: 'protocols/dns/iterator.ts', symbol: 'class Iterator_', ...rfc(1034, '5.3.3') },
  { id: 'requestHeads', code: 'protocols/http1/codec.ts', symbol: 'requestLines', ...rfc(9112, '3') },
  { id: 'hpack', code: 'model/http2/hpack.ts', symbol: 'class HpackEncoder', ...rfc(7541, '6') },
  { id: 'streamWindows', code: 'protocols/http2/connection.ts', symbol: 'takeWindow', ...rfc(9113, '5.2') },
  { id: 'multiplexing', code: 'protocols/http2/schedule.ts', symbol: 'function nextStream', ...rfc(9218, '10') },
  { id: 'freshness', code: 'hosts/http-cache.ts', symbol: 'function freshness', ...rfc(9111, '4.2') },
  { id: 'upstreams', code: 'hosts/proxied-request.ts', symbol: 'class ProxiedRequest', ...source('nginx ngx_http_upstream.c') },
  { id: 'links', code: 'engine/links.ts', symbol: 'class Links', ...source('the measured topology: rules, loss, queue, serialization, half the round trip') },
  { id: 'quicRecovery', code: 'protocols/quic/recovery.ts', symbol: 'class Recovery', ...rfc(9002, '6') },
  { id: 'quicPaths', code: 'protocols/quic/paths.ts', symbol: 'class Paths', ...rfc(9000, '9') },
  { id: 'nat', code: 'hosts/nat.ts', symbol: 'class Nat', ...rfc(4787, '4') },
  { id: 'quicStreams', code: 'protocols/quic/stream.ts', symbol: 'class QuicStream', ...rfc(9000, '2.2') },
  { id: 'qpack', code: 'model/http3/qpack-encoder.ts', symbol: 'class QpackEncoder', ...rfc(9204, '2') },
  { id: 'btree', code: 'storage/btree-fill.ts', symbol: 'fillRule', ...source('PostgreSQL 15 nbtree/nbtsort.c, nbtsplitloc.c') },
  { id: 'plans', code: 'storage/costs.ts', symbol: 'function indexScan', ...source('PostgreSQL 15 optimizer/path/costsize.c') },
  { id: 'scram', code: 'protocols/postgres-wire/scram.ts', symbol: 'class Scram', ...rfc(5802, '3') },
];
