/** English: the caption, the sentence that speaks for a moment, and the summary of the stage. */
import { capital, clock, duration } from '../format';
import { possessive, timerName, workName } from './link';

/** Why a timer lasts longer than its standard says: the kernel's ticks, at most an eighth late. */
function tickWords(timer: string, ns: number): string {
  if (timer !== 'syn') return '';
  let nominal = 1e9;
  while (nominal * 2 <= ns) nominal *= 2;
  return ns > nominal && ns <= nominal * 1.125 ? ` (${duration(nominal)} by RFC 6298; the kernel’s timer tick makes it ${duration(ns)})` : '';
}
/** Several questions or answers that travel together are many; anything else is spoken of as one. */
const areOn = (packet: string): string => (/^the (questions|answers|referrals) /.test(packet) ? 'are on their' : 'is on its');
export const caption = {
  before: (ns: number, quiet: boolean): string => (quiet ? `Nothing has happened yet; it begins in ${duration(ns)}.` : `The request begins in ${duration(ns)}.`),
  idle: 'Nothing is on its way.',
  onItsWay: (packet: string, to: string, toGoNs: number): string => `${capital(packet)} ${areOn(packet)} way to ${to}: ${duration(toGoNs)} to go.`,
  entering: (packet: string, from: string, toGoNs: number): string => `${capital(possessive(from))} link takes in ${packet}, bit after bit: ${duration(toGoNs)} to its arrival.`,
  queued: (packet: string, ahead: number, link: string): string =>
    `${capital(packet)} waits for the link ${link}${ahead > 0 ? `, behind ${ahead === 1 ? 'one packet' : `${ahead} packets`}` : ''}.`,
  works: (host: string, what: string, ns: number): string => `${capital(host)} ${workName(what)}: ${duration(ns)} of CPU.`,
  thinks: (host: string, what: string, toGoNs: number): string => `${capital(host)} ${workName(what)}: ${duration(toGoNs)} to go.`,
  queuesForCpu: (host: string, what: string): string => `${capital(host)} is busy; what waits: it ${workName(what)}.`,
  timerWaits: (host: string, timer: string, toGoNs: number): string => `${capital(host)} can only wait: its ${timerName(timer)} fires in ${duration(toGoNs)}.`,
  timerRuns: (host: string, timer: string, toGoNs: number): string => `Nothing moves until ${possessive(host)} ${timerName(timer)} fires, in ${duration(toGoNs)}.`,
  /** `timerNs`: from its setting to its firing, the same number everywhere. */
  lostThenTimer: (packet: string, timerNs: number, host: string, timer: string): string =>
    `${capital(packet)} is lost. Nobody acts until ${possessive(host)} ${timerName(timer)} fires, ${duration(timerNs)} after it was set${tickWords(timer, timerNs)}.`,
  lostThenSender: (packet: string, at: number, host: string): string => `${capital(packet)} is lost. ${capital(host)} hears that it is missing and sends it again at ${clock(at)}.`,
  lostGapTimer: (packet: string, gapHost: string, gapAt: number, host: string, timer: string, actAt: number): string =>
    `${capital(packet)} is lost. ${capital(gapHost)} asks for it at ${clock(gapAt)}; ${host} acts at ${clock(actAt)}: its ${timerName(timer)}.`,
  lostGapSender: (packet: string, gapHost: string, gapAt: number, host: string, actAt: number): string =>
    `${capital(packet)} is lost. ${capital(gapHost)} asks for it at ${clock(gapAt)}; ${host} sends it again at ${clock(actAt)}.`,
  lostThenGivesUp: (packet: string, at: number, host: string): string => `${capital(packet)} is lost. Nobody acts until ${host} gives up, at ${clock(at)}.`,
  lostNobody: (packet: string): string => `${capital(packet)} is lost, and nobody needs it again.`,
  sentAgain: (packet: string, to: string, toGoNs: number): string => `${capital(packet)} ${areOn(packet)} way to ${to}: ${duration(toGoNs)} to go.`,
  failed: (sentence: string, browser: string): string => `${sentence} The user sees ${browser}.`,
  loaded: (requests: number, ns: number): string => `The page is loaded: ${requests === 1 ? 'one request' : `${requests} requests`} in ${duration(ns)}.`,
  answered: (requests: number, ns: number): string => `All is done: ${requests} requests in ${duration(ns)}.`,
  over: (ns: number): string => `It is over after ${duration(ns)}: the page could not be loaded.`,
  ended: (path: string, ns: number): string => `${path} is here, ${duration(ns)} after it was asked for.`,
  closing: (host: string, state: string): string => `All work is done; ${host} is in ${state}.`,
  stopped: (reason: string): string => `The run stops here: ${reason}.`,
  requestsOpen: (n: number): string => (n === 1 ? 'One request is under way.' : `${n} requests are under way.`),
};

export const stage = {
  title: (t: number): string => `At ${clock(t)}`,
  inFlight: (packet: string, from: string, to: string, percent: number): string => `${capital(packet)} is between ${from} and ${to}, ${percent} % of the way.`,
  queued: (packet: string, link: string): string => `${capital(packet)} waits for the link ${link}.`,
  nothingInFlight: 'No message is on its way.',
  host: (host: string, states: readonly string[]): string => `${capital(host)}: ${states.length > 0 ? states.join(', ') : 'idle'}.`,
  state: (protocol: string, state: string, peer: string): string => `${protocol}${peer ? ` to ${peer}` : ''} ${state}`,
  busy: (what: string): string => `it ${workName(what)}`,
  waiting: (n: number): string => (n === 1 ? 'one piece of work waits' : `${n} pieces of work wait`),
  timer: (host: string, timer: string, toGoNs: number): string => `${capital(possessive(host))} ${timerName(timer)} fires in ${duration(toGoNs)} unless it is stopped.`,
  request: (path: string, phase: string): string => `${path}: ${phase}.`,
};

export const notices = {
  gap: (host: string): string => `${host} sees a gap`,
  duplicate: (host: string): string => `${host}: a duplicate ACK`,
  loss: (host: string): string => `${host} takes it for lost`,
  timer: (host: string, timer: string): string => `${possessive(host)} ${timerName(timer)} fires`,
  'gave-up': (host: string): string => `${host} gives up`,
  error: (host: string): string => `${host} shows an error`,
  again: (host: string): string => `${host} sends it again`,
  arrives: (host: string): string => `it arrives at ${host} after all`,
  nobody: 'nobody sends it again',
};

/** Phases of a request, HAR's meaning. */
export const phases: Readonly<Record<string, { readonly name: string; readonly help: string }>> = {
  blocked: { name: 'waiting for a connection', help: 'All connections to this origin were in use.' },
  dns: { name: 'DNS', help: 'From the look-up to the address.' },
  connect: { name: 'connect', help: 'TCP: from the SYN to an open connection. QUIC: from the ClientHello to the server’s first word.' },
  tls: { name: 'TLS', help: 'From the ClientHello to the keys.' },
  send: { name: 'send', help: 'The request is written.' },
  wait: { name: 'wait', help: 'From the request to the first byte of the answer that can be read.' },
  receive: { name: 'receive', help: 'From that byte to the last.' },
  before: { name: 'before', help: 'Before the request.' },
  gap: { name: 'between', help: 'Between two phases.' },
  page: { name: 'page', help: 'What the document refers to is loaded.' },
  after: { name: 'after', help: 'Connections are closed and forgotten.' },
};
