/** Sessions taken up again: flights, bytes, what is refused and why, early data. Lengths are those that curl 7.88 and nginx 1.22 were seen to send. */
import { describe, expect, it } from 'vitest';
import { MS, SECOND } from '../../../src/base/time';
import { clientHelloBytes, clientHelloLength, type HelloSpec } from '../../../src/model/tls/client-hello';
import { decodeHandshake } from '../../../src/model/tls/handshake';
import { handshakeBytes, ticketOf, type Terms } from '../../../src/model/tls/messages';
import type { ResumableSession } from '../../../src/model/tls/resumption';
import { ServerSessions, SessionStore } from '../../../src/protocols/tls/session-store';
import { earlyRefusal, sessionRefusal } from '../../../src/protocols/tls/take-up';
import { packets, tlsPair, transcript, type TlsPairOptions } from '../../support/tls-pair';

const TERMS: Terms = {
  version: '1.3', suite: 0x1302, alpn: 'http/1.1', serverName: 'www.lab.test', certificate: { names: ['www.lab.test'], key: 'ecdsa', expired: false, issuerKnown: true }, ticket: true, ticketLifetime: 300, label: 'first',
  sealedBy: 'a',
};
const session = (terms: Partial<Terms> = {}, more: Partial<ResumableSession> = {}): ResumableSession => {
  const made = { terms: { ...TERMS, ...terms }, salt: '1', by: 'ticket' as const, ticketBytes: 0, issuedAt: 0, receivedAt: 0 };
  return { ...made, ticketBytes: ticketOf(made).ticket.length, ...more };
};
/** A second connection between the same two: the client offers what it has from the first. */
function second(o: TlsPairOptions = {}, early = false): ReturnType<typeof tlsPair> {
  const sessions = new SessionStore(false), served = new ServerSessions('key');
  const both: TlsPairOptions = { ...o, client: { ...o.client, sessions, mayBeEarly: () => early }, server: { ...o.server, sessions: served } };
  tlsPair(both);
  return tlsPair(both);
}

describe('messages', () => {
  it('have the measured lengths: ticket 281, ServerHello 128, EncryptedExtensions 25; a hello with a ticket is not padded', () => {
    expect(handshakeBytes('NewSessionTicket', TERMS, '1')).toHaveLength(281);
    expect(handshakeBytes('ServerHello', { ...TERMS, resumed: session() })).toHaveLength(128);
    expect(handshakeBytes('EncryptedExtensions', { ...TERMS, resumed: session() })).toHaveLength(25);
    const hello: HelloSpec = { profile: 'curl', versionMin: '1.2', versionMax: '1.3', serverName: 'www.lab.test', alpn: ['h2', 'http/1.1'], label: 'second', resume: { session: session(), ageMs: 40, early: false } };
    // measured 650: four bytes more, of an extension that padding hides in a first hello
    expect(Math.abs(clientHelloBytes(hello).length - 650)).toBeLessThanOrEqual(4);
    for (const early of [false, true]) {
      const spec = { ...hello, resume: { ...hello.resume!, early } };
      expect(clientHelloLength(spec)).toBe(clientHelloBytes(spec).length);
      expect(decodeHandshake(clientHelloBytes(spec), '1.3').ok).toBe(true);
    }
  });
});

describe('TLS 1.3', () => {
  it('needs no certificate and no signature, and gives one ticket more', () => {
    const run = second();
    expect(transcript(run, 'client').join(' ')).toBe('= START = WAIT_SH > ClientHello < ServerHello = WAIT_EE < EncryptedExtensions = WAIT_FINISHED < Finished = CONNECTED > Finished < NewSessionTicket > close_notify = CLOSED');
    expect(transcript(run, 'server').filter((l) => l.startsWith('>')).join(' ')).toBe('> ServerHello > EncryptedExtensions > Finished > NewSessionTicket');
    expect(run.heard).toEqual(expect.arrayContaining(['80 client connected', '100 server connected']));
  });
  it('with early data the request is there a round trip sooner; the server answers before the client’s Finished', () => {
    const on = { clientTls: { earlyData: true }, serverTls: { earlyData: true } };
    const late = second(), early = second(on, true);
    const all = (r: typeof late): number => Number(r.heard.find((h) => h.endsWith('client received all'))!.split(' ')[0]);
    expect(all(late) - all(early)).toBe(40);
    expect(transcript(early, 'server').join(' ')).toContain('= NEGOTIATED = WAIT_EOED > ServerHello > EncryptedExtensions > Finished');
    expect(transcript(early, 'client').join(' ')).toContain('= CONNECTED > EndOfEarlyData > Finished');
    expect(packets(early).slice(0, 2).map((p) => p.replace(/^c2s \d+ /, ''))).toEqual(['ClientHello, ChangeCipherSpec', 'GET']);
  });
  it('rejected early data costs what a resumed handshake costs: the client sends it again', () => {
    const refused = second({ clientTls: { earlyData: true }, serverTls: { earlyData: true, curves: 'P-256' } }, true);
    expect(refused.heard.filter((h) => h.endsWith('client received all'))).toHaveLength(1);
    const kinds = refused.trace.kinds;
    const happened = (name: string): number => Array.from({ length: refused.trace.kind.length }, (_, e) => kinds[refused.trace.kind.at(e)]!.name).filter((n) => n === name).length;
    expect([happened('tls.early_data_rejected'), happened('tls.early_data_skipped'), happened('tls.early_data_repeated'), happened('tls.session_resumed')]).toEqual([1, 1, 1, 2]);
  });
  it('a client that may not repeat what it says does not say it early', () => {
    const run = second({ clientTls: { earlyData: true }, serverTls: { earlyData: true } }, false);
    expect(transcript(run, 'client')).not.toContain('> EndOfEarlyData');
  });
});

describe('TLS 1.2', () => {
  it.each([['tickets', {}, 'openssl'], ['session ids kept by the server', { sessionCache: true }, 'curl']] as const)('with %s saves a round trip', (_, serverTls, profile) => {
    const o: TlsPairOptions = { serverTls: { version: '1.2', ...serverTls }, client: { profile } };
    const run = second(o);
    expect(transcript(run, 'client').filter((l) => /^[<>]/.test(l)).join(' ')).toBe('> ClientHello < ServerHello < Finished > Finished > close_notify');
    const at = (r: typeof run): number => Number(r.heard.find((h) => h.endsWith('client connected'))!.split(' ')[0]);
    expect([at(tlsPair(o)), at(run)]).toEqual([120, 80]);
  });
  it('curl takes no tickets, so with nginx as it comes it does a full handshake again', () => {
    expect(transcript(second({ serverTls: { version: '1.2' }, client: { profile: 'curl' } }), 'client')).toContain('< Certificate');
  });
});

describe('what is not taken up', () => {
  const sessions = new ServerSessions('a');
  const at = { version: '1.3' as const, suite: 0x1302, sessions, now: 10 * SECOND, ticketLifetime: 300 * SECOND, sessionTickets: true };
  it.each<[string, ResumableSession, Partial<typeof at>]>([
    ['', session(), {}], ['another key', session({ sealedBy: 'b' }), {}], ['expired', session(), { now: 300 * SECOND }], ['another version', session({ version: '1.2', suite: 0xc02c }), {}], ['another version', session({ suite: 0x1301 }), {}],
    ['used before', session({ stateful: true }), {}], ['off', session({ version: '1.2', suite: 0xc02c }), { version: '1.2' as never, suite: 0xc02c, sessionTickets: false }],
    ['forgotten', session({ version: '1.2', suite: 0xc02c }, { by: 'session id' }), { version: '1.2' as never, suite: 0xc02c }],
  ])('"%s"', (why, offered, more) => expect(sessionRefusal(offered, { ...at, ...more })).toBe(why));
  it('a ticket that is a reference is good once', () => {
    const s = session({ stateful: true });
    sessions.remember(s, 300 * SECOND);
    expect(sessionRefusal(s, at)).toBe('');
    sessions.forget(s);
    expect(sessionRefusal(s, at)).toBe('used before');
  });
  const can = { earlyData: true, resumed: true, retry: false, alpn: 'http/1.1', now: 1000 * MS };
  it.each<[string, number, Partial<typeof can>]>([
    ['', 1000, {}], ['', 1000, { now: 10_900 * MS }], ['too old', 1000, { now: 11_100 * MS }], ['off', 1000, { earlyData: false }], ['no ticket', 1000, { resumed: false }], ['another group', 1000, { retry: true }], ['another protocol', 1000, { alpn: 'h2' }],
  ])('early data: "%s"', (why, ageMs, more) => expect(earlyRefusal({ session: session(), ageMs, early: true }, { ...can, ...more })).toBe(why));
  it('a store offers the newest that has not run out; Chromium each ticket of 1.3 once', () => {
    const store = new SessionStore(true);
    const [a, b] = [session(), session({ label: 'b' })];
    store.keep(a);
    store.keep(b);
    expect([store.take('1.2', '1.3', 0), store.take('1.2', '1.3', 0), store.take('1.2', '1.3', 0)]).toEqual([b, a, null]);
    const lasting = new SessionStore(false);
    lasting.keep(a);
    lasting.keep(b);
    expect([lasting.take('1.2', '1.3', 0), lasting.take('1.2', '1.3', 0), lasting.take('1.2', '1.2', 0), lasting.take('1.2', '1.3', 300 * SECOND)]).toEqual([b, b, null, null]);
  });
});
