/** English: name resolution. */
import { capital } from '../format';
import type { EventFacts } from '../facts';

const failures: Readonly<Record<string, string>> = {
  EAI_NONAME: 'there is no such name', EAI_NODATA: 'the name has no address', EAI_AGAIN: 'no name server could tell',
};
/** What an answer amounts to, by the trace's word for it. */
const outcomes: Readonly<Record<string, string>> = {
  '0': 'the name has no record of this type', '1': 'one record', referral: 'other servers know more', NXDOMAIN: 'there is no such name (NXDOMAIN)',
  SERVFAIL: 'the server could not find out (SERVFAIL)', REFUSED: 'the server does not want to answer (REFUSED)', NOTIMP: 'the server cannot do this (NOTIMP)',
  FORMERR: 'the server could not read the question (FORMERR)',
};
/** `NS .` → `NS of the root`. */
const question = (text: string): string => text.replace(/ \.$/, ' of the root');
const server = (name: string): string => (name === '.' ? 'the root' : name);

export const dnsEvents = {
  'dns.look_up_started': (e: EventFacts): string => `${capital(e.host)} needs the address of ${e.textA}.`,
  'dns.query_sent': (e: EventFacts): string => `${capital(e.host)} asks: ${question(e.textA)}?`,
  'dns.query_received': (e: EventFacts): string => `${capital(e.host)} reads the question ${question(e.textA)}.`,
  'dns.answer_sent': (e: EventFacts): string => `${capital(e.host)} answers the question ${question(e.textA)}.`,
  'dns.answer_received': (e: EventFacts): string => `${capital(e.host)} reads the answer to ${question(e.textA)}: ${outcomes[e.textB] ?? `${e.textB} records`}.`,
  'dns.cache_hit': (e: EventFacts): string => `${capital(e.host)} still knows ${question(e.textA)} (for ${e.b} s) and asks nobody.`,
  'dns.cache_miss': (e: EventFacts): string => `${capital(e.host)} does not know ${question(e.textA)}.`,
  'dns.referral_followed': (e: EventFacts): string => `${capital(e.host)} is sent on: ${e.textB} answers for ${server(e.textA)}.`,
  'dns.alias_followed': (e: EventFacts): string => `${capital(e.host)} learns that the name is an alias and looks for ${e.textA}.`,
  'dns.retried': (e: EventFacts): string => `${capital(e.host)} asks about ${e.textA} once more (attempt ${e.b}).`,
  'dns.protocols_known': (e: EventFacts): string => `${e.textA} says which protocols it speaks, before anybody has connected: ${e.textB}.`,
  'dns.resolved': (e: EventFacts): string => `${e.textA} is ${e.textB}.`,
  'dns.failed': (e: EventFacts): string => `${capital(e.host)} finds no address for ${e.textA}: ${failures[e.textB] ?? e.textB}.`,
};
/** `shop.example is 203.0.113.7, after 4 questions.` */
export const resolvedAfter = (name: string, address: string, questions: number): string =>
  questions === 0 ? `${name} is ${address}, from memory.` : `${name} is ${address}, after ${questions} ${questions === 1 ? 'question' : 'questions'}.`;
