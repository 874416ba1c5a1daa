/**
 * What two ends can take up again: a session behind a ticket or a session id, and what a hello says of it (RFC 8446 §2.2, §4.2.11;
 * RFC 5077; RFC 5246 §7.3). Law: a session is a value; who may use it, and how often, is decided by its owner and by the server that sealed it.
 */
import type { Ns } from '../../base/time';
import type { Terms } from './messages';

export interface ResumableSession {
  /** What was agreed on when the ticket or the id was given. */
  readonly terms: Terms;
  /** Which message gave it: keys its content (`handshakeMessage` of NewSessionTicket); empty for a session id. */
  readonly salt: string;
  /** Ticket, or the id under which the server keeps it. */
  readonly by: 'ticket' | 'session id';
  /** Bytes of the ticket; 0 for a session id. */
  readonly ticketBytes: number;
  /** When the server gave it (it stands inside the ticket), and when the client got it. */
  readonly issuedAt: Ns;
  readonly receivedAt: Ns;
}
/** What a ClientHello offers to take up. */
export interface ResumeOffer {
  readonly session: ResumableSession;
  /** ms since the client got the ticket (RFC 8446 §4.2.11.1). */
  readonly ageMs: number;
  /** The hello announces early data (RFC 8446 §4.2.10). */
  readonly early: boolean;
}
/** What tells a session apart: the same for both ends, different for each ticket. */
export type SessionKey = Pick<ResumableSession, 'terms' | 'salt' | 'by'>;
export const sessionName = (s: SessionKey): string => `${s.terms.label} ${s.by} ${s.salt}`;
