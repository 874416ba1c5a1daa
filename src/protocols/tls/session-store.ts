/**
 * What a client remembers of a server, and what a server needs to know its own tickets again. Law: a client offers the newest session that
 * has not run out; Chromium uses a 1.3 ticket once (RFC 8446 §C.4), OpenSSL's applications as often as they like.
 */
import { SECOND, type Ns } from '../../base/time';
import type { TlsVersion } from '../../model/tls/handshake';
import { sessionName, type ResumableSession, type SessionKey } from '../../model/tls/resumption';

/** BoringSSL keeps the last tickets, for as many connections. */
const KEPT = 4;

/** A client's sessions with one server name and port. */
export class SessionStore {
  private sessions: ResumableSession[] = [];
  constructor(private readonly once: boolean) {}

  keep(session: ResumableSession): void {
    this.sessions.push(session);
    if (this.sessions.length > (this.once ? KEPT : 1)) this.sessions.shift();
  }
  /** The session to offer, or null: of a version that is still spoken, and not run out by the lifetime that the server gave. */
  take(least: TlsVersion, newest: TlsVersion, now: Ns): ResumableSession | null {
    this.sessions = this.sessions.filter((s) => now - s.receivedAt < s.terms.ticketLifetime * SECOND);
    const fits = this.sessions.filter((s) => s.terms.version >= least && s.terms.version <= newest);
    const session = fits[fits.length - 1] ?? null;
    if (session && this.once && session.terms.version === '1.3') this.sessions = this.sessions.filter((s) => s !== session);
    return session;
  }
}

/** What the connections of one listening server share: its ticket key, its session cache, the tickets that were used. It ends with the process. */
export class ServerSessions {
  /** Sessions kept by the server: ids of TLS 1.2, references of 1.3 with anti-replay. */
  private readonly kept = new Map<string, Ns>();
  /** `key` names the ticket key: made anew when the process starts (nginx without ssl_session_ticket_key). */
  constructor(readonly key: string) {}

  remember(session: SessionKey, until: Ns): void {
    this.kept.set(sessionName(session), until);
  }
  knows(session: SessionKey, now: Ns): boolean {
    return (this.kept.get(sessionName(session)) ?? -1) > now;
  }
  forget(session: SessionKey): void {
    this.kept.delete(sessionName(session));
  }
}
