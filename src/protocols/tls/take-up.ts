/** Whether a server takes up what a hello offers: an earlier session (RFC 8446 §4.2.11, RFC 5077 §3.4, RFC 5246 §7.4.1.3), its early data (RFC 8446 §4.2.10, §8). */
import { MS, SECOND, type Ns } from '../../base/time';
import type { TlsVersion } from '../../model/tls/handshake';
import { SUITES } from '../../model/tls/messages';
import type { ResumableSession, ResumeOffer } from '../../model/tls/resumption';
import type { ServerSessions } from './session-store';

/** OpenSSL's TICKET_AGE_ALLOWANCE: the client's account of the ticket's age and the server's may differ by 10 s. */
const AGE_ALLOWANCE = 10 * SECOND;

/** Why a session is not taken up; empty when it is. */
export function sessionRefusal(
  session: ResumableSession, at: { readonly version: TlsVersion; readonly suite: number; readonly sessions: ServerSessions; readonly now: Ns; readonly ticketLifetime: Ns; readonly sessionTickets: boolean },
): string {
  const { terms, by } = session;
  if (terms.version !== at.version) return 'another version';
  // 1.3 binds a ticket to the hash of its suite only; 1.2 to the suite itself
  if (terms.version === '1.3' ? SUITES[terms.suite]!.hashBytes !== SUITES[at.suite]!.hashBytes : terms.suite !== at.suite) return 'another version';
  if (by === 'ticket' && terms.version === '1.2' && !at.sessionTickets) return 'off';
  if (terms.sealedBy !== at.sessions.key) return 'another key';
  if (at.now - session.issuedAt >= at.ticketLifetime) return 'expired';
  if ((by === 'session id' || terms.stateful) && !at.sessions.knows(session, at.now)) return terms.stateful ? 'used before' : 'forgotten';
  return '';
}
/** Why early data is not taken; empty when it is. */
export function earlyRefusal(
  offer: ResumeOffer, at: { readonly earlyData: boolean; readonly resumed: boolean; readonly retry: boolean; readonly alpn: string; readonly now: Ns },
): string {
  if (!at.earlyData) return 'off';
  if (!at.resumed) return 'no ticket';
  if (at.retry) return 'another group';
  if (offer.session.terms.alpn !== at.alpn) return 'another protocol';
  return Math.abs(at.now - offer.session.issuedAt - offer.ageMs * MS) > AGE_ALLOWANCE ? 'too old' : '';
}
