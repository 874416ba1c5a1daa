/** English: why it took so long. Sentences and references for the parts of a request's duration. */
import { bytes, duration, rate } from '../format';
import { possessive, timerName, timers, workName } from './link';

/** What a part is measured by. */
export interface WhyFacts {
  readonly where: string;
  readonly what: string;
  readonly ns: number;
  /** How many packets, waits … it is the sum of. */
  readonly n: number;
  /** One way on that link, when all crossings are alike; else -1. */
  readonly onewayNs: number;
  readonly bytes: number;
  readonly bitsPerSecond: number;
  readonly questions: number;
  readonly roundTrips: number;
  /** The window that had to open before the rest could be sent: of the sender's own caution, or of the receiver's room; '' for none. */
  readonly window: 'congestion' | 'receive' | '';
}
export interface WhyWords {
  readonly name: (f: WhyFacts) => string;
  readonly sentence: (f: WhyFacts) => string;
  readonly formula: (f: WhyFacts) => string;
  readonly spec: string;
}
const crossings = (f: WhyFacts): string => (f.onewayNs >= 0 ? `${f.n} × ${duration(f.onewayNs)}` : `${f.n} crossings`);
const trips = (f: WhyFacts): string => (f.roundTrips === 1 ? 'one round trip' : f.roundTrips === 0 ? 'less than a round trip' : `${f.roundTrips} round trips`);
const none = (): string => '';
/** `app workers` → `workers of app`. */
const placeOf = (where: string): string => where.replace(/^(\S+) (.*)$/, '$2 of $1');

/** By ledger line. */
export const ledgerWords: Readonly<Record<string, WhyWords>> = {
  'look-up': {
    name: () => 'Name look-up', spec: 'RFC 1034 §5.3.3', formula: crossings,
    sentence: (f) => (f.questions === 1 ? 'one question, answered from memory' : `${f.questions} questions in turn; nothing else can begin`),
  },
  tcp: { name: () => 'TCP handshake', spec: 'RFC 9293 §3.5', formula: crossings, sentence: (f) => `${trips(f)} before any byte may flow` },
  tls: { name: () => 'TLS handshake, flights', spec: 'RFC 8446 §2', formula: crossings, sentence: (f) => `${trips(f)} for keys and certificate` },
  exchange: { name: () => 'Request and response', spec: 'RFC 9112', formula: crossings, sentence: (f) => (f.roundTrips > 1 ? `${trips(f)}: ${f.window === '' ? 'the answer came in more than one go' : `the ${f.window} window had to open for the rest`}` : `${trips(f)} for question and answer`) },
  compute: { name: (f) => `CPU of ${f.where}`, spec: '', formula: none, sentence: (f) => (f.what ? `it ${workName(f.what)}` : `${f.n} pieces of work`) },
  timer: {
    name: (f) => `${possessive(f.where)} ${timerName(f.what)}`, spec: 'RFC 6298, RFC 8985', formula: (f) => (f.n > 1 ? `${f.n} times` : ''),
    sentence: (f) => (timers as Readonly<Record<string, { help: string }>>)[f.what]?.help ?? 'waiting for a timer',
  },
  service: { name: (f) => `${f.where} prepares the answer`, spec: '', formula: none, sentence: (f) => (f.what ? `it ${workName(f.what)}` : 'a fixed time of the scenario') },
  serialization: { name: () => 'Putting bits on the wire', spec: '', formula: (f) => (f.bitsPerSecond > 0 ? `${bytes(f.bytes)} ÷ ${rate(f.bitsPerSecond)}` : bytes(f.bytes)), sentence: () => 'size ÷ bandwidth, for the packets that were waited for' },
  'link-queue': { name: (f) => `Queue at the link ${f.where}`, spec: '', formula: none, sentence: () => 'behind packets sent earlier, most of them its own' },
  queue: { name: (f) => `Queue at ${f.where}`, spec: '', formula: none, sentence: () => 'its CPUs were busy with other work' },
  behind: { name: () => 'Queued behind another request', spec: 'RFC 9112 §9.3', formula: none, sentence: (f) => `${f.what || 'others'} had the connection: one request at a time` },
  place: {
    name: (f) => `Queue for ${placeOf(f.where)}`, spec: '', formula: (f) => (f.n > 1 ? `${f.n} times` : ''), sentence: () => 'all of them were held by other requests; the one before it had to end first',
  },
  delay: { name: (f) => `Injected delay on ${f.where}`, spec: '', formula: none, sentence: () => 'a fault held the packet back' },
  disk: { name: (f) => `Disk of ${f.where}`, spec: '', formula: none, sentence: () => 'pages were read' },
  lock: { name: (f) => `Lock at ${f.where}`, spec: '', formula: none, sentence: () => 'somebody else held it' },
  other: { name: () => 'Not named', spec: '', formula: none, sentence: () => 'the model has no name for this wait' },
};

/** Work that the request did not wait for: something slower ran at the same time. */
export const beside = {
  work: (host: string, what: string, ns: number, behind: string): string => `${host} ${workName(what)}: ${duration(ns)}, hidden behind ${behind}. A change there changes nothing while that takes longer.`,
  way: (packet: string, to: string): string => `the way of ${packet} to ${to}`,
  busy: (host: string, what: string): string => `the time in which ${host} ${workName(what)}`,
  timer: (host: string, timer: string): string => `${possessive(host)} ${timerName(timer)}`,
};

/** By `why` key of a single part (summary, causes). */
export function whyText(why: string, what: string, where: string): string {
  switch (why) {
    case 'why.propagation':
      return `the way along ${where}`;
    case 'why.jitter':
      return `jitter on ${where}`;
    case 'why.serialization':
      return `bits put on ${where}`;
    case 'why.link_queue':
      return `queue at ${where}`;
    case 'why.injected_delay':
      return `delay by a fault on ${where}`;
    case 'why.cpu':
      return `${where} ${workName(what)}`;
    case 'why.behind':
      return `behind ${what} on the same connection`;
    case 'why.queue':
      if (where.includes(' ')) return `every one of the ${placeOf(where)} is taken`;
      return `${where} is busy with other work`;
    case 'why.service':
    case 'why.think':
      return `${where} ${workName(what)}`;
    case 'why.disk':
      return `disk of ${where}`;
    case 'why.lock':
      return `lock at ${where}`;
    default:
      return why.startsWith('why.timer.') ? `${possessive(where)} ${timerName(what)}` : `wait at ${where}`;
  }
}
