/** English: HTTP/2 connections and streams. */
import { bytes, capital } from '../format';
import type { EventFacts } from '../facts';

export const http2Events = {
  'http2.settings_sent': (e: EventFacts): string => `${capital(e.host)} says how it wants to be spoken to: ${e.a === 1 ? 'one setting' : `${e.a} settings`}.`,
  'http2.settings_received': (e: EventFacts): string => `${capital(e.host)} has the other end’s settings: ${bytes(e.a)} may be sent on each stream before it must wait.`,
  'http2.stream_waits': (e: EventFacts): string => `${capital(e.host)} has ${e.a} requests under way, and the server takes no more at once: ${e.path} waits.`,
  'http2.stream_blocked': (e: EventFacts): string => `The window of stream ${e.a} is used up: ${bytes(e.b)} wait at ${e.host} until the other end opens it.`,
  'http2.connection_blocked': (e: EventFacts): string => `The window of the whole connection is used up: ${bytes(e.b)} of stream ${e.a} wait at ${e.host}, whatever its own window says.`,
  'http2.window_opened': (e: EventFacts): string => `${capital(e.host)} may send ${bytes(e.b)} more on ${e.a === 0 ? 'the connection' : `stream ${e.a}`}.`,
  'http2.stream_reset': (e: EventFacts): string => `The other end gives up stream ${e.a} (${e.textB}).`,
  'http2.going_away': (e: EventFacts): string => `The other end is leaving (${e.textB}): it takes no stream after ${e.a}.`,
  'http2.connection_error': (e: EventFacts): string => `${capital(e.host)} cannot go on with this connection: ${e.textA}.`,
};
