/** English: HTTP and what clients and servers do with it. */
import { bytes, capital } from '../format';
import type { EventFacts } from '../facts';
import { pathOf } from '../facts';

export const httpEvents = {
  'http.request_sent': (e: EventFacts): string => `${capital(e.host)} asks for ${e.path} (${bytes(e.a)}).`,
  'http.request_received': (e: EventFacts): string => `${capital(e.host)} reads the request for ${e.textA}.`,
  'http.response_sent': (e: EventFacts): string => `${capital(e.host)} answers ${e.a} with ${bytes(e.b)}.`,
  'http.content_awaited': (e: EventFacts): string => `${capital(e.host)} has ${bytes(e.a)} to send with ${e.path} and asks first: it waits for 100, a second at most.`,
  'http.content_sent': (e: EventFacts): string => `${capital(e.host)} sends ${bytes(e.a)}${e.b ? '' : ', for it has waited long enough'}.`,
  'http.head_received': (e: EventFacts): string => `The answer for ${e.path} begins: ${e.a}${e.b >= 0 ? `, ${bytes(e.b)} to come` : ''}.`,
  'http.response_received': (e: EventFacts): string => `The answer for ${e.path} is complete: ${e.a}, ${bytes(e.b)}.`,
  'page.visit_started': (e: EventFacts): string => `Enter is pressed: ${e.textA}.`,
  'page.request_queued': (e: EventFacts): string => `The page needs ${pathOf(e.textA)}.`,
  'page.name_cached': (e: EventFacts): string => `${capital(e.host)} still knows the address of ${e.textA}.`,
  'page.served_from_cache': (e: EventFacts): string => `${pathOf(e.textA)} is still fresh in the cache: no request at all.`,
  'http.priority_updated': (e: EventFacts): string => `${capital(e.host)} says anew how urgent ${e.path} is: ${e.textA || 'u=3'}.`,
  'http.priority_changed': (e: EventFacts): string => `${capital(e.host)} changes its order: stream ${e.a} has ${e.textB || 'u=3'} now.`,
  'page.revalidating': (e: EventFacts): string => `${pathOf(e.textA)} is in the cache, but no longer fresh: ${e.host} asks whether it still holds.`,
  'page.still_valid': (e: EventFacts): string => `${pathOf(e.textA)} has not changed: ${e.host} uses what it has.`,
  'page.redirected': (e: EventFacts): string => `${e.path} has moved (${e.b}): ${e.host} asks for ${e.textA} instead.`,
  'page.upgraded': (e: EventFacts): string => `${capital(e.host)} was told to come with TLS only, and asks for ${e.textA} instead, before anything is sent.`,
  'page.pipelined': (e: EventFacts): string => `${capital(e.host)} sends the request for ${e.path} behind ${e.a === 1 ? 'one that is' : `${e.a} that are`} not answered yet.`,
  'page.connection_reused': (e: EventFacts): string => `${capital(e.host)} uses the open connection again for ${e.path}.`,
  'page.connection_coalesced': (e: EventFacts): string => `${e.textA} is at the same address, and the certificate of the open connection is for it, too: no new one is needed.`,
  'page.connecting': (e: EventFacts): string => (e.subject < 0 ? `A spare connection to ${e.textA} is opened.` : `${capital(e.host)} connects to ${e.textA}.`),
  'page.connected': (e: EventFacts): string => (e.subject < 0 ? 'The spare connection is open.' : `The connection for ${e.path} is open.`),
  'page.secured': (e: EventFacts): string => (e.subject < 0 ? 'The spare connection is encrypted.' : `The connection for ${e.path} is encrypted: the request may go.`),
  'page.request_retried': (e: EventFacts): string => `The connection was closed under ${e.path}; it is asked for again on another.`,
  'page.request_failed': (e: EventFacts): string => `The request for ${e.path} fails: ${e.textA}.`,
  'page.document_parsed': (e: EventFacts): string => `The document is parsed: it refers to ${e.a === 1 ? 'one more resource' : `${e.a} more resources`}.`,
  'page.references_found': (e: EventFacts): string => `${e.path} needs ${e.a === 1 ? 'one more resource' : `${e.a} more resources`}.`,
  'page.laid_out': (e: EventFacts): string => `${capital(e.host)} lays the page out: ${e.a === 1 ? 'one picture is' : `${e.a} pictures are`} on the first screen.`,
  'page.first_screen_complete': (e: EventFacts): string => `The first screen of ${pathOf(e.textA)} is complete.`,
  'page.shown': (e: EventFacts): string => `The page ${pathOf(e.textA)} is shown.`,
  'page.error_shown': (e: EventFacts): string => `The user sees an error page: ${e.textA}.`,
  'page.load_ended': (e: EventFacts): string => `${e.failed ? 'The page could not be loaded' : 'The page is loaded'}: ${e.b === 1 ? 'one request' : `${e.b} requests`}.`,
};
