/** English: why it took so long. Sentences, formulas and references for the parts of a request's duration. */
import { bytes, duration, rate, whole } from '../format';
import { paramWords } from '../param-words';
import { placeName, possessive, timerName, timers, workName } from './link';

/** So many like things, and how long each or all of them took. */
export interface Share {
  readonly n: number;
  readonly ns: number;
}
/** What a line is measured by. What does not apply is empty, 0 or null. */
export interface WhyFacts {
  /** Host or link, in words. */
  readonly where: string;
  /** Place that was waited for: `workers`. */
  readonly place: string;
  readonly what: string;
  readonly ns: number;
  /** How many packets, waits … it is the sum of. */
  readonly n: number;
  /** Crossings by their time one way (`ns`: of each). */
  readonly ways: readonly Share[];
  /** Pieces of work by what they are for, the longest first (`ns`: of all). */
  readonly pieces: readonly (Share & { readonly what: string })[];
  /** Bytes by the rate of their link in bits per second. */
  readonly sizes: readonly { readonly bytes: number; readonly rate: number }[];
  /** Packets that stood before it at the link, and those of its own connection among them. */
  readonly ahead: { readonly packets: number; readonly own: number; readonly bytes: number };
  /** Who had the place just before, one for each wait. */
  readonly before: readonly string[];
  /** How full it was on arrival, in the longest of the waits. */
  readonly taken: { readonly busy: number; readonly servers: number; readonly queued: number } | null;
  /** For how long each timer had been set. */
  readonly set: readonly number[];
  /** What crossed the link outward, in order, by its foremost name. */
  readonly asked: readonly string[];
  readonly questions: number;
  readonly roundTrips: number;
  /** The window that had to open before the rest could be sent: of the sender's own caution, or of the receiver's room; '' for none. */
  readonly window: 'congestion' | 'receive' | '';
}
export interface WhyWords {
  readonly name: (f: WhyFacts) => string;
  readonly sentence: (f: WhyFacts) => string;
  /** Shorter, for comparisons; absent where the sentence is short. */
  readonly brief?: (f: WhyFacts) => string;
  readonly formula: (f: WhyFacts) => string;
  /** Section of a standard; where there is none, the parameter or the manual that says how long it takes. */
  readonly spec: (f: WhyFacts) => string;
}
/** A list is cut after so many. */
const LISTED = 4;
const listed = (items: readonly string[], separator = ', ', more = (n: number): string => `${n} more`): string =>
  [...items.slice(0, LISTED), ...(items.length > LISTED ? [more(items.length - LISTED)] : [])].join(separator);
const times = (n: number, what: string): string => (n === 1 ? what : `${n} × ${what}`);
const crossings = (f: WhyFacts): string => {
  if (f.ways.length <= LISTED) return f.ways.map((w) => `${w.n} × ${duration(w.ns)}`).join(' + ');
  const all = f.ways.map((w) => w.ns);
  return `${f.ways.reduce((n, w) => n + w.n, 0)} crossings of ${duration(Math.min(...all))} to ${duration(Math.max(...all))}`;
};
const spentOnWays = (f: WhyFacts): number => f.ways.reduce((sum, w) => sum + w.n * w.ns, 0);
const trips = (f: WhyFacts): string => (f.roundTrips === 1 ? 'one round trip' : f.roundTrips === 0 ? 'less than a round trip' : `${f.roundTrips} round trips`);
const quoted = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
const piecesOf = (f: WhyFacts): string => listed(f.pieces.map((p) => `${quoted(workName(p.what))} ${duration(p.ns)}`));
const sumOf = (f: WhyFacts): string => (f.pieces.length > LISTED ? `${whole(f.n)} pieces` : f.pieces.map((p) => duration(p.ns)).join(' + '));
const parameter = (...keys: string[]): string => `parameter: ${keys.map((k) => paramWords(k).name).join(', ')}`;

/** Parameters that say how long work takes, by the trace's own text for it. */
const COSTS: readonly (readonly [RegExp, ...string[]])[] = [
  [/^DNS query$/, 'queryCost'],
  [/^(forward|pass) |^answer .* from its cache$/, 'proxyCost'],
  [/^make the ClientHello$/, 'keyShareCost'], [/^key share and signature$/, 'keyShareCost', 'ecdsaSignCost'], [/^derive the keys/, 'keyDeriveCost'], [/^verify /, 'ecdsaVerifyCost'],
  [/^fork a backend$/, 'pg.forkCost'], [/^begin a session$/, 'pg.startupCost'], [/^compute the proof/, 'pg.scramIterations'], [/^check the proof$/, 'pg.scramVerifyCost'], [/^open the database$/, 'pg.sessionCost'],
  [/^parse and answer$/, 'pg.statementCost'], [/^plan /, 'databasePlanTime'], [/^run /, 'databasePageHit', 'databaseHeapTuple'], [/^read pages /, 'databasePageRead'], [/^read \//, 'fileCost'], [/^fetch \//, 'fileRead'],
  [/^make \//, 'thinkTime'], [/^work on what it has read$/, 'readRate', 'readPauseFor'], [/^parse the document$/, 'parseDelay'], [/^read what it refers to$/, 'parseDelay'], [/^lay out the page$/, 'layoutDelay'],
];
const costsOf = (f: WhyFacts): string => {
  const keys = [...new Set(f.pieces.slice(0, LISTED).flatMap((p) => COSTS.find(([text]) => text.test(p.what))?.slice(1) as string[] | undefined ?? []))];
  const rest = f.pieces.slice(0, LISTED).some((p) => !COSTS.some(([text]) => text.test(p.what)));
  return keys.length === 0 ? 'set by the scenario' : `${parameter(...keys)}${rest ? '; the rest set by the scenario' : ''}`;
};
/** `RFC 8985 §7: about 2·SRTT …` as source and sentence. */
const timerHelp = (name: string): readonly [string, string] => {
  const help = (timers as Readonly<Record<string, { help: string }>>)[name]?.help ?? '';
  const [, source, rest] = /^((?:RFC|Linux|nginx|curl|Chromium|glibc|Unbound|HikariCP)[^:;]*)[:;] (.*)$/.exec(help) ?? [];
  return source && rest ? [source, rest.replace(/\.$/, '')] : ['set by the scenario', help.replace(/\.$/, '') || 'waiting for a timer'];
};
const PLACES: Readonly<Record<string, string>> = { workers: 'workers', connections: 'poolSize', processes: 'maxProcesses', backends: 'pg.maxConnections', loop: 'executionModel' };
const before = (f: WhyFacts): string => (f.before.length === 0 ? '' : `behind ${listed(f.before.map(quoted))}`);
const fullness = (f: WhyFacts, of: string): string => (f.taken ? `${f.taken.busy} of ${f.taken.servers} ${of}${f.taken.queued > 0 ? `, ${f.taken.queued} waited before it` : ''}` : times(f.n, duration(Math.floor(f.ns / f.n))));

/** By ledger line. */
export const ledgerWords: Readonly<Record<string, WhyWords>> = {
  'look-up': {
    name: () => 'Name look-up', spec: () => 'RFC 1034 §5.3.3',
    formula: (f) => `${crossings(f)}${f.ns > spentOnWays(f) ? `${f.ways.length > 0 ? ' + ' : ''}${duration(f.ns - spentOnWays(f))} of work` : ''}`,
    sentence: (f) => (f.questions === 0 ? 'nobody was asked' : f.questions === 1 ? 'one question, answered from memory' : `${f.questions} questions in turn; nothing else can begin`),
  },
  tcp: { name: () => 'TCP handshake', spec: () => 'RFC 9293 §3.5', formula: crossings, sentence: (f) => `${trips(f)} before any byte may flow` },
  quic: { name: () => 'QUIC handshake', spec: () => 'RFC 9000 §7', formula: crossings, sentence: (f) => `${trips(f)} for connection and keys together` },
  tls: { name: () => 'TLS handshake, flights', spec: () => 'RFC 8446 §2', formula: crossings, sentence: (f) => `${trips(f)} for keys and certificate` },
  exchange: {
    name: (f) => `The way ${f.where}`, spec: () => parameter('latency'), formula: crossings,
    brief: (f) => (f.roundTrips > 1 && f.window !== '' ? `${trips(f)}: the ${f.window} window had to open for the rest` : trips(f)),
    sentence: (f) => `${trips(f)}${f.asked.length > 0 ? `: ${listed(f.asked)}` : ''}${f.roundTrips > 1 && f.window !== '' ? `; the ${f.window} window had to open for the rest` : ''}`,
  },
  compute: { name: (f) => `CPU of ${f.where}`, spec: costsOf, formula: sumOf, brief: (f) => (f.pieces.length === 1 ? `it ${workName(f.pieces[0]!.what)}` : `${f.n} pieces of work`), sentence: (f) => `it ${piecesOf(f)}` },
  timer: {
    name: (f) => `${possessive(f.where)} ${timerName(f.what)}`, spec: (f) => timerHelp(f.what)[0], sentence: (f) => timerHelp(f.what)[1],
    formula: (f) => `set for ${f.set.length > 0 ? listed(f.set.map(duration), ' + ') : duration(f.ns)}`,
  },
  service: { name: (f) => (f.pieces.every((p) => p.what === 'work on what it has read') ? `${f.where} reads no faster` : `${f.where} prepares the answer`), spec: costsOf, formula: sumOf, sentence: (f) => `it ${piecesOf(f)}` },
  serialization: {
    name: () => 'Putting bits on the wire', spec: () => parameter('bandwidth'), sentence: () => 'size ÷ bandwidth, for the packets that were waited for',
    formula: (f) => f.sizes.map((s) => (s.rate > 0 ? `${bytes(s.bytes)} ÷ ${rate(s.rate)}` : bytes(s.bytes))).join(' + '),
  },
  'link-queue': {
    name: (f) => `Queue at the link ${f.where}`, spec: () => parameter('bandwidth', 'queue'), formula: (f) => `${f.ahead.packets === 1 ? 'one packet' : `${f.ahead.packets} packets`}, ${bytes(f.ahead.bytes)}`,
    sentence: (f) => (f.ahead.own === f.ahead.packets ? 'behind packets of its own connection, sent just before' : f.ahead.own === 0 ? 'behind packets of other connections, sent before' : `behind packets sent before, ${f.ahead.own} of ${f.ahead.packets} of its own connection`),
  },
  queue: { name: (f) => `Queue at ${f.where}`, spec: () => parameter('cores'), formula: (f) => fullness(f, f.taken?.servers === 1 ? 'core busy' : 'cores busy'), sentence: (f) => `its CPUs were busy with other work${f.before.length > 0 ? `, ${before(f)}` : ''}` },
  behind: { name: () => 'Queued behind another request', spec: () => 'RFC 9112 §9.3', formula: () => 'one request at a time', sentence: (f) => `${f.what || 'others'} had the connection` },
  place: {
    name: (f) => `Queue for ${f.place} of ${f.where}`, spec: (f) => (PLACES[f.place] ? parameter(PLACES[f.place]!) : 'set by the scenario'), formula: (f) => fullness(f, 'taken'),
    sentence: (f) => (f.before.length > 0 ? before(f) : 'every one was held by another request'),
  },
  delay: { name: (f) => `Injected delay on ${f.where}`, spec: () => 'fault of this run', formula: (f) => `${f.n} × ${duration(Math.floor(f.ns / f.n))}`, sentence: () => 'a fault held the packet back' },
  disk: { name: (f) => `Disk of ${f.where}`, spec: costsOf, formula: (f) => f.ways.map((w) => `${w.n} ${w.n === 1 ? 'read' : 'reads'} × ${duration(w.ns)}`).join(' + '), sentence: (f) => `it ${listed(f.pieces.map((p) => `${quoted(workName(p.what))}${p.n > 1 ? ` (${p.n} times)` : ''}`))}`, brief: (f) => (f.n === 1 ? 'one read' : `${f.n} reads`) },
  lock: { name: (f) => `Lock at ${f.where}`, spec: () => 'PostgreSQL 15 documentation §13.3', formula: (f) => times(f.n, duration(Math.floor(f.ns / f.n))), sentence: () => 'somebody else held it' },
  other: { name: () => 'Not named', spec: () => 'the trace', formula: (f) => (f.n === 1 ? 'one wait' : `${f.n} waits`), sentence: () => 'the model has no name for this wait' },
};

/** Work that the request did not wait for: something slower ran at the same time. */
export const beside = {
  work: (host: string, what: string, ns: number, behind: string): string => `${host} ${workName(what)}: ${duration(ns)}, hidden behind ${behind}. A change there changes nothing while that takes longer.`,
  way: (packet: string, to: string): string => `the way of ${packet} to ${to}`,
  busy: (host: string, what: string): string => `the time in which ${host} ${workName(what)}`,
  timer: (host: string, timer: string): string => `${possessive(host)} ${timerName(timer)}`,
};

/** The view: its picture and its table. */
export const whyView = {
  picture: 'The parts in order of time, and under them the critical path from host to host, on one true axis.',
  part: (name: string, took: string, sentence: string): string => `${name}: ${took}, ${sentence}`,
  inBar: (name: string, took: string): string => `${name} ${took}`,
  /** Of a ledger line, where its name has no room. */
  short: (line: string): string => ({ 'look-up': 'DNS', tcp: 'TCP', quic: 'QUIC', tls: 'TLS', exchange: 'way', compute: 'CPU', service: 'answer', timer: 'timer', disk: 'disk' })[line] ?? 'queue',
  show: (name: string): string => `${name}: show it on the stage`,
} as const;

/** A step of a chain of causes: what the time before it went into. */
export const chain = {
  title: 'Why', wait: 'The wait', open: 'Show it',
  /** Under the sentence of an event. */
  when: (clock: string, where: string): string => (where ? `${clock}, ${where}` : clock),
  since: (ns: number, path: string): string => `${duration(ns)} after ${path ? `the start of ${path}` : 'the run began'}, step by step back:`,
  back: 'From its fate back to the first cause', earlier: (n: number): string => (n === 1 ? 'One earlier step' : `${n} earlier steps`),
  way: (link: string, queueNs: number, wireNs: number, wayNs: number): string =>
    `${queueNs + wireNs === 0 ? 'under way' : [queueNs > 0 ? `${duration(queueNs)} queued` : '', wireNs > 0 ? `${duration(wireNs)} onto the wire` : '', `${duration(wayNs)} under way`].filter((p) => p !== '').join(', ')} (${link})`,
  work: (host: string, what: string): string => `${host} ${quoted(workName(what))}`,
  disk: (host: string, what: string): string => `disk of ${host}: it ${quoted(workName(what))}`,
  timer: (host: string, timer: string, setNs: number): string => `${possessive(host)} ${timerName(timer)}${setNs > 0 ? `, set for ${duration(setNs)}` : ''}`,
  core: (host: string): string => `waiting for a core of ${host}`,
  place: (host: string, resource: string): string => `waiting for ${placeName(resource)} of ${host}`,
  lock: (host: string): string => `waiting for a lock at ${host}`,
  other: (host: string): string => (host ? `a wait at ${host}` : 'a wait'),
  /** Beside a step: how long, and what for. */
  took: (ns: number, what: string): string => (what ? `${duration(ns)}: ${what}` : duration(ns)),
  /** Who had the place until then. */
  holder: (what: string): string => `queued behind ${quoted(what)}`,
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
      // `app workers`: a place of a host
      return where.includes(' ') ? `every one of the ${where.replace(/^(\S+) (.*)$/, '$2 of $1')} is taken` : `${where} is busy with other work`;
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
