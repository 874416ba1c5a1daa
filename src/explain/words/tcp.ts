/** English: TCP. */
import { bytes, capital, duration } from '../format';
import type { EventFacts } from '../facts';

/** Why a reduction is taken back, by the trace's number. The third only infers it. */
const evidence: Readonly<Record<number, string>> = {
  1: 'sees by the echoed timestamp that the first transmission arrived', 2: 'hears that all it sent again had arrived before', 3: 'takes the time-out for a false alarm',
};

export const tcpEvents = {
  'tcp.segment_sent': (e: EventFacts): string => `${capital(e.host)} sends ${e.packet} to ${e.peer}.`,
  'tcp.connection_opened': (e: EventFacts): string => `The connection to ${e.peer} is open for ${e.host}.`,
  'tcp.data_delivered': (e: EventFacts): string => `TCP hands ${e.host} the bytes up to ${e.a}.`,
  'tcp.out_of_order_queued': (e: EventFacts): string => `${capital(e.host)} has a gap: bytes ${e.a} to ${e.b} are missing before ${e.packet}.`,
  'tcp.duplicate_received': (e: EventFacts): string => `${capital(e.host)} already has what ${e.packet} brings.`,
  'tcp.duplicate_ack': (e: EventFacts): string => `${capital(e.host)} hears the same acknowledgement again: something after it arrived, something before it did not.`,
  'tcp.loss_detected': (e: EventFacts): string => `${capital(e.host)} takes ${e.b === 1 ? 'one segment' : `${e.b} segments`} for lost.`,
  'tcp.recovery_entered': (e: EventFacts): string => `${capital(e.host)} begins to repair and slows down: window ${e.a} segments, threshold ${e.b}.`,
  'tcp.recovery_left': (e: EventFacts): string => `${capital(e.host)} has repaired the loss: window ${e.a} segments.`,
  'tcp.timeout_loss': (e: EventFacts): string => `${capital(e.host)} waited ${duration(e.a)} in vain and takes ${e.b === 1 ? 'one segment' : `${e.b} segments`} for lost; one may go out again now.`,
  'tcp.probe_sent': (e: EventFacts): string => `${capital(e.host)} sends a tail-loss probe, ${e.b ? 'new data' : 'the last segment again'}, to make ${e.peer} say what is missing.`,
  'tcp.undone': (e: EventFacts): string => `${capital(e.host)} ${evidence[e.b]} and takes the slowing back: window ${e.a} segments.`,
  'tcp.congestion_noticed': (e: EventFacts): string => `${capital(e.host)} finds a mark on ${e.packet} and says so in its acknowledgements (ECE).`,
  'tcp.ecn_reduced': (e: EventFacts): string => `${capital(e.host)} hears of a full queue and slows down before anything is lost: threshold ${e.b} segments.`,
  'tcp.cwnd_changed': (e: EventFacts): string => `${capital(e.host)} may have ${e.a} segments on the way.`,
  'tcp.slow_start_left': (e: EventFacts): string => `${capital(e.host)} ${e.b ? 'gets its acknowledgements in a train longer than half the round trip' : 'sees the round trip grow'} and leaves slow start at ${e.a} segments.`,
  'tcp.window_closed': (e: EventFacts): string => `${capital(e.peer)} has no room: ${e.host} must not send.`,
  'tcp.window_opened': (e: EventFacts): string => `${capital(e.peer)} has room again: ${bytes(e.a)}.`,
  'tcp.end_received': (e: EventFacts): string => `${capital(e.host)} hears that ${e.peer} will send no more.`,
  'tcp.reset_received': (e: EventFacts): string => `${capital(e.peer)} breaks the connection off (RST).`,
  'tcp.refused': (e: EventFacts): string => `${capital(e.peer)} refuses the connection: nobody listens on that port.`,
  'tcp.gave_up': (e: EventFacts): string => `${capital(e.host)} gives the connection up.`,
  'tcp.segment_refused': (e: EventFacts): string => `${capital(e.host)} cannot accept ${e.packet} and ${e.a ? 'says where it stands' : 'drops it without a word'}.`,
  'tcp.backlog_full': (e: EventFacts): string => (e.a ? `${capital(e.host)} has no place in its accept queue and passes over ${e.packet}: ${e.peer} believes that it is connected, ${e.host} does not.` : `${capital(e.host)} has a full accept queue and drops ${e.packet}.`),
  'nat.mapping_made': (e: EventFacts): string => `${capital(e.host)} lets ${e.packet} out through its port ${e.a}: what comes back to that port goes to port ${e.b} inside.`,
  'nat.mapping_changed': (e: EventFacts): string => `${capital(e.host)} has forgotten port ${e.b} and lets ${e.packet} out through port ${e.a}. Neither end is told.`,
  'router.too_big_sent': (e: EventFacts): string => `${capital(e.host)} tells ${e.peer}: no more than ${bytes(e.a)} pass here.`,
  'tcp.path_mtu_reduced': (e: EventFacts): string => `${capital(e.host)} hears that no more than ${bytes(e.a)} pass, and sends again in smaller pieces what did not.`,
  'tcp.black_hole_suspected': (e: EventFacts): string => `${capital(e.host)} has repeated itself in vain and suspects a black hole: it tries with ${bytes(e.a)} in a segment.`,
  'flood.answer_dropped': (e: EventFacts): string => `${capital(e.host)} drops ${e.packet}: it never meant to answer.`,
  'tcp.syn_queue_full': (e: EventFacts): string => `${capital(e.host)} has ${e.a} handshakes under way, no place for another, and drops ${e.packet}.`,
  'tcp.syn_cookie_sent': (e: EventFacts): string => `${capital(e.host)} has no place for another handshake and answers with a SYN cookie: it keeps nothing, the number it sends says all.`,
  'tcp.syn_cookie_taken': (e: EventFacts): string => `${capital(e.host)} finds its own cookie in ${e.packet} and makes the connection from it.`,
  'tcp.fast_open_cookie_given': (e: EventFacts): string => `${capital(e.host)} gives ${e.peer} a Fast Open cookie for its next visit.`,
  'tcp.fast_open_taken': (e: EventFacts): string => `${capital(e.host)} knows the cookie and hands on ${bytes(e.a)} of ${e.packet} before the handshake ends.`,
  'tcp.fast_open_refused': (e: EventFacts): string => `${capital(e.host)} does not take the ${bytes(e.a)} that came with ${e.packet}: they must come again after the handshake.`,
};
