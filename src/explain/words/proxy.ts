/** English: reverse proxies and their upstream servers. */
import { bytes, capital, duration } from '../format';
import type { EventFacts } from '../facts';

/** Why an upstream failed or a connection to it was closed, by the trace's own word. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refused the connection', ECONNRESET: 'it reset the connection', ETIMEDOUT: 'it does not answer TCP any more', EMPTY_RESPONSE: 'it closed the connection before it answered',
  PARTIAL: 'it closed the connection in the middle of its answer', CONNECT_TIMEOUT: 'the connect time-out (proxy_connect_timeout) is over', READ_TIMEOUT: 'the read time-out (proxy_read_timeout) is over',
  NO_LIVE_UPSTREAMS: 'no upstream server may be asked (no live upstreams)', FULL: 'enough others are kept', IDLE_TIMEOUT: 'nobody needed it for long enough (keepalive_timeout)', CLOSED: 'the other end closed it',
};
const because = (code: string): string => reasons[code] ?? code;
const balances: Readonly<Record<string, string>> = { 'round-robin': 'it is its turn', 'least-conn': 'it has the fewest requests', random: 'drawn at random', 'random-two': 'the less busy of two drawn at random' };
const statuses: Readonly<Record<number, string>> = { 502: '502 Bad Gateway', 504: '504 Gateway Time-out' };

export const proxyEvents = {
  'site.file_awaited': (e: EventFacts): string => `${capital(e.host)} is reading ${e.textA} from disk for another request: this one waits for that.`,
  'site.file_delivered': (e: EventFacts): string => `${capital(e.textA)} is there: another request had it read.`,
  'proxy.upstream_chosen': (e: EventFacts): string => `${capital(e.host)} chooses ${e.textA}: ${balances[e.textB] ?? e.textB}.`,
  'proxy.upstream_connecting': (e: EventFacts): string => `${capital(e.host)} opens a connection to ${e.textA}.`,
  'proxy.upstream_connected': (e: EventFacts): string => `The connection to ${e.textA} is open.`,
  'proxy.upstream_reused': (e: EventFacts): string => `${capital(e.host)} uses a kept connection to ${e.textA} again: it saves a round trip (${e.b === 1 ? 'one request' : `${e.b} requests`} before).`,
  'proxy.request_forwarded': (e: EventFacts): string => `${capital(e.host)} forwards the request for ${e.textB} to ${e.textA}.`,
  'proxy.response_head_received': (e: EventFacts): string => `The upstream’s answer begins: ${e.a}, ${bytes(e.b)} to come.`,
  'proxy.response_received': (e: EventFacts): string => `The upstream’s answer is complete: ${e.a}, ${bytes(e.b)}.`,
  'proxy.answer_kept': (e: EventFacts): string => `${capital(e.host)} keeps the answer for ${e.textA}: it stays fresh for ${e.b} s.`,
  'proxy.answered_from_cache': (e: EventFacts): string => `${capital(e.host)} has the answer for ${e.textA} in its cache: no upstream is asked.`,
  'proxy.upstream_failed': (e: EventFacts): string => `${capital(e.host)} gives ${e.textA} up: ${because(e.textB)}.`,
  'proxy.upstream_marked_down': (e: EventFacts): string => `${capital(e.host)} passes ${e.textA} over for ${duration(e.b)} (whole seconds are counted: up to a second more): it has failed too often.`,
  'proxy.error_returned': (e: EventFacts): string => `${capital(e.host)} answers ${statuses[e.a] ?? e.a} itself: ${because(e.textB)}.`,
  'proxy.response_cut': (e: EventFacts): string => `${capital(e.host)} must break the answer off, because its status is out already: ${because(e.textA)}.`,
  'proxy.client_gone': (e: EventFacts): string => `The client has left (499): ${[`${e.host} has asked no upstream yet`, `${e.host} closes the connection to the upstream as well`, `${e.host} lets the upstream finish, for its cache`][e.a] ?? e.host}.`,
  'proxy.connection_kept': (e: EventFacts): string => `${capital(e.host)} keeps the connection to ${e.textA} for the next request (${e.b} idle).`,
  'proxy.connection_dropped': (e: EventFacts): string => `${capital(e.host)} closes the idle connection to ${e.textA}: ${because(e.textB)}.`,
};
