/** English: QUIC connections and streams, and HTTP/3 on them. */
import { bytes, capital, duration } from '../format';
import type { EventFacts } from '../facts';
import { possessive } from './link';

const packets = (n: number): string => (n === 1 ? 'one packet' : `${n} packets`);

export const quicEvents = {
  'quic.connection_started': (e: EventFacts): string => `${capital(e.host)} begins a QUIC connection to ${e.peer}, in datagrams of ${bytes(e.a)}.`,
  'quic.keys_available': (e: EventFacts): string => `${capital(e.host)} has the keys of ${e.textA} packets.`,
  'quic.keys_discarded': (e: EventFacts): string => `${capital(e.host)} throws away the keys of ${e.textA} packets, and with them what was sent under these.`,
  'quic.handshake_complete': (e: EventFacts): string => `${capital(e.host)} has the handshake behind it.`,
  'quic.handshake_confirmed': (e: EventFacts): string => `${capital(e.host)} knows that the other end has the handshake behind it, too.`,
  'quic.undecryptable': (e: EventFacts): string => `${capital(e.host)} has no keys yet for the ${e.textA} packet in ${e.packet}, and ${e.b ? 'keeps it' : 'drops it'}.`,
  'quic.duplicate': (e: EventFacts): string => `${capital(e.host)} has packet ${e.a} already.`,
  'quic.acknowledged': (e: EventFacts): string => `${capital(e.host)} hears that ${packets(e.a)} came; it takes the round trip for ${duration(e.b)}.`,
  'quic.in_flight': (e: EventFacts): string => `${capital(e.host)} may have ${bytes(e.a)} on their way, and has ${bytes(e.b)}.`,
  'quic.packet_lost': (e: EventFacts): string => `${capital(e.host)} takes packet ${e.a} for lost: what it said is said again in another.`,
  'quic.window_cut': (e: EventFacts): string => `${capital(e.host)} slows down: ${bytes(e.a)} may be on their way${e.b ? ', the least there is' : ''}.`,
  'quic.probe_sent': (e: EventFacts): string => `${capital(e.host)} has waited long enough and asks with a probe (${e.textA}).`,
  'quic.amplification_limited': (e: EventFacts): string => `${capital(e.host)} has sent three times what came (${bytes(e.b)} for ${bytes(e.a)}) and waits: the client’s address may be somebody else’s.`,
  'quic.address_validated': (e: EventFacts): string => `${capital(e.host)} knows now that the client is where it says it is.`,
  'quic.retry_sent': (e: EventFacts): string => `${capital(e.host)} opens no connection yet: it sends a token (Retry), to be shown from the same address.`,
  'quic.retry_received': (e: EventFacts): string => `${capital(e.host)} has to say hello again, with the server’s token: one round trip more.`,
  'quic.token_taken': (e: EventFacts): string => `${capital(e.host)} knows the token as its own${e.a ? '' : ', given on an earlier connection'}: the client’s address is proved.`,
  'quic.version_refused': (e: EventFacts): string => `${capital(e.host)} does not speak version 0x${e.a.toString(16)} of QUIC, and says which it does.`,
  'quic.version_chosen': (e: EventFacts): string => `${capital(e.host)} begins anew with version ${e.a}.`,
  'quic.early_packets': (e: EventFacts): string => `${capital(e.host)} has the keys of early data (0-RTT).`,
  'quic.stream_opened': (e: EventFacts): string => `${capital(e.host)} opens stream ${e.a}.`,
  'quic.stream_read': (e: EventFacts): string => `${capital(e.host)} has stream ${e.a} up to byte ${e.b}.`,
  'quic.stream_waits': (e: EventFacts): string => `On stream ${e.a} something is missing: ${bytes(e.b)} behind it wait at ${e.host}. Other streams do not.`,
  'quic.stream_blocked': (e: EventFacts): string => `${capital(e.host)} may send no more on stream ${e.a} than ${bytes(e.b)} until the other end allows it.`,
  'quic.connection_blocked': (e: EventFacts): string => `${capital(e.host)} may send no more than ${bytes(e.a)} on all streams together until the other end allows it.`,
  'quic.streams_blocked': (e: EventFacts): string => `${capital(e.host)} has opened ${e.a} streams, as many as the other end lets it.`,
  'quic.stream_reset': (e: EventFacts): string => `The other end gives up stream ${e.a} (code ${e.b}).`,
  'quic.close_sent': (e: EventFacts): string => `${capital(e.host)} says that the connection is over (code ${e.a}).`,
  'quic.close_received': (e: EventFacts): string => `${capital(e.host)} hears that the connection is over (code ${e.a}).`,
  'quic.idle_timeout': (e: EventFacts): string => `${capital(e.host)} has heard nothing for long and forgets the connection without a word.`,
  'http3.settings_received': (e: EventFacts): string => `${capital(e.host)} has the other end’s settings: ${e.a > 0 ? `a table of ${bytes(e.a)} for what is said again and again` : 'no table for what is said again and again'}.`,
  'http3.stream_waits': (e: EventFacts): string => `${capital(e.host)} has ${e.a} requests under way, and the server lets no more streams be open: ${e.path} waits.`,
  'http3.section_blocked': (e: EventFacts): string => `${capital(possessive(e.host))} stream ${e.a} waits for ${e.b === 1 ? 'an entry' : `${e.b} entries`} of the header table, which another stream brings.`,
  'http3.section_unblocked': (e: EventFacts): string => `${capital(e.host)} has the entries that stream ${e.a} waited for.`,
  'http3.going_away': (e: EventFacts): string => `The other end is leaving: it takes no stream from ${e.a} on.`,
};
